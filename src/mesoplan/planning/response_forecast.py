"""Bands and chances of one course from the weighted draws of its posterior."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.domain.course import Course
from mesoplan.domain.forecast import BandWeek, Range, Run, SessionChance, SessionsNeeded, Untreated
from mesoplan.kernels.patient_posterior import (
    Posterior,
    weighted_quantiles,
)
from mesoplan.kernels.response import Treatment, background_share
from mesoplan.knowledge.schema.scales import Scale

Floats = NDArray[np.floating[Any]]

LEVELS = (50, 80, 95)
SAME_RATER, OTHER_RATER = 0.13, 0.20
"""Scale of the error of one score on the log: the same rater again, or another one."""
RESPONSE_SPREAD = 0.11
"""Of a judgement in per cent of improvement: a logistic error whose standard deviation is another rater's 0.20."""
GRADE_SPREAD = 0.25
"""Of a grade of change: over twice that of a judgement in per cent, for what a grade stands for is a proposal too."""
ALL_GONE = 1e-4
"""Left of the score where 100 % improvement is judged."""
LAST_WEEK = 24.0
"""No injected course was followed on treatment for longer."""
LONGEST = ((10, 12), (20, 6), (math.inf, 5))
"""Days between sessions up to which a longest course was studied: 12 weekly, 6 fortnightly, 5 monthly sessions."""
TAIL = 0.01
"""Chance of scores as odd as these under the prior, below which a flattened prior stands beside it."""
DRAWS = 4096
FEWEST_EFFECTIVE = 200
"""Equal draws; with fewer the ends of a 95 % interval hold a handful."""


def longest_course(days: float) -> int:
    """Return the most sessions that trials gave at this interval, judged within 24 weeks."""
    by_trials = next(count for most, count in LONGEST if days <= most)
    return min(by_trials, max(1, math.floor(LAST_WEEK / (days / 7) + 1e-9)))


def offset_of(scale: Scale) -> float:
    """Return half the smallest step of a scale: what a score of 0 is read as."""
    return min(region.weight for region in scale.regions) / 2


@dataclass(frozen=True)
class Outlook:
    """One course with its posterior, and how it is meant to go on."""

    course: Course
    posterior: Posterior
    flattened: Posterior | None
    prior_tail: float | None
    given: Treatment
    ahead: tuple[float, ...]
    """Weeks of the sessions still to come, up to the longest evidence."""
    interval_weeks: float
    stopping: bool
    offset: float
    goal: float
    unit: str
    highest: float

    @cached_property
    def planned(self) -> Treatment:
        """The course with every session that is still ahead."""
        return self.with_sessions(len(self.ahead))

    @property
    def sessions_given(self) -> int:
        """Sessions up to today."""
        return len(self.course.sessions)

    @property
    def week_now(self) -> float:
        """Weeks since the first session."""
        return self.course.week(self.course.as_of)

    @property
    def goal_log(self) -> float:
        """The goal as the log severity that must not be exceeded."""
        return math.log(self.goal + self.offset)

    @property
    def sigma(self) -> float:
        """Error of the next score by the same rater."""
        own = self.course.clinic
        return (own.same_rater if own else None) or SAME_RATER

    def with_sessions(self, further: int) -> Treatment:
        """Return the course with so many of the sessions ahead."""
        # An effect lasts by the longer of two intervals, so that a course that goes on more often has no gaps before.
        lasting = max(self.given.interval_weeks, self.interval_weeks) if further else self.given.interval_weeks
        return Treatment((*self.given.session_weeks, *self.ahead[:further]), lasting)

    def day(self, week: float) -> date:
        """Return the day of a week."""
        return self.course.start + timedelta(days=round(week * 7))

    def score(self, log_severity: Floats | float) -> Any:
        """Return the score of a log severity, held within the scale."""
        return np.clip(np.exp(log_severity) - self.offset, 0.0, self.highest)

    def run(self) -> Run:
        """Return bands and chances under the prior of the group."""
        return self._run(self.posterior)

    def flattened_run(self) -> Run | None:
        """Return them under the flattened prior, where the scores lie outside the group's."""
        return None if self.flattened is None else self._run(self.flattened)

    def _run(self, held: Posterior) -> Run:
        chances = self._sessions(held)
        return Run(bands=self._bands(held), sessions=chances, needed=self._needed(held, chances))

    def _bands(self, held: Posterior) -> tuple[BandWeek, ...]:
        last = max(LAST_WEEK, self.week_now + 4.0)
        weeks = np.arange(0.0, math.ceil(last) + 1.0)
        tails = [(1 - level / 100) / 2 for level in LEVELS]
        wanted = [0.5, *tails, *(1 - tail for tail in tails)]
        latent = self.score(held.quantiles(weeks, wanted, self.planned))
        scored = self.score(held.quantiles(weeks, wanted, self.planned, sigma=self.sigma))
        untreated = self._untreated(held, weeks)
        return tuple(
            BandWeek(
                week=float(week),
                on=self.day(float(week)),
                middle=_rounded(latent[0, column]),
                latent=_ranges(latent[1:, column]),
                scored=_ranges(scored[1:, column]),
                untreated=untreated[column],
            )
            for column, week in enumerate(weeks)
        )

    def _untreated(self, held: Posterior, weeks: Floats) -> list[Untreated]:
        """Return the score at each week had nothing but the background lowered it."""
        eta = held.draws[:, :1] - held.draws[:, 1:2] * background_share(weeks)
        found = self.score(weighted_quantiles(eta, held.weights, [0.1, 0.5, 0.9]))
        return [
            Untreated(middle=_rounded(middle), interval=Range(level=80, low=_rounded(low), high=_rounded(high)))
            for low, middle, high in found.T
        ]

    def _sessions(self, held: Posterior) -> tuple[SessionChance, ...]:
        weeks = self.planned.session_weeks
        if not weeks:
            return ()
        judged = np.array([*weeks[1:], weeks[-1] + self.interval_weeks])
        eta = held.log_severity(judged, self.planned)
        chance = held.weights @ (eta <= self.goal_log)
        low, high = self.score(weighted_quantiles(eta, held.weights, [0.1, 0.9]))
        return tuple(
            SessionChance(
                number=number,
                week=round(week, 3),
                on=self.day(week),
                given=number <= self.sessions_given,
                judged_week=round(float(judged[number - 1]), 3),
                judged_on=self.day(float(judged[number - 1])),
                chance=round(float(chance[number - 1]), 4),
                score=Range(level=80, low=_rounded(low[number - 1]), high=_rounded(high[number - 1])),
            )
            for number, week in enumerate(weeks, start=1)
        )

    def _needed(self, held: Posterior, chances: tuple[SessionChance, ...]) -> SessionsNeeded | None:
        """Return sessions still needed: the first at which the chance passes 10, 50 and 90 %."""
        if self.stopping:
            return None
        from_now = {0: self._chance_now(held)}
        from_now |= {one.number - self.sessions_given: one.chance for one in chances if not one.given}

        def first(level: float) -> int | None:
            return next((count for count, chance in from_now.items() if chance >= level), None)

        return SessionsNeeded(middle=first(0.5), low=first(0.1), high=first(0.9), longest=len(self.ahead))

    def _chance_now(self, held: Posterior) -> float:
        return float(held.chance_reached([self.week_now], self.goal_log)[0])


def _rounded(value: float) -> float:
    return round(float(value), 4)


def _ranges(column: Floats) -> tuple[Range, ...]:
    count = len(LEVELS)
    return tuple(
        Range(level=level, low=_rounded(column[at]), high=_rounded(column[count + at]))
        for at, level in enumerate(LEVELS)
    )
