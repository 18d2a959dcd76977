"""Injection points in a lattice on a zone of the face.

On the face each zone is laid flat once (:mod:`mesoplan.kernels.flattening`), a hexagonal lattice is set in the
flat, and each point goes back to the skin by its barycentric weights. Margins are straight lines in 3-D to the
nearest border, which are never longer than the way along the skin: a margin held so is held along the skin.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from mesoplan.imaging.danger import Region, distance_to_region_mm
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_zones import (
    NO_INJECTION_ZONES,
    distance_to_border_mm,
    mirror_zone,
    zone_area_cm2,
    zone_area_on_cm2,
    zone_of_triangles,
    zone_triangles,
)
from mesoplan.imaging.forehead import load_skin_template
from mesoplan.kernels.flattening import flatten_patch, up_turned
from mesoplan.kernels.mesh import (
    Floats,
    Ints,
    distance_to_segments_mm,
    extract_submesh,
    surface_positions_mm,
)
from mesoplan.kernels.mesh_location import locate_in_plane
from mesoplan.kernels.surface_lattice import fullest_lattice

DEFAULT_MARGIN_MM = 3.0
# Proposed in this project for lack of a source: the orbit ring is lid and brow skin, not the bony rim.
DEFAULT_CLEARANCES_MM: Mapping[str, float] = {
    "periorbital-right": 5.0,
    "periorbital-left": 5.0,
    "lips": 3.0,
}
_STORED_DECIMALS = 6
_UP = np.array([0.0, 1.0, 0.0])


class NoInjectionZone(ValueError):
    """A lattice was asked for in a zone that takes no injection."""


@dataclass(frozen=True, eq=False)
class FacePoints:
    """Places on the face mesh; millimetres are derived from them.

    Attributes
    ----------
    triangles : (n,) triangle numbers
    weights : (n, 3) barycentric weights
    """

    triangles: Ints
    weights: Floats

    def __len__(self) -> int:
        return len(self.triangles)

    @classmethod
    def of(cls, places: Iterable[tuple[int, tuple[float, float, float]]]) -> FacePoints:
        """From (triangle, weights) pairs as a plan stores them.

        Raises
        ------
        ValueError
            If a triangle number is not on the mesh.
        """
        rows = list(places)
        triangles = np.array([triangle for triangle, _ in rows], dtype=np.intp)
        weights = np.array([weights for _, weights in rows], dtype=np.float64).reshape(-1, 3)
        count = len(load_skin_template().triangles)
        if len(rows) and not (triangles.min() >= 0 and triangles.max() < count):
            raise ValueError(f"triangle {triangles.max()} is not one of 0 to {count - 1}")
        return cls(triangles, weights)

    def stored(self) -> list[tuple[int, tuple[float, float, float]]]:
        """As (triangle, weights) pairs for a plan."""
        return [
            (triangle, (weights[0], weights[1], weights[2]))
            for triangle, weights in zip(self.triangles.tolist(), self.weights.tolist(), strict=True)
        ]

    def zones(self) -> list[str]:
        """The zone that each point lies in."""
        owner = zone_of_triangles()
        return [owner[triangle] for triangle in self.triangles.tolist()]

    def positions_mm(self, factor: float) -> Floats:
        """Positions (n, 3) on the template face at a scale."""
        return self.positions_on(load_skin_template().vertices_mm * factor)

    def positions_on(self, vertices: Floats) -> Floats:
        """Positions (n, 3) on any face whose vertices (468, 3) are known, in their unit."""
        return surface_positions_mm(vertices, load_skin_template().triangles, self.triangles, self.weights)

    def mirrored(self) -> FacePoints:
        """The same places on the other side of the face."""
        template = load_skin_template()
        weights = np.empty_like(self.weights)
        np.put_along_axis(weights, template.mirror_corners[self.triangles], self.weights, axis=1)
        return FacePoints(template.mirror_triangles[self.triangles], weights)


@dataclass(frozen=True, eq=False)
class FacePlacement:
    """A lattice on one zone of the face."""

    zone_id: str
    points: FacePoints
    area_cm2: float


class Marked(Protocol):
    """What was marked on the skin of one patient and is to be kept clear (:mod:`mesoplan.imaging.lesions`)."""

    def clearance_on_mm(self, points: FacePoints, vertices_mm: Floats) -> Floats:
        """How far each point (n,) lies outside of it on a face; below 0 is too near."""
        ...

    def mirrored(self) -> Marked:
        """The same on the other side of the face."""
        ...


@dataclass(frozen=True, eq=False)
class Obstacles:
    """What the points of a lattice keep away from, besides the border of their own zone.

    Attributes
    ----------
    clearances_mm : zone id to distance
        Zones to stay clear of, with how far.
    regions : regions to stay out of
    occupied_mm : (n, 3) points that are there already
    gap_mm : float
        How far to stay from those.
    marked : lesions and the like, marked on this patient
    """

    clearances_mm: Mapping[str, float] = field(default_factory=lambda: DEFAULT_CLEARANCES_MM)
    regions: tuple[Region, ...] = ()
    occupied_mm: Floats = field(default_factory=lambda: np.zeros((0, 3)))
    gap_mm: float = 0.0
    marked: tuple[Marked, ...] = ()

    def mirrored(self) -> Obstacles:
        """The same on the other side of the face."""
        return Obstacles(
            {mirror_zone(zone_id): distance for zone_id, distance in self.clearances_mm.items()},
            tuple(region.mirrored() for region in self.regions),
            self.occupied_mm * [-1.0, 1.0, 1.0],
            self.gap_mm,
            tuple(one.mirrored() for one in self.marked),
        )


@dataclass(frozen=True, eq=False)
class _FlatZone:
    triangles: Ints
    local: Ints
    flat: Floats


@functools.cache
def _flat_zone(zone_id: str) -> _FlatZone:
    """A zone laid flat in the template's own size: once per process, a few milliseconds."""
    return _laid_flat(zone_id, load_face_template().vertices_mm)


