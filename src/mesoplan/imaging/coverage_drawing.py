"""How evenly a zone is reached, as colours on the maps of face and patch: a small picture, a line at half, cold places.

Colours run from dark blue (nothing) over grey to yellow (twice the mean and more): in the order of brightness, so that
they are told apart whatever colours an eye sees, on light pages, dark ones and grey paper. The line is where the
exposure over the layer's thickness is the share from which it counts as covered.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from mesoplan.domain.plan import OnMesh, OnPatch, Place
from mesoplan.imaging.drawn_zone import FlatChart
from mesoplan.imaging.face_shape import FaceShape
from mesoplan.imaging.face_view import View, is_covered, is_turned_away, see_places
from mesoplan.imaging.forehead import load_skin_template
from mesoplan.imaging.map_style import paint
from mesoplan.imaging.placement import FacePoints
from mesoplan.imaging.png import encode_palette
from mesoplan.imaging.svg import element, path_data
from mesoplan.imaging.unfolded_zone import ColumnGrid, UnfoldedZone
from mesoplan.kernels.contours import closed_outlines
from mesoplan.kernels.mesh import Floats
from mesoplan.kernels.mesh_location import locate_in_plane

MOST_SHARE = 2.0
"""Of the mean: where the colours end."""

# Lightness rises evenly from one to the next; blue and yellow are told apart by nearly every eye.
_ANCHORS = ("#00224E", "#35456C", "#666970", "#948E77", "#C8B866", "#FEE838")
_COLOURS = 63
_PIXEL_MM = 0.9
_OPACITY = 0.82
_LEAST_LINE = 5
_COVERED_BY_MM = 4.0


@dataclass(frozen=True, eq=False)
class CoveredZone:
    """One zone as it is drawn.

    Attributes
    ----------
    zone_id : str
    plane : UnfoldedZone
    shares : (rows, columns) of the zone's mean; NaN outside
    line_at : share at which the line is drawn
    cold, hot : places that get least and most, each with what is said of it
    """

    zone_id: str
    plane: UnfoldedZone
    shares: Floats
    line_at: float
    cold: Sequence[tuple[Place, str]] = ()
    hot: Sequence[tuple[Place, str]] = ()


def colour_of(share: float) -> str:
    """The colour of a share of the mean, as #RRGGBB."""
    red, green, blue = _palette()[_numbers(np.array([share]))[0]][:3].tolist()
    return f"#{red:02X}{green:02X}{blue:02X}"


@lru_cache(maxsize=1)
def _palette() -> NDArray[np.uint8]:
    """Red, green, blue and opacity of each number; the first is nothing at all."""
    anchors = np.array([[int(one[i : i + 2], 16) for i in (1, 3, 5)] for one in _ANCHORS], dtype=float)
    at = np.linspace(0, len(anchors) - 1, _COLOURS)
    colours = np.stack([np.interp(at, np.arange(len(anchors)), anchors[:, i]) for i in range(3)], axis=1)
    shown = np.column_stack([colours, np.full(_COLOURS, 255.0)])
    return np.round(np.concatenate([np.zeros((1, 4)), shown])).astype(np.uint8)


def _numbers(shares: Floats) -> NDArray[np.uint8]:
    """Number of the colour of each share; 0 where there is none."""
    finite = np.isfinite(shares)
    number = 1 + np.round(np.clip(np.where(finite, shares, 0.0) / MOST_SHARE, 0.0, 1.0) * (_COLOURS - 1))
    return np.where(finite, number, 0).astype(np.uint8)


def covered_on_face_svg(view: View, zones: Sequence[CoveredZone], face: FaceShape) -> str:
    """The colours of all zones of a face in one view; empty where none is seen from there."""
    return "".join(_on_face(view, one, face) for one in zones if one.plane.chart is not None)


def covered_on_patch_svg(zone: CoveredZone) -> str:
    """The colours of one flat patch."""
    marks = [(kind, (at.x_mm, at.y_mm), words) for kind, at, words in _spots(zone) if isinstance(at, OnPatch)]
    return _drawn(zone, zone.shares, zone.plane.grid, marks)


def _spots(zone: CoveredZone) -> list[tuple[str, Place, str]]:
    """Cold and hot places by the class of their mark."""
    cold = [("mp-map-cold", at, words) for at, words in zone.cold]
    return [*cold, *(("mp-map-hot", at, words) for at, words in zone.hot)]


def _on_face(view: View, zone: CoveredZone, face: FaceShape) -> str:
    shares = zone.shares.astype(np.float32).tobytes()
    return _drawn_on_face(view, zone.zone_id, zone.plane, face, shares, zone.line_at, tuple(zone.cold), tuple(zone.hot))


@lru_cache(maxsize=128)
def _drawn_on_face(
    view: View,
    zone_id: str,
    plane: UnfoldedZone,
    face: FaceShape,
    shares_of_mean: bytes,
    line_at: float,
    cold: tuple[tuple[Place, str], ...],
    hot: tuple[tuple[Place, str], ...],
) -> str:
    """Remembered, so that only the zone whose point moved is drawn again."""
    picture = _picture(view, plane, face)
    if picture is None:
        return ""
    grid, on_plane, seen = picture
    known = np.frombuffer(shares_of_mean, dtype=np.float32).reshape(plane.inside.shape).astype(np.float64)
    zone = CoveredZone(zone_id, plane, known, line_at, cold, hot)
    shares = np.full(len(seen), np.nan)
    shares[seen] = _read(known, plane.grid, on_plane)
    return _drawn(zone, shares.reshape(grid.rows, grid.columns), grid, _seen_spots(view, zone, face))


Mark = tuple[str, tuple[float, float], str]
"""Class of a mark, its place in the picture, and what is said of it."""


