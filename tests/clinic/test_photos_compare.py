"""Before and after: two visits of a patient who agreed to comparing, aligned where they can be; where not, why."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.patients import actions as patients
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import actions, comparing, consents
from mesoplan.clinic.photos.models import PhotoSet, Purpose, View
from tests.clinic.photo_files import agreed, files_left, grey_jpeg
from tests.clinic.photo_visits import FIRST_DAY, LATER_DAY, TURNED, jpeg, two_visits, visit

Browser = Callable[[str], Client]
Pair = tuple[PhotoSet, PhotoSet]
NOT = ["pharmacist", "front_desk", "manager", "auditor"]
PARTS = ["earlier", "later", "redness", "lightness"]
BOTH = (Purpose.PLANNING, Purpose.BEFORE_AFTER)


@pytest.fixture(autouse=True)
def _photos_in(settings: Any, tmp_path: Path) -> None:
    settings.PHOTOS = tmp_path
    comparing.forget_all()


@pytest.fixture
def visits(patient: Patient, dermatologist: User) -> Pair:
    agreed(patient, dermatologist, BOTH)
    return two_visits(patient, dermatologist)


def page_of(browser: Client, patient: Patient, **asked: str) -> str:
    answer = browser.get(f"/patients/{patient.ref}/photos/compare", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def part_of(pair: Pair, name: str) -> str:
    earlier, later = (one.photos.get().address for one in pair)
    return f"/photos/{earlier}/{later}/{name}"


@pytest.mark.parametrize("role", ["dermatologist", "nurse"])
def test_who_cares_for_the_patient_compares(browser_of: Browser, visits: Pair, role: str) -> None:
    page = page_of(browser_of(role), visits[0].patient)
    assert "Earlier, 7 Sep 2026" in page
    assert "Later, 2 Nov 2026" in page
    assert all(part_of(visits, name) in page for name in PARTS)
    assert "style=" not in page


@pytest.mark.parametrize("role", NOT)
def test_nobody_else(browser_of: Browser, visits: Pair, role: str) -> None:
    browser = browser_of(role)
    assert browser.get(f"/patients/{visits[0].patient.ref}/photos/compare").status_code == 403
    assert {browser.get(part_of(visits, name)).status_code for name in PARTS} == {403}


def test_nobody_without_a_log_in(visits: Pair) -> None:
    for address in (f"/patients/{visits[0].patient.ref}/photos/compare", part_of(visits, "later")):
        assert Client().get(address)["Location"].split("?")[0] == "/log-in"


def test_both_pictures_and_what_lies_over_them_are_of_one_size(browser_of: Browser, visits: Pair) -> None:
    sizes = set()
    for name in PARTS:
        answer = browser_of("nurse").get(part_of(visits, name))
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        sizes.add(Image.open(io.BytesIO(answer.content)).size)
    assert len(sizes) == 1


def test_the_cheek_that_reddened_is_told_with_its_error_and_no_other(browser_of: Browser, visits: Pair) -> None:
    page = page_of(browser_of("nurse"), visits[0].patient)
    rows = re.findall(r"<tr><th scope=\"row\">([^<]+)</th>(.*?)</tr>", page)
    told = {zone: re.findall(r"<b>([^<]+)</b>", cells) for zone, cells in rows if "<b>" in cells}
    assert told == {"Malar, right": ["redder"]}
    change = re.search(r"\+(\d\.\d) ± \d\.\d", dict(rows)["Malar, right"])
    assert change
    assert 0.5 < float(change[1]) < 8.0
    assert "Redness or pigment that came or went everywhere cannot be seen" in page
    assert re.search(r"Below the floor there is no colour: ±1\.\d a\* in the middle", page)


def test_nothing_is_stored_and_who_looked_is_on_record(browser_of: Browser, visits: Pair, nurse: User) -> None:
    before, browser = files_left(), browser_of("nurse")
    browser.get(part_of(visits, "redness"))
    page_of(browser, visits[0].patient)
    assert files_left() == before
    seen = AuditEntry.objects.filter(act="see", who=nurse.email).values_list("thing", flat=True)
    assert sorted(seen) == sorted(f"photo {one.photos.get().pk}" for one in visits)


def test_heads_turned_apart_are_shown_as_they_are_with_the_reason(
    browser_of: Browser, patient: Patient, dermatologist: User
) -> None:
    agreed(patient, dermatologist, BOTH)
    pair = two_visits(patient, dermatologist, jpeg(TURNED))
    page = page_of(browser_of("nurse"), patient)
    assert re.search(r"Turned \d\d° further to the patient’s left\. Turn the face to the patient’s right\.", page)
    assert "Up to 3° is fine; above 12° photos are not compared." in page
    assert part_of(pair, "later") not in page
    assert f"/photos/{pair[1].photos.get().address}/shown" in page
    assert browser_of("nurse").get(part_of(pair, "later")).status_code == 404


def test_without_that_consent_one_sentence_says_so(browser_of: Browser, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist)
    pair = two_visits(patient, dermatologist)
    page = page_of(browser_of("nurse"), patient)
    assert "did not agree to comparing before and after" in page
    assert "/photos/consent" in page
    assert not any(one.photos.get().address in page for one in pair)
    assert browser_of("nurse").get(part_of(pair, "later")).status_code == 409


def test_withdrawn_it_is_closed_though_it_was_worked_out_a_moment_ago(
    browser_of: Browser, visits: Pair, dermatologist: User
) -> None:
    browser = browser_of("nurse")
    assert browser.get(part_of(visits, "later")).status_code == 200
    given = consents.standing(visits[0].patient)[Purpose.BEFORE_AFTER]
    actions.withdraw_consent(consent=given, withdrawn_on=LATER_DAY, delete=False, by=dermatologist)
    assert browser.get(part_of(visits, "later")).status_code == 409
    assert "did not agree" in page_of(browser, visits[0].patient)


def test_a_deleted_photo_is_out_of_it_at_once(browser_of: Browser, visits: Pair, dermatologist: User) -> None:
    browser = browser_of("nurse")
    assert browser.get(part_of(visits, "later")).status_code == 200
    actions.delete_photo(photo=visits[1].photos.get(), by=dermatologist)
    assert browser.get(part_of(visits, "later")).status_code == 404
    assert "Comparing needs photos of two visits." in page_of(browser, visits[0].patient)


def test_photos_of_two_people_or_of_two_views_are_not_put_together(
    browser_of: Browser, visits: Pair, dermatologist: User
) -> None:
    other = patients.add_patient(
        by=dermatologist,
        full_name="Martin, Noa",
        called="Noa",
        birth_date=date(1990, 1, 1),
        sex_at_birth="female",
        phone="",
        email="",
        record_number="",
    )
    agreed(other, dermatologist, BOTH)
    theirs = visit(other, dermatologist, LATER_DAY, {View.FRONT: grey_jpeg()})
    browser = browser_of("nurse")
    assert browser.get(part_of((visits[0], theirs), "later")).status_code == 404
    assert browser.get(part_of((visits[0], visits[0]), "later")).status_code == 404
    assert browser.get(part_of(visits, "secret")).status_code == 404
    page = page_of(browser, visits[0].patient, earlier=theirs.address)
    assert f"/photos/{theirs.photos.get().address}" not in page
    assert "Later, 2 Nov 2026" in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"view": "left-oblique"}, "There is no photo of this view of 7 Sep"),
        ({"view": "profile"}, "Later, 2 Nov 2026"),
        ({"earlier": "later", "later": "earlier"}, "Later, 2 Nov 2026"),
        ({"earlier": "later"}, "Later, 2 Nov 2026"),
        ({"later": "earlier"}, "Later, 2 Nov 2026"),
        ({"earlier": "later", "later": "later"}, "Both are the same visit. Choose two."),
        ({"earlier": "0" * 40, "later": "x"}, "Later, 2 Nov 2026"),
    ],
)
def test_whatever_is_asked_for(browser_of: Browser, visits: Pair, asked: dict[str, str], told: str) -> None:
    known = {"earlier": visits[0].address, "later": visits[1].address}
    page = page_of(browser_of("nurse"), visits[0].patient, **{name: known.get(one, one) for name, one in asked.items()})
    assert told in page


def test_a_photo_without_a_measured_face_says_so(browser_of: Browser, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist, BOTH)
    pair = two_visits(patient, dermatologist, grey_jpeg())
    page = page_of(browser_of("nurse"), patient)
    assert "On the photo of 2 Nov 2026 no face is measured" in page
    assert browser_of("nurse").get(part_of(pair, "later")).status_code == 404


def test_one_visit_says_what_is_missing(browser_of: Browser, patient: Patient, dermatologist: User) -> None:
    agreed(patient, dermatologist, BOTH)
    visit(patient, dermatologist, FIRST_DAY, {View.FRONT: grey_jpeg()})
    assert "Comparing needs photos of two visits." in page_of(browser_of("nurse"), patient)


def test_faces_read_by_two_models_are_to_be_measured_again(browser_of: Browser, visits: Pair) -> None:
    later = visits[1].photos.get()
    later.measurement = (later.measurement or {}) | {"model_sha256": "another"}
    later.save()
    assert "read by different models" in page_of(browser_of("nurse"), visits[0].patient)


def test_few_are_remembered_and_not_for_long(visits: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    photos = [one.photos.get() for one in visits]
    first = comparing.compared(photos[0], photos[1])
    assert comparing.compared(photos[0], photos[1]) is first
    monkeypatch.setattr(comparing, "REMEMBERED_S", -1)
    assert comparing.compared(photos[0], photos[1]) is not first
    monkeypatch.setattr(comparing, "REMEMBERED_S", 600)
    monkeypatch.setattr(comparing, "MOST_REMEMBERED", 1)
    second = comparing.compared(photos[0], photos[1])
    comparing.compared(photos[1], photos[0])
    assert comparing.compared(photos[0], photos[1]) is not second


def test_two_visits_of_one_day_are_told_apart_by_when_they_were_added(
    browser_of: Browser, patient: Patient, dermatologist: User
) -> None:
    agreed(patient, dermatologist, BOTH)
    for day in (timezone.localdate(), timezone.localdate(), LATER_DAY, LATER_DAY):
        visit(patient, dermatologist, day, {View.FRONT: grey_jpeg()})
    options = re.findall(r"<option[^>]*>([^<]+)</option>", page_of(browser_of("nurse"), patient))
    assert sum(bool(re.fullmatch(r"\d+ \w+ \d{4} \d\d:\d\d", words)) for words in options) == 4
    assert sum(words.startswith("2 Nov 2026, added ") for words in options) == 4
