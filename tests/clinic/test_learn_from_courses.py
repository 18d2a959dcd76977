"""What the clinic's own courses show: a dermatologist has it worked out, it is kept, and forecasts read it once there
are enough courses."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from mesoplan.cli.main import main
from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses.models import Assessment, Course, Plan
from mesoplan.clinic.forecasts import own_fit
from mesoplan.clinic.forecasts.models import OwnFit
from mesoplan.clinic.forecasts.own_courses import recorded_courses
from mesoplan.clinic.recorded import NO_CLINIC, courses_recorded_here
from mesoplan.domain.errors import InputError
from tests.clinic.case_documents import melasma_case
from tests.clinic.plans import started
from tests.clinic.scoring import fields_of_score, forecast_page, masi_record, plain, sent_score, signed_weeks_ago

BrowserOf = Callable[[str], Client]
PAGE = "/evidence/own-courses"
WEEKS = 9
TOO_FEW = "This clinic’s own courses are too few yet to be counted in."
COUNTED_IN = "What this clinic’s own courses showed takes the place of how much clinics differ."


@pytest.fixture
def case() -> dict[str, Any]:
    """MASI 20, mMASI 12 a week before the first session."""
    before = timezone.localdate() - timedelta(weeks=WEEKS + 1)
    return melasma_case(scores=[masi_record(before, area=4, darkness=3, homogeneity=2)])


@pytest.fixture
def in_force(browser_of: BrowserOf, assessment: Assessment, dermatologist: User) -> Plan:
    return signed_weeks_ago(started(browser_of("dermatologist"), assessment), WEEKS, dermatologist)


@pytest.fixture
def scored(browser_of: BrowserOf, in_force: Plan) -> Course:
    day = timezone.localdate() - timedelta(weeks=WEEKS - 8)
    assert sent_score(browser_of("nurse"), in_force.course, fields_of_score(day)).status_code == 302
    return in_force.course


def learnt(browser_of: BrowserOf) -> OwnFit:
    assert browser_of("dermatologist").post(PAGE).status_code == 302
    return OwnFit.objects.latest("pk")


@pytest.mark.parametrize("role", ["dermatologist", "nurse"])
def test_clinical_roles_read_it(browser_of: BrowserOf, role: str) -> None:
    assert browser_of(role).get(PAGE).status_code == 200


@pytest.mark.parametrize("role", ["front_desk", "manager", "auditor", "pharmacist"])
def test_others_do_not(browser_of: BrowserOf, role: str) -> None:
    assert browser_of(role).get(PAGE).status_code == 403


@pytest.mark.parametrize("role", ["nurse", "front_desk", "manager", "auditor", "pharmacist"])
def test_only_a_dermatologist_has_it_worked_out(browser_of: BrowserOf, role: str) -> None:
    assert browser_of(role).post(PAGE).status_code == 403
    assert not OwnFit.objects.exists()


def test_a_course_with_its_scores_is_worked_out_kept_and_on_record(
    browser_of: BrowserOf, scored: Course, dermatologist: User
) -> None:
    fit = learnt(browser_of)
    (group,) = own_fit.findings_of(fit).groups
    assert (group.group, group.courses, group.scores) == ("injected-tranexamic-acid", 1, 2)
    entry = AuditEntry.objects.get(act="learn_from_courses")
    assert entry.who == dermatologist.email
    assert entry.after is not None
    assert entry.after["groups"] == {"injected-tranexamic-acid": 1}
    told = plain(browser_of("nurse").get(PAGE).content.decode())
    for words in ("1 course, 2 scores", "Too few courses", "no score by another rater", "Learnt of what was not known"):
        assert words in told, words
    assert "Work it out from these courses" not in told, "a nurse reads it only"


def test_forecasts_read_it_from_so_many_courses_on(
    browser_of: BrowserOf, scored: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt(browser_of)
    assert TOO_FEW in plain(forecast_page(browser_of("nurse"), scored))
    monkeypatch.setattr(own_fit, "FEWEST_COURSES", 1)
    assert COUNTED_IN in plain(forecast_page(browser_of("nurse"), scored))


def test_what_was_learnt_changes_the_forecast(
    browser_of: BrowserOf, scored: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit = learnt(browser_of)
    monkeypatch.setattr(own_fit, "FEWEST_COURSES", 1)
    found = dict(fit.findings)
    found["groups"][0]["own"] |= {"effect": 0.6, "effect_sd": 0.1}
    OwnFit.objects.create(fitted_by=fit.fitted_by, table_sha256=fit.table_sha256, findings=found)
    (course,) = recorded_courses(knowledge_base.current(), timezone.localdate())
    own = own_fit.with_own(course, knowledge_base.current()).clinic
    assert own is not None
    assert (own.effect, own.effect_sd) == (0.6, 0.1)


def test_a_fit_of_another_trial_table_is_not_read(scored: Course, dermatologist: User) -> None:
    OwnFit.objects.create(fitted_by=dermatologist, table_sha256="f" * 64, findings={})
    assert own_fit.newest() is None
    (course,) = recorded_courses(knowledge_base.current(), timezone.localdate())
    assert own_fit.with_own(course, knowledge_base.current()) == course


def test_without_a_second_score_or_a_signature_there_is_nothing_to_learn(browser_of: BrowserOf, in_force: Plan) -> None:
    assert list(recorded_courses(knowledge_base.current(), timezone.localdate())) == []
    page = plain(browser_of("dermatologist").get(PAGE).content.decode())
    assert "0 courses under signed plans have two scores or more" in page
    assert "Work it out from these courses" not in page


def test_the_command_reads_the_same_courses(scored: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "--clinic", "--json"]) == 0
    (group,) = json.loads(capsys.readouterr().out)["groups"]
    assert (group["group"], group["courses"]) == ("injected-tranexamic-acid", 1)


def test_where_there_is_no_clinic_the_command_says_so_and_makes_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    absent = tmp_path / "clinic.sqlite3"
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", absent)
    with pytest.raises(InputError, match="has recorded no course on this machine"):
        courses_recorded_here(knowledge_base.current(), timezone.localdate())
    assert not absent.exists()
    assert "mesoplan serve" in NO_CLINIC
