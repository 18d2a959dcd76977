"""Places and lines of a face as one view shows them, and what of them is hidden; axes as in `face_shape`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mesoplan.domain.face import FaceView as View
from mesoplan.imaging.face_shape import FaceShape, template_face
from mesoplan.imaging.forehead import load_skin_template
from mesoplan.kernels.mesh import Floats, Ints, surface_positions_mm
from mesoplan.kernels.mesh_location import closest_places, locate_in_plane

__all__ = ["LINE_COVERED_BY_MM", "Seen", "View", "is_covered", "is_turned_away", "see_places", "see_positions", "turn"]

# A place this far behind other skin is covered by it; less is the coarseness of the mesh.
_COVERED_BY_MM = 2.0
# Drawn lines are rounded off and leave the skin by more.
LINE_COVERED_BY_MM = 4.0
_LEAST_FACING = 0.08
# Points that turn away more are drawn in the view that they face; from the front none may be lost before that.
_LEAST_FACING_OF_POINTS = {View.FRONT: 0.12, View.RIGHT_OBLIQUE: 0.3, View.LEFT_OBLIQUE: 0.3}


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


def see_places(view: View, triangles: Ints, weights: Floats, face: FaceShape) -> Seen:
    """Places on the mesh (triangle numbers and weights) as they appear; the normal is that of the triangle."""
    corners = load_skin_template().triangles
    placed = surface_positions_mm(face.seen_mm(view), corners, triangles, weights)
    facing = face.facing(view)[triangles]
    away = facing < _LEAST_FACING_OF_POINTS[view]
    return Seen(placed[:, :2], facing, away | is_covered(view, placed, face, _COVERED_BY_MM))


def see_positions(view: View, positions_mm: Floats, face: FaceShape) -> Seen:
    """Positions (n, 3) on or near the face as they appear; the normal is that of the nearest vertex."""
    distance2 = ((positions_mm[:, None, :] - face.vertices_mm) ** 2).sum(axis=2)
    turn = face.turn(view)
    facing = (face.vertex_normals[distance2.argmin(axis=1)] @ turn.T)[:, 2]
    placed = positions_mm @ turn.T
    if view in face.photos:
        placed = _on_photo(view, positions_mm, face)
    return Seen(placed[:, :2], facing, is_turned_away(facing) | is_covered(view, placed, face, LINE_COVERED_BY_MM))


def _on_photo(view: View, positions_mm: Floats, face: FaceShape) -> Floats:
    """A photo shows the mesh, not the space around it: each position goes with the skin nearest to it."""
    triangles = load_skin_template().triangles
    found, weights = closest_places(positions_mm, face.vertices_mm, triangles)
    skin = surface_positions_mm(face.vertices_mm, triangles, found, weights)
    shown = surface_positions_mm(face.seen_mm(view), triangles, found, weights)
    return np.asarray(shown + (positions_mm - skin) @ face.turn(view).T)


def turn(view: View, vectors: Floats) -> Floats:
    """Positions or directions (..., 3) on the template in picture axes."""
    return np.asarray(vectors @ template_face(1.0).turn(view).T)


def is_turned_away(facing: Floats) -> NDArray[np.bool_]:
    """Whether skin of which the cosine to the viewer is given (n,) shows no line any more."""
    return np.asarray(facing < _LEAST_FACING)


def is_covered(view: View, placed_mm: Floats, face: FaceShape, by_mm: float) -> NDArray[np.bool_]:
    """Whether other skin of the face lies in front of places (n, 3) in picture axes, by so much."""
    template, seen = load_skin_template(), face.seen_mm(view)
    found, weights = locate_in_plane(placed_mm[:, :2], seen[:, :2], template.triangles, seen[:, 2])
    nearest = np.einsum("nc,nc->n", weights, seen[template.triangles[found], 2])
    return np.asarray((found >= 0) & (nearest > placed_mm[:, 2] + by_mm))
