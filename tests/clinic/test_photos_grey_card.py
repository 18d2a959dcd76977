"""The grey card: marked by two clicks without script, with wide errors, refused in words, compared with its like."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import comparing
from mesoplan.clinic.photos.models import Photo, PhotoSet, Purpose
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.imaging.picture_reading import png_of
from tests.clinic.photo_files import agreed, grey_jpeg
from tests.clinic.test_photos_clicks import Page
from tests.clinic.test_photos_colour import CARD as CHART
from tests.clinic.test_photos_colour import added, page_of, table, true_angles
from tests.imaging.synthetic_camera import CAMERAS, GREY_AT, Camera, scene, shot

Browser = Callable[[str], Client]
CARD = {"colour_card": "grey-card", "interpupillary_mm": "63"}
LEFT, TOP, WIDTH, HEIGHT = GREY_AT
CORNERS = [(LEFT + 10.0, TOP + 10.0), (LEFT + WIDTH - 10.0, TOP + HEIGHT - 10.0)]


@pytest.fixture(autouse=True)
def _photos_in(settings: Any, tmp_path: Path, patient: Patient, dermatologist: User) -> None:
    settings.PHOTOS = tmp_path
    comparing.forget_all()
    agreed(patient, dermatologist, (Purpose.PLANNING, Purpose.BEFORE_AFTER))


@cache
def png(skin: str = "light", camera: Camera = CAMERAS["warm light"]) -> bytes:
    """A face with both cards: which one is read is told."""
    return png_of(shot(scene(skin, grey=True), camera).rgb)


@pytest.fixture
def photo(browser_of: Browser, patient: Patient) -> Photo:
    return added(browser_of("nurse"), patient, png(), **CARD).photos.get()


def text_of(places: list[tuple[float, float]]) -> str:
    return ";".join(f"{x},{y}" for x, y in places)


def marked(browser: Client, photo: Photo, places: list[tuple[float, float]] = CORNERS) -> Any:
    return browser.post(f"/photos/{photo.address}/card", {"act": "keep", "places": text_of(places)})


@pytest.mark.parametrize("role", ["dermatologist", "nurse"])
def test_two_clicks_give_each_zone_its_angle_with_an_error_that_holds(
    browser_of: Browser, photo: Photo, role: str
) -> None:
    browser = browser_of(role)
    asked = page_of(browser, photo.photo_set)
    assert "Front: not measured before the grey card is marked on the photo." in asked
    assert f"/photos/{photo.address}/card" in asked
    assert table(asked) == {}
    page = Page(browser, photo, "card")
    assert page.asked == "One corner of the grey card"
    scale = page.answer.context["size"] / photo.width_px
    # Any two that are opposite, in any turn.
    (left, top), (right, bottom) = CORNERS
    page.click(round(right * scale), round(top * scale))
    assert page.asked == "The corner opposite to it"
    page.click(round(left * scale), round(bottom * scale))
    assert Photo.objects.get().card_clicks == []
    page.send(act="keep")
    assert len(Photo.objects.get().card_clicks) == 2
    shown = page_of(browser, photo.photo_set)
    assert "Front: grey card, white balance and brightness only" in shown
    assert "Mark the grey card again" in shown
    found = table(shown)
    for zone, true in true_angles("light").items():
        value, error = found[title_of("zones", zone)]
        assert abs(value - true) <= error + 1.0, zone
    assert AuditEntry.objects.get(act="mark_card").after == {"corners": 2, "zones": len(found)}


def test_its_errors_are_wider_than_those_of_a_chart(browser_of: Browser, patient: Patient, photo: Photo) -> None:
    browser = browser_of("nurse")
    marked(browser, photo)
    grey, chart = (
        table(page_of(browser, photo.photo_set)),
        table(page_of(browser, added(browser, patient, png(), **CHART))),
    )
    assert all(grey[zone][1] > chart[zone][1] for zone in grey.keys() & chart.keys())
    assert len(grey.keys() & chart.keys()) > 8


@pytest.mark.parametrize("role", ["pharmacist", "front_desk", "manager", "auditor"])
def test_nobody_else(browser_of: Browser, photo: Photo, role: str) -> None:
    browser = browser_of(role)
    assert browser.get(f"/photos/{photo.address}/card").status_code == 403
    assert marked(browser, photo).status_code == 403
    assert Photo.objects.get().card_clicks == []


REFUSED = {
    "half beside the card": ([(LEFT + 60.0, TOP - 40.0), (LEFT + 180.0, TOP + 80.0)], "not of one colour"),
    "five pixels": ([(LEFT + 10.0, TOP + 10.0), (LEFT + 15.0, TOP + 11.0)], "too small to be read"),
    "twice the same corner": ([CORNERS[0], CORNERS[0]], "too small to be read"),
    "on one line": ([CORNERS[0], (CORNERS[1][0], CORNERS[0][1])], "too small to be read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_card_is_told_and_stays_to_be_mended(browser_of: Browser, photo: Photo, name: str) -> None:
    places, told = REFUSED[name]
    page = Page(browser_of("nurse"), photo, "card")
    page.send(places=text_of(places))
    assert page.answer.status_code == 422
    assert told in page.answer.content.decode()
    assert "Keep this card" not in page.answer.content.decode()
    assert page.places == places
    assert page.send(act="keep").status_code == 422
    kept = Photo.objects.get()
    assert (kept.card_clicks, kept.colours) == ([], None)


def test_a_clipped_card_is_refused(browser_of: Browser, patient: Patient) -> None:
    browser, whole = browser_of("nurse"), scene("dark", grey=True).copy()
    whole[TOP : TOP + HEIGHT, LEFT : LEFT + WIDTH] = 1.0
    bright = added(browser, patient, png_of(shot(whole, Camera()).rgb), **CARD).photos.get()
    answer = marked(browser, bright)
    assert answer.status_code == 422
    assert "The grey card is clipped" in answer.content.decode()
    assert Photo.objects.get().card_clicks == []


@pytest.mark.parametrize(
    "sent", ["", "nan,nan", "1;2", "a,b", "1,2,3", "9e999,-5;5,5", "5,5;" * 50, "-9,-9;99999,99999"]
)
def test_what_no_page_sends_breaks_nothing(browser_of: Browser, photo: Photo, sent: str) -> None:
    at = f"/photos/{photo.address}/card"
    answer = browser_of("nurse").post(at, {"act": "keep", "places": sent, "size": "1e9", "at.x": "-3"})
    assert answer.status_code in (200, 422)
    for x, y in answer.context["places"]:
        assert 0 <= x <= photo.width_px
        assert 0 <= y <= photo.height_px
    assert Photo.objects.get().card_clicks == []


def test_undo_and_keys(browser_of: Browser, photo: Photo) -> None:
    page = Page(browser_of("nurse"), photo, "card")
    page.click(0, 0)  # what a browser sends for Enter
    middle = (photo.width_px / 2, photo.height_px / 2)
    assert page.places == [middle]
    page.send(act="move:left", step="fine")
    assert page.places[0] == pytest.approx((middle[0] - photo.width_px / 400, middle[1]), abs=0.1)
    page.send(act="undo")
    assert page.places == []


@pytest.mark.parametrize("fields", [{}, CHART], ids=["no card", "a ColorChecker"])
def test_where_no_grey_card_was_chosen_none_is_marked(
    browser_of: Browser, patient: Patient, fields: dict[str, str]
) -> None:
    browser = browser_of("nurse")
    other = added(browser, patient, png(), **fields).photos.get()
    assert "/card" not in page_of(browser, other.photo_set)
    assert browser.get(f"/photos/{other.address}/card").status_code == 409
    assert marked(browser, other).status_code == 409
    assert Photo.objects.get().card_clicks == []


def test_without_a_face_there_is_nothing_to_mark_it_for(browser_of: Browser, patient: Patient) -> None:
    browser = browser_of("nurse")
    nobody = added(browser, patient, grey_jpeg(), **CARD).photos.get()
    assert "/card" not in page_of(browser, nobody.photo_set)
    assert marked(browser, nobody).status_code == 409


def test_measured_again_the_card_lies_where_it_was(browser_of: Browser, photo: Photo) -> None:
    browser, measure = browser_of("nurse"), f"/photo-sets/{photo.photo_set.address}/measure"
    marked(browser, photo)
    before = table(page_of(browser, photo.photo_set))
    browser.post(measure, CHART)
    assert "Front: ColorChecker" in page_of(browser, PhotoSet.objects.get())
    browser.post(measure, CARD | {"interpupillary_mm": "60"})
    again = table(page_of(browser, PhotoSet.objects.get()))
    assert again.keys() == before.keys()
    # The mesh is stored in hundredths of a pixel.
    assert all(again[zone] == pytest.approx(before[zone], abs=0.3) for zone in before)
    browser.post(measure, {"interpupillary_mm": "63", "colour_card": ""})
    assert table(page_of(browser, PhotoSet.objects.get())) == {}


@pytest.mark.parametrize(("later", "by_cards"), [(CARD, True), (CHART, False)], ids=["two grey cards", "two kinds"])
def test_photos_are_compared_by_cards_of_one_kind(
    browser_of: Browser, patient: Patient, photo: Photo, later: dict[str, str], by_cards: bool
) -> None:
    browser = browser_of("nurse")
    marked(browser, photo)
    second = added(browser, patient, png(camera=CAMERAS["as it is"]), **later).photos.get()
    if later is CARD:
        marked(browser, second)
    page = browser.get(f"/patients/{patient.ref}/photos/compare").content.decode()
    assert ("Light was matched by the colour cards of both photos" in page) is by_cards
    assert ("not both photos hold a colour card of the same kind" in page) is not by_cards
    # One skin under two lights: by grey cards nothing changed beyond their errors.
    assert not re.search(r"<b>(redder|paler|darker|lighter)", page)


@pytest.mark.parametrize(
    ("language", "title", "kept"),
    [
        ("fr", "Un coin de la carte grise", "carte grise, seules la balance"),
        ("it", "Un angolo del cartoncino grigio", "cartoncino grigio, si correggono"),
        ("es", "Una esquina de la carta gris", "carta gris, solo se corrigen"),
    ],
)
def test_in_other_languages(browser_of: Browser, photo: Photo, language: str, title: str, kept: str) -> None:
    browser = browser_of("nurse")
    person = User.objects.get(pk=browser.session["_auth_user_id"])
    person.language = language
    person.save()
    page = browser.get(f"/photos/{photo.address}/card").content.decode()
    assert title in page
    assert "grey card" not in page.lower()
    marked(browser, photo)
    page = page_of(browser, photo.photo_set)
    assert kept in page
    assert "grey card" not in page.lower()
