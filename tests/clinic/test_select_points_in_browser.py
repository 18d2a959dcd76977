"""What is selected is what the left panel speaks of: the points of one zone, of several, and values that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mesoplan.clinic.courses.models import Plan
from tests.clinic.editing import points_of
from tests.clinic.live_editor import OpenPlan, case, field, open_plan, plan, select, settled, value_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

__all__ = ["case", "open_plan", "plan"]
pytestmark = pytest.mark.django_db(transaction=True)


def panel(page: Page, zone: str) -> Locator:
    return page.locator(f"#set-inner [data-zone-panel={zone}]")


def of_the_left_cheek(plan: Plan) -> str:
    return next(iter(points_of(plan, "malar-left")))


def test_the_panel_of_the_zone_opens_and_says_for_how_many_points_it_speaks(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    left = of_the_left_cheek(plan)
    select(page, left)
    expect(panel(page, "malar-left")).to_have_attribute("open", "")
    expect(panel(page, "malar-left").locator("[data-subject]")).to_have_text(
        "1 point of this zone is selected. All points of a zone share these values."
    )
    expect(panel(page, "malar-right")).not_to_have_attribute("open", "")
    assert page.locator('.front [data-zone="malar-left"].is-chosen').count() == 1
    select(page, "5", "6", "7")
    expect(panel(page, "malar-right").locator("[data-subject]")).to_contain_text("3 points of this zone are selected")
    expect(panel(page, "malar-left").locator("[data-subject]")).to_be_hidden()
    page.locator(".ed-list").focus()
    page.keyboard.press("Escape")
    expect(panel(page, "malar-right").locator("[data-subject]")).to_be_hidden()
    expect(panel(page, "malar-right")).to_have_attribute("open", "")


def test_points_of_several_zones_open_all_zones_and_a_value_there_is_one_step(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    before = {zone: value_of(plan, "angle", zone) for zone in ("malar-right", "malar-left")}
    own = field(page, "angle")
    own.fill("20")
    own.press("Tab")
    expect(page.locator(".ed-note")).to_contain_text("angle of Malar, right")
    select(page, "5", of_the_left_cheek(plan))
    expect(panel(page, "all")).to_have_attribute("open", "")
    every = field(page, "angle", "all")
    expect(every).to_have_value("")
    expect(every).to_have_attribute("placeholder", "mixed")
    every.focus()
    every.press("Tab")
    settled(page)
    assert value_of(plan, "angle") == 20, "what differs stays until it is typed over"

    every.fill("15")
    every.press("Tab")
    expect(page.locator(".ed-note")).to_contain_text("angle of all zones")
    settled(page)
    assert value_of(plan, "angle") == value_of(plan, "angle", "malar-left") == 15
    expect(every).to_have_value("15")
    expect(panel(page, "all")).to_have_attribute("open", "")
    page.locator("#ed-undo").click()
    expect(page.locator(".ed-note")).to_contain_text("Undone")
    settled(page)
    assert value_of(plan, "angle") == 20
    assert value_of(plan, "angle", "malar-left") == before["malar-left"]
    expect(every).to_have_attribute("placeholder", "mixed")
    expect(page.locator(".ed-words")).to_contain_text("2 points selected · Malar, right, Malar, left")


def test_in_the_tab_of_the_recipe_a_selection_leaves_the_tab_and_enter_opens_the_values(open_plan: OpenPlan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    page.locator("#set-inner").get_by_role("tab", name="Recipe").click()
    select(page, "5")
    expect(page.locator("#part-recipe")).to_be_visible()
    page.keyboard.press("Enter")
    expect(field(page, "volume_per_point")).to_be_focused()
    expect(page.locator("#part-recipe")).to_be_hidden()


def test_a_mixed_value_is_stepped_only_from_what_is_there(open_plan: OpenPlan, plan: Plan) -> None:
    """An arrow in a field that says mixed has no number to step from, so it changes nothing."""
    from playwright.sync_api import expect

    page = open_plan()
    own = field(page, "inserted")
    own.fill("2,5")
    own.press("Tab")
    expect(page.locator(".ed-note")).to_contain_text("inserted length of Malar, right")
    other = value_of(plan, "inserted", "malar-left")
    page.locator("#set-inner [data-zone-panel=all] > summary").click()
    field(page, "inserted", "all").focus()
    page.keyboard.press("ArrowUp")
    settled(page)
    page.wait_for_timeout(300)
    assert value_of(plan, "inserted") == 2.5
    assert value_of(plan, "inserted", "malar-left") == other != 2.5
