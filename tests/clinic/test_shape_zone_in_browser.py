"""A zone is shaped on the map: corners dragged, added and removed, by mouse and by keys, taken back and reset."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from mesoplan.clinic.courses.models import Plan
from tests.clinic.case_documents import melasma_case
from tests.clinic.test_editor_in_browser import editor, plan, ring, settled

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["editor", "plan"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


def placement(plan: Plan, zone: str = "malar-right") -> dict[str, Any]:
    plan.refresh_from_db()
    return next(one for one in plan.plan["placements"] if one["zone"] == zone)


def shaping(page: Page) -> None:
    """Choose a point of the zone and open its outline."""
    page.mouse.click(*ring(page, "5"))
    page.keyboard.press("s")
    page.wait_for_selector(".front .ed-corner")


def corner(page: Page, number: int) -> tuple[float, float]:
    box = page.locator(f'[data-view="front"] [data-id="corner-{number}"] .ed-corner').bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_corner_is_dragged_taken_back_and_the_template_comes_again(editor: Callable[..., Page], plan: Plan) -> None:
    from playwright.sync_api import expect

    page = editor()
    before = placement(plan)
    assert before["outline"] is None
    shaping(page)
    expect(page.locator(".ed-words")).to_contain_text("Outline of Malar, right")
    corners = page.locator(".front .ed-corner").count()
    drawn = page.locator('.front [data-zone="malar-right"] path').first.get_attribute("d")
    (x, y), (cx, cy) = corner(page, 1), corner(page, corners // 2)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + (cx - x) / 6, y + (cy - y) / 6, steps=4)
    page.mouse.up()
    expect(page.locator(".ed-note")).to_contain_text("Reshaped Malar, right")
    now = placement(plan)
    assert now["area_source"] == "drawn"
    assert len(now["outline"]) == corners
    assert now["area"]["value"] < before["area"]["value"]
    assert page.locator('.front [data-zone="malar-right"] path').first.get_attribute("d") != drawn

    page.keyboard.press("z")
    expect(page.locator(".ed-note")).to_contain_text("Undone")
    settled(page)
    assert placement(plan) == before
    page.keyboard.press("Shift+Z")
    settled(page)
    assert placement(plan)["outline"] == now["outline"]
    page.get_by_role("button", name="Outline of the template").click()
    settled(page)
    assert placement(plan)["outline"] is None
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator(".front .ed-corner")).to_have_count(0)
    expect(page.locator(".front .ed-point")).not_to_have_count(0)


def test_by_keys_alone_corners_are_moved_added_and_removed(editor: Callable[..., Page], plan: Plan) -> None:
    from playwright.sync_api import expect

    page = editor()
    page.locator(".ed-list").focus()
    page.keyboard.press("Home")
    page.keyboard.press("s")
    page.wait_for_selector(".front .ed-corner")
    corners = page.locator(".ed-list [role=option]").count()
    expect(page.locator(".ed-list")).to_have_attribute("aria-label", f"Corners of the outline, {corners}")
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    expect(page.locator(".ed-words")).to_contain_text("Corner 1 selected")
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".ed-note")).to_contain_text("Reshaped")
    settled(page)
    assert len(placement(plan)["outline"]) == corners
    page.keyboard.press("a")
    expect(page.locator(".ed-list [role=option]")).to_have_count(corners + 1)
    settled(page)
    page.keyboard.press("x")
    expect(page.locator(".ed-list [role=option]")).to_have_count(corners)
    settled(page)
    assert len(placement(plan)["outline"]) == corners
    for _ in range(3):
        page.keyboard.press("z")
        settled(page)
    assert placement(plan)["outline"] is None


def test_an_outline_that_crosses_itself_is_refused_and_stays_as_it_was(editor: Callable[..., Page], plan: Plan) -> None:
    from playwright.sync_api import expect

    page = editor()
    shaping(page)
    corners = page.locator(".front .ed-corner").count()
    (x, y), (cx, cy) = corner(page, 1), corner(page, corners // 2)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(cx + (cx - x) / 3, cy + (cy - y) / 3, steps=5)
    page.mouse.up()
    expect(page.locator(".ed-refusal")).to_be_visible()
    settled(page)
    assert placement(plan)["outline"] is None
