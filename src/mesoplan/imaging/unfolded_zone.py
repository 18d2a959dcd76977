"""A treated zone laid flat, with what lies in it and beside it: the plane on which exposure is added up.

A zone of the face is unfolded as its lattice is (`drawn_zone.flat_chart_on`), a patch of the body is flat already.
A place beside the zone has no triangle there: it is set off from the nearest place of the zone's edge, in the direction
in which it lies and as far as it is in a straight line. Over a centimetre, which is as far as it matters, a face bends
little; farther places are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mesoplan.domain.plan import OnMesh, OnPatch, Outline, Place
from mesoplan.imaging.drawn_patch import drawn_patch
from mesoplan.imaging.drawn_zone import FlatChart, drawn_zone, flat_chart_on
from mesoplan.imaging.face_shape import FaceShape
from mesoplan.imaging.face_zones import zone_triangles
from mesoplan.imaging.forehead import load_skin_template
from mesoplan.imaging.patch_placement import Patch, patch_border_distance_mm
from mesoplan.imaging.placement import FacePoints
from mesoplan.kernels.flattening import stretch_factors
from mesoplan.kernels.mesh import Floats, surface_positions_mm
from mesoplan.kernels.mesh_location import closest_places, locate_in_plane
from mesoplan.kernels.polygons import inside_polygon

BESIDE_MM = 12.0
"""How far beside the zone a point still counts."""

MOST_COLUMNS = 10_000
LEAST_SPACING_MM = 0.75
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class ColumnGrid:
    """Columns of skin at equal spacing: the first one's place [mm], spacing [mm], how many across and along."""

    x0_mm: float
    y0_mm: float
    spacing_mm: float
    columns: int
    rows: int

    def places(self) -> Floats:
        """Places (rows * columns, 2), row by row."""
        x = self.x0_mm + np.arange(self.columns) * self.spacing_mm
        y = self.y0_mm + np.arange(self.rows) * self.spacing_mm
        return np.stack(np.meshgrid(x, y), axis=2).reshape(-1, 2)


@dataclass(frozen=True, eq=False)
class UnfoldedZone:
    """One zone in the plane.

    Attributes
    ----------
    grid : ColumnGrid
    inside : (rows, columns) whether the column belongs to the zone
    edge_mm : (rows, columns) how far inside of the edge; 0 or less outside
    chart : FlatChart or None
        None for a flat patch.
    stretch : (float, float)
        Least and greatest stretch of its triangles when laid flat; 1 is true to scale.
    """

    grid: ColumnGrid
    inside: Mask
    edge_mm: Floats
    chart: FlatChart | None
    stretch: tuple[float, float] = (1.0, 1.0)

    def place_at(self, x_mm: float, y_mm: float) -> Place | None:
        """The place on the skin of a place in the plane; None where the plane has no skin."""
        if self.chart is None:
            return OnPatch(x_mm=round(x_mm, 3), y_mm=round(y_mm, 3))
        local, weights = locate_in_plane(np.array([[x_mm, y_mm]]), self.chart.flat_mm, self.chart.local)
        if local[0] < 0:
            return None
        a, b, c = np.round(weights[0], 6).tolist()
        return OnMesh(triangle=int(self.chart.triangles[local[0]]), weights=(a, b, c))

    def plane_of(self, places: Sequence[Place], face: FaceShape) -> tuple[Floats, Mask]:
        """Places on the skin in the plane (n, 2), and which of them lie near enough to count (n,)."""
        if self.chart is None:
            flat = [(one.x_mm, one.y_mm) if isinstance(one, OnPatch) else (np.inf, np.inf) for one in places]
            at = np.array(flat).reshape(-1, 2)
            return at, np.isfinite(at).all(axis=1)
        if not places or not all(isinstance(one, OnMesh) for one in places):
            return np.zeros((len(places), 2)), np.zeros(len(places), dtype=bool)
        points = FacePoints.of((one.triangle, one.weights) for one in places if isinstance(one, OnMesh))
        return _on_chart(points, self.chart, face)


def _on_chart(points: FacePoints, chart: FlatChart, face: FaceShape) -> tuple[Floats, Mask]:
    number = np.full(len(load_skin_template().triangles), -1, dtype=np.intp)
    number[chart.triangles] = np.arange(len(chart.triangles))
    local, weights = number[points.triangles], points.weights
    at = np.zeros((len(points), 2))
    own = local >= 0
    at[own] = np.einsum("nc,ncd->nd", weights[own], chart.flat_mm[chart.local[local[own]]])
    beside = np.flatnonzero(~own)
    positions = points.positions_on(face.vertices_mm)[beside]
    low, high = chart.vertices_mm.min(axis=0) - BESIDE_MM, chart.vertices_mm.max(axis=0) + BESIDE_MM
    near = ((positions >= low) & (positions <= high)).all(axis=1)
    beside, positions = beside[near], positions[near]
    at[beside], close = _set_off(positions, chart)
    counts = own.copy()
    counts[beside] = close
    return at, counts


