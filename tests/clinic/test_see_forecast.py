"""What may be expected of a course: its chart with a table beside it, figures in one look, or why there are none."""

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
from mesoplan.clinic.courses.models import Assessment, Course, Plan
from mesoplan.clinic.forecasts.course_plan import sessions_of
from mesoplan.clinic.patients.models import Patient
from mesoplan.workflow import PlanState
from tests.clinic.case_documents import MALAR, melasma_case
from tests.clinic.plans import started
from tests.clinic.scoring import (
    fields_of_score,
    forecast_page,
    masi_record,
    plain,
    sent_score,
    signed_weeks_ago,
)

BrowserOf = Callable[[str], Client]
WEEKS = 9


@pytest.fixture
def case() -> dict[str, Any]:
    """MASI 20, mMASI 12 a week before the first session."""
    before = timezone.localdate() - timedelta(weeks=WEEKS + 1)
    return melasma_case(scores=[masi_record(before, area=4, darkness=3, homogeneity=2)])


@pytest.fixture
def plan(browser_of: BrowserOf, assessment: Assessment) -> Plan:
    return started(browser_of("dermatologist"), assessment)


@pytest.fixture
def in_force(plan: Plan, dermatologist: User) -> Plan:
    return signed_weeks_ago(plan, WEEKS, dermatologist)


def scored(browser_of: BrowserOf, course: Course, *, week: int, **changes: str) -> None:
    """MASI 9, mMASI 6 unless the items say otherwise."""
    day = timezone.localdate() - timedelta(weeks=WEEKS - week)
    assert sent_score(browser_of("nurse"), course, fields_of_score(day, **changes)).status_code == 302


@pytest.mark.parametrize("role", ["dermatologist", "nurse"])
def test_who_reads_records_reads_the_forecast_and_that_is_on_record(
    browser_of: BrowserOf, in_force: Plan, role: str
) -> None:
    page = forecast_page(browser_of(role), in_force.course)
    assert "goal: mMASI of 6.0 or less" in page
    assert AuditEntry.objects.filter(act="see", thing=f"forecast of course {in_force.course_id}").exists()


@pytest.mark.parametrize("role", ["front_desk", "manager", "auditor", "pharmacist"])
def test_others_may_not(browser_of: BrowserOf, plan: Plan, role: str) -> None:
    assert browser_of(role).get(f"/courses/{plan.course_id}/forecast").status_code == 403


def test_of_a_course_that_is_not_there_nothing_is_told(browser_of: BrowserOf) -> None:
    assert browser_of("nurse").get("/courses/999/forecast").status_code == 404


def test_the_figures_in_one_look(browser_of: BrowserOf, in_force: Plan) -> None:
    scored(browser_of, in_force.course, week=4, **{"score.masi.chin.a": "4"})
    scored(browser_of, in_force.course, week=8)
    told = plain(forecast_page(browser_of("nurse"), in_force.course))
    for words in (
        "Chance to be at the goal",
        "It may be judged now: two scores after the first session, and week 8 has passed.",
        "Little use in going on",
        "of the fall by",
        "If no session follows",
        "Of 10 people like you, about",
        "Sessions given are not recorded yet: the signed plan’s days up to today count as given.",
        "What can have changed by which week",
    ):
        assert words in told, words
    assert re.search(r"\d+ arms? of \d+ studies, group injected-tranexamic-acid", told)


def test_the_chart_has_its_name_and_a_table_that_says_the_same(browser_of: BrowserOf, in_force: Plan) -> None:
    page = forecast_page(browser_of("nurse"), in_force.course)
    assert '<title id="forecast-title-own">Forecast of the course: As planned</title>' in page
    assert 'aria-labelledby="forecast-title-own forecast-desc-own"' in page
    twin = page[page.index("The chart as a table") :]
    rows = re.findall(r'<tr><th scope="row">(\d+)</th>', twin[: twin.index("</table>")])
    assert rows == ["0", "4", "8", "12", "16", "20", "24"]
    told = plain(twin[: twin.index("</table>")])
    assert "Without any session, 80 %" in told
    assert told.count("no trial this late") == 1  # week 24; the last score of any trial of this treatment is of week 20


