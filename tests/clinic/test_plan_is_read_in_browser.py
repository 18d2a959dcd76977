"""Who reads only: a telephone has the plan as text and a way to sign it; a nurse has no tool that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mesoplan.clinic.courses.models import Plan
from tests.clinic.editing import points_of
from tests.clinic.live_editor import OpenPlan, case, open_plan, plan, ring

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["case", "open_plan", "plan"]
pytestmark = pytest.mark.django_db(transaction=True)
CHANGES = ("move", "add", "shape", "remove", "undo", "redo", "step", "values", "lock", "reset", "try")


def seen_tools(page: Page) -> set[str]:
    return {
        name
        for one in page.locator("#plan-editor [data-act]:visible").all()
        if (name := one.get_attribute("data-act")) is not None
    }


def test_on_a_telephone_values_are_text_and_the_plan_can_be_signed(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan(width="phone", has_touch=True)
    before = points_of(plan)
    assert seen_tools(page).isdisjoint(CHANGES), seen_tools(page)
    assert page.locator("#plan-editor").locator("input:visible, select:visible").count() == 0
    expect(page.locator(".set-read")).to_contain_text("0.05 mL")
    expect(page.locator(".set-read")).to_contain_text("30 G, 4 mm")
    page.locator(".set-read").get_by_role("tab", name="Schedule").tap()
    expect(page.locator("#read-part-schedule")).to_be_visible()
    expect(page.locator("#read-part-placement")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing to scroll sideways"

    # A finger on a point reads it, and keys change nothing.
    page.locator('.front .ed-point[data-id="8"]').evaluate(
        "node => node.scrollIntoView({ block: 'center', behavior: 'instant' })"
    )
    for _ in range(3):
        page.touchscreen.tap(*ring(page, "8"))
    expect(page.locator(".ed-words")).to_contain_text("Point 8 selected")
    page.keyboard.press("x")
    page.keyboard.press("s")
    expect(page.locator(".ed-corner")).to_have_count(0)
    assert points_of(plan) == before

    sign = page.locator("#plan-acts").get_by_role("link", name="Sign")
    sign.scroll_into_view_if_needed()
    sign.tap()
    page.wait_for_url("**/sign")
    expect(page.get_by_role("button", name="Sign revision 1")).to_be_visible()


def test_a_nurse_reads_everything_and_shapes_nothing(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan(role="nurse")
    before = points_of(plan)
    assert seen_tools(page).isdisjoint(CHANGES), seen_tools(page)
    assert page.locator("#plan-editor").locator("input:visible, select:visible").count() == 0
    expect(page.locator("#plan-acts").get_by_role("link", name="Sign")).to_have_count(0)
    x, y = ring(page, "5")
    page.mouse.click(x, y)
    for key in ("s", "m", "a", "x", "z"):
        page.keyboard.press(key)
    expect(page.locator(".ed-corner")).to_have_count(0)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y + 20, steps=4)
    page.mouse.up()
    assert points_of(plan) == before
    page.locator("#set-inner").get_by_role("tab", name="Recipe").click()
    expect(page.locator("#part-recipe")).to_contain_text("Tranexamic acid")
    page.locator("summary", has_text="Points as table").click()
    expect(page.locator("#points-table tbody tr")).to_have_count(24)
