"""Who may assess: a dermatologist and a nurse; who may sign off: a dermatologist. The table of acts decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses.models import Assessment
from mesoplan.clinic.patients.models import Patient

from .assessing import MELASMA, send, send_whole

Browser = Callable[[str], Client]


@pytest.mark.parametrize(
    ("role", "status"),
    [("dermatologist", 200), ("nurse", 200), ("front_desk", 403), ("manager", 403), ("auditor", 403)],
)
def test_who_sees_the_assessment(role: str, status: int, browser_of: Browser, patient: Patient) -> None:
    assert browser_of(role).get(f"/patients/{patient.ref}/assess").status_code == status


@pytest.mark.parametrize("role", ["front_desk", "manager", "auditor"])
def test_who_may_not_fill_it(role: str, browser_of: Browser, patient: Patient) -> None:
    client = browser_of(role)
    assert send(client, patient, **MELASMA).status_code == 403
    assert client.post(f"/patients/{patient.ref}/assess/new").status_code == 403
    assert client.get(f"/patients/{patient.ref}/assess/find?find=asp").status_code == 403
    assert not Assessment.objects.exists()


def test_a_nurse_prepares_but_is_offered_neither_signing_nor_proposing(browser_of: Browser, patient: Patient) -> None:
    nurse = browser_of("nurse")
    assert send(nurse, patient, **MELASMA).status_code == 200
    page = nurse.get(f"/patients/{patient.ref}/assess").content.decode()
    assert "Propose plans" not in page
    assert "Sign off" not in page
    assert send_whole(nurse, patient, {}, act="sign").status_code == 403
    assert send_whole(nurse, patient, {}, act="propose").status_code == 403
    assert Assessment.objects.get().signed_at is None


def test_opening_it_is_noted(browser_of: Browser, patient: Patient) -> None:
    browser_of("nurse").get(f"/patients/{patient.ref}/assess")
    seen = AuditEntry.objects.get(act="see")
    assert (seen.thing, seen.patient) == ("assessment", patient.ref)


def test_looking_creates_nothing(browser_of: Browser, patient: Patient) -> None:
    browser_of("dermatologist").get(f"/patients/{patient.ref}/assess")
    assert not Assessment.objects.exists()


def test_a_patient_who_is_not_there(browser_of: Browser, people: object) -> None:
    assert browser_of("nurse").get("/patients/P2222222/assess").status_code == 404
