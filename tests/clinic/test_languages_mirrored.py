"""Pages that are read from right to left: styles say start and end, and nothing runs over the edge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

import mesoplan.clinic as clinic
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.patients.models import Patient
from tests.clinic.axe import found_by_axe
from tests.clinic.made_up_locale import CODE, MIRRORED, in_made_up_language

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

STYLES = sorted(Path(clinic.__file__).parent.rglob("static/**/*.css"))
# "margin-left: 1rem", "text-align: right", "left: 0", and four sides of which the second and fourth differ.
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)[\w-]*"
    r"|border-(?:top|bottom)-(?:left|right)-radius|left|right)\s*:"
    r"|(?:text-align|float|clear|justify-content|justify-items|justify-self)\s*:\s*(?:left|right)\b",
)
FOUR_SIDES = re.compile(
    r"(?<![\w-])(?:margin|padding|inset|border-width)\s*: *([^\s;}]+) ([^\s;}]+) ([^\s;}]+) ([^\s;}]+)"
)
# Faces, maps and syringes are drawn as they are seen: they are never mirrored. What a file may say, by its name.
AS_SEEN: dict[str, set[str]] = {
    "courses.css": {"border-width: 0 1.5px 1.5px 0"},  # a corner that is turned to be an arrow
    "plan.css": {"border-width: 0 1.5px 1.5px 0"},
}


def physical(style: str) -> list[str]:
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    sided = [match.group() for match in FOUR_SIDES.finditer(style) if match[2] != match[4]]
    return [match.group() for match in PHYSICAL.finditer(style)] + sided


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_says_start_and_end(path: Path) -> None:
    assert set(physical(path.read_text(encoding="utf-8"))) - AS_SEEN.get(path.name, set()) == set()


@pytest.mark.parametrize(
    ("style", "found"),
    [
        ("a { margin-left: 1rem; }", True),
        ("a { left: 0 }", True),
        ("a { text-align: right; }", True),
        ("a { margin: 0 1rem 0 0; }", True),
        ("a { border-top-left-radius: 2px }", True),
        ("a { margin-inline-start: 1rem; text-align: end; margin: 0 1rem 2rem 1rem; }", False),
        ("/* left: 0 */ a { inset-inline-start: 0 }", False),
    ],
)
def test_a_style_with_sides_is_noticed(style: str, found: bool) -> None:
    assert bool(physical(style)) is found


@contextmanager
def read_by(person: User, language: str, browser: Browser, live_server: Any) -> Iterator[Page]:
    """A page of somebody who is logged in and reads this language."""
    User.objects.filter(pk=person.pk).update(language=language)
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
    client = Client()
    client.force_login(person)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    yield context.new_page()
    context.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "direction"), [(CODE, "ltr"), (MIRRORED, "rtl")])
def test_longer_words_and_mirrored_pages_stay_within_the_edge(
    browser: Browser, live_server: Any, manager: User, patient: Patient, language: str, direction: str
) -> None:
    paths = ["/today", "/patients", f"/patients/{patient.ref}", "/audit", "/settings", "/settings/people", "/me/keys"]
    with in_made_up_language(language), read_by(manager, language, browser, live_server) as page:
        for path in paths:
            page.goto(path)
            assert page.evaluate("getComputedStyle(document.documentElement).direction") == direction
            assert "⟦" in page.inner_text("body")
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wider == 0, path


@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing_in_french(browser: Browser, live_server: Any, manager: User, patient: Patient) -> None:
    with read_by(manager, "fr", browser, live_server) as page:
        for path in ("/today", f"/patients/{patient.ref}", "/audit", "/evidence/compounds/tranexamic-acid"):
            page.goto(path)
            assert found_by_axe(page) == [], path
        page.locator("details.person summary").click()
        page.locator("form[action='/log-out'] button").click()
        page.wait_for_url("**/log-in")
        assert page.locator("html").get_attribute("lang") == "en"  # the browser's: nobody chose one on this device
