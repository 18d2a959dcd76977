"""Where drops land: a technique's published numbers are put into the fields, and where it really lands is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client


@pytest.fixture
def browser(browser_of: Callable[[str], Client]) -> Client:
    return browser_of("dermatologist")


def test_choosing_a_technique_fills_in_what_is_published(browser: Client) -> None:
    answer = browser.get(
        "/drops",
        {"technique": "papule-intradermal", "fill": "1"},
        headers={"HX-Request": "true", "HX-Target": "play", "HX-Trigger": "technique"},
    )
    page = answer.content.decode()
    assert re.search(r'name="angle" value="20"', page)
    assert re.search(r'name="volume" value="0\.06"', page)
    assert re.search(r'value="papule-intradermal" selected', page)
    assert "fill" not in answer["HX-Replace-Url"]


def test_techniques_of_the_zone_stand_with_the_chances_of_each_layer(browser: Client) -> None:
    page = unescape(browser.get("/drops").content.decode())
    table = page[page.index('class="data pairs tight named"') :]
    assert "Intradermal papule" in table
    assert "Point by point" not in table  # published for the body only
    rows = re.findall(r'data-label="(epidermis|dermis|fat)">([^<]+)<', table)
    assert len(rows) % 3 == 0
    assert len(rows) >= 30


def test_numbers_that_are_no_longer_the_published_ones_are_said_so(browser: Client) -> None:
    page = unescape(browser.get("/drops", {"technique": "papule-intradermal", "angle": "80"}).content.decode())
    assert "Intradermal papule is published as 1–2\u00a0mm deep at 10–30°; what is set lies outside." in page


def test_a_technique_that_nobody_knows_is_refused(browser: Client) -> None:
    assert browser.get("/drops", {"technique": "magic", "fill": "1"}).status_code == 422
