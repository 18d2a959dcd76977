"""The corners of a zone of the face that a hand drags: those that were drawn, or a few along the template's edge."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mesoplan.domain.plan import OnMesh, Place
from mesoplan.imaging.drawn_zone import drawn_zone, face_layout, on_mesh
from mesoplan.imaging.face_shape import FaceShape
from mesoplan.imaging.face_view import View
from mesoplan.imaging.face_zones import mirror_zone, zone_outlines, zone_triangles
from mesoplan.imaging.forehead import load_skin_template
from mesoplan.imaging.placement import FacePoints
from mesoplan.imaging.zone_edges import see_edge
from mesoplan.kernels.mesh import Floats, Ints, distance_to_segments_mm
from mesoplan.kernels.polygons import trace_polygon

FEWEST_CORNERS, MOST_TEMPLATE_CORNERS = 6, 20
WITHIN_MM = 1.0
_STEP = 1.15


@dataclass(frozen=True)
class SeenCorner:
    """A corner as it appears in one view: mm of the picture, y up. A hidden one is dragged in another view."""

    x_mm: float
    y_mm: float
    hidden: bool


def corners_of(zone_id: str, outline: tuple[Place, ...] | None) -> tuple[OnMesh, ...]:
    """Return the corners of a zone of the face, one after the other.

    Of the template's zone they are corners of its own edge: 6 to 20, as few as keep the edge between them within about
    1 mm of its own on a face of the template's size. A hole (the lips) has none: it is kept clear whatever is drawn.

    Raises
    ------
    UnknownZone
        For a zone that does not lie on the face.
    """
    return _template_corners(zone_id) if outline is None else on_mesh(outline)


def see_corners(view: View, corners: Sequence[Place], face: FaceShape) -> tuple[SeenCorner, ...]:
    """Return corners on a face as they appear in one view."""
    places = on_mesh(corners)
    points = FacePoints.of((place.triangle, place.weights) for place in places)
    seen = see_edge(view, points, face)
    rows = zip(seen.xy_mm.tolist(), seen.hidden.tolist(), strict=True)
    return tuple(SeenCorner(round(x, 2), round(y, 2), hidden) for (x, y), hidden in rows)


@functools.cache
def _template_corners(zone_id: str) -> tuple[OnMesh, ...]:
    if zone_id.endswith("-left"):
        right = _template_corners(mirror_zone(zone_id))
        mirrored = FacePoints.of((place.triangle, place.weights) for place in right).mirrored()
        # Walked the other way, so that the corners of both sides run clockwise or neither.
        return tuple(OnMesh(triangle=one, weights=weights) for one, weights in reversed(mirrored.stored()))
    loop = zone_outlines(zone_id)[0]
    chosen = _few(loop)
    return tuple(_at_vertex(int(vertex), zone_id) for vertex in loop[chosen])


def _at_vertex(vertex: int, zone_id: str) -> OnMesh:
    triangles = zone_triangles(zone_id)
    corners = load_skin_template().triangles[triangles]
    row, column = (int(one[0]) for one in np.nonzero(corners == vertex))
    first, second, third = (1.0 if place == column else 0.0 for place in range(3))
    return OnMesh(triangle=int(triangles[row]), weights=(first, second, third))


def _few(loop: Ints) -> list[int]:
    """The places in a loop of vertices of the fewest corners that keep to it within a millimetre, as far as 20 do."""
    within = WITHIN_MM
    chosen = _simplified(loop, within)
    while len(chosen) > MOST_TEMPLATE_CORNERS:
        within *= _STEP
        chosen = _simplified(loop, within)
    while len(chosen) < FEWEST_CORNERS:
        within /= _STEP
        chosen = _simplified(loop, within)
    return chosen


def _simplified(loop: Ints, within_mm: float) -> list[int]:
    """Split a loop at the vertex that lies farthest off, until none lies farther off than `within_mm` (Ramer 1972)."""
    vertices = load_skin_template().vertices_mm[loop]
    farthest = int(np.linalg.norm(vertices - vertices[0], axis=1).argmax())
    ends = [(0, farthest), (farthest, len(loop))]
    chosen = {0, farthest}
    while ends:
        start, end = ends.pop()
        between = np.arange(start + 1, end)
        off = _off_side_mm(loop, start, end % len(loop), between)
        if len(off) and off.max() > within_mm:
            middle = int(between[off.argmax()])
            chosen.add(middle)
            ends += [(start, middle), (middle, end)]
    return sorted(chosen)


def _off_side_mm(loop: Ints, start: int, end: int, between: Ints) -> Floats:
    """How far vertices of a loop lie off the side, along the skin, that would join two others."""
    template = load_skin_template()
    ends = face_layout()[loop[[start, end]]]
    _, triangles, weights = trace_polygon(ends, face_layout(), template.triangles)
    starts = FacePoints(triangles, weights[:, 0]).positions_mm(1.0)
    stops = FacePoints(triangles, weights[:, 1]).positions_mm(1.0)
    return distance_to_segments_mm(template.vertices_mm[loop[between]], starts, stops)


def grown_beyond_mm(outline: Sequence[Place], former: tuple[Place, ...] | None, zone_id: str) -> float:
    """Return how far the edge of an outline reaches out of the zone as it was, on a face of the template's size."""
    edge = drawn_zone(tuple(outline)).edge(5.0)
    was = drawn_zone(corners_of(zone_id, former))
    return float(max(0.0, -was.clearance_on_mm(edge, load_skin_template().vertices_mm).min()))
