"""Courses over the weeks as small SVG charts: one group of arms drawn and named, all others faint behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log1p
from xml.sax.saxutils import escape

from mesoplan.documents.forest_plot import signed
from mesoplan.domain.writing import FIXED_SPACE
from mesoplan.imaging.svg import element
from mesoplan.knowledge.schema.trials import Group
from mesoplan.planning.trial_evidence import Course, percent_of

WIDTH, HEIGHT = 380.0, 236.0
LEFT, RIGHT, TOP, BOTTOM = 38.0, 236.0, 12.0, 196.0
TICKS = (-75.0, -50.0, -25.0, 0.0, 50.0)
WEEKS_APART = 4
LINE_APART = 14.0
LONGEST = 18


def courses_chart(
    courses: Sequence[Course],
    group: Group,
    *,
    name: str,
    weeks: str,
    named: Callable[[Course], str],
    labels_in: str | None = None,
) -> str:
    """Return the chart of one group among all courses of an aim; `weeks` is the title of the axis of time.

    `labels_in` is the language of the names of courses, where it is not that of everything else.
    """
    last = max(WEEKS_APART, *(course.weeks[-1] for course in courses))
    ratios = [ratio for course in courses for ratio in course.log_ratios]
    low, high = min(log1p(-0.5), *ratios) - 0.1, max(log1p(0.05), *ratios) + 0.05
    place = _Place(last, low, high)
    behind = [_line(course, place, "faint") for course in courses if course.arm.group is not group]
    own = [course for course in courses if course.arm.group is group]
    front = [_line(course, place, "doubtful" if course.doubtful else "own") for course in own]
    pieces = [*_grid(place, weeks), *behind, *front, *_names(own, place, named, labels_in)]
    head = element("title", escape(name))
    return element(
        "svg",
        head + "".join(pieces),
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        class_="courses",
        role="img",
        aria_label=name,
    )


class _Place:
    def __init__(self, last: float, low: float, high: float) -> None:
        self.last, self.low, self.high = last, low, high

    def x(self, week: float) -> float:
        return LEFT + week / self.last * (RIGHT - LEFT)

    def y(self, ratio: float) -> float:
        return TOP + (self.high - ratio) / (self.high - self.low) * (BOTTOM - TOP)


def _grid(place: _Place, weeks: str) -> list[str]:
    pieces = []
    for percent in TICKS:
        ratio = log1p(percent / 100)
        if place.low <= ratio <= place.high:
            y = place.y(ratio)
            kind = "zero" if percent == 0 else "grid"
            pieces.append(element("line", x1=LEFT, y1=y, x2=RIGHT, y2=y, class_=kind))
            words = signed(percent).removesuffix(f"{FIXED_SPACE}%")
            pieces.append(element("text", words, x=LEFT - 5, y=y + 4, class_="tick", text_anchor="end"))
    step = WEEKS_APART if place.last <= 6 * WEEKS_APART else 2 * WEEKS_APART
    for week in range(0, int(place.last) + 1, step):
        x = place.x(week)
        pieces.append(element("line", x1=x, y1=BOTTOM, x2=x, y2=BOTTOM + 4, class_="zero"))
        pieces.append(element("text", str(week), x=x, y=BOTTOM + 17, class_="tick", text_anchor="middle"))
    middle = (LEFT + RIGHT) / 2
    pieces.append(element("text", escape(weeks), x=middle, y=BOTTOM + 34, class_="tick", text_anchor="middle"))
    return pieces


def _line(course: Course, place: _Place, kind: str) -> str:
    points = [(place.x(w), place.y(r)) for w, r in zip(course.weeks, course.log_ratios, strict=True)]
    path = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points)
    line = element("path", d=path, class_=kind, fill="none")
    if kind == "faint":
        return line
    return line + "".join(element("circle", cx=x, cy=y, r=3.0, class_=kind) for x, y in points[1:])


def _names(own: Sequence[Course], place: _Place, named: Callable[[Course], str], language: str | None) -> list[str]:
    """The name of each course beside its end, pushed down where two would meet."""
    pieces, free = [], TOP
    for course in sorted(own, key=lambda one: place.y(one.log_ratios[-1])):
        x, y = place.x(course.weeks[-1]), place.y(course.log_ratios[-1])
        at = max(y + 4, free)
        free = at + LINE_APART
        words = named(course)
        words = words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"
        pieces.append(element("line", x1=x + 4, y1=y, x2=RIGHT + 4, y2=at - 4, class_="leader"))
        pieces.append(element("text", escape(words), x=RIGHT + 7, y=at, class_="label", lang=language))
    return pieces


def course_text(course: Course) -> str:
    """Return “0: 0 %, 8: −33 %, 16: −47 %” for the table beside the charts."""
    points = zip(course.weeks[1:], course.log_ratios[1:], strict=True)
    return ", ".join(f"{week:g}: {signed(percent_of(ratio))}" for week, ratio in points)
