"""The face of a set becomes the one that plans are made on: said on the assessment, on record, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.assessments.saving import latest_signed, open_assessment
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses import actions as courses
from mesoplan.clinic.courses.models import Assessment
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos.models import Purpose, View
from mesoplan.domain.face import FaceSource, OwnFace, ScaleBasis
from mesoplan.workflow import sha256_of
from tests.clinic.case_documents import melasma_case
from tests.clinic.photo_files import ALL, agreed, kept

Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _photos_in(settings: Any, tmp_path: Path) -> None:
    settings.PHOTOS = tmp_path


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case()


def face_of_open(patient: Patient) -> dict[str, Any] | None:
    assessment = open_assessment(patient)
    found: dict[str, Any] | None = assessment.case["patient"].get("face") if assessment else None
    return found


@pytest.mark.parametrize("role", ["dermatologist", "nurse"])
def test_the_open_assessment_is_planned_on_the_face(
    browser_of: Browser, patient: Patient, assessment: Assessment, dermatologist: User, role: str
) -> None:
    agreed(patient, dermatologist)
    photo_set = kept(patient, dermatologist, ALL)
    browser = browser_of(role)
    assert browser.post(f"/photo-sets/{photo_set.address}/use")["Location"] == f"/patients/{patient.ref}/assess"
    face = OwnFace.model_validate(face_of_open(patient))
    assert (face.on, face.source, face.scale) == (photo_set.taken_on, FaceSource.PHOTOS, ScaleBasis.INTERPUPILLARY)
    assert "temple-left" in face.zones
    page = browser.get(f"/patients/{patient.ref}/assess").content.decode()
    assert "from 3 photos, scale by measured pupils" in page
    assert "Back to the template" in page


def test_the_audit_keeps_what_changed_but_never_the_face(
    browser_of: Browser, patient: Patient, assessment: Assessment, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    photo_set = kept(patient, dermatologist)
    browser_of("nurse").post(f"/photo-sets/{photo_set.address}/use")
    entry = AuditEntry.objects.get(act="choose_face")
    face = face_of_open(patient) or {}
    assert (entry.after or {})["patient.face.vertices_mm"] == sha256_of(face["vertices_mm"])
    assert (entry.after or {})["patient.face.scale"] == "interpupillary-distance"
    assert photo_set.address not in str(entry.after)
    courses.start_assessment(patient=patient, case=melasma_case() | {"patient": {"face": face}}, by=dermatologist)
    started = AuditEntry.objects.filter(act="start_assessment").first()
    assert started is not None
    assert len(str(started.after)) < 20_000


def test_back_to_the_template(
    browser_of: Browser, patient: Patient, assessment: Assessment, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    browser = browser_of("nurse")
    browser.post(f"/photo-sets/{kept(patient, dermatologist).address}/use")
    browser.post(f"/patients/{patient.ref}/face/template")
    assert face_of_open(patient) is None
    page = browser.get(f"/patients/{patient.ref}/assess").content.decode()
    assert "Back to the template" not in page
    assert AuditEntry.objects.filter(act="choose_face").count() == 2
    browser.post(f"/patients/{patient.ref}/face/template")
    assert AuditEntry.objects.filter(act="choose_face").count() == 2


@pytest.mark.parametrize("role", ["pharmacist", "front_desk", "manager", "auditor"])
def test_nobody_else(
    browser_of: Browser, patient: Patient, assessment: Assessment, dermatologist: User, role: str
) -> None:
    agreed(patient, dermatologist)
    photo_set = kept(patient, dermatologist)
    assert browser_of(role).post(f"/photo-sets/{photo_set.address}/use").status_code == 403
    assert browser_of(role).post(f"/patients/{patient.ref}/face/template").status_code == 403
    assert face_of_open(patient) is None


def test_not_without_consent_to_planning(browser_of: Browser, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist, [Purpose.BEFORE_AFTER])
    photo_set = kept(patient, dermatologist)
    answer = browser_of("nurse").post(f"/photo-sets/{photo_set.address}/use")
    assert answer.status_code == 409
    assert "The patient did not agree to planning with photos." in answer.content.decode()
    assert face_of_open(patient) is None


def test_not_without_a_photo_from_the_front(
    browser_of: Browser, patient: Patient, assessment: Assessment, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    photo_set = kept(patient, dermatologist, [View.RIGHT_OBLIQUE])
    browser = browser_of("nurse")
    assert browser.post(f"/photo-sets/{photo_set.address}/use").status_code == 409
    page = browser.get(f"/photo-sets/{photo_set.address}").content.decode()
    assert "No photo that could be measured is from the front." in page


def test_an_assessment_is_begun_where_there_was_none(
    browser_of: Browser, patient: Patient, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    browser_of("nurse").post(f"/photo-sets/{kept(patient, dermatologist).address}/use")
    assert face_of_open(patient) is not None


def test_what_is_signed_does_not_change_and_the_next_visit_starts_on_the_same_face(
    browser_of: Browser, patient: Patient, assessment: Assessment, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    photo_set = kept(patient, dermatologist)
    browser = browser_of("dermatologist")
    browser.post(f"/photo-sets/{photo_set.address}/use")
    assessment.refresh_from_db()
    courses.sign_assessment(assessment=assessment, version=assessment.version, by=dermatologist)
    answer = browser.post(f"/patients/{patient.ref}/face/template")
    assert answer.status_code == 409
    assert "The last assessment is signed and does not change." in answer.content.decode()
    signed = latest_signed(patient)
    assert signed is not None
    assert "from 1 photo, scale by measured pupils" in browser.get(f"/assessments/{signed.pk}").content.decode()
    browser.post(f"/patients/{patient.ref}/assess/new")
    assert face_of_open(patient) == signed.case["patient"]["face"]


def test_the_next_visit_starts_on_the_template_where_planning_is_no_longer_agreed_to(
    browser_of: Browser, patient: Patient, assessment: Assessment, dermatologist: User
) -> None:
    agreed(patient, dermatologist, [Purpose.PLANNING, Purpose.BEFORE_AFTER])
    browser = browser_of("dermatologist")
    browser.post(f"/photo-sets/{kept(patient, dermatologist).address}/use")
    assessment.refresh_from_db()
    courses.sign_assessment(assessment=assessment, version=assessment.version, by=dermatologist)
    at = f"/patients/{patient.ref}/photos/consent/{patient.photo_consents.get(purpose='planning').pk}/withdraw"
    browser.post(at, {"withdrawn_on": "2026-11-03"})
    browser.post(f"/patients/{patient.ref}/assess/new")
    assert open_assessment(patient) is not None
    assert face_of_open(patient) is None


def test_proposals_are_on_the_face(
    browser_of: Browser, patient: Patient, assessment: Assessment, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    browser = browser_of("dermatologist")
    browser.post(f"/photo-sets/{kept(patient, dermatologist, ALL).address}/use")
    proposals = browser.post(f"/assessments/{assessment.pk}/propose", follow=True)
    assert proposals.status_code == 200
    assert proposals.request["PATH_INFO"].endswith("/proposals")
