"""The forecast where people decide: in one line beside each proposal and on the plan, and in the patient's leaflet."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses import actions as courses
from mesoplan.clinic.courses.models import Assessment, Plan
from mesoplan.clinic.forecasts import computing
from mesoplan.clinic.forecasts.before_any_score import before_any_score
from mesoplan.clinic.patients.models import Patient
from mesoplan.domain.plan import Plan as PlannedCourse
from tests.clinic.case_documents import MALAR, melasma_case
from tests.clinic.plans import plan_address, started
from tests.clinic.scoring import fields_of_score, masi_record, plain, sent_score, signed_weeks_ago

BrowserOf = Callable[[str], Client]
OF_TEN = r"about \d of 10 \(\d–\d\) at half their mMASI by session \d, before any score"


@pytest.fixture
def case() -> dict[str, Any]:
    return melasma_case(scores=[masi_record(timezone.localdate(), area=4, darkness=3, homogeneity=2)])


@pytest.fixture
def plan(browser_of: BrowserOf, assessment: Assessment) -> Plan:
    return started(browser_of("dermatologist"), assessment)


def test_each_proposal_says_what_trials_let_expect(browser_of: BrowserOf, plan: Plan) -> None:
    told = plain(browser_of("nurse").get(f"/courses/{plan.course_id}/proposals").content.decode())
    assert re.search(OF_TEN, told)


def test_a_plan_has_it_in_one_line_with_the_way_to_the_forecast(browser_of: BrowserOf, plan: Plan) -> None:
    page = browser_of("nurse").get(plan_address(plan)).content.decode()
    assert re.search(OF_TEN, plain(page))
    assert page.count(f'href="/courses/{plan.course_id}/forecast"') == 2
    sent_score(browser_of("nurse"), plan.course, fields_of_score(rater="Bruno Sala"))
    told = plain(browser_of("nurse").get(plan_address(plan)).content.decode())
    assert "1 score of this course is not in this line; the forecast has it." in told


def test_where_trials_tell_nothing_that_is_said(browser_of: BrowserOf, patient: Patient, dermatologist: User) -> None:
    case = melasma_case(goals=[{"aim": "hydration", "zones": list(MALAR)}])
    assessment = courses.start_assessment(patient=patient, case=case, by=dermatologist)
    plan = started(browser_of("dermatologist"), assessment, "hydration-hyaluronic-acid")
    told = plain(browser_of("nurse").get(plan_address(plan)).content.decode())
    assert "no trial follows such a course over time" in told


def test_it_is_the_same_on_any_day_and_for_anybody(plan: Plan) -> None:
    content = PlannedCourse.model_validate(plan.plan)
    days = tuple(day + timedelta(days=100) for day in content.schedule.sessions)
    later = content.model_copy(update={"schedule": content.schedule.model_copy(update={"sessions": days})})
    knowledge = knowledge_base.current()
    assert before_any_score(content, knowledge) == before_any_score(later, knowledge)


def test_the_patients_page_leads_to_the_forecast(browser_of: BrowserOf, plan: Plan) -> None:
    page = browser_of("nurse").get(f"/patients/{plan.course.patient.ref}").content.decode()
    assert f'href="/courses/{plan.course_id}/forecast"' in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Of 10 people like you, about "),
        ("fr", "Sur 10 personnes comme vous, environ "),
        ("it", "Su 10 persone come lei, circa "),
        ("es", "De 10 personas como usted, unas "),
    ],
)
def test_the_leaflet_tells_it_on_screen_in_the_patients_language(
    browser_of: BrowserOf, plan: Plan, language: str, words: str
) -> None:
    told = plain(browser_of("nurse").get(f"/plans/{plan.pk}/leaflet?language={language}").content.decode())
    assert words in told


def test_the_leaflet_tells_it_on_paper(browser_of: BrowserOf, plan: Plan) -> None:
    from pypdf import PdfReader

    answer = browser_of("nurse").get(f"/plans/{plan.pk}/leaflet.pdf?language=en")
    text = " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())
    assert re.search(r"Of 10 people like you, about \d bring their score down to half by session \d\.", text)
    assert "With each score of your skin we know more." in text


def test_scores_change_what_the_leaflet_tells(browser_of: BrowserOf, plan: Plan, dermatologist: User) -> None:
    signed_weeks_ago(plan, 9, dermatologist)
    Assessment.objects.update(case=melasma_case(scores=[masi_record(timezone.localdate() - timedelta(weeks=10))]))
    nurse = browser_of("nurse")
    for week in (4, 8):  # no fall at all
        sent_score(nurse, plan.course, fields_of_score(timezone.localdate() - timedelta(weeks=9 - week)))
    told = plain(nurse.get(f"/plans/{plan.pk}/leaflet").content.decode())
    assert "Of 10 people like you, fewer than 1 brings the score down to half by session 3." in told


def test_a_leaflet_of_what_cannot_be_forecast_says_nothing_of_it(
    browser_of: BrowserOf, patient: Patient, dermatologist: User
) -> None:
    case = melasma_case(goals=[{"aim": "hydration", "zones": list(MALAR)}])
    assessment = courses.start_assessment(patient=patient, case=case, by=dermatologist)
    plan = started(browser_of("dermatologist"), assessment, "hydration-hyaluronic-acid")
    assert "Of 10 people like you" not in plain(browser_of("nurse").get(f"/plans/{plan.pk}/leaflet").content.decode())


def test_the_forecast_is_made_ready_while_a_plan_is_read(
    browser_of: BrowserOf, plan: Plan, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []
    monkeypatch.setattr(computing, "_once", threading.Lock())
    monkeypatch.setattr(threading.Thread, "start", lambda thread: begun.append(thread.name))
    settings.WARM_KERNELS = True
    for _ in range(2):
        browser_of("nurse").get(plan_address(plan))
    assert begun.count("warm-forecast") == 1
    computing.warm_up()
