"""What a colleague changed since is not taken back: the undo is refused, both values are told, nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.models import Plan
from tests.clinic.conftest import PASSWORD
from tests.clinic.editing import points_of, sent
from tests.clinic.live_editor import OpenPlan, case, drag, field, open_plan, plan, settled, value_of

__all__ = ["case", "open_plan", "plan"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def colleague(people: dict[Any, User]) -> Client:
    other = User.objects.create_user("second@clinic.test", PASSWORD, printed_name="Dr Bela Sand", role="dermatologist")
    client = Client()
    client.force_login(other)
    return client


def test_a_value_that_a_colleague_set_since_is_left_and_both_are_told(
    open_plan: OpenPlan, plan: Plan, colleague: Client
) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    angle = field(page, "angle")
    angle.fill("20")
    angle.press("Tab")
    expect(page.locator(".ed-note")).to_contain_text("angle of Malar, right")
    settled(page)
    op = {"op": "set", "scope": {"kind": "zone", "zone": "malar-right"}, "field": "angle", "value": 15, "unit": "deg"}
    assert sent(colleague, plan, op, client="other").status_code == 200
    page.locator("#ed-undo").click()
    refusal = page.locator(".ed-refusal")
    expect(refusal).to_contain_text("cannot be undone: it was changed since")
    expect(refusal.locator("li")).to_have_count(1)
    for told in ("20", "15", "Dr Bela Sand"):
        expect(refusal.locator("li")).to_contain_text(told)
    expect(refusal.get_by_role("button", name="Make my change again")).to_be_hidden()
    settled(page)
    assert value_of(plan, "angle") == 15
    expect(field(page, "angle")).to_have_value("15")
    refusal.get_by_role("button", name="Take theirs").click()
    expect(refusal).to_be_hidden()


def test_what_the_colleague_did_not_touch_is_still_taken_back(
    open_plan: OpenPlan, plan: Plan, colleague: Client
) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    before = points_of(plan)
    drag(page, "5", 6, 6)
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    drag(page, "8", 5, 5)
    expect(page.locator("#changes")).to_contain_text("12 points, 2 moved")
    settled(page)
    shift = {"op": "shift", "points": ["5"], "right_mm": -2, "up_mm": -2, "along": "front"}
    assert sent(colleague, plan, shift, client="other").status_code == 200
    theirs = points_of(plan)["5"]
    page.locator("#ed-undo").click()
    expect(page.locator(".ed-note")).to_contain_text("Undone")
    settled(page)
    assert points_of(plan)["8"] == before["8"]
    assert points_of(plan)["5"] == theirs
    page.locator("#ed-undo").click()
    expect(page.locator(".ed-refusal")).to_contain_text("it was changed since")
    settled(page)
    assert points_of(plan)["5"] == theirs
    # The page goes on from what is there now.
    drag(page, "5", 3, 3)
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    expect(page.locator(".ed-refusal")).to_be_hidden()
