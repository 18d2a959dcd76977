"""What one patient's scores say about the unknowns of the curve: weighted draws from prior and 0 to 20 or more scores.

The posterior is proportional to prior x likelihood: a multivariate normal over (b0, B, A, log k, log T_off), cut where
the background B is below 0, times Student-t errors of the scores and cumulative links of the grades
(:mod:`mesoplan.kernels.response`). It is drawn by importance sampling: Gauss-Newton steps find the mode, the curvature
there gives a proposal, and quasi-random points from it are weighted by posterior over proposal. The proposal is a
mixture of two normals, three quarters as wide as the curvature says and one quarter 1.7 times as wide, so that the
heavy tails of the errors do not make single weights large. Nothing is random: the same question has the same answer.

How good the draws are is said by the effective sample size, (sum of weights)^2 / sum of squared weights. Where it is
low, the proposal is moved to mean and spread of the draws so far, with four times as many points, up to two times; what
it came to is returned and must be looked at.

Limits: one curve and one mode; sigma is given, not estimated (the clinic's fit does that). Accuracy and speed:
docs/validation/forecast-kernels.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesoplan.kernels.response import (
    DEGREES_OF_FREEDOM,
    UNKNOWNS,
    Treatment,
    background_share,
    effect_share_slopes,
    log_grade_chance,
    log_severity,
    log_student,
    student_quantile,
)

Floats = NDArray[np.floating[Any]]

DRAWS = 1024
FEWEST_EFFECTIVE = 0.2
"""Share of the draws below which the effective sample size counts as low."""
_WIDE, _WIDE_SHARE, _ROUNDS = 1.7, 0.25, 2
_MOST_STEPS = 30
# Mean curvature of a Student-t over that at its middle: (n + 1) / (n + 3) / s2 against (n + 1) / n / s2.
_EXPECTED = DEGREES_OF_FREEDOM / (DEGREES_OF_FREEDOM + 3)


@dataclass(frozen=True)
class PatientPrior:
    """What is known of a patient before any score: a normal over the unknowns, cut at B >= 0.

    Attributes
    ----------
    mean : (5,)
        Of b0, B, A, log k, log T_off.
    covariance : (5, 5)
        Symmetric, positive definite.
    """

    mean: Floats
    covariance: Floats

    def __post_init__(self) -> None:
        mean, covariance = np.asarray(self.mean, dtype=float), np.asarray(self.covariance, dtype=float)
        if mean.shape != (len(UNKNOWNS),) or not np.isfinite(mean).all():
            raise ValueError("mean: five finite numbers are needed: b0, B, A, log k, log T_off")
        if covariance.shape != (5, 5) or not np.isfinite(covariance).all():
            raise ValueError("covariance: five by five finite numbers are needed")
        if not np.allclose(covariance, covariance.T) or np.linalg.eigvalsh(covariance)[0] <= 0.0:
            raise ValueError("covariance: not symmetric and positive definite")
        object.__setattr__(self, "mean", mean)
        object.__setattr__(self, "covariance", covariance)

    def flattened(self, factor: float = 9.0) -> PatientPrior:
        """Return the same prior with its covariance times a factor: what the scores say when the prior says little."""
        return PatientPrior(self.mean, self.covariance * factor)

    def log_density(self, theta: Floats) -> Floats:
        """Return the log density (n,) of draws (n, 5), up to one constant; -inf where B < 0."""
        white = np.linalg.solve(np.linalg.cholesky(self.covariance), (theta - self.mean).T)
        return np.where(theta[:, 1] < 0.0, -np.inf, -0.5 * (white**2).sum(axis=0))


def _in_order(name: str, weeks: ArrayLike) -> Floats:
    """Weeks as an array; refused where one is not finite or earlier than the one before."""
    found = np.atleast_1d(np.asarray(weeks, dtype=float))
    if found.ndim != 1 or not np.isfinite(found).all():
        raise ValueError(f"{name}: a list of finite weeks is needed")
    if np.any(np.diff(found) < 0.0):
        raise ValueError(f"{name}: out of order, none may be earlier than the one before")
    return found


@dataclass(frozen=True)
class Scores:
    """Scores of one trajectory on one scale.

    Attributes
    ----------
    weeks : (m,)
        Weeks since the first session, in order; a baseline scored before it is negative. Two raters may share a week.
    log_values : (m,)
        log(score + c).
    sigma : (m,)
        Scale of the rating error of each, > 0; one number holds for all.
    """

    weeks: Floats
    log_values: Floats
    sigma: Floats

    def __post_init__(self) -> None:
        weeks = _in_order("weeks", self.weeks)
        values = np.atleast_1d(np.asarray(self.log_values, dtype=float))
        if values.shape != weeks.shape or not np.isfinite(values).all():
            raise ValueError("log_values: one finite value for each week is needed; a score of 0 needs the offset c")
        sigma = np.broadcast_to(np.asarray(self.sigma, dtype=float), weeks.shape)
        if not (np.isfinite(sigma) & (sigma > 0.0)).all():
            raise ValueError("sigma: not above 0")
        object.__setattr__(self, "weeks", weeks)
        object.__setattr__(self, "log_values", values)
        object.__setattr__(self, "sigma", sigma)


@dataclass(frozen=True)
class Grades:
    """Grades of change scales: each says that the change of log severity lay between two bounds.

    Attributes
    ----------
    weeks : (m,)
        Weeks since the first session, in order.
    low, high : (m,)
        Bounds on eta(t) - b0, low < high; -inf and inf at the ends of the scale.
    spread : (m,)
        Scale of the logistic error, > 0; one number holds for all.
    """

    weeks: Floats
    low: Floats
    high: Floats
    spread: Floats

    def __post_init__(self) -> None:
        weeks = _in_order("weeks", self.weeks)
        low, high = (np.broadcast_to(np.asarray(one, dtype=float), weeks.shape) for one in (self.low, self.high))
        spread = np.broadcast_to(np.asarray(self.spread, dtype=float), weeks.shape)
        if not (low < high).all():
            raise ValueError("low, high: each grade needs a lower bound below its upper one")
        if not (np.isfinite(spread) & (spread > 0.0)).all():
            raise ValueError("spread: not above 0")
        for name, value in (("weeks", weeks), ("low", low), ("high", high), ("spread", spread)):
            object.__setattr__(self, name, value)


NO_SCORES = Scores(np.empty(0), np.empty(0), np.empty(0))
NO_GRADES = Grades(np.empty(0), np.empty(0), np.empty(0), np.empty(0))


@dataclass(frozen=True)
class Posterior:
    """Weighted draws of the unknowns of one patient.

    Attributes
    ----------
    draws : (M, 5)
        In the order of `UNKNOWNS`.
    weights : (M,)
        They sum to 1.
    effective_sample_size : float
        How many equal draws they are worth; under some hundred no tail can be read.
    treatment : Treatment
        The course as given; another can be asked about.
    mode : (5,)
        Where the steps towards the largest density ended.
    """

    draws: Floats
    weights: Floats
    effective_sample_size: float
    treatment: Treatment
    mode: Floats

    @property
    def low_sample(self) -> bool:
        """Whether the effective sample size is below a fifth of the draws usually taken."""
        return self.effective_sample_size < FEWEST_EFFECTIVE * DRAWS

    def log_severity(self, weeks: ArrayLike, treatment: Treatment | None = None) -> Floats:
        """Return eta (M, w) of each draw, under the course as given or another one."""
        return log_severity(np.atleast_1d(weeks), self.draws, treatment or self.treatment)

    def quantiles(
        self,
        weeks: ArrayLike,
        probabilities: ArrayLike,
        treatment: Treatment | None = None,
        *,
        sigma: float | None = None,
    ) -> Floats:
        """Return quantiles (p, w) of the log severity; with sigma, of a score rated with that error."""
        eta = self.log_severity(weeks, treatment)
        if sigma is not None:
            eta = eta + sigma * _errors(len(eta))[:, None]
        return weighted_quantiles(eta, self.weights, probabilities)

    def chance_reached(self, weeks: ArrayLike, goal_log: float, treatment: Treatment | None = None) -> Floats:
        """Return for each week (w,) the chance that the log severity is at or below the goal."""
        return np.asarray(self.weights @ (self.log_severity(weeks, treatment) <= goal_log))

    def unknown_quantiles(self, probabilities: ArrayLike) -> Floats:
        """Return quantiles (p, 5) of the unknowns."""
        return weighted_quantiles(self.draws, self.weights, probabilities)

    def mean(self) -> Floats:
        """Return the mean (5,) of the unknowns."""
        return np.asarray(self.weights @ self.draws)


def weighted_quantiles(values: Floats, weights: Floats, probabilities: ArrayLike) -> Floats:
    """Return quantiles (p, w) of columns of values (n, w), each row with its weight; linear between the draws."""
    wanted = np.atleast_1d(np.asarray(probabilities, dtype=float))
    if not ((wanted > 0.0) & (wanted < 1.0)).all():
        raise ValueError("probabilities: each must lie between 0 and 1")
    order = np.argsort(values, axis=0)
    held = weights[order]
    below = np.cumsum(held, axis=0) - 0.5 * held
    ranked = np.take_along_axis(values, order, axis=0)
    columns = [np.interp(wanted, below[:, one], ranked[:, one]) for one in range(values.shape[1])]
    return np.stack(columns, axis=1)


def posterior(
    prior: PatientPrior,
    scores: Scores,
    treatment: Treatment,
    *,
    grades: Grades = NO_GRADES,
    draws: int = DRAWS,
) -> Posterior:
    """Return the posterior of one patient.

    Parameters
    ----------
    prior : PatientPrior
        What is known before this patient's scores.
    scores : Scores
        None to any number.
    treatment : Treatment
        Sessions as held, and as planned as far as known; sessions after the last score do not change the posterior.
    grades : Grades, optional
        Grades of change scales.
    draws : int
        Points of the first round; a multiple of 8.
    """
    if draws < 64 or draws % 8:
        raise ValueError(f"draws: {draws} is not a multiple of 8 of at least 64")
    course = _Course(prior, scores, grades, treatment)
    mode, spread = course.mode()
    centre = mode
    for number in range(_ROUNDS + 1):
        points, log_density = standard_points(draws * 4**number)
        theta = centre + points @ spread.T
        log_weights = prior.log_density(theta) + course.log_likelihood(theta) - log_density
        weights = np.exp(log_weights - log_weights.max())
        weights /= weights.sum()
        effective = 1.0 / float(weights @ weights)
        if effective >= FEWEST_EFFECTIVE * draws or number == _ROUNDS:
            break
        centre = weights @ theta
        from_mean = theta - centre
        spread = np.linalg.cholesky((weights * from_mean.T) @ from_mean + 1e-9 * prior.covariance)
    return Posterior(theta, weights, effective, treatment, mode)


@lru_cache(maxsize=8)
def standard_points(count: int) -> tuple[Floats, Floats]:
    """Return points (count, 5) of the proposal about 0 and the log density of each, up to one constant."""
    half = count // 2
    ratio = 1.0
    for _ in range(60):
        ratio = (1.0 + ratio) ** (1.0 / 6.0)
    uniform = (0.5 + np.outer(np.arange(1, half + 1), ratio ** -np.arange(1.0, 6.0))) % 1.0
    inverse = NormalDist().inv_cdf
    one_side = np.array([inverse(share) for share in uniform.ravel()]).reshape(uniform.shape)
    wide = half - int(half * _WIDE_SHARE)
    one_side[wide:] *= _WIDE
    points = np.concatenate([one_side, -one_side])
    squared = 0.5 * (points**2).sum(axis=1)
    near, far = np.log(1 - _WIDE_SHARE) - squared, np.log(_WIDE_SHARE) - squared / _WIDE**2 - 5 * np.log(_WIDE)
    density = np.logaddexp(near, far)
    points.setflags(write=False)
    density.setflags(write=False)
    return points, density


@lru_cache(maxsize=8)
def _errors(count: int) -> Floats:
    """Rating errors in units of sigma, one a draw, even over their distribution and in no order."""
    share = (0.5 + np.arange(1, count + 1) * 0.5 * (np.sqrt(5.0) - 1.0)) % 1.0
    return student_quantile(np.clip(share, 1e-9, 1 - 1e-9))


@dataclass(frozen=True)
class _Course:
    """Prior and data of one patient."""

    prior: PatientPrior
    scores: Scores
    grades: Grades
    treatment: Treatment

    def log_likelihood(self, theta: Floats) -> Floats:
        """Log density (n,) of scores and grades for draws (n, 5)."""
        scores, grades = self.scores, self.grades
        eta = log_severity(scores.weeks, theta, self.treatment)
        change = log_severity(grades.weeks, theta, self.treatment) - theta[:, :1]
        rated = log_student(scores.log_values - eta, scores.sigma).sum(axis=1)
        return np.asarray(rated + log_grade_chance(change, grades.low, grades.high, grades.spread).sum(axis=1))

    def mode(self) -> tuple[Floats, Floats]:
        """Mode, the cut at B left aside, and a factor (5, 5) of the proposal's covariance."""
        precision = np.linalg.inv(self.prior.covariance)

        def height(at: Floats) -> float:
            away = at - self.prior.mean
            return float(self.log_likelihood(at[None])[0] - 0.5 * away @ precision @ away)

        theta, damping = self.prior.mean, 0.0
        reached = height(theta)
        for _ in range(_MOST_STEPS):
            slope, curvature = self._slope(theta, precision)
            step = np.linalg.solve(curvature + damping * np.diag(np.diag(curvature)), slope)
            tried = height(theta + step)
            if tried < reached - 1e-9:
                damping = max(4.0 * damping, 0.1)
                continue
            theta, reached, damping = theta + step, tried, 0.2 * damping
            if step @ curvature @ step < 1e-8:
                break
        return theta, np.linalg.cholesky(np.linalg.inv(self._slope(theta, precision, _EXPECTED)[1]))

    def _slope(self, theta: Floats, precision: Floats, share: float = 1.0) -> tuple[Floats, Floats]:
        """Slope (5,) of the log posterior and its curvature (5, 5), positive definite, each score's times a share."""
        scores, grades = self.scores, self.grades
        by_score = _eta_slopes(scores.weeks, theta, self.treatment)
        residual = scores.log_values - log_severity(scores.weeks, theta, self.treatment)[0]
        pull = (DEGREES_OF_FREEDOM + 1) / (DEGREES_OF_FREEDOM * scores.sigma**2 + residual**2)
        by_grade = _eta_slopes(grades.weeks, theta, self.treatment) - np.eye(5)[:, :1]
        change = log_severity(grades.weeks, theta, self.treatment)[0] - theta[0]
        above, below = (1.0 / (1.0 + np.exp((change - bound) / grades.spread)) for bound in (grades.low, grades.high))
        slope = precision @ (self.prior.mean - theta) + by_score @ (pull * residual)
        slope = slope + by_grade @ ((above + below - 1.0) / grades.spread)
        firm = (above * (1 - above) + below * (1 - below)) / grades.spread**2
        curvature = precision + (by_score * (share * pull)) @ by_score.T + (by_grade * firm) @ by_grade.T
        return slope, curvature


def _eta_slopes(weeks: Floats, theta: Floats, treatment: Treatment) -> Floats:
    """Derivatives (5, m) of eta by the unknowns."""
    share, by_rate, by_waning = effect_share_slopes(weeks, float(theta[3]), float(theta[4]), treatment)
    return np.stack([np.ones_like(share), -background_share(weeks), -share, -theta[2] * by_rate, -theta[2] * by_waning])
