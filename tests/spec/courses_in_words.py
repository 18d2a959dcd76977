"""A course in a few words, for tables of checks: what differs from the course of the worked example."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from mesoplan.domain.course import Course
from mesoplan.domain.finding import Finding
from mesoplan.domain.forecast import Forecast, WhatIf
from mesoplan.knowledge.course_reading import course_problems
from mesoplan.planning.forecast import forecast
from mesoplan.planning.population import read_population
from tests.planning.hand_made import shipped

START = date(2026, 6, 1)
SCORES = {0: 9.6, 4: 7.2, 8: 6.0}
FOUR_WEEKLY = 4


def on(week: int) -> str:
    return (START + timedelta(weeks=week)).isoformat()


def findings_of(words: str) -> tuple[Finding, ...]:
    """Return the findings of the forecast of a course in words."""
    return forecast_of(words)[1].findings


@lru_cache
def forecast_of(words: str) -> tuple[Course, Forecast]:
    """Return a course in words, and its forecast."""
    scores, other_rater, today, asked = dict(SCORES), set[int](), 8, WhatIf()
    course: dict[str, Any] = {"treatment": {"protocol": "melasma-tranexamic-acid-monthly"}}
    for said in words.split("; "):
        match said.split():
            case ["as", "it", "is"]:
                pass
            case ["scored", "by", "somebody", "else", "in", "week", week]:
                other_rater.add(int(week))
            case ["scored", *_]:
                told = [one.split() for one in said.removeprefix("scored ").split(", ")]
                scores = {int(week): float(value) for value, _, _, week in told}
            case ["today", "week", week]:
                today = int(week)
            case ["treated", "with", first, "and", second]:
                course |= {"treatment": {"compounds": [first, second], "route": "injection"}, "interval_days": 28}
            case ["every", days, "days"]:
                asked = asked.model_copy(update={"interval_days": int(days)})
            case [count, "more", "sessions"]:
                asked = asked.model_copy(update={"further_sessions": int(count)})
            case _:
                raise ValueError(f"not understood: {said}")
    course |= {
        "id": "course-in-words",
        "as_of": on(today),
        "aim": "melasma",
        "scale": "mmasi",
        "sessions": [on(week) for week in range(0, today, FOUR_WEEKLY)],
        "planned": [on(today)],
        "goal": {"share": 0.5},
        "scores": [
            {"on": on(week), "rater": "B" if week in other_rater else "A", "mode": "live", "value": value}
            for week, value in scores.items()
        ],
    }
    read = Course.model_validate_json(json.dumps(course))
    knowledge = shipped()
    assert list(course_problems(read, knowledge)) == []
    return read, forecast(read, knowledge, read_population(), asked)
