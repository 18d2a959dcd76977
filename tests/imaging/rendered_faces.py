"""Photos of faces whose every size is known: the template face, with skin from a portrait in the public domain, seen
by a camera without a lens's faults from a known place.

The portrait (Eileen Collins, NASA, public domain) comes with scikit-image, a dependency of the tests.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources
from math import ceil, floor

import cv2
import numpy as np
from numpy.typing import NDArray

from mesoplan.imaging.face_net import detect_faces, find_points, load_face_nets
from mesoplan.imaging.face_scale import template_interpupillary_mm
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.photo_scale import STICKER_DEPTH, PhotoScale, PhotoScaleSource
from mesoplan.imaging.picture_reading import Picture, PictureKind, Pixels, read_picture
from mesoplan.kernels.mesh import Floats, Ints, border_loops, triangle_normals
from mesoplan.kernels.mesh_location import locate_in_plane

PORTRAIT_PX = 2560
BARE_SHARE = 0.3
BACKGROUND, HAIR = (118, 122, 128), (70, 50, 35)
ENDS_BELOW_MM = -40.0
# Where the camera looks, in the template's own axes: between the eyes.
EYE_LEVEL_MM = np.array([0.0, 26.0, 40.0])


@dataclass(frozen=True)
class Case:
    """One rendered photo: how deep the head is against the template, how it is turned, how far the camera is."""

    depth: float = 1.0
    yaw_deg: float = 0.0
    distance_mm: float = 1000.0
    pupils_px: float = 240.0


FLAT, DEEP = 0.75, 1.2
CASES = {
    "front, 1 m": Case(),
    "yaw 20": Case(yaw_deg=20),
    "yaw 30": Case(yaw_deg=30),
    "yaw 45": Case(yaw_deg=45),
    "yaw −45": Case(yaw_deg=-45),
    "camera 0.4 m": Case(distance_mm=400),
    "camera 2 m": Case(distance_mm=2000),
    "25 % flatter": Case(FLAT),
    "20 % deeper": Case(DEEP),
    "yaw 20, flatter": Case(FLAT, 20),
    "yaw 20, deeper": Case(DEEP, 20),
    "yaw 45, flatter": Case(FLAT, 45),
    "yaw 45, deeper": Case(DEEP, 45),
    "yaw −45, flatter": Case(FLAT, -45),
    "yaw −45, deeper": Case(DEEP, -45),
}


@functools.cache
def case_photo(name: str) -> Picture:
    """The photo of a case."""
    case = CASES[name]
    seen = rendered(case_face(name), yaw_deg=case.yaw_deg, distance_mm=case.distance_mm, pupils_px=case.pupils_px)
    return photo_of(seen)


def case_face(name: str) -> Floats:
    """The true vertices of a case, in millimetres."""
    return face_mm(CASES[name].depth)


def true_scale(name: str) -> PhotoScale:
    """The scale of a case between the eyes, known as well as a sticker makes it known."""
    known = template_interpupillary_mm()
    return PhotoScale(known / CASES[name].pupils_px, PhotoScaleSource.STICKER, known, STICKER_DEPTH)


def photo_of(rgb: Pixels) -> Picture:
    """Pixels as a photo that was read."""
    return Picture(np.ascontiguousarray(rgb), PictureKind.PNG, "0" * 64)


@functools.cache
def portrait() -> Pixels:
    """The portrait, enlarged so that its face has the size that is asked of a photo."""
    file = resources.files("skimage").joinpath("data", "astronaut.png")
    large = cv2.resize(read_picture(file.read_bytes()).rgb, (PORTRAIT_PX, PORTRAIT_PX), interpolation=cv2.INTER_CUBIC)
    return np.asarray(large[:1400, 400:1900], dtype=np.uint8)


@functools.cache
def portrait_points_px() -> Floats:
    """The mesh of the portrait, where the skin of the rendered faces is taken from."""
    nets = load_face_nets()
    points = find_points(portrait(), detect_faces(portrait(), nets)[0], nets).points_px[:468, :2]
    # Hair lies over the upper and outer part of the portrait's mesh: the skin beside it is stretched over that.
    template = load_face_template()
    plane = template.vertices_mm[:, :2].copy()
    plane[:, 1] = np.where(plane[:, 1] > 52, 52 + (plane[:, 1] - 52) * BARE_SHARE, plane[:, 1])
    outer = np.abs(plane[:, 0]) > 56
    plane[outer, 0] = np.sign(plane[outer, 0]) * (56 + (np.abs(plane[outer, 0]) - 56) * BARE_SHARE)
    found, weights = locate_in_plane(plane, template.vertices_mm[:, :2], template.triangles, template.vertices_mm[:, 2])
    moved = outer | (template.vertices_mm[:, 1] > 52)
    places = np.einsum("nc,ncd->nd", weights, points[template.triangles[found]])
    return np.where(moved[:, None], places, points)


def face_mm(depth: float = 1.0) -> Floats:
    """The vertices of the template in millimetres (63 mm between the pupils), flatter or deeper."""
    vertices = load_face_template().vertices_mm
    middle = vertices[:, 2].mean()
    return np.column_stack([vertices[:, :2], (vertices[:, 2] - middle) * depth + middle])


@dataclass(frozen=True, eq=False)
class _Head:
    """What is seen: the mesh, and around it skin and hair as on a head, for the net expects them there."""

    vertices: Floats
    triangles: Ints
    skin_px: Floats


HAIR_PX = -10.0


def _with_hair(face: Floats) -> _Head:
    """Two strips beyond the upper border of the mesh: skin that goes on, then hair."""
    mesh = load_face_template().triangles
    loop = border_loops(mesh)[0]
    border, count = face[loop], len(loop)
    outward = (border - border.mean(axis=0) + [0, 10, 0]) * [1, 1, 0]
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    skin, hair = (border + outward * out + [0, 0, back] for out, back in ((14, -8), (45, -50)))
    vertices = np.concatenate([face, skin, hair])
    strips = []
    for here, following in zip(range(count), np.roll(range(count), -1), strict=True):
        if min(border[here, 1], border[following, 1]) > ENDS_BELOW_MM:
            inner, outer = (loop[here], loop[following]), (len(face) + here, len(face) + following)
            far = (outer[0] + count, outer[1] + count)
            strips += [(inner[1], inner[0], outer[0]), (inner[1], outer[0], outer[1])]
            strips += [(outer[1], outer[0], far[0]), (outer[1], far[0], far[1])]
    places = portrait_points_px()
    skin_px = np.concatenate([places, places[loop], np.full((count, 2), HAIR_PX)])
    return _Head(vertices, np.concatenate([mesh, np.array(strips, dtype=np.intp)]), skin_px)


def rendered(
    face: Floats, *, yaw_deg: float = 0.0, pitch_deg: float = 0.0, distance_mm: float = 1000.0, pupils_px: float = 240.0
) -> Pixels:
    """A photo of a face; the camera stands at a distance from the eyes.

    `pupils_px` is the distance of the pupils in the picture were the face seen from the front.
    """
    head = _with_hair(face)
    seen = _turned(head.vertices, yaw_deg, pitch_deg)
    away, size = distance_mm - seen[:, 2], _size_px(pupils_px)
    flat = _projected(seen, distance_mm, pupils_px)
    ways = np.array([0.0, 0.0, distance_mm]) - seen[head.triangles].mean(axis=1)
    towards = (ways * triangle_normals(seen, head.triangles)).sum(axis=1) > 0
    # Hair closes the head behind: it is painted from both sides.
    towards |= np.arange(len(head.triangles)) >= len(load_face_template().triangles)
    order = np.argsort(-away[head.triangles].mean(axis=1))
    return _painted(flat, head, order[towards[order]], size)


def in_picture(at_mm: Floats, case: Case) -> Floats:
    """Where in the picture of a case places on its face are seen, in pixels."""
    return _projected(_turned(at_mm, case.yaw_deg, 0.0), case.distance_mm, case.pupils_px)


def in_picture_depth_mm(at_mm: Floats, case: Case) -> Floats:
    """How near to the camera of a case places on its face are, against the point between the eyes."""
    return np.asarray(_turned(at_mm, case.yaw_deg, 0.0)[:, 2])


def _projected(seen: Floats, distance_mm: float, pupils_px: float) -> Floats:
    focal_px = pupils_px * distance_mm / template_interpupillary_mm()
    flat = np.column_stack([seen[:, 0], -seen[:, 1]]) * (focal_px / (distance_mm - seen[:, 2]))[:, None]
    return np.asarray(flat + _size_px(pupils_px) / 2)


def _size_px(pupils_px: float) -> int:
    return int(pupils_px * 5.5)


def _turned(vertices: Floats, yaw_deg: float, pitch_deg: float) -> Floats:
    """Turned about a point between the eyes: yaw above 0 to the patient's left, pitch above 0 up."""
    yaw, pitch = np.radians([yaw_deg, -pitch_deg])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    return np.asarray((vertices - EYE_LEVEL_MM) @ (about_y @ about_x).T)


