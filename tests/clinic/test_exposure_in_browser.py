"""The layer of coverage and the panel of exposure, worked in a browser: switched on, a point moved, figures follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mesoplan.clinic.courses.models import Plan
from tests.clinic.axe import found_by_axe
from tests.clinic.live_editor import OpenPlan, case, open_plan, plan, select, settled

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

__all__ = ["case", "open_plan", "plan"]
pytestmark = pytest.mark.django_db(transaction=True)
SLOW = 60_000
"""Kernels that nobody made yet take seconds."""


SHOWN = "document.querySelector('#exposure .covered .interval').innerText"


def layer(page: Page) -> Locator:
    return page.locator("[data-layer=coverage]")


def colours(page: Page) -> Locator:
    return page.locator(".front [data-covered]")


def figure(page: Page) -> str:
    """The coverage of the first zone, with its interval."""
    return page.locator("#exposure .covered .interval").first.inner_text()


def test_the_layer_is_off_until_it_is_switched_on(open_plan: OpenPlan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    expect(layer(page)).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".coverage-legend")).to_be_hidden()
    expect(colours(page)).to_have_count(0)
    layer(page).click()
    expect(colours(page)).to_have_count(2, timeout=SLOW)
    expect(colours(page).first).to_be_visible()
    expect(page.locator(".coverage-legend")).to_be_visible()
    layer(page).click()
    expect(colours(page).first).to_be_hidden()


def test_a_point_moved_by_keyboard_changes_the_figure_and_the_colours(open_plan: OpenPlan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    page.locator("#exposure > summary").click()
    page.locator("#exposure .covered").first.wait_for(timeout=SLOW)
    layer(page).click()
    expect(colours(page)).to_have_count(2)
    settled(page)
    before, drawn = figure(page), colours(page).first.inner_html()
    select(page, "5")
    page.keyboard.press("m")
    for _ in range(2):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_function(f"was => {SHOWN} !== was", arg=before, timeout=SLOW)
    changed = "was => document.querySelector('.front [data-covered]').innerHTML !== was"
    page.wait_for_function(changed, arg=drawn)
    after = figure(page)
    assert "%" in after
    assert "(" in after
    page.locator("#ed-undo").click()
    page.wait_for_function(f"was => {SHOWN} === was", arg=before, timeout=SLOW)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_panel_and_layer_meet_the_rules_of_accessibility(open_plan: OpenPlan, look: str) -> None:
    page = open_plan(look=look)
    page.locator("#exposure > summary").click()
    layer(page).click()
    page.locator("#exposure .covered").first.wait_for(timeout=SLOW)
    assert found_by_axe(page) == []


def test_without_script_the_page_of_its_own_has_maps_and_figures(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan(script=False)
    page.goto(f"/plans/{plan.pk}/exposure")
    expect(page.locator("[data-covered]").first).to_be_visible()
    expect(page.locator(".covered .interval").first).to_contain_text("%")
    expect(page.get_by_text("predicts no effect")).to_be_visible()


def test_hours_are_worked_out_kept_in_the_address_and_follow_a_moved_point(open_plan: OpenPlan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    page.locator("#exposure > summary").click()
    page.locator("#exposure .covered").first.wait_for(timeout=SLOW)
    expect(page.locator("table.hours")).to_have_count(0)
    page.locator("#exposure-hours-field").fill("1 4")
    page.keyboard.press("Enter")
    rows = page.locator("table.hours tbody tr:not(.of)")
    expect(rows).to_have_count(4, timeout=SLOW)
    assert page.url.endswith("?hours=1+4")
    assert found_by_axe(page) == []
    settled(page)
    page.locator(".front .ed-point").first.scroll_into_view_if_needed()
    select(page, "5")
    page.keyboard.press("m")
    page.keyboard.press("Shift+ArrowRight")
    with page.expect_response(lambda answer: "/exposure?" in answer.url and "hours=1%204" in answer.url, timeout=SLOW):
        page.keyboard.press("Enter")
    settled(page)
    expect(rows).to_have_count(4)
    page.locator("#exposure-hours-field").fill("soon")
    page.locator("#exposure-hours-ask").click()
    expect(page.locator("#error-exposure-hours")).to_contain_text("Hours must be 1 to 6 numbers")
    page.reload()
    page.wait_for_selector("#plan-editor.is-live")
    if not page.locator("#exposure-inner .covered").first.is_visible():
        page.locator("#exposure > summary").click()
    expect(rows).to_have_count(4, timeout=SLOW)
