"""The courses that this clinic has recorded, as the fit of a clinic reads them.

Of each course the plan that was signed, the sessions that count as given, and the scores on the scale that it was
scored on most. Courses with fewer than two such scores say nothing of how they went on and are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from mesoplan.clinic.assessments.scoring_sheet import QUESTIONNAIRE
from mesoplan.clinic.courses.models import Course
from mesoplan.clinic.forecasts.course_plan import aims_of, plan_of, sessions_of
from mesoplan.clinic.forecasts.course_scores import scales_of, scores_of, standing
from mesoplan.clinic.forecasts.course_value import course_value
from mesoplan.domain import course as domain
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.course_reading import course_problems
from mesoplan.knowledge.schema.scales import Scale

FEWEST_SCORES = 2
_ANY_GOAL = domain.CourseGoal(share=0.5)


def recorded_courses(knowledge: Knowledge, today: date) -> Iterator[domain.Course]:
    """Every course of the clinic that was scored at least twice under a signed plan."""
    for course in Course.objects.select_related("patient").order_by("pk"):
        found = _read(course, knowledge, today)
        if found is not None and not list(course_problems(found, knowledge, today)):
            yield found


def _read(course: Course, knowledge: Knowledge, today: date) -> domain.Course | None:
    plan = plan_of(course)
    if plan is None:
        return None
    sessions, scores = sessions_of(plan, today), scores_of(course)
    if not (sessions.signed and sessions.given):
        return None
    scales = _scales(aims_of(course, plan, knowledge), knowledge)
    scale = max(scales, key=lambda one: len(standing(scores, one)), default=None)
    if scale is None:
        return None
    read = course_value(
        course, plan, sessions, scores, scale=scale, goal=_ANY_GOAL, today=today, knowledge=knowledge
    ).course
    return read if len(read.scores) >= FEWEST_SCORES else None


def _scales(aims: list[str], knowledge: Knowledge) -> list[Scale]:
    """Those that the aim names first; of equally many scores the first one counts."""
    named = [scale for aim in aims if aim in knowledge.aims for scale in knowledge.aims[aim].score_with]
    filled = [scale.id for scale in scales_of(aims, knowledge)]
    found = [knowledge.scales[one] for one in dict.fromkeys([*named, *filled])]
    return [one for one in found if one.kind != QUESTIONNAIRE]
