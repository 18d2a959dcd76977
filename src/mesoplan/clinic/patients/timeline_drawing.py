"""Where each event of a timeline stands in its drawing: lanes, months, shapes, words beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from mesoplan.clinic.patients.timeline import ASSESSMENTS, JUDGED, LANES, PLAN, REVIEW, SESSIONS, TO_SCORE, Event
from mesoplan.clinic.shell.writing import date_text

WIDTH, START, END = 1000, 128, 976
TOP, LANE, FOOT = 34, 34, 8
MONTH_PX, LETTER_PX, GAP_PX = 66, 7.2, 6
PAD = timedelta(days=6)
FIRST_LANES, LAST_LANES = (ASSESSMENTS,), (PLAN, SESSIONS, TO_SCORE, JUDGED, REVIEW)


@dataclass(frozen=True)
class Tick:
    """The first day of a month."""

    x: str
    label: str


@dataclass(frozen=True)
class Lane:
    title: str
    y: str


@dataclass(frozen=True)
class Mark:
    """An event at its place. `label` is empty where the words of the one before still stand."""

    event: Event
    at: str
    label: str


@dataclass(frozen=True)
class Drawing:
    """Everything that the template draws; numbers are text, so that no language puts a comma into them."""

    height: int
    title: str
    description: str
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    today_x: str


def drawing_of(events: Sequence[Event], today: date) -> Drawing | None:
    """The drawing of events in order of their days; None where there is nothing to draw."""
    if not events:
        return None
    first, last = min(events[0].day, today) - PAD, max(events[-1].day, today) + 2 * PAD
    across = Axis(first, last)
    titles = _lanes(events)
    return Drawing(
        height=TOP + LANE * len(titles) + FOOT,
        title=_("Timeline of the course"),
        description=_described(events, len(titles), today),
        lanes=tuple(Lane(str(LANES.get(title, title)), f"{_middle(row):.1f}") for row, title in enumerate(titles)),
        ticks=tuple(across.months()),
        marks=tuple(_marks(events, titles, across)),
        today_x=f"{across.x(today):.1f}",
    )


def _described(events: Sequence[Event], lanes: int, today: date) -> str:
    told = _(
        "Events: %(events)s, lanes: %(lanes)s, %(first)s to %(last)s; today is %(today)s. "
        "The table below says the same."
    )
    return told % {
        "events": len(events),
        "lanes": lanes,
        "first": date_text(events[0].day),
        "last": date_text(events[-1].day),
        "today": date_text(today),
    }


@dataclass(frozen=True)
class Axis:
    """Days across the drawing, the same length for each."""

    first: date
    last: date

    def x(self, day: date) -> float:
        return START + (END - START) * (day - self.first).days / (self.last - self.first).days

    def months(self) -> Iterator[Tick]:
        """Months that have room for their name; the year stands at the first one and at each January."""
        day, free, year = self.first.replace(day=1), 0.0, 0
        while day <= self.last:
            x = self.x(day)
            if day >= self.first and x >= free:
                month = date_text(day).partition(" ")[2]
                label = month if day.year != year else month.rpartition(" ")[0]
                yield Tick(f"{x:.1f}", label)
                free, year = x + max(MONTH_PX, LETTER_PX * len(label) + GAP_PX), day.year
            day = (day + timedelta(days=32)).replace(day=1)


def _lanes(events: Sequence[Event]) -> list[str]:
    there = dict.fromkeys(event.lane for event in events)
    scales = sorted(lane for lane in there if lane not in (*FIRST_LANES, *LAST_LANES))
    return [lane for lane in (*FIRST_LANES, *scales, *LAST_LANES) if lane in there]


def _middle(row: int) -> float:
    return TOP + LANE * (row + 0.5)


def _marks(events: Sequence[Event], titles: Sequence[str], across: Axis) -> Iterator[Mark]:
    free = dict.fromkeys(titles, 0.0)
    for event in events:
        x, y = across.x(event.day), _middle(titles.index(event.lane))
        width = LETTER_PX * len(event.short) + GAP_PX
        label = event.short if x >= free[event.lane] and x + width < WIDTH else ""
        if label:
            free[event.lane] = x + width
        yield Mark(event, f"{x:.1f} {y:.1f}", label)
