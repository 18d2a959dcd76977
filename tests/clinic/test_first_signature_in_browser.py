"""The first plan of a dermatologist who never saw the page: a point moved, a warning read to its source, depth, sign.

Everything is found by what is written on the page; the log-in is hers too.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from mesoplan.clinic.courses.models import Plan, Revision
from tests.clinic.conftest import PASSWORD
from tests.clinic.editing import points_of, sent
from tests.clinic.live_editor import BrowserOf, case, drag, plan, settled, value_of
from tests.clinic.plans import plan_address

__all__ = ["case", "plan"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_she_moves_a_point_understands_a_warning_makes_the_depth_shallower_and_signs(
    browser: Any, live_server: Any, plan: Plan, browser_of: BrowserOf
) -> None:
    from playwright.sync_api import expect

    deeper = [
        {"op": "set", "scope": {"kind": "zone", "zone": "malar-right"}, "field": name, "value": value, "unit": unit}
        for name, value, unit in (("angle", 20, "deg"), ("inserted", 3.5, "mm"))
    ]
    assert sent(browser_of("dermatologist"), plan, *deeper).status_code == 200
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(10_000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))

    page.goto(plan_address(plan))
    page.get_by_label("E-mail").fill("dermatologist@clinic.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_selector("#plan-editor.is-live")
    page.wait_for_selector(".ed-point")

    drag(page, "8", 6, 7)
    expect(page.get_by_role("status").filter(has_text="Moved 1 point")).to_be_visible()
    settled(page)
    moved = points_of(plan)["8"]

    # The warning: what it says, where it is, and two clicks to its source.
    warning = page.get_by_role("article", name=re.compile(r"^Warn")).first
    expect(warning).to_contain_text("20° and 3.5 mm inserted the tip lies 1.2 mm deep")
    expect(warning).to_contain_text(re.compile(r"4\d\s% of drops reach the upper dermis that is aimed at"))
    warning.get_by_role("button", name="Show").click()
    expect(page.get_by_text(re.compile(r"12 points selected"))).to_be_visible()
    warning.get_by_role("link").first.click()
    page.wait_for_url("**/evidence/**")
    first_click = page.url
    page.get_by_role("main").get_by_role("link", name=re.compile(r".*\d{4}.*|S\d+")).first.click()
    page.wait_for_url(re.compile(r"/evidence/sources/|^https?://(?!localhost|127)"))
    assert page.url != first_click
    page.go_back()
    page.go_back()
    page.wait_for_selector("#plan-editor.is-live")
    page.wait_for_selector(".ed-point")
    assert points_of(plan)["8"] == moved

    # Shallower, one press of the stepper at a time, until the warning goes.
    less = page.get_by_role("button", name="Inserted length: less").and_(page.locator(":visible"))
    presses = 0
    while page.get_by_role("article", name=re.compile(r"^Warn")).count():
        less.click()
        settled(page)
        presses += 1
        assert presses < 6
    assert presses > 0
    assert value_of(plan, "inserted") == 3.5 - 0.5 * presses
    expect(page.get_by_role("button", name="Undo: set inserted length of Malar, right").first).to_be_visible()

    page.get_by_role("link", name=re.compile("^Sign")).click()
    expect(page.get_by_role("heading", name="Sign revision 1?")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Malar, right: angle: 15° → 20°")
    expect(page.get_by_role("main")).to_contain_text("Malar, right: points: 12 points → 12 points, 1 moved")
    page.get_by_label("Printed name").fill("Dr Alma Weiss")
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Sign revision 1").click()
    expect(page.get_by_text("Signed r1")).to_be_visible()
    revision = Revision.objects.get(plan=plan)
    assert revision.content["placements"][0]["inserted"]["value"] == value_of(plan, "inserted")
    page.wait_for_selector("#plan-editor.is-live")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    context.close()
    assert wrong == []
