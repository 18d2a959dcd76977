"""Dates of a course: sessions as near as the interval allows, scores, first judgement, the day to look again."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from mesoplan.domain.case import Case
from mesoplan.domain.finding import Finding
from mesoplan.domain.plan import Plan, Schedule
from mesoplan.domain.writing import date_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import Protocol
from mesoplan.planning.findings import from_check


def make_schedule(protocol: Protocol, start: date) -> Schedule:
    """Return the sessions at the protocol's shortest interval, and the days to score, to judge and to look again."""
    step = timedelta(days=round(protocol.interval.low))
    return schedule_of(protocol, tuple(start + index * step for index in range(round(protocol.sessions.high))))


def schedule_of(protocol: Protocol, sessions: tuple[date, ...]) -> Schedule:
    """Return given sessions, in order, with the days to score, to judge and to look again that follow from them.

    Scores fall on the first session (baseline), on the review day and four weeks after the last session.
    """
    step = timedelta(days=round(protocol.interval.low))
    start = sessions[0]
    judged = start + timedelta(weeks=protocol.judge_from.high)
    before_review = min(round(protocol.review_after.high), len(sessions))
    review = max(sessions[before_review - 1] + step, judged)
    scores = sorted({start, review, sessions[-1] + timedelta(weeks=4)})
    return Schedule(sessions=sessions, score_on=tuple(scores), first_judged_on=judged, review_on=review)


def schedule_findings(plan: Plan, case: Case, protocol: Protocol | None, knowledge: Knowledge) -> list[Finding]:
    """Return everything that is wrong with the dates of a plan."""
    found = _dates(plan, case, knowledge)
    if protocol is None:
        return found
    sessions = plan.schedule.sessions
    shortest = round(protocol.interval.low)
    for number, (earlier, later) in enumerate(pairwise(sessions), start=2):
        days = (later - earlier).days
        if days < shortest:
            allowed = earlier + timedelta(days=shortest)
            text = (
                f"Session {number} is {days} days after the one before; the shortest interval of the protocol is "
                f"{shortest} days. First day allowed: {date_text(allowed)}."
            )
            found.append(
                from_check(knowledge, "interval-short", text, until=allowed, extra_sources=protocol.interval.sources)
            )
    if len(sessions) > protocol.sessions.high:
        text = (
            f"{len(sessions)} sessions are planned; the evidence of this protocol ends at {protocol.sessions.high:g}."
        )
        found.append(from_check(knowledge, "sessions-beyond-evidence", text, extra_sources=protocol.sessions.sources))
    judged = plan.schedule.first_judged_on
    earliest = sessions[0] + timedelta(weeks=protocol.judge_from.low)
    if judged is not None and judged < earliest:
        text = (
            f"To be judged on {date_text(judged)}; nothing can be judged before week {protocol.judge_from.low:g} "
            f"({date_text(earliest)})."
        )
        found.append(from_check(knowledge, "judged-early", text, extra_sources=protocol.judge_from.sources))
    return found


def _dates(plan: Plan, case: Case, knowledge: Knowledge) -> list[Finding]:
    first = plan.schedule.sessions[0]
    found = []
    if first < case.as_of:
        text = f"The first session, {date_text(first)}, lies before the assessment of {date_text(case.as_of)}."
        found.append(from_check(knowledge, "session-before-assessment", text))
    age_days = (first - case.as_of).days
    limit = knowledge.checks["assessment-old"].value
    if isinstance(limit, int | float) and age_days > limit:
        text = (
            f"The assessment will be {age_days} days old at the first session; after {limit:g} days it is asked again."
        )
        found.append(from_check(knowledge, "assessment-old", text))
    return found