@functools.lru_cache(maxsize=128)
def _flat_zone_on(zone_id: str, vertices: bytes) -> _FlatZone:
    """The same of a patient's own face, so that a change of spacing or angle does not lay it flat again."""
    return _laid_flat(zone_id, np.frombuffer(vertices).reshape(-1, 3))


def _laid_flat(zone_id: str, vertices_mm: Floats) -> _FlatZone:
    template = load_face_template()
    triangles = zone_triangles(zone_id)
    vertex_ids, local = extract_submesh(template.triangles, triangles)
    vertices = vertices_mm[vertex_ids]
    flat = flatten_patch(vertices, local, template.texture[vertex_ids])
    return _FlatZone(triangles, local, up_turned(vertices, local, flat, _UP))


def place_on_face(
    zone_id: str,
    factor: float,
    *,
    spacing_mm: float,
    angle_deg: float = 0.0,
    margin_mm: float = DEFAULT_MARGIN_MM,
    obstacles: Obstacles | None = None,
    line_spacing_mm: float | None = None,
) -> FacePlacement:
    """A lattice on a zone.

    Parameters
    ----------
    zone_id : str
        A zone of :func:`~mesoplan.imaging.face_zones.face_zone_ids`.
    factor : float
        Scale of the face (:class:`~mesoplan.imaging.face_scale.FaceScale`).
    spacing_mm : float
        Distance of neighbours along the skin. Where a zone cannot be laid flat without stretch it varies:
        within ±2 % on forehead, cheek, temple and jaw, ±8 % on the chin, more on the nose.
    angle_deg : float
        Turn of the rows: 0 is level, above 0 lifts their lateral end (in the midline zones the left end).
    margin_mm : float
        Distance kept from the border of the zone.
    obstacles : Obstacles, optional
        By default the orbits at 5 mm and the lips at 3 mm.
    line_spacing_mm : float, optional
        With it the points stand on parallel lines that are so far apart, `spacing_mm` from point to point; without it
        the lattice is hexagonal.

    Returns
    -------
    FacePlacement
        Row by row from the top; without points where nothing fits. The two sides of a paired zone are exact
        mirror images of each other when their obstacles are.

    Raises
    ------
    UnknownZone, NoInjectionZone
    ValueError
        If the spacing is too small for the zone or not above 0.
    """
    if zone_id in NO_INJECTION_ZONES:
        raise NoInjectionZone(f"zone “{zone_id}” takes no injection")
    obstacles, turn = obstacles or Obstacles(), rows_turn_deg(zone_id, angle_deg)
    if zone_id.endswith("-left"):
        asked = LatticeSpacing(spacing_mm, line_spacing_mm, -turn, margin_mm)
        points = _lattice(mirror_zone(zone_id), factor, asked, obstacles.mirrored()).mirrored()
    else:
        points = _lattice(zone_id, factor, LatticeSpacing(spacing_mm, line_spacing_mm, turn, margin_mm), obstacles)
    return FacePlacement(zone_id, points, zone_area_cm2(zone_id, factor))


def rows_turn_deg(zone_id: str, angle_deg: float) -> float:
    """Return the turn of rows in the picture, counter-clockwise, that lifts their lateral end by an angle."""
    return -angle_deg if zone_id.endswith("-right") else angle_deg


