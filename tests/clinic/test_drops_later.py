"""What is left of a lattice hours later: at hours that tell something by themselves, or at those that are typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BrowserOf = Callable[[str], Client]
HIGHEST = re.compile(r"Highest there, about <?([\d.]+) %")


@pytest.fixture
def nurse(browser_of: BrowserOf) -> Client:
    return browser_of("nurse")


def read(nurse: Client, address: str, *, status: int = 200) -> str:
    """What is read on a page, without marks."""
    answer = nurse.get(address)
    assert answer.status_code == status
    page = unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return " ".join(page.replace("\u00a0", " ").split())


def test_each_hour_has_its_figures_with_intervals(nurse: Client) -> None:
    page = read(nurse, "/drops/later?angle=12")
    assert re.findall(r"After ([\d.]+) h", page) == ["0.5", "1", "4", "8"]
    assert len(re.findall(r"Left in the skin \d+ % \([\d.]+–[\d.]+\)", page)) == 4
    assert len(re.findall(r"In the dermis, mean [\d.]+ % \(<?[\d.]+–[\d.]+\)", page)) == 4
    highest = [float(one) for one in HIGHEST.findall(page)]
    assert len(highest) == 4
    assert highest == sorted(highest, reverse=True)
    assert "Says where the liquid is, not what it does." in page


def test_what_stays_for_days_is_looked_at_after_days(nurse: Client) -> None:
    page = read(nurse, "/drops/later?angle=12&solute=hyaluronic-acid")
    assert re.findall(r"After (\d+) h", page) == ["8", "24", "72", "168"]


@pytest.mark.parametrize(
    ("typed", "seen"),
    [("2", ["2"]), ("24 0.5", ["0.5", "24"]), ("0,5; 2", ["0.5", "2"]), ("3 h", None), ("2 2", ["2"])],
)
def test_hours_may_be_typed_in_any_order(typed: str, seen: list[str] | None, nurse: Client) -> None:
    address = f"/drops/later?angle=12&hours={typed.replace(';', '%3B')}"
    if seen is None:
        assert nurse.get(address).status_code == 422
    else:
        assert re.findall(r"After ([\d.]+) h", read(nurse, address)) == seen


@pytest.mark.parametrize("typed", ["0", "-1", "0.01", "2000", "soon", "1 2 3 4 5", "nan", "1e9", "1 2 x"])
def test_hours_that_are_none_are_refused_at_their_field_and_kept(typed: str, nurse: Client) -> None:
    answer = nurse.get("/drops", {"hours": typed})
    page = " ".join(unescape(answer.content.decode()).split())
    assert answer.status_code == 422
    assert f"Up to 4 times with spaces between them, each 0.1 to 1 000 h. You wrote {typed}." in page
    assert f'name="hours" value="{typed}"' in page


def test_the_page_without_scripts_holds_it_too(nurse: Client) -> None:
    assert "After 0.5 h" in read(nurse, "/drops?whole=1")
    assert "After 0.5 h" not in read(nurse, "/drops")


@pytest.mark.django_db(transaction=True)
def test_it_comes_by_itself_and_follows_what_is_typed(
    browser: Browser, live_server: Any, browser_of: BrowserOf, people: Any
) -> None:
    from playwright.sync_api import expect

    context = browser.new_context(base_url=live_server.url)
    cookie = browser_of("nurse").cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto("/drops?angle=12")
    later = page.get_by_role("region", name="What is in the dermis hours later")
    expect(later.get_by_role("heading", name="After 8 h")).to_be_visible(timeout=30_000)
    expect(later.get_by_role("img")).to_have_count(4)
    page.get_by_role("textbox", name="Looked at after").fill("0.25 3")
    expect(later.get_by_role("heading", name="After 3 h")).to_be_visible()
    expect(later.get_by_role("img")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"hours=0\.25\+3"))
    expect(page.get_by_role("textbox", name="Looked at after")).to_be_focused()
    context.close()
