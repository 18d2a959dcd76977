"""The network goes in mid-drag, an answer is lost, a field cannot be sent: nothing lost, nothing applied twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mesoplan.clinic.courses.models import Plan
from tests.clinic.editing import points_of
from tests.clinic.live_editor import OpenPlan, case, drag, field, open_plan, plan, ring, settled, value_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["case", "open_plan", "plan"]
pytestmark = pytest.mark.django_db(transaction=True)


def apart(page: Page) -> tuple[float, float]:
    """How far point 8 is from its neighbour: the map itself gives way to what is told above it."""
    (x, y), (from_x, from_y) = ring(page, "8"), ring(page, "6")
    return x - from_x, y - from_y


def test_gone_in_mid_drag_the_point_stays_where_it_was_dropped_and_is_saved_later(
    open_plan: OpenPlan, plan: Plan
) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    (x, y), far = ring(page, "8"), apart(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 6, y + 4, steps=3)
    page.context.set_offline(True)
    page.mouse.move(x + 12, y + 8, steps=3)
    page.mouse.up()
    band = page.locator(".ed-band")
    expect(band).to_contain_text("1 change waits here. No network. Not checked since")
    assert apart(page) == pytest.approx((far[0] + 12, far[1] + 8), abs=2)
    assert points_of(plan)["8"]["origin"] == "lattice"
    expect(page.locator("#follows-inner")).to_have_attribute("aria-busy", "true")
    page.context.set_offline(False)
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    expect(band).to_be_hidden()
    settled(page)
    assert points_of(plan)["8"]["origin"] == "moved"
    assert apart(page) == pytest.approx((far[0] + 12, far[1] + 8), abs=3)


def test_an_answer_that_never_came_is_asked_for_again_and_the_change_is_made_once(
    open_plan: OpenPlan, plan: Plan
) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    heard: list[int] = []

    def lose_the_first(route: Any) -> None:
        answer = route.fetch()
        heard.append(answer.status)
        if len(heard) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    page.route("**/operations", lose_the_first)
    drag(page, "8", 8, 6)
    expect(page.locator(".ed-band")).to_contain_text("No network")
    once = points_of(plan)["8"]
    assert once["origin"] == "moved"
    page.locator(".ed-band").get_by_role("button", name="Try again").click()
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    settled(page)
    assert heard == [200, 200]
    assert points_of(plan)["8"] == once
    expect(page.locator("#plan-acts")).to_contain_text("1 change")


def test_a_server_that_fails_is_told_apart_from_no_network(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    page.route("**/operations", lambda route: route.fulfill(status=502, body="bad gateway"))
    drag(page, "8", 8, 6)
    expect(page.locator(".ed-band")).to_contain_text("The server did not answer as it should")
    page.unroute("**/operations")
    page.locator(".ed-band").get_by_role("button", name="Try again").click()
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    assert points_of(plan)["8"]["origin"] == "moved"


def test_what_was_typed_and_could_not_be_sent_outlasts_the_next_answer(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    volume = field(page, "volume_per_point")
    volume.fill("9 mL")
    volume.press("Tab")
    expect(page.locator(".ed-mend")).to_contain_text("You wrote 9")
    angle = field(page, "angle")
    angle.fill("20")
    angle.press("Tab")
    expect(page.locator(".ed-note")).to_contain_text("angle of Malar, right")
    settled(page)
    expect(volume).to_have_value("9 mL")
    expect(volume).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".ed-mend")).to_contain_text("You wrote 9")
    assert value_of(plan, "volume_per_point") == 0.05
    volume.fill("0.04")
    volume.press("Tab")
    expect(page.locator(".ed-note")).to_contain_text("volume per point")
    settled(page)
    expect(page.locator(".ed-mend")).to_have_count(0)
    assert value_of(plan, "volume_per_point") == 0.04
