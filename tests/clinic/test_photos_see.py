"""Seeing photos: only those who care for the patient, only while the patient agrees, never kept by the browser, and on
record who looked."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import keeping
from mesoplan.clinic.photos.models import PhotoFile, PhotoSet, View
from tests.clinic.photo_files import agreed, files_left, kept

Browser = Callable[[str], Client]
NOT = ["pharmacist", "front_desk", "manager", "auditor"]


@pytest.fixture(autouse=True)
def _photos_in(settings: Any, tmp_path: Path) -> None:
    settings.PHOTOS = tmp_path


@pytest.fixture
def photo_set(patient: Patient, dermatologist: User) -> PhotoSet:
    agreed(patient, dermatologist)
    return kept(patient, dermatologist)


def pages(photo_set: PhotoSet) -> list[str]:
    address = photo_set.photos.get().address
    files = [f"/photos/{address}/{role}" for role in ("thumbnail", "shown", "kept")]
    return [f"/patients/{photo_set.patient.ref}/photos", f"/photo-sets/{photo_set.address}", *files]


@pytest.mark.parametrize("role", ["dermatologist", "nurse"])
def test_who_cares_for_the_patient_sees_them(browser_of: Browser, photo_set: PhotoSet, role: str) -> None:
    assert {browser_of(role).get(page).status_code for page in pages(photo_set)} == {200}


@pytest.mark.parametrize("role", NOT)
def test_nobody_else(browser_of: Browser, photo_set: PhotoSet, role: str) -> None:
    browser = browser_of(role)
    assert {browser.get(page).status_code for page in pages(photo_set)} == {403}


@pytest.mark.parametrize("role", ["front_desk", "manager", "auditor"])
def test_the_page_of_the_patient_says_nothing_of_photos_to_others(
    browser_of: Browser, photo_set: PhotoSet, role: str
) -> None:
    page = browser_of(role).get(f"/patients/{photo_set.patient.ref}").content.decode()
    assert "photo" not in page.lower().replace("phototype", "").replace("photos/photos.css", "")


def test_the_page_of_the_patient_shows_them_by_day(browser_of: Browser, photo_set: PhotoSet) -> None:
    page = browser_of("nurse").get(f"/patients/{photo_set.patient.ref}").content.decode()
    assert f"/photos/{photo_set.photos.get().address}/thumbnail" in page
    assert f"/photo-sets/{photo_set.address}" in page


def test_nobody_without_a_log_in(photo_set: PhotoSet) -> None:
    for page in pages(photo_set):
        answer = Client().get(page)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/log-in")


@pytest.mark.parametrize("role", ["thumbnail", "shown", "kept"])
def test_a_file_is_not_kept_by_the_browser_nor_read_as_anything_else(
    browser_of: Browser, photo_set: PhotoSet, role: str
) -> None:
    answer = browser_of("nurse").get(f"/photos/{photo_set.photos.get().address}/{role}")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Type"] == "image/jpeg"
    name = f"{photo_set.taken_on.isoformat()}-front.jpg"
    assert answer["Content-Disposition"] == f'inline; filename="{name}"'
    assert answer.content.startswith(b"\xff\xd8\xff")


def test_an_address_says_nothing_and_is_long(browser_of: Browser, photo_set: PhotoSet) -> None:
    photo = photo_set.photos.get()
    names = [row.name for row in PhotoFile.objects.all()]
    for address in (photo.address, photo_set.address, *names):
        assert re.fullmatch("[0-9a-f]{40,48}", address)
    assert len({photo.address, photo_set.address, *names}) == 5
    browser = browser_of("nurse")
    assert browser.get(f"/photos/{photo.pk}/kept").status_code == 404
    assert browser.get(f"/photos/{'0' * 40}/kept").status_code == 404
    assert browser.get(f"/photos/{photo.address}/secret").status_code == 404
    for path in files_left():
        assert browser.get(f"/static/{path.name}").status_code == 404


def test_who_looked_is_on_record(browser_of: Browser, photo_set: PhotoSet, nurse: User) -> None:
    photo, browser = photo_set.photos.get(), browser_of("nurse")
    seen = AuditEntry.objects.filter(act="see", who=nurse.email)
    browser.get(f"/photos/{photo.address}/thumbnail")
    assert not seen.exists()
    browser.get(f"/photos/{photo.address}/kept")
    assert seen.get().thing == f"photo {photo.pk}"
    assert seen.get().patient == photo_set.patient.ref
    browser.get(f"/photo-sets/{photo_set.address}")
    browser.get(f"/patients/{photo_set.patient.ref}/photos")
    assert set(seen.values_list("thing", flat=True)) == {f"photo {photo.pk}", f"photo set {photo_set.pk}", "photos"}
    assert photo.address not in str(list(AuditEntry.objects.values()))


def test_a_file_that_was_changed_is_not_shown(browser_of: Browser, photo_set: PhotoSet) -> None:
    row = PhotoFile.objects.get(role="kept")
    path = keeping.folder() / row.name[:2] / row.name
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    answer = browser_of("nurse").get(f"/photos/{row.photo.address}/kept")
    assert answer.status_code == 409
    assert "no longer what was kept" in answer.content.decode()
    path.unlink()
    assert browser_of("nurse").get(f"/photos/{row.photo.address}/kept").status_code == 409


def test_the_page_of_a_set_says_how_large_and_how_well_known(
    browser_of: Browser, patient: Patient, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    photo_set = kept(patient, dermatologist, [View.FRONT, View.RIGHT_OBLIQUE])
    page = browser_of("nurse").get(f"/photo-sets/{photo_set.address}").content.decode()
    assert re.search(r"Malar, right.*?\d+\.\d ± \d+\.\d\s*cm²", page, re.DOTALL)
    assert re.search(r"Temple, left.*?not assessable: seen by a left oblique only", page, re.DOTALL)
    assert "the measured distance of the pupils, 63" in page
    assert "Lengths may be off by" in page
    assert 'id="front-malar-right"' in page
    assert "style=" not in page
