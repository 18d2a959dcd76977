"""The days that signed plans set, as rows: written at signing, and copied for plans that were signed before."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import NeverChanged
from mesoplan.clinic.courses import actions
from mesoplan.clinic.courses.models import Assessment, Course, Plan, PlannedDay
from mesoplan.clinic.courses.queries import fallen_signatures, planned_between, scores_due, why_not_standing
from mesoplan.clinic.patients.actions import add_patient
from mesoplan.clinic.patients.models import Patient

BASIS = actions.Basis(knowledge_release="2026.11", knowledge_sha256="ab" * 32, engine="0.1.0")
TODAY = date(2026, 11, 23)


def schedule(*sessions: int, score: tuple[int, ...] = (), review: int | None = None) -> dict[str, Any]:
    """Days counted from today."""

    def on(days: int) -> str:
        return (timezone.localdate() + timedelta(days=days)).isoformat()

    return {
        "sessions": [on(days) for days in sessions],
        "score_on": [on(days) for days in score],
        "review_on": None if review is None else on(review),
    }


def signed(patient: Patient, by: User, days: dict[str, Any]) -> Plan:
    assessment = Assessment.objects.filter(patient=patient).first()
    assessment = assessment or actions.start_assessment(patient=patient, case={"goals": []}, by=by)
    course = Course.objects.filter(patient=patient).first() or actions.open_course(patient=patient, goal="g", by=by)
    content: dict[str, Any] = {"schedule": days}
    plan = actions.start_plan(course=course, assessment=assessment, plan=content, evaluation={"findings": []}, by=by)
    actions.sign_plan(plan=plan, version=1, basis=BASIS, printed_name="Dr A", meaning="m", by=by)
    return Plan.objects.get(pk=plan.pk)


def listed(first: int, last: int) -> list[tuple[int, str, int, int]]:
    today = timezone.localdate()
    rows = planned_between(today + timedelta(days=first), today + timedelta(days=last))
    return [((row.day - today).days, row.what, row.number, row.count) for row in rows]


def test_signing_writes_each_day_once(patient: Patient, dermatologist: User) -> None:
    signed(patient, dermatologist, schedule(0, 28, 56, score=(0, 56), review=84))
    assert listed(0, 84) == [
        (0, "session", 1, 3),
        (0, "score", 1, 2),
        (28, "session", 2, 3),
        (56, "session", 3, 3),
        (56, "score", 2, 2),
        (84, "review", 1, 1),
    ]


@pytest.mark.parametrize(("first", "last", "count"), [(0, 7, 2), (0, 0, 1), (1, 7, 1), (-7, -1, 1), (8, 27, 0)])
def test_days_are_found_from_the_first_to_the_last(
    patient: Patient, dermatologist: User, first: int, last: int, count: int
) -> None:
    signed(patient, dermatologist, schedule(-1, 0, 7, 28))
    assert len(listed(first, last)) == count


def test_a_plan_that_was_replaced_or_voided_sets_no_day(patient: Patient, dermatologist: User) -> None:
    signed(patient, dermatologist, schedule(1, 2))
    later = signed(patient, dermatologist, schedule(3))
    assert [day for day, *_ in listed(0, 9)] == [3]
    actions.void_plan(plan=later, reason="patient moved away", by=dermatologist)
    assert listed(0, 9) == []


def test_a_draft_sets_no_day(draft: Plan) -> None:
    assert not PlannedDay.objects.exists()


def test_rows_are_never_changed(patient: Patient, dermatologist: User) -> None:
    signed(patient, dermatologist, schedule(1))
    with pytest.raises(NeverChanged):
        PlannedDay.objects.get().delete()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE courses_plannedday SET number = 9, count = 9")


def test_plans_signed_before_there_were_rows_get_theirs(patient: Patient, dermatologist: User) -> None:
    signed(patient, dermatologist, schedule(1, 29, score=(1,), review=60))
    signed(add_patient(by=dermatologist, full_name="Y", birth_date=TODAY), dermatologist, {})
    before = sorted(PlannedDay.objects.values_list("revision", "day", "what", "number", "count"))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM courses_plannedday")
    migration = import_module("mesoplan.clinic.courses.migrations.0004_days_of_signed_plans")
    migration.copy_days(apps, None)
    assert len(before) == 4
    assert sorted(PlannedDay.objects.values_list("revision", "day", "what", "number", "count")) == before


def test_a_score_is_due_until_an_assessment_of_that_day_or_later(patient: Patient, dermatologist: User) -> None:
    signed(patient, dermatologist, schedule(-30, 30, score=(-10, 10)))
    today = timezone.localdate()

    def due(since: int) -> int:
        return scores_due(today - timedelta(days=since), today).count()

    Assessment.objects.update(changed_at=timezone.now() - timedelta(days=30))
    assert (due(56), due(10), due(9)) == (1, 1, 0)
    Assessment.objects.update(changed_at=timezone.now() - timedelta(days=9))
    assert due(56) == 0


# -- Signatures that no longer stand


def fallen() -> list[tuple[str, str]]:
    return [(one.patient.full_name, one.why) for one in fallen_signatures()]


def change(patient: Patient, by: User, case: dict[str, Any]) -> None:
    row = Assessment.objects.get(patient=patient)
    actions.save_assessment(assessment=row, version=row.version, case=case, by=by)


def test_a_signature_falls_with_a_later_change_and_stands_again_with_the_old_words(
    patient: Patient, dermatologist: User
) -> None:
    plan = signed(patient, dermatologist, schedule(3, 31))
    case = Assessment.objects.get().case
    assert fallen() == []
    change(patient, dermatologist, {**case, "patient": {"weight": "70 kg"}})
    found = list(fallen_signatures())
    assert [(one.plan, one.patient, one.next_session) for one in found] == [
        (plan, patient, timezone.localdate() + timedelta(days=3))
    ]
    assert found[0].why == why_not_standing(found[0].signature)
    change(patient, dermatologist, case)
    assert fallen() == []


def test_a_plan_that_is_not_in_force_stops_nothing(patient: Patient, dermatologist: User) -> None:
    plan = signed(patient, dermatologist, schedule(3))
    change(patient, dermatologist, {"weight": 1})
    actions.void_plan(plan=plan, reason="patient moved away", by=dermatologist)
    assert fallen() == []


def test_the_soonest_session_comes_first(dermatologist: User) -> None:
    for name, days in (("Later", schedule(9)), ("None ahead", schedule(-9)), ("Soon", schedule(-20, 2))):
        patient = add_patient(by=dermatologist, full_name=name, birth_date=TODAY)
        signed(patient, dermatologist, days)
        change(patient, dermatologist, {"weight": 1})
    assert [name for name, _ in fallen()] == ["Soon", "Later", "None ahead"]


def test_what_the_database_tells_agrees_with_each_signature(dermatologist: User) -> None:
    for number in range(6):
        patient = add_patient(by=dermatologist, full_name=f"P{number}", birth_date=TODAY)
        signed(patient, dermatologist, schedule(number))
        if number % 2:
            change(patient, dermatologist, {"weight": number})
    rows = Plan.objects.filter(state="signed")
    slow = {plan.pk for plan in rows if why_not_standing(plan.revisions.get().signature)}
    assert {one.plan.pk for one in fallen_signatures()} == slow
    assert len(slow) == 3


def test_the_number_of_queries_does_not_grow_with_the_patients(
    dermatologist: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        patient = add_patient(by=dermatologist, full_name=f"P{number}", birth_date=TODAY)
        signed(patient, dermatologist, schedule(number))
        change(patient, dermatologist, {"weight": number})
    with django_assert_max_num_queries(3):
        assert len([one.patient.full_name for one in fallen_signatures()]) == 8
    with django_assert_max_num_queries(1):
        today = timezone.localdate()
        rows = planned_between(today, today + timedelta(days=7))
        names = [(row.revision.number, row.revision.plan.course.patient.full_name) for row in rows]
    assert len(names) == 8
