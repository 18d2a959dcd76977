"""Scores of a course: recorded once and never changed; one that was wrong is voided with a reason and stays on
record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_noop

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.chain import record
from mesoplan.clinic.courses.checks import check_reason
from mesoplan.clinic.courses.models import Course
from mesoplan.clinic.forecasts.checks import check_not_yet_scored
from mesoplan.clinic.forecasts.models import Score, VoidedScore
from mesoplan.workflow import Act, WrongState, check_may

Items = Mapping[str, Mapping[str, int]]

VOID_ALREADY = gettext_noop("This score is void already. Open the scores again.")
WHY_VOID = gettext_noop("Say why this score does not count.")


@transaction.atomic
def record_score(
    *, course: Course, scale: str, items: Items, day: date, mode: str, rater: str, rater_person: User | None, by: User
) -> Score:
    """Keep a whole score. What an assessment of the same day holds already is refused: it is read from there."""
    check_may(Act.RECORD_SCORE, by.workflow_role)
    Course.objects.select_for_update().get(pk=course.pk)  # two who press at once: the second is told
    check_not_yet_scored(course, scale=scale, day=day, mode=mode, rater=rater)
    score = Score.objects.create(
        course=course,
        scale=scale,
        items={region: dict(given) for region, given in items.items()},
        day=day,
        mode=mode,
        rater=rater,
        rater_person=rater_person,
        recorded_by=by,
    )
    said = {"scale": scale, "items": score.items, "day": day.isoformat(), "mode": mode, "rater": rater}
    record(by=by, act="record_score", thing=f"score {score.pk}", patient=course.patient.ref, after=said)
    return score


@transaction.atomic
def void_score(*, score: Score, reason: str, by: User) -> VoidedScore:
    check_may(Act.VOID_SCORE, by.workflow_role)
    reason = check_reason(reason, WHY_VOID)
    stored = Score.objects.select_related("course__patient").get(pk=score.pk)
    Course.objects.select_for_update().get(pk=stored.course_id)
    if VoidedScore.objects.filter(score=stored).exists():
        raise WrongState(VOID_ALREADY)
    voided = VoidedScore.objects.create(score=stored, reason=reason, voided_by=by)
    said = {"day": stored.day.isoformat(), "scale": stored.scale, "reason": reason}
    record(by=by, act="void_score", thing=f"score {stored.pk}", patient=stored.course.patient.ref, after=said)
    return voided
