"""The colours of coverage with their figures, for the legend of every map that has them."""

from __future__ import annotations

from mesoplan.imaging.coverage_drawing import MOST_SHARE, colour_of

_MARKS = {0: "0", 5: "50", 10: "100", 15: "150", 20: "200"}


def coverage_colours() -> list[tuple[str, str]]:
    """From nothing to twice the mean, each with its percentage where it has a mark."""
    return [(colour_of(tenth / 10), _MARKS.get(tenth, "")) for tenth in range(round(MOST_SHARE * 10) + 1)]
