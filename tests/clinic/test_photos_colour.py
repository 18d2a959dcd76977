"""The colour of the skin: by a ColorChecker in the photo, with its error; without a card there is no number."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import comparing
from mesoplan.clinic.photos.models import PhotoSet, Purpose, View
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.imaging.colour_space import pixels_of
from mesoplan.imaging.picture_reading import png_of
from mesoplan.imaging.skin_colour import Measured, zone_colours
from tests.clinic.photo_files import agreed, form
from tests.imaging.rendered_faces import photo_of
from tests.imaging.synthetic_camera import CAMERAS, Camera, plain_measured, scene, shot
from tests.imaging.test_skin_colour import ZONES, untouched

Browser = Callable[[str], Client]
CARD = {"colour_card": "colorchecker-24", "interpupillary_mm": "63"}
NOT = ["pharmacist", "front_desk", "manager", "auditor"]


@pytest.fixture(autouse=True)
def _photos_in(settings: Any, tmp_path: Path, patient: Patient, dermatologist: User) -> None:
    settings.PHOTOS = tmp_path
    comparing.forget_all()
    agreed(patient, dermatologist, (Purpose.PLANNING, Purpose.BEFORE_AFTER))


@cache
def png(skin: str = "light", camera: str = "warm light", *, card: bool = True) -> bytes:
    return png_of(shot(scene(skin, card=card), CAMERAS[camera]).rgb)


def true_angles(skin: str) -> dict[str, float]:
    """Of the scene itself, before any camera."""
    seen = zone_colours(photo_of(pixels_of(scene(skin))), plain_measured(), untouched())
    angles = {zone.zone_id: zone.ita_deg for zone in seen if zone.zone_id in ZONES}
    return {zone: angle.value for zone, angle in angles.items() if isinstance(angle, Measured)}


def added(browser: Client, patient: Patient, content: bytes, **fields: str) -> PhotoSet:
    answer = browser.post(f"/patients/{patient.ref}/photos/add", form({View.FRONT: content}, **fields))
    assert answer.status_code == 302
    return PhotoSet.objects.latest("pk")


def page_of(browser: Client, photo_set: PhotoSet) -> str:
    return browser.get(f"/photo-sets/{photo_set.address}").content.decode()


def table(page: str) -> dict[str, tuple[float, float]]:
    """ITA and its error by zone."""
    part = page.partition('id="colours-head"')[2].partition("</section>")[0].replace("−", "-")
    rows = re.findall(r'<th scope="row">([^<]+)</th><td class="number"><bdi>(\S+) ± (\S+)</bdi>', part)
    return {zone: (float(value), float(error)) for zone, value, error in rows}


@pytest.mark.parametrize("role", ["dermatologist", "nurse"])
@pytest.mark.parametrize("skin", ["light", "dark"])
def test_by_a_card_each_zone_has_its_angle_with_an_error_that_holds(
    browser_of: Browser, patient: Patient, role: str, skin: str
) -> None:
    browser = browser_of(role)
    page = page_of(browser, added(browser, patient, png(skin), **CARD))
    found = table(page)
    assert len(found) > 8
    for zone, true in true_angles(skin).items():
        value, error = found[title_of("zones", zone)]
        assert 0 < error < 8, zone
        # The mesh is found anew on the picture, so that the median is one of slightly other skin.
        assert abs(value - true) <= error + 1.0, zone
    assert re.search(r"Front: ColorChecker, \d\d of 24 patches used, \d\.\d units", page)
    assert "not the readings of a reflectance meter" in page


def test_the_card_takes_the_light_away(browser_of: Browser, patient: Patient) -> None:
    """One skin under two lights: the angles agree within their errors."""
    browser = browser_of("nurse")
    warm, cold = (
        table(page_of(browser, added(browser, patient, png("light", one), **CARD)))
        for one in ("warm light", "cold light")
    )
    for zone in warm.keys() & cold.keys():
        assert abs(warm[zone][0] - cold[zone][0]) <= warm[zone][1] + cold[zone][1] + 0.2, zone


def test_without_a_card_there_is_no_number(browser_of: Browser, patient: Patient) -> None:
    browser = browser_of("nurse")
    photo_set = added(browser, patient, png(), interpupillary_mm="63")
    page = page_of(browser, photo_set)
    assert "Not measurable without a card." in page
    assert table(page) == {}
    assert photo_set.photos.get().colours is None


def test_a_card_that_is_not_there_says_what_to_do(browser_of: Browser, patient: Patient) -> None:
    browser = browser_of("nurse")
    page = page_of(browser, added(browser, patient, png(card=False), **CARD))
    assert "Front: no ColorChecker was found. Hold it whole, flat and without glare beside the face." in page
    assert table(page) == {}


def test_what_was_forgotten_is_said_afterwards_and_taken_back(browser_of: Browser, patient: Patient) -> None:
    browser = browser_of("nurse")
    photo_set = added(browser, patient, png(), interpupillary_mm="63")
    measure = f"/photo-sets/{photo_set.address}/measure"
    browser.post(measure, CARD)
    page = page_of(browser, photo_set)
    assert len(table(page)) > 8
    assert '<option value="colorchecker-24" selected>' in page
    browser.post(measure, {"interpupillary_mm": "63", "colour_card": ""})
    assert table(page_of(browser, photo_set)) == {}
    browser.post(measure, {"interpupillary_mm": "63", "colour_card": "a made-up card"})
    assert PhotoSet.objects.get(pk=photo_set.pk).colour_card == ""


@pytest.mark.parametrize("role", NOT)
def test_nobody_else(browser_of: Browser, patient: Patient, role: str) -> None:
    photo_set = added(browser_of("nurse"), patient, png(), **CARD)
    browser = browser_of(role)
    assert browser.get(f"/photo-sets/{photo_set.address}").status_code == 403
    assert browser.post(f"/photo-sets/{photo_set.address}/measure", CARD).status_code == 403


def test_with_cards_a_change_of_the_whole_face_is_seen(browser_of: Browser, patient: Patient) -> None:
    browser = browser_of("nurse")
    redder = np.array(scene("light"))
    chart_top = 880
    redder[:chart_top] *= np.array([1.12, 0.97, 0.97])
    for content in (png("light", "as it is"), png_of(shot(redder, Camera()).rgb)):
        added(browser, patient, content, **CARD)
    page = browser.get(f"/patients/{patient.ref}/photos/compare").content.decode()
    assert "Light was matched by the colour cards of both photos" in page
    assert "cannot be seen" not in page
    assert page.count("<b>redder") > 8
