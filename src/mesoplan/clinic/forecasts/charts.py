"""The chart of a forecast in the reader's language; several of them on one page, each with ids of its own."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from mesoplan.clinic.shell.writing import reader_language
from mesoplan.documents.forecast_chart import forecast_chart
from mesoplan.documents.forecast_chart_words import ChartWords
from mesoplan.domain.forecast import Forecast


@dataclass(frozen=True)
class Chart:
    """One drawing with its name."""

    id: str
    title: str
    svg: SafeString


def chart_of(id_: str, title: str, told: Forecast) -> Chart:
    svg = forecast_chart(told, _words(title), language=reader_language())
    for part in ("forecast-title", "forecast-desc"):
        svg = svg.replace(part, f"{part}-{id_}")
    return Chart(id_, title, mark_safe(svg))  # noqa: S308  # drawn by our own code, which escapes what it is given


def _words(title: str) -> ChartWords:
    return ChartWords(
        name=_("Forecast of the course: {view}").format(view=title),
        name_without=_("Scores of the course"),
        weeks=_("Weeks since the first session"),
        goal=_("Goal {score}"),
        now=_("Today"),
        untreated=_("Without any session"),
        beyond=_("No trial of this treatment scored after week {week}"),
        band=_("Week {week}: {middle}; 80 %: {low} to {high}; without any session {untreated}"),
        score=_("{date}: {score}, {rater}"),
        session_given=_("Session {number}, {date}"),
        session_ahead=_("Session {number}, {date}; {chance} to reach the goal by then"),
        described=_("Score over weeks with 50, 80 and 95 % bands. {detail} The table below says the same."),
        last=_("In week {week} 80 % lie between {low} and {high}; the goal is {goal}."),
        last_untreated=_("Without any session it would be about {middle} then (80 %: {low} to {high})."),
        scores_only=_("{count} scores, no forecast."),
    )
