"""A point that is held where none may be: marked and told while it is held, stopped at the edge when it is let go."""

from __future__ import annotations

import re

import pytest

from mesoplan.clinic.courses.models import Plan
from tests.clinic.editing import points_of
from tests.clinic.live_editor import OpenPlan, case, open_plan, plan, ring, settled

__all__ = ["case", "open_plan", "plan"]
pytestmark = pytest.mark.django_db(transaction=True)
OUT = re.compile(r"\bis-out\b")


def test_outside_of_the_zone_it_is_marked_and_told_and_let_go_it_stops_at_the_edge(
    open_plan: OpenPlan, plan: Plan
) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    x, y = ring(page, "11")
    point = page.locator('.front .ed-point[data-id="11"]')
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 2, y + 6, steps=2)
    page.mouse.move(x + 4, y + 90, steps=6)
    expect(point).to_have_class(OUT)
    expect(page.locator("#say")).to_have_text("Outside of the zone: the point stops at its edge.")
    page.mouse.move(x + 1, y - 2, steps=6)
    expect(point).not_to_have_class(OUT)
    page.mouse.move(x + 4, y + 90, steps=6)
    page.mouse.up()
    expect(page.locator(".ed-note")).to_contain_text("stopped at the edge of Malar, right")
    settled(page)
    expect(point).not_to_have_class(OUT)
    assert ring(page, "11")[1] - y < 60, "drawn where it stopped, not where it was let go"
    assert points_of(plan)["11"]["origin"] == "moved"


def test_where_no_injection_is_given_the_reason_is_told(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    x, y = ring(page, "3")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 12, y - 36, steps=8)
    expect(page.locator("#say")).to_have_text("No injection here: the point stops at its edge.")
    page.mouse.up()
    expect(page.locator(".ed-note")).to_contain_text("Point 3 stopped")
    settled(page)
    assert ring(page, "3")[1] > y - 36


def test_escape_puts_a_held_point_back(open_plan: OpenPlan, plan: Plan) -> None:
    page = open_plan()
    before = points_of(plan)
    x, y = ring(page, "11")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 4, y + 90, steps=6)
    page.keyboard.press("Escape")
    page.mouse.up()
    settled(page)
    assert ring(page, "11") == pytest.approx((x, y), abs=1)
    assert page.locator(".is-out").count() == 0
    assert points_of(plan) == before
