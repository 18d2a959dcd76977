"""A lattice on a zone of the face whose edge was drawn; for those of the template see `placement`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mesoplan.domain.plan import OnMesh, Place
from mesoplan.imaging.drawn_zone import DrawnZone, FlatChart, drawn_zone, on_mesh
from mesoplan.imaging.forehead import load_skin_template
from mesoplan.imaging.placement import (
    DEFAULT_MARGIN_MM,
    FacePlacement,
    FacePoints,
    LatticeSpacing,
    Obstacles,
    points_clearance_mm,
    rows_turn_deg,
)
from mesoplan.kernels.mesh import Floats, Ints
from mesoplan.kernels.mesh_location import locate_in_plane
from mesoplan.kernels.surface_lattice import fullest_lattice

_STORED_DECIMALS = 6
_COARSE_MM, _FINE_MM = 2.0, 0.5


def place_in_drawn_zone(
    zone_id: str,
    outline: tuple[Place, ...],
    factor: float,
    *,
    spacing_mm: float,
    angle_deg: float = 0.0,
    margin_mm: float = DEFAULT_MARGIN_MM,
    obstacles: Obstacles | None = None,
    line_spacing_mm: float | None = None,
) -> FacePlacement:
    """A lattice inside of an outline; as :func:`~mesoplan.imaging.placement.place_on_face`.

    The zone gives the sense of the turn. A mirrored outline of the zone on the other side gets the mirrored lattice.

    Raises
    ------
    ValueError
        If the spacing is too small for the zone or not above 0.
    """
    obstacles, turn = obstacles or Obstacles(), rows_turn_deg(zone_id, angle_deg)
    if zone_id.endswith("-left"):
        right = drawn_zone(mirrored_outline(outline))
        asked = LatticeSpacing(spacing_mm, line_spacing_mm, -turn, margin_mm)
        points = _lattice(right, factor, asked, obstacles.mirrored()).mirrored()
    else:
        asked = LatticeSpacing(spacing_mm, line_spacing_mm, turn, margin_mm)
        points = _lattice(drawn_zone(outline), factor, asked, obstacles)
    return FacePlacement(zone_id, points, drawn_zone(outline).area_cm2(factor))


def place_in_drawn_zone_on(
    zone_id: str,
    outline: tuple[Place, ...],
    vertices_mm: Floats,
    *,
    spacing_mm: float,
    angle_deg: float = 0.0,
    margin_mm: float = DEFAULT_MARGIN_MM,
    obstacles: Obstacles | None = None,
    line_spacing_mm: float | None = None,
) -> FacePlacement:
    """The same on a patient's own face, whose vertices (501, 3) are in the axes of the head; its sides differ."""
    zone, turn = drawn_zone(outline), rows_turn_deg(zone_id, angle_deg)
    chart = zone.chart_on(vertices_mm)
    asked = LatticeSpacing(spacing_mm, line_spacing_mm, turn, margin_mm)
    points = _lattice_on(zone, chart, vertices_mm, asked, obstacles or Obstacles())
    return FacePlacement(zone_id, points, zone.area_on_cm2(vertices_mm))


def mirrored_outline(outline: tuple[Place, ...]) -> tuple[OnMesh, ...]:
    """Return the same outline on the other side of the face, walked the other way."""
    points = FacePoints.of((place.triangle, place.weights) for place in on_mesh(outline)).mirrored()
    return tuple(OnMesh(triangle=triangle, weights=weights) for triangle, weights in reversed(points.stored()))


def _lattice(zone: DrawnZone, factor: float, asked: LatticeSpacing, obstacles: Obstacles) -> FacePoints:
    vertices = load_skin_template().vertices_mm * factor
    return _lattice_on(zone, _scaled(zone.chart, factor), vertices, asked, obstacles)


def _scaled(chart: FlatChart, factor: float) -> FlatChart:
    return replace(chart, flat_mm=chart.flat_mm * factor, vertices_mm=chart.vertices_mm * factor)


def _lattice_on(
    zone: DrawnZone, chart: FlatChart, vertices_mm: Floats, asked: LatticeSpacing, obstacles: Obstacles
) -> FacePoints:
    def clearance_mm(plane: Floats) -> Floats:
        hit, points = _on_face(chart, plane)
        found = np.full(len(plane), -np.inf)
        found[hit] = _room_mm(zone, points, vertices_mm, asked.margin_mm, obstacles)
        return found

    low, high = chart.flat_mm.min(axis=0), chart.flat_mm.max(axis=0)
    lines = asked.line_spacing_mm
    chosen = fullest_lattice(low, high, asked.spacing_mm, asked.turn_deg, clearance_mm, line_spacing_mm=lines)
    return _on_face(chart, chosen)[1]


def _on_face(chart: FlatChart, flat_mm: Floats) -> tuple[Ints, FacePoints]:
    """Return which positions (n, 2) of the chart lie on skin, and the places there."""
    local, weights = locate_in_plane(flat_mm, chart.flat_mm, chart.local)
    hit = np.flatnonzero(local >= 0)
    return hit, FacePoints(chart.triangles[local[hit]], np.round(weights[hit], _STORED_DECIMALS))


def _room_mm(
    zone: DrawnZone, points: FacePoints, vertices_mm: Floats, margin_mm: float, obstacles: Obstacles
) -> Floats:
    """How far places (n,) lie inside of where points may be; -inf in orbits and lips."""
    inside = zone.clearance_on_mm(points, vertices_mm) - margin_mm
    clear = points_clearance_mm(points, vertices_mm, obstacles)
    return np.where(zone.contains(points), np.minimum(inside, clear), -np.inf)


def holds_a_point_on(outline: tuple[Place, ...], vertices_mm: Floats, margin_mm: float) -> bool:
    """Return whether some place inside of an outline keeps the margin on a face, and clear of orbits and lips."""
    zone = drawn_zone(outline)
    return _has_room(zone, zone.chart_on(vertices_mm), vertices_mm, margin_mm)


def _has_room(zone: DrawnZone, chart: FlatChart, vertices_mm: Floats, margin_mm: float) -> bool:
    return any(_some_room(zone, chart, vertices_mm, margin_mm, step) for step in (_COARSE_MM, _FINE_MM))


def _some_room(zone: DrawnZone, chart: FlatChart, vertices_mm: Floats, margin_mm: float, step_mm: float) -> bool:
    low, high = chart.flat_mm.min(axis=0), chart.flat_mm.max(axis=0)
    grid = np.stack(np.meshgrid(*(np.arange(low[axis], high[axis], step_mm) for axis in (0, 1))), axis=2)
    points = _on_face(chart, grid.reshape(-1, 2))[1]
    return bool((_room_mm(zone, points, vertices_mm, margin_mm, Obstacles()) >= 0).any())
