"""From a course to its outlook: what its scores say under the prior of its group, and the sessions still to come."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.domain.course import Course
from mesoplan.domain.forecast import WhatIf
from mesoplan.kernels.patient_posterior import (
    NO_GRADES,
    NO_SCORES,
    Grades,
    PatientPrior,
    Posterior,
    Scores,
    posterior,
    prior_tail,
)
from mesoplan.kernels.posterior_rounds import posterior_in_rounds
from mesoplan.kernels.response import Treatment
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.course_reading import goal_score, improvement_of, interval_days, score_value
from mesoplan.planning.population import PopulationGroup, rarer_than_weekly
from mesoplan.planning.response_forecast import (
    ALL_GONE,
    DRAWS,
    FEWEST_EFFECTIVE,
    GRADE_SPREAD,
    OTHER_RATER,
    RESPONSE_SPREAD,
    SAME_RATER,
    TAIL,
    Outlook,
    longest_course,
    offset_of,
)

Floats = NDArray[np.floating[Any]]


def outlook_of(course: Course, knowledge: Knowledge, group: PopulationGroup, what_if: WhatIf) -> Outlook:
    """Return the posterior of a course and the way it is meant to go on."""
    scale = knowledge.scales[course.scale]
    days = interval_days(course, knowledge)
    interval = days / 7
    wanted_days = what_if.interval_days or days
    wanted = wanted_days / 7
    as_share = not course.scores
    offset = 0.0 if as_share else offset_of(scale)
    given = Treatment(tuple(course.week(day) for day in course.sessions), interval)
    values = [score_value(one, scale, knowledge) for one in course.scores]
    scores = _scores(course, values, offset)
    prior = group.prior(scores.log_values[0] if values else 0.0, days, course.clinic)
    if as_share:
        prior = _from_one(prior)
    grades = _grades(course, knowledge)
    tail = prior_tail(prior, scores, given) if len(values) > 1 else None
    outside = tail is not None and tail < TAIL
    exact = _posterior(prior, scores, given, grades, odd=outside)
    flat = _posterior(prior.flattened(), scores, given, grades, odd=True) if outside else None
    goal = goal_score(course, knowledge) if not as_share else course.goal.share
    assert goal is not None, "course_problems refuses a goal without a figure"  # noqa: S101
    return Outlook(
        course=course,
        posterior=_at_interval(exact, group, days, wanted_days),
        flattened=None if flat is None else _at_interval(flat, group, days, wanted_days),
        prior_tail=tail,
        given=given,
        ahead=_ahead(course, wanted, wanted_days, what_if),
        interval_weeks=wanted,
        stopping=course.stopped or what_if.stop,
        offset=offset,
        goal=goal,
        unit="share" if as_share else "score",
        highest=scale.highest if not as_share else math.inf,
    )


def _posterior(prior: PatientPrior, scores: Scores, given: Treatment, grades: Grades, *, odd: bool) -> Posterior:
    """Return the posterior the fast way, or in rounds where the scores are odd or few of the fast draws fit."""
    if not odd:
        found = posterior(prior, scores, given, grades=grades, draws=DRAWS)
        if found.effective_sample_size >= FEWEST_EFFECTIVE:
            return found
    return posterior_in_rounds(prior, scores, given, grades=grades)


def _scores(course: Course, values: list[float], offset: float) -> Scores:
    if not values:
        return NO_SCORES
    own = course.clinic
    same = (own.same_rater if own else None) or SAME_RATER
    other = (own.other_rater if own else None) or OTHER_RATER
    first = course.scores[0].rater
    sigma = np.array([same if one.rater == first else other for one in course.scores])
    weeks = np.array([course.week(one.on) for one in course.scores])
    return Scores(weeks, np.log(np.array(values) + offset), sigma)


def _grades(course: Course, knowledge: Knowledge) -> Grades:
    if not course.responses:
        return NO_GRADES
    bounds = np.array([improvement_of(one, knowledge) for one in course.responses], dtype=float)
    spread = np.array([RESPONSE_SPREAD if one.scale is None else GRADE_SPREAD for one in course.responses])
    left = np.log(np.maximum(1 - bounds / 100, ALL_GONE))
    low = np.where(bounds[:, 1] >= 100, -np.inf, left[:, 1])
    high = np.where(bounds[:, 0] <= -100, np.inf, left[:, 0])
    weeks = np.array([course.week(one.on) for one in course.responses])
    return Grades(weeks, low, high, spread)


def _from_one(prior: PatientPrior) -> PatientPrior:
    """Return the prior with the baseline as its own unit."""
    covariance = prior.covariance.copy()
    covariance[0, 0] = 1e-8
    return PatientPrior(prior.mean, covariance)


def _at_interval(held: Posterior, group: PopulationGroup, days: float, wanted_days: float) -> Posterior:
    """Return the draws with the asymptote of another interval; what trials know of it is mostly its width."""
    step = rarer_than_weekly(wanted_days) - rarer_than_weekly(days)
    if step == 0:
        return held
    mean, sd = group.interval_gain
    draws = held.draws.copy()
    draws[:, 2] += step * (mean + sd * _normals(len(draws)))
    return replace(held, draws=draws)


def _ahead(course: Course, interval: float, days: float, what_if: WhatIf) -> tuple[float, ...]:
    """Return the weeks of the sessions still to come: as planned, then at the interval, within the longest evidence."""
    if course.stopped or what_if.stop:
        return ()
    most = max(0, longest_course(days) - len(course.sessions))
    if what_if.further_sessions is not None:
        most = what_if.further_sessions
    as_planned = what_if.interval_days is None
    weeks = [course.week(day) for day in course.planned] if as_planned else []
    now = course.week(course.as_of)
    while len(weeks) < most:
        before = weeks[-1] if weeks else (course.week(course.sessions[-1]) if course.sessions else None)
        weeks.append(0.0 if before is None else max(before + interval, now))
    return tuple(weeks if what_if.further_sessions is None else weeks[:most])


def _normals(count: int) -> Floats:
    """Return standard normal numbers, one a draw, even over the distribution and in no order."""
    from statistics import NormalDist

    inverse = NormalDist().inv_cdf
    share = (0.5 + np.arange(1, count + 1) * 0.5 * (math.sqrt(5.0) - 1.0)) % 1.0
    return np.array([inverse(min(max(one, 1e-9), 1 - 1e-9)) for one in share])
