"""Deleting a photo: asked first, out of sight at once, brought back for some minutes, then gone with its files."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import keeping, removing
from mesoplan.clinic.photos.models import Photo, PhotoFile, PhotoSet
from tests.clinic.photo_files import agreed, files_left, grey_jpeg, kept, upload

Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _photos_in(settings: Any, tmp_path: Path) -> None:
    settings.PHOTOS = tmp_path


@pytest.fixture
def photo(patient: Patient, dermatologist: User) -> Photo:
    agreed(patient, dermatologist)
    return kept(patient, dermatologist, grey=True).photos.get()


def later(photo: Photo, minutes: int) -> None:
    Photo.objects.filter(pk=photo.pk).update(deleted_at=timezone.now() - timedelta(minutes=minutes))


@pytest.mark.parametrize("role", ["dermatologist", "nurse"])
def test_it_is_asked_then_deleted_and_brought_back(browser_of: Browser, photo: Photo, role: str) -> None:
    browser, at = browser_of(role), f"/photos/{photo.address}"
    assert "Delete this photo (Front" in browser.get(f"{at}/delete").content.decode()
    assert Photo.objects.get().deleted_at is None
    set_page = browser.post(f"{at}/delete")["Location"]
    assert browser.get(f"{at}/shown").status_code == 404
    assert "Bring back" in browser.get(set_page).content.decode()
    assert len(files_left()) == 3
    browser.post(f"{at}/bring-back")
    assert browser.get(f"{at}/shown").status_code == 200
    assert list(AuditEntry.objects.filter(thing=f"photo {photo.pk}").values_list("act", flat=True)) == [
        "see", "bring_back_photo", "delete_photo",
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["pharmacist", "front_desk", "manager", "auditor"])
@pytest.mark.parametrize(("method", "act"), [("get", "delete"), ("post", "delete"), ("post", "bring-back")])
def test_nobody_else(browser_of: Browser, photo: Photo, role: str, method: str, act: str) -> None:
    assert getattr(browser_of(role), method)(f"/photos/{photo.address}/{act}").status_code == 403
    assert Photo.objects.get().deleted_at is None


def test_after_its_minutes_it_is_gone_with_all_that_was_measured(
    browser_of: Browser, photo: Photo, django_capture_on_commit_callbacks: Any
) -> None:
    browser, patient = browser_of("nurse"), photo.photo_set.patient
    browser.post(f"/photos/{photo.address}/delete")
    later(photo, 11)
    assert browser.post(f"/photos/{photo.address}/bring-back").status_code == 409
    with django_capture_on_commit_callbacks(execute=True):
        browser.get(f"/patients/{patient.ref}/photos")
    assert not Photo.objects.exists()
    assert not PhotoFile.objects.exists()
    assert not PhotoSet.objects.exists()
    assert files_left() == []
    entry = AuditEntry.objects.get(act="remove_photo")
    assert (entry.who, entry.thing, entry.patient) == ("system", f"photo {photo.pk}", patient.ref)


def test_before_that_nothing_is_removed(browser_of: Browser, photo: Photo) -> None:
    browser_of("nurse").post(f"/photos/{photo.address}/delete")
    later(photo, 9)
    call_command("remove_deleted_photos", stdout=StringIO())
    assert Photo.objects.count() == 1
    assert len(files_left()) == 3


def test_a_new_photo_takes_the_place_and_the_old_one_stays_out(browser_of: Browser, photo: Photo) -> None:
    browser, at = browser_of("nurse"), f"/photo-sets/{photo.photo_set.address}"
    browser.post(f"/photos/{photo.address}/delete")
    browser.post(f"{at}/add", {"front": upload(grey_jpeg())})
    answer = browser.post(f"/photos/{photo.address}/bring-back")
    assert answer.status_code == 409
    assert Photo.objects.filter(deleted_at__isnull=True).count() == 1


def test_a_file_that_no_photo_knows_of_goes_after_an_hour(photo: Photo, capsys: Any) -> None:
    left = keeping.keep(b"of an upload that the machine did not outlive")
    call_command("remove_deleted_photos")
    assert len(files_left()) == 4
    known = set(PhotoFile.objects.values_list("name", flat=True))
    an_hour_on = timezone.now().timestamp() + keeping.FORGOTTEN_AFTER_S + 1
    assert [path.name for path in keeping.forgotten(known, an_hour_on)] == [left.name]
    assert "0 photos removed" in capsys.readouterr().out


def test_it_goes_by_itself(browser_of: Browser, photo: Photo, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PHOTOS_GO_BY_THEMSELVES = True
    started: list[tuple[float, Callable[[], None]]] = []

    class Clock:
        daemon = False

        def __init__(self, seconds: float, then: Callable[[], None]) -> None:
            started.append((seconds, then))

        def start(self) -> None:
            assert self.daemon, "it must not keep the server from stopping"

    monkeypatch.setattr(threading, "Timer", Clock)
    monkeypatch.setattr(removing, "connection", Clock(0, print))
    monkeypatch.setattr(Clock, "close", lambda self: None, raising=False)
    browser_of("nurse").post(f"/photos/{photo.address}/delete")
    seconds, remove = started[-1]
    assert seconds > settings.PHOTO_UNDO_SECONDS
    later(photo, 11)
    remove()
    assert not Photo.objects.exists()
