"""The edge of a zone as it is seen: of the template, or as it was drawn for this patient; cut where it is hidden."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from mesoplan.domain.plan import Place
from mesoplan.imaging.drawn_zone import drawn_zone
from mesoplan.imaging.face_shape import FaceShape, template_face
from mesoplan.imaging.face_view import LINE_COVERED_BY_MM, Seen, View, is_covered, is_turned_away, see_positions
from mesoplan.imaging.face_zones import zone_outlines
from mesoplan.imaging.forehead import load_skin_template
from mesoplan.imaging.head_shape import face_depth_mm
from mesoplan.imaging.map_marks import visible_runs
from mesoplan.imaging.placement import FacePoints
from mesoplan.imaging.svg import path_data, smooth_line
from mesoplan.kernels.mesh import Floats

_SAMPLES = 5
_LONGEST_PIECE_MM = 3.0

Run = tuple[Floats, bool]
"""A stretch of an edge (n, 2) in mm of the picture, y up, with whether it is a whole closed line."""


@dataclass(frozen=True)
class EdgePaths:
    """The edge of a zone in one view, as the `d` of two SVG paths in mm of the picture, y down; empty where hidden.

    Attributes
    ----------
    line : str
        What is seen of the edge, to be stroked; it breaks off where skin hides it.
    ground : str
        The same stretches closed, to be filled.
    """

    line: str
    ground: str


def edge_paths(view: View, zone_id: str, outline: tuple[Place, ...] | None, face: FaceShape) -> EdgePaths:
    """Return what is seen of the edge of a zone on a face; without an outline, that of the template's zone."""
    runs = edge_runs(view, zone_id, outline, face)
    return EdgePaths(
        "".join(path_data(run, closed=closed) for run, closed in runs),
        "".join(path_data(run, closed=True) for run, _ in runs),
    )


def edge_runs(view: View, zone_id: str, outline: tuple[Place, ...] | None, face: FaceShape) -> list[Run]:
    """Return the same as stretches; the edge of a zone is rounded off, one that was drawn is as drawn."""
    if face.factor is None:
        return list(_zone_runs(view, zone_id, face) if outline is None else _drawn_runs(view, outline, face))
    # The template is drawn once for all sizes.
    own_size = template_face(1.0)
    runs = _zone_runs(view, zone_id, own_size) if outline is None else _drawn_runs(view, outline, own_size)
    return [(run * face.factor, closed) for run, closed in runs]


@functools.lru_cache(maxsize=512)
def _zone_runs(view: View, zone_id: str, face: FaceShape) -> tuple[Run, ...]:
    runs: list[Run] = []
    for loop in zone_outlines(zone_id):
        curve = smooth_line(face.vertices_mm[loop], closed=True, samples=_SAMPLES)
        runs += visible_runs(see_positions(view, curve, face), closed=True)
    return tuple(runs)


@functools.lru_cache(maxsize=512)
def _drawn_runs(view: View, outline: tuple[Place, ...], face: FaceShape) -> tuple[Run, ...]:
    return tuple(visible_runs(see_edge(view, _edge_places(outline), face), closed=True))


@functools.lru_cache(maxsize=256)
def _edge_places(outline: tuple[Place, ...]) -> FacePoints:
    return drawn_zone(outline).edge(_LONGEST_PIECE_MM)


def see_edge(view: View, places: FacePoints, face: FaceShape) -> Seen:
    """Return places of a line on the mesh as they appear.

    As :func:`~mesoplan.imaging.face_view.see_positions`, but on the template the skin before a place is read from a
    picture of depths: a line is drawn anew with every step of a corner.
    """
    corners = load_skin_template().triangles[places.triangles]
    normals = np.einsum("nc,ncd->nd", places.weights, face.vertex_normals[corners])
    facing = (normals @ face.turn(view).T)[:, 2] / np.linalg.norm(normals, axis=1)
    placed = places.positions_on(face.seen_mm(view))
    if face.factor is None:
        covered = is_covered(view, placed, face, LINE_COVERED_BY_MM)
    else:
        own = placed / face.factor
        covered = face_depth_mm(view, own[:, :2]) > own[:, 2] + LINE_COVERED_BY_MM
    return Seen(placed[:, :2], facing, is_turned_away(facing) | covered)
