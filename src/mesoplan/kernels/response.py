"""The curve of one patient's severity under treatment and after it, and how a score or a grade is read on it.

The latent log severity of a patient at week t since the first session is ::

    eta(t) = b0 - fall(t)
    fall(t) = B (1 - exp(-t / 8)) + E(t)
    dE/dt = k (A - E)       while on treatment
    dE/dt = -E / T_off      off it

A patient is on treatment from each session until 1.5 intervals after it. Spans that touch are one; after a longer gap
the effect rises again from where it had sunk to. Both equations are linear with constant coefficients on each span, so
E(t) = A g(t) with a share g between 0 and 1 in closed form ::

    g(t) = 1 - (1 - g0) exp(-k (t - t0))      t weeks into a span that began at t0 with g0
    g(t) = g1 exp(-(t - t1) / T_off)          after a span that ended at t1 with g1

Before the first session nothing falls: eta(t) = b0 for t <= 0.

Unknowns of one patient, in this order everywhere (`UNKNOWNS`): b0 [log score], B and A [log score], log k [log of 1 a
week], log T_off [log of weeks]. A logarithm of 0.7 less is half the severity.

A score y = log(score + c) is eta(t) with Student-t error of 5 degrees of freedom and scale sigma: heavier tails than a
normal, so that one odd rating does not turn the forecast. A grade of a change scale (improved, much improved, a
quarter better) is a cumulative link: the change eta(t) - b0 plus a logistic error of a given spread lies between the
grade's two bounds.

Limits: one curve for the whole course, no term for concentration, no season. Nothing here says which values the
unknowns have: they come from the population fit. Sources: that falls are close to proportional to the baseline and
slow down after 12 to 16 weeks is seen in the trials that the knowledge base lists; the 8 weeks of the background and
the 1.5 intervals are this project's choice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating[Any]]

UNKNOWNS = ("b0", "B", "A", "log_k", "log_t_off")
BACKGROUND_WEEKS = 8.0
LASTS_INTERVALS = 1.5
DEGREES_OF_FREEDOM = 5.0
_STUDENT_CONSTANT = (
    math.lgamma((DEGREES_OF_FREEDOM + 1) / 2)
    - math.lgamma(DEGREES_OF_FREEDOM / 2)
    - 0.5 * math.log(DEGREES_OF_FREEDOM * math.pi)
)


@dataclass(frozen=True)
class Treatment:
    """Sessions of one course, held or planned.

    Attributes
    ----------
    session_weeks
        Weeks since the first session, rising; the first is 0. None at all is a patient who is not treated.
    interval_weeks
        Planned weeks between sessions, > 0.
    """

    session_weeks: Sequence[float]
    interval_weeks: float

    def __post_init__(self) -> None:
        sessions = np.asarray(self.session_weeks, dtype=float)
        if sessions.ndim != 1 or not np.isfinite(sessions).all():
            raise ValueError("session_weeks: a list of weeks is needed, each finite")
        if len(sessions) and sessions[0] != 0.0:
            raise ValueError(f"session_weeks: weeks count from the first session, which is 0, not {sessions[0]:g}")
        if np.any(np.diff(sessions) <= 0.0):
            raise ValueError("session_weeks: out of order, each must be later than the one before")
        if not (math.isfinite(self.interval_weeks) and self.interval_weeks > 0.0):
            raise ValueError(f"interval_weeks: {self.interval_weeks:g} is not above 0")

    @property
    def spans(self) -> tuple[tuple[float, float], ...]:
        """Weeks from and to which the patient is on treatment, in order."""
        return treated_spans(self.session_weeks, self.interval_weeks)

    def continued(self, sessions: int, interval_weeks: float | None = None) -> Treatment:
        """Return the course with that many more sessions, one interval after the other."""
        interval = self.interval_weeks if interval_weeks is None else interval_weeks
        last = self.session_weeks[-1] if len(self.session_weeks) else -interval
        more = [last + interval * number for number in range(1, sessions + 1)]
        return Treatment((*self.session_weeks, *more), interval)


def treated_spans(session_weeks: Sequence[float], interval_weeks: float) -> tuple[tuple[float, float], ...]:
    """Return the spans [weeks] on treatment: from each session 1.5 intervals, those that touch as one."""
    spans: list[tuple[float, float]] = []
    for week in session_weeks:
        end = week + LASTS_INTERVALS * interval_weeks
        if spans and week <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((week, end))
    return tuple((float(start), float(end)) for start, end in spans)


def log_severity_at(week: float, theta: Sequence[float], treatment: Treatment) -> float:
    """Return eta at one week for one set of unknowns: the plain form that the fast ones are checked against."""
    b0, background, effect, log_rate, log_waning = theta
    rate, waning = math.exp(log_rate), math.exp(log_waning)
    share, off_since = 0.0, 0.0
    for start, end in treatment.spans:
        if week <= start:
            break
        share *= math.exp(-(start - off_since) / waning)
        share = 1.0 - (1.0 - share) * math.exp(-rate * (min(week, end) - start))
        off_since = end
    if week > off_since:
        share *= math.exp(-(week - off_since) / waning)
    return b0 - background * -math.expm1(-max(week, 0.0) / BACKGROUND_WEEKS) - effect * share


def background_share(weeks: ArrayLike) -> Floats:
    """Return 1 - exp(-t / 8), 0 before the first session; same shape as the weeks."""
    return np.asarray(-np.expm1(-np.maximum(np.asarray(weeks, dtype=float), 0.0) / BACKGROUND_WEEKS))


def effect_share(weeks: ArrayLike, log_rate: Floats, log_waning: Floats, treatment: Treatment) -> Floats:
    """Return g, the share of A reached at each week (w,) for each draw of log k and log T_off (n,): (n, w)."""
    at, rate = np.asarray(weeks, dtype=float), np.exp(log_rate)[:, None]
    per_week_off = np.exp(-np.asarray(log_waning))[:, None]
    share: Floats = np.zeros((len(rate), len(at)))
    reached: Floats = np.zeros((len(rate), 1))
    off_since = 0.0
    for start, end in treatment.spans:
        begun = reached * np.exp(-(start - off_since) * per_week_off)
        risen = 1.0 - (1.0 - begun) * np.exp(-rate * np.clip(at - start, 0.0, end - start))
        waned = risen * np.exp(-np.maximum(at - end, 0.0) * per_week_off)
        share = np.asarray(np.where(at > start, waned, share))
        reached, off_since = 1.0 - (1.0 - begun) * np.exp(-rate * (end - start)), end
    return share


def log_fall(weeks: ArrayLike, theta: ArrayLike, session_weeks: Sequence[float], interval_weeks: float) -> Floats:
    """Return how far the log severity has fallen since the baseline.

    Parameters
    ----------
    weeks : (w,)
        Weeks since the first session.
    theta : (n, 5) or (5,)
        Draws of the unknowns, in the order of `UNKNOWNS`; b0 is not used.
    session_weeks, interval_weeks
        As in :class:`Treatment`.

    Returns
    -------
    (n, w)
        fall(t); eta(t) is b0 less this.
    """
    draws = np.atleast_2d(np.asarray(theta, dtype=float))
    share = effect_share(weeks, draws[:, 3], draws[:, 4], Treatment(session_weeks, interval_weeks))
    return np.asarray(draws[:, 1:2] * background_share(weeks) + draws[:, 2:3] * share)


def log_severity(weeks: ArrayLike, theta: ArrayLike, treatment: Treatment) -> Floats:
    """Return eta (n, w) for draws of the unknowns (n, 5) at weeks (w,)."""
    draws = np.atleast_2d(np.asarray(theta, dtype=float))
    return np.asarray(draws[:, :1] - log_fall(weeks, draws, treatment.session_weeks, treatment.interval_weeks))


def log_student(residuals: ArrayLike, sigma: ArrayLike) -> Floats:
    """Return the log density of rating errors: Student-t of 5 degrees of freedom and scale sigma > 0."""
    scaled = np.asarray(residuals, dtype=float) / sigma
    tail = 0.5 * (DEGREES_OF_FREEDOM + 1) * np.log1p(scaled**2 / DEGREES_OF_FREEDOM)
    return np.asarray(_STUDENT_CONSTANT - np.log(sigma) - tail)


def student_quantile(chances: ArrayLike) -> Floats:
    """Return quantiles of the rating error in units of sigma for chances between 0 and 1, to 1e-12."""
    wanted = np.asarray(chances, dtype=float)
    # Of 5 degrees of freedom the distribution is known in closed form, with the angle atan(t / sqrt 5).
    angle = np.pi * (wanted - 0.5) * 0.75
    for _ in range(60):
        cos = np.cos(angle)
        below = 0.5 + (angle + np.sin(angle) * cos * (1.0 + 2.0 / 3.0 * cos**2)) / np.pi
        slope = 8.0 / (3.0 * np.pi) * cos**4
        angle = np.clip(angle - (below - wanted) / np.maximum(slope, 1e-12), -1.5707, 1.5707)
    return np.asarray(np.sqrt(DEGREES_OF_FREEDOM) * np.tan(angle))


def log_grade_chance(change: ArrayLike, low: ArrayLike, high: ArrayLike, spread: ArrayLike) -> Floats:
    """Return the log chance that a change of log severity, with a logistic error, is given this grade.

    Parameters
    ----------
    change
        eta(t) - b0; negative is better.
    low, high
        The grade's bounds on the change; -inf and inf at the ends of the scale, low < high.
    spread
        Scale of the logistic error, > 0; its standard deviation is 1.81 times that.
    """
    x, scale = np.asarray(change, dtype=float), np.asarray(spread, dtype=float)
    a, b = (np.asarray(low, dtype=float) - x) / scale, (np.asarray(high, dtype=float) - x) / scale
    above_low, below_high = -np.logaddexp(0.0, a), -np.logaddexp(0.0, -b)
    # F(b) - F(a) = F(b) (1 - F(a)) (1 - exp(a - b)); no difference of numbers that are nearly the same.
    return np.asarray(above_low + below_high + np.log(-np.expm1(np.minimum(a - b, -1e-300))))
