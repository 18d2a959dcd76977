"""A plan of the body: points and outlines on flat pieces of skin, worked on like those of the face."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mesoplan.clinic.courses.models import Assessment, Plan
from tests.clinic.case_documents import melasma_case
from tests.clinic.editing import points_of
from tests.clinic.live_editor import BrowserOf, OpenPlan, field, middle, open_plan, settled, value_of
from tests.clinic.plans import started

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["open_plan"]
pytestmark = pytest.mark.django_db(transaction=True)
THIGHS = ("thigh-outer-right", "thigh-outer-left")
PATCH = 'svg.mp-map:has([data-zone="thigh-outer-right"])'


@pytest.fixture
def case() -> dict[str, Any]:
    """Both outer thighs, of a size that a test can look over."""
    return melasma_case(
        goals=[{"aim": "cellulite", "zones": list(THIGHS)}],
        areas={"thigh-outer-right": "60 cm2", "thigh-outer-left": "50 cm2"},
    )


@pytest.fixture
def plan(browser_of: BrowserOf, assessment: Assessment) -> Plan:
    return started(browser_of("dermatologist"), assessment, "cellulite-caffeine")


def at(page: Page, number: str) -> tuple[float, float]:
    return middle(page.locator(f'.patches .ed-point[data-id="{number}"] .mp-map-point-ring'))


def drag(page: Page, start: tuple[float, float], right: float, down: float) -> None:
    x, y = start
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2, steps=3)
    page.mouse.move(x + right, y + down, steps=3)
    page.mouse.up()


def placement(plan: Plan, zone: str = THIGHS[0]) -> dict[str, Any]:
    plan.refresh_from_db()
    return next(one for one in plan.plan["placements"] if one["zone"] == zone)


def test_points_are_moved_added_removed_and_all_is_taken_back(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    before = points_of(plan, THIGHS[0])
    number = list(before)[len(before) // 2]
    drag(page, at(page, number), 9, 7)
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    settled(page)
    now, was = points_of(plan, THIGHS[0])[number]["at"], before[number]["at"]
    assert now["x_mm"] > was["x_mm"]
    assert now["y_mm"] < was["y_mm"]
    expect(page.locator(".ed-words")).to_contain_text("of the centre")
    expect(page.locator(".ed-words")).not_to_contain_text("pupils")

    page.keyboard.press("m")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#say")).to_contain_text("of the centre")
    page.keyboard.press("Enter")
    settled(page)
    assert points_of(plan, THIGHS[0])[number]["at"]["y_mm"] == pytest.approx(now["y_mm"] + 1, abs=0.01)
    page.keyboard.press("a")
    expect(page.locator(".ed-note")).to_contain_text("Added 1")
    page.keyboard.press("x")
    expect(page.locator(".ed-note")).to_contain_text("Removed 1")
    page.locator(".ed-tools").get_by_role("button", name="Add").click()
    x, y = at(page, number)
    page.mouse.click(x + 11, y + 13)
    expect(page.locator(".ed-note")).to_contain_text("Added 1")
    settled(page)
    assert len(points_of(plan, THIGHS[0])) == len(before) + 1
    page.keyboard.press("v")
    for _ in range(5):
        page.keyboard.press("z")
        settled(page)
    assert points_of(plan, THIGHS[0]) == before


def test_a_point_stops_at_the_edge_of_its_patch_and_says_why(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    number = next(iter(points_of(plan, THIGHS[0])))
    drag(page, at(page, number), -400, 0)
    expect(page.locator(".ed-note")).to_contain_text("at the edge of Thigh, outer side, right")
    settled(page)
    x = points_of(plan, THIGHS[0])[number]["at"]["x_mm"]
    assert x == pytest.approx(min(point["at"]["x_mm"] for point in points_of(plan, THIGHS[0]).values()))


def test_the_outline_of_a_patch_is_shaped_taken_back_and_comes_again(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    before = placement(plan)
    number = next(iter(points_of(plan, THIGHS[0])))
    page.mouse.click(*at(page, number))
    page.keyboard.press("s")
    corners = page.locator(f"{PATCH} .ed-corner")
    expect(corners).not_to_have_count(0)
    count = corners.count()
    expect(page.locator(".ed-words")).to_contain_text(f"Outline of Thigh, outer side, right: {count} corners")
    drawn = page.locator('.patches [data-zone="thigh-outer-right"] path').first
    edge = drawn.get_attribute("d")
    x, y = middle(corners.nth(0))
    box = page.locator(PATCH).bounding_box()
    assert box is not None
    inward = (box["x"] + box["width"] / 2 - x) / 6, (box["y"] + box["height"] / 2 - y) / 6
    drag(page, (x, y), *inward)
    expect(page.locator(".ed-note")).to_contain_text("Reshaped Thigh, outer side, right")
    settled(page)
    now = placement(plan)
    assert now["area_source"] == "drawn"
    assert now["area"]["value"] < before["area"]["value"]
    assert drawn.get_attribute("d") != edge
    # A tap on the edge makes a corner, X takes it away again.
    (x1, y1), (x2, y2) = middle(corners.nth(1)), middle(corners.nth(2))
    page.mouse.click((x1 + x2) / 2, (y1 + y2) / 2)
    expect(corners).to_have_count(count + 1)
    settled(page)
    page.locator(".ed-list").focus()
    page.keyboard.press("End")
    page.keyboard.press("x")
    expect(corners).to_have_count(count)
    settled(page)
    for _ in range(3):
        page.keyboard.press("z")
        settled(page)
    assert placement(plan) == before
    assert drawn.get_attribute("d") == edge
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(corners).to_have_count(0)
    expect(page.locator(f"{PATCH} .ed-point")).to_have_count(len(before["points"]))


def test_zones_of_the_body_are_set_together_and_apart(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    right, left = (next(iter(points_of(plan, zone))) for zone in THIGHS)
    page.mouse.click(*at(page, right))
    page.keyboard.down("Shift")
    page.mouse.click(*at(page, left))
    page.keyboard.up("Shift")
    every = field(page, "volume_per_point", "all")
    expect(every).to_be_visible()
    every.fill("0.06")
    every.press("Tab")
    expect(page.locator(".ed-note")).to_contain_text("all zones")
    settled(page)
    assert [value_of(plan, "volume_per_point", zone) for zone in THIGHS] == [0.06, 0.06]
    page.get_by_role("button", name="Move 1.0 mm down").click()
    expect(page.locator(".ed-note")).to_contain_text("Moved 2")
