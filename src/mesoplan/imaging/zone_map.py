"""Drawings on which zones are chosen: the head with face and neck, and a neutral body from front and back.

A region is a shape that a press can hit; which zone it is, it says by `data-zone`. The drawings say nothing that a
list of names beside them does not say, so they are hidden from screen readers.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import numpy as np

from mesoplan.imaging.face_drawing import template_head
from mesoplan.imaging.face_shape import template_face
from mesoplan.imaging.face_view import View
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, face_zone_ids
from mesoplan.imaging.map_style import paint
from mesoplan.imaging.svg import element, number, path_data, smooth_line, smooth_path_data, text
from mesoplan.imaging.zone_edges import edge_runs
from mesoplan.kernels.mesh import Floats


class Figure(StrEnum):
    """What is drawn."""

    HEAD = "head"
    FRONT = "front"
    BACK = "back"


@dataclass(frozen=True)
class FigureWords:
    """The words on a drawing, in the reader's language."""

    right: str
    left: str
    caption: str = ""


class _Frame(NamedTuple):
    """Borders in mm, y up."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def top(self) -> float:
        return self.bottom + self.height


_HEAD_FRAME = _Frame(-88.0, -142.0, 176.0, 292.0)
# A body is shown from its head down to below the last place that can be chosen, at most to the shins.
_BODY_LEFT, _BODY_TOP, _LOWEST, _BELOW = -315.0, 1720.0, 300.0, 220.0
_SAMPLES = 5


@functools.cache
def _drawing() -> dict[str, Any]:
    read = resources.files("mesoplan.imaging").joinpath("data", "body_map.json").read_text("utf-8")
    drawing: dict[str, Any] = json.loads(read)
    return drawing


@functools.cache
def regions_of(figure: Figure) -> Mapping[str, str]:
    """Return the zones that a drawing shows, each with the `d` of its shape; what lies above comes last."""
    found = {zone: _on_face(zone) for zone in face_zone_ids() if figure is Figure.HEAD}
    found = {zone: shape for zone, shape in found.items() if zone not in NO_INJECTION_ZONES}
    for name, drawn in _drawing()["figures"][figure]["zones"].items():
        if "middle" in drawn:
            half = np.array(drawn["middle"], dtype=np.float64)
            found[name] = smooth_path_data(np.concatenate([half, _mirrored(half)[::-1]]))
        else:
            half = np.array(drawn["half"], dtype=np.float64)
            # In a view from the back the patient's right is on the right.
            sides = ("right", "left") if figure is Figure.BACK else ("left", "right")
            found[f"{name}-{sides[0]}"] = smooth_path_data(half)
            found[f"{name}-{sides[1]}"] = smooth_path_data(_mirrored(half))
    return found


def figures_for(zones: frozenset[str]) -> list[Figure]:
    """Return the drawings that show any of these zones, no more than are needed."""
    return [figure for figure in Figure if zones & set(regions_of(figure))]


def figure_svg(
    figure: Figure, titles: Mapping[str, str], words: FigureWords, *, shading_href: str | None = None, uid: str
) -> str:
    """Return one drawing; its regions are those zones of `titles` that it shows.

    Parameters
    ----------
    titles : names of zones that can be chosen, by id
    shading_href : address of the shading of the head; without it the picture is carried inside
    uid : prefix of ids, another for each drawing of a page
    """
    shown = {zone: shape for zone, shape in regions_of(figure).items() if zone in titles}
    frame = _HEAD_FRAME if figure is Figure.HEAD else _body_frame(figure, shown)
    ground = template_head(View.FRONT, shading_href, uid) if figure is Figure.HEAD else _body(figure, frame, uid)
    regions = "".join(
        element("path", element("title", escape(titles[zone])), d=shape, class_="mp-region", data_zone=zone)
        for zone, shape in shown.items()
    )
    return element(
        "svg",
        ground + element("g", regions, class_="mp-regions") + _letters(figure, frame, words),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{number(frame.left)} {number(-frame.top)} {number(frame.width)} {number(frame.height)}",
        class_=f"mp-map mp-zone-map mp-zone-map-{figure.value}",
        aria_hidden="true",
        font_family="Inter, system-ui, sans-serif",
    )


def _body_frame(figure: Figure, shown: Iterable[str]) -> _Frame:
    names = {zone.removesuffix("-right").removesuffix("-left") for zone in shown}
    zones = _drawing()["figures"][figure]["zones"]
    lowest = min((y for name in names for half in zones[name].values() for _, y in half), default=0.0)
    bottom = max(_LOWEST, lowest - _BELOW)
    return _Frame(_BODY_LEFT, bottom, -2 * _BODY_LEFT, _BODY_TOP - bottom)


def _mirrored(half: Floats) -> Floats:
    return np.asarray(half * [-1.0, 1.0])


def _on_face(zone_id: str) -> str:
    runs = edge_runs(View.FRONT, zone_id, None, template_face(1.0))
    return "".join(path_data(run[::2], closed=True) for run, _ in runs)


def _body(figure: Figure, frame: _Frame, uid: str) -> str:
    """The silhouette, shaded towards its edge, with a few lines of what lies under the skin; below it fades out."""
    edge = np.array(_drawing()["skin"], dtype=np.float64)
    skin = smooth_path_data(np.concatenate([edge, _mirrored(edge)[::-1]]))
    lines = ""
    for points in _drawing()["figures"][figure]["lines"]:
        half = smooth_line(np.array(points, dtype=np.float64), closed=False, samples=_SAMPLES)
        lines += element("path", d=path_data(half) + path_data(_mirrored(half)))
    soft = element("feGaussianBlur", stdDeviation=16)
    stops = element("stop", offset=0.84, stop_color="#fff") + element("stop", offset=1, stop_color="#000")
    box = {"x": frame.left, "y": -frame.top, "width": frame.width, "height": frame.height}
    fade = element("rect", **box, fill=f"url(#{uid}-fade)")
    defs = (
        element("clipPath", element("path", d=skin), id=f"{uid}-skin")
        + element("filter", soft, id=f"{uid}-soft", x="-10%", y="-10%", width="120%", height="120%")
        + element("linearGradient", stops, id=f"{uid}-fade", x1=0, y1=0, x2=0, y2=1)
        + element("mask", fade, id=f"{uid}-below", maskUnits="userSpaceOnUse", **box)
    )
    clay, shade = paint("mp-map-clay"), paint("mp-map-ear-line")
    drawn = element("path", d=skin, **clay, stroke_width=3)
    shaded = element("path", d=skin, **shade, stroke_width=26, filter=f"url(#{uid}-soft)", opacity=0.55)
    drawn += element("g", shaded, clip_path=f"url(#{uid}-skin)")
    drawn += element("g", lines, **paint("mp-map-feature"), stroke_width=3, stroke_linecap="round", opacity=0.45)
    return element("defs", defs) + element("g", drawn, mask=f"url(#{uid}-below)")


def _letters(figure: Figure, frame: _Frame, words: FigureWords) -> str:
    """R and L of the patient beside the drawing, and what it is."""
    size = frame.width / 15
    first, last = (words.left, words.right) if figure is Figure.BACK else (words.right, words.left)
    look = paint("mp-map-letter") | {"font_size": size, "font_weight": 600, "text_anchor": "middle"}
    high = frame.top - 1.4 * size
    parts = text(first, frame.left + size, high, **look)
    parts += text(last, frame.left + frame.width - size, high, **look)
    if words.caption:
        caption = look | {"font_size": size * 0.8, "font_weight": 500}
        parts += text(words.caption, frame.left + frame.width / 2, frame.bottom + 0.5 * size, **caption)
    return parts
