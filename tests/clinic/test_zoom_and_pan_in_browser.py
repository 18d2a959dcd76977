"""Coming nearer and going along: two fingers, one finger on the ground, the wheel with Ctrl, the middle button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mesoplan.clinic.courses.models import Plan
from tests.clinic.editing import points_of
from tests.clinic.live_editor import OpenPlan, case, open_plan, plan, ring

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["case", "open_plan", "plan"]
pytestmark = pytest.mark.django_db(transaction=True)
Place = tuple[float, float]


class Fingers:
    """Fingers on the glass, as the browser gets them from it."""

    def __init__(self, page: Page) -> None:
        self.page, self.session = page, page.context.new_cdp_session(page)

    def _send(self, kind: str, places: list[Place]) -> None:
        points: Any = [{"x": x, "y": y, "id": index} for index, (x, y) in enumerate(places)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def go(self, *ways: tuple[Place, Place], steps: int = 6) -> None:
        """Each finger from a place to another, all at once."""
        self._send("touchStart", [start for start, _ in ways[:1]])
        if len(ways) > 1:
            self._send("touchStart", [start for start, _ in ways])
        for step in range(1, steps + 1):
            share = step / steps
            self._send("touchMove", [(a + (c - a) * share, b + (d - b) * share) for (a, b), (c, d) in ways])
        self._send("touchEnd", [])


def percent(page: Page) -> int:
    return int(page.locator(".ed-percent").inner_text().removesuffix(" %"))


def ground(page: Page) -> Place:
    """A place of the front view on which no point is: the forehead."""
    box = page.locator(".front svg.mp-map").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.22


def test_two_fingers_zoom_and_pan_and_no_point_moves(open_plan: OpenPlan, plan: Plan) -> None:
    page = open_plan(width="tablet", has_touch=True)
    before, fingers = points_of(plan), Fingers(page)
    x, y = ring(page, "8")
    fingers.go(((x - 30, y), (x - 60, y)), ((x + 30, y), (x + 60, y)))
    assert percent(page) == pytest.approx(200, abs=4)
    assert ring(page, "8") == pytest.approx((x, y), abs=3), "what lies between the fingers stays there"

    x, y = ring(page, "8")
    fingers.go(((x - 40, y), (x + 10, y + 30)), ((x + 40, y), (x + 90, y + 30)))
    assert ring(page, "8") == pytest.approx((x + 50, y + 30), abs=3)
    assert percent(page) == pytest.approx(200, abs=6)

    x, y = ring(page, "8")
    fingers.go(((x - 60, y), (x - 30, y)), ((x + 60, y), (x + 30, y)))
    assert percent(page) == pytest.approx(100, abs=4)
    assert points_of(plan) == before
    assert page.locator(".ed-words").inner_text() == "Nothing selected"

    x, y = ground(page)
    was = ring(page, "8")
    fingers.go(((x, y), (x, y + 40)))
    assert ring(page, "8") == pytest.approx((was[0], was[1] + 40), abs=3), "one finger after two pans again"


def test_one_finger_on_the_ground_pans_and_on_a_point_moves_it(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan(width="tablet", has_touch=True)
    page.locator('.front .ed-point[data-id="8"]').evaluate(
        "node => node.scrollIntoView({ block: 'center', behavior: 'instant' })"
    )
    before, fingers = points_of(plan), Fingers(page)
    scrolled = page.evaluate("scrollY")
    x, y = ring(page, "8")
    at = ground(page)
    fingers.go((at, (at[0] + 40, at[1] + 25)))
    assert ring(page, "8") == pytest.approx((x + 40, y + 25), abs=3)
    assert page.evaluate("scrollY") == scrolled, "the page stays"
    assert page.locator(".ed-box").first.get_attribute("visibility") == "hidden"

    x, y = ring(page, "8")
    fingers.go(((x, y), (x + 20, y + 14)))
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    now = points_of(plan)
    assert [name for name in now if now[name] != before[name]] == ["8"]


def test_fingers_that_the_system_takes_away_leave_the_map_as_it_was(open_plan: OpenPlan, plan: Plan) -> None:
    """A call comes in with two fingers on the glass: the next finger finds a map that answers."""
    page = open_plan(width="tablet", has_touch=True)
    before = points_of(plan)
    x, y = ring(page, "8")
    page.evaluate(
        """([x, y]) => {
          const svg = document.querySelector(".front svg.mp-map");
          const send = (type, pointerId, clientX, clientY) => svg.dispatchEvent(new PointerEvent(type, {
            pointerId, clientX, clientY, pointerType: "touch", isPrimary: pointerId === 11, bubbles: true }));
          svg.setPointerCapture = () => {};
          for (const [id, by] of [[11, -30], [12, 30]]) send("pointerdown", id, x + by, y);
          for (const id of [11, 12]) send("pointercancel", id, x, y);
          send("pointerdown", 13, x, y - 120);
          send("pointermove", 13, x + 30, y - 120);
          send("pointermove", 13, x + 40, y - 110);
          send("pointerup", 13, x + 40, y - 110);
        }""",
        [x, y],
    )
    assert ring(page, "8") == pytest.approx((x + 40, y + 10), abs=3)
    assert points_of(plan) == before


def test_the_wheel_with_ctrl_zooms_around_the_pointer_and_without_it_the_page_scrolls(open_plan: OpenPlan) -> None:
    page = open_plan()
    x, y = ring(page, "8")
    page.mouse.move(x, y)
    page.mouse.wheel(0, -120)
    assert percent(page) == 100
    page.keyboard.down("Control")
    page.mouse.wheel(0, -240)
    page.keyboard.up("Control")
    page.wait_for_function("document.querySelector('.ed-percent').textContent !== '100 %'")
    assert 200 < percent(page) < 260
    assert ring(page, "8") == pytest.approx((x, y), abs=2)
    page.keyboard.down("Control")
    for _ in range(12):
        page.mouse.wheel(0, -400)
    page.wait_for_function("document.querySelector('.ed-percent').textContent === '800 %'")
    assert page.locator(".ed-scale b").inner_text() in {"1 mm", "2 mm", "5 mm"}
    for _ in range(24):
        page.mouse.wheel(0, 400)
    page.keyboard.up("Control")
    page.wait_for_function("document.querySelector('.ed-percent').textContent === '50 %'")


def test_the_middle_button_pans_and_the_keys_zoom(open_plan: OpenPlan, plan: Plan) -> None:
    page = open_plan()
    before = points_of(plan)
    x, y = ring(page, "8")
    page.mouse.move(x, y)
    page.mouse.down(button="middle")
    page.mouse.move(x + 25, y - 30, steps=4)
    page.mouse.up(button="middle")
    assert ring(page, "8") == pytest.approx((x + 25, y - 30), abs=2)
    assert points_of(plan) == before
    page.locator(".ed-list").focus()
    page.keyboard.press("0")
    assert ring(page, "8") == pytest.approx((x, y), abs=2)
    page.keyboard.press("+")
    page.keyboard.press("+")
    page.keyboard.press("-")
    assert percent(page) == 150