def test_the_chart_says_what_would_be_without_any_session_and_where_trials_end(
    browser_of: BrowserOf, in_force: Plan
) -> None:
    page = forecast_page(browser_of("nurse"), in_force.course)
    for drawn in ("fc-untreated", ">Without any session</text>", 'class="fc-beyond"', ">after week 20</text>"):
        assert drawn in page, drawn
    assert "what the needle does by itself counts with the sessions" in plain(page)


def test_a_change_of_rater_is_told(browser_of: BrowserOf, in_force: Plan) -> None:
    scored(browser_of, in_force.course, week=4, rater="Bruno Sala")
    page = forecast_page(browser_of("nurse"), in_force.course)
    assert "Scored by Bruno Sala, not by Dr Alma Weiss" in page
    assert "fc-score-other" in page


def test_scores_on_photos_are_not_mixed_with_live_ones(browser_of: BrowserOf, in_force: Plan) -> None:
    scored(browser_of, in_force.course, week=4, mode="photo")
    told = plain(forecast_page(browser_of("nurse"), in_force.course))
    assert "1 score on a photo is left out: scores on the person and on photos differ." in told


def test_of_two_scales_each_has_its_own_forecast(browser_of: BrowserOf, in_force: Plan) -> None:
    browser = browser_of("nurse")
    assert "goal: MASI of 10.0 or less" in forecast_page(browser, in_force.course, scale="masi")
    assert "goal: mMASI of 6.0 or less" in forecast_page(browser, in_force.course, scale="mmasi")


def test_a_patient_unlike_those_of_the_trials_has_both_views(browser_of: BrowserOf, in_force: Plan) -> None:
    gone = {f"score.masi.{region}.{item}": "1" for region in ("forehead", "chin") for item in "adh"}
    gone |= {f"score.masi.malar_{side}.{item}": "1" for side in ("left", "right") for item in "adh"}
    for week in (1, 2, 3):
        scored(browser_of, in_force.course, week=week, **gone)
    told = plain(forecast_page(browser_of("nurse"), in_force.course))
    assert "As planned, the trials trusted less" in told
    assert "Unlike the patients of the trials" in told


def test_a_void_score_counts_no_more(browser_of: BrowserOf, in_force: Plan) -> None:
    scored(browser_of, in_force.course, week=8)
    browser = browser_of("nurse")
    before = plain(forecast_page(browser, in_force.course))
    score = in_force.course.scores.get()
    browser.post(f"/scores/{score.pk}/void", {"reason": "another person’s sheet"})
    page = forecast_page(browser, in_force.course)
    assert "<s>6</s>" in page
    assert "another person’s sheet" in page
    assert plain(page) != before
    assert page.count('class="fc-score"') == 1


def test_a_draft_is_told_before_its_first_session(browser_of: BrowserOf, plan: Plan) -> None:
    told = plain(forecast_page(browser_of("nurse"), plan.course))
    assert "No plan is signed: the days of the draft count as planned." in told
    assert "no session was given yet" in told
    assert "Too early to say" in told


def test_a_draft_whose_first_day_has_passed_is_read_from_today(browser_of: BrowserOf, plan: Plan) -> None:
    today = timezone.localdate()
    days = [(today + timedelta(days=days)).isoformat() for days in (-10, 18, 46)]
    Plan.objects.filter(pk=plan.pk).update(plan={**plan.plan, "schedule": {**plan.plan["schedule"], "sessions": days}})
    plan.refresh_from_db()
    assert sessions_of(plan, today).ahead == tuple(today + timedelta(days=days) for days in (0, 28, 56))
    told = plain(forecast_page(browser_of("nurse"), plan.course))
    assert "Its first day has passed: it is read as if it began today." in told
    assert "Chance to be at the goal" in told


