"""Places pasted from elsewhere: added at once as one step, or refused as a whole with a sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from mesoplan.clinic.courses.models import Plan
from tests.clinic.editing import points_of
from tests.clinic.live_editor import OpenPlan, case, open_plan, plan, ring, settled

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["case", "open_plan", "plan"]
pytestmark = pytest.mark.django_db(transaction=True)


def paste(page: Page, text: str) -> None:
    """Paste into the map, as Ctrl-V would."""
    page.locator(".ed-list").focus()
    page.evaluate(
        """text => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
          document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


def place(page: Page, number: str) -> tuple[float, float]:
    """Where a point is in the front view, in mm right and up, as its symbol is put there."""
    where = page.locator(f'[data-view="front"] .ed-point[data-id="{number}"]').get_attribute("transform") or ""
    found = re.match(r"translate\((\S+) (\S+)\)", where)
    assert found is not None
    return float(found.group(1)), -float(found.group(2))


def test_thirty_places_are_added_once_and_one_undo_takes_them_back(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    before = points_of(plan)
    x, y = place(page, "8")
    rows = [(x + column * 0.9 - 4, y + row * 0.9 - 1) for row in range(3) for column in range(10)]
    paste(page, "\n".join(f"{right:.2f}\t{up:.2f}" for right, up in rows))
    expect(page.locator(".ed-note")).to_contain_text("Added 30")
    settled(page)
    expect(page.locator(".ed-words")).to_contain_text("30 points selected")
    assert len(points_of(plan)) == len(before) + 30
    page.locator("#ed-undo").click()
    expect(page.locator(".ed-note")).to_contain_text("Undone")
    settled(page)
    assert points_of(plan) == before


def test_numbers_are_read_as_a_table_writes_them(open_plan: OpenPlan, plan: Plan) -> None:
    """With a decimal comma, a minus as it is printed, a number in front, empty lines between."""
    from playwright.sync_api import expect

    page = open_plan()
    x, y = place(page, "8")
    paste(page, f"no.;right;up\r\n1;−{abs(x):.1f};{y - 2:.1f}\r\n\r\n2;{x + 2:.1f};{y - 2:.1f}".replace(".", ","))
    expect(page.locator(".ed-note")).to_contain_text("Added 2")
    settled(page)
    added = [name for name, point in points_of(plan).items() if point["origin"] == "added"]
    (first, second) = (place(page, name) for name in added)
    assert first == pytest.approx((round(x, 1), round(y - 2, 1)), abs=0.06)
    assert second == pytest.approx((round(x + 2, 1), round(y - 2, 1)), abs=0.06)


def test_what_cannot_be_added_is_told_and_nothing_is_added(open_plan: OpenPlan, plan: Plan) -> None:
    from playwright.sync_api import expect

    page = open_plan()
    before = points_of(plan)
    x, y = place(page, "8")
    refusal, drawn = page.locator(".ed-refusal"), page.locator(".front .ed-point").count()

    paste(page, "\n".join([f"{x:.2f} {y:.2f}"] * 1001))
    expect(page.locator("#say")).to_have_text("1001 points are too many at once: the most is 1000. Nothing was added.")

    paste(page, "\n".join(f"{x + index % 40 / 10:.2f} {y + index // 40 / 10:.2f}" for index in range(1000)))
    expect(refusal).to_contain_text("1000")
    settled(page)
    assert points_of(plan) == before, "with the points that are there it would be more than a zone takes"
    expect(page.locator(".front .ed-point")).to_have_count(drawn)

    paste(page, f"{x:.2f} {y:.2f}\n300 300\n-300 20")
    expect(refusal).to_contain_text("2 of 3 places lie beside the face. Nothing was added.")
    paste(page, "300 300")
    expect(refusal).to_contain_text("The place lies beside the face. Nothing was added.")
    settled(page)

    paste(page, "point 8, malar")
    expect(page.locator("#say")).to_have_text(
        "Nothing to paste: two numbers a line are wanted, mm right and mm up in the large view."
    )
    assert points_of(plan) == before
    refusal.get_by_role("button", name="Close").click()
    expect(refusal).to_be_hidden()
    page.mouse.click(*ring(page, "5"))
    expect(page.locator(".ed-words")).to_contain_text("Point 5 selected")
