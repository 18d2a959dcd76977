"""Places kept clear and the pattern of a lattice, worked on by mouse, finger and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mesoplan.clinic.courses.models import Plan
from tests.clinic.axe import found_by_axe
from tests.clinic.editing import points_of
from tests.clinic.live_editor import OpenPlan, case, field, open_plan, plan, ring, select, settled

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

__all__ = ["case", "open_plan", "plan"]
pytestmark = pytest.mark.django_db(transaction=True)


def circles(page: Page) -> Locator:
    return page.locator(".front [data-kept] > g")


def kept(plan: Plan) -> list[dict[str, Any]]:
    plan.refresh_from_db()
    return list(plan.plan["kept_clear"])


def pattern(plan: Plan) -> str:
    plan.refresh_from_db()
    return str(plan.plan["placements"][0]["pattern"])


def test_a_place_is_kept_clear_and_opened_again_by_mouse(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    expect(page.locator("#kept-clear")).to_have_count(0)
    select(page, "5", "8")
    page.get_by_role("button", name="Keep clear here").click()
    expect(page.locator(".ed-note")).to_contain_text("Kept 2\xa0places clear within 5.0\xa0mm.")
    expect(circles(page)).to_have_count(2)
    expect(page.locator('.front .ed-point[data-id="5"]')).to_have_count(0)
    assert len(kept(plan)) == 2
    expect(page.locator("#changes")).to_contain_text("Malar, right: kept clear")

    page.locator("#kept-clear").get_by_role("button", name="1 mm wider").first.click()
    settled(page)
    assert [one["radius"]["value"] for one in kept(plan)] == [6, 5]
    page.locator("#kept-clear").get_by_role("button", name="Open again").first.click()
    expect(circles(page)).to_have_count(1)
    for _ in range(3):
        page.locator("#ed-undo").click()
        settled(page)
    expect(circles(page)).to_have_count(0)
    expect(page.locator('.front .ed-point[data-id="5"]')).to_have_count(1)
    assert kept(plan) == []


def test_the_circle_is_as_large_on_the_map_as_on_the_skin(open_plan: OpenPlan, plan: Plan) -> None:
    page = open_plan()
    select(page, "5")
    page.get_by_role("button", name="Keep clear here").click()
    circles(page).wait_for()

    def height_mm() -> float:
        """From its top to its bottom, by the scale bar of the map."""
        pixels = "node => node.getBBox().height * node.getScreenCTM().d"
        height = circles(page).first.locator("path").last.evaluate(pixels)
        bar = page.locator(".ed-scale")
        width = bar.locator("i").evaluate("node => node.getBoundingClientRect().width")
        return float(height) * float(bar.inner_text().removesuffix(" mm")) / float(width)

    # Twice 5 mm; the skin there turns away a little.
    assert 8.5 < (before := height_mm()) <= 10.1
    page.locator("[data-act=nearer][data-by='1']").click()
    assert height_mm() == pytest.approx(before, rel=0.05)


def test_by_keys_alone(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    page.locator("#ed-list").focus()
    expect(page.locator("#ed-keys")).to_contain_text("K keeps the place clear")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("k")
    expect(page.locator(".ed-note")).to_contain_text("Kept 1\xa0place clear")
    assert len(kept(plan)) == 1
    page.keyboard.press("z")
    settled(page)
    assert kept(plan) == []
    page.keyboard.press("Shift+Z")
    settled(page)
    button = page.locator("#kept-clear").get_by_role("button", name="Open again")
    button.focus()
    page.keyboard.press("Enter")
    settled(page)
    assert kept(plan) == []


def test_by_finger(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan(width="tablet", has_touch=True)
    page.touchscreen.tap(*ring(page, "5"))
    page.get_by_role("button", name="Keep clear here").tap()
    expect(circles(page)).to_have_count(1)
    assert len(kept(plan)) == 1


def test_while_an_outline_is_shaped_no_corner_is_kept_clear(open_plan: OpenPlan, plan: Plan) -> None:
    page = open_plan()
    select(page, "5")
    page.keyboard.press("s")
    page.locator(".ed-corner").first.wait_for()
    page.get_by_role("button", name="Keep clear here").click()
    page.keyboard.press("k")
    settled(page)
    assert kept(plan) == []


def test_a_point_that_is_dragged_into_one_stops_at_its_edge(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    target = ring(page, "5")
    select(page, "5")
    page.get_by_role("button", name="Keep clear here").click()
    expect(circles(page)).to_have_count(1)
    start = ring(page, "8")
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*target, steps=6)
    expect(page.locator(".front .ed-point.is-out")).to_have_count(1)
    expect(page.locator("#say")).to_contain_text("No injection here")
    page.mouse.up()
    expect(page.locator(".ed-note")).to_contain_text("at the edge of a place that is kept clear")
    assert "8" in points_of(plan)


def test_a_page_without_script_draws_and_lists_them(open_plan: OpenPlan, plan: Plan) -> None:
    page = open_plan()
    select(page, "5")
    page.get_by_role("button", name="Keep clear here").click()
    circles(page).wait_for()
    plain = open_plan(script=False)
    assert circles(plain).count() == 1
    assert "5.0\xa0mm" in plain.locator("#kept-clear").inner_text()
    assert not plain.get_by_role("button", name="Open again").is_visible()


@pytest.mark.parametrize(("width", "look"), [("desk", "dark"), ("tablet", "light")])
def test_axe_finds_nothing(open_plan: OpenPlan, plan: Plan, look: str, width: str) -> None:
    page = open_plan(width=width, look=look)
    select(page, "5")
    page.get_by_role("button", name="Keep clear here").click()
    circles(page).wait_for()
    assert found_by_axe(page) == []


class TestPattern:
    def test_it_is_shown_as_a_ghost_left_and_set(self, open_plan: OpenPlan, plan: Plan) -> None:
        from playwright.sync_api import expect

        page = open_plan()
        chosen = field(page, "pattern")
        chosen.select_option("lines")
        expect(page.locator("#ed-renewal")).to_contain_text("12 → ")
        expect(page.locator(".front .ed-ghost").first).to_be_attached()
        page.get_by_role("button", name="Leave").click()
        expect(chosen).to_have_value("hexagonal")
        assert pattern(plan) == "hexagonal"
        chosen.select_option("lines")
        page.get_by_role("button", name="Renew and keep hand edits").click()
        expect(page.locator(".ed-note")).to_contain_text("lattice of Malar, right")
        assert pattern(plan) == "lines"
        expect(chosen).to_have_value("lines")
        expect(page.locator("#changes")).to_contain_text("Malar, right: pattern")
        page.locator("#ed-undo").click()
        settled(page)
        expect(chosen).to_have_value("hexagonal")
        assert pattern(plan) == "hexagonal"

    def test_by_keys_with_hand_edits_kept(self, open_plan: OpenPlan, plan: Plan) -> None:
        from playwright.sync_api import expect

        page = open_plan()
        select(page, "5")
        page.keyboard.press("m")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        settled(page)
        field(page, "pattern").focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator("#ed-renewal")).to_contain_text("eeps 1\xa0hand edit")
        page.get_by_role("button", name="Renew and keep hand edits").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".ed-note")).to_contain_text("lattice of Malar, right")
        assert pattern(plan) == "lines"
        assert points_of(plan)["5"]["origin"] == "moved"
