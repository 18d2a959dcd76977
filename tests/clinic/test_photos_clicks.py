"""Six points by hand where no face was found: clicks without script, undo, keys, and the face they make."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.assessments.saving import open_assessment
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import actions
from mesoplan.clinic.photos.models import Photo, View
from mesoplan.clinic.photos.preparing import Scale, take
from mesoplan.imaging.clicked_face import template_places_mm
from tests.clinic.photo_files import agreed, grey_jpeg, kept, upload

Browser = Callable[[str], Client]
WIDTH, HEIGHT, SHOWN = 1000, 1200, 640


@pytest.fixture(autouse=True)
def _photos_in(settings: Any, tmp_path: Path) -> None:
    settings.PHOTOS = tmp_path


@pytest.fixture
def photo(patient: Patient, dermatologist: User) -> Photo:
    """A photo that shows nobody, so that no face is found on it."""
    agreed(patient, dermatologist)
    scale = Scale(interpupillary_mm=62.0)
    taken = [take(View.FRONT, upload(grey_jpeg(WIDTH, HEIGHT)), scale)]
    photo_set = actions.add_photos(
        patient=patient, taken=taken, scale=scale, taken_on=patient.added_at.date(), by=dermatologist
    )
    return photo_set.photos.get()


def places() -> list[tuple[int, int]]:
    """Where the six places of the template are seen, in pixels of the page, were it in the middle of the photo."""
    px = template_places_mm()[:, :2] * [3.0, -3.0] + [SHOWN / 2, SHOWN / 2]
    return [(int(x), int(y)) for x, y in np.round(px)]


class Page:
    """The page as a browser without script uses it: what one answer held is sent with the next click."""

    def __init__(self, browser: Client, photo: Photo, name: str = "clicks") -> None:
        self.browser, self.at = browser, f"/photos/{photo.address}/{name}"
        self.answer: Any = browser.get(self.at)

    def send(self, **fields: object) -> Any:
        hidden = {"places": self.answer.context["sent"], "size": self.answer.context["size"]}
        self.answer = self.browser.post(self.at, hidden | fields)
        return self.answer

    def click(self, x: int, y: int) -> Any:
        return self.send(**{"at.x": x, "at.y": y})

    @property
    def asked(self) -> str:
        return str(self.answer.context["asked"])

    @property
    def places(self) -> list[tuple[float, float]]:
        found: list[tuple[float, float]] = self.answer.context["places"]
        return found


@pytest.mark.parametrize("role", ["dermatologist", "nurse"])
def test_six_clicks_make_a_face_that_can_be_planned_on(browser_of: Browser, photo: Photo, role: str) -> None:
    page = Page(browser_of(role), photo)
    assert page.asked == "Outer corner of the right eye"
    for x, y in places():
        page.click(x, y)
    assert page.asked == ""
    assert "Keep these points" in page.answer.content.decode()
    assert 'class="outline read"' in page.answer.content.decode()
    assert Photo.objects.get().clicks == []
    set_page = page.send(act="keep")["Location"]
    assert len(Photo.objects.get().clicks) == 6
    shown = page.browser.get(set_page).content.decode()
    assert "Laid on by six points" in shown
    assert "Six points: scale by measured pupils." in shown
    page.browser.post(f"{set_page}/use")
    assessment = open_assessment(photo.photo_set.patient)
    assert assessment is not None
    assert assessment.case["patient"]["face"]["source"] == "clicks"
    assert "from six points" in page.browser.get(f"/patients/{photo.photo_set.patient.ref}/assess").content.decode()
    assert AuditEntry.objects.get(act="place_points").after == {"points": 6}


@pytest.mark.parametrize("role", ["pharmacist", "front_desk", "manager", "auditor"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else(browser_of: Browser, photo: Photo, role: str, method: str) -> None:
    sent = {"act": "keep", "places": ";".join(f"{x},{y}" for x, y in places())}
    answer = getattr(browser_of(role), method)(f"/photos/{photo.address}/clicks", sent if method == "post" else None)
    assert answer.status_code == 403
    assert Photo.objects.get().clicks == []


def test_a_click_counts_in_pixels_of_the_photo_whatever_its_size_on_the_page(browser_of: Browser, photo: Photo) -> None:
    page = Page(browser_of("nurse"), photo)
    page.send(act="size:340")
    page.click(170, 34)
    page.send(act="size:960")
    page.click(960, 96)
    assert page.places == [(500.0, 100.0), (1000.0, 100.0)]


def test_the_last_click_is_taken_back(browser_of: Browser, photo: Photo) -> None:
    page = Page(browser_of("nurse"), photo)
    page.click(100, 100)
    page.click(200, 100)
    page.send(act="undo")
    assert page.places == [pytest.approx((156.2, 156.2), abs=0.1)]
    assert page.asked == "Inner corner of the right eye"
    page.send(act="undo")
    page.send(act="undo")
    assert page.places == []


def test_by_keys_a_point_starts_in_the_middle_and_is_moved(browser_of: Browser, photo: Photo) -> None:
    page = Page(browser_of("nurse"), photo)
    page.click(0, 0)  # what a browser sends for Enter
    assert page.places == [(500.0, 600.0)]
    for way in ("left", "left", "up", "right", "down", "nowhere"):
        page.send(act=f"move:{way}")
    assert page.places == [(460.0, 600.0)]
    page.send(act="move:up", step="fine")
    assert page.places == [(460.0, 597.5)]


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ([3, 2, 1, 0, 4, 5], "Right and left are swapped"),
        ([1, 0, 2, 3, 4, 5], "not in their order"),
        ([0, 1, 2, 3, 5, 4], "not in their order"),
    ],
)
def test_points_that_are_no_face_are_told_and_stay_to_be_mended(
    browser_of: Browser, photo: Photo, order: list[int], told: str
) -> None:
    page = Page(browser_of("nurse"), photo)
    for number in order:
        page.click(*places()[number])
    assert page.answer.status_code == 422
    assert told in page.answer.content.decode()
    assert len(page.places) == 6
    assert page.send(act="keep").status_code == 422
    assert Photo.objects.get().clicks == []


@pytest.mark.parametrize("sent", ["nan,nan", "1;2", "a,b", "1,2,3", ";;;", "9e999,-5", "5,5;" * 50])
def test_what_no_page_sends_breaks_nothing(browser_of: Browser, photo: Photo, sent: str) -> None:
    browser = browser_of("nurse")
    answer = browser.post(f"/photos/{photo.address}/clicks", {"places": sent, "size": "1e9", "at.x": "-3", "at.y": "x"})
    assert answer.status_code in (200, 422)
    for x, y in answer.context["places"]:
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT


def test_a_photo_that_was_measured_needs_no_points(browser_of: Browser, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist)
    photo_set = kept(patient, dermatologist)
    assert "/clicks" not in browser_of("nurse").get(f"/photo-sets/{photo_set.address}").content.decode()
