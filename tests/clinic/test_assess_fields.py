"""What can be typed where, what is refused and in which words; and that unknown is never taken for no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mesoplan.clinic.assessments.questions import terms_of
from mesoplan.clinic.knowledge_base import current
from mesoplan.clinic.patients.models import Patient
from mesoplan.domain.writing import date_text

from .assessing import MELASMA, send, send_one, send_whole, stored, version_of

TODAY = timezone.localdate
YESTERDAY = (TODAY() - timedelta(days=1)).isoformat()
TOMORROW = (TODAY() + timedelta(days=1)).isoformat()
PEEL: dict[str, Any] = {"answer__peelXsuperficial": "yes"}


@pytest.fixture
def client(browser_of: Callable[[str], Client]) -> Client:
    return browser_of("dermatologist")


# field, what is typed, what the page says
BAD: list[tuple[str, str, str]] = [
    ("weight", "500", "Weight must be between 20 and 350 kg. You wrote 500."),
    ("weight", "-3", "Weight must be between 20 and 350 kg. You wrote -3."),
    ("weight", "heavy", "Weight must be one number in kg, such as 0.5 or 0,5. You wrote heavy."),
    ("face_width", "40", "Face width must be between 90 and 190 mm. You wrote 40."),
    ("area.thigh-outer-right", "0", "Area of Thigh, outer side, right must be between 0.5 and 4 000 cm². You wrote 0."),
    ("start", YESTERDAY, f"Wanted start must be today, {date_text(TODAY())}, or later."),
    ("start", "soon", "Wanted start must be a day of the calendar, such as 2026-11-30. You wrote soon."),
    ("start", "", "Enter a day for “Wanted start”, such as 30 Nov 2026."),
    ("on.peel-superficial", TOMORROW, f"The date must be today, {date_text(TODAY())}, or earlier."),
    ("on.peel-superficial", "0002-11-01x", "The date must be a day of the calendar"),
    ("words.peel-superficial", "x" * 201, "The note must have at most 200 characters. You wrote 201."),
    ("note", "x" * 2001, "The note must have at most 2000 characters. You wrote 2001."),
    ("score.masi.forehead.a", "7", "7 is no grade of A. Choose one of 0, 1, 2, 3, 4, 5, 6."),
]


@pytest.fixture
def begun(client: Client, patient: Patient) -> Patient:
    """An assessment with everything that the table types into."""
    send(client, patient, **MELASMA, **PEEL)
    send(client, patient, goal__0__zones=["malar-right", "malar-left", "forehead", "thigh-outer-right"], weight="62")
    return patient


@pytest.mark.parametrize(("field", "typed", "told"), BAD)
def test_bad_input_is_marked_kept_and_not_saved(
    field: str, typed: str, told: str, client: Client, begun: Patient
) -> None:
    before, version = stored(begun), version_of(begun)
    answer = send_one(client, begun, field, typed)
    said = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert told.replace(" ", "\u202f") in said.replace(" ", "\u202f")
    assert 'class="mend"' in said
    if len(typed) < 50 and not field.startswith("score"):
        assert f'value="{typed}"' in said
    assert (stored(begun), version_of(begun)) == (before, version)


@pytest.mark.parametrize(("field", "typed", "told"), [row for row in BAD if row[1]])
def test_without_script_nothing_is_written_and_everything_typed_is_kept(
    field: str, typed: str, told: str, client: Client, begun: Patient
) -> None:
    before = stored(begun)
    whole = {"goal.0.aim": "melasma", "goal.0.zones": before["goals"][0]["zones"], "answer.peel-superficial": "yes"}
    answer = send_whole(client, begun, whole | {"answer.keloid": "yes", "weight": "64", field: typed})
    said = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "1 thing to mend. Nothing was saved." in said
    assert "<title>Error:" in said
    assert told.replace(" ", "\u202f") in said.replace(" ", "\u202f")
    assert 'name="answer.keloid" id="id_answer.keloid" value="yes" checked' in said
    if field != "weight":
        assert 'name="weight" value="64"' in said
    assert stored(begun) == before


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("weight", "62,5", "62.5 kg"),
        ("weight", "62 kg", "62 kg"),
        ("face_width", "13.8 cm", "138 mm"),
        ("face_width", "138", "138 mm"),
        ("phototype", "IV", "IV"),
    ],
)
def test_what_is_typed_becomes_a_quantity(field: str, typed: str, kept: str, client: Client, patient: Patient) -> None:
    assert send_one(client, patient, field, typed).status_code == 200
    assert stored(patient)["patient"][field] == kept


def test_an_emptied_field_is_not_asked_and_not_zero(client: Client, patient: Patient) -> None:
    send(client, patient, weight="62", phototype="III")
    send(client, patient, weight="", phototype="")
    assert stored(patient)["patient"].keys() == {"birth_date", "sex"}


def test_a_zone_named_twice_for_one_aim_is_refused(client: Client, patient: Patient) -> None:
    send(client, patient, **MELASMA)
    send(client, patient, act="add-goal")
    send(client, patient, goal__1__aim="melasma")
    answer = send(client, patient, goal__1__zones=["malar-right"])
    assert answer.status_code == 422
    assert "Malar, right is named twice: goal 1 has the same aim there." in answer.content.decode()
    assert stored(patient)["goals"][1]["zones"] == []


def test_a_field_that_no_form_has_is_refused_outright(client: Client, patient: Patient) -> None:
    assert send(client, patient, salary="1").status_code == 400


# -- Yes, no, not asked ------------------------------------------------------------------------------------------------


def test_nothing_chosen_is_not_asked_and_never_no(client: Client, patient: Patient) -> None:
    send(client, patient, **MELASMA)
    case = stored(patient)
    assert case.get("answers", {}) == {}
    assert all(not case.get(name) for name in ("conditions", "allergies", "medications", "procedures"))


def test_a_whole_form_with_every_question_open_answers_none(client: Client, patient: Patient) -> None:
    send(client, patient, **MELASMA)
    asked = {f"answer.{term.id}": "" for term in terms_of(stored(patient), current())}
    assert len(asked) > 60
    send_whole(client, patient, asked | {"goal.0.aim": "melasma", "goal.0.zones": ["malar-right"]})
    assert stored(patient).get("answers", {}) == {}


@pytest.mark.parametrize(
    ("term", "kept_in"),
    [
        ("keloid", "answers"),
        ("pregnancy", "answers"),
        ("allergy-fish", "allergies"),
        ("anticoagulant", "medications"),
        ("peel-superficial", "procedures"),
        ("cancer-history", "conditions"),
    ],
)
def test_yes_then_no_then_taken_back(term: str, kept_in: str, client: Client, patient: Patient) -> None:
    def answer(value: str) -> dict[str, Any]:
        send_one(client, patient, f"answer.{term}", value)
        return stored(patient)

    said = answer("yes")
    assert said[kept_in] == ({term: "yes"} if kept_in == "answers" else [{"id": term}])
    said = answer("no")
    assert said["answers"] == {term: "no"}
    assert not said.get(kept_in) or kept_in == "answers"
    said = answer("")
    assert said["answers"] == {}


def test_a_listed_code_answers_its_question_and_cannot_be_contradicted(client: Client, patient: Patient) -> None:
    send(client, patient, **MELASMA)
    send(client, patient, act="pick:atc:B01AF02")
    assert stored(patient)["medications"] == [{"id": "atc:B01AF02"}]
    answer = send(client, patient, answer__anticoagulant="no")
    assert answer.status_code == 422
    assert "atc:B01AF02 is listed and means this. Remove it from the list first." in answer.content.decode()
    send(client, patient, act="unpick:atc:B01AF02")
    assert stored(patient)["medications"] == []


def test_where_it_happened(client: Client, patient: Patient) -> None:
    send(client, patient, **MELASMA, **PEEL)
    send(client, patient, on__peelXsuperficial=YESTERDAY, where__peelXsuperficial=["malar-right"])
    assert stored(patient)["procedures"] == [{"id": "peel-superficial", "on": YESTERDAY, "zones": ["malar-right"]}]
    send(client, patient, where__peelXsuperficial=[])
    assert stored(patient)["procedures"] == [{"id": "peel-superficial", "on": YESTERDAY}]
