"""Where drops land: whatever is typed or sent, the field says what it must hold, and no picture shows what is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.drops.fields import START, read_setting

MOVED = {"HX-Request": "true", "HX-Target": "drop", "HX-Trigger": "setting"}
BAD = [
    ("angle", "0", "At 0° the tip lies on the skin and nothing is injected. Allowed: 1 to 90°."),
    ("angle", "91", "You wrote 91. Allowed: 1 to 90°."),
    ("angle", "nan", "Angle must be one number in °, such as 0.5 or 0,5. You wrote nan."),
    ("angle", "", "Enter angle."),
    ("length", "0", "With 0 mm inserted the tip lies on the skin. Allowed: 0.1 to 4 mm."),
    ("length", "6", "This needle is 4 mm long. You wrote 6. Allowed: 0.1 to 4 mm."),
    ("length", "two", "Inserted must be one number in mm, such as 0.5 or 0,5. You wrote two."),
    ("volume", "0", "Without a volume there is no drop. Allowed: 0.001 to 0.5 mL."),
    ("volume", "-1", "You wrote -1. Allowed: 0.001 to 0.5 mL."),
    ("volume", "5", "You wrote 5. Allowed: 0.001 to 0.5 mL."),
    ("spacing", "0.5", "You wrote 0.5. Allowed: 1 to 40 mm."),
    ("spacing", "1e3", "Spacing must be one number in mm, such as 0.5 or 0,5. You wrote 1e3."),
    ("age", "7", "You wrote 7. Allowed: 18 to 100 years."),
    ("thickness", "50", "You wrote 50. Allowed: 0.5 to 8 mm."),
    ("zone", "moon", "There is no “moon” here. Choose one of the list."),
    ("needle", "18g", "There is no “18g” here. Choose one of the list."),
    ("solute", "gold", "There is no “gold” here. Choose one of the list."),
    ("pattern", "round", "There is no “round” here. Choose one of the list."),
]


@pytest.fixture
def browser(browser_of: Callable[[str], Client]) -> Client:
    return browser_of("dermatologist")


def words(page: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.decode())).replace("\u00a0", " ").split())


@pytest.mark.parametrize(("field", "typed", "told"), BAD)
def test_the_field_says_what_it_must_hold_and_keeps_what_was_typed(
    field: str, typed: str, told: str, browser: Client
) -> None:
    answer = browser.get("/drops", {field: typed})
    assert answer.status_code == 422
    page = words(answer.content)
    assert told in page
    assert "No picture: mend what is marked." in page
    assert typed in unescape(answer.content.decode())
    assert '<svg class="skin"' not in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "typed", "told"), [one for one in BAD if one[0] in START and one[0] not in ("zone",)]
)
def test_a_refused_move_leaves_the_last_picture_and_marks_it(
    field: str, typed: str, told: str, browser: Client
) -> None:
    answer = browser.get("/drops", {field: typed}, headers=MOVED)
    assert answer.status_code == 422
    assert answer["HX-Reswap"] == "none"
    page = answer.content.decode()
    assert "still those of the last values" in page
    assert '<svg class="skin"' not in page


def test_a_move_that_is_right_again_takes_the_marks_away(browser: Client) -> None:
    page = browser.get("/drops", {"angle": "20"}, headers=MOVED).content.decode()
    assert re.search(r'<p id="stale"[^>]*hx-swap-oob="true"></p>', page)
    assert re.search(r'id="error-angle"[^>]*></p>', page)


@pytest.mark.parametrize(
    "zone_and_needle",
    [("lips", "30g-13"), ("periorbital-right", "27g-13"), ("soles-right", "26g-4"), ("nose", "30g-13")],
)
def test_a_needle_longer_than_the_zone_is_deep_is_drawn_as_it_is(
    zone_and_needle: tuple[str, str], browser: Client
) -> None:
    zones = knowledge_base.current().zones
    zone, needle = zone_and_needle
    zone = zone if zone in zones else next(one for one in zones if one.startswith(zone.split("-")[0]))
    answer = browser.get("/drops", {"zone": zone, "needle": needle, "angle": "90", "length": "4", "whole": "1"})
    assert answer.status_code == 200
    assert "nan" not in words(answer.content).lower().split()


def test_skin_thinner_than_its_epidermis_is_refused(browser: Client) -> None:
    knowledge = knowledge_base.current()
    thick = max(
        (zone for zone in knowledge.zones.values()),
        key=lambda zone: max((row.high for row in zone.thickness if row.layer == "epidermis"), default=0.0),
    )
    answer = browser.get("/drops", {"zone": thick.id, "thickness": "0.5"})
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize("pin", ["", "x" * 5000, "angle=0", "zone=moon", "%00", "pin=pin%3Dpin"])
def test_whatever_is_pinned_the_page_stands(pin: str, browser: Client) -> None:
    assert browser.get("/drops", {"pin": pin, "whole": "1"}).status_code == 200
    assert browser.get("/drops/reach", {"pin": pin}).status_code == 200


def test_every_zone_and_needle_can_be_drawn_with_every_substance(browser: Client) -> None:
    knowledge = knowledge_base.current()
    for zone in knowledge.zones:
        page = browser.get("/drops", {"zone": zone}, headers=MOVED)
        assert page.status_code == 200, zone
        assert not re.search(r"\b(?:nan|inf)\b", page.content.decode(), re.IGNORECASE), zone
    for needle in knowledge.needles:
        assert browser.get("/drops", {"needle": needle, "length": "3"}, headers=MOVED).status_code == 200, needle


@given(
    typed=st.dictionaries(
        st.sampled_from(sorted(START)),
        st.one_of(
            st.text(max_size=60), st.floats().map(str), st.integers().map(str), st.sampled_from(sorted(START.values()))
        ),
    )
)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_sent_is_a_setting_or_says_why_not(typed: dict[str, str]) -> None:
    tried = read_setting(typed, knowledge_base.current())
    assert (tried.setting is None) == bool(tried.errors)
    urlencode(tried.texts)
