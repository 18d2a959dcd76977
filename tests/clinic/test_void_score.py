"""A score that was wrong: void with a reason, still on record, counted no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry, NeverChanged
from mesoplan.clinic.courses import actions as courses
from mesoplan.clinic.courses.models import Course
from mesoplan.clinic.forecasts.models import Score, VoidedScore
from mesoplan.clinic.patients.models import Patient
from tests.clinic.scoring import fields_of_score, sent_score

BrowserOf = Callable[[str], Client]


@pytest.fixture
def course(patient: Patient, dermatologist: User) -> Course:
    return courses.open_course(patient=patient, goal="Melasma", by=dermatologist)


@pytest.fixture
def score(browser_of: BrowserOf, course: Course) -> Score:
    sent_score(browser_of("nurse"), course, fields_of_score())
    return Score.objects.get()


def test_it_is_void_with_its_reason_and_can_be_scored_again(
    browser_of: BrowserOf, course: Course, score: Score
) -> None:
    browser = browser_of("nurse")
    assert browser.post(f"/scores/{score.pk}/void", {"reason": " other patient "}).status_code == 302
    assert VoidedScore.objects.get().reason == "other patient"
    entry = AuditEntry.objects.get(act="void_score")
    assert (entry.after or {})["reason"] == "other patient"
    assert sent_score(browser, course, fields_of_score()).status_code == 302
    assert Score.objects.count() == 2


def test_it_needs_a_reason(browser_of: BrowserOf, score: Score) -> None:
    answer = browser_of("nurse").post(f"/scores/{score.pk}/void", {"reason": "  "})
    assert answer.status_code == 422
    assert "Say why this score does not count." in answer.content.decode()
    assert not VoidedScore.objects.exists()


def test_it_is_void_once(browser_of: BrowserOf, score: Score) -> None:
    browser = browser_of("dermatologist")
    browser.post(f"/scores/{score.pk}/void", {"reason": "a slip"})
    assert browser.post(f"/scores/{score.pk}/void", {"reason": "a slip"}).status_code == 409
    assert VoidedScore.objects.count() == 1


@pytest.mark.parametrize("role", ["front_desk", "manager", "auditor", "pharmacist"])
def test_others_may_not(browser_of: BrowserOf, score: Score, role: str) -> None:
    assert browser_of(role).post(f"/scores/{score.pk}/void", {"reason": "x"}).status_code == 403
    assert not VoidedScore.objects.exists()


def test_a_score_is_never_changed(score: Score) -> None:
    score.rater = "Somebody"
    for act in (score.save, score.delete):
        with pytest.raises(NeverChanged):
            act()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE forecasts_score SET rater = 'x'")
