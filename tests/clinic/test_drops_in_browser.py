"""Where drops land, as it is played with: sliders by keys, typed numbers, what is wrong, the pin, and no script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from mesoplan.clinic.accounts.models import User

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)

SLOW = 30_000
"""The first lattice loads the compiled code, on a machine that does other things as well."""


@pytest.fixture
def open_page(
    browser: Browser, live_server: Any, browser_of: Callable[[str], Client], people: dict[Any, User]
) -> Iterator[Callable[..., Page]]:
    """The page as a nurse has it; any error of a script fails the test."""
    contexts, errors = [], []

    def open_(address: str = "/drops", **more: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900}, **more)
        cookie = browser_of("nurse").cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert errors == []


def test_a_slider_moved_by_keys_moves_the_drop(open_page: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = open_page()
    before = page.locator("#drop svg.skin .needle").get_attribute("points")
    page.get_by_role("slider", name="Angle").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", name="Forehead: 30 G, 4 mm at 28° × 4.0 mm")).to_be_visible()
    expect(page.get_by_role("textbox", name="Angle")).to_have_value("28")
    expect(page.get_by_role("slider", name="Angle")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/drops\?angle=28$"))
    assert page.locator("#drop svg.skin .needle").get_attribute("points") != before
    expect(page.locator("#reach .chance .range")).to_have_text(re.compile(r"\(\d+–\d+\)"), timeout=SLOW)
    expect(page.locator("[data-say]")).to_have_text(re.compile(r"Tip 1\.9\smm deep; dermis: \d+"))


def test_a_typed_number_moves_the_slider_and_a_wrong_one_keeps_the_picture(open_page: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = open_page()
    typed = page.get_by_role("textbox", name="Spacing")
    typed.fill("8")
    expect(page).to_have_url(re.compile("spacing=8"))
    expect(page.get_by_role("slider", name="Spacing")).to_have_value("8")
    heading = page.get_by_role("heading", name="Forehead: 30 G, 4 mm at 30° × 4.0 mm")
    angle = page.get_by_role("textbox", name="Angle")
    angle.fill("0")
    expect(page.get_by_text("At 0° the tip lies on the skin and nothing is injected")).to_be_visible()
    expect(page.locator("#stale")).to_contain_text("still those of the last values")
    expect(angle).to_have_value("0")
    expect(angle).to_have_attribute("aria-invalid", "true")
    expect(heading).to_be_visible()
    angle.fill("20")
    expect(page.locator("#stale")).to_be_empty()
    expect(page.get_by_role("heading", name="Forehead: 30 G, 4 mm at 20° × 4.0 mm")).to_be_visible()
    expect(angle).to_have_attribute("aria-invalid", "false")


def test_the_other_position_is_set_by_its_button_and_back_leads_back(open_page: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = open_page()
    page.get_by_role("link", name=re.compile(r"^Set \d+° × \d")).first.click()
    expect(page.get_by_text("No position of this needle gives the dermis a greater chance.")).to_be_visible()
    expect(page.get_by_role("slider", name="Inserted")).not_to_have_value("4")
    page.go_back()
    expect(page.get_by_role("heading", name="Forehead: 30 G, 4 mm at 30° × 4.0 mm")).to_be_visible()


def test_what_is_pinned_stands_beside_the_next_setting(open_page: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = open_page("/drops?angle=20&length=1.5")
    page.get_by_role("link", name="Pin this to compare").click()
    expect(page.get_by_text("They cannot be told apart.")).to_be_visible()
    page.get_by_role("textbox", name="Spacing").fill("6")
    expect(page.get_by_text("They differ.")).to_be_visible()
    expect(page.locator("#compare svg.skin")).to_have_count(2)


def test_another_needle_ends_the_slider_elsewhere(open_page: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = open_page()
    page.get_by_label("Size").focus()
    page.get_by_label("Size").select_option("30g-13")
    expect(page.get_by_role("slider", name="Inserted")).to_have_attribute("max", "13")
    expect(page.get_by_label("Size")).to_be_focused()


def test_without_scripts_a_button_shows_it_all(open_page: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = open_page(java_script_enabled=False)
    page.locator("#angle").fill("15")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Forehead: 30 G, 4 mm at 15° × 4.0 mm")).to_be_visible()
    expect(page.locator("#reach .chance .range")).to_have_text(re.compile(r"\(\d+–\d+\)"), timeout=SLOW)
