"""A zone of the face, or what was drawn of it, as ground that points move on: laid flat, clear of orbits and lips.

The distances that are kept clear are those of a lattice (`imaging.placement.DEFAULT_CLEARANCES_MM`), so that no hand
puts a point where no lattice would. Places that were marked on this patient are kept clear by a radius of their own. A
point that is sent farther stops at the nearest place that is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mesoplan.domain.plan import OnMesh, Place
from mesoplan.imaging.drawn_zone import DrawnZone, drawn_zone, flat_chart_on
from mesoplan.imaging.face_shape import FaceShape
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_view import View
from mesoplan.imaging.face_zones import zone_of_triangles, zone_triangles
from mesoplan.imaging.lesions import RoundLesion
from mesoplan.imaging.placement import DEFAULT_CLEARANCES_MM, FacePoints
from mesoplan.kernels.mesh import Floats, Ints, border_edges, distance_to_segments_mm
from mesoplan.kernels.mesh_location import closest_places, locate_in_plane
from mesoplan.planning.operations.refusals import CannotDo

Along = Literal["skin", "front", "right-oblique", "left-oblique"]

_DECIMALS = 6
_ON_THE_EDGE_MM = 1e-6
_SAMPLE_MM = 1.0
_STEP_MM, _LEAST_STEP_MM = 0.8, 0.04
_AROUND = np.array([[np.cos(angle), np.sin(angle)] for angle in np.arange(8) * np.pi / 4])
_PUSHES = 6
_PUSHED_BEYOND_MM = 1e-3
_SLOPE_OVER_MM = 0.05
_AT_THE_EDGE_MM = 0.1


@dataclass(frozen=True, eq=False)
class _Fence:
    """The border of a zone that is kept clear of, with how far."""

    zone: str
    distance_mm: float
    starts_mm: Floats
    ends_mm: Floats

    def clearance_mm(self, positions_mm: Floats) -> Floats:
        return distance_to_segments_mm(positions_mm, self.starts_mm, self.ends_mm) - self.distance_mm


@lru_cache(maxsize=32)
def _fences(face: FaceShape) -> tuple[_Fence, ...]:
    template, vertices = load_face_template(), face.vertices_mm
    edges = {zone: border_edges(template.triangles[zone_triangles(zone)]) for zone in DEFAULT_CLEARANCES_MM}
    return tuple(
        _Fence(zone, distance, vertices[edges[zone][:, 0]], vertices[edges[zone][:, 1]])
        for zone, distance in DEFAULT_CLEARANCES_MM.items()
    )


@dataclass(frozen=True, eq=False)
class FaceGround:
    """One zone of a face.

    Attributes
    ----------
    zone : str
    drawn : DrawnZone or None
        What was drawn of it; without it, the zone of the template.
    face : FaceShape
    triangles : (t,) numbers in the face mesh
    local : (t, 3) the same triangles in the numbering of the two arrays below
    flat_mm : (v, 2) the zone laid flat, +y up, seen from outside
    vertices_mm : (v, 3)
    marked : tuple of RoundLesion
        What was marked on this patient to be kept clear.
    """

    zone: str
    drawn: DrawnZone | None
    face: FaceShape
    triangles: Ints
    local: Ints
    flat_mm: Floats
    vertices_mm: Floats
    marked: tuple[RoundLesion, ...] = ()

    def is_own(self, places: Sequence[OnMesh]) -> NDArray[np.bool_]:
        """Return which places (n,) lie in this zone."""
        points = FacePoints.of((place.triangle, place.weights) for place in places)
        inside = np.isin(points.triangles, self.triangles)
        return np.asarray(inside if self.drawn is None else inside & self.drawn.contains(points))

    def is_open(self, places: Sequence[OnMesh]) -> NDArray[np.bool_]:
        """Return at which places (n,) a point may be: in this zone, not too near to orbits and lips, in no place
        that is kept clear."""
        if not places:
            return np.zeros(0, dtype=bool)
        points = FacePoints.of((place.triangle, place.weights) for place in places)
        return self.is_own(places) & self._is_clear(points)

    def brought(self, places: Sequence[OnMesh]) -> list[OnMesh]:
        """Return each place, or the nearest open one of this zone."""
        fine = self.is_open(places)
        beyond = [place for place, open_ in zip(places, fine.tolist(), strict=True) if not open_]
        brought = iter(self._stored(self._opened(self._flat_of_any(beyond)))) if beyond else iter(())
        return [place if open_ else next(brought) for place, open_ in zip(places, fine.tolist(), strict=True)]

    def shifted(
        self, places: Sequence[OnMesh], right_mm: float, up_mm: float, along: Along
    ) -> list[tuple[OnMesh, bool]]:
        """Return each place moved by millimetres, and whether it got there.

        Along the skin they are millimetres of the zone laid flat, true within a few percent; in a view they are those
        of the picture.
        """
        move = np.array([right_mm, up_mm])
        own = self._stored_as_points(places)
        if along == "skin":
            wanted = self._flat_of(own) + move
            got_there = locate_in_plane(wanted, self.flat_mm, self.local)[0] >= 0
        else:
            wanted, got_there = self._seen_moved(View(along), own, move)
        found = self._opened(wanted)
        near = np.linalg.norm(self._flat_of(found) - wanted, axis=1) < _AT_THE_EDGE_MM
        return list(zip(self._stored(found), (got_there & near).tolist(), strict=True))

    def held_by(self, place: OnMesh) -> str | None:
        """Return the zone that is kept clear and holds a place back there; None at the edge of its own zone."""
        position = FacePoints.of([(place.triangle, place.weights)]).positions_on(self.face.vertices_mm)
        near = [fence.zone for fence in self._fences if fence.clearance_mm(position)[0] < _AT_THE_EDGE_MM]
        return near[0] if near else None

    def is_at_marked(self, place: OnMesh) -> bool:
        """Return whether a marked place that is kept clear holds a place back there."""
        at = FacePoints.of([(place.triangle, place.weights)])
        return bool((self._marked_clearance_mm(at) < _AT_THE_EDGE_MM).any())

    def positions_mm(self, places: Sequence[OnMesh]) -> Floats:
        """Return positions (n, 3)."""
        return FacePoints.of((place.triangle, place.weights) for place in places).positions_on(self.face.vertices_mm)

    @cached_property
    def _fences(self) -> list[_Fence]:
        """Those within reach of this zone."""
        return [fence for fence in _fences(self.face) if self._is_near(fence)]

    def _is_near(self, fence: _Fence) -> bool:
        low, high = self.vertices_mm.min(axis=0) - fence.distance_mm, self.vertices_mm.max(axis=0) + fence.distance_mm
        return bool((fence.starts_mm.max(axis=0) >= low).all() and (fence.starts_mm.min(axis=0) <= high).all())

    def _clearance_mm(self, points: FacePoints) -> Floats:
        positions = points.positions_on(self.face.vertices_mm)
        clearance = self._marked_clearance_mm(points)
        for fence in self._fences:
            clearance = np.minimum(clearance, fence.clearance_mm(positions))
        return clearance if self.drawn is None else np.minimum(clearance, self._drawn_clearance_mm(points, positions))

    def _marked_clearance_mm(self, points: FacePoints) -> Floats:
        clearance = np.full(len(points), np.inf)
        for one in self.marked:
            clearance = np.minimum(clearance, one.clearance_on_mm(points, self.face.vertices_mm))
        return clearance

    def _drawn_clearance_mm(self, points: FacePoints, positions: Floats) -> Floats:
        """Inside of the outline; in orbits and lips, of which an outline may hold a part, the deeper the less."""
        if self.drawn is None:
            raise AssertionError("nothing was drawn")
        clearance = self.drawn.clearance_on_mm(points, self.face.vertices_mm)
        owner = np.array(zone_of_triangles())[points.triangles]
        for fence in self._fences:
            within = owner == fence.zone
            if within.any():
                depth = distance_to_segments_mm(positions[within], fence.starts_mm, fence.ends_mm)
                clearance[within] = np.minimum(clearance[within], -depth - fence.distance_mm)
        return clearance

    def _is_clear(self, points: FacePoints) -> NDArray[np.bool_]:
        return np.asarray(self._clearance_mm(points) >= -_ON_THE_EDGE_MM)

    def _stored_as_points(self, places: Sequence[OnMesh]) -> FacePoints:
        """Return the places; one that an older plan holds outside of the zone is brought to its edge first."""
        own = self.is_own(places)
        points = FacePoints.of((place.triangle, place.weights) for place in places)
        if not own.all():
            outside = [place for place, inside in zip(places, own.tolist(), strict=True) if not inside]
            edge = self._at(self._flat_of_any(outside))
            points.triangles[~own], points.weights[~own] = edge.triangles, edge.weights
        return points

    def _flat_of_any(self, places: Sequence[OnMesh]) -> Floats:
        """Return where places (n, 2) lie in the flat zone; those of other zones at its nearest edge."""
        found, weights = closest_places(self.positions_mm(places), self.vertices_mm, self.local)
        return np.asarray(np.einsum("nc,ncd->nd", weights, self.flat_mm[self.local[found]]))

    def _flat_of(self, points: FacePoints) -> Floats:
        local = np.searchsorted(self.triangles, points.triangles)
        return np.asarray(np.einsum("nc,ncd->nd", points.weights, self.flat_mm[self.local[local]]))

    def _seen_moved(self, view: View, points: FacePoints, move_mm: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Return where points, moved in a picture, lie in the flat zone, and which of them are still on it."""
        turn = self.face.turn(view).T
        picture = self.vertices_mm @ turn
        wanted = (points.positions_on(self.face.vertices_mm) @ turn)[:, :2] + move_mm
        found, weights = locate_in_plane(wanted, picture[:, :2], self.local, picture[:, 2])
        missed = found < 0
        if missed.any():
            found[missed], weights[missed] = closest_places(wanted[missed], picture[:, :2], self.local)
        return np.einsum("nc,ncd->nd", weights, self.flat_mm[self.local[found]]), ~missed

    def _at(self, flat_mm: Floats) -> FacePoints:
        """Return the places under positions (n, 2) of the flat zone, or nearest to them."""
        found, weights = locate_in_plane(flat_mm, self.flat_mm, self.local)
        missed = found < 0
        if missed.any():
            found[missed], weights[missed] = closest_places(flat_mm[missed], self.flat_mm, self.local)
        return FacePoints(self.triangles[found], np.round(weights, _DECIMALS))

    def _opened(self, wanted: Floats) -> FacePoints:
        """Return the open places nearest to positions (n, 2) of the flat zone."""
        points = self._at(wanted)
        closed = ~self._is_clear(points)
        if closed.any():
            edge = self._at(self._edge_near(self._flat_of(points)[closed]))
            points.triangles[closed], points.weights[closed] = edge.triangles, edge.weights
        return points

    def _edge_near(self, wanted: Floats) -> Floats:
        """Return the open positions (n, 2) nearest to closed ones: straight away from the fence, else by search."""
        at = self._pushed(wanted)
        inside, points = self._under(at)
        lost = ~(inside & self._is_clear(points))
        if lost.any():
            at[lost] = self._nearest_open(wanted[lost])
        return at

    def _pushed(self, wanted: Floats) -> Floats:
        """Newton steps up the clearance, which grows by about 1 mm per mm away from the nearest fence.

        A position whose surroundings leave the zone stays where it is.
        """
        at = wanted.copy()
        beside = _SLOPE_OVER_MM * np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
        for _ in range(_PUSHES):
            inside, points = self._under((at[:, None, :] + beside).reshape(-1, 2))
            clearance = self._clearance_mm(points).reshape(-1, 3)
            short = np.maximum(_PUSHED_BEYOND_MM - clearance[:, 0], 0.0) * inside.reshape(-1, 3).all(axis=1)
            if not short.any():
                break
            slope = (clearance[:, 1:] - clearance[:, :1]) / _SLOPE_OVER_MM
            steepness = np.maximum((slope**2).sum(axis=1), 0.1)
            at += (short / steepness)[:, None] * slope
        return at

    def _nearest_open(self, wanted: Floats) -> Floats:
        """Search from the nearest open sample in ever smaller steps."""
        samples = self._open_samples
        if not len(samples):
            raise CannotDo(
                "The whole zone is kept clear, so no point can be set or moved there. Open a place again first."
            )
        apart = ((wanted[:, None, :] - samples[None, :, :]) ** 2).sum(axis=2)
        at = samples[apart.argmin(axis=1)]
        step = _STEP_MM
        while step > _LEAST_STEP_MM:
            # Samples lie whole steps apart, so two rounds of each size reach every place between them.
            for _ in range(2):
                at = self._nearer(at, wanted, step)
            step /= 2
        return np.asarray(at)

    def _nearer(self, at: Floats, wanted: Floats, step: float) -> Floats:
        around = at[:, None, :] + np.concatenate([np.zeros((1, 2)), step * _AROUND])
        rows = around.reshape(-1, 2)
        inside, points = self._under(rows)
        ok = (inside & self._is_clear(points)).reshape(around.shape[:2])
        apart = np.where(ok, np.linalg.norm(around - wanted[:, None, :], axis=2), np.inf)
        return np.asarray(around[np.arange(len(at)), apart.argmin(axis=1)])

    def _under(self, flat_mm: Floats) -> tuple[NDArray[np.bool_], FacePoints]:
        """Return which positions (n, 2) lie on the flat zone, and the places there; elsewhere they mean nothing."""
        found, weights = locate_in_plane(flat_mm, self.flat_mm, self.local)
        return found >= 0, FacePoints(self.triangles[np.maximum(found, 0)], np.round(weights, _DECIMALS))

    @cached_property
    def _open_samples(self) -> Floats:
        low, high = self.flat_mm.min(axis=0), self.flat_mm.max(axis=0)
        x, y = (np.arange(low[axis], high[axis] + _SAMPLE_MM, _SAMPLE_MM) for axis in (0, 1))
        grid = np.stack(np.meshgrid(x, y), axis=2).reshape(-1, 2)
        inside, points = self._under(grid)
        return np.asarray(grid[inside & self._is_clear(points)])

    def _stored(self, points: FacePoints) -> list[OnMesh]:
        return [OnMesh(triangle=triangle, weights=weights) for triangle, weights in points.stored()]


@lru_cache(maxsize=64)
def face_ground(
    zone: str,
    face: FaceShape,
    outline: tuple[Place, ...] | None = None,
    marked: tuple[RoundLesion, ...] = (),
) -> FaceGround:
    """Return the ground of one zone, or of what was drawn of it; remembered, because laying flat takes milliseconds."""
    drawn = None if outline is None else drawn_zone(outline)
    chart = flat_chart_on(zone_triangles(zone), face.vertices_mm) if drawn is None else drawn.chart_on(face.vertices_mm)
    return FaceGround(zone, drawn, face, chart.triangles, chart.local, chart.flat_mm, chart.vertices_mm, marked)
