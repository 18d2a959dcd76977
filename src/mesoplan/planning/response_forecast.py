"""Bands and chances of one course from the weighted draws of its posterior."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.domain.course import Course
from mesoplan.domain.forecast import BandWeek, Range, Run, SessionChance, SessionsNeeded, WhatIf
from mesoplan.kernels.patient_posterior import (
    NO_GRADES,
    NO_SCORES,
    Grades,
    PatientPrior,
    Posterior,
    Scores,
    posterior,
    prior_tail,
    weighted_quantiles,
)
from mesoplan.kernels.posterior_rounds import posterior_in_rounds
from mesoplan.kernels.response import Treatment
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.course_reading import goal_score, interval_days, score_value
from mesoplan.knowledge.schema.scales import Scale
from mesoplan.planning.population import PopulationGroup, rarer_than_weekly

Floats = NDArray[np.floating[Any]]

LEVELS = (50, 80, 95)
SAME_RATER, OTHER_RATER = 0.13, 0.20
"""Scale of the error of one score on the log: the same rater again, or another one."""
RESPONSE_SPREAD = 0.11
"""Of a judgement in per cent of improvement: a logistic error whose standard deviation is another rater's 0.20."""
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
        return tuple(
            BandWeek(
                week=float(week),
                on=self.day(float(week)),
                middle=_rounded(latent[0, column]),
                latent=_ranges(latent[1:, column]),
                scored=_ranges(scored[1:, column]),
            )
            for column, week in enumerate(weeks)
        )

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
    grades = _grades(course)
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


def _grades(course: Course) -> Grades:
    if not course.responses:
        return NO_GRADES
    bounds = np.array([one.improvement for one in course.responses], dtype=float)
    left = np.log(np.maximum(1 - bounds / 100, ALL_GONE))
    low = np.where(bounds[:, 1] >= 100, -np.inf, left[:, 1])
    high = np.where(bounds[:, 0] <= -100, np.inf, left[:, 0])
    weeks = np.array([course.week(one.on) for one in course.responses])
    return Grades(weeks, low, high, np.full(len(weeks), RESPONSE_SPREAD))


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


def _rounded(value: float) -> float:
    return round(float(value), 4)


def _ranges(column: Floats) -> tuple[Range, ...]:
    count = len(LEVELS)
    return tuple(
        Range(level=level, low=_rounded(column[at]), high=_rounded(column[count + at]))
        for at, level in enumerate(LEVELS)
    )


def _normals(count: int) -> Floats:
    """Return standard normal numbers, one a draw, even over the distribution and in no order."""
    from statistics import NormalDist

    inverse = NormalDist().inv_cdf
    share = (0.5 + np.arange(1, count + 1) * 0.5 * (math.sqrt(5.0) - 1.0)) % 1.0
    return np.array([inverse(min(max(one, 1e-9), 1 - 1e-9)) for one in share])
