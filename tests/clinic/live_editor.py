"""A plan's page opened in a browser by somebody who is logged in: fixtures and acts that the tests of the editor share.

The log-in page is left out: its tests are elsewhere, and each page opens a second sooner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from mesoplan.clinic.courses.models import Assessment, Plan
from tests.clinic.case_documents import melasma_case
from tests.clinic.plans import plan_address, started
from tests.clinic.test_editor_in_browser import WIDTHS, drag, ring, settled

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, Locator, Page

__all__ = [
    "BrowserOf",
    "OpenPlan",
    "case",
    "drag",
    "field",
    "middle",
    "open_plan",
    "plan",
    "ring",
    "select",
    "settled",
    "value_of",
]
BrowserOf = Callable[[str], "Client"]
OpenPlan = Callable[..., "Page"]


@pytest.fixture
def case() -> dict[str, Any]:
    """Two zones of the face, 12 points in each."""
    return melasma_case()


@pytest.fixture
def plan(browser_of: BrowserOf, assessment: Assessment) -> Plan:
    return started(browser_of("dermatologist"), assessment)


@pytest.fixture
def open_plan(browser: Browser, live_server: Any, browser_of: BrowserOf, plan: Plan) -> Iterator[OpenPlan]:
    """The plan's page of somebody who is logged in. An error of a script fails the test."""
    contexts, said = [], []

    def open_(
        role: str = "dermatologist", width: str = "desk", look: Any = "light", script: bool = True, **more: Any
    ) -> Page:
        wide, high = WIDTHS[width]
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": wide, "height": high},
            color_scheme=look,
            java_script_enabled=script,
            **more,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        session = browser_of(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(plan_address(plan))
        if script:
            page.wait_for_selector("#plan-editor.is-live")
            page.wait_for_selector(".ed-point")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert said == [], said


def select(page: Page, *numbers: str) -> None:
    """Click on points, with Shift on all but the first."""
    for index, number in enumerate(numbers):
        if index:
            page.keyboard.down("Shift")
        page.mouse.click(*ring(page, number))
        page.keyboard.up("Shift")


def field(page: Page, name: str, zone: str = "malar-right") -> Locator:
    """A field of a zone in the form that can be changed."""
    return page.locator(f"#id_{name}_{zone}")


def value_of(plan: Plan, name: str, zone: str = "malar-right") -> float:
    """A value of a zone as it is kept now."""
    plan.refresh_from_db()
    return float(next(one[name]["value"] for one in plan.plan["placements"] if one["zone"] == zone))


def middle(found: Locator) -> tuple[float, float]:
    """Where the middle of something is on the screen."""
    box = found.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
