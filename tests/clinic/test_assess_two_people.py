"""Two people on one assessment: the second is told who saved and when; nothing is overwritten, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from mesoplan.clinic.courses.models import Assessment
from mesoplan.clinic.patients.models import Patient

from .assessing import MELASMA, send, send_whole, stored, version_of


@pytest.fixture
def alma(browser_of: Callable[[str], Client]) -> Client:
    return browser_of("dermatologist")


@pytest.fixture
def bruno(browser_of: Callable[[str], Client]) -> Client:
    return browser_of("nurse")


def test_the_second_is_told_and_both_versions_are_shown(alma: Client, bruno: Client, patient: Patient) -> None:
    send(alma, patient, **MELASMA)
    opened = version_of(patient)
    send(bruno, patient, weight="70", version=opened)
    answer = send(alma, patient, weight="65", version=opened)
    said = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "Bruno Sala saved at " in said
    assert "Yours is kept here." in said
    assert "70 kg" in said
    assert "65 kg" in said
    assert answer.headers["HX-Reswap"] == "none"
    assert stored(patient)["patient"]["weight"] == "70 kg"


def test_saving_mine_over_it_changes_my_field_and_no_other(alma: Client, bruno: Client, patient: Patient) -> None:
    send(alma, patient, **MELASMA)
    opened = version_of(patient)
    send(bruno, patient, weight="70", phototype="IV", version=opened)
    now = version_of(patient)
    sent = {"version": [str(opened), str(now)], "changed": ["weight"], "weight": "65", "phototype": ""}
    answer = alma.post(f"/patients/{patient.ref}/assess", sent)
    assert answer.status_code == 302
    assert stored(patient)["patient"]["weight"] == "65 kg"
    assert stored(patient)["patient"]["phototype"] == "IV"


def test_without_script_the_whole_form_is_kept(alma: Client, bruno: Client, patient: Patient) -> None:
    send(alma, patient, **MELASMA)
    opened = version_of(patient)
    send(bruno, patient, weight="70", version=opened)
    whole = {"goal.0.aim": "melasma", "goal.0.zones": ["chin"], "weight": "65", "note": "Seen in October"}
    answer = send_whole(alma, patient, whole, version=opened)
    said = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "Seen in October" in said
    assert 'name="weight" value="65"' in said
    assert stored(patient)["patient"]["weight"] == "70 kg"
    assert "note" not in stored(patient)


def test_two_people_who_both_begin_fill_one_assessment(alma: Client, bruno: Client, patient: Patient) -> None:
    send(bruno, patient, weight="70", version=0)
    answer = send(alma, patient, weight="65", version=0)
    assert answer.status_code == 409
    assert Assessment.objects.count() == 1


def test_a_bad_value_of_the_second_is_shown_too(alma: Client, bruno: Client, patient: Patient) -> None:
    send(alma, patient, **MELASMA)
    opened = version_of(patient)
    send(bruno, patient, weight="70", version=opened)
    answer = send(alma, patient, weight="500", version=opened)
    assert answer.status_code == 409
    assert "500" in answer.content.decode()