def _painted(flat: Floats, head: _Head, order: Ints, size: int) -> Pixels:
    """The triangles in their order, the farthest first; each takes its skin from the same one of the portrait."""
    source = np.full((size, size, 2), -1.0, dtype=np.float32)
    for corners in head.triangles[order]:
        skin = head.skin_px[corners]
        _lay(source, flat[corners], np.full((3, 2), HAIR_PX) if skin.min() < 0 else skin)
    picture = cv2.remap(portrait(), source[..., 0], source[..., 1], cv2.INTER_LINEAR)
    picture[source[..., 0] == -1.0] = BACKGROUND
    picture[source[..., 0] == HAIR_PX] = HAIR
    return np.asarray(picture, dtype=np.uint8)


def _lay(source: NDArray[np.float32], corners: Floats, skin: Floats) -> None:
    """Write for the pixels of one triangle where in the portrait they come from."""
    (x0, y0), (x1, y1), (x2, y2) = corners.tolist()
    left, right = max(floor(min(x0, x1, x2)), 0), min(ceil(max(x0, x1, x2)) + 1, source.shape[1])
    top, bottom = max(floor(min(y0, y1, y2)), 0), min(ceil(max(y0, y1, y2)) + 1, source.shape[0])
    twice_area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    if right <= left or bottom <= top or abs(twice_area) < 1e-9:
        return
    across, down = np.arange(left, right) - x0, np.arange(top, bottom)[:, None] - y0
    second = ((y2 - y0) * across - (x2 - x0) * down) / twice_area
    third = ((x1 - x0) * down - (y1 - y0) * across) / twice_area
    first = 1 - second - third
    inside = (first >= -1e-6) & (second >= -1e-6) & (third >= -1e-6)
    weights = np.stack([first[inside], second[inside], third[inside]], axis=1)
    source[top:bottom, left:right][inside] = weights @ skin
