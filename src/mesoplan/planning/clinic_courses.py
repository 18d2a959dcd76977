"""A clinic’s recorded courses as the kernel’s fit reads them, group by group, and what it found as values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.domain.clinic_fit import ClinicFindings, Estimate, GroupFit, LeftOut
from mesoplan.domain.course import ClinicOwn, Course
from mesoplan.kernels.clinic_fit import (
    SHARED,
    ClinicFit,
    ClinicPrior,
    RatedCourses,
    Run,
    fit_clinic,
    interval_term,
    one_after_another,
)
from mesoplan.kernels.patient_posterior import Scores
from mesoplan.kernels.posterior_batch import course_table
from mesoplan.kernels.response import Treatment
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.course_reading import interval_days, score_value
from mesoplan.planning.engine import ENGINE
from mesoplan.planning.forecast import group_or_reason
from mesoplan.planning.population import Population, PopulationGroup
from mesoplan.planning.response_forecast import OTHER_RATER, SAME_RATER, offset_of

RATING_LOG_SD = 0.35
"""Of the prior of both rating errors: a factor of two either way."""
BASELINE_SD = (0.5, 0.5)
"""Spread of patients' first scores on the log, and of its own logarithm."""
FEWEST_SCORES = 2
NORMAL_95 = 1.959964

Spread = Callable[[Sequence[RatedCourses]], Sequence[Any]]


@dataclass(frozen=True)
class _Read:
    group: str
    scores: Scores
    treatment: Treatment
    other_rater: tuple[bool, ...]
    term: float


def fit_of(
    courses: Iterable[Course],
    knowledge: Knowledge,
    population: Population,
    *,
    run: Run = one_after_another,
    spread: Spread = list,
) -> ClinicFindings:
    """Return what a clinic's courses say of it.

    Parameters
    ----------
    courses : iterable of Course
        Each has passed `course_problems`.
    knowledge : Knowledge
    population : Population
        The prior of every clinic.
    run : callable, optional
        How parts are worked on: in this process, or by an executor.
    spread : callable, optional
        Puts parts where they are worked on, such as on the workers of a cluster.

    Returns
    -------
    ClinicFindings
        Courses without a group of trials or with fewer than two scores are named, not read.
    """
    read: dict[str, list[_Read]] = {}
    left_out = []
    for course in courses:
        found = _read(course, knowledge, population)
        if isinstance(found, _Read):
            read.setdefault(found.group, []).append(found)
        else:
            left_out.append(found)
    groups = tuple(_fitted(name, held, population.groups[name], run, spread) for name, held in sorted(read.items()))
    return ClinicFindings(engine=ENGINE, table_sha256=population.table_sha256, groups=groups, left_out=tuple(left_out))


def _read(course: Course, knowledge: Knowledge, population: Population) -> _Read | LeftOut:
    group, reason, _ = group_or_reason(course, knowledge, population)
    if group is None:
        return LeftOut(course=course.id, reason=reason)
    if len(course.scores) < FEWEST_SCORES or not course.sessions:
        return LeftOut(course=course.id, reason="fewer than two scores, or no session")
    scale, days = knowledge.scales[course.scale], interval_days(course, knowledge)
    values = np.array([score_value(one, scale, knowledge) for one in course.scores])
    weeks = np.array([course.week(one.on) for one in course.scores])
    first = course.scores[0].rater
    return _Read(
        group=group,
        scores=Scores(weeks, np.log(values + offset_of(scale)), np.full(len(values), SAME_RATER)),
        treatment=Treatment(tuple(course.week(day) for day in course.sessions), days / 7),
        other_rater=tuple(one.rater != first for one in course.scores),
        term=interval_term(days),
    )


def _fitted(name: str, held: list[_Read], group: PopulationGroup, run: Run, spread: Spread) -> GroupFit:
    table = course_table([(one.scores, one.treatment) for one in held])
    others = np.array([other for one in held for other in one.other_rater], dtype=bool)
    rated = RatedCourses(table, others, np.array([one.term for one in held]))
    prior = clinic_prior(group, float(np.mean([one.scores.log_values[0] for one in held])))
    fit = fit_clinic(spread(rated.parts()), prior, run=run)
    effect, error = fit.effect_of_clinic()
    same, other = (_exponential(fit, f"log_sigma_{which}") for which in ("same", "other"))
    return GroupFit(
        group=name,
        courses=fit.courses,
        scores=len(table.weeks),
        scores_by_others=int(others.sum()),
        effect=_estimate(effect, error, _prior_sd(fit, "A")),
        same_rater=same,
        other_rater=other,
        between_patients=_exponential(fit, "log_omega"),
        passes=fit.passes,
        nodes=fit.nodes,
        node_error=round(float(np.abs(fit.node_error).max()), 4),
        converged=fit.converged,
        own=ClinicOwn(
            effect=round(effect, 4),
            effect_sd=round(error, 4),
            same_rater=same.value,
            other_rater=other.value,
        ),
    )


def clinic_prior(group: PopulationGroup, baseline: float) -> ClinicPrior:
    """Return the prior of what a clinic's patients share, about the mean of its own first scores."""
    mean = np.zeros(len(SHARED))
    covariance = np.zeros((len(SHARED), len(SHARED)))
    own = [SHARED.index(name) for name in ("B", "A", "log_k", "log_t_off", "w", "log_omega")]
    mean[own] = group.clinic_mean
    covariance[np.ix_(own, own)] = group.clinic_covariance
    for name, value, sd in (
        ("baseline", baseline, 1.0),
        ("log_baseline_sd", math.log(BASELINE_SD[0]), BASELINE_SD[1]),
        ("log_sigma_same", math.log(SAME_RATER), RATING_LOG_SD),
        ("log_sigma_other", math.log(OTHER_RATER), RATING_LOG_SD),
    ):
        at = SHARED.index(name)
        mean[at], covariance[at, at] = value, sd**2
    return ClinicPrior(mean, covariance)


def _prior_sd(fit: ClinicFit, name: str) -> float:
    at = SHARED.index(name)
    return math.sqrt(fit.prior.covariance[at, at])


def _estimate(value: float, error: float, prior_sd: float) -> Estimate:
    low, high = value - NORMAL_95 * error, value + NORMAL_95 * error
    return Estimate(
        value=round(value, 4), low=round(low, 4), high=round(high, 4), left_of_prior=round(error / prior_sd, 3)
    )


def _exponential(fit: ClinicFit, name: str) -> Estimate:
    """Return a figure that was fitted as its logarithm."""
    at = SHARED.index(name)
    middle, error = float(fit.shared[at]), math.sqrt(fit.covariance[at, at])
    ends: NDArray[np.float64] = np.exp([middle, middle - NORMAL_95 * error, middle + NORMAL_95 * error])
    value, low, high = (round(float(one), 4) for one in ends)
    return Estimate(value=value, low=low, high=high, left_of_prior=round(error / _prior_sd(fit, name), 3))
