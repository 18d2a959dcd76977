"""Forecasts of this process: the population is read once, and what was computed for a course is kept while it is looked
at, so that a change of one question computes one forecast."""

from __future__ import annotations

import threading
from functools import cache, lru_cache

from django.conf import settings

from mesoplan.clinic import knowledge_base
from mesoplan.documents.leaflet_forecast import OfTen, of_ten_before_scores, of_ten_of
from mesoplan.domain.course import Course
from mesoplan.domain.forecast import Forecast, WhatIf
from mesoplan.planning.population import Population, read_population

_once = threading.Lock()


def begin_to_warm() -> None:
    """Read or compile the loops of the posterior, once in a process, in a thread of its own: somebody who reads a plan
    may ask for its forecast next, and the first one after an installation takes seconds."""
    if settings.WARM_KERNELS and _once.acquire(blocking=False):
        threading.Thread(target=warm_up, name="warm-forecast", daemon=True).start()


def warm_up() -> None:
    """Draw one posterior."""
    import numpy as np

    from mesoplan.kernels.patient_posterior import NO_SCORES, PatientPrior, posterior
    from mesoplan.kernels.response import Treatment

    posterior(PatientPrior(np.zeros(5), np.eye(5)), NO_SCORES, Treatment((0.0,), 4.0))


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
