"""A section of the skin with the needle in it, all in one scale: numbers for an SVG whose unit is a millimetre.

Pages and papers draw it in their own colours from these numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

from mesoplan.domain.evaluation import Landing
from mesoplan.domain.writing import Language, number_text
from mesoplan.kernels.depot import Depot

WIDTH_MM = 8.0
ABOVE_MM = 1.1
OUTSIDE_MM = 2.2
BEVEL_DIAMETERS = 3.0
"""How long the bevel is drawn, in outer diameters: its shape is schematic, the width of the needle is to scale."""
_STEPS = (0.5, 1.0, 2.0, 5.0, 10.0)
_SPREAD_MM = 6.05
"""Where it is drawn how deep the tip may lie; left of it there is room for needle and drop."""
_HALF_ROOM_MM = 2.85


@dataclass(frozen=True)
class Tick:
    """A mark of the ruler."""

    y: float
    text_y: float
    label: str


@dataclass(frozen=True)
class SkinSection:
    """Lengths in mm; y runs down from the surface. `thin` and `thick` are where the skin may end."""

    width: float
    top: float
    bottom: float
    height: float
    epidermis: float
    thin: float
    thick: float
    maybe: float
    below: float
    hub_x: float
    hub_y: float
    entry_x: float
    tip_x: float
    tip_y: float
    needle: str
    needle_wide: str
    low: float
    high: float
    spread_height: float
    ticks: tuple[Tick, ...]
    text: float
    label_x: float
    dermis_text: float
    maybe_text: float
    spread_x: float
    spread_width: float
    tip_r: float
    tick_x: float
    ruler_x: float


def section_of(
    landing: Landing,
    angle_deg: float,
    inserted_mm: float,
    needle_mm: float,
    language: Language = Language.ENGLISH,
    drop: Depot | None = None,
) -> SkinSection | None:
    """Return the drawing of one landing with a needle of some outer diameter; None where the skin is not known.

    With a drop it is as large as the drop needs, and the tip lies in its middle.
    """
    if landing.skin_mm is None:
        return None
    thin, thick = landing.skin_mm
    low, high = landing.depth_range_mm
    deepest = max(thick, high, landing.depth_mm, drop.bottom_mm if drop else 0.0)
    scale = max(1.0, deepest * 1.25 / 4.0, drop.radius_mm / _HALF_ROOM_MM if drop else 0.0)
    width, bottom = WIDTH_MM * scale, max(deepest * 1.18 + 0.3, scale if drop else 0.0)
    run, outside = inserted_mm * cos(radians(angle_deg)), OUTSIDE_MM * scale
    entry = max(1.6 * scale, 3.4 * scale - run / 2) if drop is None else _SPREAD_MM * scale / 2 - run
    return SkinSection(
        width=round(width, 3),
        top=round(-ABOVE_MM * scale, 3),
        bottom=round(bottom, 3),
        height=round(bottom + ABOVE_MM * scale, 3),
        epidermis=round(landing.epidermis_mm[1], 3) if landing.epidermis_mm else 0.0,
        thin=thin,
        thick=thick,
        maybe=round(thick - thin, 3),
        below=round(max(bottom - thick, 0.0), 3),
        hub_x=round(entry - outside * cos(radians(angle_deg)), 3),
        hub_y=round(-outside * sin(radians(angle_deg)), 3),
        entry_x=round(entry, 3),
        tip_x=round(entry + run, 3),
        tip_y=landing.depth_mm,
        needle=_outline(
            (entry - outside * cos(radians(angle_deg)), -outside * sin(radians(angle_deg))),
            (entry + run, landing.depth_mm),
            angle_deg,
            needle_mm,
        ),
        needle_wide=number_text(needle_mm, decimals=2, language=language),
        low=low,
        high=high,
        spread_height=round(max(high - low, 0.02), 3),
        ticks=_ticks(bottom, 0.3 * scale, language),
        text=round(0.36 * scale, 3),
        label_x=round(0.14 * scale, 3),
        dermis_text=round(max(thin * 0.5 + 0.12 * scale, 0.34 * scale), 3),
        maybe_text=round((thin + thick) / 2 + 0.12 * scale, 3),
        spread_x=round(_SPREAD_MM * scale, 3),
        spread_width=round(0.34 * scale, 3),
        tip_r=round(0.13 * scale, 3),
        tick_x=round(width - 0.3 * scale, 3),
        ruler_x=round(width - 0.4 * scale, 3),
    )


def _outline(hub: tuple[float, float], tip: tuple[float, float], angle_deg: float, wide_mm: float) -> str:
    """Return the needle as a polygon in its own width; its tip is the deepest place, its bevel looks up."""
    along = cos(radians(angle_deg)), sin(radians(angle_deg))
    up = sin(radians(angle_deg)) * wide_mm, -cos(radians(angle_deg)) * wide_mm
    back = min(BEVEL_DIAMETERS * wide_mm, ((tip[0] - hub[0]) ** 2 + (tip[1] - hub[1]) ** 2) ** 0.5)
    shoulder = tip[0] - back * along[0] + up[0], tip[1] - back * along[1] + up[1]
    corners = (hub, tip, shoulder, (hub[0] + up[0], hub[1] + up[1]))
    return " ".join(f"{x:.3f},{y:.3f}" for x, y in corners)


def _ticks(bottom: float, text: float, language: Language) -> tuple[Tick, ...]:
    step = next((one for one in _STEPS if bottom / one <= 6 and one >= 1.5 * text), _STEPS[-1])
    count = int((bottom - text / 2) / step + 1e-9)
    return tuple(
        Tick(round(index * step, 3), round(index * step + text / 2.4, 3), number_text(index * step, language=language))
        for index in range(count + 1)
    )
