"""What a clinic's own courses say about the clinic: its effect, how much its patients differ, how its raters err.

All patients of a clinic share the background B, the mean effect A, log k, log T_off, the effect w of the interval, and
the spreads: of patients' baselines and effects (omega), of the rating error of the same and of another rater. A patient
has a baseline b0 ~ N(mean, spread) and an effect ~ N(A + w x, omega) of his own, with x = log(7 / interval in days) /
log 4; scores follow the curve of :mod:`mesoplan.kernels.response`. What is shared has a normal prior, the population's:
so three courses move the clinic a little, and a thousand decide. The fit is the mode of prior x likelihood.

Method: each patient's b0 and A are integrated out by adaptive Gauss-Hermite quadrature; steps are damped BHHH, with
the sum of the slopes' outer products as curvature (Berndt, Hall, Hall and Hausman 1974). One pass over the courses
returns 66 numbers a part (log likelihood, slopes, outer products), and parts are added up in their order. So the same
code runs in one process, on threads or on a cluster, and gives the same answer to the last bit: only `run` differs.

Too few nodes bias a fit without any sign of it. So the slopes at the end are computed with twice as many nodes each
way, and the step that these would still take is returned in standard errors (`node_error`); where it is above a tenth,
the fit goes on with the larger number.

The interval is the normal's of the curvature at the mode. From :data:`FEW_COURSES` on that is the outer products',
below it is taken by differences of the slopes, since a few outer products say little.

Limits: one curve's shape for all patients of a clinic (k, T_off and B do not differ between them), no grades, raters in
two classes. Accuracy and speed: docs/validation/forecast-kernels.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.patient_posterior import PatientPrior
from mesoplan.kernels.posterior_batch import CourseTable

Floats = NDArray[np.floating[Any]]

SHARED = (
    "baseline",
    "log_baseline_sd",
    "B",
    "A",
    "log_k",
    "log_t_off",
    "w",
    "log_omega",
    "log_sigma_same",
    "log_sigma_other",
)
NODES = 7
MOST_NODES = 32
FEW_COURSES = 1000
COURSES_OF_PART = 25_000
_CLOSE, _NODE_ERROR = 1e-4, 0.1
# A few courses take a hundred passes and more, for their outer products tell the curvature poorly; many take ten.
_PASSES = 500
_BACKGROUND = SHARED.index("B")


@dataclass(frozen=True)
class RatedCourses:
    """Courses of one clinic, or a part of them.

    Attributes
    ----------
    table : CourseTable
        Scores and treatment; its sigma is not read, since it is what is fitted.
    other_rater : (N,)
        Whether another rater than the patient's usual one gave the score.
    interval_term : (n,)
        log(7 / interval in days) / log 4 of each course; 0 is weekly, -1 every four weeks.
    """

    table: CourseTable
    other_rater: NDArray[np.bool_]
    interval_term: Floats

    def __post_init__(self) -> None:
        if len(self.other_rater) != len(self.table.weeks):
            raise ValueError("other_rater: not one for each score")
        if len(self.interval_term) != len(self.table) or not np.isfinite(self.interval_term).all():
            raise ValueError("interval_term: not one finite number for each course")

    def parts(self, courses: int = COURSES_OF_PART) -> list[RatedCourses]:
        """Return the courses in parts of so many; the last bits of a fit depend on it."""
        return [
            self._part(first, min(first + courses, len(self.table))) for first in range(0, len(self.table), courses)
        ]

    def _part(self, first: int, last: int) -> RatedCourses:
        table = self.table
        scores = slice(int(table.score_starts[first]), int(table.score_starts[last]))
        spans = slice(int(table.span_starts[first]), int(table.span_starts[last]))
        own = CourseTable(
            table.weeks[scores],
            table.log_values[scores],
            table.sigma[scores],
            table.score_starts[first : last + 1] - scores.start,
            table.spans[spans],
            table.span_starts[first : last + 1] - spans.start,
        )
        return RatedCourses(own, self.other_rater[scores], self.interval_term[first:last])


def interval_term(interval_days: float) -> float:
    """Return log(7 / interval) / log 4: by how much w counts."""
    return math.log(7.0 / interval_days) / math.log(4.0)


@dataclass(frozen=True)
class ClinicPrior:
    """Normal prior of what a clinic's patients share, mean (10,) and covariance (10, 10), in the order of `SHARED`."""

    mean: Floats
    covariance: Floats

    def __post_init__(self) -> None:
        mean, covariance = np.asarray(self.mean, dtype=float), np.asarray(self.covariance, dtype=float)
        if mean.shape != (len(SHARED),) or not np.isfinite(mean).all():
            raise ValueError(f"mean: {len(SHARED)} finite numbers are needed")
        if covariance.shape != (len(SHARED), len(SHARED)) or not np.isfinite(covariance).all():
            raise ValueError(f"covariance: {len(SHARED)} by {len(SHARED)} finite numbers are needed")
        if not np.allclose(covariance, covariance.T) or np.linalg.eigvalsh(covariance)[0] <= 0.0:
            raise ValueError("covariance: not symmetric and positive definite")
        object.__setattr__(self, "mean", mean)
        object.__setattr__(self, "covariance", covariance)


