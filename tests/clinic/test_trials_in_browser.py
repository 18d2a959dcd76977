"""One study at every width: its figures are read without moving a table sideways, in the longest language too."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from mesoplan.clinic.accounts.models import User

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (1440, 1280, 1024, 820, 640, 360, 320)
"""The last two are a desk at 400 %."""
STUDIES = {"karrabi2021": "means and doubts", "muneeb2021": "patients by grade"}
OVER = """() => [document.documentElement, ...document.querySelectorAll(".scroll")]
  .map((each) => each.scrollWidth - each.clientWidth)"""


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_table_of_a_study_is_wider_than_its_frame(
    browser: Browser, live_server: Any, browser_of: Callable[[str], Client], language: str
) -> None:
    cookie = browser_of("dermatologist").cookies["sessionid"]
    User.objects.filter(role="dermatologist").update(language=language)
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    over = {}
    for study in STUDIES:
        page.goto(f"/evidence/trials/{study}")
        assert page.locator("html").get_attribute("lang") == language
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            over[study, width] = max(page.evaluate(OVER))
    context.close()
    assert {at: wide for at, wide in over.items() if wide > 0} == {}


def test_on_a_tablet_what_is_said_in_words_stands_under_the_figures(
    browser: Browser, live_server: Any, browser_of: Callable[[str], Client]
) -> None:
    cookie = browser_of("dermatologist").cookies["sessionid"]
    context = browser.new_context(base_url=live_server.url, viewport={"width": 820, "height": 1180})
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto("/evidence/trials/karrabi2021")
    row = page.locator("table.observations tbody tr").nth(1)
    mean, doubts = row.get_by_text("7.03 ± 3.19").bounding_box(), row.locator(".doubts").bounding_box()
    before = row.locator(".doubts").evaluate("each => getComputedStyle(each, '::before').content")
    context.close()
    assert mean is not None
    assert doubts is not None
    assert doubts["y"] >= mean["y"] + mean["height"]
    assert doubts["width"] > 700
    assert before == '"Doubts"'
