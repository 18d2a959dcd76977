"""Consent to photos: each use by itself, on which day, recorded by whom; withdrawing asks what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.assessments.saving import open_assessment
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses.models import Assessment
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import actions, consents
from mesoplan.clinic.photos.models import Photo, PhotoConsent, Purpose
from tests.clinic.photo_files import agreed, files_left, kept

Browser = Callable[[str], Client]
NOT = ["pharmacist", "front_desk", "manager", "auditor"]


@pytest.fixture(autouse=True)
def _photos_in(settings: Any, tmp_path: Path) -> None:
    settings.PHOTOS = tmp_path


def record(browser: Client, patient: Patient, *purposes: str, given_on: str = "2026-11-02") -> Any:
    return browser.post(f"/patients/{patient.ref}/photos/consent", {"purposes": list(purposes), "given_on": given_on})


def withdraw(browser: Client, patient: Patient, purpose: Purpose, **fields: str) -> Any:
    consent = consents.standing(patient)[purpose]
    sent = {"withdrawn_on": timezone.localdate().isoformat(), **fields}
    return browser.post(f"/patients/{patient.ref}/photos/consent/{consent.pk}/withdraw", sent)


@pytest.mark.parametrize("role", ["dermatologist", "nurse"])
def test_each_use_is_recorded_by_itself(browser_of: Browser, patient: Patient, role: str) -> None:
    record(browser_of(role), patient, "planning", "teaching")
    rows = PhotoConsent.objects.values_list("purpose", "given_on", "recorded_by__role")
    assert list(rows) == [("planning", date(2026, 11, 2), role), ("teaching", date(2026, 11, 2), role)]
    page = browser_of(role).get(f"/patients/{patient.ref}/photos").content.decode()
    assert page.count("given 2 Nov 2026, recorded by") == 2
    assert page.count("not given") == 1
    entry = AuditEntry.objects.get(act="record_photo_consent")
    assert entry.after == {"planning": "2026-11-02", "teaching": "2026-11-02"}


@pytest.mark.parametrize("role", NOT)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_records(browser_of: Browser, patient: Patient, role: str, method: str) -> None:
    sent = {"purposes": ["planning"], "given_on": "2026-11-02"} if method == "post" else None
    assert getattr(browser_of(role), method)(f"/patients/{patient.ref}/photos/consent", sent).status_code == 403
    assert not PhotoConsent.objects.exists()


@pytest.mark.parametrize("role", NOT)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_withdraws(
    browser_of: Browser, patient: Patient, dermatologist: User, role: str, method: str
) -> None:
    agreed(patient, dermatologist)
    at = f"/patients/{patient.ref}/photos/consent/{PhotoConsent.objects.get().pk}/withdraw"
    sent = {"withdrawn_on": "2026-11-03"} if method == "post" else None
    assert getattr(browser_of(role), method)(at, sent).status_code == 403
    assert consents.standing(patient)


def test_no_use_is_chosen_beforehand(browser_of: Browser, patient: Patient) -> None:
    assert "checked" not in browser_of("nurse").get(f"/patients/{patient.ref}/photos/consent").content.decode()


@pytest.mark.parametrize(
    ("purposes", "given_on", "told"),
    [
        ([], "2026-11-02", "Choose what the patient agreed to."),
        (["planning"], "2999-01-01", "The day must be today"),
        (["planning"], "", "Enter a day"),
    ],
)
def test_what_is_missing_is_asked_for(
    browser_of: Browser, patient: Patient, purposes: list[str], given_on: str, told: str
) -> None:
    answer = record(browser_of("nurse"), patient, *purposes, given_on=given_on)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not PhotoConsent.objects.exists()


def test_the_same_consent_twice_is_one(browser_of: Browser, patient: Patient) -> None:
    for _ in range(2):
        record(browser_of("nurse"), patient, "planning")
    assert PhotoConsent.objects.count() == 1


def test_a_consent_that_stands_keeps_the_photos(browser_of: Browser, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist, [Purpose.PLANNING, Purpose.BEFORE_AFTER])
    photo_set = kept(patient, dermatologist, grey=True)
    withdraw(browser_of("nurse"), patient, Purpose.PLANNING)
    assert browser_of("nurse").get(f"/photo-sets/{photo_set.address}").status_code == 200
    page = browser_of("nurse").get(f"/photo-sets/{photo_set.address}").content.decode()
    assert "there is none to plan on" in page


def test_the_last_one_asks_what_becomes_of_the_photos(
    browser_of: Browser, patient: Patient, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    kept(patient, dermatologist, grey=True)
    answer = withdraw(browser_of("nurse"), patient, Purpose.PLANNING)
    assert answer.status_code == 422
    assert "Choose what becomes of the photos." in answer.content.decode()
    assert "What becomes of the 1 photo?" in answer.content.decode()
    assert consents.may_be_kept(patient)


def test_closed_photos_are_seen_by_nobody_until_the_patient_agrees_again(
    browser_of: Browser, patient: Patient, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    photo_set = kept(patient, dermatologist, grey=True)
    browser, photo = browser_of("dermatologist"), photo_set.photos.get()
    withdraw(browser, patient, Purpose.PLANNING, photos="close")
    shut = [f"/photo-sets/{photo_set.address}", *(f"/photos/{photo.address}/{one}" for one in ("kept", "thumbnail"))]
    assert {browser.get(page).status_code for page in shut} == {409}
    page = browser.get(f"/patients/{patient.ref}").content.decode()
    assert "photos are kept closed and not shown" in page
    assert photo.address not in page
    assert photo.address not in browser.get(f"/patients/{patient.ref}/photos").content.decode()
    assert len(files_left()) == 3
    agreed(patient, dermatologist, [Purpose.BEFORE_AFTER])
    assert {browser.get(page).status_code for page in shut} == {200}
    told = browser.get(f"/patients/{patient.ref}/photos").content.decode()
    assert "Planning the treatment: given 2 Nov 2026, withdrawn" in told


def test_deleted_photos_go_with_the_consent(
    browser_of: Browser, patient: Patient, dermatologist: User, django_capture_on_commit_callbacks: Any
) -> None:
    agreed(patient, dermatologist)
    kept(patient, dermatologist, grey=True)
    withdraw(browser_of("nurse"), patient, Purpose.PLANNING, photos="delete")
    Photo.objects.update(deleted_at=timezone.now() - timedelta(minutes=11))
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_deleted(by=None)
    assert files_left() == []
    assert not Photo.objects.exists()
    acts = list(AuditEntry.objects.values_list("act", flat=True).order_by("number"))
    assert acts[-3:] == ["withdraw_photo_consent", "delete_photo", "remove_photo"]


def test_a_consent_is_withdrawn_once(browser_of: Browser, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist)
    at = f"/patients/{patient.ref}/photos/consent/{PhotoConsent.objects.get().pk}/withdraw"
    sent = {"withdrawn_on": "2026-11-03"}
    assert browser_of("nurse").post(at, sent).status_code == 302
    assert browser_of("nurse").post(at, sent).status_code == 409


def test_the_open_assessment_leaves_the_face_with_the_consent(
    browser_of: Browser, patient: Patient, assessment: Assessment, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    actions.use_face(photo_set=kept(patient, dermatologist), by=dermatologist)
    withdraw(browser_of("nurse"), patient, Purpose.PLANNING, photos="close")
    left = open_assessment(patient)
    assert left is not None
    assert "face" not in left.case["patient"]
    assert left.case["patient"]["weight_kg"] == 62
