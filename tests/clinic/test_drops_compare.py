"""Where drops land: a setting is pinned, the next one stands beside it, and it is said whether they differ."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client


@pytest.fixture
def browser(browser_of: Callable[[str], Client]) -> Client:
    return browser_of("dermatologist")


def compared(browser: Client, pinned: dict[str, str], present: dict[str, str]) -> str:
    page = browser.get("/drops", {**present, "pin": urlencode(pinned), "whole": "1"}).content.decode()
    part = page[page.index('id="compares"') :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", part)).replace("\u00a0", " ").split())


def test_the_pin_holds_the_present_setting_in_the_address(browser: Client) -> None:
    page = unescape(browser.get("/drops", {"angle": "20", "spacing": "8"}).content.decode())
    assert 'href="/drops?angle=20&spacing=8&pin=angle%3D20%26spacing%3D8"' in page


def test_far_apart_against_close_differs(browser: Client) -> None:
    shallow = {"angle": "20", "length": "1.5"}
    said = compared(browser, {**shallow, "spacing": "12"}, {**shallow, "spacing": "8"})
    assert re.search(r"Present against pinned: \+\d+ points of coverage \(\+\d+ to \+\d+\)\. They differ\.", said)
    assert "30° " not in said[: said.index("Present 20°")]
    assert "20° × 1.5 mm, 0.02 mL every 12 mm" in said


def test_the_same_twice_cannot_be_told_apart(browser: Client) -> None:
    assert "0 points of coverage (0 to 0). They cannot be told apart." in compared(browser, {}, {})


def test_two_substances_are_not_compared(browser: Client) -> None:
    said = compared(browser, {"solute": "hyaluronic-acid"}, {})
    assert "Coverages of two substances are not compared" in said


def test_the_pin_is_taken_out(browser: Client) -> None:
    page = unescape(browser.get("/drops", {"angle": "20", "pin": "angle=30"}).content.decode())
    assert 'href="/drops?angle=20"' in page
    assert "Take the pin out" in page
