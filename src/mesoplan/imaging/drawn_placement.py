"""A lattice on a zone of the face whose edge was drawn; for those of the template see `placement`."""

from __future__ import annotations

import numpy as np

from mesoplan.domain.plan import OnMesh, Place
from mesoplan.imaging.drawn_zone import DrawnZone, drawn_zone, on_mesh
from mesoplan.imaging.placement import (
    DEFAULT_MARGIN_MM,
    FacePlacement,
    FacePoints,
    Obstacles,
    obstacle_clearance_mm,
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
) -> FacePlacement:
    """A hexagonal lattice inside of an outline; as :func:`~mesoplan.imaging.placement.place_on_face`.

    The zone gives the sense of the turn. A mirrored outline of the zone on the other side gets the mirrored lattice.

    Raises
    ------
    ValueError
        If the spacing is too small for the zone or not above 0.
    """
    obstacles, turn = obstacles or Obstacles(), rows_turn_deg(zone_id, angle_deg)
    if zone_id.endswith("-left"):
        right = drawn_zone(mirrored_outline(outline))
        points = _lattice(right, factor, spacing_mm, -turn, margin_mm, obstacles.mirrored()).mirrored()
    else:
        points = _lattice(drawn_zone(outline), factor, spacing_mm, turn, margin_mm, obstacles)
    return FacePlacement(zone_id, points, drawn_zone(outline).area_cm2(factor))


def mirrored_outline(outline: tuple[Place, ...]) -> tuple[OnMesh, ...]:
    """Return the same outline on the other side of the face, walked the other way."""
    points = FacePoints.of((place.triangle, place.weights) for place in on_mesh(outline)).mirrored()
    return tuple(OnMesh(triangle=triangle, weights=weights) for triangle, weights in reversed(points.stored()))


def _lattice(
    zone: DrawnZone, factor: float, spacing_mm: float, turn_deg: float, margin_mm: float, obstacles: Obstacles
) -> FacePoints:
    flat = zone.chart.flat_mm * factor

    def clearance_mm(plane: Floats) -> Floats:
        hit, points = _on_face(zone, plane / factor)
        found = np.full(len(plane), -np.inf)
        found[hit] = _room_mm(zone, points, factor, margin_mm, obstacles)
        return found

    chosen = fullest_lattice(flat.min(axis=0), flat.max(axis=0), spacing_mm, turn_deg, clearance_mm)
    return _on_face(zone, chosen / factor)[1]


def _on_face(zone: DrawnZone, flat_mm: Floats) -> tuple[Ints, FacePoints]:
    """Return which positions (n, 2) of the chart lie on skin, and the places there."""
    chart = zone.chart
    local, weights = locate_in_plane(flat_mm, chart.flat_mm, chart.local)
    hit = np.flatnonzero(local >= 0)
    return hit, FacePoints(chart.triangles[local[hit]], np.round(weights[hit], _STORED_DECIMALS))


def _room_mm(zone: DrawnZone, points: FacePoints, factor: float, margin_mm: float, obstacles: Obstacles) -> Floats:
    """How far places (n,) lie inside of where points may be; -inf in orbits and lips."""
    inside = zone.clearance_mm(points, factor) - margin_mm
    clear = obstacle_clearance_mm(points.positions_mm(factor), factor, obstacles)
    return np.where(zone.contains(points), np.minimum(inside, clear), -np.inf)


def holds_a_point(outline: tuple[Place, ...], factor: float, margin_mm: float) -> bool:
    """Return whether some place inside of an outline keeps the margin, and clear of orbits and lips."""
    zone = drawn_zone(outline)
    return any(_some_room(zone, factor, margin_mm, step) for step in (_COARSE_MM, _FINE_MM))


def _some_room(zone: DrawnZone, factor: float, margin_mm: float, step_mm: float) -> bool:
    flat = zone.chart.flat_mm
    low, high = flat.min(axis=0), flat.max(axis=0)
    grid = np.stack(np.meshgrid(*(np.arange(low[axis], high[axis], step_mm / factor) for axis in (0, 1))), axis=2)
    points = _on_face(zone, grid.reshape(-1, 2))[1]
    return bool((_room_mm(zone, points, factor, margin_mm, Obstacles()) >= 0).any())
