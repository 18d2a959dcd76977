"""Eyes, brows, nose and lips of the drawn face, in the template's own millimetres."""

from __future__ import annotations

import functools

import numpy as np

from mesoplan.imaging.face_landmarks import Side, feature_rings, template_landmark_mm
from mesoplan.imaging.face_shape import template_face
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_view import View, see_positions, turn
from mesoplan.imaging.map_marks import visible_runs
from mesoplan.imaging.map_style import paint
from mesoplan.imaging.svg import element, path_data, smooth_line
from mesoplan.kernels.mesh import Floats

_IRIS_RADIUS_MM, _PUPIL_RADIUS_MM = 5.9, 2.4
_CLOSED_LOOKS: dict[str, dict[str, object]] = {
    "eye": {**paint("mp-map-eye"), "stroke_width": 0.7},
    "brow": {**paint("mp-map-brow"), "opacity": 0.5},
    "lips-outer": {**paint("mp-map-lips"), "opacity": 0.16},
}
_LINE_WIDTHS = {"eyelid-fold": 0.45, "lips-line": 0.8, "nose-base": 0.8, "nose-wing": 0.7, "nasolabial-fold": 0.0}


@functools.lru_cache(maxsize=64)
def face_features(view: View, uid: str) -> str:
    """The features of one view; what is turned away or covered is left out."""
    parts = []
    for number, (name, closed, vertices) in enumerate(feature_rings()):
        curve = smooth_line(load_face_template().vertices_mm[vertices], closed=closed)
        for run, whole in visible_runs(see_positions(view, curve, template_face(1.0)), closed=closed):
            if name in _CLOSED_LOOKS:
                parts.append(element("path", d=path_data(run, closed=True), **_CLOSED_LOOKS[name]))
            elif _LINE_WIDTHS[name]:
                look = paint("mp-map-feature") | {"stroke_linecap": "round"}
                parts.append(element("path", d=path_data(run), **look, stroke_width=_LINE_WIDTHS[name]))
            if name == "eye" and whole:
                parts.append(_iris(view, run, f"{uid}-eye-{number}"))
    return "".join(parts)


def _iris(view: View, eye: Floats, clip_id: str) -> str:
    """Iris and pupil, cut by the lids."""
    side: Side = "left" if _is_left(view, eye) else "right"
    centre = turn(view, template_landmark_mm("mid-pupil", side))[:2]
    centre[1] += 0.6
    narrowed = float(turn(view, np.array([1.0, 0.0, 0.0]))[0])
    clip = element("clipPath", element("path", d=path_data(eye, closed=True)), id=clip_id)
    parts = ""
    for radius, class_, opacity in (
        (_IRIS_RADIUS_MM, "mp-map-iris", 0.55),
        (_PUPIL_RADIUS_MM, "mp-map-brow", 0.9),
    ):
        look = paint(class_) | {"stroke_width": 0.4, "opacity": opacity}
        shape = {"cx": float(centre[0]), "cy": float(-centre[1]), "rx": radius * narrowed, "ry": radius}
        parts += element("ellipse", **shape, **look)
    return clip + element("g", parts, clip_path=f"url(#{clip_id})")


def _is_left(view: View, eye: Floats) -> bool:
    right = turn(view, template_landmark_mm("mid-pupil", "right"))[0]
    left = turn(view, template_landmark_mm("mid-pupil", "left"))[0]
    middle = float(eye[:, 0].mean())
    return abs(middle - float(left)) < abs(middle - float(right))
