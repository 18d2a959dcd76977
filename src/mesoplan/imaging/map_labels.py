"""Names of zones beside the head, each with a line to its zone, none over another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from mesoplan.imaging.map_style import paint, zone_colour
from mesoplan.imaging.svg import element, text
from mesoplan.kernels.mesh import Floats

_FONT_MM, _HEIGHT_MM, _APART_MM = 4.8, 8.0, 10.0
_WIDTH_PER_LETTER, _PADDING_MM = 0.53, 3.0
_EDGE_MM = 3.0


def label_lines(named: Sequence[tuple[str, int, Floats]], left: float, right: float) -> Iterator[str]:
    """Labels of zones, given as name, style and outline (n, 2) as seen; on the side where the zone lies.

    Zones of the midline go to the side with fewer labels, the right of the picture first.
    """
    columns: dict[int, list[tuple[str, int, Floats]]] = {-1: [], 1: []}
    for entry in sorted(named, key=lambda entry: abs(float(entry[2][:, 0].mean())) < 8.0):
        across = float(entry[2][:, 0].mean())
        side = -1 if across < 0 else 1
        if abs(across) < 8.0:
            side = 1 if len(columns[1]) <= len(columns[-1]) else -1
        columns[side].append(entry)
    edges = {-1: left + _EDGE_MM, 1: right - _EDGE_MM}
    for side, entries in columns.items():
        entries.sort(key=lambda entry: -float(entry[2][:, 1].mean()))
        heights = _spread([float(entry[2][:, 1].mean()) for entry in entries])
        for (name, style, outline), height in zip(entries, heights, strict=True):
            yield _label(name, style, outline, side, edges[side], height)


def _spread(wanted: list[float]) -> list[float]:
    """Heights from the top down, near those wanted and one line apart."""
    heights = list(wanted)
    for _ in range(60):
        for upper in range(len(heights) - 1):
            overlap = _APART_MM - (heights[upper] - heights[upper + 1])
            if overlap > 1e-6:
                heights[upper] += overlap / 2
                heights[upper + 1] -= overlap / 2
    return heights


def _label(name: str, style: int, outline: Floats, side: int, edge: float, height: float) -> str:
    colour = zone_colour(style)
    width = len(name) * _FONT_MM * _WIDTH_PER_LETTER + 2 * _PADDING_MM
    middle, inner = edge - side * width / 2, edge - side * width
    # The line ends on the outline where that comes nearest, a little inside of it.
    target = outline[np.hypot(outline[:, 0] - inner, outline[:, 1] - height).argmin()]
    stroke = {"class_": f"mp-map-zone-{style}", "stroke": colour, "fill": "none", "stroke_width": 0.5}
    leader = element("path", d=f"M{inner:.2f},{-height:.2f}L{target[0]:.2f},{-target[1]:.2f}", **stroke)
    box = element(
        "rect",
        x=float(min(edge, inner)),
        y=float(-height - _HEIGHT_MM / 2),
        width=float(width),
        height=_HEIGHT_MM,
        rx=_HEIGHT_MM / 2,
        class_=f"mp-map-label-box mp-map-zone-{style}",
        fill=paint("mp-map-label-box")["fill"],
        stroke=colour,
        stroke_width=0.6,
    )
    words = text(
        name,
        float(middle),
        float(height - 0.35 * _FONT_MM),
        class_=f"mp-map-zone-text-{style}",
        fill=colour,
        font_size=_FONT_MM,
        font_weight=600,
        text_anchor="middle",
    )
    return element("g", leader + box + words, class_="mp-map-label")
