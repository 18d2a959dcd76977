"""A forecast for a terminal, in one look: the answer, the chances by session, the bands by week, the findings."""

from __future__ import annotations

from collections.abc import Iterator

from mesoplan.cli.finding_text import findings_lines
from mesoplan.cli.wrapping import section, wrapped
from mesoplan.domain.forecast import BandWeek, Forecast, Run
from mesoplan.domain.writing import date_text, number_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.forecast_sentences import SMALLEST

SHOWN_EVERY = 4
"""Weeks between two lines of the bands."""


def forecast_text(forecast: Forecast, knowledge: Knowledge) -> str:
    """Return what `mesoplan forecast` prints."""
    lines = [*_head(forecast, knowledge)]
    if forecast.run is None:
        lines += ["", *wrapped(f"No forecast. {forecast.none_because}"), *_sources(forecast.none_sources)]
        lines += ["", *section("Scores", _scores(forecast))]
    else:
        lines += ["", *(line for one in forecast.sentences for line in wrapped(one))]
        if forecast.patient_sentence:
            lines += ["", *wrapped(f"For the patient: “{forecast.patient_sentence}”")]
        lines += ["", *_run(forecast.run, forecast)]
        if forecast.flattened:
            lines += ["", *wrapped("Trusting the trials less (their spread three times as wide):")]
            lines += _run(forecast.flattened, forecast)
        lines += ["", *section("Findings", findings_lines(forecast.findings, level=1))]
    timeline = (line for one in forecast.timeline for line in [*wrapped(one.text, 1), *_sources(one.sources, 2)])
    lines += ["", *section("What can have changed by when", timeline)]
    return "\n".join(lines).rstrip()


def _head(forecast: Forecast, knowledge: Knowledge) -> Iterator[str]:
    aim, scale = knowledge.aims[forecast.aim].title, knowledge.scales[forecast.scale].title
    given = len(forecast.given)
    now = f"week {number_text(forecast.week_now)}, {given} given" if given else "nothing given yet"
    yield from wrapped(f"{aim}, {scale}; {date_text(forecast.as_of)}: {now}, every {forecast.interval_days} days.")
    if forecast.basis is not None:
        basis = forecast.basis
        until = f"none scored after week {number_text(basis.followed_weeks)}"
        yield from wrapped(f"Rests on {basis.arms} arms of {basis.group} ({', '.join(basis.studies)}), {until}.")


def _run(run: Run, forecast: Forecast) -> list[str]:
    unit = "share of the first score" if forecast.unit == "share" else "score"
    sessions = (
        f"  {one.number:>2}  {date_text(one.on):<11}  {'given' if one.given else 'ahead':<5}  judged week "
        f"{number_text(one.judged_week):>4}  {_chance(one.chance):>5}   "
        f"{_value(one.score.low, forecast)} to {_value(one.score.high, forecast)}"
        for one in run.sessions
    )
    bands = (_band(one, forecast) for one in run.bands if one.week % SHOWN_EVERY == 0)
    return [
        *section(f"Sessions: chance to be at the goal, and the {unit} then (80 %)", sessions),
        *section(f"Weeks: middle of the {unit}; 50, 80 and 95 %; what a rater would write down (80 %)", bands),
    ]


def _band(one: BandWeek, forecast: Forecast) -> str:
    ranges = (f"{_value(level.low, forecast)} to {_value(level.high, forecast)}" for level in one.latent)
    seen = one.scored[1]
    rated = f"{_value(seen.low, forecast)} to {_value(seen.high, forecast)}"
    columns = "  ".join(f"{text:>12}" for text in (*ranges, rated))
    return f"  {number_text(one.week):>2}  {date_text(one.on):<11}  {_value(one.middle, forecast):>5}  {columns}"


def _scores(forecast: Forecast) -> Iterator[str]:
    for one in forecast.scores:
        yield f"  {date_text(one.on):<11}  {_value(one.value, forecast):>5}  {one.rater}"


def _sources(sources: tuple[str, ...], level: int = 0) -> list[str]:
    return wrapped(f"[{', '.join(sources)}]", level)


def _chance(chance: float) -> str:
    """Return a chance in a column; never 0 or 100 %, for neither is known."""
    if chance < SMALLEST:
        return "<1 %"
    return ">99 %" if chance > 1 - SMALLEST else f"{round(100 * chance)} %"


def _value(value: float, forecast: Forecast) -> str:
    if forecast.unit == "share":
        return f"{round(100 * value)} %"
    return number_text(value, decimals=1)
