"""What only a browser can show: scripts under the content policy, swaps, steppers, keys, both looks, every width."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from mesoplan.clinic.patients.models import Patient

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, Page

WIDTHS = {"desk": (1440, 900), "tablet": (1024, 768), "upright": (768, 1024), "phone": (390, 844), "narrow": (320, 640)}


OVER = """() => [...document.querySelectorAll("main .panel > table")]
    .filter((table) => table.scrollWidth > table.parentElement.clientWidth)
    .map((table) => table.outerHTML.slice(0, 120))"""


@pytest.fixture
def open_page(
    browser: Browser, live_server: Any, browser_of: Callable[[str], Client], patient: Patient
) -> Iterator[Callable[..., Page]]:
    """A page of somebody who is logged in. Any message of the console and any error fails the test."""
    contexts, said = [], []

    def open_(path: str, role: str = "nurse", width: str = "desk", look: Any = "light") -> Page:
        wide, high = WIDTHS[width]
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": wide, "height": high},
            color_scheme=look,
            has_touch=width != "desk",
        )
        contexts.append(context)
        session = browser_of(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert said == []


@pytest.mark.django_db(transaction=True)
def test_search_swaps_the_rows_and_the_address_keeps_the_query(open_page: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = open_page("/patients")
    page.keyboard.press("/")
    page.keyboard.type("zzz")
    expect(page.locator("#results")).to_contain_text("Nobody found for ‘zzz’")
    page.get_by_role("searchbox", name=re.compile("^Name, date")).fill("lefev 1985")
    expect(page.get_by_role("link", name="Lefèvre, Camille")).to_be_visible()
    expect(page).to_have_url(re.compile(r"q=lefev\+1985|q=lefev%201985"))
    expect(page.locator("#say")).to_have_text("1 patient")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/patients/P*")
    expect(page).to_have_title("LC · Mesoplan")


@pytest.mark.django_db(transaction=True)
def test_a_number_with_its_unit(open_page: Callable[..., Page], settings: Any) -> None:
    from playwright.sync_api import expect

    settings.DEMO = True
    page = open_page("/settings/components")
    field = page.locator("#id_volume")
    page.get_by_role("button", name="Volume per point: more").first.click()
    expect(field).to_have_value("0.05")
    page.get_by_role("button", name="Volume per point: more").first.click()
    expect(field).to_have_value("0.05")  # steps end at the range
    field.press("ArrowDown")
    expect(field).to_have_value("0.04")
    field.press("PageDown")
    expect(field).to_have_value("0.01")
    field.fill("40 uL")
    field.blur()
    expect(field).to_have_value("0.04")
    expect(page.locator("#id_volume-hint")).to_contain_text("40 uL read as 0.04 mL.")
    field.fill("0,9")
    field.blur()
    expect(field).to_have_value("0,9")  # out of range is kept, never clamped


@pytest.mark.django_db(transaction=True)
def test_a_dialog_gives_focus_back(open_page: Callable[..., Page], settings: Any) -> None:
    from playwright.sync_api import expect

    settings.DEMO = True
    page = open_page("/settings/components")
    opener = page.get_by_role("button", name="Open", exact=True)
    opener.click()
    expect(page.get_by_role("dialog", name="Void this plan?")).to_be_visible()
    expect(page.get_by_label("Why is it void?")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


@pytest.mark.django_db(transaction=True)
def test_the_look_is_that_of_the_device_until_it_is_chosen(open_page: Callable[..., Page]) -> None:
    page = open_page("/today", look="dark")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(ground) == "rgb(14, 20, 23)"
    page.locator("details.person summary").click()
    page.get_by_role("button", name="Light").click()
    page.wait_for_load_state()
    assert page.evaluate(ground) == "rgb(238, 242, 243)"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways(open_page: Callable[..., Page], patient: Patient, settings: Any, width: str) -> None:
    settings.DEMO = True
    page = open_page("/today", role="manager", width=width)
    paths = [
        "/today",
        "/patients",
        f"/patients/{patient.ref}",
        "/audit",
        "/settings",
        "/settings/people",
        "/settings/people/new",
    ]
    for path in [*paths, "/settings/components"]:
        page.goto(path)
        for each in page.locator("main details").all()[:3]:
            each.locator("summary").click()
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider == 0, path
        # A table that is wider than its panel says so by a frame of its own that scrolls.
        over = page.evaluate(OVER)
        assert over == [], path
