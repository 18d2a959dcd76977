"""Marks that the maps of face and patch share: points, scale bar, hatch, and lines cut where they are hidden."""

from __future__ import annotations

import numpy as np

from mesoplan.imaging.face_view import Seen
from mesoplan.imaging.map_style import paint
from mesoplan.imaging.svg import element, text
from mesoplan.kernels.mesh import Floats

POINT_RADIUS_MM = 2.5
SCALE_BAR_MM = 20.0
_TURNED_AWAY = 0.35


def numbered_point(x: float, y: float, label: str, facing: float = 1.0) -> str:
    """One injection point: a ring with its number. Skin that turns away from the viewer crowds its points, so
    there a dot stands for the ring; its number is read in another view."""
    place = {"cx": float(x), "cy": float(-y)}
    if facing < _TURNED_AWAY:
        parts = element("circle", **place, r=0.8, **paint("mp-map-point-number"))
        return element("g", parts, class_="mp-map-point mp-map-point-turned", data_point=label or None)
    ring = paint("mp-map-point-ring") | {"stroke_width": 0.55, "r": POINT_RADIUS_MM}
    parts = element("circle", **place, **ring)
    if label:
        size = 2.9 if len(label) < 3 else 2.3
        look = paint("mp-map-point-number") | {"font_size": size, "font_weight": 600, "text_anchor": "middle"}
        parts += text(label, float(x), float(y) - 0.36 * size, **look)
    else:
        parts += element("circle", **place, r=0.7, **paint("mp-map-point-number"))
    return element("g", parts, class_="mp-map-point", data_point=label or None)


def scale_bar(x: float, y: float) -> str:
    """A bar of 20 mm whose left end is at (x, y), with its figures above."""
    look = paint("mp-map-scale") | {"stroke_width": 0.6}
    end = x + SCALE_BAR_MM
    path = f"M{x:.2f},{-y - 1.5:.2f}v3M{x:.2f},{-y:.2f}H{end:.2f}M{end:.2f},{-y - 1.5:.2f}v3"
    words = paint("mp-map-scale-text") | {"font_size": 4.6, "text_anchor": "middle"}
    figures = text("0", x, y + 3.4, **words) + text(f"{SCALE_BAR_MM:g} mm", end, y + 3.4, **words)
    return element("g", element("path", d=path, **look) + figures, class_="mp-map-scale-bar")


def hatch(pattern_id: str) -> str:
    """The pattern of skin that takes no injection."""
    line = element("path", d="M0,-1V5", **paint("mp-map-hatch"), stroke_width=0.55, opacity=0.6)
    return element(
        "pattern",
        line,
        id=pattern_id,
        width=2.4,
        height=4.0,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


def visible_runs(seen: Seen, *, closed: bool) -> list[tuple[Floats, bool]]:
    """The stretches of a line that can be seen, each with whether it is the whole closed line."""
    shown = ~seen.hidden
    if shown.all():
        return [(seen.xy_mm, closed)]
    if not shown.any():
        return []
    # A closed line is turned so that it starts behind a hidden place: no stretch runs over its end.
    start = int(np.flatnonzero(~shown)[0]) if closed else 0
    xy, shown = np.roll(seen.xy_mm, -start, axis=0), np.roll(shown, -start)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], shown, [False]]).astype(np.int8)))
    runs = [xy[first:last] for first, last in edges.reshape(-1, 2)]
    return [(run, False) for run in runs if len(run) > 2]
