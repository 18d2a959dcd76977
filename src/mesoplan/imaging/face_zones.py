"""Zones of the template face: every triangle of the mesh belongs to one. Right and left are the patient's.

Where injection never goes (orbit with lids and brow, vermilion) is a zone too, so that it can be kept clear.
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.imaging.face_template import FaceTemplate, load_face_template
from mesoplan.imaging.forehead import load_skin_template
from mesoplan.kernels.mesh import (
    Floats,
    Ints,
    border_edges,
    border_loops,
    distance_to_segments_mm,
    triangle_areas_mm2,
)

NO_INJECTION_ZONES = ("periorbital-right", "periorbital-left", "lips")
_MM2_PER_CM2 = 100.0


class UnknownZone(KeyError):
    """A zone that is not on the face mesh; the message lists those that are."""

    def __str__(self) -> str:
        return str(self.args[0])


@functools.cache
def _rings() -> dict[str, dict[str, Any]]:
    text = resources.files("mesoplan.imaging").joinpath("data", "face_zones.json").read_text("utf-8")
    zones: dict[str, dict[str, Any]] = json.loads(text)["zones"]
    return zones


@functools.cache
def face_zone_ids() -> tuple[str, ...]:
    """The zones of the face mesh, from the forehead down, right before left."""
    ids: list[str] = []
    for name, entry in _rings().items():
        ids += [f"{name}-right", f"{name}-left"] if entry.get("paired", False) else [name]
    return tuple(ids)


def mirror_zone(zone_id: str) -> str:
    """The same zone on the other side; a zone of the midline is its own mirror image."""
    if zone_id.endswith("-right"):
        return zone_id.removesuffix("-right") + "-left"
    if zone_id.endswith("-left"):
        return zone_id.removesuffix("-left") + "-right"
    return zone_id


@functools.cache
def zone_triangles(zone_id: str) -> Ints:
    """Numbers of the triangles of a zone, ascending.

    Raises
    ------
    UnknownZone
        For every other id, zones of neck and body included: they are flat patches.
    """
    if zone_id not in face_zone_ids():
        raise UnknownZone(f"zone “{zone_id}” is not on the face: {', '.join(face_zone_ids())}")
    template = load_face_template()
    if zone_id.endswith("-left"):
        return np.sort(template.mirror_triangles[zone_triangles(mirror_zone(zone_id))])
    entry = _rings()[zone_id.removesuffix("-right")]
    enclosed = _enclosed(entry["ring"], template)
    for other in entry.get("without", ()):
        enclosed &= ~_enclosed(_rings()[other]["ring"], template)
    return np.flatnonzero(enclosed)


def _enclosed(ring: list[int], template: FaceTemplate) -> NDArray[np.bool_]:
    """Triangles whose centre lies within the ring where the face is laid out flat (even-odd rule)."""
    x, y = template.texture[template.triangles].mean(axis=1).T
    inside = np.zeros(len(template.triangles), dtype=bool)
    corners = template.texture[ring]
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 != y2:
            crosses = (y1 > y) != (y2 > y)
            inside ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return inside


@functools.cache
def zone_of_triangles() -> tuple[str, ...]:
    """The zone of each of the 964 triangles: what is carried on above the mesh belongs to the forehead."""
    owner = ["forehead"] * len(load_skin_template().triangles)
    for zone_id in face_zone_ids():
        for triangle in zone_triangles(zone_id).tolist():
            owner[triangle] = zone_id
    return tuple(owner)


def zone_area_cm2(zone_id: str, factor: float) -> float:
    """Area of the zone along the skin, cm², on the face at a scale.

    Trueness on people is not known: ±10 to 20 % was measured for faces read from a photo.
    """
    return zone_area_on_cm2(zone_id, load_face_template().vertices_mm) * factor**2


def zone_area_on_cm2(zone_id: str, vertices_mm: Floats) -> float:
    """Area of the zone along the skin, cm², on any face whose vertices (468, 3) are known."""
    areas = triangle_areas_mm2(vertices_mm, load_face_template().triangles[zone_triangles(zone_id)])
    return float(areas.sum()) / _MM2_PER_CM2


@functools.cache
def zone_outlines(zone_id: str) -> tuple[Ints, ...]:
    """The border of a zone as closed loops of vertices, the outer one first."""
    return tuple(border_loops(load_face_template().triangles[zone_triangles(zone_id)]))


@functools.cache
def zone_border(zone_id: str) -> Ints:
    """The edges (e, 2) of the border of a zone, as pairs of vertices."""
    return border_edges(load_face_template().triangles[zone_triangles(zone_id)])


def distance_to_border_mm(points_mm: Floats, zone_id: str, vertices_mm: Floats) -> Floats:
    """Straight-line distance (n,) from points to the border of a zone of a face; never longer than along the skin."""
    edges = zone_border(zone_id)
    return distance_to_segments_mm(points_mm, vertices_mm[edges[:, 0]], vertices_mm[edges[:, 1]])