def place_on_measured_face(
    zone_id: str,
    vertices_mm: Floats,
    *,
    spacing_mm: float,
    angle_deg: float = 0.0,
    margin_mm: float = DEFAULT_MARGIN_MM,
    obstacles: Obstacles | None = None,
    line_spacing_mm: float | None = None,
) -> FacePlacement:
    """A lattice on a zone of a patient's own face; see :func:`place_on_face`.

    Parameters
    ----------
    vertices_mm : (468, 3)
        In the axes of the head: x to the patient's left, y up, z forward.

    Returns
    -------
    FacePlacement
        The two sides of a face differ, and so do their lattices.
    """
    if zone_id in NO_INJECTION_ZONES:
        raise NoInjectionZone(f"zone “{zone_id}” takes no injection")
    zone, turn = _flat_zone_on(zone_id, vertices_mm.tobytes()), rows_turn_deg(zone_id, angle_deg)
    asked = LatticeSpacing(spacing_mm, line_spacing_mm, turn, margin_mm)
    points = _lattice_on(zone_id, zone, vertices_mm, asked, obstacles or Obstacles(), False)
    return FacePlacement(zone_id, points, zone_area_on_cm2(zone_id, vertices_mm))


@dataclass(frozen=True)
class LatticeSpacing:
    """How a lattice is set: along the rows, between lines (none: hexagonal), turn of the rows in the flat, margin."""

    spacing_mm: float
    line_spacing_mm: float | None
    turn_deg: float
    margin_mm: float


def _lattice(zone_id: str, factor: float, asked: LatticeSpacing, obstacles: Obstacles) -> FacePoints:
    zone = _flat_zone(zone_id)
    scaled = _FlatZone(zone.triangles, zone.local, zone.flat * factor)
    vertices, symmetric = load_face_template().vertices_mm * factor, mirror_zone(zone_id) == zone_id
    return _lattice_on(zone_id, scaled, vertices, asked, obstacles, symmetric)


def _lattice_on(
    zone_id: str, zone: _FlatZone, vertices_mm: Floats, asked: LatticeSpacing, obstacles: Obstacles, symmetric: bool
) -> FacePoints:
    def on_face(plane: Floats) -> tuple[Ints, FacePoints]:
        local, weights = locate_in_plane(plane, zone.flat, zone.local)
        hit = np.flatnonzero(local >= 0)
        weights = np.round(weights[hit], _STORED_DECIMALS)
        return hit, FacePoints(zone.triangles[local[hit]], weights)

    def clearance_mm(plane: Floats) -> Floats:
        inside = np.full(len(plane), -np.inf)
        hit, points = on_face(plane)
        margin = distance_to_border_mm(points.positions_on(vertices_mm), zone_id, vertices_mm) - asked.margin_mm
        inside[hit] = np.minimum(margin, points_clearance_mm(points, vertices_mm, obstacles))
        return inside

    chosen = fullest_lattice(
        zone.flat.min(axis=0),
        zone.flat.max(axis=0),
        asked.spacing_mm,
        asked.turn_deg,
        clearance_mm,
        on_axis=symmetric,
        line_spacing_mm=asked.line_spacing_mm,
    )
    return on_face(chosen)[1]


def points_clearance_mm(points: FacePoints, vertices_mm: Floats, obstacles: Obstacles) -> Floats:
    """How far points (n,) lie outside of all that is to be kept clear, marked lesions included; below 0 is too near."""
    clearance = obstacle_clearance_on_mm(points.positions_on(vertices_mm), vertices_mm, obstacles)
    for one in obstacles.marked:
        clearance = np.minimum(clearance, one.clearance_on_mm(points, vertices_mm))
    return clearance


def obstacle_clearance_on_mm(places_mm: Floats, vertices_mm: Floats, obstacles: Obstacles) -> Floats:
    """How far places (n, 3) lie outside of what is to be kept clear on a face, (n,); below 0 is too near.

    For places outside of the zones named: the distance to a zone is taken to its border. What was marked on the patient
    is no part of it (:func:`points_clearance_mm`).
    """
    clearance = np.full(len(places_mm), np.inf)
    for zone_id, distance in obstacles.clearances_mm.items():
        away = distance_to_border_mm(places_mm, zone_id, vertices_mm) - distance
        clearance = np.minimum(clearance, away)
    for region in obstacles.regions:
        away = distance_to_region_mm(places_mm, region) - region.reach_mm
        clearance = np.minimum(clearance, away)
    occupied = obstacles.occupied_mm
    away = distance_to_segments_mm(places_mm, occupied, occupied) - obstacles.gap_mm
    return np.asarray(np.minimum(clearance, away))
