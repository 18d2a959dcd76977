"""What one patient's scores say about the unknowns of the curve: weighted draws from prior and 0 to 20 or more scores.

The posterior is proportional to prior x likelihood: a multivariate normal over (b0, B, A, log k, log T_off), cut where
the background B is below 0, times Student-t errors of the scores and cumulative links of the grades
(:mod:`mesoplan.kernels.response`). It is drawn by importance sampling. Damped Gauss-Newton steps find the mode; the
curvature there says how far log k and log T_off may lie from it. These two take a few values each (nodes), evenly in
probability. Given them the curve is linear in b0, B and A, whose normal is known but for the tails of the rating
errors: 64 quasi-random points of it are weighted by posterior over proposal. Nodes and points are spread a little wider
than a normal towards the ends, so that tails are reached. Nothing is random: the same question has the same answer.

How good the draws are is said by the effective sample size, (sum of weights)^2 / sum of squared weights. Where it is
below 0.55 of the draws, four times as many are drawn from a wider proposal: such scores often have a second reading far
from the mode, which the narrow one finds late. What it came to is returned and must be looked at.

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
    UNKNOWNS,
    Treatment,
    background_share,
    effect_share,
    log_severity,
    student_quantile,
)

Floats = NDArray[np.floating[Any]]

DRAWS = 8192
FEWEST_EFFECTIVE = 0.2
"""Share of the draws below which the effective sample size counts as low."""
SHARE_OF_NODE = 64
WIDENED, WIDER, MORE = 1.1, 1.4, 4
DRAWN_AGAIN = 0.55
"""Effective share of the draws below which they are drawn again, MORE of them and WIDER."""
_STRETCH = 0.03
_BITS, _SHIFT = 30, (159788580, 1072857184, 205065621)


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
    share_of_node : int
        So many draws, one after the other, have the same log k and log T_off.
    """

    draws: Floats
    weights: Floats
    effective_sample_size: float
    treatment: Treatment
    mode: Floats
    share_of_node: int = 1

    @property
    def low_sample(self) -> bool:
        """Whether the effective sample size is below a fifth of the draws usually taken."""
        return self.effective_sample_size < FEWEST_EFFECTIVE * DRAWS

    def log_severity(self, weeks: ArrayLike, treatment: Treatment | None = None) -> Floats:
        """Return eta (M, w) of each draw, under the course as given or another one."""
        found = self.draws[:, :1] - self.draws[:, 1:2] * background_share(np.atleast_1d(weeks))
        return np.asarray(found - self.fall_by_injections(weeks, treatment))

    def fall_by_injections(self, weeks: ArrayLike, treatment: Treatment | None = None) -> Floats:
        """Return E(t) (M, w) of each draw: the part of the fall that is not background."""
        nodes = self.draws[:: self.share_of_node]
        share = effect_share(np.atleast_1d(weeks), nodes[:, 3], nodes[:, 4], treatment or self.treatment)
        return np.asarray(self.draws[:, 2:3] * np.repeat(share, self.share_of_node, axis=0))

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
    found = np.empty((len(wanted), values.shape[1]))
    for column, own in enumerate(np.ascontiguousarray(values.T)):
        order = np.argsort(own)
        held = weights[order]
        found[:, column] = np.interp(wanted, np.cumsum(held) - 0.5 * held, own[order])
    return found


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
        How many; a multiple of 64, at least 512.
    """
    from mesoplan.kernels.posterior_sampling import sample_patient, scratch_for

    if draws < 512 or draws % SHARE_OF_NODE:
        raise ValueError(f"draws: {draws} is not a multiple of 64 of at least 512")
    precision, seen = np.linalg.inv(prior.covariance), _rows(scores, grades)
    spans = np.array(treatment.spans, dtype=float).reshape(-1, 2)
    mode, nothing = np.empty(len(UNKNOWNS)), np.empty(0)
    for count, widened in ((draws, WIDENED), (draws * MORE, WIDER)):
        points, pairs = standard_points(count // SHARE_OF_NODE, _STRETCH)
        found, weights = np.empty((count, len(UNKNOWNS))), np.empty(count)
        scratch = scratch_for(len(seen), 0, count // SHARE_OF_NODE)
        effective = sample_patient(
            prior.mean, precision, seen, spans, nothing, 0.0, 1e-12, widened, points, pairs, mode, found, weights,
            nothing, scratch,
        )  # fmt: skip
        if effective >= DRAWN_AGAIN * draws:
            break
    return Posterior(found, weights / weights.sum(), float(effective), treatment, mode, SHARE_OF_NODE)


def _rows(scores: Scores, grades: Grades) -> Floats:
    """Scores and grades as the compiled loops read them."""
    rated = np.zeros((len(scores.weeks), 5))
    rated[:, 0], rated[:, 1], rated[:, 2] = scores.weeks, scores.log_values, scores.sigma
    graded = np.zeros((len(grades.weeks), 5))
    graded[:, 0], graded[:, 2], graded[:, 3], graded[:, 4] = grades.weeks, -grades.spread, grades.low, grades.high
    return np.concatenate([rated, graded])


def prior_tail(prior: PatientPrior, scores: Scores, treatment: Treatment, *, draws: int = 8192) -> float:
    """Return the chance that a patient of the prior has scores at least as far from what it expects as these.

    Far is the Mahalanobis distance by the prior's own mean and covariance of such scores. Under some 0.01 the patient
    lies outside of the prior, and its posterior under :meth:`PatientPrior.flattened` belongs beside the first. The
    scores of made-up patients have the same weeks and errors; the chance is counted over draws, so it is known to
    0.1 percentage points at 1 %.
    """
    if not len(scores.weeks):
        return 1.0
    generator = np.random.default_rng(20261123)
    theta = generator.multivariate_normal(prior.mean, prior.covariance, draws, method="cholesky")
    theta = theta[theta[:, 1] >= 0.0]
    rated = log_severity(scores.weeks, theta, treatment)
    rated = rated + scores.sigma * generator.standard_t(5, rated.shape)
    middle = rated.mean(axis=0)
    factor = np.linalg.cholesky(np.atleast_2d(np.cov(rated.T)))
    away = np.linalg.solve(factor, (np.vstack([scores.log_values, rated]) - middle).T)
    distance = (away**2).sum(axis=0)
    return float((distance[1:] >= distance[0]).mean())


@lru_cache(maxsize=8)
def standard_points(nodes: int, stretch: float = 0.0) -> tuple[Floats, Floats]:
    """Return the standard points of so many nodes, as the compiled loops read them.

    The points within nodes are Sobol's, moved by a fixed digital shift; the nodes are even in probability for log k,
    and along the golden ratio for log T_off. Both are normal, then stretched: z becomes z (1 + c z^2), with the given
    c for points and twice that for nodes.
    """
    inverse = NormalDist().inv_cdf
    uniform = _sobol(nodes * SHARE_OF_NODE).ravel().tolist()
    inside = np.array([inverse(share) for share in uniform]).reshape(nodes, SHARE_OF_NODE, 3)
    over_density = 0.5 * inside**2 + np.log1p(3 * stretch * inside**2)
    inside = inside * (1 + stretch * inside**2)
    points = np.concatenate([inside, over_density.sum(axis=2, keepdims=True)], axis=2)
    points = np.ascontiguousarray(points.transpose(0, 2, 1).reshape(nodes, -1))
    first = [inverse((number + 0.5) / nodes) for number in range(nodes)]
    second = [inverse((0.5 + number * 0.6180339887498949) % 1.0) for number in range(nodes)]
    at = np.array([first, second])
    weights = np.exp(0.5 * at**2) * (1 + 6 * stretch * at**2)
    pairs = np.concatenate([at * (1 + 2 * stretch * at**2), weights.prod(axis=0, keepdims=True)])
    points.setflags(write=False)
    pairs.setflags(write=False)
    return points, pairs


def _sobol(count: int, shift: tuple[int, int, int] = _SHIFT) -> Floats:
    """Sobol points (count, 3) strictly between 0 and 1, each coordinate moved by a digital shift."""
    numbers = ([1] * _BITS, [1], [1, 3])
    for _ in range(_BITS):
        second, third = numbers[1], numbers[2]
        second.append(2 * second[-1] ^ second[-1])
        third.append(2 * third[-1] ^ 4 * third[-2] ^ third[-2])
    directions = np.array([[axis[bit] << (_BITS - 1 - bit) for bit in range(_BITS)] for axis in numbers])
    found = np.zeros((count, 3), dtype=np.int64)
    for number in range(1, count):
        # Gray code: each point differs from the one before in one direction.
        found[number] = found[number - 1] ^ directions[:, (number & -number).bit_length() - 1]
    return np.asarray(((found ^ np.array(shift)) + 0.5) / 2.0**_BITS)


@lru_cache(maxsize=8)
def _errors(count: int) -> Floats:
    """Rating errors in units of sigma, one a draw, even over their distribution and in no order."""
    share = (0.5 + np.arange(1, count + 1) * 0.5 * (np.sqrt(5.0) - 1.0)) % 1.0
    return student_quantile(np.clip(share, 1e-9, 1 - 1e-9))
