"""What must happen next for a patient, and who must do it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from mesoplan.clinic.courses.models import Assessment, Plan
from mesoplan.clinic.courses.queries import why_not_standing
from mesoplan.clinic.forecasts.models import Score
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.patients.timeline import Planned, day_in
from mesoplan.clinic.shell.vocabulary import goal_in_words
from mesoplan.workflow import Act, PlanState, Role, who_may

ROLES = {
    Role.DERMATOLOGIST: gettext_lazy("dermatologist"),
    Role.NURSE: gettext_lazy("nurse"),
    Role.FRONT_DESK: gettext_lazy("front desk"),
    Role.MANAGER: gettext_lazy("manager"),
    Role.AUDITOR: gettext_lazy("auditor"),
}


@dataclass(frozen=True)
class NextStep:
    """One thing to do. `due` is a day that has passed or is still to come; none for what waits now."""

    what: str
    who: str = ""
    due: date | None = None
    late: bool = False
    href: str = ""
    why: str = ""


def next_steps(
    patient: Patient,
    assessments: Sequence[Assessment],
    plans: Sequence[Plan],
    planned: Iterable[Planned],
    today: date,
    recorded: Sequence[Score] = (),
) -> list[NextStep]:
    """What waits now, then the next session, the next score and the next look, in the order of their days."""
    waiting = [*_before_a_plan(patient, assessments, plans), *_signatures(plans)]
    in_force = [one for one in planned if one.in_force]
    scored = [day for one in assessments for day in _scored_on(one)]
    dated = [step for one in in_force for step in _dated(one, [*scored, *_recorded_on(one, recorded)], today)]
    return [*waiting, *sorted(dated, key=lambda step: step.due or today)]


def _before_a_plan(patient: Patient, assessments: Sequence[Assessment], plans: Sequence[Plan]) -> Iterator[NextStep]:
    if not assessments:
        href = reverse("assessments:assess", args=[patient.ref])
        yield NextStep(_("Assess"), _who(Act.PREFILL_ASSESSMENT), href=href)
    elif all(plan.plan_state is PlanState.VOID for plan in plans):
        href = reverse("assessments:assessment", args=[assessments[0].pk])
        yield NextStep(_("Propose plans from the assessment"), _who(Act.PROPOSE), href=href)


def _signatures(plans: Sequence[Plan]) -> Iterator[NextStep]:
    for plan in plans:
        href = reverse("courses:plan", args=[plan.pk])
        if plan.plan_state is PlanState.DRAFT:
            why = f"{_('Draft')} · {goal_in_words(plan.course.goal).text}"
            yield NextStep(_("Sign the plan"), _who(Act.SIGN_PLAN), href=href, why=why)
        elif plan.plan_state is PlanState.SIGNED:
            fallen = next((why_not_standing(one.signature) for one in plan.revisions.all()), None)
            if fallen:
                yield NextStep(_("Sign again"), _who(Act.SIGN_PLAN), href=href, why=fallen)


def _dated(planned: Planned, scored: Sequence[date], today: date) -> Iterator[NextStep]:
    schedule, href = planned.schedule, reverse("courses:plan", args=[planned.plan.pk])
    sessions = [(number, day) for number, day in enumerate(schedule.sessions, start=1) if day >= today]
    if sessions:
        number, day = sessions[0]
        several = _("Session %(number)s of %(count)s") % {"number": number, "count": len(schedule.sessions)}
        yield NextStep(_("First session") if number == 1 else several, due=day, href=href)
    unscored = [day for day in schedule.score_on if day > max(scored, default=date.min)]
    if unscored:
        day = unscored[0]
        score = reverse("forecasts:new_score", args=[planned.plan.course_id])
        yield NextStep(pgettext("act", "Score"), _who(Act.RECORD_SCORE), due=day, late=day < today, href=score)
    if schedule.review_on and schedule.review_on >= today:
        yield NextStep(_("Review the course"), _who(Act.EDIT_PLAN), due=schedule.review_on, href=href)


def _scored_on(assessment: Assessment) -> Iterator[date]:
    for record in assessment.case.get("scores", ()):
        day = day_in(record.get("on"))
        if day:
            yield day


def _recorded_on(planned: Planned, recorded: Sequence[Score]) -> Iterator[date]:
    for one in recorded:
        if one.course_id == planned.plan.course_id and not hasattr(one, "voided"):
            yield one.day


def _who(act: Act) -> str:
    roles = (str(ROLES[role]) for role in who_may(act))
    return reduce(lambda one, other: _("%(one)s or %(other)s") % {"one": one, "other": other}, roles)
