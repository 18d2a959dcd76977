"""The chart of a forecast as SVG: bands by week, scores, goal, sessions; the score without any session, and a grey
ground where no trial scored anybody. Without a forecast the scores only.

Words come from outside, for pages are in several languages; colours come from the page, or from `STYLE` in a file that
stands alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10
from textwrap import wrap
from xml.sax.saxutils import escape

from mesoplan.documents.forecast_chart_style import STYLE
from mesoplan.documents.forecast_chart_words import ENGLISH, ChartWords
from mesoplan.domain.forecast import BandWeek, Forecast, Run, SessionChance
from mesoplan.domain.writing import FIXED_SPACE, Language, date_text, number_text
from mesoplan.imaging.svg import element

WIDTH, HEIGHT = 760.0, 360.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 744.0, 22.0, 288.0
SESSIONS_AT = BOTTOM + 14.0
WEEKS_AT, DATES_AT, AXIS_AT = BOTTOM + 36.0, BOTTOM + 50.0, HEIGHT - 4.0
LEVELS = (95, 80, 50)
TICK_WEEKS = 4
FEWEST_WEEKS = 12.0
MOST_TICKS = 6
LINE_HEIGHT, LETTER_WIDTH = 14.0, 6.2
FEWEST_LETTERS = 16
"""Of a line of the words on the ground, however narrow that is."""


def forecast_chart(
    forecast: Forecast,
    words: ChartWords = ENGLISH,
    *,
    language: Language = Language.ENGLISH,
    alone: bool = False,
) -> str:
    """Return the chart as SVG.

    Parameters
    ----------
    forecast : Forecast
    words : ChartWords
        In the reader's language.
    language : Language
        Of dates and decimal signs.
    alone : bool
        Whether it becomes a file of its own, which brings its colours along.
    """
    drawing = _Drawing(forecast, words, language)
    title = element("title", escape(words.name if forecast.run else words.name_without), id="forecast-title")
    about = element("desc", escape(drawing.description()), id="forecast-desc")
    style = element("style", STYLE) if alone else ""
    return element(
        "svg",
        title + about + style + "".join(drawing.parts()),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="img",
        class_="forecast-chart",
        aria_labelledby="forecast-title forecast-desc",
    )


@dataclass(frozen=True)
class _Drawing:
    """One forecast on one chart: where a week and a score stand, and what is drawn there."""

    forecast: Forecast
    words: ChartWords
    language: Language

    @property
    def run(self) -> Run | None:
        return self.forecast.run

    @property
    def first_week(self) -> float:
        return min([0.0, *(one.week for one in self.forecast.scores)])

    @property
    def last_week(self) -> float:
        ends = [FEWEST_WEEKS, self.forecast.week_now, *(one.week for one in self.forecast.scores)]
        return max(ends + ([self.run.bands[-1].week] if self.run else []))

    @property
    def top(self) -> float:
        """Return the highest score drawn: round, above scores and 95 % bands, never above the scale."""
        highest = [one.value for one in self.forecast.scores] + [
            self.forecast.baseline or 0.0,
            self.forecast.goal or 0.0,
        ]
        if self.run:
            highest += [band.latent[-1].high for band in self.run.bands]
        step = _step(max(highest) or 1.0)
        return min(ceil(max(highest) / step + 1e-9) * step, self.forecast.highest)

    def x(self, week: float) -> float:
        return LEFT + (week - self.first_week) / (self.last_week - self.first_week) * (RIGHT - LEFT)

    def y(self, score: float) -> float:
        return BOTTOM - min(max(score, 0.0), self.top) / self.top * (BOTTOM - TOP)

    def score(self, value: float) -> str:
        if self.forecast.unit == "share":
            return f"{number_text(100 * value, decimals=0, language=self.language)}{FIXED_SPACE}%"
        return number_text(value, decimals=1, language=self.language)

    def date(self, day: date) -> str:
        return date_text(day, self.language)

    def description(self) -> str:
        if self.run is None:
            return self.words.scores_only.format(count=len(self.forecast.scores))
        last = self.run.bands[-1]
        middle = last.latent[1]
        goal = self.score(self.forecast.goal) if self.forecast.goal is not None else ""
        detail = self.words.last.format(
            week=f"{last.week:g}", low=self.score(middle.low), high=self.score(middle.high), goal=goal
        )
        without = last.untreated
        told = self.words.last_untreated.format(
            middle=self.score(without.middle),
            low=self.score(without.interval.low),
            high=self.score(without.interval.high),
        )
        ground = [f"{self._beyond_words}."] if self._beyond is not None else []
        return self.words.described.format(detail=" ".join([detail, told, *ground]))

    def parts(self) -> Iterator[str]:
        yield from self._ground()
        yield from self._grid()
        if self.run:
            yield from self._bands(self.run)
            yield from self._untreated(self.run)
        yield from self._ground_words()
        yield from self._goal()
        yield from self._now()
        yield from self._sessions()
        yield from self._scores()

    def _grid(self) -> Iterator[str]:
        step = _step(self.top)
        for count in range(floor(self.top / step + 1e-9) + 1):
            y = self.y(count * step)
            yield element("line", x1=LEFT, x2=RIGHT, y1=y, y2=y, class_="fc-grid")
            value = count * step
            written = self.score(value) if self.forecast.unit == "share" else number_text(value, language=self.language)
            yield _label(written, LEFT - 8, y + 4, anchor="end")
        for week in range(0, int(self.last_week) + 1, TICK_WEEKS):
            yield _label(f"{week}", self.x(week), WEEKS_AT, anchor="middle")
        yield _label(self.words.weeks, (LEFT + RIGHT) / 2, DATES_AT + 4, anchor="middle")

    def _bands(self, run: Run) -> Iterator[str]:
        for level in LEVELS:
            at = next(place for place, one in enumerate(run.bands[0].latent) if one.level == level)
            edge = [(band.week, band.latent[at].high) for band in run.bands]
            edge += [(band.week, band.latent[at].low) for band in reversed(run.bands)]
            yield element("path", d=self._line(edge) + "Z", class_=f"fc-band fc-{level}")
        for side in ("low", "high"):
            seen = [(band.week, getattr(band.scored[1], side)) for band in run.bands]
            yield element("path", d=self._line(seen), class_="fc-scored")
        if self.forecast.flattened:
            other = [(band.week, band.middle) for band in self.forecast.flattened.bands]
            yield element("path", d=self._line(other), class_="fc-flat")
        yield element("path", d=self._line([(band.week, band.middle) for band in run.bands]), class_="fc-middle")

    def _untreated(self, run: Run) -> Iterator[str]:
        """The score without any session, named at its end; then the columns that say every figure of a week."""
        line = [(band.week, band.untreated.middle) for band in run.bands]
        yield element("path", d=self._line(line), class_="fc-untreated")
        week, score = line[-1]
        free_from = TOP + LINE_HEIGHT * (len(self._ground_lines) + 1)
        above, below = self.y(score) - 7, self.y(score) + 16
        at = above if above >= free_from else max(below, free_from)
        yield _label(self.words.untreated, self.x(week) - 6, at, anchor="end", over=True)
        yield from (self._told(band) for band in run.bands)

    @property
    def _beyond(self) -> float | None:
        """The last week at which a trial scored anybody, where the chart goes on after it."""
        basis = self.forecast.basis
        return basis.followed_weeks if basis and basis.followed_weeks < self.last_week else None

    @property
    def _beyond_words(self) -> str:
        return self.words.beyond.format(week=number_text(self._beyond or 0.0, language=self.language))

    def _ground(self) -> Iterator[str]:
        if self._beyond is None:
            return
        x = self.x(self._beyond)
        yield element("rect", x=x, y=TOP, width=RIGHT - x, height=BOTTOM - TOP, class_="fc-beyond")
        yield element("line", x1=x, x2=x, y1=TOP, y2=BOTTOM, class_="fc-beyond-edge")

    @property
    def _ground_lines(self) -> list[str]:
        if self._beyond is None:
            return []
        letters = max(FEWEST_LETTERS, int((RIGHT - self.x(self._beyond) - 8) / LETTER_WIDTH))
        return wrap(self._beyond_words, letters)

    def _ground_words(self) -> Iterator[str]:
        """What the ground means, at its upper end: scores fall, so there is room for it."""
        for number, line in enumerate(self._ground_lines):
            yield _label(line, RIGHT - 6, TOP + LINE_HEIGHT * (number + 1), anchor="end", over=True)

    def _told(self, band: BandWeek) -> str:
        """Return an unseen column over a week that says its figures when it is pointed at."""
        eighty = band.latent[1]
        told = self.words.band.format(
            week=f"{band.week:g}",
            middle=self.score(band.middle),
            low=self.score(eighty.low),
            high=self.score(eighty.high),
            untreated=self.score(band.untreated.middle),
        )
        width = (RIGHT - LEFT) / (self.last_week - self.first_week)
        place = {"x": self.x(band.week) - width / 2, "y": TOP, "width": width, "height": BOTTOM - TOP}
        return element("rect", element("title", escape(told)), fill="transparent", class_="fc-week", **place)

    def _line(self, points: Sequence[tuple[float, float]]) -> str:
        return "M" + " ".join(f"{self.x(week):.1f},{self.y(value):.1f}" for week, value in points)

    def _goal(self) -> Iterator[str]:
        goal = self.forecast.goal
        if goal is None or goal > self.top:
            return
        yield element("line", x1=LEFT, x2=RIGHT, y1=self.y(goal), y2=self.y(goal), class_="fc-goal")
        yield _label(
            self.words.goal.format(score=self.score(goal)), LEFT + 6, self.y(goal) + 15, anchor="start", strong=True
        )

    def _now(self) -> Iterator[str]:
        x = self.x(min(max(self.forecast.week_now, self.first_week), self.last_week))
        yield element("line", x1=x, x2=x, y1=TOP, y2=BOTTOM, class_="fc-now")
        near_end = x > RIGHT - 60
        yield _label(self.words.now, x + (-4 if near_end else 4), TOP - 8, anchor="end" if near_end else "start")

    def _sessions(self) -> Iterator[str]:
        if self.run:
            yield from (self._session(one) for one in self.run.sessions if one.week <= self.last_week)
            return
        for number, day in enumerate(self.forecast.given, start=1):
            told = self.words.session_given.format(number=number, date=self.date(day))
            yield _triangle(self.x((day - self.forecast.start).days / 7), told, given=True)

    def _session(self, one: SessionChance) -> str:
        chance = f"{number_text(100 * one.chance, decimals=0, language=self.language)}{FIXED_SPACE}%"
        template = self.words.session_given if one.given else self.words.session_ahead
        told = template.format(number=one.number, date=self.date(one.on), chance=chance)
        return _triangle(self.x(one.week), told, given=one.given)

    def _scores(self) -> Iterable[str]:
        for one in self.forecast.scores:
            told = self.words.score.format(date=self.date(one.on), score=self.score(one.value), rater=one.rater)
            look = "fc-score fc-score-other" if one.other_rater else "fc-score"
            place = {"cx": self.x(one.week), "cy": self.y(one.value), "r": 5.0}
            yield element("circle", element("title", escape(told)), class_=look, **place)


def _triangle(x: float, told: str, *, given: bool) -> str:
    points = f"{x - 6:.1f},{SESSIONS_AT + 6:.1f} {x + 6:.1f},{SESSIONS_AT + 6:.1f} {x:.1f},{SESSIONS_AT - 6:.1f}"
    look = "fc-session fc-session-given" if given else "fc-session"
    return element("polygon", element("title", escape(told)), points=points, class_=look)


def _label(words: str, x: float, y: float, *, anchor: str, strong: bool = False, over: bool = False) -> str:
    """Return a word; `over` where it stands on what is drawn, and has an edge in the colour of the ground."""
    look = "fc-label fc-strong" if strong else "fc-label fc-over" if over else "fc-label"
    return element("text", escape(words), x=x, y=y, text_anchor=anchor, class_=look)


def _step(highest: float) -> float:
    """Return a round distance of grid lines that gives six at most."""
    least = highest / MOST_TICKS
    size = 10.0 ** floor(log10(least))
    return next(size * count for count in (1, 2, 2.5, 5, 10) if size * count >= least)
