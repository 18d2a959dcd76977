"""What a forecast comes to, as the panel of its page shows it: the plan's own figures, those asked for beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mesoplan.clinic.forecasts.figure_words import (
    chance_text,
    futility_text,
    judged_text,
    needed_range,
    needed_text,
    score_interval,
)
from mesoplan.clinic.shell.parts import Interval
from mesoplan.clinic.shell.writing import date_text, number_text
from mesoplan.domain.forecast import Forecast, Run, SessionChance


@dataclass(frozen=True)
class Chance:
    """The chance to be at the goal by one session on its day; `percent` is the length of its bar."""

    text: str
    percent: int
    day: str


@dataclass(frozen=True)
class SessionRow:
    """One session with its chance in the plan and in what was asked; None where it does not take place."""

    number: int
    given: bool
    beyond: bool
    own: Chance | None
    asked: Chance | None


@dataclass(frozen=True)
class Stopping:
    """So many weeks after the last session, if none follows."""

    weeks: str
    day: str
    score: Interval
    chance: str


@dataclass(frozen=True)
class Figures:
    """One forecast in figures."""

    needed: str
    needed_range: str
    judged: str
    futility: str
    futile: bool
    stopping: tuple[Stopping, ...]
    share: Interval | None
    share_by: str


def figures_of(forecast: Forecast) -> Figures:
    needed = forecast.run.needed if forecast.run else None
    share = forecast.injection_share
    return Figures(
        needed=needed_text(needed),
        needed_range=needed_range(needed),
        judged=judged_text(forecast),
        futility=futility_text(forecast.futility),
        futile=bool(forecast.futility and forecast.futility.futile),
        stopping=tuple(
            Stopping(
                number_text(one.weeks_after, decimals=0),
                date_text(one.on),
                score_interval(one.middle, one.score, forecast.unit),
                chance_text(one.chance),
            )
            for one in forecast.after_stopping
        ),
        share=score_interval(share.middle, share.interval, "share") if share else None,
        share_by=date_text(share.on) if share else "",
    )


def session_rows(own: Run, asked: Run | None, planned: int) -> list[SessionRow]:
    """Every session of either run. `planned` is the number of the last session of the plan."""
    ours, theirs = _by_number(own), _by_number(asked) if asked else {}
    return [_row(number, ours.get(number), theirs.get(number), planned) for number in sorted({*ours, *theirs})]


def _by_number(run: Run) -> dict[int, SessionChance]:
    return {one.number: one for one in run.sessions}


def _row(number: int, own: SessionChance | None, asked: SessionChance | None, planned: int) -> SessionRow:
    given = any(one.given for one in (own, asked) if one)
    return SessionRow(number, given, number > planned, _chance(own), _chance(asked))


def _chance(one: SessionChance | None) -> Chance | None:
    return Chance(chance_text(one.chance), round(100 * one.chance), date_text(one.on)) if one else None


@dataclass(frozen=True)
class BandRow:
    """One week of the chart in figures: with the sessions, with its 95 % range, and without any session."""

    week: str
    day: str
    narrow: Interval
    wide: Interval
    untreated: Interval
    beyond: bool


def band_rows(run: Run, unit: str, followed_weeks: float, every: int = 4) -> Iterator[BandRow]:
    """The chart as a table; `beyond` are the weeks later than `followed_weeks`, at which no trial scored."""
    for band in run.bands:
        if band.week % every == 0:
            ranges = {one.level: one for one in band.latent}
            yield BandRow(
                week=number_text(band.week, decimals=0),
                day=date_text(band.on),
                narrow=score_interval(band.middle, ranges[80], unit),
                wide=score_interval(band.middle, ranges[95], unit),
                untreated=score_interval(band.untreated.middle, band.untreated.interval, unit),
                beyond=band.week > followed_weeks,
            )
