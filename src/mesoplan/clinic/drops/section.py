"""The section of the skin, to scale: what lies where in units of the drawing, one scale for both directions.

The scale steps, so that a slider moves the drop and not the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, exp, pi, radians, sin, sqrt

import numpy as np

from mesoplan.clinic.shell.writing import number_text, quantity_text
from mesoplan.kernels.depot import Depot
from mesoplan.planning.drop import skin_layers
from mesoplan.planning.drop_view import DropSetting, TipView

WIDE, HIGH = 660.0, 330.0
SIDE = 128.0
"""Width at the right where depths are read: how likely the tip is at each, and the ruler."""
SURFACE = 88.0
"""Where the surface lies; above it is the needle."""
_SCALES = (62.0, 48.0, 36.0, 27.0, 20.0, 15.0, 11.0)
"""Units a millimetre."""
_HALF, _NEARLY_ALL = sqrt(-2 * np.log(0.5)), sqrt(-2 * np.log(0.05))
"""How many standard deviations the outline about half and about 95 of 100 tips lies away, two ways at once."""
NOSE_MM, HUB_MM, HUB_HIGH_MM = 1.6, 6.0, 1.3
BEVEL_DIAMETERS = 3.0
ARC = 40.0
"""Radius of the arc that shows the angle."""


@dataclass(frozen=True)
class Mark:
    """A mark of the ruler with its text."""

    y: float
    text_y: float
    label: str


@dataclass(frozen=True)
class Stop:
    """A stop of the fade from dermis to fat: where, and the chance that the fat has begun there."""

    at: float
    share: float


@dataclass(frozen=True)
class Section:
    """In units of the drawing; y runs down."""

    scale: float
    right: float
    epidermis: float
    bottom_of_fade: float
    fade: tuple[Stop, ...]
    target_top: float
    target_high: float
    ceiling: float | None
    needle: str
    hub: str
    tip_x: float
    tip_y: float
    arc: str
    arc_x: float
    arc_y: float
    half: str
    nearly_all: str
    drop: Depot | None
    ball_y: float
    ball_r: float
    drop_x: float
    drop_y: float
    drop_wide: float
    drop_high: float
    volume_y: float
    violin: str
    ends_top: float
    ends_high: float
    likely_top: float
    likely_high: float
    ruler: tuple[Mark, ...]
    bar: float
    bar_label: str
    dermis_y: float
    fat_y: float


def section_of(
    setting: DropSetting, tip: TipView, drop: Depot | None, needle_mm: tuple[float, float], window: tuple[float, float]
) -> Section:
    """The drawing of one needle of some outer diameter and length; `drop` None where the liquid makes none."""
    deepest = max(tip.depths_mm[-1], drop.bottom_mm + 0.3 if drop else 0.0)
    run = setting.inserted_mm * cos(radians(setting.angle_deg))
    across = max(drop.radius_mm * 2 if drop else 0.0, run) + 2.5
    scale = next(
        (one for one in _SCALES if deepest * one <= HIGH - SURFACE and across * one <= WIDE - SIDE), _SCALES[-1]
    )
    right = WIDE - SIDE
    tip_x = right * 0.56 + run * scale * 0.2
    entry = tip_x - run * scale
    tip_y = SURFACE + setting.depth_mm * scale
    layers, high = skin_layers(tip.skin), tip.skin.total_mm[1]
    return Section(
        scale=scale,
        right=right,
        epidermis=_r(layers.epidermis_mm * scale),
        bottom_of_fade=_r(SURFACE + tip.depths_mm[-1] * scale),
        fade=_fade(tip),
        target_top=_r(SURFACE + window[0] * scale),
        target_high=_r(min(window[1] * scale, HIGH - SURFACE) - window[0] * scale),
        ceiling=None if tip.ceiling_mm is None else _r(SURFACE + tip.ceiling_mm * scale),
        needle=_needle((entry, SURFACE), (tip_x, tip_y), setting, needle_mm, scale),
        hub=_hub((entry, SURFACE), setting, needle_mm, scale),
        tip_x=_r(tip_x),
        tip_y=_r(tip_y),
        arc=_arc(entry, setting.angle_deg),
        arc_x=_r(entry + max(ARC, needle_mm[0] * scale / sin(radians(setting.angle_deg))) + 6),
        arc_y=SURFACE - 6,
        half=_tips(entry, setting, tip.strays, _HALF, scale),
        nearly_all=_tips(entry, setting, tip.strays, _NEARLY_ALL, scale),
        drop=drop,
        ball_y=_r(SURFACE + ((drop.top_mm + drop.bottom_mm) / 2 if drop else 0) * scale),
        ball_r=_r((drop.radius_mm if drop else 0) * scale),
        drop_x=_r(tip_x - (drop.radius_mm if drop else 0) * scale),
        drop_y=_r(SURFACE + (drop.top_mm if drop else 0) * scale),
        drop_wide=_r(2 * (drop.radius_mm if drop else 0) * scale),
        drop_high=_r((drop.bottom_mm - drop.top_mm if drop else 0) * scale),
        volume_y=_r(min(SURFACE + (drop.bottom_mm if drop else 0) * scale, HIGH) - 6),
        violin=_violin(tip, scale, right + 8),
        ends_top=_r(SURFACE + tip.skin.total_mm[0] * scale),
        ends_high=_r(max((high - tip.skin.total_mm[0]) * scale, 2.0)),
        likely_top=_r(SURFACE + tip.likely_mm[0] * scale),
        likely_high=_r((tip.likely_mm[1] - tip.likely_mm[0]) * scale),
        ruler=_ruler(scale),
        bar=_r(2 * scale if scale >= 20 else 5 * scale),
        bar_label=quantity_text(2 if scale >= 20 else 5, "mm"),
        dermis_y=_r(SURFACE + (layers.epidermis_mm + layers.skin_mm) / 2 * scale + 4),
        fat_y=_r(min(SURFACE + high * scale + 22, HIGH - 10)),
    )


def _r(value: float) -> float:
    return round(float(value), 1)


def _fade(tip: TipView) -> tuple[Stop, ...]:
    """Few stops where little changes."""
    stops, last = [Stop(0.0, 0.0)], 0.0
    for depth, share in zip(tip.depths_mm / tip.depths_mm[-1], tip.fat_from, strict=True):
        if abs(share - last) > 0.02 or depth == 1:
            stops.append(Stop(round(float(depth), 4), round(float(share), 3)))
            last = float(share)
    return tuple(stops)


def _needle(
    entry: tuple[float, float],
    tip: tuple[float, float],
    setting: DropSetting,
    needle_mm: tuple[float, float],
    scale: float,
) -> str:
    """The tube in its own width; its tip is the deepest place, its bevel looks up."""
    wide, length = needle_mm[0] * scale, needle_mm[1] * scale
    along = cos(radians(setting.angle_deg)), sin(radians(setting.angle_deg))
    up = along[1] * wide, -along[0] * wide
    start = tip[0] - along[0] * length, tip[1] - along[1] * length
    back = min(BEVEL_DIAMETERS * wide, length)
    shoulder = tip[0] - back * along[0] + up[0], tip[1] - back * along[1] + up[1]
    return _polygon(start, tip, shoulder, (start[0] + up[0], start[1] + up[1]))


def _hub(entry: tuple[float, float], setting: DropSetting, needle_mm: tuple[float, float], scale: float) -> str:
    """Where the needle ends above the skin; its shape is schematic."""
    along = cos(radians(setting.angle_deg)), sin(radians(setting.angle_deg))
    up = along[1], -along[0]
    outside, wide = (needle_mm[1] - setting.inserted_mm) * scale, needle_mm[0] * scale
    front = entry[0] - along[0] * outside + up[0] * wide / 2, entry[1] - along[1] * outside + up[1] * wide / 2

    def place(back_mm: float, aside: float) -> tuple[float, float]:
        back = back_mm * scale
        return front[0] - along[0] * back + up[0] * aside, front[1] - along[1] * back + up[1] * aside

    narrow, broad = wide * 0.9, HUB_HIGH_MM / 2 * scale
    sides = ((0.0, narrow), (NOSE_MM, broad), (NOSE_MM + HUB_MM, broad))
    return _polygon(*(place(*one) for one in sides), *(place(back, -aside) for back, aside in reversed(sides)))


def _polygon(*corners: tuple[float, float]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)


def _arc(entry: float, angle_deg: float) -> str:
    """Between the surface and the needle under it."""
    angle = radians(angle_deg)
    return (
        f"M{entry + ARC:.1f},{SURFACE:.1f} A{ARC:g},{ARC:g} 0 0 1 "
        f"{entry + ARC * cos(angle):.1f},{SURFACE + ARC * sin(angle):.1f}"
    )


def _tips(entry: float, setting: DropSetting, strays: tuple[float, float], far: float, scale: float) -> str:
    """Outline about tips: an ellipse in angle and length, bent as the needle turns about where it entered."""
    corners = []
    for turn in np.linspace(0, 2 * pi, 48, endpoint=False):
        angle = radians(min(max(setting.angle_deg + far * strays[0] * cos(turn), 0.0), 90.0))
        length = max(setting.inserted_mm + far * strays[1] * sin(turn), 0.0) * scale
        corners.append((entry + length * cos(angle), SURFACE + length * sin(angle)))
    return _polygon(*corners)


def _violin(tip: TipView, scale: float, left: float) -> str:
    """How likely the tip is at each depth, as wide as its peak allows."""
    share = tip.tip_per_mm / max(float(tip.tip_per_mm.max()), exp(-9))
    depths = tip.depths_mm - tip.depths_mm[0] / 2
    seen = share > 0.004
    outer = [(left + 36 * float(s), SURFACE + float(d) * scale) for d, s in zip(depths[seen], share[seen], strict=True)]
    return _polygon((left, outer[0][1]), *outer, (left, outer[-1][1])) if outer else ""


def _ruler(scale: float) -> tuple[Mark, ...]:
    step = next(one for one in (0.5, 1.0, 2.0, 5.0, 10.0) if one * scale >= 22)
    count = int((HIGH - SURFACE - 4) / scale / step)
    return tuple(
        Mark(_r(SURFACE + one * step * scale), _r(SURFACE + one * step * scale + 4), number_text(one * step))
        for one in range(count + 1)
    )
