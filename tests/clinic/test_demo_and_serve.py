"""The demo clinic, and what stands in the terminal."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.chain import verify
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.courses.models import Assessment, Course, Signature
from mesoplan.clinic.demo import PASSWORD, PEOPLE, UNDER_TREATMENT, demo_case, make_demo_clinic
from mesoplan.clinic.demo_course import ASSESSED, enter_course
from mesoplan.clinic.environment import WrongSetting, data_directory, flag, secret_key
from mesoplan.clinic.forecasts.course_plan import plan_of, sessions_of
from mesoplan.clinic.forecasts.course_scores import scores_of, standing
from mesoplan.clinic.forecasts.models import Score
from mesoplan.clinic.knowledge_base import current
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.serve import welcome
from mesoplan.workflow import PlanState, Role
from tests.clinic.scoring import plain


@pytest.fixture
def browser_of_demo(db: None) -> Client:
    """The dermatologist of a demo clinic that was made just now."""
    make_demo_clinic()
    browser = Client()
    browser.force_login(User.objects.get(role=Role.DERMATOLOGIST))
    return browser


def test_a_demo_clinic_has_every_role_and_seven_patients_and_is_made_once(db: None) -> None:
    assert make_demo_clinic() is True
    assert {Role(role) for role in User.objects.values_list("role", flat=True)} == set(Role)
    assert all(user.check_password(PASSWORD) for user in User.objects.all())
    assert Patient.objects.count() == 7
    assert verify().whole
    assert make_demo_clinic() is False
    assert Patient.objects.count() == 7


def test_one_patient_is_under_treatment_with_scores_that_narrow_the_forecast(browser_of_demo: Client) -> None:
    course = Course.objects.get()
    plan = plan_of(course)
    assert plan is not None
    assert plan.plan_state is PlanState.SIGNED
    today = timezone.localdate()
    given = [today - timedelta(weeks=weeks) for weeks in (10, 6, 2)]
    assert sessions_of(plan, today).given == tuple(given)
    mmasi = current().scales["mmasi"]
    told = [(one.day, one.rater, one.mode, round(value, 1)) for one, value in standing(scores_of(course), mmasi)]
    rated = ("Dr A. Moreau", "live")
    assert told == [(today - timedelta(weeks=12), *rated, 9.6), (given[1], *rated, 7.3), (given[2], *rated, 6.2)]
    shown = plain(browser_of_demo.get(f"/courses/{course.pk}/forecast").content.decode())
    assert re.search(r"In one look .*\d more sessions? 80 %", shown)


def test_the_course_of_the_demo_says_when_it_was_entered(browser_of_demo: Client) -> None:
    """Its days lie in the past; no time of recording does, and the assessment says so in words."""
    entered = [
        *Score.objects.values_list("recorded_at", flat=True),
        *Signature.objects.values_list("signed_at", flat=True),
        *Assessment.objects.values_list("recorded_at", flat=True),
        *AuditEntry.objects.values_list("at", flat=True),
    ]
    assert timezone.now() - min(entered) < timedelta(minutes=5)
    page = browser_of_demo.get(f"/assessments/{Course.objects.get().plans.get().assessment_id}")
    assert "entered on the day on which the clinic was made" in plain(page.content.decode())
    assert verify().whole


def test_a_plan_of_the_demo_is_signed_with_the_password_only(db: None, dermatologist: User, patient: Patient) -> None:
    case = demo_case(UNDER_TREATMENT, timezone.localdate() - ASSESSED)
    with pytest.raises(RuntimeError, match="password"):
        enter_course(patient=patient, case=case, password="another", by=dermatologist)
    assert not Signature.objects.exists()


def test_a_clinic_with_people_in_it_is_never_made_a_demo(nurse: User) -> None:
    people = User.objects.count()
    assert make_demo_clinic() is False
    assert User.objects.count() == people
    assert not Patient.objects.exists()


def test_the_terminal_names_address_people_and_password(db: None) -> None:
    told = welcome(demo=True, address="http://127.0.0.1:8000")
    assert "http://127.0.0.1:8000" in told
    assert PASSWORD in told
    assert all(person.email in told for person in PEOPLE)


def test_a_clinic_without_people_says_how_to_add_the_first(db: None) -> None:
    assert "add_person" in welcome(demo=False, address="x")


def test_a_clinic_with_people_says_no_password(nurse: User) -> None:
    told = welcome(demo=False, address="x")
    assert "add_person" not in told
    assert PASSWORD not in told


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", True), ("true", True), ("YES", True), ("0", False), ("no", False), ("", None), (" ", None)],
)
def test_flags_of_the_environment(text: str, value: bool | None) -> None:
    for default in (True, False):
        assert flag("MESOPLAN_X", default, {"MESOPLAN_X": text}) is (default if value is None else value)


def test_a_flag_that_cannot_be_read_names_its_variable() -> None:
    with pytest.raises(WrongSetting, match="MESOPLAN_X must be 1 or 0"):
        flag("MESOPLAN_X", False, {"MESOPLAN_X": "maybe"})


def test_where_data_are_kept(tmp_path: Path) -> None:
    assert data_directory({"MESOPLAN_DATA": str(tmp_path)}) == tmp_path
    assert data_directory({}).name in {"var", "mesoplan"}


def test_the_secret_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    first = secret_key(tmp_path, {})
    assert len(first) >= 50
    assert secret_key(tmp_path, {}) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert secret_key(tmp_path, {"MESOPLAN_SECRET_KEY": "given"}) == "given"
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