def _seen_spots(view: View, zone: CoveredZone, face: FaceShape) -> list[Mark]:
    spots = [(kind, at, words) for kind, at, words in _spots(zone) if isinstance(at, OnMesh)]
    if not spots:
        return []
    points = FacePoints.of((at.triangle, at.weights) for _, at, _ in spots)
    seen = see_places(view, points.triangles, points.weights, face)
    rows = zip(seen.xy_mm.tolist(), seen.hidden.tolist(), spots, strict=True)
    return [(kind, (x, y), words) for (x, y), hidden, (kind, _, words) in rows if not hidden]


@lru_cache(maxsize=96)
def _picture(view: View, plane: UnfoldedZone, face: FaceShape) -> tuple[ColumnGrid, Floats, NDArray[np.bool_]] | None:
    """Pixels of a zone in a view, where those that show it lie in its plane, and which these are; None for none.

    Remembered: only the shares change while points are moved.
    """
    chart = plane.chart
    if chart is None:
        return None
    seen_mm = _vertices_seen(view, chart, face)
    low, high = seen_mm[:, :2].min(axis=0), seen_mm[:, :2].max(axis=0)
    columns, rows = (max(1, round(float(size) / _PIXEL_MM)) for size in high - low)
    grid = ColumnGrid(float(low[0]) + _PIXEL_MM / 2, float(low[1]) + _PIXEL_MM / 2, _PIXEL_MM, columns, rows)
    places = grid.places()
    local, weights = locate_in_plane(places, seen_mm[:, :2], chart.local, seen_mm[:, 2])
    shown = local >= 0
    hit = np.flatnonzero(shown)
    away = is_turned_away(face.facing(view)[chart.triangles[local[hit]]])
    height = np.einsum("nc,nc->n", weights[hit], seen_mm[chart.local[local[hit]], 2])
    behind = is_covered(view, np.column_stack([places[hit], height]), face, _COVERED_BY_MM)
    shown[hit[away | behind]] = False
    hit = np.flatnonzero(shown)
    if len(hit) == 0:
        return None
    on_plane = np.einsum("nc,ncd->nd", weights[hit], chart.flat_mm[chart.local[local[hit]]])
    return grid, on_plane, shown


def _vertices_seen(view: View, chart: FlatChart, face: FaceShape) -> Floats:
    """The vertices of a chart in picture axes: a chart keeps the order of the mesh."""
    ids = np.unique(load_skin_template().triangles[chart.triangles])
    return face.seen_mm(view)[ids]


def _read(shares: Floats, grid: ColumnGrid, at: Floats) -> Floats:
    """Shares at places of the plane (n, 2), even between columns; beyond the last column that of the last."""
    known = np.isfinite(shares)
    filled = np.where(known, shares, 0.0)
    x = np.clip((at[:, 0] - grid.x0_mm) / grid.spacing_mm, 0, grid.columns - 1)
    y = np.clip((at[:, 1] - grid.y0_mm) / grid.spacing_mm, 0, grid.rows - 1)
    column, row = np.minimum(x.astype(int), max(grid.columns - 2, 0)), np.minimum(y.astype(int), max(grid.rows - 2, 0))
    value, weight = np.zeros(len(at)), np.zeros(len(at))
    for down in (0, 1):
        for right in (0, 1):
            r, c = np.minimum(row + down, grid.rows - 1), np.minimum(column + right, grid.columns - 1)
            part = np.abs(1 - down - (y - row)) * np.abs(1 - right - (x - column)) * known[r, c]
            value += part * filled[r, c]
            weight += part
    return np.asarray(np.where(weight > 0, value / np.where(weight > 0, weight, 1.0), np.nan))


def _drawn(zone: CoveredZone, shares: Floats, grid: ColumnGrid, spots: Sequence[Mark]) -> str:
    picture = encode_palette(_numbers(shares)[::-1], _palette())
    half = grid.spacing_mm / 2
    image = element(
        "image",
        href="data:image/png;base64," + base64.b64encode(picture).decode("ascii"),
        x=grid.x0_mm - half,
        y=-(grid.y0_mm + (grid.rows - 0.5) * grid.spacing_mm),
        width=grid.columns * grid.spacing_mm,
        height=grid.rows * grid.spacing_mm,
        preserveAspectRatio="none",
        opacity=_OPACITY,
    )
    lines = _lines(shares, grid, zone.line_at)
    halo = element("path", d=lines, **paint("mp-map-covered-halo"), stroke_width=1.1, stroke_linejoin="round")
    line = element("path", d=lines, **paint("mp-map-covered"), stroke_width=0.45, stroke_linejoin="round")
    marks = "".join(_spot(kind, x, y, words) for kind, (x, y), words in spots)
    return element("g", image + (halo + line if lines else "") + marks, data_covered=zone.zone_id)


def _lines(shares: Floats, grid: ColumnGrid, level: float) -> str:
    """Every second corner of each line that encloses more than a few pixels, as the `d` of a path."""
    parts = []
    for line in closed_outlines(np.where(np.isfinite(shares), shares, 0.0), level):
        if len(line) >= _LEAST_LINE:
            corners = line[::2] if len(line) > 2 * _LEAST_LINE else line
            at = np.array([grid.x0_mm, grid.y0_mm]) + corners * grid.spacing_mm
            parts.append(path_data(np.round(at, 1), closed=True))
    return "".join(parts)


def _spot(kind: str, x: float, y: float, words: str) -> str:
    """A square on its corner, set off from whatever lies under it: hollow where little is, filled where much is."""
    d = path_data(np.array([[x - 1.6, y], [x, y + 1.6], [x + 1.6, y], [x, y - 1.6]]), closed=True)
    mark = element("path", d=d, **paint(kind), stroke_width=0.6)
    return element("g", element("title", escape(words)) + mark)
