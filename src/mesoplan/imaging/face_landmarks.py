"""Named landmarks of a face, and places given by millimetres from one of them.

A face is the template at a scale, or the vertices (468, 3) of a patient's own face in the axes of the head.
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

import numpy as np

from mesoplan.imaging.face_template import load_face_template
from mesoplan.kernels.mesh import Floats, Ints, surface_positions_mm
from mesoplan.kernels.mesh_location import closest_places, locate_in_plane

Side = Literal["right", "left", "middle"]
_AWAY_FROM_MIDLINE: dict[Side, float] = {"right": -1.0, "left": 1.0, "middle": 1.0}


class UnknownLandmark(KeyError):
    """A landmark that the face does not have; the message lists those that it has."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Place:
    """A place by landmark: mm from it towards the patient's side (or away from the midline), up, and forward."""

    landmark: str
    lateral_mm: float = 0.0
    up_mm: float = 0.0
    forward_mm: float = 0.0


@functools.cache
def _data() -> dict[str, Any]:
    text = resources.files("mesoplan.imaging").joinpath("data", "face_landmarks.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def landmark_names() -> tuple[str, ...]:
    """All landmarks, paired ones once."""
    return tuple(_data()["landmarks"])


def is_paired(landmark: str) -> bool:
    """Whether the landmark exists on the right and on the left."""
    return bool(_entry(landmark).get("paired", False))


def is_approximate(landmark: str) -> bool:
    """Whether it stands for a place that the mesh does not hold, such as the orbital rim."""
    return bool(_entry(landmark).get("approximate", False))


def _entry(landmark: str) -> dict[str, Any]:
    entries: dict[str, dict[str, Any]] = _data()["landmarks"]
    if landmark not in entries:
        raise UnknownLandmark(f"landmark “{landmark}” is not one of: {', '.join(entries)}")
    return entries[landmark]


def template_landmark_mm(landmark: str, side: Side = "middle") -> Floats:
    """Position (3,) of a landmark on the template in its own size.

    Raises
    ------
    UnknownLandmark
    ValueError
        If a paired landmark is asked for without a side.
    """
    return landmark_on(landmark, side, load_face_template().vertices_mm)


def landmark_on(landmark: str, side: Side, vertices_mm: Floats) -> Floats:
    """Position (3,) of a landmark on any face whose vertices (468, 3) are known; see :func:`template_landmark_mm`."""
    entry = _entry(landmark)
    vertices = np.array(entry["vertices"])
    if entry.get("paired", False):
        if side == "middle":
            raise ValueError(f"landmark “{landmark}” needs a side: right or left")
        vertices = load_face_template().mirror_vertices[vertices] if side == "left" else vertices
    return np.asarray(vertices_mm[vertices].mean(axis=0))


def landmark_mm(landmark: str, side: Side, factor: float) -> Floats:
    """Position (3,) of a landmark on the face at a scale; `side` counts for paired landmarks only."""
    return template_landmark_mm(landmark, side) * factor


def feature_rings() -> list[tuple[str, bool, Ints]]:
    """The lines of the drawn face: name, whether closed, and the vertices; left ones included."""
    rings = []
    mirror = load_face_template().mirror_vertices
    for name, entry in _data()["features"].items():
        vertices = np.array(entry["vertices"], dtype=np.intp)
        rings.append((name, bool(entry.get("closed", False)), vertices))
        if entry.get("paired", False):
            rings.append((name, bool(entry.get("closed", False)), mirror[vertices]))
    return rings


def place_on(place: Place, side: Side, vertices_mm: Floats) -> Floats:
    """Position (3,) of a place on any face whose vertices (468, 3) are known, in the axes of the head.

    The millimetres are real ones, so they do not grow with the face. A place given by lateral and up lies on
    the skin straight ahead of the landmark so moved (it is projected along the view from the front); one that
    is moved forward too goes to the nearest skin. Where the mesh does not reach (neck, ear) the place keeps the
    depth of its landmark.
    """
    triangles = load_face_template().triangles
    lateral = place.lateral_mm * _AWAY_FROM_MIDLINE[side]
    moved = np.array([lateral, place.up_mm, place.forward_mm])
    target = landmark_on(place.landmark, side, vertices_mm) + moved
    if place.forward_mm:
        return np.asarray(_on_skin(target[None], vertices_mm)[0])
    found, weights = locate_in_plane(target[None, :2], vertices_mm[:, :2], triangles, vertices_mm[:, 2])
    if found[0] < 0:
        return np.asarray(target)
    return np.asarray(surface_positions_mm(vertices_mm, triangles, found, weights)[0])


def path_on(places: Iterable[Place], side: Side, vertices_mm: Floats, step_mm: float = 4.0) -> Floats:
    """A line through places as it runs on the skin of any face, shape (n, 3); a single place gives one row.

    Between two places the straight line is followed in steps and laid on the nearest skin, as long as that is
    near: off the mesh it stays straight.
    """
    ends = [place_on(place, side, vertices_mm) for place in places]
    rows = [ends[0][None]]
    for start, end in itertools.pairwise(ends):
        steps = max(1, int(np.ceil(np.linalg.norm(end - start) / step_mm)))
        shares = np.arange(1, steps + 1)[:, None] / steps
        straight = start + shares * (end - start)
        if steps > 1:
            laid = _on_skin(straight[:-1], vertices_mm)
            near = np.linalg.norm(laid - straight[:-1], axis=1) < np.linalg.norm(end - start) / 2
            straight[:-1] = np.where(near[:, None], laid, straight[:-1])
        rows.append(straight)
    return np.concatenate(rows)


def _on_skin(points_mm: Floats, vertices_mm: Floats) -> Floats:
    triangles = load_face_template().triangles
    found, weights = closest_places(points_mm, vertices_mm, triangles)
    return surface_positions_mm(vertices_mm, triangles, found, weights)
