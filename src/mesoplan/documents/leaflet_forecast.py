"""The forecast for the patient: of ten people, how many, how many not, and how far that may be off. Never a promise."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, model_validator

from mesoplan.documents.leaflet_blocks import Paragraph
from mesoplan.documents.leaflet_wording import Said, Voice
from mesoplan.domain.case import Value
from mesoplan.domain.course import ClinicOwn, Course
from mesoplan.domain.forecast import WhatIf
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.course_outlook import outlook_of
from mesoplan.planning.forecast import group_or_reason
from mesoplan.planning.forecast_before_scores import chance_before_scores
from mesoplan.planning.population import Population, PopulationGroup

TEN = 10
TEN_PERCENT = 1.2816
"""Standard deviations from the middle beyond which a tenth of a normal distribution lies."""
KNOWN = 0.01
"""Spread left to a clinic whose effect is taken as known; on the log, far below every other."""


class OfTen(Value):
    """Of ten people like this patient so many bring their score down to half by a session, 0 being fewer than one.

    `low` and `high` hold eight of ten clinics.
    """

    reach: int = Field(ge=0, lt=TEN)
    low: int = Field(ge=0, le=TEN)
    high: int = Field(ge=0, le=TEN)
    session: int = Field(ge=1)

    @model_validator(mode="after")
    def _within_its_range(self) -> OfTen:
        if not self.low <= self.reach <= self.high:
            raise ValueError("reach lies outside of low to high")
        return self


def of_ten(chance: float, low: float, high: float, session: int) -> OfTen:
    """Return chances as people out of ten. Nobody is told "10 of 10": what is nearly sure counts as nine."""
    reach = min(TEN - 1, round(TEN * chance))
    return OfTen(reach=reach, low=min(reach, round(TEN * low)), high=max(reach, round(TEN * high)), session=session)


def of_ten_of(
    course: Course, knowledge: Knowledge, population: Population, what_if: WhatIf, session: int
) -> OfTen | None:
    """Return how many of ten reach the goal of a course by a session; None where there is no forecast of it.

    The range is that of the clinics: the same forecast for a clinic that does worse than nine of ten others, and for
    one that does better than nine of ten, as far as the trials tell how much clinics differ.
    """
    name, _, _ = group_or_reason(course, knowledge, population)
    if name is None:
        return None
    group, own = population.groups[name], course.clinic
    centre, spread = (own.effect, own.effect_sd) if own else (0.0, group.between_clinics)
    found = [_chance(course, knowledge, group, what_if, session)]
    for away in (-TEN_PERCENT, TEN_PERCENT):
        clinic = ClinicOwn(effect=centre + away * spread, effect_sd=KNOWN)
        there = course.model_copy(update={"clinic": clinic})
        found.append(_chance(there, knowledge, group, what_if, session))
    chance, low, high = found
    return None if chance is None or low is None or high is None else of_ten(chance, low, high, session)


def _chance(
    course: Course, knowledge: Knowledge, group: PopulationGroup, what_if: WhatIf, session: int
) -> float | None:
    """The chance by one session, as the forecast tells it, without its bands; None where there is no such session."""
    outlook = outlook_of(course, knowledge, group, what_if)
    weeks = outlook.planned.session_weeks
    if session > len(weeks):
        return None
    judged = weeks[session - 1] + outlook.interval_weeks
    return float(outlook.posterior.chance_reached([judged], outlook.goal_log, outlook.planned)[0])


def of_ten_before_scores(course: Course, knowledge: Knowledge, population: Population, sessions: int) -> OfTen | None:
    """Return the same from the trials alone, for any patient of such a course who was never scored; None without a
    group of trials that it belongs to. NumPy does it, in a page that is about something else."""
    name, _, _ = group_or_reason(course, knowledge, population)
    share, days = course.goal.share, course.interval_days
    if name is None or share is None or days is None:
        return None
    group = population.groups[name]

    def chance(clinic: ClinicOwn | None) -> float:
        return chance_before_scores(group, interval_days=days, sessions=sessions, share=share, clinic=clinic)

    low, high = (
        chance(ClinicOwn(effect=away * group.between_clinics, effect_sd=KNOWN)) for away in (-TEN_PERCENT, TEN_PERCENT)
    )
    return of_ten(chance(None), low, high, sessions)


def forecast_paragraph(told: OfTen, voice: Voice) -> Paragraph:
    """Return how many reach half and how many do not, the width where there is one, and what makes it narrower."""
    return Paragraph(sentences=tuple(_sentences(told, voice)))


def _sentences(told: OfTen, voice: Voice) -> Iterator[Said]:
    if told.reach:
        yield voice.say("judge-forecast", of_ten=told.reach, session=told.session)
        yield voice.say("judge-forecast-rest", rest_of_ten=TEN - told.reach)
    else:
        yield voice.say("judge-forecast-few", session=told.session)
    if told.low < told.high:
        yield voice.say("judge-forecast-width", low_of_ten=told.low, high_of_ten=told.high)
    yield voice.say("judge-forecast-narrows")
