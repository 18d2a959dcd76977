"""A photo of a zone of the body with a sticker: outlined without script, its area in the open assessment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.assessments.saving import open_assessment
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses import actions as courses
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import actions
from mesoplan.clinic.photos.models import Photo, PhotoSet, Purpose
from mesoplan.imaging.picture_reading import jpeg_of
from mesoplan.workflow import WrongState
from tests.clinic.photo_files import agreed, files_left, grey_jpeg, kept, thigh_jpeg, upload
from tests.imaging.rendered_patches import WIDTH_PX, Body, rectangle

Browser = Callable[[str], Client]
THIGH = Body(80, sticker_mm=20)
OUTLINE, TRUE_CM2 = rectangle(80, 110, 2), 88.0
SHOWN = 640


@pytest.fixture(autouse=True)
def _photos_in(settings: Any, tmp_path: Path) -> None:
    settings.PHOTOS = tmp_path


def sent(**fields: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    day = timezone.localdate().isoformat()
    return {"zone": "thigh-front-right", "sticker_mm": "20", "taken_on": day, "photo": upload(thigh_jpeg())} | fields


def add(browser: Client, patient: Patient, **fields: Any) -> Any:
    return browser.post(f"/patients/{patient.ref}/photos/add-zone", sent(**fields))


@pytest.fixture
def photo(patient: Patient, dermatologist: User, browser_of: Browser) -> Photo:
    agreed(patient, dermatologist)
    add(browser_of("dermatologist"), patient)
    return Photo.objects.get()


class Page:
    """The page as a browser without script uses it: what one answer held is sent with the next click."""

    def __init__(self, browser: Client, photo: Photo) -> None:
        self.browser, self.at = browser, f"/photos/{photo.address}/outline"
        self.answer: Any = browser.get(self.at)

    def send(self, **fields: object) -> Any:
        hidden = {"places": self.answer.context["sent"], "size": self.answer.context["size"]}
        self.answer = self.browser.post(self.at, hidden | fields)
        return self.answer

    def outline(self, along_skin: Any = OUTLINE) -> Any:
        for x, y in np.round(THIGH.pixels(along_skin) * SHOWN / WIDTH_PX).astype(int):
            self.send(**{"at.x": x, "at.y": y})
        return self.answer

    @property
    def text(self) -> str:
        return str(self.answer.content.decode())


@pytest.mark.parametrize("role", ["dermatologist", "nurse"])
def test_from_the_photo_to_the_area_in_the_assessment(
    browser_of: Browser, patient: Patient, dermatologist: User, role: str
) -> None:
    agreed(patient, dermatologist)
    answer = add(browser_of(role), patient)
    photo = Photo.objects.get()
    assert answer["Location"] == f"/photos/{photo.address}/outline"
    assert (photo.view, photo.photo_set.sticker_mm, photo.measurement) == ("thigh-front-right", 20.0, None)
    page = Page(browser_of(role), photo)
    assert "Thigh, front, right" in page.text
    assert "not measured" in page.text
    page.outline()
    assert "Use this area for planning" in page.text
    assert Photo.objects.get().clicks == []
    assert page.send(act="use")["Location"] == f"/patients/{patient.ref}/assess"
    assert len(Photo.objects.get().clicks) == len(OUTLINE)
    assessment = open_assessment(patient)
    assert assessment is not None
    area = float(assessment.case["areas"]["thigh-front-right"].removesuffix(" cm2"))
    used = AuditEntry.objects.get(act="use_area").after or {}
    assert abs(area - TRUE_CM2) <= area * used["error"]
    assert used["error"] < 0.2
    note = assessment.case["note"]
    assert note.startswith(f"Area of Thigh, front, right: {area:g} ± ")
    assert note.endswith("with a sticker of 20 mm.")
    assert AuditEntry.objects.get(act="outline_zone").after == {"zone": photo.view, "corners": len(OUTLINE)}


@pytest.mark.parametrize("role", ["pharmacist", "front_desk", "manager", "auditor"])
def test_nobody_else(browser_of: Browser, photo: Photo, role: str) -> None:
    patient = photo.photo_set.patient
    browser = browser_of(role)
    assert add(browser, patient).status_code == 403
    assert browser.get(f"/patients/{patient.ref}/photos/add-zone").status_code == 403
    assert browser.get(f"/photos/{photo.address}/outline").status_code == 403
    places = "100,100;900,100;900,900"
    assert browser.post(f"/photos/{photo.address}/outline", {"places": places, "act": "use"}).status_code == 403
    assert Photo.objects.get().clicks == []


def test_without_consent_nothing_is_kept(browser_of: Browser, patient: Patient) -> None:
    browser = browser_of("dermatologist")
    assert browser.get(f"/patients/{patient.ref}/photos/add-zone")["Location"].endswith("/photos/consent")
    assert add(browser, patient).status_code == 409
    assert files_left() == []


def test_an_area_is_used_with_consent_to_planning_only(
    browser_of: Browser, patient: Patient, dermatologist: User
) -> None:
    agreed(patient, dermatologist, [Purpose.BEFORE_AFTER])
    browser = browser_of("dermatologist")
    add(browser, patient)
    page = Page(browser, Photo.objects.get())
    page.outline()
    assert "did not agree to planning" in page.text
    assert page.send(act="use").status_code == 409
    assert open_assessment(patient) is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"zone": "chin"}, "Choose the zone that the photo shows."),
        ({"zone": "soles"}, "Choose the zone that the photo shows."),
        ({"zone": "../x"}, "Choose the zone that the photo shows."),
        ({"sticker_mm": ""}, "The area rests on it."),
        ({"sticker_mm": "500"}, "500"),
        ({"photo": ""}, "No photo was chosen."),
        ({"taken_on": "2999-01-01"}, "or earlier"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_kept(
    browser_of: Browser, patient: Patient, dermatologist: User, fields: dict[str, str], told: str
) -> None:
    agreed(patient, dermatologist)
    answer = add(browser_of("dermatologist"), patient, **fields)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert files_left() == []
    assert not PhotoSet.objects.exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (grey_jpeg(900, 900), "No sticker was found, so the photo is not kept."),
        (b"%PDF-1.7", "This is a PDF."),
        (jpeg_of(Body(sticker_mm=40, turn_deg=55).photo()), "up to 45° can be measured"),
    ],
)
def test_a_photo_that_cannot_be_measured_is_not_kept(
    browser_of: Browser, patient: Patient, dermatologist: User, content: bytes, told: str
) -> None:
    agreed(patient, dermatologist)
    answer = add(browser_of("dermatologist"), patient, photo=upload(content))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert files_left() == []


def test_an_outline_that_crosses_itself_is_told_and_mended(browser_of: Browser, photo: Photo) -> None:
    page = Page(browser_of("nurse"), photo)
    page.outline(rectangle(80, 110, 1)[[0, 2, 1, 3]])
    assert page.answer.status_code == 422
    assert "crosses itself" in page.text
    assert "Use this area" not in page.text
    page.send(act="use")
    assert open_assessment(photo.photo_set.patient) is None
    assert page.send(act="undo").status_code == 200


def test_no_more_corners_than_an_outline_has(browser_of: Browser, photo: Photo) -> None:
    page = Page(browser_of("nurse"), photo)
    page.send(places=";".join(f"{100 + i},{200 + i * i}" for i in range(40)))
    assert len(page.answer.context["places"]) == 24
    assert page.answer.context["asked"] == ""


def test_a_typed_area_of_another_zone_stays_and_the_line_of_a_zone_is_written_once(
    browser_of: Browser, photo: Photo
) -> None:
    patient, browser = photo.photo_set.patient, browser_of("dermatologist")
    for _ in range(2):
        page = Page(browser, photo)
        if not Photo.objects.get().clicks:
            page.outline()
        page.send(act="use")
        assessment = open_assessment(patient)
        assert assessment is not None
        case = {**assessment.case, "areas": {**assessment.case["areas"], "abdomen": "300 cm2"}}
        courses.save_assessment(assessment=assessment, version=assessment.version, case=case, by=page_user(patient))
    stored = open_assessment(patient)
    assert stored is not None
    assert stored.case["areas"]["abdomen"] == "300 cm2"
    assert stored.case["note"].count("Area of Thigh") == 1


def page_user(patient: Patient) -> User:
    return User.objects.get(pk=patient.photo_sets.get().added_by_id)


def test_a_signed_assessment_takes_no_area(browser_of: Browser, photo: Photo) -> None:
    patient, by = photo.photo_set.patient, photo.added_by
    page = Page(browser_of("dermatologist"), photo)
    page.outline()
    page.send(act="use")
    assessment = open_assessment(patient)
    assert assessment is not None
    courses.sign_assessment(assessment=assessment, version=assessment.version, by=by)
    with pytest.raises(WrongState, match="signed"):
        actions.use_area(photo=photo, by=by)


def test_a_photo_without_an_outline_and_one_of_a_face_give_no_area(photo: Photo, dermatologist: User) -> None:
    with pytest.raises(WrongState, match="no area yet"):
        actions.use_area(photo=photo, by=dermatologist)
    face = kept(photo.photo_set.patient, dermatologist, grey=True).photos.get()
    with pytest.raises(WrongState, match="no area yet"):
        actions.use_area(photo=face, by=dermatologist)


def test_pages_of_faces_take_no_photo_of_a_zone_and_the_other_way_round(
    browser_of: Browser, photo: Photo, dermatologist: User
) -> None:
    browser, own = browser_of("dermatologist"), photo.photo_set
    assert browser.get(f"/photos/{photo.address}/clicks").status_code == 404
    for act in ("add", "measure", "use"):
        assert browser.post(f"/photo-sets/{own.address}/{act}").status_code == 404
    assert browser.get(f"/photo-sets/{own.address}")["Location"] == f"/photos/{photo.address}/outline"
    face = kept(own.patient, dermatologist, grey=True).photos.get()
    assert browser.get(f"/photos/{face.address}/outline").status_code == 404
    listed = browser.get(f"/patients/{own.patient.ref}/photos").content.decode()
    assert "Thigh, front, right" in listed
    assert browser.get(f"/patients/{own.patient.ref}/photos/compare").status_code == 200
    assert browser.get(f"/patients/{own.patient.ref}").status_code == 200


def test_it_is_deleted_brought_back_and_goes_with_its_consent(browser_of: Browser, photo: Photo) -> None:
    browser, own = browser_of("dermatologist"), photo.photo_set
    browser.post(f"/photos/{photo.address}/delete")
    assert "Bring back" in browser.get(f"/photo-sets/{own.address}").content.decode()
    browser.post(f"/photos/{photo.address}/bring-back")
    assert browser.get(f"/photos/{photo.address}/outline").status_code == 200
    consent = own.patient.photo_consents.get()
    day = timezone.localdate()
    actions.withdraw_consent(consent=consent, withdrawn_on=day, delete=True, by=photo.added_by)
    assert Photo.objects.get().deleted_at is not None


def test_a_view_that_is_none_is_refused_by_the_database(photo: Photo) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.filter(pk=photo.pk).update(sticker_px=None)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Photo d’une zone du corps"),
        ("it", "Foto di una zona del corpo"),
        ("es", "Foto de una zona del cuerpo"),
    ],
)
def test_the_pages_speak_the_language_of_the_person(
    browser_of: Browser, photo: Photo, dermatologist: User, language: str, words: str
) -> None:
    User.objects.filter(pk=dermatologist.pk).update(language=language)
    browser = browser_of("dermatologist")
    form = browser.get(f"/patients/{photo.photo_set.patient.ref}/photos/add-zone").content.decode()
    assert f'lang="{language}"' in form
    assert words in form
    page = Page(browser, photo)
    assert "Set the corners in order" not in page.text
