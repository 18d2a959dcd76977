"""The chance that a goal is reached, for many patients at once.

The same draws as :func:`mesoplan.kernels.patient_posterior.posterior`, fewer of them and not kept: 12 nodes of 64. What
they give is put together with what is known in closed form: at each node the normal's own chance to lie below the goal,
plus what the weights change in it. That halves the error of plain counting. Patients are shared among plain threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesoplan.kernels.patient_posterior import (
    DRAWN_AGAIN,
    MORE,
    SHARE_OF_NODE,
    WIDENED,
    WIDER,
    Scores,
    standard_points,
)
from mesoplan.kernels.response import UNKNOWNS, Treatment

Floats = NDArray[np.floating[Any]]
Numbers = NDArray[np.integer[Any]]

BATCH_DRAWS = 768


@dataclass(frozen=True)
class CourseTable:
    """Scores and treatment of many patients, one after the other.

    Attributes
    ----------
    weeks, log_values, sigma : (N,)
        As in :class:`~mesoplan.kernels.patient_posterior.Scores`, in order within each patient.
    score_starts : (n + 1,)
        Number of each patient's first score; the last is N.
    spans : (S, 2)
        Weeks from and to which a patient is on treatment, in order within each patient.
    span_starts : (n + 1,)
        Number of each patient's first span; the last is S.
    """

    weeks: Floats
    log_values: Floats
    sigma: Floats
    score_starts: Numbers
    spans: Floats
    span_starts: Numbers

    def __post_init__(self) -> None:
        count = len(self.weeks)
        if not len(self.log_values) == len(self.sigma) == count:
            raise ValueError("weeks, log_values, sigma: not of the same length")
        if not (np.isfinite(self.weeks).all() and np.isfinite(self.log_values).all()):
            raise ValueError("weeks, log_values: each must be finite; a score of 0 needs the offset c")
        if not (np.isfinite(self.sigma) & (self.sigma > 0.0)).all():
            raise ValueError("sigma: not above 0")
        _check_starts("score_starts", self.score_starts, count)
        _check_starts("span_starts", self.span_starts, len(self.spans))
        if len(self.score_starts) != len(self.span_starts):
            raise ValueError("score_starts, span_starts: not of the same number of patients")
        _check_order("weeks", self.weeks, self.score_starts, strict=False)
        _check_order("spans", self.spans.ravel(), 2 * self.span_starts, strict=True)

    def __len__(self) -> int:
        return len(self.score_starts) - 1


def _check_starts(name: str, starts: Numbers, count: int) -> None:
    """Refuse starts that do not share out `count` rows in order."""
    if len(starts) < 1 or starts[0] != 0 or starts[-1] != count or np.any(np.diff(starts) < 0):
        raise ValueError(f"{name}: must rise from 0 to {count}")


def _check_order(name: str, weeks: Floats, starts: Numbers, *, strict: bool) -> None:
    """Refuse weeks out of order within a patient."""
    backward = np.diff(weeks) <= 0.0 if strict else np.diff(weeks) < 0.0
    first_of_next = np.asarray(starts[1:-1]) - 1
    backward[first_of_next[(first_of_next >= 0) & (first_of_next < len(backward))]] = False
    if backward.any():
        raise ValueError(f"{name}: out of order")


def course_table(courses: Sequence[tuple[Scores, Treatment]]) -> CourseTable:
    """Return courses one after the other."""
    scores, spans = [one[0] for one in courses], [one[1].spans for one in courses]
    return CourseTable(
        np.concatenate([np.empty(0), *(one.weeks for one in scores)]),
        np.concatenate([np.empty(0), *(one.log_values for one in scores)]),
        np.concatenate([np.empty(0), *(one.sigma for one in scores)]),
        np.cumsum([0, *(len(one.weeks) for one in scores)]),
        np.array([span for own in spans for span in own], dtype=float).reshape(-1, 2),
        np.cumsum([0, *(len(own) for own in spans)]),
    )


@dataclass(frozen=True)
class Reached:
    """Answers for n patients.

    Attributes
    ----------
    chances : (n, w)
        Chance that the log severity is at or below the goal at each week.
    effective_sample_size : (n,)
        How many equal draws each answer rests on.
    modes : (n, 5)
        The mode of each posterior to a tenth of its spread.
    """

    chances: Floats
    effective_sample_size: Floats
    modes: Floats


def reach_chances(
    means: ArrayLike,
    covariances: ArrayLike,
    courses: CourseTable,
    weeks: ArrayLike,
    goals_log: ArrayLike,
    *,
    draws: int = BATCH_DRAWS,
    threads: int = 2,
) -> Reached:
    """Return the chance that each patient's goal is reached at each week.

    Parameters
    ----------
    means : (n, 5)
        Each patient's prior mean, in the order of `UNKNOWNS`.
    covariances : (5, 5) or (n, 5, 5)
        Their prior covariance, symmetric and positive definite; one for all or one each.
    courses : CourseTable
        What was scored; spans hold the sessions planned as well.
    weeks : (w,) or (n, w)
        Weeks asked about; for all or for each.
    goals_log : (n,)
        log(goal + c).
    draws : int
        Draws of each; a multiple of 64, at least 512. Where the effective sample size is below 0.55 of it (two
        patients in a hundred), the patient is drawn again with four times as many from a wider proposal.
    threads : int
        Among how many threads the patients are shared.
    """
    count = len(courses)
    middles = np.ascontiguousarray(means, dtype=float)
    if middles.shape != (count, len(UNKNOWNS)) or not np.isfinite(middles).all():
        raise ValueError(f"means: {count} rows of five finite numbers are needed")
    if draws < 512 or draws % SHARE_OF_NODE:
        raise ValueError(f"draws: {draws} is not a multiple of 64 of at least 512")
    asked = np.ascontiguousarray(np.atleast_2d(np.asarray(weeks, dtype=float)))
    if len(asked) not in (1, count):
        raise ValueError(f"weeks: one row for all or {count} rows are needed")
    goals = np.ascontiguousarray(np.broadcast_to(np.asarray(goals_log, dtype=float), (count,)))
    if not np.isfinite(asked).all() or not np.isfinite(goals).all():
        raise ValueError("weeks, goals_log: each must be finite")
    given = (middles, _precisions(covariances, count), *_as_read(courses), asked, goals)
    found = Reached(np.empty((count, asked.shape[1])), np.empty(count), np.empty((count, len(UNKNOWNS))))
    _sample(np.arange(count), given, found, draws, WIDENED, threads)
    few = np.flatnonzero(~(found.effective_sample_size >= DRAWN_AGAIN * draws))
    if len(few):
        _sample(few, given, found, draws * MORE, WIDER, threads)
    return found


def _precisions(covariances: ArrayLike, count: int) -> Floats:
    """Inverse of each covariance, (n, 5, 5), or of the one for all, (1, 5, 5)."""
    each = np.asarray(covariances, dtype=float)
    each = each[None] if each.ndim == 2 else each
    if each.shape not in ((1, 5, 5), (count, 5, 5)) or not np.isfinite(each).all():
        raise ValueError("covariances: five by five finite numbers are needed, once or for each patient")
    if not np.allclose(each, np.swapaxes(each, -1, -2)) or not (np.linalg.eigvalsh(each) > 0.0).all():
        raise ValueError("covariances: not symmetric and positive definite")
    return np.ascontiguousarray(np.linalg.inv(each))


def _as_read(courses: CourseTable) -> tuple[Numbers, Floats, Numbers, Floats]:
    """Courses as the compiled loops read them."""
    seen = np.zeros((len(courses.weeks), 5))
    seen[:, 0], seen[:, 1], seen[:, 2] = courses.weeks, courses.log_values, courses.sigma
    return courses.score_starts, seen, courses.span_starts, np.ascontiguousarray(courses.spans)


def _sample(
    which: Numbers, given: tuple[Floats | Numbers, ...], found: Reached, draws: int, widened: float, threads: int
) -> None:
    """Fill in the answers of some patients."""
    from mesoplan.kernels.posterior_sampling import sample_patients
    from mesoplan.kernels.superposition import split_rows

    points, pairs = standard_points(draws // SHARE_OF_NODE)

    def work(first: int, last: int) -> None:
        sample_patients(
            which[first:last], *given, widened, points, pairs, found.modes, found.chances, found.effective_sample_size
        )

    split_rows(work, len(which), max(1, min(threads, len(which))))
