"""What a finding offers to try: pressed, it settles the finding as one step that can be taken back."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from mesoplan.clinic.courses.models import Plan
from tests.clinic.case_documents import MALAR, answered, melasma_case
from tests.clinic.live_editor import OpenPlan, field, open_plan, plan, settled, value_of

__all__ = ["open_plan", "plan"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case() -> dict[str, Any]:
    """A superficial peel of yesterday: the course starts when the waiting time is over."""
    peel = {
        "id": "peel-superficial",
        "on": (timezone.localdate() - timedelta(days=1)).isoformat(),
        "zones": list(MALAR),
    }
    return melasma_case(procedures=[peel], answers=answered(peel_superficial=None))


def sessions(plan: Plan) -> list[date]:
    plan.refresh_from_db()
    return [date.fromisoformat(day) for day in plan.plan["schedule"]["sessions"]]


def gaps(days: list[date]) -> list[int]:
    return [(day - days[0]).days for day in days]


def test_a_session_before_a_wait_is_over_offers_the_day_on_which_it_is(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    expect(page.locator(".finding.wait")).to_have_count(0)
    proposed = sessions(plan)
    page.locator("#set-inner").get_by_role("tab", name="Schedule").click()
    first = page.locator("#id_session_1")
    first.fill((timezone.localdate() + timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Move all with the first").click()
    wait = page.locator(".finding.wait").first
    expect(wait).to_contain_text("Earliest date")
    settled(page)
    early = sessions(plan)
    assert early[0] < proposed[0]

    act = wait.get_by_role("button", name=re.compile(r"^Move to \d+ [A-Z][a-z]{2} \d{4}$"))
    expect(wait.locator(".brings").first).to_have_text("all sessions keep their distance")
    act.click()
    expect(page.locator(".finding.wait")).to_have_count(0)
    settled(page)
    moved = sessions(plan)
    assert moved[0] > early[0]
    assert gaps(moved) == gaps(early)
    expect(page.locator("#part-schedule")).to_be_visible()
    expect(page.locator("#id_session_1")).to_have_value(moved[0].isoformat())

    page.locator("#ed-undo").click()
    expect(page.locator(".finding.wait")).not_to_have_count(0)
    settled(page)
    assert sessions(plan) == early


def test_a_depth_that_is_too_deep_offers_the_position_with_the_figure_that_it_brings(
    open_plan: OpenPlan, plan: Plan
) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    was = (value_of(plan, "angle"), value_of(plan, "inserted"))
    for name, typed in (("angle", "45"), ("inserted", "4")):
        field(page, name).fill(typed)
        field(page, name).press("Tab")
    deep = page.locator(".finding", has_text=re.compile("Malar, right: .* At 45° and 4 mm inserted")).first
    expect(deep).to_be_visible()
    settled(page)
    act = deep.get_by_role("button", name=re.compile(r"^Try \d+"))
    words, brings = act.inner_text(), deep.locator(".brings").inner_text()
    assert re.fullmatch(r"Try \d+°\s×\s\d\.\d\smm", words), words
    found = re.fullmatch(r"tip (\d\.\d)\smm deep \((\d\.\d)–(\d\.\d)\), (?:over )?\d\d\s% in the target layer", brings)
    assert found is not None, brings
    act.click()
    settled(page)
    expect(page.locator(".finding", has_text="At 45° and 4 mm inserted")).to_have_count(0)
    assert f"{value_of(plan, 'angle'):g}°" in words
    assert f"{value_of(plan, 'inserted'):.1f}" in words
    facts = page.locator("#set-inner [data-zone-panel=malar-right] .landing .facts").first
    expect(facts).to_contain_text(f"{found.group(1)} mm")

    page.locator("#ed-undo").click()
    expect(page.locator(".finding", has_text="At 45° and 4 mm inserted")).not_to_have_count(0)
    settled(page)
    assert (value_of(plan, "angle"), value_of(plan, "inserted")) == (45, 4)
    for _ in range(2):
        page.locator("#ed-undo").click()
        settled(page)
    assert (value_of(plan, "angle"), value_of(plan, "inserted")) == was


def test_by_keys_alone_a_try_is_reached_and_pressed(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    field(page, "volume_per_point").fill("0,2")
    field(page, "volume_per_point").press("Tab")
    act = page.locator(".finding").get_by_role("button", name=re.compile("^Try 0")).first
    expect(act).to_be_visible()
    settled(page)
    act.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".ed-note")).to_contain_text("volume per point of Malar, right")
    settled(page)
    assert value_of(plan, "volume_per_point") < 0.2
    expect(page.locator(".finding").get_by_role("button", name=re.compile("^Try 0"))).to_have_count(0)


def test_a_nurse_reads_the_finding_and_tries_nothing(open_plan: OpenPlan, plan: Plan) -> None:
    page = open_plan(role="nurse")
    assert page.locator("[data-act=try]").count() == 0
