"""Adding photos: with consent only, by those who care for the patient, one to three at once; what is refused is told
beside its place and what was good is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import keeping
from mesoplan.clinic.photos.measuring import face_of
from mesoplan.clinic.photos.models import Photo, PhotoFile, PhotoSet, Purpose, Role, View
from mesoplan.imaging.face_template import MODEL_SHA256
from mesoplan.imaging.picture_reading import read_picture
from tests.clinic.photo_files import (
    ALL,
    agreed,
    face_jpeg,
    files_left,
    form,
    grey_jpeg,
    kept,
    small_face_jpeg,
    two_faces_jpeg,
    upload,
    with_exif,
)

Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _photos_in(settings: Any, tmp_path: Path) -> None:
    settings.PHOTOS = tmp_path


def add(browser: Client, patient: Patient, files: dict[View, bytes], **fields: str) -> Any:
    return browser.post(f"/patients/{patient.ref}/photos/add", form(files, **fields))


@pytest.mark.parametrize("role", ["dermatologist", "nurse"])
def test_three_photos_in_one_act(browser_of: Browser, patient: Patient, dermatologist: User, role: str) -> None:
    agreed(patient, dermatologist)
    answer = add(browser_of(role), patient, {view: face_jpeg(view) for view in ALL}, interpupillary_mm="63")
    photo_set = PhotoSet.objects.get()
    assert answer["Location"] == f"/photo-sets/{photo_set.address}"
    assert [(photo.view, photo.refusal) for photo in photo_set.photos.all()] == [(view, "") for view in ALL]
    assert (photo_set.interpupillary_mm, photo_set.sticker_mm, photo_set.taken_on) == (63.0, None, timezone.localdate())
    told = AuditEntry.objects.get(act="add_photos")
    assert (told.patient, (told.after or {})["photos"]) == (patient.ref, list(ALL))


def test_what_was_measured_stands_beside_each_photo(browser_of: Browser, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist)
    add(browser_of("nurse"), patient, {View.FRONT: face_jpeg()}, interpupillary_mm="63,0 mm")
    document = Photo.objects.get().measurement or {}
    assert document["model_sha256"] == MODEL_SHA256
    assert document["scale"]["source"] == "interpupillary-distance"
    assert 0 < document["scale"]["relative_error"] < 0.1
    face = face_of(document)
    assert face.photo.points_px.shape == (478, 3)
    assert abs(face.photo.pose.yaw_deg) < 3
    assert face.photo.expression.mouth_opening >= 0
    assert face.photo.quality.face_px > 200


@pytest.mark.parametrize("role", ["pharmacist", "front_desk", "manager", "auditor"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else(browser_of: Browser, patient: Patient, dermatologist: User, role: str, method: str) -> None:
    agreed(patient, dermatologist)
    sent = form({View.FRONT: grey_jpeg()}) if method == "post" else None
    assert getattr(browser_of(role), method)(f"/patients/{patient.ref}/photos/add", sent).status_code == 403
    assert not Photo.objects.exists()
    assert files_left() == []


def test_nobody_adds_to_a_set_who_may_not(browser_of: Browser, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist)
    photo_set = kept(patient, dermatologist, grey=True)
    sent = {"left-oblique": upload(grey_jpeg())}
    assert browser_of("front_desk").post(f"/photo-sets/{photo_set.address}/add", sent).status_code == 403
    assert photo_set.photos.count() == 1


@pytest.mark.parametrize("purposes", [[], [Purpose.TEACHING]])
def test_without_a_consent_that_is_for_care_nothing_is_kept(
    browser_of: Browser, patient: Patient, dermatologist: User, purposes: list[Purpose]
) -> None:
    agreed(patient, dermatologist, purposes)
    browser = browser_of("nurse")
    assert browser.get(f"/patients/{patient.ref}/photos/add")["Location"] == f"/patients/{patient.ref}/photos/consent"
    answer = add(browser, patient, {View.FRONT: face_jpeg()})
    assert answer.status_code == 409
    assert "No photo is kept without the patient’s consent." in answer.content.decode()
    assert files_left() == []


def test_what_is_kept_is_upright_and_holds_nothing_but_the_picture(
    browser_of: Browser, patient: Patient, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    secret = "<script>alert(48.8566, 2.3522)</script>"
    sent = with_exif(face_jpeg(), orientation=6, software=secret)
    add(browser_of("nurse"), patient, {View.FRONT: sent})
    turned = read_picture(sent).rgb
    rows = {row.role: row for row in PhotoFile.objects.all()}
    assert set(rows) == set(Role.values)
    for row in rows.values():
        content = keeping.read(row.name, row.sha256)
        assert secret.encode() not in content
        assert b"Exif" not in content
    stored = read_picture(keeping.read(rows["kept"].name, rows["kept"].sha256)).rgb
    assert stored.shape == turned.shape
    # A JPEG is written once, as finely as JPEG goes.
    assert abs(stored.astype(int) - turned.astype(int)).mean() < 1.0


def test_the_good_photo_stays_where_another_is_refused(
    browser_of: Browser, patient: Patient, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    browser = browser_of("nurse")
    answer = add(browser, patient, {View.FRONT: face_jpeg(), View.RIGHT_OBLIQUE: b"%PDF-1.7"}, sticker_mm="")
    page = browser.get(answer["Location"]).content.decode()
    assert "This is a PDF. Choose a JPEG, PNG or WebP." in page
    assert [photo.view for photo in Photo.objects.all()] == ["front"]
    assert "This is a PDF" not in browser.get(answer["Location"]).content.decode()


def test_nothing_typed_is_lost_when_all_is_refused(browser_of: Browser, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist)
    answer = add(browser_of("nurse"), patient, {View.FRONT: b"GIF89a"}, sticker_mm="20", interpupillary_mm="61.5")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was kept" in page
    assert 'value="20"' in page
    assert 'value="61.5"' in page
    assert not PhotoSet.objects.exists()
    assert files_left() == []


def test_a_script_is_told_the_refusals_alone_so_that_files_stay_chosen(
    browser_of: Browser, patient: Patient, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    address, hx = f"/patients/{patient.ref}/photos/add", {"HX-Request": "true"}
    refused = browser_of("nurse").post(address, form({View.FRONT: b"GIF89a"}), headers=hx)
    assert refused.status_code == 422
    assert 'type="file"' not in refused.content.decode()
    assert 'id="told-front" role="alert" hx-swap-oob="true"' in refused.content.decode()
    done = browser_of("nurse").post(address, form({View.FRONT: grey_jpeg()}), headers=hx)
    assert (done.status_code, done["HX-Redirect"]) == (204, f"/photo-sets/{PhotoSet.objects.get().address}")


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("sticker_mm", "200", "Side of the sticker must be within 5–60"),
        ("interpupillary_mm", "6.3 km", "Distance of the pupils must be one number in mm"),
        ("taken_on", "2999-01-01", "The day must be today"),
        ("taken_on", "soon", "Enter a day"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    browser_of: Browser, patient: Patient, dermatologist: User, field: str, typed: str, told: str
) -> None:
    agreed(patient, dermatologist)
    answer = add(browser_of("nurse"), patient, {View.FRONT: grey_jpeg()}, **{field: typed})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert f'value="{typed}"' in answer.content.decode()
    assert files_left() == []


def test_no_photo_at_all(browser_of: Browser, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist)
    answer = add(browser_of("nurse"), patient, {})
    assert answer.status_code == 422
    assert "No photo was chosen." in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        (grey_jpeg, "no-face", "No face was found."),
        (small_face_jpeg, "too-small", "pixels long; 400 are needed"),
    ],
)
def test_a_photo_that_cannot_be_measured_is_kept_and_says_why(
    browser_of: Browser, patient: Patient, dermatologist: User, content: Callable[[], bytes], code: str, told: str
) -> None:
    agreed(patient, dermatologist)
    answer = add(browser_of("nurse"), patient, {View.FRONT: content()})
    photo = Photo.objects.get()
    assert (photo.refusal, photo.measurement) == (code, None)
    page = browser_of("nurse").get(answer["Location"]).content.decode()
    assert told in page
    assert "there is none to plan on" in page


def test_a_photo_of_two_people_is_not_kept(browser_of: Browser, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist)
    answer = add(browser_of("nurse"), patient, {View.FRONT: two_faces_jpeg()})
    assert answer.status_code == 422
    assert "More than one face was found, so it is not kept." in answer.content.decode()
    assert files_left() == []


def test_a_sticker_that_is_not_there_is_told_and_can_be_left_out(
    browser_of: Browser, patient: Patient, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    browser = browser_of("nurse")
    at = add(browser, patient, {View.FRONT: face_jpeg()}, sticker_mm="20")["Location"]
    assert "No sticker of that kind was found" in browser.get(at).content.decode()
    browser.post(f"{at}/measure", {"sticker_mm": "", "interpupillary_mm": "62"})
    photo = Photo.objects.get()
    assert (photo.refusal, photo.refusal_figure) == ("", None)
    assert Photo.objects.values_list("measurement__scale__known_mm", flat=True).get() == 62
    assert "No sticker" not in browser.get(at).content.decode()
    assert browser.post(f"{at}/measure", {"sticker_mm": "900"}).status_code == 422


def test_an_open_place_is_filled_later_and_a_full_one_is_not(
    browser_of: Browser, patient: Patient, dermatologist: User
) -> None:
    agreed(patient, dermatologist)
    photo_set = kept(patient, dermatologist, grey=True)
    browser, at = browser_of("nurse"), f"/photo-sets/{photo_set.address}/add"
    assert browser.post(at, {"left-oblique": upload(grey_jpeg())}).status_code == 302
    assert [photo.view for photo in photo_set.photos.all()] == ["front", "left-oblique"]
    before = files_left()
    assert browser.post(at, {"front": upload(grey_jpeg())}).status_code == 409
    assert files_left() == before


def test_a_view_in_another_place_is_told(browser_of: Browser, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist)
    browser = browser_of("nurse")
    at = add(browser, patient, {View.FRONT: face_jpeg(), View.LEFT_OBLIQUE: face_jpeg(View.RIGHT_OBLIQUE)})["Location"]
    assert "This photo shows another view: Right oblique." in browser.get(at).content.decode()
