"""Places that are kept clear, as the maps of face and patch draw them: hatched circles on the skin, to scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np

from mesoplan.domain.plan import OnMesh, OnPatch, Place
from mesoplan.imaging.face_shape import FaceShape
from mesoplan.imaging.face_view import View, see_places
from mesoplan.imaging.map_style import paint
from mesoplan.imaging.placement import FacePoints
from mesoplan.imaging.svg import element, path_data
from mesoplan.kernels.mesh import Floats

_CORNERS = 40
_HATCH_MM = 1.8
_MOST_LINES = 12
_ASKEW = np.radians(45)


@dataclass(frozen=True)
class KeptMarks:
    """One place as it is drawn, with what is said of it."""

    at: Place
    radius_mm: float
    title: str = ""


def kept_on_face_svg(view: View, marks: Sequence[KeptMarks], face: FaceShape) -> str:
    """Return the marks of one view, those that are seen; empty for none."""
    on_face = [(one, one.at) for one in marks if isinstance(one.at, OnMesh)]
    if not on_face:
        return ""
    points = FacePoints.of((at.triangle, at.weights) for _, at in on_face)
    seen = see_places(view, points.triangles, points.weights, face)
    normals = face.triangle_normals[points.triangles] @ face.turn(view).T
    return "".join(
        _circle(one, centre, _plane(normal), halo=view in face.photos)
        for (one, _), centre, normal, hidden in zip(on_face, seen.xy_mm, normals, seen.hidden, strict=True)
        if not hidden
    )


def kept_on_patch_svg(marks: Sequence[KeptMarks]) -> str:
    """Return the marks of one flat patch."""
    return "".join(
        _circle(one, np.array([one.at.x_mm, one.at.y_mm]), np.eye(2)) for one in marks if isinstance(one.at, OnPatch)
    )


def _plane(normal: Floats) -> Floats:
    """Two directions of the skin (2, 2) as the picture shows them: the circle of the skin that turns away is narrow."""
    across = np.cross([0.0, 1.0, 0.0], normal)
    across /= np.linalg.norm(across)
    return np.stack([across, np.cross(normal, across)])[:, :2]


def _circle(marks: KeptMarks, centre: Floats, plane: Floats, *, halo: bool = False) -> str:
    angle = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    edge = path_data(centre + _along(angle, marks.radius_mm) @ plane, closed=True)
    hatch = "".join(path_data(centre + ends @ plane) for ends in _chords(marks.radius_mm))
    parts = element("title", escape(marks.title)) if marks.title else ""
    if halo:
        parts += element("path", d=edge, **paint("mp-map-halo"), stroke_width=1.8)
    parts += element("path", d=hatch, **paint("mp-map-kept"), stroke_width=0.35)
    return element("g", parts + element("path", d=edge, **paint("mp-map-kept"), stroke_width=0.7))


def _along(angle: Floats, radius_mm: float) -> Floats:
    return np.asarray(radius_mm * np.stack([np.cos(angle), np.sin(angle)], axis=1))


def _chords(radius_mm: float) -> list[Floats]:
    """Lines of the hatch (2, 2) from edge to edge of a circle about 0."""
    count = int(np.clip(2 * radius_mm / _HATCH_MM, 1, _MOST_LINES))
    share = (np.arange(count) + 0.5) / count * 2 - 1
    return [_along(np.array([_ASKEW + turn, _ASKEW + np.pi - turn]), radius_mm) for turn in np.arcsin(share)]
