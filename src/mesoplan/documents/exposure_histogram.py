"""The exposure-volume histogram of one zone: lines of a small drawing, and the drawing as it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from mesoplan.domain.exposure import HistogramStep

WIDE, TALL = 200.0, 80.0
MOST_SHARE = 3.0
_INK, _GREY, _LINE, _RULE = "#13212A", "#41535C", "#0A6573", "#C3CED3"


@dataclass(frozen=True)
class Histogram:
    """Points of the lines in a drawing of 200 × 80, y down; where the share is that counts as covered."""

    line: str
    band: str
    covered_x: str
    covered_y: str


def histogram_of(steps: Sequence[HistogramStep], covered_from: float) -> Histogram:
    """Return the lines; they begin at 1, for all of the layer gets at least nothing."""
    middle = _points([(0.0, 1.0), *((one.share, one.reached.middle) for one in steps)])
    high = [(0.0, 1.0), *((one.share, one.reached.high) for one in steps)]
    low = [(0.0, 1.0), *((one.share, one.reached.low) for one in steps)]
    covered = next(one.reached.middle for one in steps if one.share == covered_from)
    x, y = _at(covered_from, covered)
    return Histogram(middle, f"{_points(high)} {_points(low[::-1])}", x, y)


def _at(share: float, reached: float) -> tuple[str, str]:
    return f"{share / MOST_SHARE * WIDE:.1f}", f"{(1 - reached) * TALL:.1f}"


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(",".join(_at(*place)) for place in places)


def histogram_svg(histogram: Histogram, title: str) -> str:
    """Return the drawing for paper: part of the layer in per cent over times the mean."""
    grid = "".join(f'<path d="M0 {y}H200" stroke="{_RULE}" stroke-width="0.8"/>' for y in (0, 40, 80))
    marks = "".join(
        f'<text x="{x:g}" y="93" text-anchor="middle">{share}</text>'
        for share, x in ((one, one / MOST_SHARE * WIDE) for one in range(round(MOST_SHARE) + 1))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-30 -7 242 115"><title>{escape(title)}</title>{grid}'
        f'<polygon points="{histogram.band}" fill="{_LINE}" fill-opacity="0.2"/>'
        f'<polyline points="{histogram.line}" fill="none" stroke="{_LINE}" stroke-width="1.8"/>'
        f'<circle cx="{histogram.covered_x}" cy="{histogram.covered_y}" r="3.4" fill="#FFFFFF" stroke="{_INK}"'
        f' stroke-width="1.6"/><g font-size="11" fill="{_GREY}"><text x="-4" y="4" text-anchor="end">100 %</text>'
        f'<text x="-4" y="84" text-anchor="end">0</text>{marks}'
        f'<text x="100" y="105" text-anchor="middle">times the mean, and more</text></g></svg>'
    )
