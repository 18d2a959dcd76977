"""The four parts of a plan as tabs: chosen by mouse and by arrows, opened by what is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from mesoplan.clinic.courses.models import Plan
from tests.clinic.live_editor import OpenPlan, case, drag, field, open_plan, plan, settled, value_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["case", "open_plan", "plan"]
pytestmark = pytest.mark.django_db(transaction=True)
PARTS = ["placement", "recipe", "schedule", "why"]


def chosen(page: Page) -> list[str]:
    """The parts that are seen, by their names."""
    return [part for part in PARTS if page.locator(f"#part-{part}").is_visible()]


def tab(page: Page, name: str) -> object:
    return page.locator("#set-inner").get_by_role("tab", name=name)


def test_by_mouse_and_by_arrows_one_part_is_seen_at_a_time(open_plan: OpenPlan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    tabs = page.locator("#set-inner [role=tablist]").get_by_role("tab")
    assert chosen(page) == ["placement"]
    tabs.filter(has_text="Recipe").click()
    assert chosen(page) == ["recipe"]
    expect(tabs.filter(has_text="Recipe")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowRight")
    assert chosen(page) == ["schedule"]
    expect(tabs.filter(has_text="Schedule")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert chosen(page) == ["placement"]
    page.keyboard.press("ArrowLeft")
    assert chosen(page) == ["why"]
    assert tabs.evaluate_all("all => all.filter(one => one.tabIndex === 0).length") == 1
    panel = page.get_by_role("tabpanel", name="Why it was proposed so")
    expect(panel).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#set-inner').contains(document.activeElement)")


def test_after_an_operation_the_chosen_tab_stays(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    page.locator("#set-inner").get_by_role("tab", name="Recipe").click()
    syringes = page.locator("#id_syringes_1")
    before = syringes.input_value()
    syringes.fill("7")
    syringes.press("Tab")
    expect(page.locator(".ed-note")).to_contain_text("syringes")
    settled(page)
    assert chosen(page) == ["recipe"]
    drag(page, "5", 6, 6)
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    settled(page)
    page.keyboard.press("z")
    page.keyboard.press("z")
    expect(page.locator(".ed-note")).to_contain_text("syringes")
    settled(page)
    assert chosen(page) == ["recipe"]
    expect(page.locator("#id_syringes_1")).to_have_value(before)


def test_what_is_refused_opens_its_tab(open_plan: OpenPlan, plan: Plan) -> None:
    """A form goes to the server whole, so what it refuses may stand in a part that is not seen."""
    from playwright.sync_api import expect

    page = open_plan()
    page.locator("#id_session_1").evaluate("input => { input.type = 'text'; input.value = 'next week'; }")
    page.evaluate(
        """() => {
          const form = document.getElementById('plan-form');
          form.append(Object.assign(document.createElement('input'), {type: 'hidden', name: 'act', value: 'save'}));
          form.submit();
        }"""
    )
    expect(page.locator("#tomend")).to_contain_text("1 thing to mend")
    expect(page).to_have_title(re.compile("^Error:"))
    assert chosen(page) == ["schedule"]
    expect(page.locator("#id_session_1")).to_have_attribute("aria-invalid", "true")


def test_a_link_to_what_is_to_be_mended_opens_its_tab(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    page.evaluate(
        """() => {
          const form = document.getElementById('plan-form');
          form.elements['syringes_1'].value = 'many';
          form.elements['volume_per_point_malar-left'].value = '9';
          form.append(Object.assign(document.createElement('input'), {type: 'hidden', name: 'act', value: 'save'}));
          form.submit();
        }"""
    )
    mend = page.locator("#tomend")
    expect(mend).to_contain_text("2 things to mend")
    mend.get_by_role("link", name=re.compile("Syringes")).click()
    expect(page.locator("#id_syringes_1")).to_be_visible()
    expect(page.locator("#id_syringes_1")).to_be_focused()
    mend.get_by_role("link", name=re.compile("Volume")).click()
    expect(field(page, "volume_per_point", "malar-left")).to_be_visible()
    expect(field(page, "volume_per_point", "malar-left")).to_be_focused()


def test_without_script_all_parts_stand_on_the_page_and_the_form_saves(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan(script=False, locale="fr-FR")
    page.wait_for_selector("#plan-form")
    assert chosen(page) == PARTS
    assert page.locator(".ed-live:visible").count() == 0, "nothing that needs a script is shown"
    page.locator("#set-inner [data-zone-panel=all] > summary").click()
    field(page, "volume_per_point", "all").fill("0,03")
    field(page, "angle", "all").fill("20")
    page.locator("#set-inner [data-zone-panel=malar-left] > summary").click()
    field(page, "angle", "malar-left").fill("25")
    page.locator("#act-save").click()
    expect(page.locator(".note, .messages, [role=status]").filter(has_text="Enregistré").first).to_be_visible()
    assert value_of(plan, "volume_per_point") == value_of(plan, "volume_per_point", "malar-left") == 0.03
    assert value_of(plan, "angle") == 20
    assert value_of(plan, "angle", "malar-left") == 25
    page.locator("#set-inner [data-zone-panel=all] > summary").click()
    expect(field(page, "volume_per_point", "all")).to_have_value("0,03")
    expect(field(page, "angle", "all")).to_have_value("")


def test_without_script_what_is_refused_is_kept_and_told(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan(script=False)
    page.locator("#set-inner [data-zone-panel=all] > summary").click()
    field(page, "volume_per_point", "all").fill("90")
    page.locator("#act-save").click()
    expect(page.locator("#tomend")).to_contain_text("All zones")
    expect(field(page, "volume_per_point", "all")).to_be_visible()
    expect(field(page, "volume_per_point", "all")).to_have_value("90")
    assert value_of(plan, "volume_per_point") == 0.05
