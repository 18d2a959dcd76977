"""A forest plot as SVG: a row for each figure with its interval, to scale, and a diamond for what they say together.

The bar through the diamond is the interval for a new study. A hollow mark is a figure that is doubtful; a mark without
a line has no known error. Arrows say that an interval runs on beyond the axis.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log1p
from xml.sax.saxutils import escape

from mesoplan.domain.writing import FIXED_SPACE, MINUS
from mesoplan.imaging.svg import element

WIDTH, LABELS, NOTES, COUNTS, TIMES = 790.0, 262.0, 166.0, 60.0, 44.0
ROW, HEAD, TOP, FOOT = 26.0, 30.0, 34.0, 66.0
LEFT, RIGHT = LABELS, WIDTH - NOTES - COUNTS
LETTER = 6.7
"""Width of a letter of the labels, for cutting them before they meet the plot."""

STYLE = """
text { font: 13px Inter, system-ui, sans-serif; fill: #13212A; }
.head { font-weight: 600; } .note, .tick { fill: #41535C; } .note { font-variant-numeric: tabular-nums; }
.grid { stroke: #D2DBDF; } .zero { stroke: #41535C; stroke-dasharray: 4 3; }
.whisker, .hollow { stroke: #0A6573; stroke-width: 2; } .mark { fill: #0A6573; } .hollow { fill: #FFFFFF; }
.control .whisker, .control .hollow { stroke: #56606A; } .control .mark { fill: #56606A; }
.diamond { fill: #13212A; } .predicted { stroke: #13212A; stroke-width: 4; opacity: 0.45; } .ground { fill: #FFFFFF; }
.band { fill: #EEF2F3; }
"""
"""For a file that stands alone; pages bring their own colours."""


@dataclass(frozen=True)
class Axis:
    """The scale of the plot, linear in what rows hold; `zero` is where nothing changed."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    title: str
    zero: float | None = None
    lower_side: str = ""
    higher_side: str = ""
    left: float = LEFT
    right: float = RIGHT

    def x(self, value: float) -> float:
        """Return the place of a value, at the edge where it lies beyond."""
        inside = min(max(value, self.low), self.high)
        return self.left + (inside - self.low) / (self.high - self.low) * (self.right - self.left)


@dataclass(frozen=True)
class Row:
    """One figure. `kind` is a class of the mark; `size` its half width in pixels."""

    label: str
    time: str
    count: str
    note: str
    value: float
    interval: tuple[float, float] | None = None
    hollow: bool = False
    kind: str = "active"
    size: float = 4.5
    href: str = ""
    whole: str = ""


@dataclass(frozen=True)
class SummaryRow:
    """What the rows above say together, and under it what a new study must expect."""

    label: str
    note: str
    mean: float
    interval: tuple[float, float]
    predicted: tuple[float, float] | None
    predicted_label: str
    predicted_note: str


@dataclass(frozen=True)
class Section:
    """Rows under one head."""

    title: str
    rows: tuple[Row, ...]
    summaries: tuple[SummaryRow, ...] = ()


def ratio_axis(
    percents: Sequence[float],
    title: str,
    low: float,
    high: float,
    *,
    lines_only: Sequence[float] = (),
    lower_side: str = "",
    higher_side: str = "",
) -> Axis:
    """Return an axis of changes in per cent that is even in the logarithm of the ratio.

    At `lines_only` there is no number, for lack of room.
    """
    ticks = tuple((_log_ratio(percent), _number(percent) if percent not in lines_only else "") for percent in percents)
    return Axis(_log_ratio(low), _log_ratio(high), ticks, title, 0.0, lower_side, higher_side)


def _number(percent: float) -> str:
    return signed(percent).removesuffix(f"{FIXED_SPACE}%")


def _log_ratio(percent: float) -> float:
    return log1p(percent / 100)


def signed(percent: float) -> str:
    """Return a change as it is written: −50 %, 0 %, +25 %."""
    sign = MINUS if round(percent) < 0 else "+" if round(percent) > 0 else ""
    return f"{sign}{abs(percent):.0f}{FIXED_SPACE}%"


def range_of(low: float, high: float) -> str:
    """Return two changes as an interval: “−53 … −41 %”, for a dash beside a minus sign cannot be read."""
    return f"{_number(low)} … {signed(high)}"


def forest_plot(
    sections: Sequence[Section],
    axis: Axis,
    *,
    name: str,
    columns: tuple[str, str, str, str],
    legend: str,
    labels_in: str | None = None,
    alone: bool = False,
) -> str:
    """Return the plot. `name` is what a screen reader says of it; `alone` brings its own colours for a file.

    `labels_in` is the language of the labels of rows, where it is not that of everything else.
    """
    body, y = [_columns(columns, axis)], TOP
    for section in sections:
        drawn, y = _section(section, axis, y, labels_in)
        body.extend(drawn)
    height = y + FOOT
    pieces = [*_ground(axis, y, height, alone), *body, _text(legend, 4, height - 8, "tick")]
    namespace = {"xmlns": "http://www.w3.org/2000/svg", "width": WIDTH, "height": height} if alone else {}
    head = element("title", escape(name)) + (element("style", STYLE) if alone else "")
    view = f"0 0 {WIDTH:g} {height:g}"
    return element(
        "svg", head + "".join(pieces), viewBox=view, class_="forest", role="group", aria_label=name, **namespace
    )


def _text(words: str, x: float, y: float, /, kind: str = "", anchor: str | None = None) -> str:
    return element("text", escape(words), x=x, y=y, class_=kind or None, text_anchor=anchor)


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def _columns(columns: tuple[str, str, str, str], axis: Axis) -> str:
    first, time, count, note = columns
    ends = ((time, axis.left - 10), (count, RIGHT + COUNTS), (note, WIDTH - 4))
    return _text(first, 4, 18, "note") + "".join(_text(words, x, 18, "note", "end") for words, x in ends)


def _ground(axis: Axis, bottom: float, height: float, alone: bool) -> Iterable[str]:
    if alone:
        yield element("rect", x=0.0, y=0.0, width=WIDTH, height=height, class_="ground")
    for value, words in axis.ticks:
        x = axis.x(value)
        yield _line(x, TOP - 6, x, bottom, "zero" if value == axis.zero else "grid")
        yield _text(words, x, bottom + 16, "tick", "middle")
    yield _text(axis.title, (axis.left + axis.right) / 2, bottom + 36, "tick", "middle")
    if axis.lower_side:
        yield _text(f"← {axis.lower_side}", axis.x(axis.zero or 0.0) - 6, 18, "tick", "end")
    if axis.higher_side:
        yield _text(f"{axis.higher_side} →", axis.x(axis.zero or 0.0) + 6, 18, "tick")


def _section(section: Section, axis: Axis, y: float, language: str | None) -> tuple[list[str], float]:
    drawn = [_text(section.title, 4, y + 20, "head")] if section.title else []
    y += HEAD if section.title else 4
    for row in section.rows:
        drawn.append(_row(row, axis, y, language))
        y += ROW
    for summary in section.summaries:
        drawn.append(_summary(summary, axis, y))
        y += 2 * ROW
    return drawn, y + 8


def _row(row: Row, axis: Axis, top: float, language: str | None) -> str:
    y = top + ROW / 2
    pieces = [element("rect", x=0.0, y=top, width=WIDTH, height=ROW, class_="hit", fill="none", pointer_events="all")]
    pieces.append(_text(_short(row.label, axis.left - TIMES), 4, y + 4.5, "label"))
    if row.interval is not None:
        pieces.append(_whisker(axis, row.interval, y, "whisker"))
    pieces.append(_mark(row, axis, y))
    pieces.append(_text(row.time, axis.left - 10, y + 4.5, "note", "end"))
    pieces.append(_text(row.count, RIGHT + COUNTS, y + 4.5, "note", "end"))
    pieces.append(_text(row.note, WIDTH - 4, y + 4.5, "note", "end"))
    inner = element("title", escape(row.whole)) + "".join(pieces)
    kind = f"row {row.kind}"
    if not row.href:
        return element("g", inner, class_=kind, lang=language)
    return element("a", inner, href=row.href, class_=kind, lang=language, aria_label=row.whole or row.label)


def _short(label: str, width: float) -> str:
    most = int(width / LETTER)
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}…"


def _mark(row: Row, axis: Axis, y: float) -> str:
    if not axis.low <= row.value <= axis.high:
        return ""
    x, half = axis.x(row.value), row.size
    kind = "hollow" if row.hollow else "mark"
    if row.interval is None:
        return element("circle", cx=x, cy=y, r=4.0, class_=kind)
    return element("rect", x=x - half, y=y - half, width=2 * half, height=2 * half, class_=kind)


def _whisker(axis: Axis, interval: tuple[float, float], y: float, kind: str) -> str:
    low, high = axis.x(interval[0]), axis.x(interval[1])
    pieces = [_line(low, y, high, y, kind)]
    if interval[0] < axis.low:
        pieces.append(
            element(
                "path",
                d=f"M{low + 6:.1f},{y - 4:.1f}L{low:.1f},{y:.1f}L{low + 6:.1f},{y + 4:.1f}",
                class_=kind,
                fill="none",
            )
        )
    if interval[1] > axis.high:
        pieces.append(
            element(
                "path",
                d=f"M{high - 6:.1f},{y - 4:.1f}L{high:.1f},{y:.1f}L{high - 6:.1f},{y + 4:.1f}",
                class_=kind,
                fill="none",
            )
        )
    return "".join(pieces)


def _summary(summary: SummaryRow, axis: Axis, top: float) -> str:
    y, below = top + ROW / 2, top + 1.5 * ROW
    low, middle, high = (axis.x(value) for value in (summary.interval[0], summary.mean, summary.interval[1]))
    diamond = f"M{low:.1f},{y:.1f}L{middle:.1f},{y - 7:.1f}L{high:.1f},{y:.1f}L{middle:.1f},{y + 7:.1f}Z"
    pieces = [
        element("rect", x=0.0, y=top + 1, width=WIDTH, height=2 * ROW - 2, class_="band"),
        element("path", d=diamond, class_="diamond"),
        _text(summary.label, 4, y + 4.5, "head"),
        _text(summary.note, WIDTH - 4, y + 4.5, "note", "end"),
        _text(summary.predicted_label, 4, below + 4.5, "label"),
        _text(summary.predicted_note, WIDTH - 4, below + 4.5, "note", "end"),
    ]
    if summary.predicted is not None:
        pieces.append(_whisker(axis, summary.predicted, below, "predicted"))
    return element("g", "".join(pieces), class_="summary")
