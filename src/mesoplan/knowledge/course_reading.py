"""Read a course from text and refuse what would turn a forecast into a silent number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from mesoplan.domain.course import Course, CourseScore, Response
from mesoplan.domain.errors import InputError, Problem
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.case_reading import ASSESSED_BETWEEN, unknown
from mesoplan.knowledge.schema.scales import Scale
from mesoplan.knowledge.scoring import score
from mesoplan.knowledge.validation import build
from mesoplan.knowledge.yaml_reading import read_text

MOST_DAYS_BEFORE = 180
"""A score older than this before the first session is no baseline of the course."""
MOST_DAYS_AHEAD = 730
MOST_DAYS = 3653


def read_course(text: str, file: str, knowledge: Knowledge, today: date | None = None) -> Course:
    """Return the course in a YAML or JSON text.

    Parameters
    ----------
    text : str
    file : str
        Its name, for errors.
    knowledge : Knowledge
    today : date, optional
        If given, a course dated after it is refused.

    Raises
    ------
    InputError
        With every problem found.
    """
    course = build(Course, read_text(text, file), file)
    problems = list(course_problems(course, knowledge, today))
    if problems:
        raise InputError(file, problems)
    return course


def course_problems(course: Course, knowledge: Knowledge, today: date | None = None) -> Iterator[Problem]:
    """Yield everything in a course that the knowledge base or good sense contradicts."""
    if today is not None and course.as_of > today:
        yield Problem("as_of", f"{course.as_of} lies in the future (today is {today})")
    if not ASSESSED_BETWEEN[0] <= course.as_of <= ASSESSED_BETWEEN[1]:
        text = f"must be between {ASSESSED_BETWEEN[0]} and {ASSESSED_BETWEEN[1]} (given: {course.as_of})"
        yield Problem("as_of", text)
    yield from unknown("aim", course.aim, "aims", knowledge.aims)
    yield from _treatment(course, knowledge)
    yield from _sessions(course)
    yield from unknown("scale", course.scale, "scales", knowledge.scales)
    if course.scale not in knowledge.scales:
        return
    scale = knowledge.scales[course.scale]
    faults = [*_order(course), *_responses(course, knowledge), *_one_trajectory(course, scale, knowledge)]
    yield from faults
    if not faults:
        yield from _goal(course, scale, knowledge)


def interval_days(course: Course, knowledge: Knowledge) -> int:
    """Return the days between sessions: as said, else the least of the protocol."""
    if course.interval_days is not None:
        return course.interval_days
    protocol = knowledge.protocols[course.treatment.protocol or ""]
    return round(protocol.interval.low)


def score_value(one: CourseScore, scale: Scale, knowledge: Knowledge) -> float:
    """Return the value of a score on the course's scale; it has passed `course_problems`."""
    if one.value is not None:
        return one.value
    value = score(scale, one.items or {}).value
    if value is None:
        raise InputError("scores", [Problem("items", "are not all there")])
    return value


def improvement_of(one: Response, knowledge: Knowledge) -> tuple[float, float]:
    """Return the percentages that a judgement lies between; it has passed `course_problems`."""
    found = one.improvement or _graded(one, knowledge)
    if found is None:
        raise InputError("responses", [Problem("grade", "is none that stands for an improvement")])
    return found


def _graded(one: Response, knowledge: Knowledge) -> tuple[float, float] | None:
    """What the grade of a scale of change is taken for; None where it is none of these."""
    scale = knowledge.scales.get(one.scale or "")
    if scale is None or scale.kind != "change":
        return None
    grades = [grade for item in scale.items for grade in item.grades]
    return next((grade.improvement for grade in grades if grade.score == one.grade), None)


def baseline(course: Course, knowledge: Knowledge) -> float | None:
    """Return the last score up to the first session; None where there is none."""
    before = [one for one in course.scores if one.on <= course.start]
    return score_value(before[-1], knowledge.scales[course.scale], knowledge) if before else None


def goal_score(course: Course, knowledge: Knowledge) -> float | None:
    """Return the score that counts as reached; None where it is a share and no baseline stands."""
    if course.goal.score is not None:
        return course.goal.score
    first = baseline(course, knowledge)
    return None if first is None or course.goal.share is None else first * course.goal.share


def _treatment(course: Course, knowledge: Knowledge) -> Iterator[Problem]:
    treatment = course.treatment
    for index, compound in enumerate(treatment.compounds, start=1):
        yield from unknown(f"treatment.compounds.{index}", compound, "compounds", knowledge.compounds)
    if treatment.protocol is None:
        if course.interval_days is None:
            yield Problem("interval_days", "is missing: without a protocol the days between sessions must be said")
        return
    yield from unknown("treatment.protocol", treatment.protocol, "protocols", knowledge.protocols)
    if treatment.protocol in knowledge.protocols and knowledge.protocols[treatment.protocol].aim != course.aim:
        aim = knowledge.protocols[treatment.protocol].aim
        yield Problem("treatment.protocol", f"“{treatment.protocol}” is for the aim “{aim}”, not for “{course.aim}”")


