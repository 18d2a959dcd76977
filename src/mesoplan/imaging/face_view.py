"""The face as seen from one side, to scale: orthographic, so that a millimetre is the same all over the picture.

Picture axes: x to the right, y up, depth towards the viewer. The patient's right is on the left of the picture.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mesoplan.imaging.face_template import load_face_template
from mesoplan.kernels.mesh import Floats, Ints, surface_positions_mm, triangle_normals, vertex_normals
from mesoplan.kernels.mesh_location import locate_in_plane

OBLIQUE_DEG = 35.0
# A place this far behind other skin is covered by it; less is the coarseness of the mesh.
_COVERED_BY_MM = 2.0
# Drawn lines are rounded off and leave the skin by more.
LINE_COVERED_BY_MM = 4.0
_LEAST_FACING = 0.08
# Points that turn away more are drawn in the view that they face; from the front none may be lost before that.
_LEAST_FACING_OF_POINTS = {"front": 0.12, "right-oblique": 0.3, "left-oblique": 0.3}


class View(StrEnum):
    """From where the face is seen. An oblique shows the named side of the patient."""

    FRONT = "front"
    RIGHT_OBLIQUE = "right-oblique"
    LEFT_OBLIQUE = "left-oblique"

    @property
    def turn_deg(self) -> float:
        """Turn of the head about the vertical: above 0 it looks to the right of the picture."""
        return {"front": 0.0, "right-oblique": OBLIQUE_DEG, "left-oblique": -OBLIQUE_DEG}[self.value]


@dataclass(frozen=True, eq=False)
class Seen:
    """Places as they appear in one view.

    Attributes
    ----------
    xy_mm : (n, 2) in the picture
    facing : (n,) cosine between the skin's normal and the line to the viewer; 1 is face on, below 0 turned away
    hidden : (n,) turned away, or covered by other skin
    """

    xy_mm: Floats
    facing: Floats
    hidden: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class SeenMesh:
    """The mesh of any face as a viewer sees it. Made by :func:`seen_from`, :func:`seen_turned`, or of a photo's points.

    Attributes
    ----------
    vertices : (468, 3)
        In picture axes: x to the right, y up, depth towards the viewer.
    per_mm : float
        How long a millimetre is in their unit: 1, or the pixels of a millimetre in a photo.
    least_facing : float
        Cosine to the viewer below which a point is not shown.
    """

    vertices: Floats
    per_mm: float = 1.0
    least_facing: float = _LEAST_FACING_OF_POINTS["front"]

    @cached_property
    def normals(self) -> Floats:
        """Unit normal (468, 3) of each vertex."""
        return vertex_normals(self.vertices, load_face_template().triangles)

    @cached_property
    def triangle_normals(self) -> Floats:
        """Unit normal (898, 3) of each triangle."""
        return triangle_normals(self.vertices, load_face_template().triangles)


def seen_from(view: View, vertices_mm: Floats) -> SeenMesh:
    """A face whose vertices (468, 3) are in the axes of the head, in one of the views of the map."""
    return SeenMesh(turn(view, vertices_mm), least_facing=_LEAST_FACING_OF_POINTS[view.value])


def seen_turned(rotation: Floats, vertices_mm: Floats) -> SeenMesh:
    """The same, turned by a rotation (3, 3) from the axes of the head to those of the viewer, as in a photo."""
    return SeenMesh(vertices_mm @ rotation.T)


def see_places_on(mesh: SeenMesh, triangles: Ints, weights: Floats) -> Seen:
    """Places on the mesh (triangle numbers and weights) as they appear; the normal is that of the triangle."""
    placed = surface_positions_mm(mesh.vertices, load_face_template().triangles, triangles, weights)
    facing = mesh.triangle_normals[triangles, 2]
    hidden = (facing < mesh.least_facing) | _covered_on(mesh, placed, _COVERED_BY_MM)
    return Seen(placed[:, :2], facing, hidden)


def see_line_on(mesh: SeenMesh, triangles: Ints, weights: Floats) -> Seen:
    """Places of a line on the mesh as they appear; the normal is that between the vertices."""
    corners = load_face_template().triangles[triangles]
    placed = surface_positions_mm(mesh.vertices, load_face_template().triangles, triangles, weights)
    normals = np.einsum("nc,ncd->nd", weights, mesh.normals[corners])
    return _line_on(mesh, placed, normals[:, 2] / np.linalg.norm(normals, axis=1))


def see_positions_on(mesh: SeenMesh, positions: Floats) -> Seen:
    """Positions (n, 3) in picture axes on or near the face as they appear; the normal is that of the nearest vertex."""
    nearest = ((positions[:, None, :] - mesh.vertices) ** 2).sum(axis=2).argmin(axis=1)
    return _line_on(mesh, positions, mesh.normals[nearest, 2])


def _line_on(mesh: SeenMesh, placed: Floats, facing: Floats) -> Seen:
    return Seen(placed[:, :2], facing, is_turned_away(facing) | _covered_on(mesh, placed, LINE_COVERED_BY_MM))


def turn(view: View, vectors: Floats) -> Floats:
    """Positions or directions (n, 3) in picture axes (x right, y up, depth towards the viewer)."""
    angle = np.radians(view.turn_deg)
    cosine, sine = np.cos(angle), np.sin(angle)
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    return np.stack([cosine * x + sine * z, y, cosine * z - sine * x], axis=-1)


def see_places(view: View, triangles: Ints, weights: Floats, factor: float) -> Seen:
    """Places on the mesh (triangle numbers and weights) as they appear; the normal is that of the triangle."""
    template = load_face_template()
    corners = template.vertices_mm[template.triangles[triangles]]
    positions = np.einsum("nc,ncd->nd", weights, corners)
    normals = triangle_normals(template.vertices_mm, template.triangles)[triangles]
    seen = _seen(view, positions, normals, factor, _COVERED_BY_MM)
    away = seen.facing < _LEAST_FACING_OF_POINTS[view.value]
    return Seen(seen.xy_mm, seen.facing, seen.hidden | away)


def see_positions(view: View, positions_mm: Floats, factor: float) -> Seen:
    """Positions (n, 3) on or near the face as they appear; the normal is that of the nearest vertex."""
    template = load_face_template()
    own = positions_mm / factor
    distance2 = ((own[:, None, :] - template.vertices_mm) ** 2).sum(axis=2)
    return _seen(view, own, face_normals()[distance2.argmin(axis=1)], factor, LINE_COVERED_BY_MM)


@functools.cache
def face_normals() -> Floats:
    """Unit normal (468, 3) of each vertex of the template."""
    template = load_face_template()
    return vertex_normals(template.vertices_mm, template.triangles)


def _seen(view: View, positions: Floats, normals: Floats, factor: float, covered_by_mm: float) -> Seen:
    placed = turn(view, positions)
    facing = turn(view, normals)[:, 2]
    hidden = is_turned_away(facing) | _covered(view, placed, covered_by_mm)
    return Seen(placed[:, :2] * factor, facing, hidden)


def is_turned_away(facing: Floats) -> NDArray[np.bool_]:
    """Whether skin of which the cosine to the viewer is given (n,) shows no line any more."""
    return np.asarray(facing < _LEAST_FACING)


def _covered(view: View, placed: Floats, covered_by_mm: float) -> NDArray[np.bool_]:
    return _covered_on(SeenMesh(turn(view, load_face_template().vertices_mm)), placed, covered_by_mm)


def _covered_on(mesh: SeenMesh, placed: Floats, covered_by_mm: float) -> NDArray[np.bool_]:
    triangles = load_face_template().triangles
    found, weights = locate_in_plane(placed[:, :2], mesh.vertices[:, :2], triangles, mesh.vertices[:, 2])
    nearest = np.einsum("nc,nc->n", weights, mesh.vertices[triangles[found], 2])
    return np.asarray((found >= 0) & (nearest > placed[:, 2] + covered_by_mm * mesh.per_mm))
