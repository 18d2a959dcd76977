"""A zone of the face whose edge was drawn for one patient: corners on the mesh, so that it moves with the face.

Between two corners the edge is straight where the face is laid out in a plane (`face_layout`), so on the skin it
follows the skin. The layout is convex: no edge leaves the face. What lies in orbit or lips is no part of the zone,
and a point that is no part of it counts as outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from mesoplan.domain.plan import OnMesh, Place
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, face_zone_ids, zone_of_triangles
from mesoplan.imaging.forehead import MESH_TRIANGLES, load_skin_template
from mesoplan.imaging.placement import FacePoints
from mesoplan.kernels.flattening import flatten_patch, up_turned
from mesoplan.kernels.mesh import Floats, Ints, distance_to_segments_mm, extract_submesh, triangle_areas_mm2
from mesoplan.kernels.polygons import crossing_sides, inside_polygon, shares_in_polygon, trace_polygon

_UP = np.array([0.0, 1.0, 0.0])
_MM2_PER_CM2 = 100.0
# In the plane of the layout, where the face is 1 wide: about 0.002 mm.
_ON_THE_EDGE = 1e-5
_A_SHARE = 1e-9


@dataclass(frozen=True, eq=False)
class FlatChart:
    """Some triangles of a face laid flat, in its own size.

    Attributes
    ----------
    triangles : (t,) numbers in the face mesh, ascending
    local : (t, 3) the same in the numbering of the two arrays below
    flat_mm : (v, 2) +y up, as seen from outside
    vertices_mm : (v, 3)
    """

    triangles: Ints
    local: Ints
    flat_mm: Floats
    vertices_mm: Floats


def flat_chart(triangles: Ints) -> FlatChart:
    """Lay triangles of the template that make one piece flat; some milliseconds."""
    return flat_chart_on(triangles, load_skin_template().vertices_mm)


def flat_chart_on(triangles: Ints, vertices_mm: Floats) -> FlatChart:
    """The same on any face whose vertices (501, 3) are known, in its own size."""
    template = load_skin_template()
    ids, local = extract_submesh(template.triangles, triangles)
    vertices = vertices_mm[ids]
    flat = flatten_patch(vertices, local, template.texture[ids])
    return FlatChart(triangles, local, up_turned(vertices, local, flat, _UP), vertices)


@dataclass(frozen=True, eq=False)
class DrawnZone:
    """What an outline encloses of the template face. Made by :func:`drawn_zone`.

    Attributes
    ----------
    corners : FacePoints
    plane : (n, 2) the corners where the face is laid out
    near : (t,) triangles of the mesh that it may have a part in
    """

    corners: FacePoints
    plane: Floats
    near: Ints

    @cached_property
    def crossing(self) -> tuple[int, int] | None:
        """Two sides that meet where they should not; side i runs from corner i to the next, counted from 0."""
        return crossing_sides(self.plane)

    @cached_property
    def shares(self) -> Floats:
        """Share (898,) of each triangle that belongs to it; none in orbits and lips."""
        template = load_skin_template()
        shares = np.zeros(len(template.triangles))
        shares[self.near] = shares_in_polygon(self.plane, face_layout(), template.triangles[self.near])
        return np.asarray(np.where(_no_injection(), 0.0, shares))

    def area_cm2(self, factor: float) -> float:
        """Area along the skin on the face at a scale."""
        return float((self.shares * _triangle_areas_mm2()).sum()) * factor**2 / _MM2_PER_CM2

    def area_on_cm2(self, vertices_mm: Floats) -> float:
        """Area along the skin of any face whose vertices (501, 3) are known."""
        return float((self.shares * _areas_mm2(vertices_mm)).sum()) / _MM2_PER_CM2

    def area_above_mesh_cm2(self, vertices_mm: Floats) -> float:
        """The part of the area above the face mesh, where the forehead is carried on and nothing is measured."""
        above = self.shares[MESH_TRIANGLES:] * _areas_mm2(vertices_mm)[MESH_TRIANGLES:]
        return float(above.sum()) / _MM2_PER_CM2

    def areas_by_zone_on_cm2(self, vertices_mm: Floats) -> dict[str, float]:
        """The part of that area that lies in each zone of the template, where there is any."""
        areas = self.shares * _areas_mm2(vertices_mm) / _MM2_PER_CM2
        owner = np.array(zone_of_triangles())
        parts = {zone: float(areas[owner == zone].sum()) for zone in face_zone_ids()}
        return {zone: part for zone, part in parts.items() if part > 0}

    def contains(self, points: FacePoints) -> NDArray[np.bool_]:
        """Whether each point (n,) belongs to it; one on its edge does."""
        template = load_skin_template()
        at = np.einsum("nc,ncd->nd", points.weights, face_layout()[template.triangles[points.triangles]])
        following = np.roll(self.plane, -1, axis=0)
        inside = inside_polygon(at, self.plane) | (distance_to_segments_mm(at, self.plane, following) <= _ON_THE_EDGE)
        return np.asarray(inside & ~_no_injection()[points.triangles])

    @cached_property
    def _pieces(self) -> tuple[Ints, FacePoints, FacePoints]:
        """The edge in pieces that are straight in space: of which side, starts, ends."""
        template = load_skin_template()
        side, local, weights = trace_polygon(self.plane, face_layout(), template.triangles[self.near])
        triangles = self.near[local]
        return side, FacePoints(triangles, weights[:, 0]), FacePoints(triangles, weights[:, 1])

    @cached_property
    def _edge_mm(self) -> tuple[Floats, Floats]:
        _, starts, ends = self._pieces
        return starts.positions_mm(1.0), ends.positions_mm(1.0)

    def edge(self, longest_mm: float) -> FacePoints:
        """Places along the edge, every corner among them, in pieces of the template's face that are no longer."""
        starts, ends = self._edge_mm
        counts = np.maximum(1, np.ceil(np.linalg.norm(ends - starts, axis=1) / longest_mm)).astype(np.intp)
        piece = np.repeat(np.arange(len(counts)), counts)
        part = np.arange(len(piece)) - np.repeat(np.cumsum(counts) - counts, counts)
        along = (part / counts[piece])[:, None]
        _, first, last = self._pieces
        return FacePoints(first.triangles[piece], (1 - along) * first.weights[piece] + along * last.weights[piece])

    def edge_distance_on_mm(self, positions_mm: Floats, vertices_mm: Floats) -> Floats:
        """Straight-line distance (n,) from positions on a face to the drawn edge; never longer than along the skin."""
        _, starts, ends = self._pieces
        edge = starts.positions_on(vertices_mm), ends.positions_on(vertices_mm)
        return distance_to_segments_mm(positions_mm, *edge)

    def clearance_on_mm(self, points: FacePoints, vertices_mm: Floats) -> Floats:
        """How far each point (n,) lies inside of the drawn edge on a face; below 0 where it lies outside."""
        away = self.edge_distance_on_mm(points.positions_on(vertices_mm), vertices_mm)
        return np.asarray(np.where(self.contains(points), away, -away))

    @cached_property
    def _touched(self) -> Ints:
        """The triangles that it has a part in, orbits and lips included."""
        template = load_skin_template()
        touched = shares_in_polygon(self.plane, face_layout(), template.triangles[self.near]) > _A_SHARE
        return np.asarray(self.near[touched])

    @cached_property
    def chart(self) -> FlatChart:
        """The triangles of the template that it has a part in, laid flat."""
        return flat_chart(self._touched)

    def chart_on(self, vertices_mm: Floats) -> FlatChart:
        """The same on any face whose vertices (501, 3) are known; remembered for the last ones."""
        return _chart_on(self, vertices_mm.tobytes())


