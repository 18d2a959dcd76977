"""A course of the clinic as the value that a forecast reads, and which of its scores that leaves out, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import ngettext

from mesoplan.clinic.courses.models import Course, Plan
from mesoplan.clinic.forecasts.course_plan import Sessions
from mesoplan.clinic.forecasts.course_scores import Scored, standing
from mesoplan.clinic.forecasts.models import Score
from mesoplan.domain import course as domain
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.course_reading import MOST_DAYS_BEFORE
from mesoplan.knowledge.schema.scales import Scale

DEFAULT_INTERVAL_DAYS = 28
"""Where a plan has one session only and no protocol says how far apart they are."""


@dataclass(frozen=True)
class CourseValue:
    """What the forecast reads. `left_out` says in words which scores it does not."""

    course: domain.Course
    left_out: tuple[str, ...]


def course_value(
    course: Course,
    plan: Plan,
    sessions: Sessions,
    scores: Sequence[Scored],
    *,
    scale: Scale,
    goal: domain.CourseGoal,
    today: date,
    knowledge: Knowledge,
) -> CourseValue:
    """The course as it stands today on one scale."""
    start = min((*sessions.all, today))
    counted, left_out = _of_one_kind(standing(scores, scale), start)
    value = domain.Course(
        id=f"course-{course.pk}",
        as_of=today,
        aim=str(plan.plan["goal"]),
        treatment=treatment_of(plan.plan, knowledge),
        interval_days=interval_days_of(plan.plan, sessions.all, knowledge),
        sessions=sessions.given,
        planned=sessions.ahead,
        scale=scale.id,
        scores=tuple(
            domain.CourseScore(on=one.day, rater=one.rater or "–", mode=_mode(one), value=value)
            for one, value in counted
        ),
        goal=goal,
    )
    return CourseValue(value, left_out)


def _mode(one: Scored) -> Any:
    return one.mode if one.mode in Score.Mode.values else Score.Mode.LIVE.value


Valued = tuple[Scored, float]


def _of_one_kind(found: list[Valued], start: date) -> tuple[list[Valued], tuple[str, ...]]:
    """Scores on the person and on photos differ, so those of one kind count: of the kind that there is more of, the
    live ones where there are as many. What is older than a baseline can be is left out too."""
    recent = [one for one in found if (start - one[0].day).days <= MOST_DAYS_BEFORE]
    kinds = {mode: [one for one in recent if _mode(one[0]) == mode] for mode in Score.Mode.values}
    live, photo = kinds[Score.Mode.LIVE.value], kinds[Score.Mode.PHOTO.value]
    counted, rest = (photo, live) if len(photo) > len(live) else (live, photo)
    return counted, tuple(_left_out(len(rest), counted is live, len(found) - len(recent)))


def _left_out(other_kind: int, live_counts: bool, old: int) -> list[str]:
    said = []
    if other_kind:
        told = (
            ngettext(
                "%(count)s score on a photo is left out: scores on the person and on photos differ.",
                "%(count)s scores on photos are left out: scores on the person and on photos differ.",
                other_kind,
            )
            if live_counts
            else ngettext(
                "%(count)s live score is left out: scores on the person and on photos differ.",
                "%(count)s live scores are left out: scores on the person and on photos differ.",
                other_kind,
            )
        )
        said.append(told % {"count": other_kind})
    if old:
        told = ngettext(
            "%(count)s score older than %(days)s days before the first session is left out.",
            "%(count)s scores older than %(days)s days before the first session are left out.",
            old,
        )
        said.append(told % {"count": old, "days": MOST_DAYS_BEFORE})
    return said


def treatment_of(content: dict[str, Any], knowledge: Knowledge) -> domain.Treatment:
    """The protocol while this release has it and it is for the aim; else what is drawn, injected."""
    protocol = str(content.get("protocol"))
    if protocol in knowledge.protocols and knowledge.protocols[protocol].aim == content["goal"]:
        return domain.Treatment(protocol=protocol)
    drawn = [draw["presentation"] for one in content.get("preparations", ()) for draw in one["draws"]]
    compounds = dict.fromkeys(knowledge.presentations[one][0].id for one in drawn if one in knowledge.presentations)
    return domain.Treatment(compounds=tuple(compounds), route="injection")


def interval_days_of(content: dict[str, Any], days: Sequence[date], knowledge: Knowledge) -> int:
    """The usual days between the planned sessions; with one session those of the protocol."""
    gaps = sorted((later - earlier).days for earlier, later in pairwise(days))
    if gaps:
        return gaps[len(gaps) // 2]
    protocol = str(content.get("protocol"))
    if protocol in knowledge.protocols:
        return round(knowledge.protocols[protocol].interval.low)
    return DEFAULT_INTERVAL_DAYS
