"""The forecast of a course: how severity may go on, with what chance the goal is reached by which session, and why not.

Every figure is an interval or a chance. `none_because` says why there is none at all; then only scores, timeline and
findings are filled.
"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from mesoplan.domain.case import Identifier, Value
from mesoplan.domain.course import Days
from mesoplan.domain.finding import Finding


class WhatIf(Value):
    """Another way to go on: days between sessions, sessions still to come, or none at all."""

    interval_days: Days | None = None
    further_sessions: int | None = Field(default=None, ge=0, le=24)
    stop: bool = False


class Range(Value):
    """An interval that the value lies in with a chance of `level` per cent."""

    level: int
    low: float
    high: float


class Untreated(Value):
    """The score had there been no session at all, under sunscreen, season, visits and rating alone; weakly known.

    What the needle does by itself belongs to the sessions, not here.
    """

    middle: float
    interval: Range


class BandWeek(Value):
    """The score at one week: what it is, and what a rater would write down, each as 50, 80 and 95 % intervals."""

    week: float
    on: date
    middle: float
    latent: tuple[Range, ...]
    scored: tuple[Range, ...]
    untreated: Untreated


class SessionChance(Value):
    """The chance that the goal is reached by a session: judged when the next one is, or would be, due."""

    number: int
    week: float
    on: date
    given: bool
    judged_week: float
    judged_on: date
    chance: float
    score: Range = Field(description="80 % interval of the score when it is judged")


class SessionsNeeded(Value):
    """Sessions still needed, with an 80 % interval; no `middle` is “unlikely with this course”, no `high` is open."""

    middle: int | None
    low: int | None
    high: int | None
    longest: int = Field(description="Sessions still ahead of the longest course that was studied")


class Futility(Value):
    """Whether going on is of little use: under 10 % to reach the goal within the longest evidence."""

    chance: float
    session: int
    week: float
    futile: bool
    may_judge: bool


class AfterStopping(Value):
    """The score some weeks after the last session if none follows, and the chance to be at the goal then."""

    weeks_after: float
    on: date
    score: Range
    middle: float
    chance: float


class InjectionShare(Value):
    """Share of the fall by a day that is due to the treatment, not to sunscreen, season and rating; weakly known."""

    on: date
    middle: float
    interval: Range


class Run(Value):
    """What one prior says: bands by week, chances by session, sessions needed."""

    bands: tuple[BandWeek, ...]
    sessions: tuple[SessionChance, ...]
    needed: SessionsNeeded | None


class ScorePoint(Value):
    """A score of this course on the forecast's scale."""

    on: date
    week: float
    value: float
    rater: str
    other_rater: bool


class TimelineEntry(Value):
    """What can have changed by which week, with its sources."""

    text: str
    sources: tuple[str, ...]


class Basis(Value):
    """What the prior rests on: the group of trials, and the table and software that gave it."""

    group: str
    arms: int
    studies: tuple[str, ...]
    followed_weeks: float = Field(description="Last week at which any of these arms was scored; later is carried on")
    table_sha256: str
    clinic_own: bool
    effective_sample_size: float


class Forecast(Value):
    """The answer to “how many more sessions?” for one course on one day.

    Without a baseline score everything is given as a share of it (`unit` is “share”).
    """

    course: Identifier
    aim: Identifier
    scale: Identifier
    as_of: date
    start: date
    interval_days: int
    engine: str
    knowledge_release: str
    knowledge_sha256: str
    none_because: str | None = None
    none_sources: tuple[str, ...] = ()
    basis: Basis | None = None
    unit: str = Field(default="score", description="score or share")
    lowest: float = 0.0
    highest: float = 1.0
    baseline: float | None = None
    goal: float | None = None
    goal_text: str = ""
    week_now: float
    scores: tuple[ScorePoint, ...] = ()
    given: tuple[date, ...] = ()
    run: Run | None = None
    flattened: Run | None = Field(default=None, description="Where the scores lie outside the prior: with a wider one")
    prior_tail: float | None = None
    first_judged_on: date | None = None
    may_judge: bool = False
    futility: Futility | None = None
    after_stopping: tuple[AfterStopping, ...] = ()
    injection_share: InjectionShare | None = None
    timeline: tuple[TimelineEntry, ...] = ()
    sentences: tuple[str, ...] = Field(default=(), description="The answer in plain words, for the dermatologist")
    patient_sentence: str | None = None
    findings: tuple[Finding, ...] = ()
