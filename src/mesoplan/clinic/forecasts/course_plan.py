"""Which plan of a course is looked at, what it is for, and which of its sessions count as given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from mesoplan.clinic.courses.models import Course, Plan, PlannedDay
from mesoplan.domain.plan import Schedule
from mesoplan.knowledge.base import Knowledge
from mesoplan.workflow import PlanState


@dataclass(frozen=True)
class Sessions:
    """The days of the sessions of a course. What was given is not recorded yet: signed days up to today count.

    `moved` says that the first day of a draft has passed, and that all its days are read as if it began today.
    """

    given: tuple[date, ...]
    ahead: tuple[date, ...]
    signed: bool
    moved: bool = False

    @property
    def all(self) -> tuple[date, ...]:
        return (*self.given, *self.ahead)


def plan_of(course: Course) -> Plan | None:
    """The plan in force, else the draft that was changed last."""
    rows = Plan.objects.filter(course=course, state__in=[PlanState.SIGNED, PlanState.DRAFT])
    found = list(rows.order_by("-changed_at", "-pk"))
    in_force = [row for row in found if row.plan_state is PlanState.SIGNED]
    return next(iter([*in_force, *found]), None)


def aims_of(course: Course, plan: Plan | None, knowledge: Knowledge) -> list[str]:
    """The aim of the plan; without a plan every aim that the course was opened for, which keeps their titles."""
    goal = str(plan.plan.get("goal", "")) if plan else ""
    if goal in knowledge.aims:
        return [goal]
    titles = f", {course.goal}, "
    return [aim.id for aim in knowledge.aims.values() if f", {aim.title}, " in titles]


def sessions_of(plan: Plan, today: date) -> Sessions:
    """The days of a plan. Of a signed one those up to today count as given, and with them the days of revisions that it
    superseded, as far as they lie before its own first day."""
    planned = _schedule(plan.plan)
    if plan.plan_state is not PlanState.SIGNED or planned is None:
        return _of_draft(planned.sessions if planned else (), today)
    earlier = PlannedDay.objects.filter(
        revision__plan__course=plan.course_id,
        revision__plan__state=PlanState.SUPERSEDED,
        what=PlannedDay.What.SESSION,
        day__lt=planned.sessions[0],
    )
    days = sorted({*earlier.values_list("day", flat=True), *planned.sessions})
    given = tuple(day for day in days if day <= today)
    return Sessions(given, tuple(day for day in days if day > today), signed=True)


def _of_draft(days: tuple[date, ...], today: date) -> Sessions:
    late = today - days[0] if days and days[0] < today else timedelta()
    return Sessions((), tuple(day + late for day in days), signed=False, moved=bool(late))


def _schedule(content: Mapping[str, Any]) -> Schedule | None:
    return Schedule.model_validate(content["schedule"]) if "schedule" in content else None
