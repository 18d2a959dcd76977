"""Today in a browser: asks again each minute, holds still under a hand, speaks a new alert, is walked by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.patients.models import Patient
from tests.clinic.axe import found_by_axe
from tests.clinic.test_planned_days import change, schedule, signed

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = 61_000


@pytest.fixture
def open_today(
    browser: Browser, live_server: Any, browser_of: Callable[[str], Client], patient: Patient, dermatologist: User
) -> Iterator[Callable[..., Page]]:
    """Today of somebody, with a clock that the test moves; one plan sets sessions today and in two days."""
    signed(patient, dermatologist, schedule(0, 2))
    contexts = []

    def open_(role: str = "nurse", size: tuple[int, int] = (1440, 900), look: Any = "light") -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": size[0], "height": size[1]}, color_scheme=look
        )
        contexts.append(context)
        session = browser_of(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.clock.install()
        page.goto("/today")
        page.wait_for_function("window.htmx")
        return page

    yield open_
    for context in contexts:
        context.close()


def a_minute_later(page: Page) -> int:
    """The clock moves on; the status of what the page asked."""
    with page.expect_response("**/today?**") as answer:
        page.clock.fast_forward(MINUTE)
    return answer.value.status


def test_it_asks_each_minute_and_speaks_what_is_new(
    open_today: Callable[..., Page], patient: Patient, dermatologist: User
) -> None:
    from playwright.sync_api import expect

    page = open_today()
    row = page.locator("#today tr").nth(2).element_handle()
    assert a_minute_later(page) == 204
    assert row is not None
    assert row.evaluate("each => each.isConnected")  # nothing was put anew
    change(patient, dermatologist, {"weight": 70})
    assert a_minute_later(page) == 200
    expect(page.get_by_role("heading", name="Stops work")).to_be_visible()
    expect(page.locator("#say")).to_contain_text("1 new alert: Lefèvre, Camille.")
    assert a_minute_later(page) == 204


def test_it_holds_still_while_a_menu_is_open_or_a_row_has_the_focus(
    open_today: Callable[..., Page], patient: Patient, dermatologist: User
) -> None:
    from playwright.sync_api import expect

    page = open_today()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/today?" in request.url else None)
    change(patient, dermatologist, {"weight": 70})
    page.locator("details.person summary").click()
    page.clock.fast_forward(MINUTE)
    page.keyboard.press("Escape")
    page.locator("#today td.name a").first.focus()
    page.clock.fast_forward(MINUTE)
    page.wait_for_timeout(200)
    assert asked == []
    page.locator("#today td.name a").first.blur()
    assert a_minute_later(page) == 200
    expect(page.get_by_role("heading", name="Stops work")).to_be_visible()


def test_arrows_go_through_all_rows_and_enter_opens(open_today: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = open_today("front_desk")
    links = page.locator("#today td.name a")
    expect(links).to_have_count(2)
    links.first.focus()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(links.first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/patients/P*")


@pytest.mark.parametrize("role", ["dermatologist", "pharmacist", "front_desk"])
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(
    open_today: Callable[..., Page], patient: Patient, dermatologist: User, role: str
) -> None:
    change(patient, dermatologist, {"weight": 70})
    for size, look in (((1440, 900), "light"), ((1024, 768), "dark"), ((320, 640), "light")):
        page = open_today(role, size, look)
        assert found_by_axe(page) == [], size
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, size
