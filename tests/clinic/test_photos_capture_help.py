"""Capture help: the earlier photo as a ghost beside each place, for whoever adds photos of a patient who agreed."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import actions
from mesoplan.clinic.photos.models import Photo, PhotoSet, Purpose, View
from tests.clinic.photo_files import agreed, face_jpeg, grey_jpeg
from tests.clinic.photo_visits import FIRST_DAY, LATER_DAY, Take, jpeg, visit
from tests.clinic.test_every_page_with_axe import looked_at

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium

Browser = Callable[[str], Client]
NOT = ["pharmacist", "front_desk", "manager", "auditor"]
BOTH = (Purpose.PLANNING, Purpose.BEFORE_AFTER)


@pytest.fixture(autouse=True)
def _photos_in(settings: Any, tmp_path: Path) -> None:
    settings.PHOTOS = tmp_path


@pytest.fixture
def first(patient: Patient, dermatologist: User) -> PhotoSet:
    agreed(patient, dermatologist, BOTH)
    turned = jpeg(Take(pitch_deg=-7.0))
    pictures = {View.FRONT: turned, View.RIGHT_OBLIQUE: face_jpeg(View.RIGHT_OBLIQUE), View.LEFT_OBLIQUE: grey_jpeg()}
    return visit(patient, dermatologist, FIRST_DAY, pictures)


def photo_of(photo_set: PhotoSet, view: View = View.FRONT) -> Photo:
    return photo_set.photos.get(view=view)


def page_of(browser: Client, patient: Patient) -> str:
    return browser.get(f"/patients/{patient.ref}/photos/add").content.decode()


def test_each_view_says_what_to_match(browser_of: Browser, first: PhotoSet) -> None:
    page = page_of(browser_of("nurse"), first.patient)
    assert page.count("As on 7 Sep 2026") == 2, "a photo without a face has no ghost"
    assert f"/photos/{photo_of(first).address}/ghost" in page
    assert "Face to the camera, within 3°" in page
    assert re.search(r"Chin lowered by \d+°, within 3°", page)
    assert "° to the patient’s left, within 3°" in page
    assert "Same lens and zoom; the face takes" in page


def test_the_latest_visit_is_matched_and_a_deleted_photo_is_not(
    browser_of: Browser, first: PhotoSet, dermatologist: User
) -> None:
    later = visit(first.patient, dermatologist, LATER_DAY, {View.FRONT: face_jpeg()})
    page = page_of(browser_of("nurse"), first.patient)
    assert (page.count("As on 2 Nov 2026"), page.count("As on 7 Sep 2026")) == (1, 1)
    actions.delete_photo(photo=photo_of(later), by=dermatologist)
    assert page_of(browser_of("nurse"), first.patient).count("As on 7 Sep 2026") == 2
    assert browser_of("nurse").get(f"/photos/{photo_of(later).address}/ghost").status_code == 404


def test_the_ghost_is_lines_on_nothing_in_the_shape_of_the_photo(browser_of: Browser, first: PhotoSet) -> None:
    photo = photo_of(first)
    answer = browser_of("nurse").get(f"/photos/{photo.address}/ghost")
    assert answer["Cache-Control"] == "private, no-store"
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.mode == "RGBA"
    assert picture.width / picture.height == pytest.approx(photo.width_px / photo.height_px, rel=0.01)
    opaque = np.asarray(picture)[..., 3] > 0
    assert 0.002 < opaque.mean() < 0.1


@pytest.mark.parametrize("role", NOT)
def test_nobody_else(browser_of: Browser, first: PhotoSet, role: str) -> None:
    assert browser_of(role).get(f"/photos/{photo_of(first).address}/ghost").status_code == 403


def test_not_without_consent_to_compare(browser_of: Browser, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist)
    photo_set = visit(patient, dermatologist, FIRST_DAY, {View.FRONT: face_jpeg()})
    assert "/ghost" not in page_of(browser_of("nurse"), patient)
    assert browser_of("nurse").get(f"/photos/{photo_of(photo_set).address}/ghost").status_code == 409


def test_a_photo_without_a_face_has_none(browser_of: Browser, first: PhotoSet) -> None:
    assert browser_of("nurse").get(f"/photos/{photo_of(first, View.LEFT_OBLIQUE).address}/ghost").status_code == 404


def test_who_saw_the_ghost_saw_the_photo(browser_of: Browser, first: PhotoSet, nurse: User) -> None:
    browser_of("nurse").get(f"/photos/{photo_of(first).address}/ghost")
    assert AuditEntry.objects.get(act="see", who=nurse.email).thing == f"photo {photo_of(first).pk}"


def test_only_this_page_may_open_the_camera(browser_of: Browser, first: PhotoSet) -> None:
    browser, ref = browser_of("nurse"), first.patient.ref
    assert "camera=(self)" in browser.get(f"/patients/{ref}/photos/add")["Permissions-Policy"]
    for page in (f"/patients/{ref}/photos", f"/photo-sets/{first.address}", "/today"):
        assert "camera=()" in browser.get(page)["Permissions-Policy"]


@pytest.mark.django_db(transaction=True)
def test_the_camera_puts_its_picture_into_the_form(
    browser: Chromium, live_server: Any, browser_of: Browser, first: PhotoSet
) -> None:
    """Chromium's own made-up camera stands for a real one."""
    context = browser.new_context(base_url=live_server.url, reduced_motion="reduce")
    cookie = browser_of("nurse").cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    # A canvas that is filmed stands for the camera: it needs no device and no leave.
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => {"
        " if (window.noCamera) throw new Error('no');"
        " const canvas = document.createElement('canvas'); canvas.width = 640; canvas.height = 800;"
        " canvas.getContext('2d').fillRect(0, 0, 640, 800); return canvas.captureStream(10); }"
    )
    page.goto(f"/patients/{first.patient.ref}/photos/add")
    camera = page.locator('.camera[data-into="id_front"]')
    page.evaluate("window.noCamera = true")
    camera.get_by_role("button", name="Use the camera here").click()
    camera.get_by_text("The camera was not opened").wait_for()
    page.evaluate("window.noCamera = false")
    camera.get_by_role("button", name="Use the camera here").click()
    page.wait_for_function("document.querySelector('.camera video').videoWidth === 640")
    assert camera.locator(".finder img").is_visible()
    assert looked_at(page, "camera", f"{page.url}#live") == []
    camera.get_by_role("button", name="Take the photo").click()
    camera.get_by_text("Taken.").wait_for()
    taken = page.evaluate(
        "createImageBitmap(document.getElementById('id_front').files[0]).then(one => [one.width, one.height])"
    )
    assert taken == [640, 800]
    assert page.evaluate("document.querySelector('.camera video').srcObject.active") is False
    context.close()
