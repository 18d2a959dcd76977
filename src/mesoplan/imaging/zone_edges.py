"""The edge of a zone as it is seen: of the template, or as it was drawn for this patient; cut where it is hidden."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mesoplan.domain.plan import Place
from mesoplan.imaging.drawn_zone import drawn_zone
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_view import (
    LINE_COVERED_BY_MM,
    Seen,
    SeenMesh,
    View,
    face_normals,
    is_turned_away,
    see_line_on,
    see_positions,
    see_positions_on,
    turn,
)
from mesoplan.imaging.face_zones import zone_outlines
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


def edge_paths(view: View, zone_id: str, outline: tuple[Place, ...] | None, factor: float) -> EdgePaths:
    """Return what is seen of the edge of a zone on the face at a scale; without an outline, the template's."""
    return _paths(edge_runs(view, zone_id, outline, factor))


def _paths(runs: Sequence[Run]) -> EdgePaths:
    return EdgePaths(
        "".join(path_data(run, closed=closed) for run, closed in runs),
        "".join(path_data(run, closed=True) for run, _ in runs),
    )


def edge_runs(view: View, zone_id: str, outline: tuple[Place, ...] | None, factor: float) -> list[Run]:
    """Return the same as stretches; the edge of the template is rounded off, one that was drawn is as drawn."""
    runs = _template_runs(view, zone_id) if outline is None else _drawn_runs(view, outline)
    return [(run * factor, closed) for run, closed in runs]


def edge_paths_on(mesh: SeenMesh, zone_id: str, outline: tuple[Place, ...] | None) -> EdgePaths:
    """Return what is seen of the edge of a zone on any face, in the unit and axes of the mesh, y down."""
    return _paths(edge_runs_on(mesh, zone_id, outline))


@functools.lru_cache(maxsize=512)
def edge_runs_on(mesh: SeenMesh, zone_id: str, outline: tuple[Place, ...] | None) -> tuple[Run, ...]:
    """Return the same as stretches; without an outline, the edge that the template has, rounded off."""
    if outline is not None:
        places = _edge_places(outline)
        return tuple(visible_runs(see_line_on(mesh, places.triangles, places.weights), closed=True))
    runs: list[Run] = []
    for loop in zone_outlines(zone_id):
        curve = smooth_line(mesh.vertices[loop], closed=True, samples=_SAMPLES)
        runs += visible_runs(see_positions_on(mesh, curve), closed=True)
    return tuple(runs)


@functools.cache
def _template_runs(view: View, zone_id: str) -> tuple[Run, ...]:
    vertices = load_face_template().vertices_mm
    runs: list[Run] = []
    for loop in zone_outlines(zone_id):
        curve = smooth_line(vertices[loop], closed=True, samples=_SAMPLES)
        runs += visible_runs(see_positions(view, curve, 1.0), closed=True)
    return tuple(runs)


@functools.lru_cache(maxsize=512)
def _drawn_runs(view: View, outline: tuple[Place, ...]) -> tuple[Run, ...]:
    return tuple(visible_runs(see_edge(view, _edge_places(outline)), closed=True))


@functools.lru_cache(maxsize=256)
def _edge_places(outline: tuple[Place, ...]) -> FacePoints:
    return drawn_zone(outline).edge(_LONGEST_PIECE_MM)


def see_edge(view: View, places: FacePoints) -> Seen:
    """Return places of a line on the mesh as they appear, in the template's own size.

    As :func:`~mesoplan.imaging.face_view.see_positions`, but the skin before a place is read from a picture of depths:
    a line is drawn anew with every step of a corner.
    """
    template = load_face_template()
    corners = template.triangles[places.triangles]
    normals = np.einsum("nc,ncd->nd", places.weights, face_normals()[corners])
    facing = turn(view, normals)[:, 2] / np.linalg.norm(normals, axis=1)
    placed = turn(view, places.positions_mm(1.0))
    covered = face_depth_mm(view, placed[:, :2]) > placed[:, 2] + LINE_COVERED_BY_MM
    return Seen(placed[:, :2], facing, is_turned_away(facing) | covered)