@lru_cache(maxsize=128)
def _chart_on(zone: DrawnZone, vertices: bytes) -> FlatChart:
    return flat_chart_on(zone._touched, np.frombuffer(vertices).reshape(-1, 3))


@lru_cache(maxsize=1)
def face_layout() -> Floats:
    """The face laid out in a plane (468, 2): `FaceTemplate.texture`, made symmetric about its midline.

    The file's own is symmetric to about a thousandth, which would draw the two sides of a face a little differently.
    """
    template = load_skin_template()
    mirrored = [1.0, 0.0] + template.texture[template.mirror_vertices] * [-1.0, 1.0]
    return np.asarray((template.texture + mirrored) / 2)


@lru_cache(maxsize=1)
def _no_injection() -> NDArray[np.bool_]:
    return np.array([zone in NO_INJECTION_ZONES for zone in zone_of_triangles()], dtype=bool)


@lru_cache(maxsize=1)
def _triangle_areas_mm2() -> Floats:
    return _areas_mm2(load_skin_template().vertices_mm)


def _areas_mm2(vertices_mm: Floats) -> Floats:
    return triangle_areas_mm2(vertices_mm, load_skin_template().triangles)


@lru_cache(maxsize=1)
def _boxes() -> tuple[Floats, Floats]:
    """Least and greatest place of each triangle where the face is laid out."""
    template = load_skin_template()
    corners = face_layout()[template.triangles]
    return corners.min(axis=1), corners.max(axis=1)


@lru_cache(maxsize=256)
def drawn_zone(outline: tuple[Place, ...]) -> DrawnZone:
    """Return what an outline on the face encloses; remembered, because a page asks again and again.

    Raises
    ------
    ValueError
        If a corner lies on a flat patch.
    """
    template = load_skin_template()
    corners = FacePoints.of((place.triangle, place.weights) for place in on_mesh(outline))
    plane = np.einsum("nc,ncd->nd", corners.weights, face_layout()[template.triangles[corners.triangles]])
    low, high = _boxes()
    near = ((low <= plane.max(axis=0)) & (high >= plane.min(axis=0))).all(axis=1)
    return DrawnZone(corners, plane, np.flatnonzero(near))


def on_mesh(places: Sequence[Place]) -> tuple[OnMesh, ...]:
    """Return places that all lie on the face.

    Raises
    ------
    ValueError
        If one lies on a flat patch.
    """
    found = tuple(place for place in places if isinstance(place, OnMesh))
    if len(found) < len(places):
        raise ValueError("an outline on the face has its corners on the face mesh")
    return found
