"""A score at a visit: recorded once by those who may, on the sheet of the assessment; bad input is refused with its
field, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses import actions as courses
from mesoplan.clinic.courses.models import Assessment, Course
from mesoplan.clinic.forecasts.course_scores import scores_of
from mesoplan.clinic.forecasts.models import Score
from mesoplan.clinic.patients.models import Patient
from mesoplan.domain.writing import date_text
from tests.clinic.case_documents import melasma_case
from tests.clinic.scoring import fields_of_score, masi_record, score_address, sent_score

BrowserOf = Callable[[str], Client]


@pytest.fixture
def course(patient: Patient, dermatologist: User) -> Course:
    return courses.open_course(patient=patient, goal="Melasma", by=dermatologist)


@pytest.mark.parametrize("role", ["dermatologist", "nurse"])
def test_who_sees_patients_records_a_score(browser_of: BrowserOf, course: Course, role: str, nurse: User) -> None:
    answer = sent_score(browser_of(role), course, fields_of_score(rater="bruno  sala"))
    assert answer.status_code == 302
    score = Score.objects.get()
    assert (score.scale, score.mode, score.rater, score.rater_person) == ("masi", "live", "bruno  sala", nurse)
    entry = AuditEntry.objects.get(act="record_score")
    assert entry.patient == course.patient.ref
    assert (entry.after or {})["items"]["chin"] == {"a": 3, "d": 2, "h": 1}


@pytest.mark.parametrize("role", ["front_desk", "manager", "auditor", "pharmacist"])
def test_others_may_not(browser_of: BrowserOf, course: Course, role: str) -> None:
    browser = browser_of(role)
    assert browser.get(score_address(course)).status_code == 403
    assert sent_score(browser, course, fields_of_score()).status_code == 403
    assert not Score.objects.exists()


def test_a_name_that_is_typed_is_kept_as_a_name(browser_of: BrowserOf, course: Course) -> None:
    sent_score(browser_of("nurse"), course, fields_of_score(rater="Dr Guest"))
    score = Score.objects.get()
    assert (score.rater, score.rater_person) == ("Dr Guest", None)


BAD_INPUT = {
    # field                    what is sent       what is said
    "no day": ("day", "", "Enter the day on which it was scored, such as 30 Nov 2026."),
    "no day of the calendar": ("day", "2026-02-30", "must be a day of the calendar"),
    "a day ahead": ("day", "2999-01-01", "or earlier. You wrote 1 Jan 2999."),
    "before the birth": ("day", "1985-05-03", "lies before the birth of this patient, 4 May 1985"),
    "nobody": ("rater", " ", "Enter who scored."),
    "too long a name": ("rater", "x" * 121, "must have at most 120 characters. You wrote 121."),
    "neither live nor photo": ("mode", "film", "Say whether it was scored live or on a photo."),
    "no grade of the item": ("score.masi.chin.a", "7", "7 is no grade of A."),
    "an item is missing": ("score.masi.chin.h", "", "A score is kept when nothing is missing. Chin: H missing."),
}


@pytest.mark.parametrize(("field", "sent", "said"), BAD_INPUT.values(), ids=list(BAD_INPUT))
def test_bad_input_is_refused_at_its_field_and_nothing_typed_is_lost(
    browser_of: BrowserOf, course: Course, field: str, sent: str, said: str
) -> None:
    answer = sent_score(browser_of("nurse"), course, fields_of_score(**{field: sent}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Score.objects.exists()
    assert said in page
    assert f'href="#id_{field}"' in page  # from the head of the form to the field
    assert page.count(said) == 2
    kept = re.findall(r'name="(score[^"]+)" id="[^"]+" value="(\d)" checked', page)
    typed = {name: value for name, value in fields_of_score().items() if name.startswith("score.")}
    assert dict(kept) == {name: value for name, value in typed.items() if name != field}
    if field == "day" and sent:
        assert f'name="day" value="{sent}"' in page


def test_a_region_that_the_scale_lacks_is_refused(browser_of: BrowserOf, course: Course) -> None:
    answer = sent_score(browser_of("nurse"), course, fields_of_score(**{"score.masi.nose.a": "1"}))
    assert answer.status_code == 422
    assert "“nose” is not on it" in answer.content.decode()


def test_what_an_assessment_holds_is_not_entered_twice(
    browser_of: BrowserOf, course: Course, patient: Patient, dermatologist: User
) -> None:
    today = timezone.localdate()
    case = melasma_case(scores=[masi_record(today)])
    courses.start_assessment(patient=patient, case=case, by=dermatologist)
    answer = sent_score(browser_of("nurse"), course, fields_of_score(rater="dr  alma WEISS"))
    assert answer.status_code == 422
    told = f"The assessment holds a score of this scale of {date_text(today)} already."
    assert told in answer.content.decode()
    assert not Score.objects.exists()
    other_rater = sent_score(browser_of("nurse"), course, fields_of_score(rater="Bruno Sala"))
    assert other_rater.status_code == 302


def test_sent_twice_it_is_kept_once(browser_of: BrowserOf, course: Course) -> None:
    browser = browser_of("nurse")
    sent_score(browser, course, fields_of_score())
    again = sent_score(browser, course, fields_of_score())
    assert again.status_code == 422
    assert "void it with a reason first" in again.content.decode()
    assert Score.objects.count() == 1


def test_a_scale_of_change_waits_for_the_first_session(
    browser_of: BrowserOf, patient: Patient, dermatologist: User
) -> None:
    course = courses.open_course(patient=patient, goal="Hydration and skin quality", by=dermatologist)
    fields = {"day": timezone.localdate().isoformat(), "rater": "Bruno Sala", "mode": "live"}
    answer = sent_score(browser_of("nurse"), course, {**fields, "score.gais.whole.grade": "2"}, "gais")
    assert answer.status_code == 422
    assert "GAIS judges a change, so it is scored on a day after the first session." in answer.content.decode()


def test_while_it_is_filled_the_score_is_told_and_nothing_is_kept(browser_of: BrowserOf, course: Course) -> None:
    browser = browser_of("nurse")
    typed = fields_of_score(**{"score.masi.chin.h": ""})
    part = browser.post(score_address(course), typed, headers={"HX-Request": "true"}).content.decode()
    assert "Chin: H missing." in part
    whole = browser.post(score_address(course), fields_of_score(), headers={"HX-Request": "true"}).content.decode()
    values = re.findall(r'class="name">(\w+)</span> <b>([\d.]+)</b>', whole)
    assert values == [("MASI", "9"), ("mMASI", "6")]
    assert not Score.objects.exists()


def test_the_last_score_stands_beside(browser_of: BrowserOf, course: Course) -> None:
    browser = browser_of("nurse")
    earlier = timezone.localdate() - timedelta(days=30)
    sent_score(browser, course, fields_of_score(earlier))
    page = browser.get(score_address(course)).content.decode()
    assert f"Last scored {date_text(earlier)} by Dr Alma Weiss, live." in page
    assert page.count('<label class="earlier"') == 12


def test_an_amended_assessment_gives_its_scores_once(
    course: Course, patient: Patient, dermatologist: User, nurse: User
) -> None:
    day = timezone.localdate()
    first = courses.start_assessment(patient=patient, case=melasma_case(scores=[masi_record(day)]), by=dermatologist)
    courses.sign_assessment(assessment=first, version=first.version, by=dermatologist)
    courses.amend_assessment(assessment=Assessment.objects.get(), reason="weight", by=dermatologist)
    assert [one.day for one in scores_of(course)] == [day]


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Nouveau score"), ("it", "Nuovo punteggio"), ("es", "Puntuación nueva")],
)
def test_the_form_in_other_languages(browser_of: BrowserOf, course: Course, language: str, words: str) -> None:
    browser = browser_of("nurse")
    User.objects.filter(role="nurse").update(language=language)
    page = browser.get(score_address(course)).content.decode()
    assert f'<html lang="{language}"' in page
    assert words in page


def test_a_course_without_a_scale_says_so(browser_of: BrowserOf, patient: Patient, dermatologist: User) -> None:
    course = courses.open_course(patient=patient, goal="Hair loss", by=dermatologist)
    page: Any = browser_of("nurse").get(f"/courses/{course.pk}/scores/new")
    assert page.status_code == 200
    assert "No scale belongs to the aim of this course" in page.content.decode()