def _sessions(course: Course) -> Iterator[Problem]:
    yield from _rising("sessions", course.sessions)
    yield from _rising("planned", course.planned)
    for index, day in enumerate(course.sessions, start=1):
        if day > course.as_of:
            yield Problem(f"sessions.{index}", f"{day} lies after {course.as_of}; what is ahead stands under “planned”")
        elif (course.as_of - day).days > MOST_DAYS:
            yield Problem(f"sessions.{index}", f"{day} lies more than {MOST_DAYS} days before {course.as_of}")
    for index, day in enumerate(course.planned, start=1):
        if day < course.as_of:
            yield Problem(
                f"planned.{index}", f"{day} lies before {course.as_of}; what was given stands under “sessions”"
            )
        elif (day - course.as_of).days > MOST_DAYS_AHEAD:
            yield Problem(f"planned.{index}", f"{day} lies more than {MOST_DAYS_AHEAD} days after {course.as_of}")
        elif day in course.sessions:
            yield Problem(f"planned.{index}", f"{day} stands under “sessions” too")


def _rising(field: str, days: Sequence[date]) -> Iterator[Problem]:
    for index, (before, after) in enumerate(pairwise(days), start=2):
        if after <= before:
            yield Problem(f"{field}.{index}", f"{after} is out of order: it must lie after {before}")


def _order(course: Course) -> Iterator[Problem]:
    days = {"scores": [one.on for one in course.scores], "responses": [one.on for one in course.responses]}
    for field, held in days.items():
        for index, (before, after) in enumerate(pairwise(held), start=2):
            if after < before:
                yield Problem(f"{field}.{index}.on", f"{after} is out of order: it lies before {before}")
        for index, day in enumerate(held, start=1):
            if day > course.as_of:
                yield Problem(f"{field}.{index}.on", f"{day} lies after the day of the forecast, {course.as_of}")
    for index, response in enumerate(course.responses, start=1):
        if response.on <= course.start:
            yield Problem(f"responses.{index}.on", f"{response.on}: a change is judged after the first session")
    for index, one in enumerate(course.scores, start=1):
        if (course.start - one.on).days > MOST_DAYS_BEFORE:
            text = f"{one.on} lies more than {MOST_DAYS_BEFORE} days before the first session of {course.start}"
            yield Problem(f"scores.{index}.on", f"{text}; it is no baseline of this course")


def _responses(course: Course, knowledge: Knowledge) -> Iterator[Problem]:
    """A grade counts only where its scale says what improvement it is taken for."""
    for index, one in enumerate(course.responses, start=1):
        if one.scale is None:
            continue
        yield from unknown(f"responses.{index}.scale", one.scale, "scales", knowledge.scales)
        if one.scale in knowledge.scales and _graded(one, knowledge) is None:
            told = "is no grade of a scale of change that stands for an improvement"
            yield Problem(f"responses.{index}.grade", f"{one.grade} of “{one.scale}” {told}")


def _one_trajectory(course: Course, scale: Scale, knowledge: Knowledge) -> Iterator[Problem]:
    """One scale, one way of looking, one device: else a step between two methods would pass for a change."""
    for index, one in enumerate(course.scores, start=1):
        field = f"scores.{index}"
        yield from _score(one, scale, field, knowledge)
        first = course.scores[0]
        if one.mode != first.mode:
            text = f"“{one.mode}” after “{first.mode}”: scores on the person and on photos differ; keep to one of them"
            yield Problem(f"{field}.mode", text)
        if one.device != first.device:
            text = f"“{one.device or 'none'}” after “{first.device or 'none'}”: devices differ; start a new trajectory"
            yield Problem(f"{field}.device", text)
        same = [other for other in course.scores[: index - 1] if (other.on, other.rater) == (one.on, one.rater)]
        if same:
            yield Problem(f"{field}.on", f"{one.rater} scored on {one.on} twice; keep the score that counts")


def _score(one: CourseScore, scale: Scale, field: str, knowledge: Knowledge) -> Iterator[Problem]:
    named = one.scale or scale.id
    if named not in (scale.id, scale.items_of if one.items is not None else scale.id):
        hint = f"; the items of “{scale.items_of}” give it" if scale.items_of and one.items is None else ""
        text = f"“{named}” beside “{scale.id}”: one trajectory has one scale, and none is converted into another"
        yield Problem(f"{field}.scale", f"{text}{hint}; allowed: {scale.id}")
        return
    if one.value is not None:
        if not scale.lowest <= one.value <= scale.highest:
            text = f"must be between {scale.lowest:g} and {scale.highest:g} on {scale.title} (given: {one.value:g})"
            yield Problem(f"{field}.value", text)
        return
    try:
        missing = score(scale, one.items or {}).missing
    except InputError as error:
        yield from (Problem(f"{field}.items.{problem.field}", problem.text) for problem in error.problems)
        return
    for item in missing:
        yield Problem(
            f"{field}.items.{item.region}.{item.item}", f"is missing ({item.text}); nothing is summed in part"
        )


def _goal(course: Course, scale: Scale, knowledge: Knowledge) -> Iterator[Problem]:
    """A goal that is no goal: outside the scale, a share of nothing, or reached before the first session."""
    first = baseline(course, knowledge)
    if first is not None and first <= scale.lowest and scale.kind == "severity":
        yield Problem("scores", f"the score before the first session is {first:g}: there is nothing to lower")
        return
    if course.goal.share is not None and first is None and course.sessions:
        yield Problem("goal.share", "a share needs a score on or before the first session; give a score as the goal")
    wanted = course.goal.score
    if wanted is None:
        return
    if not scale.lowest <= wanted < scale.highest:
        yield Problem("goal.score", f"must be from {scale.lowest:g} to below {scale.highest:g} (given: {wanted:g})")
    elif first is not None and scale.better == "lower" and first <= wanted:
        yield Problem("goal.score", f"is reached already: the score before the first session is {first:g}")
