"""The assessment in Chromium: scores by keys, each change saved by itself, two people, nothing for axe to find."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from mesoplan.clinic.patients.models import Patient
from tests.clinic.axe import found_by_axe

from .assessing import stored

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = {"desk": (1440, 900), "tablet": (1024, 768), "phone": (390, 844), "narrow": (320, 640)}
REFUSALS = ("status of 409", "status of 422")  # a browser reports an answer that the page expects


@pytest.fixture
def open_page(
    browser: Browser, live_server: Any, browser_of: Callable[[str], Client], patient: Patient
) -> Iterator[Callable[..., Page]]:
    """The assessment, opened by somebody. Any error in the console fails the test."""
    contexts, said = [], []

    def open_(role: str = "dermatologist", width: str = "desk", look: Any = "light") -> Page:
        wide, high = WIDTHS[width]
        size: Any = {"width": wide, "height": high}
        context = browser.new_context(
            base_url=live_server.url, viewport=size, color_scheme=look, has_touch=width != "desk"
        )
        contexts.append(context)
        session = browser_of(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"/patients/{patient.ref}/assess")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [text for text in said if not any(expected in text for expected in REFUSALS)] == []


def choose_melasma(page: Page) -> None:
    from playwright.sync_api import expect

    page.get_by_label("Aim").select_option("melasma")
    expect(page.locator("#sheet-masi")).to_be_visible()
    for zone in ("malar-right", "malar-left", "forehead"):  # faster than one answer comes back
        page.locator(f"[name='goal.0.zones'][value={zone}]").check(force=True)
    expect(page.locator("#q-lymphoedema-limb")).to_have_count(0)  # a question of the body, gone with the answer


def test_masi_by_keys(open_page: Callable[..., Page], patient: Patient) -> None:
    from playwright.sync_api import expect

    page = open_page()
    choose_melasma(page)
    page.locator("[id='id_score.masi.forehead.a.0']").focus()
    page.keyboard.type("322432")
    expect(page.locator("[id='id_score.masi.malar_left.a.0']")).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator("#live")).to_contain_text("Chin: A, D, H missing.")
    expect(page.locator("#live")).to_contain_text("not complete")
    page.locator("[id='id_score.masi.chin.a.0']").focus()
    page.keyboard.type("221")
    expect(page.locator("#live")).to_contain_text("16.2 of 48")
    expect(page.locator("#live")).to_contain_text("9.4 of 24")
    items = stored(patient)["scores"][0]["items"]
    assert items["malar_left"] == items["malar_right"] == {"a": 4, "d": 3, "h": 2}
    assert set(stored(patient)["goals"][0]["zones"]) == {"malar-right", "malar-left", "forehead"}


def test_a_key_that_is_no_grade_changes_nothing(open_page: Callable[..., Page], patient: Patient) -> None:
    from playwright.sync_api import expect

    page = open_page()
    choose_melasma(page)
    page.locator("[id='id_score.masi.forehead.d.0']").focus()
    page.keyboard.press("6")
    page.keyboard.press("4")
    expect(page.locator("#live")).to_contain_text("(4 + ?)")
    assert stored(patient)["scores"][0]["items"] == {"forehead": {"d": 4}}


def test_a_bad_weight_is_marked_kept_and_mended(open_page: Callable[..., Page], patient: Patient) -> None:
    from playwright.sync_api import expect

    page = open_page()
    page.get_by_label("Weight", exact=True).fill("500")
    page.keyboard.press("Tab")
    expect(page.locator("#unit-weight")).to_contain_text("Weight must be between 20 and 350 kg. You wrote 500.")
    expect(page.locator("#id_weight")).to_have_value("500")
    page.locator("#id_weight").fill("62,5")
    page.keyboard.press("Tab")
    expect(page.locator("#unit-weight .mend")).to_have_count(0)
    assert stored(patient)["patient"]["weight"] == "62.5 kg"


def test_a_year_that_is_still_typed_is_not_taken_for_a_date(open_page: Callable[..., Page], patient: Patient) -> None:
    from playwright.sync_api import expect

    page = open_page()
    page.locator("[id='id_answer.peel-superficial']").check(force=True)
    date = page.locator("[id='id_on.peel-superficial']")
    date.focus()
    page.keyboard.type("11162025")
    expect(page.locator("#finding-wait-peel-superficial")).to_have_count(0)
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    assert stored(patient)["procedures"] == [{"id": "peel-superficial", "on": "2025-11-16"}]
    expect(page.locator("#q-peel-superficial .mend")).to_have_count(0)


def test_no_to_a_group_and_undo_keep_the_focus(open_page: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = open_page()
    page.get_by_role("button", name=re.compile("^Answer No to the .* still open")).nth(2).click()
    expect(page.locator("#act-allergy")).to_have_text("Undo")
    expect(page.locator("#act-allergy")).to_be_focused()
    expect(page.locator("#count-allergy")).to_contain_text("0 open")
    page.keyboard.press("Enter")
    expect(page.locator("#act-allergy")).to_contain_text("still open")


def test_two_people(open_page: Callable[..., Page], patient: Patient) -> None:
    from playwright.sync_api import expect

    alma = open_page()
    choose_melasma(alma)
    expect(alma.locator("#standing")).to_contain_text("Saved")
    alma.wait_for_load_state("networkidle")
    bruno = open_page("nurse")
    bruno.locator("#id_weight").fill("70")
    bruno.keyboard.press("Tab")
    expect(bruno.locator(".strip")).to_contain_text("70 kg")
    alma.locator("#id_weight").fill("65")
    alma.keyboard.press("Tab")
    expect(alma.locator("#overtaken")).to_contain_text("Bruno Sala saved at")
    expect(alma.locator("#id_weight")).to_have_value("65")
    alma.get_by_role("button", name="Save mine over it").click()
    expect(alma.locator("#overtaken .overtaken")).to_have_count(0)
    expect(alma.locator("#id_weight")).to_have_value("65")
    assert stored(patient)["patient"]["weight"] == "65 kg"
    assert stored(patient)["goals"][0]["aim"] == "melasma"


def test_listed_by_code(open_page: Callable[..., Page], patient: Patient) -> None:
    from playwright.sync_api import expect

    page = open_page()
    page.get_by_label("Medicine, condition, allergy, procedure").fill("b01af02")
    page.get_by_role("button", name="List atc:B01AF02").click()
    expect(page.locator("#q-anticoagulant")).to_contain_text("Yes, because atc:B01AF02 is listed below.")
    assert stored(patient)["medications"] == [{"id": "atc:B01AF02"}]


def test_proposing_saves_the_field_that_was_just_typed(open_page: Callable[..., Page], patient: Patient) -> None:
    page = open_page()
    choose_melasma(page)
    page.locator("#id_weight").fill("62")
    page.get_by_role("button", name="Propose plans").click()
    page.wait_for_url("**/proposals")
    assert stored(patient)["patient"]["weight"] == "62 kg"


@pytest.mark.parametrize("width", list(WIDTHS))
def test_no_page_scrolls_sideways(open_page: Callable[..., Page], width: str) -> None:
    page = open_page(width=width)
    page.get_by_label("Aim").select_option("melasma")
    page.wait_for_selector("#sheet-masi")
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width][0]


def test_axe_finds_nothing(open_page: Callable[..., Page]) -> None:
    found = []
    for width, look in (("desk", "light"), ("desk", "dark"), ("phone", "light")):
        page = open_page(width=width, look=look)
        if width == "desk" and look == "light":
            choose_melasma(page)
            page.locator("[id='id_answer.peel-superficial']").check(force=True)
            page.locator("#id_weight").fill("500")
            page.keyboard.press("Tab")
            page.wait_for_selector("#unit-weight .mend")
        found += [(width, look, line) for line in found_by_axe(page)]
        page.context.close()
    assert found == []
