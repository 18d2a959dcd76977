"""A zone that two syringes share: points by their letter, moved and added; syringes joined and separated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from mesoplan.clinic.courses.models import Assessment, Plan
from tests.clinic.editing import points_of
from tests.clinic.live_editor import BrowserOf, OpenPlan, case, drag, field, open_plan, ring, select, settled
from tests.clinic.plans import started

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["case", "open_plan"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan(browser_of: BrowserOf, assessment: Assessment) -> Plan:
    return started(browser_of("dermatologist"), assessment, "melasma-tranexamic-acid-ascorbic-acid")


def syringe_of(plan: Plan, number: str) -> str:
    plan.refresh_from_db()
    return next(str(one["preparation"]) for one in plan.plan["placements"] for p in one["points"] if p["id"] == number)


def label(page: Page, number: str) -> str:
    return page.locator(f'.front .ed-point[data-id="{number}"] .mp-map-point-number').text_content() or ""


def test_points_are_told_by_their_syringe_moved_and_added_to_that_of_the_nearest(
    open_plan: OpenPlan, plan: Plan
) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    one, two = "7", "8"
    assert syringe_of(plan, one) != syringe_of(plan, two)
    assert (label(page, one), label(page, two)) == ("A7", "B8")
    select(page, one, two)
    expect(page.locator(".ed-words")).to_contain_text("2 points selected · Malar, right")
    expect(page.locator("#set-inner [data-zone-panel=malar-right] [data-subject]")).to_contain_text("2 points")
    before = {name: syringe_of(plan, name) for name in (one, two)}
    drag(page, one, 4, 4)
    expect(page.locator(".ed-note")).to_contain_text("Moved 2")
    settled(page)
    assert {name: syringe_of(plan, name) for name in (one, two)} == before

    for number in (one, two):
        had = set(points_of_zone(plan))
        page.keyboard.press("Escape")
        page.locator(".ed-tools [data-act=add]").click()
        x, y = ring(page, number)
        page.mouse.click(x + 3, y + 3)
        expect(page.locator(".ed-note")).to_contain_text("Added 1")
        settled(page)
        (fresh,) = set(points_of_zone(plan)) - had
        assert syringe_of(plan, fresh) == syringe_of(plan, number)
        page.keyboard.press("v")
    page.locator("#ed-undo").click()
    page.locator("#ed-undo").click()
    expect(page.locator(".ed-note")).to_contain_text("Undone")


def points_of_zone(plan: Plan) -> list[str]:
    plan.refresh_from_db()
    return [p["id"] for one in plan.plan["placements"] if one["zone"] == "malar-right" for p in one["points"]]


def test_a_value_of_the_zone_is_set_for_both_syringes(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    select(page, "7")
    angle = field(page, "angle")
    angle.fill("20")
    angle.press("Tab")
    expect(page.locator(".ed-note")).to_contain_text("angle of Malar, right")
    settled(page)
    plan.refresh_from_db()
    assert [one["angle"]["value"] for one in plan.plan["placements"] if one["zone"] == "malar-right"] == [20, 20]


def test_syringes_are_put_into_one_and_separated_again_on_the_live_page(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    drag(page, "7", 4, 4)
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    settled(page)
    moved = points_of(plan)["7"]["at"]
    page.locator("#set-inner").get_by_role("tab", name="Recipe").click()
    page.get_by_role("button", name="Put into one syringe").click()
    expect(page.locator("body")).to_contain_text(re.compile(r"Saved \d\d:\d\d\."))
    page.wait_for_selector("#plan-editor.is-live")
    plan.refresh_from_db()
    assert len(plan.plan["preparations"]) == 1
    assert points_of(plan)["7"]["at"] == moved
    expect(page.locator(".finding.block")).not_to_have_count(0)
    page.locator("#set-inner").get_by_role("tab", name="Recipe").click()
    expect(page.get_by_role("button", name="Put into one syringe")).to_have_count(0)

    # The map goes on as before, and a change of the page is known to the form.
    drag(page, "6", 4, 4)
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    settled(page)
    page.get_by_role("button", name="Separate syringes again").click()
    page.wait_for_selector("#plan-editor.is-live")
    expect(page.locator("body")).to_contain_text(re.compile(r"Saved \d\d:\d\d\."))
    plan.refresh_from_db()
    assert len(plan.plan["preparations"]) == 2
    assert syringe_of(plan, "7") != syringe_of(plan, "8")