def _set_off(positions_mm: Floats, chart: FlatChart) -> tuple[Floats, Mask]:
    """Positions (n, 3) beside a chart in its plane, and whether each is near enough."""
    found, weights = closest_places(positions_mm, chart.vertices_mm, chart.local)
    if len(found) == 0:
        return np.zeros((0, 2)), np.zeros(0, dtype=bool)
    foot = surface_positions_mm(chart.vertices_mm, chart.local, found, weights)
    foot_flat = np.einsum("nc,ncd->nd", weights, chart.flat_mm[chart.local[found]])
    away = positions_mm - foot
    distance = np.linalg.norm(away, axis=1)
    corners, flat = chart.vertices_mm[chart.local[found]], chart.flat_mm[chart.local[found]]
    frame = np.stack([corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]], axis=2)
    flat_frame = np.stack([flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]], axis=2)
    shares = np.einsum("nij,nj->ni", np.linalg.pinv(frame), away)
    along = np.einsum("nij,nj->ni", flat_frame, shares)
    length = np.linalg.norm(along, axis=1)
    along *= np.where(length > 0, distance / np.where(length > 0, length, 1.0), 0.0)[:, None]
    return foot_flat + along, distance <= BESIDE_MM


def unfolded_face_zone(zone_id: str, outline: Outline | None, face: FaceShape) -> UnfoldedZone:
    """Lay a zone of a face flat, or what an outline encloses of it; remembered for the last zones and faces."""
    return _unfolded_face_zone(zone_id, outline, face.vertices_mm.tobytes())


@lru_cache(maxsize=64)
def _unfolded_face_zone(zone_id: str, outline: Outline | None, vertices: bytes) -> UnfoldedZone:
    vertices_mm = np.frombuffer(vertices).reshape(-1, 3)
    zone = drawn_zone(outline) if outline is not None else None
    chart = zone.chart_on(vertices_mm) if zone else flat_chart_on(zone_triangles(zone_id), vertices_mm)
    grid = _grid(chart.flat_mm)
    places = grid.places()
    local, weights = locate_in_plane(places, chart.flat_mm, chart.local)
    inside = local >= 0
    if zone is not None:
        hit = np.flatnonzero(inside)
        inside[hit] = zone.contains(FacePoints(chart.triangles[local[hit]], weights[hit]))
    return _unfolded(grid, inside, chart)


def unfolded_patch(patch: Patch, outline: Outline | None) -> UnfoldedZone:
    """A flat patch of neck or body, or what an outline encloses of it."""
    return _unfolded_patch(patch, outline)


@lru_cache(maxsize=64)
def _unfolded_patch(patch: Patch, outline: Outline | None) -> UnfoldedZone:
    drawn = drawn_patch(outline) if outline is not None else None
    grid = _grid(drawn.corners_mm if drawn else patch.outline_mm())
    places = grid.places()
    inside = inside_polygon(places, drawn.corners_mm) if drawn else patch_border_distance_mm(places, patch) > 0
    return _unfolded(grid, np.asarray(inside), None)


def _grid(corners_mm: Floats) -> ColumnGrid:
    """Columns over the box of some corners, each in the middle of its own square."""
    low, high = corners_mm.min(axis=0), corners_mm.max(axis=0)
    wide, tall = (high - low).tolist()
    if not (wide > 0 and tall > 0):
        raise ValueError("the zone has no area")
    spacing = max(LEAST_SPACING_MM, float(np.sqrt(wide * tall / MOST_COLUMNS)))
    columns, rows = max(1, round(wide / spacing)), max(1, round(tall / spacing))
    rest_x, rest_y = wide - (columns - 1) * spacing, tall - (rows - 1) * spacing
    return ColumnGrid(float(low[0] + rest_x / 2), float(low[1] + rest_y / 2), spacing, columns, rows)


def _unfolded(grid: ColumnGrid, inside: Mask, chart: FlatChart | None) -> UnfoldedZone:
    mask = inside.reshape(grid.rows, grid.columns)
    if not mask.any():
        raise ValueError("the zone is too small for a column of skin")
    mask.setflags(write=False)
    stretch = (1.0, 1.0)
    if chart is not None:
        found = stretch_factors(chart.vertices_mm, chart.local, chart.flat_mm)
        stretch = (float(found.min()), float(found.max()))
    return UnfoldedZone(grid, mask, _edge_distance(mask) * grid.spacing_mm, chart, stretch)


def _edge_distance(inside: Mask) -> Floats:
    """How many columns each column lies from the nearest one outside; 0 outside."""
    from scipy.ndimage import distance_transform_edt

    return np.asarray(distance_transform_edt(np.pad(inside, 1)))[1:-1, 1:-1]
