"""The posterior of a patient whose scores do not fit one normal: draws in rounds, each proposed by the one before.

:func:`mesoplan.kernels.patient_posterior.posterior` proposes from the curvature at one mode. Where an odd score leaves
two readings (the score is odd, or the others are), few of its draws fit. Here a first round from the widened prior is
weighted by the likelihood to a power so small that enough draws count; mean and covariance of these give a multivariate
t of 5 degrees of freedom for the next round, with a larger power, until the power is 1. It takes tens of milliseconds,
so it stands in only where the effective sample size of the fast way is low, or where the scores lie outside of the
prior: there the fast way may have missed a reading without a sign of it. The same question has the same answer: the
random numbers have a fixed seed.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.patient_posterior import NO_GRADES, Grades, PatientPrior, Posterior, Scores
from mesoplan.kernels.response import UNKNOWNS, Treatment, log_grade_chance, log_severity, log_student

Floats = NDArray[np.floating[Any]]

DRAWS = 8192
ROUNDS = 12
ENOUGH = 0.05
"""Share of a round's draws that must count before the power is raised."""
FEWEST_EFFECTIVE = 500.0
_FREEDOM, _WIDENED, _SEED = 5.0, 1.3, 20261123
_UNKNOWNS = len(UNKNOWNS)


def posterior_in_rounds(
    prior: PatientPrior, scores: Scores, treatment: Treatment, *, grades: Grades = NO_GRADES
) -> Posterior:
    """Return the posterior of one patient, as `posterior` does; slower, and right where there are two modes."""
    generator = np.random.default_rng(_SEED)
    centre, factor = prior.mean, 1.5 * np.linalg.cholesky(prior.covariance)
    power = 0.0
    for _ in range(ROUNDS):
        theta, log_proposal = _proposed(centre, factor, generator)
        log_prior = _log_prior(theta, prior)
        log_likelihood = _log_likelihood(theta, scores, grades, treatment)
        power = _power(log_prior - log_proposal, log_likelihood, power)
        weights = _weights(log_prior - log_proposal + power * log_likelihood)
        effective = 1.0 / float(weights @ weights)
        if power == 1.0 and effective >= FEWEST_EFFECTIVE:
            break
        centre = weights @ theta
        away = theta - centre
        factor = np.linalg.cholesky(_WIDENED * ((weights * away.T) @ away) + 1e-9 * prior.covariance)
    mode = theta[np.argmax(log_prior + log_likelihood)]
    return Posterior(theta, weights, effective, treatment, mode)


def _proposed(centre: Floats, factor: Floats, generator: np.random.Generator) -> tuple[Floats, Floats]:
    """Return draws of a multivariate t and the log density of each, up to one constant."""
    normal = generator.standard_normal((DRAWS, _UNKNOWNS))
    points = normal * np.sqrt(_FREEDOM / generator.chisquare(_FREEDOM, DRAWS))[:, None]
    density = -0.5 * (_FREEDOM + _UNKNOWNS) * np.log1p((points**2).sum(axis=1) / _FREEDOM)
    return centre + points @ factor.T, density - np.log(np.diag(factor)).sum()


def _log_prior(theta: Floats, prior: PatientPrior) -> Floats:
    white = np.linalg.solve(np.linalg.cholesky(prior.covariance), (theta - prior.mean).T)
    return np.where(theta[:, 1] < 0.0, -np.inf, -0.5 * (white**2).sum(axis=0))


def _log_likelihood(theta: Floats, scores: Scores, grades: Grades, treatment: Treatment) -> Floats:
    eta = log_severity(scores.weeks, theta, treatment)
    found = log_student(scores.log_values - eta, scores.sigma).sum(axis=1)
    change = log_severity(grades.weeks, theta, treatment) - theta[:, :1]
    return np.asarray(found + log_grade_chance(change, grades.low, grades.high, grades.spread).sum(axis=1))


def _weights(log_weights: Floats) -> Floats:
    weights = np.exp(log_weights - log_weights.max())
    return np.asarray(weights / weights.sum())


def _power(log_ratio: Floats, log_likelihood: Floats, reached: float) -> float:
    """Return the largest power from what was reached to 1 that leaves enough draws counting, found by halving."""

    def enough(power: float) -> bool:
        weights = _weights(log_ratio + power * log_likelihood)
        return 1.0 / float(weights @ weights) >= ENOUGH * DRAWS

    if enough(1.0):
        return 1.0
    low, high = reached, 1.0
    for _ in range(20):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if enough(middle) else (low, middle)
    return low if not math.isclose(low, reached) else min(1.0, reached + 0.05)
