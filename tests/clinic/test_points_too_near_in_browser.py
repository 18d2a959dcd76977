"""Points that lie too near, and points that lie elsewhere than proposed: drawn on the map as soon as they are saved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from mesoplan.clinic.courses.models import Plan
from tests.clinic.editing import points_of
from tests.clinic.live_editor import OpenPlan, case, drag, field, open_plan, plan, ring, settled

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

__all__ = ["case", "open_plan", "plan"]
pytestmark = pytest.mark.django_db(transaction=True)


def brackets(page: Page) -> Locator:
    return page.locator(".front .ed-changes path.ed-close")


def lines(page: Page) -> Locator:
    return page.locator(".front .ed-changes path.ed-moved")


def test_a_pair_shows_its_distance_and_a_moved_point_its_proposed_place(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    expect(brackets(page)).to_have_count(0)
    expect(lines(page)).to_have_count(0)
    (x7, y7), (x8, y8) = ring(page, "7"), ring(page, "8")
    drag(page, "7", (x8 - x7) * 0.6, (y8 - y7) * 0.6)
    expect(brackets(page)).to_have_count(1)
    told = page.locator(".front .ed-close text")
    expect(told).to_have_count(1)
    expect(told).to_have_text(re.compile(r"^[1-5]\.\d\smm$"))
    expect(page.locator(".finding.warn")).to_contain_text("nearer than 60% of the spacing")
    distance = (told.text_content() or "").split()[0]
    expect(page.locator(".finding.warn")).to_contain_text(f"nearest {distance} mm")
    expect(lines(page)).to_have_count(1)
    (ends,) = lines(page).evaluate_all(
        "all => all.map(one => one.getBBox()).map(({ width, height }) => [width, height])"
    )
    assert ends[0] > 1, "the line leads from the proposed place to where the point is now"
    assert page.locator(".front .ed-changes circle").count() == 1

    # Zoomed in, the figure stays as large as it was and stays at the pair.
    size = told.bounding_box()
    page.get_by_role("button", name="Zoom in").click()
    nearer = told.bounding_box()
    assert size is not None
    assert nearer is not None
    assert nearer["width"] == pytest.approx(size["width"], abs=1.5)
    page.locator(".ed-tools").get_by_role("button", name="Fit").click()
    page.locator("[data-layer=changes]").click()
    expect(brackets(page)).to_be_hidden()
    page.locator("[data-layer=changes]").click()
    expect(brackets(page)).to_be_visible()

    page.locator("#ed-undo").click()
    expect(brackets(page)).to_have_count(0)
    expect(lines(page)).to_have_count(0)


def test_a_renewed_lattice_shows_neither(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    (x7, y7), (x8, y8) = ring(page, "7"), ring(page, "8")
    drag(page, "7", (x8 - x7) * 0.6, (y8 - y7) * 0.6)
    expect(brackets(page)).to_have_count(1)
    spacing = field(page, "spacing")
    spacing.fill("8")
    spacing.press("Tab")
    page.get_by_role("button", name="Renew and drop them").click()
    expect(page.locator(".ed-note")).to_contain_text("lattice of Malar, right")
    settled(page)
    assert {point["origin"] for point in points_of(plan).values()} == {"lattice"}
    expect(brackets(page)).to_have_count(0)
    expect(lines(page)).to_have_count(0)
    expect(page.locator(".finding", has_text="nearer than 60%")).to_have_count(0)
