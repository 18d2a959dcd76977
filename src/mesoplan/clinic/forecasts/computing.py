"""Forecasts of this process: the population is read once, and what was computed for a course is kept while it is looked
at, so that a change of one question computes one forecast."""

from __future__ import annotations

from functools import cache, lru_cache

from mesoplan.clinic import knowledge_base
from mesoplan.documents.leaflet_forecast import OfTen, of_ten_before_scores, of_ten_of
from mesoplan.domain.course import Course
from mesoplan.domain.forecast import Forecast, WhatIf
from mesoplan.planning.population import Population, read_population


@cache
def population() -> Population:
    return read_population()


@lru_cache(maxsize=128)
def forecast_of(course: Course, what_if: WhatIf) -> Forecast:
    """Pure: the same course and question give the same answer, so the answer is kept."""
    from mesoplan.planning.forecast import forecast

    return forecast(course, knowledge_base.current(), population(), what_if)


@lru_cache(maxsize=128)
def told_to_patient(course: Course, what_if: WhatIf, session: int) -> OfTen | None:
    """Of ten people like this one, how many get there by a session, and how far apart clinics lie."""
    return of_ten_of(course, knowledge_base.current(), population(), what_if, session)


@lru_cache(maxsize=256)
def told_before_any_score(course: Course, sessions: int) -> OfTen | None:
    """The same from the trials alone. Nothing that is compiled is loaded for it."""
    return of_ten_before_scores(course, knowledge_base.current(), population(), sessions)
