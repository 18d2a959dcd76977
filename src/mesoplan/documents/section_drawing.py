"""The section of the skin as it is printed: layers, needle and drop in one scale."""

from __future__ import annotations

from xml.sax.saxutils import escape

from mesoplan.documents.skin_section import SkinSection
from mesoplan.imaging.svg import element
from mesoplan.kernels.depot import Depot

_INK, _GREY, _RULE = "#13212A", "#41535C", "#7F8D94"
_EPIDERMIS, _DERMIS, _MAYBE, _FAT, _DROP, _NEEDLE = "#C98F78", "#F3DDD3", "#F7E7D1", "#FBF1CF", "#0A6573", "#FFFFFF"
_DROP_OPACITY = 0.35
LAYER_COLOURS = (("epidermis", _EPIDERMIS), ("dermis", _DERMIS), ("dermis or fat", _MAYBE), ("fat", _FAT))
_LINE_MM = 0.03


def section_svg(section: SkinSection, drop: Depot | None, title: str) -> str:
    """Return the drawing of a section that was laid out for this drop."""
    parts = (
        element("title", escape(title)),
        _layers(section),
        _drop(section, drop),
        _needle(section),
        _ruler(section),
    )
    box = f"0 {section.top:.3f} {section.width:.3f} {section.height:.3f}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{"".join(parts)}</svg>'


def _edge(section: SkinSection) -> float:
    """Return where the skin ends at the right: depths are read on white."""
    return section.spread_x - section.spread_width / 2


def _layers(section: SkinSection) -> str:
    """Where dermis may have ended and fat begun, the colour is between those of both, and dashes bound it."""

    def band(top: float, bottom: float, fill: str) -> str:
        if bottom <= top:
            return ""
        return element("rect", x=0.0, y=top, width=_edge(section), height=bottom - top, fill=fill)

    def line(y: float, **more: object) -> str:
        return element("path", d=f"M0 {y:.3f}H{_edge(section):.3f}", stroke=_RULE, stroke_width=_LINE_MM, **more)

    return (
        band(0.0, section.thin, _DERMIS)
        + band(section.thin, section.thick, _MAYBE)
        + band(section.thick, section.bottom, _FAT)
        + band(0.0, section.epidermis, _EPIDERMIS)
        + line(0.0)
        + line(section.thin, stroke_dasharray="0.12 0.1")
        + line(section.thick, stroke_dasharray="0.12 0.1")
    )


def _drop(section: SkinSection, drop: Depot | None) -> str:
    """A ball, or a wheal with rounded sides; it hides neither layer nor needle."""
    if drop is None:
        return ""
    look = {"fill": _DROP, "fill_opacity": _DROP_OPACITY, "stroke": _DROP, "stroke_width": 2 * _LINE_MM}
    x, r, high = section.tip_x, drop.radius_mm, drop.bottom_mm - drop.top_mm
    if drop.is_ball:
        return element("circle", cx=x, cy=(drop.top_mm + drop.bottom_mm) / 2, r=r, **look)
    return element("rect", x=x - r, y=drop.top_mm, width=2 * r, height=high, rx=min(r, high / 2) / 2, **look)


def _needle(section: SkinSection) -> str:
    look = {"fill": _NEEDLE, "stroke": _INK, "stroke_width": _LINE_MM, "stroke_linejoin": "round"}
    return element("polygon", points=section.needle, **look)


def _ruler(section: SkinSection) -> str:
    """Depths, and beside them how deep the tip may lie."""
    words = {"font_size": section.text, "fill": _GREY, "text_anchor": "end"}
    wide = section.spread_width
    spread = element(
        "rect",
        x=section.spread_x,
        y=section.low,
        width=wide,
        height=section.spread_height,
        fill=_INK,
        fill_opacity=0.3,
    )
    beside = f"M{section.spread_x - 0.2 * wide:.3f} {section.tip_y:.3f}h{1.4 * wide:.3f}"
    tip = element("path", d=beside, stroke=_INK, stroke_width=0.2 * wide)
    ticks = "".join(
        element("path", d=f"M{section.tick_x:.3f} {one.y:.3f}H{section.width:.3f}", stroke=_INK, stroke_width=_LINE_MM)
        + element("text", one.label + ("" if one.y else " mm"), x=section.ruler_x, y=one.text_y, **words)
        for one in section.ticks
    )
    return spread + tip + ticks
