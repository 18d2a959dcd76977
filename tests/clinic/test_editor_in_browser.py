"""The live editor in a browser: by mouse, by touch and by keys alone; stale figures, lost networks, two people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.models import Assessment, Plan
from tests.clinic.case_documents import melasma_case
from tests.clinic.editing import points_of
from tests.clinic.plans import plan_address, started

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)
BrowserOf = Callable[[str], "Client"]
WIDTHS = {"desk": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


@pytest.fixture
def plan(browser_of: BrowserOf, assessment: Assessment) -> Plan:
    return started(browser_of("dermatologist"), assessment)


@pytest.fixture
def editor(browser: Browser, live_server: Any, people: dict[Any, User], plan: Plan) -> Iterator[Callable[..., Page]]:
    """The plan's page of somebody who is logged in, live. An error of a script fails the test."""
    contexts, said = [], []

    def open_(role: str = "dermatologist", width: str = "desk", look: Any = "light", touch: bool = False) -> Page:
        wide, high = WIDTHS[width]
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": wide, "height": high}, color_scheme=look, has_touch=touch
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto("/log-in")
        page.get_by_label("E-mail").fill(f"{role}@clinic.test")
        page.get_by_label("Password").fill("a long enough phrase")
        page.get_by_role("button", name="Log in", exact=True).click()
        page.wait_for_url("**/today")
        page.goto(plan_address(plan))
        page.wait_for_selector("#plan-editor.is-live")
        page.wait_for_selector(".ed-point")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert said == []


def ring(page: Page, number: str, view: str = "front") -> tuple[float, float]:
    """Where the middle of a point is on the screen."""
    box = page.locator(f'[data-view="{view}"] .ed-point[data-id="{number}"] .mp-map-point-ring').bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def settled(page: Page) -> None:
    """Wait until no change is on its way."""
    page.wait_for_function("document.querySelector('#follows-inner').getAttribute('aria-busy') === null")


def drag(page: Page, number: str, right: float, down: float) -> None:
    x, y = ring(page, number)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2, steps=3)
    page.mouse.move(x + right, y + down, steps=3)
    page.mouse.up()


def test_a_point_is_dragged_removed_added_and_all_is_taken_back(editor: Callable[..., Page], plan: Plan) -> None:
    from playwright.sync_api import expect

    page = editor()
    before = points_of(plan)
    drag(page, "5", 9, 6)
    expect(page.locator(".ed-note")).to_contain_text("Moved 1")
    assert points_of(plan)["5"]["origin"] == "moved"
    assert points_of(plan)["5"]["at"] != before["5"]["at"]
    expect(page.locator(".ed-words")).to_contain_text("Point 5 selected · Malar, right")

    page.keyboard.press("x")
    expect(page.locator(".ed-note")).to_contain_text("Removed 1")
    assert "5" not in points_of(plan)
    expect(page.locator("#plan-acts")).to_contain_text("1 change")

    page.get_by_role("button", name="Undo: remove").click()
    expect(page.locator(".ed-note")).to_contain_text("Undone")
    page.locator("#ed-undo").click()
    expect(page.locator(".ed-note")).to_contain_text("Undone: move")
    settled(page)
    assert points_of(plan) == before
    page.locator("#ed-redo").click()
    expect(page.locator(".ed-note")).to_contain_text("Done again")

    page.locator(".ed-tools").get_by_role("button", name="Add").click()
    x, y = ring(page, "6")
    page.mouse.click(x + 14, y + 12)
    expect(page.locator(".ed-note")).to_contain_text("Added 1")
    assert len(points_of(plan)) == len(before) + 1
