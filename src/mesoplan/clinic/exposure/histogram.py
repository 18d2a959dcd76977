"""The exposure-volume histogram of one zone as lines of a small drawing, and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mesoplan.clinic.shell.writing import number_text
from mesoplan.domain.exposure import HistogramStep

WIDE, TALL = 200.0, 80.0
MOST_SHARE = 3.0


@dataclass(frozen=True)
class Histogram:
    """Points of the lines in a drawing of 200 × 80, y down; where the share is that counts as covered."""

    line: str
    band: str
    covered_x: str
    covered_y: str
    said: str


def histogram_of(steps: Sequence[HistogramStep], covered_from: float) -> Histogram:
    """All of the layer gets at least nothing: the lines begin there."""
    middle = _points([(0.0, 1.0), *((one.share, one.reached.middle) for one in steps)])
    high = [(0.0, 1.0), *((one.share, one.reached.high) for one in steps)]
    low = [(0.0, 1.0), *((one.share, one.reached.low) for one in steps)]
    covered = next(one.reached.middle for one in steps if one.share == covered_from)
    named = (one for one in steps if one.share in (0.25, 0.5, 1.0, 1.5, 2.0))
    parts = [
        _("%(percent)s %% gets at least %(share)s of the mean")
        % {"percent": number_text(100 * one.reached.middle, decimals=0), "share": number_text(one.share)}
        for one in named
    ]
    x, y = _at(covered_from, covered)
    return Histogram(middle, f"{_points(high)} {_points(low[::-1])}", x, y, "; ".join(parts))


def _at(share: float, reached: float) -> tuple[str, str]:
    return f"{share / MOST_SHARE * WIDE:.1f}", f"{(1 - reached) * TALL:.1f}"


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(",".join(_at(*place)) for place in places)