def test_an_aim_without_a_trajectory_has_the_chart_and_the_reason(
    browser_of: BrowserOf, patient: Patient, dermatologist: User
) -> None:
    case = melasma_case(goals=[{"aim": "hydration", "zones": list(MALAR)}])
    assessment = courses.start_assessment(patient=patient, case=case, by=dermatologist)
    plan = started(browser_of("dermatologist"), assessment, "hydration-hyaluronic-acid")
    page = forecast_page(browser_of("nurse"), plan.course)
    assert "No trial held here follows hydration and skin quality over time" in page
    assert "forecast-chart" in page
    assert "fc-band" not in page
    assert "fc-goal" not in page
    assert "What if" not in page


def test_what_cannot_be_read_as_one_course_is_told_with_its_field(
    browser_of: BrowserOf, patient: Patient, dermatologist: User
) -> None:
    before = timezone.localdate() - timedelta(weeks=WEEKS + 1)
    zero = melasma_case(scores=[masi_record(before, area=0, darkness=0, homogeneity=0)])
    assessment = courses.start_assessment(patient=patient, case=zero, by=dermatologist)
    plan = signed_weeks_ago(started(browser_of("dermatologist"), assessment), WEEKS, dermatologist)
    told = plain(forecast_page(browser_of("nurse"), plan.course))
    assert "No forecast of this course" in told
    assert "the score before the first session is 0: there is nothing to lower (scores)" in told


def test_a_course_without_a_plan_keeps_its_scores(browser_of: BrowserOf, patient: Patient, dermatologist: User) -> None:
    course = courses.open_course(patient=patient, goal="Melasma", by=dermatologist)
    sent_score(browser_of("nurse"), course, fields_of_score())
    told = plain(forecast_page(browser_of("nurse"), course))
    assert "There is no plan yet, so there are no sessions to forecast." in told
    assert "MASI 9 of 48" in told


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Prévision", "D’un coup d’œil", "Sur 10 personnes comme vous")),
        ("it", ("Previsione", "A colpo d’occhio", "Su 10 persone come lei")),
        ("es", ("Previsión", "De un vistazo", "De 10 personas como usted")),
    ],
)
def test_in_other_languages(browser_of: BrowserOf, in_force: Plan, language: str, words: tuple[str, ...]) -> None:
    User.objects.filter(role="nurse").update(language=language)
    page = forecast_page(browser_of("nurse"), in_force.course)
    assert f'<html lang="{language}"' in page
    for word in words:
        assert word in page.replace("\u00a0", " ")
    assert 'lang="en"' in page  # what can have changed by which week is not translated yet, and marked so


def test_without_a_score_before_the_first_session_the_goal_is_a_score(
    browser_of: BrowserOf, patient: Patient, dermatologist: User
) -> None:
    assessment = courses.start_assessment(patient=patient, case=melasma_case(), by=dermatologist)
    plan = signed_weeks_ago(started(browser_of("dermatologist"), assessment), WEEKS, dermatologist)
    browser = browser_of("nurse")
    before = plain(forecast_page(browser, plan.course))
    assert "No forecast of this course" in before  # a share of nothing: the field and what to do are told
    assert "(goal.share)" in before
    scored(browser_of, plan.course, week=4)
    page = forecast_page(browser, plan.course)
    assert "Goal: a score of" in page
    assert "goal: mMASI of 3.0 or less" in plain(page)
    assert "goal: mMASI of 4.5 or less" in plain(forecast_page(browser, plan.course, goal="4.5"))


def test_sessions_of_a_superseded_revision_before_the_new_first_day_count_as_given(
    in_force: Plan, dermatologist: User
) -> None:
    today = timezone.localdate()
    before = sessions_of(in_force, today)
    draft = courses.start_revision(plan=in_force, by=dermatologist)
    later = signed_weeks_ago(draft, -2, dermatologist)  # its first session is in two weeks
    in_force.refresh_from_db()
    assert in_force.plan_state is PlanState.SUPERSEDED
    now = sessions_of(later, today)
    assert now.given == before.given == tuple(today - timedelta(weeks=weeks) for weeks in (9, 5, 1))
    assert now.ahead == tuple(today + timedelta(weeks=weeks) for weeks in (2, 6, 10))
