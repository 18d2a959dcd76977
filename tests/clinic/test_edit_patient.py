"""Changing name and contact: two people at once, nothing overwritten, nothing lost."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.patients.actions import edit_patient_contact
from mesoplan.clinic.patients.models import Patient
from mesoplan.workflow import NotPermitted, Overtaken

FORM: dict[str, Any] = {
    "full_name": "Lefèvre, Camille",
    "called": "Cam",
    "birth_date": "1985-05-04",
    "sex_at_birth": "female",
    "phone": "+33 6 00 00 00 00",
    "email": "camille@mail.test",
    "record_number": "A-1042",
    "version": "1",
}


@pytest.mark.parametrize("role", ["dermatologist", "nurse", "front_desk"])
def test_these_may(browser_of: Callable[[str], Client], patient: Patient, role: str) -> None:
    assert browser_of(role).post(f"/patients/{patient.ref}/edit", FORM).status_code == 302
    patient.refresh_from_db()
    assert (patient.called, patient.phone, patient.version) == ("Cam", "+33 6 00 00 00 00", 2)
    entry = AuditEntry.objects.get(act="edit_patient_contact")
    assert entry.before == {"called": "Camille", "phone": "+33 6 12 34 56 78"}
    assert entry.after == {"called": "Cam", "phone": "+33 6 00 00 00 00"}


@pytest.mark.parametrize("role", ["manager", "auditor"])
def test_these_may_not(browser_of: Callable[[str], Client], patient: Patient, role: str) -> None:
    assert browser_of(role).post(f"/patients/{patient.ref}/edit", FORM).status_code == 403
    patient.refresh_from_db()
    assert patient.version == 1


def test_the_action_refuses_by_itself(patient: Patient, manager: User) -> None:
    with pytest.raises(NotPermitted):
        edit_patient_contact(patient=patient, version=1, by=manager, phone="1")


def test_reading_the_form_changes_nothing(browser_of: Callable[[str], Client], patient: Patient) -> None:
    page = browser_of("nurse").get(f"/patients/{patient.ref}/edit").content.decode()
    assert 'name="version" value="1"' in page
    patient.refresh_from_db()
    assert patient.version == 1


def test_the_second_of_two_is_told_and_nothing_is_overwritten(
    browser_of: Callable[[str], Client], patient: Patient, nurse: User
) -> None:
    edit_patient_contact(patient=patient, version=1, by=nurse, called="Mme Lefèvre")
    client = browser_of("front_desk")
    response = client.post(f"/patients/{patient.ref}/edit", FORM)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Bruno Sala saved at" in page
    assert "Mme Lefèvre" in page  # theirs
    assert 'value="Cam"' in page  # yours, kept
    patient.refresh_from_db()
    assert (patient.called, patient.version) == ("Mme Lefèvre", 2)
    assert client.post(f"/patients/{patient.ref}/edit", FORM | {"version": "2"}).status_code == 302
    patient.refresh_from_db()
    assert patient.called == "Cam"


@pytest.mark.parametrize("version", ["", "x", "-1", "9"])
def test_a_form_without_its_version_is_overtaken_not_saved(
    browser_of: Callable[[str], Client], patient: Patient, version: str
) -> None:
    assert browser_of("nurse").post(f"/patients/{patient.ref}/edit", FORM | {"version": version}).status_code == 409


def test_overtaken_names_the_person_and_the_time(patient: Patient, nurse: User, dermatologist: User) -> None:
    edit_patient_contact(patient=patient, version=1, by=nurse, called="C")
    with pytest.raises(Overtaken, match=r"^Bruno Sala saved at \d\d:\d\d\. "):
        edit_patient_contact(patient=patient, version=1, by=dermatologist, birth_date=date(1985, 5, 5))


def test_no_such_patient(browser_of: Callable[[str], Client]) -> None:
    response = browser_of("nurse").get("/patients/PNOBODY9/edit")
    assert response.status_code == 404
    assert "There is nothing at this address." in response.content.decode()
