"""The patient page: clinical facts for those who treat, contact for the others, and every look on record."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses.actions import start_assessment
from mesoplan.clinic.courses.models import Plan
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.shell.writing import date_text


@pytest.mark.parametrize(
    ("role", "clinical"),
    [("dermatologist", True), ("nurse", True), ("front_desk", False), ("manager", False), ("auditor", False)],
)
def test_who_sees_what(browser_of: Callable[[str], Client], draft: Plan, role: str, clinical: bool) -> None:
    page = browser_of(role).get(f"/patients/{draft.course.patient.ref}").content.decode()
    assert "+33 6 12 34 56 78" in page
    assert ("Halve mMASI" in page) is clinical
    assert ("phototype" in page) is clinical


def test_a_look_is_on_record_once_in_a_quarter_of_an_hour(
    browser_of: Callable[[str], Client], patient: Patient
) -> None:
    for _ in range(3):
        browser_of("nurse").get(f"/patients/{patient.ref}")
    browser_of("front_desk").get(f"/patients/{patient.ref}")
    looks = AuditEntry.objects.filter(act="see", patient=patient.ref).order_by("number")
    assert [(entry.who_name, entry.thing) for entry in looks] == [("Bruno Sala", "record"), ("Chiara Conti", "contact")]


def test_two_patients_are_two_looks(browser_of: Callable[[str], Client], patient: Patient, nurse: User) -> None:
    other = Patient.objects.create(full_name="Z", sort_key="z", birth_date="1990-01-01", added_by=nurse)
    for each in (patient, other):
        browser_of("nurse").get(f"/patients/{each.ref}")
    assert AuditEntry.objects.filter(act="see").count() == 2


@pytest.mark.parametrize(
    ("answers", "told"),
    [({}, "Pregnancy not asked"), ({"pregnancy": "yes"}, "Pregnant: yes, "), ({"pregnancy": "no"}, "Pregnant: no, ")],
)
def test_the_strip_says_what_was_answered_and_never_takes_silence_for_no(
    browser_of: Callable[[str], Client], patient: Patient, nurse: User, answers: dict[str, Any], told: str
) -> None:
    start_assessment(patient=patient, case={"patient": {"weight": "62 kg"}, "answers": answers}, by=nurse)
    page = browser_of("nurse").get(f"/patients/{patient.ref}").content.decode()
    assert told in page
    assert "62\u00a0kg" in page
    assert "phototype not asked" in page


@pytest.mark.parametrize(
    ("of", "told"),
    [({"as_of": "2026-08-31"}, lambda: "31 Aug 2026"), ({}, lambda: date_text(timezone.localdate()))],
    ids=["entered late", "a case that names no day"],
)
def test_the_strip_dates_an_answer_by_the_day_it_was_given(
    browser_of: Callable[[str], Client], patient: Patient, nurse: User, of: dict[str, str], told: Callable[[], str]
) -> None:
    start_assessment(patient=patient, case={**of, "answers": {"pregnancy": "no"}}, by=nurse)
    page = browser_of("nurse").get(f"/patients/{patient.ref}").content.decode()
    assert f"Pregnant: no, {told()}<" in page


def test_the_tab_title_carries_initials_only(browser_of: Callable[[str], Client], patient: Patient) -> None:
    page = browser_of("nurse").get(f"/patients/{patient.ref}").content.decode()
    assert "<title>LC · Mesoplan</title>" in page


def test_no_post(browser_of: Callable[[str], Client], patient: Patient) -> None:
    assert browser_of("nurse").post(f"/patients/{patient.ref}").status_code == 405