@dataclass(frozen=True)
class CourseSums:
    """What one pass over some courses returns; sums of parts are the sum of the whole."""

    courses: int
    log_likelihood: float
    slope: Floats
    outer: Floats

    def __add__(self, other: CourseSums) -> CourseSums:
        return CourseSums(
            self.courses + other.courses,
            self.log_likelihood + other.log_likelihood,
            self.slope + other.slope,
            self.outer + other.outer,
        )


@dataclass(frozen=True)
class ClinicFit:
    """What a clinic's courses and the prior say together.

    Attributes
    ----------
    shared : (10,)
        The mode, in the order of `SHARED`.
    covariance : (10, 10)
        Of the normal about it.
    prior : ClinicPrior
        What it started from.
    courses, passes, nodes : int
        How many courses, passes over them, and nodes each way at the end.
    node_error : (10,)
        How far twice as many nodes would still move it, in standard errors.
    converged : bool
        Whether the steps ended because they were short enough.
    """

    shared: Floats
    covariance: Floats
    prior: ClinicPrior
    courses: int
    passes: int
    nodes: int
    node_error: Floats
    converged: bool

    def effect_of_clinic(self) -> tuple[float, float]:
        """Return by how much the clinic's A differs from the prior's mean, and its standard error."""
        at = SHARED.index("A")
        return float(self.shared[at] - self.prior.mean[at]), float(math.sqrt(self.covariance[at, at]))

    def patient_prior(self, baseline: float, baseline_sd: float, interval: float = 0.0) -> PatientPrior:
        """Return the prior of the clinic's next patient, with a baseline of its own and an interval term."""
        mean = np.array([baseline, *self.shared[2:6]])
        mean[2] += self.shared[6] * interval
        # A of the patient is A + w x + own; the other unknowns are the clinic's.
        read = np.zeros((4, len(SHARED)))
        read[[0, 1, 2, 3], [2, 3, 4, 5]] = 1.0
        read[1, 6] = interval
        covariance = np.zeros((5, 5))
        covariance[1:, 1:] = read @ self.covariance @ read.T
        covariance[0, 0] = baseline_sd**2
        covariance[2, 2] += math.exp(2.0 * self.shared[7])
        return PatientPrior(mean, covariance)


Work = Callable[[Any], CourseSums]
Run = Callable[[Work, Sequence[Any]], Iterable[CourseSums]]


def one_after_another(work: Work, parts: Sequence[Any]) -> Iterable[CourseSums]:
    """Run in this process, one part after the other."""
    return map(work, parts)


def on_executor(executor: Executor) -> Run:
    """Run on anything with the interface of concurrent.futures.

    That is a pool of threads (the loops leave Python's lock), or a cluster: `Client.get_executor()` of Dask's
    distributed scheduler, with parts that `Client.scatter` has put on the workers.
    """
    return lambda work, parts: executor.map(work, parts)


def course_sums(part: RatedCourses, shared: Floats, nodes: int) -> CourseSums:
    """Return the sums of one pass over a part, at given values of what is shared."""
    from mesoplan.kernels.course_moments import add_courses

    slope, outer = np.zeros(len(SHARED)), np.zeros((len(SHARED), len(SHARED)))
    table = part.table
    found = add_courses(
        np.ascontiguousarray(table.weeks, dtype=float),
        np.ascontiguousarray(table.log_values, dtype=float),
        np.ascontiguousarray(part.other_rater).astype(np.int64),
        np.ascontiguousarray(table.score_starts),
        np.ascontiguousarray(table.spans),
        np.ascontiguousarray(table.span_starts),
        np.ascontiguousarray(part.interval_term, dtype=float),
        np.asarray(shared, dtype=float),
        quadrature(nodes),
        slope,
        outer,
    )
    return CourseSums(len(table), float(found), slope, np.tril(outer) + np.tril(outer, -1).T)


def quadrature(nodes: int) -> Floats:
    """Return the plane's nodes of Gauss and Hermite, (3, nodes^2): places, and weights times exp(half square)."""
    if not 2 <= nodes <= MOST_NODES:
        raise ValueError(f"nodes: {nodes} is not between 2 and {MOST_NODES}")
    at, weights = np.polynomial.hermite_e.hermegauss(nodes)
    first, second = (one.ravel() for one in np.meshgrid(at, at, indexing="ij"))
    held = np.outer(weights, weights).ravel() * np.exp(0.5 * (first**2 + second**2))
    return np.stack([first, second, held])


