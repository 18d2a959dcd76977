"""The map of a flat patch of neck or body as SVG, to scale: its border, its edge margin and its numbered points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np

from mesoplan.domain.plan import Place
from mesoplan.imaging.drawn_patch import drawn_patch
from mesoplan.imaging.face_drawing import MapWords
from mesoplan.imaging.kept_clear_drawing import KeptMarks, kept_on_patch_svg
from mesoplan.imaging.map_marks import numbered_point, scale_bar
from mesoplan.imaging.map_style import map_css, paint, zone_colour, zone_dash
from mesoplan.imaging.patch_placement import Patch
from mesoplan.imaging.svg import element, number, path_data, text
from mesoplan.kernels.mesh import Floats

_BORDER_MM, _HEAD_MM, _FOOT_MM, _LEAST_WIDTH_MM = 8.0, 12.0, 12.0, 60.0


@dataclass(frozen=True, eq=False)
class PatchMap:
    """What is drawn.

    Attributes
    ----------
    patch : Patch
    positions_mm : (n, 2) from the centre of the patch
    numbers : the label of each point
    style : int
        1 to 8: colour and dash of the border.
    margin_mm : float
        Edge margin to be shown; 0 for none.
    outline : tuple of Place or None
        The edge as it was drawn for this patient; without it, that of the patch.
    zone_id : str
        Names the group of the edge; empty for no name.
    kept : places that are kept clear
    coverage : str
        What `coverage_drawing` draws of it.
    """

    patch: Patch
    positions_mm: Floats
    numbers: Sequence[str] = ()
    style: int = 1
    margin_mm: float = 0.0
    outline: tuple[Place, ...] | None = None
    zone_id: str = ""
    kept: Sequence[KeptMarks] = ()
    coverage: str = ""

    def edge_mm(self) -> Floats:
        """Corners (n, 2) of the edge."""
        return self.patch.outline_mm() if self.outline is None else drawn_patch(self.outline).corners_mm


def patch_map_svg(patch_map: PatchMap, words: MapWords, *, embed_style: bool = False, uid: str = "patch") -> str:
    """The map of one patch; its view box is in mm, so the scale bar holds everywhere.

    Unless its edge was drawn, the patch has the typed area and a stated proportion, not the outline of the patient's
    skin. `words.caption`
    stands above it, for instance the zone with its area and measures; a side is named in it.
    """
    # About the centre of the patch, so that an edge that was drawn does not move the picture to a side.
    across, up = np.abs(np.concatenate([patch_map.patch.outline_mm(), patch_map.edge_mm()])).max(axis=0).tolist()
    half_width = max(across + _BORDER_MM, _LEAST_WIDTH_MM / 2)
    top, bottom = up + _HEAD_MM, -up - _FOOT_MM
    caption = paint("mp-map-caption") | {"font_size": 5.0, "font_weight": 600}
    parts = [
        element("title", escape(words.title), id=f"{uid}-title"),
        element("desc", escape(words.description), id=f"{uid}-desc") if words.description else "",
        element("style", map_css()) if embed_style else "",
        patch_edge_svg(patch_map),
        element("g", patch_map.coverage, id=f"{uid}-coverage", data_coverage=""),
        element("g", kept_on_patch_svg(patch_map.kept), data_kept=""),
        *_points(patch_map),
        text(words.caption, -half_width + 3.0, top - 7.0, **caption) if words.caption else "",
        scale_bar(-half_width + 6.0, bottom + 3.5),
    ]
    return element(
        "svg",
        "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{number(-half_width)} {number(-top)} {number(2 * half_width)} {number(top - bottom)}",
        class_="mp-map mp-map-patch",
        role="img",
        aria_labelledby=f"{uid}-title {uid}-desc" if words.description else f"{uid}-title",
        font_family="Inter, system-ui, sans-serif",
    )


def patch_edge_svg(patch_map: PatchMap) -> str:
    """Return the skin and its edge as a group of the drawing's SVG, named by `data-zone`."""
    outline = patch_map.edge_mm()
    colour, style = zone_colour(patch_map.style), patch_map.style
    skin = element("path", d=path_data(outline, closed=True), **paint("mp-map-skin"), opacity=0.7)
    look = {"class_": f"mp-map-zone-{style}", "fill": "none", "stroke": colour, "stroke_width": 0.9}
    border = element("path", d=path_data(outline, closed=True), **look, stroke_dasharray=zone_dash(style))
    return element("g", skin + _margin(patch_map) + border, data_zone=patch_map.zone_id or None)


def _margin(patch_map: PatchMap) -> str:
    line = _margin_line_mm(patch_map)
    look = paint("mp-map-margin") | {"stroke_width": 0.35, "stroke_dasharray": "1.2 1.2"}
    return element("path", d=path_data(line, closed=True), **look) if len(line) else ""


def _margin_line_mm(patch_map: PatchMap) -> Floats:
    """The line that keeps the margin (n, 2); empty for no margin, and where nothing is that far inside."""
    patch, inset = patch_map.patch, 2 * patch_map.margin_mm
    if patch_map.outline is not None and inset > 0:
        return drawn_patch(patch_map.outline).margin_line_mm(patch_map.margin_mm)
    if patch_map.outline is not None or not 0 < inset < min(patch.width_mm, patch.height_mm):
        return np.zeros((0, 2))
    return Patch(patch.shape, patch.width_mm - inset, patch.height_mm - inset).outline_mm()


def _points(patch_map: PatchMap) -> list[str]:
    numbers = patch_map.numbers or ("",) * len(patch_map.positions_mm)
    return [numbered_point(x, y, label) for (x, y), label in zip(patch_map.positions_mm.tolist(), numbers, strict=True)]
