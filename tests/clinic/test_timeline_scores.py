"""Scores that were recorded for a course stand on the patient's timeline, and what was due is due no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.models import Assessment, Plan
from mesoplan.clinic.courses.queries import scores_due
from mesoplan.clinic.forecasts.models import Score
from mesoplan.clinic.patients.models import Patient
from mesoplan.domain.writing import date_text
from tests.clinic.case_documents import melasma_case
from tests.clinic.plans import started
from tests.clinic.scoring import fields_of_score, masi_record, sent_score, signed_weeks_ago

BrowserOf = Callable[[str], Client]
TODAY = timezone.localdate


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case(scores=[masi_record(TODAY() - timedelta(weeks=10))])


@pytest.fixture
def plan(browser_of: BrowserOf, assessment: Assessment, dermatologist: User) -> Plan:
    return signed_weeks_ago(started(browser_of("dermatologist"), assessment), 9, dermatologist)


def shown(browser_of: BrowserOf, patient: Patient) -> str:
    return browser_of("nurse").get(f"/patients/{patient.ref}").content.decode()


def test_a_recorded_score_stands_beside_that_of_the_assessment(
    browser_of: BrowserOf, plan: Plan, patient: Patient
) -> None:
    day = TODAY() - timedelta(days=3)
    sent_score(browser_of("nurse"), plan.course, fields_of_score(day))
    page = shown(browser_of, patient)
    assert (
        f'<a href="/courses/{plan.course_id}/forecast" tabindex="-1" aria-label="{date_text(day)}: MASI 9 of 48"'
        in page
    )
    assert page.count(": mMASI 6 of 24") == 2


def test_one_that_is_void_is_not_there(browser_of: BrowserOf, plan: Plan, patient: Patient) -> None:
    sent_score(browser_of("nurse"), plan.course, fields_of_score())
    browser_of("nurse").post(f"/scores/{Score.objects.get().pk}/void", {"reason": "a slip"})
    assert f"{date_text(TODAY())}: MASI" not in shown(browser_of, patient)


def test_what_is_scored_is_due_no_more(browser_of: BrowserOf, plan: Plan, patient: Patient) -> None:
    days = [one.day for one in scores_due(TODAY() - timedelta(weeks=9), TODAY())]
    due = f'href="/courses/{plan.course_id}/scores/new"'
    assert due in shown(browser_of, patient)
    Assessment.objects.update(changed_at=timezone.now() - timedelta(weeks=10))
    before = scores_due(TODAY() - timedelta(weeks=9), TODAY()).count()
    sent_score(browser_of("nurse"), plan.course, fields_of_score(TODAY()))
    assert before > 0
    assert scores_due(TODAY() - timedelta(weeks=9), TODAY()).count() == 0
    assert days == []  # the assessment was changed today, which counted as scored before