def fit_clinic(
    parts: Sequence[Any], prior: ClinicPrior, *, run: Run = one_after_another, nodes: int = NODES
) -> ClinicFit:
    """Return what courses and prior say together.

    Parameters
    ----------
    parts : sequence of RatedCourses
        From :meth:`RatedCourses.parts`; or whatever `run` takes in their place, as the futures of a cluster. None at
        all gives the prior back.
    prior : ClinicPrior
        The population's.
    run : callable, optional
        How parts are worked on; it must return their sums in their order.
    nodes : int
        Nodes each way to begin with.
    """
    climb = _Climb(parts, prior, run, nodes)
    converged = climb.ascend()
    error = climb.node_error()
    while float(np.abs(error).max()) > _NODE_ERROR and 2 * climb.nodes <= MOST_NODES:
        climb.nodes *= 2
        climb.here = climb.sums(climb.shared)
        converged = climb.ascend()
        error = climb.node_error()
    covariance = np.linalg.inv(climb.information())
    return ClinicFit(climb.shared, covariance, prior, climb.here.courses, climb.passes, climb.nodes, error, converged)


class _Climb:
    """One fit under way: where it stands, and the sums there."""

    def __init__(self, parts: Sequence[Any], prior: ClinicPrior, run: Run, nodes: int) -> None:
        self.parts, self.prior, self.run, self.nodes = parts, prior, run, nodes
        self.precision = np.linalg.inv(prior.covariance)
        self.shared, self.passes = prior.mean.copy(), 0
        self.here = self.sums(self.shared)

    def sums(self, shared: Floats, nodes: int | None = None) -> CourseSums:
        """One pass over all parts; added in the order of the parts, so that every way to run gives the same bits."""
        self.passes += 1
        total = CourseSums(0, 0.0, np.zeros(len(SHARED)), np.zeros((len(SHARED), len(SHARED))))
        for one in self.run(partial(course_sums, shared=shared, nodes=nodes or self.nodes), self.parts):
            total = total + one
        return total

    def height(self, sums: CourseSums, shared: Floats) -> float:
        """Log likelihood and log prior."""
        away = shared - self.prior.mean
        return float(sums.log_likelihood - 0.5 * away @ self.precision @ away)

    def slope(self, sums: CourseSums, shared: Floats) -> Floats:
        """Slope of the height; 0 for a background that would leave 0 downwards."""
        found = sums.slope - self.precision @ (shared - self.prior.mean)
        if shared[_BACKGROUND] <= 0.0:
            found[_BACKGROUND] = max(found[_BACKGROUND], 0.0)
        return np.asarray(found)

    def ascend(self) -> bool:
        """Take damped steps until the next is short; return whether that came before too many passes."""
        damping, until = 0.0, self.passes + _PASSES
        while self.passes < until:
            slope, curvature = self.slope(self.here, self.shared), self.here.outer + self.precision
            step = np.linalg.solve(curvature + damping * np.diag(np.diag(curvature)), slope)
            if step @ slope < _CLOSE:
                return True
            tried = self.shared + step
            tried[_BACKGROUND] = max(tried[_BACKGROUND], 0.0)
            there = self.sums(tried)
            if self.height(there, tried) >= self.height(self.here, self.shared):
                self.shared, self.here, damping = tried, there, 0.2 * damping
            else:
                damping = max(4.0 * damping, 0.25)
        return False

    def node_error(self) -> Floats:
        """Step that twice as many nodes would still take, in standard errors."""
        if not self.here.courses:
            return np.zeros(len(SHARED))
        finer = self.sums(self.shared, min(2 * self.nodes, MOST_NODES))
        spread = np.linalg.inv(self.here.outer + self.precision)
        return np.asarray(spread @ (finer.slope - self.here.slope) / np.sqrt(np.diag(spread)))

    def information(self) -> Floats:
        """Curvature at the mode: the outer products', or of a few courses by differences of the slopes."""
        if self.here.courses >= FEW_COURSES or not self.here.courses:
            return np.asarray(self.here.outer + self.precision)
        rows = []
        for width in np.diag(0.01 * np.sqrt(np.diag(self.prior.covariance))):
            above, below = self.sums(self.shared + width), self.sums(self.shared - width)
            rows.append((below.slope - above.slope) / (2.0 * width.max()))
        # In units of the prior: where a few courses bend upwards they tell nothing, and the prior's curvature stays.
        units = np.linalg.cholesky(self.prior.covariance)
        told = units.T @ np.array(rows) @ units
        values, axes = np.linalg.eigh(0.5 * (told + told.T))
        back = np.linalg.inv(units)
        return np.asarray(back.T @ (axes * np.maximum(values, 0.0) @ axes.T) @ back + self.precision)
