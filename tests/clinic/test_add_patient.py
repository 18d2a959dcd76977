"""Adding a patient: who may, what is refused and why, likely doubles before anything is saved."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.patients.actions import add_patient
from mesoplan.clinic.patients.models import Patient
from mesoplan.workflow import NotPermitted

FORM = {"full_name": "Okafor, Daniel", "birth_date": "1979-11-18", "sex_at_birth": "male", "phone": "06 99 88 77 66"}


@pytest.mark.parametrize("role", ["dermatologist", "nurse", "front_desk"])
def test_these_may(browser_of: Callable[[str], Client], role: str) -> None:
    response = browser_of(role).post("/patients/new", FORM)
    added = Patient.objects.get()
    assert response["Location"] == f"/patients/{added.ref}"
    assert (added.full_name, added.birth_date, added.sex_at_birth) == ("Okafor, Daniel", date(1979, 11, 18), "male")
    entry = AuditEntry.objects.get(act="add_patient")
    assert (entry.who, entry.patient) == (f"{role}@clinic.test", added.ref)


@pytest.mark.parametrize("role", ["pharmacist", "manager", "auditor"])
def test_these_may_not_and_are_told_who_can(browser_of: Callable[[str], Client], role: str) -> None:
    for answer in (browser_of(role).get("/patients/new"), browser_of(role).post("/patients/new", FORM)):
        assert answer.status_code == 403
        assert "Only a dermatologist, a nurse or the front desk can add a patient." in answer.content.decode()
    assert not Patient.objects.exists()


def test_the_action_refuses_by_itself(manager: User) -> None:
    with pytest.raises(NotPermitted):
        add_patient(by=manager, full_name="X", birth_date=date(1990, 1, 1))
    assert not AuditEntry.objects.exists()


def test_a_look_at_the_form_saves_nothing(browser_of: Callable[[str], Client]) -> None:
    assert browser_of("nurse").get("/patients/new").status_code == 200
    assert not Patient.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("full_name", "", "Enter the full name, as on the identity document."),
        ("birth_date", "", "Enter the date of birth. It tells two people of the same name apart."),
        ("birth_date", "2085-05-04", "Date of birth must lie between 1 Jan 1900 and today. You wrote 4 May 2085."),
        ("birth_date", "1985-02-30", "Date of birth must be a day of the calendar, such as 1985-05-04."),
        ("email", "daniel", "An e-mail has a name, an @ and a domain."),
        ("phone", "12", "A phone number has at least 5 digits. You wrote 12."),
    ],
)
def test_what_is_refused_says_what_to_do_and_keeps_what_was_typed(
    browser_of: Callable[[str], Client], field: str, typed: str, told: str
) -> None:
    response = browser_of("nurse").post("/patients/new", FORM | {field: typed})
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count(told) == 2  # at the head of the form and at the field
    assert "1 thing to mend" in page
    assert "<title>Error: " in page.replace("\n", "")
    assert 'value="06 99 88 77 66"' in page or field == "phone"
    assert typed == "" or f'value="{typed}"' in page
    assert not Patient.objects.exists()


def test_sex_is_not_asked_until_somebody_answers(browser_of: Callable[[str], Client]) -> None:
    assert '<option value="unknown" selected>Not asked' in browser_of("nurse").get("/patients/new").content.decode()
    browser_of("nurse").post("/patients/new", FORM | {"sex_at_birth": ""})
    assert Patient.objects.get().sex_at_birth == "unknown"


def test_a_record_number_belongs_to_one_patient(browser_of: Callable[[str], Client], patient: Patient) -> None:
    response = browser_of("nurse").post("/patients/new", FORM | {"record_number": "A-1042"})
    assert "A-1042 is the record number of another patient." in response.content.decode()


@pytest.mark.parametrize(
    ("alike", "why"),
    [
        ({"full_name": "LEFEVRE camille", "birth_date": "2001-01-01"}, "same name"),
        ({"full_name": "Lefevre-Dubois, C.", "birth_date": "1985-05-04"}, "same birthday and a name in common"),
        ({"full_name": "Somebody, Else", "phone": "06 12 34 56 78"}, "same phone, written another way"),
        ({"full_name": "Somebody, Else", "email": "CAMILLE@mail.test"}, "same e-mail"),
    ],
)
def test_a_likely_double_is_shown_before_anything_is_saved(
    browser_of: Callable[[str], Client], patient: Patient, alike: dict[str, str], why: str
) -> None:
    form: dict[str, Any] = FORM | alike
    response = browser_of("front_desk").post("/patients/new", form)
    assert response.status_code == 422
    assert "This may be somebody you have already" in response.content.decode(), why
    assert f"/patients/{patient.ref}" in response.content.decode()
    assert Patient.objects.count() == 1
    assert browser_of("front_desk").post("/patients/new", form | {"confirmed": "1"}).status_code == 302
    assert Patient.objects.count() == 2


def test_somebody_else_is_no_double(browser_of: Callable[[str], Client], patient: Patient) -> None:
    assert browser_of("nurse").post("/patients/new", FORM).status_code == 302
