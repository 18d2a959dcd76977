"""The face that a plan is on, in millimetres: the template at a scale, or the patient's own; and how it is seen.

Picture axes: x to the right, y up, depth towards the viewer, in millimetres. The patient's right is on the left of the
picture. A view of the template is orthographic, turned by a fixed angle; one of a patient's own face is turned as the
head was in the photo, and where that photo is at hand the vertices lie where the photo shows them.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from mesoplan.domain.face import FaceTurn, FaceView, OwnFace
from mesoplan.imaging.forehead import load_skin_template, with_forehead
from mesoplan.kernels.mesh import Floats, triangle_normals, vertex_normals

OBLIQUE_DEG = 35.0
_TURNS = {
    FaceView.FRONT: FaceTurn(yaw_deg=0.0),
    FaceView.RIGHT_OBLIQUE: FaceTurn(yaw_deg=OBLIQUE_DEG),
    FaceView.LEFT_OBLIQUE: FaceTurn(yaw_deg=-OBLIQUE_DEG),
}


@dataclass(frozen=True, eq=False)
class PhotoGround:
    """A photo under the drawing of a view.

    Attributes
    ----------
    seen_mm : (501, 3) the vertices where the photo shows them, in picture axes
    left_mm, top_mm, width_mm, height_mm : float
        Where the photo lies in the picture, y up.
    href : str
        Its address, or a data URI.
    """

    seen_mm: Floats
    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float
    href: str


@dataclass(frozen=True, eq=False)
class FaceShape:
    """One face. Made by :func:`template_face`, :func:`own_face_shape` and :meth:`on_photos`.

    Attributes
    ----------
    vertices_mm : (501, 3) in the axes of the head: x to the patient's left, y up, z forward; not to be written to
    factor : float or None
        Millimetres of the patient for one of the template; none for a patient's own face.
    turns : view to turn of the head
    photos : view to photo, where there is one
    """

    vertices_mm: Floats
    factor: float | None
    turns: Mapping[FaceView, FaceTurn] = field(default_factory=lambda: _TURNS)
    photos: Mapping[FaceView, PhotoGround] = field(default_factory=dict)

    @property
    def is_own(self) -> bool:
        """Whether it was measured on this patient, more than by its width."""
        return self.factor is None

    def on_photos(self, photos: Mapping[FaceView, PhotoGround]) -> FaceShape:
        """The same face, drawn on photos of it."""
        return replace(self, photos=dict(photos))

    def as_seen(self, view: FaceView) -> FaceShape:
        """The face whose vertices are in picture axes already: nothing is turned any more."""
        return replace(self, turns={**self.turns, view: FaceTurn(yaw_deg=0.0)}, photos={})

    def turn(self, view: FaceView) -> Floats:
        """The rotation (3, 3) from the axes of the head to those of the picture."""
        return rotation(self.turns[view])

    @functools.cached_property
    def _seen_mm(self) -> Mapping[FaceView, Floats]:
        seen = {view: self.vertices_mm @ self.turn(view).T for view in FaceView}
        return seen | {view: photo.seen_mm for view, photo in self.photos.items()}

    def seen_mm(self, view: FaceView) -> Floats:
        """The vertices (501, 3) in picture axes."""
        return self._seen_mm[view]

    @functools.cached_property
    def _facing(self) -> Mapping[FaceView, Floats]:
        triangles = load_skin_template().triangles
        return {view: triangle_normals(seen, triangles)[:, 2] for view, seen in self._seen_mm.items()}

    def facing(self, view: FaceView) -> Floats:
        """Of each triangle (964,) the cosine between its normal and the line to the viewer; below 0 turned away."""
        return self._facing[view]

    @functools.cached_property
    def vertex_normals(self) -> Floats:
        """Unit normal (501, 3) of each vertex, in the axes of the head."""
        return vertex_normals(self.vertices_mm, load_skin_template().triangles)

    @functools.cached_property
    def triangle_normals(self) -> Floats:
        """Unit normal (964, 3) of each triangle, in the axes of the head."""
        return triangle_normals(self.vertices_mm, load_skin_template().triangles)


def rotation(turn: FaceTurn) -> Floats:
    """The rotation (3, 3) of a head: by its roll, then its pitch, then its yaw.

    Its columns are the head's left, up and forward in picture axes.
    """
    yaw, pitch, roll = np.radians([turn.yaw_deg, -turn.pitch_deg, turn.roll_deg])
    about_y = np.array([[np.cos(yaw), 0.0, np.sin(yaw)], [0.0, 1.0, 0.0], [-np.sin(yaw), 0.0, np.cos(yaw)]])
    about_x = np.array([[1.0, 0.0, 0.0], [0.0, np.cos(pitch), -np.sin(pitch)], [0.0, np.sin(pitch), np.cos(pitch)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0.0], [np.sin(roll), np.cos(roll), 0.0], [0.0, 0.0, 1.0]])
    return np.asarray(about_y @ about_x @ about_z)


@functools.lru_cache(maxsize=64)
def template_face(factor: float) -> FaceShape:
    """The template at a scale (:class:`~mesoplan.imaging.face_scale.FaceScale`)."""
    return FaceShape(_kept(load_skin_template().vertices_mm * factor), factor)


@functools.lru_cache(maxsize=64)
def own_face_shape(face: OwnFace) -> FaceShape:
    """The face that was measured on a patient."""
    return FaceShape(_kept(with_forehead(np.array(face.vertices_mm))), None, {**_TURNS, **face.turns})


def _kept(vertices_mm: Floats) -> Floats:
    vertices_mm.setflags(write=False)
    return vertices_mm
