"""The days of a schedule as rows, one for each session, day to score and day to look again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from mesoplan.clinic.courses.models import PlannedDay, Revision


def days_of(revision: Revision) -> Iterator[PlannedDay]:
    """None for a plan without a schedule."""
    for what, days in _named(revision.content.get("schedule", {})):
        for number, day in enumerate(days, start=1):
            yield PlannedDay(revision=revision, day=date.fromisoformat(day), what=what, number=number, count=len(days))


def _named(schedule: dict[str, Any]) -> Iterator[tuple[PlannedDay.What, list[str]]]:
    yield PlannedDay.What.SESSION, schedule.get("sessions", [])
    yield PlannedDay.What.SCORE, schedule.get("score_on", [])
    review = schedule.get("review_on")
    yield PlannedDay.What.REVIEW, [review] if review else []
