"""Pairs of photos of one rendered face, whose skin is known to lie where it lies, with one thing different."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import cv2
import numpy as np
from skimage.color import lab2rgb, rgb2lab

from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_zones import zone_triangles
from mesoplan.imaging.photo_alignment import MOVING_ZONES, Alignment
from mesoplan.imaging.photo_conditions import SeenFace
from mesoplan.imaging.photo_face import find_face
from mesoplan.imaging.photo_scale import choose_scale
from mesoplan.imaging.photo_zones import face_in_mm
from mesoplan.imaging.picture_reading import Picture, Pixels, read_picture
from mesoplan.kernels.mesh import Floats, Ints
from tests.imaging.rendered_faces import _projected as projected
from tests.imaging.rendered_faces import _turned as turned
from tests.imaging.rendered_faces import face_mm, photo_of, rendered

PUPILS_MM = 63.0


@dataclass(frozen=True)
class Take:
    """One photo of the face.

    Attributes
    ----------
    opened_mm, smile_mm, brow_mm : how far the lower lip goes down, each corner of the mouth out and up, the brows up
    zoom, roll_deg, shift_px : of the finished picture
    light : of everything; `tint` of red, green and blue; `side`, `top` of the left against the right, the top against
        the bottom, as shares over the picture
    """

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    distance_mm: float = 1000.0
    pupils_px: float = 200.0
    opened_mm: float = 0.0
    smile_mm: float = 0.0
    brow_mm: float = 0.0
    zoom: float = 1.0
    roll_deg: float = 0.0
    shift_px: tuple[float, float] = (0.0, 0.0)
    light: float = 0.9
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    side: float = 0.0
    top: float = 0.0
    noise: float = 2.0
    jpeg: int = 92
    seed: int = 1


FIRST = Take(seed=17)


def face_of(take: Take) -> Floats:
    """The vertices of the face of a take, in millimetres: the template with its mouth and brows moved."""
    face = face_mm().copy()
    template = load_face_template().vertices_mm
    lip, corner, brow = template[14], template[61], template[105]
    below = 1 / (1 + np.exp((template[:, 1] - (template[13, 1] + template[14, 1]) / 2) / 1.0))
    near = np.exp(-(((template[:, 0] - lip[0]) / 38) ** 2 + np.minimum((template[:, 1] - lip[1]) / 40, 0) ** 2))
    face[:, 1] -= take.opened_mm * below * near
    for side in (-1.0, 1.0):
        at = corner * [side if corner[0] > 0 else -side, 1, 1]
        pull = np.exp(-((np.linalg.norm((template - at)[:, :2], axis=1) / 20) ** 2))[:, None]
        face += take.smile_mm * pull * [side, 0.4, -0.3]
        at = brow * [side if brow[0] > 0 else -side, 1, 1]
        face[:, 1] += take.brow_mm * np.exp(-((np.linalg.norm((template - at)[:, :2], axis=1) / 18) ** 2))
    return face


@functools.lru_cache(maxsize=64)
def _rendered(take: Take) -> Picture:
    return photo_of(
        rendered(
            face_of(take),
            yaw_deg=take.yaw_deg,
            pitch_deg=take.pitch_deg,
            distance_mm=take.distance_mm,
            pupils_px=take.pupils_px,
        ),
    )


def _jpeg(rgb: Pixels, quality: int) -> bytes:
    done, packed = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return packed.tobytes()


def _geometry(take: Take) -> Take:
    """The take as far as rendering is concerned, so that pairs which differ in light share it."""
    plain = Take()
    kept = ("zoom", "roll_deg", "shift_px", "light", "tint", "side", "top", "noise", "jpeg", "seed")
    return replace(take, **{name: getattr(plain, name) for name in kept})


def _placed(take: Take) -> Floats:
    size = int(take.pupils_px * 5.5)
    matrix = cv2.getRotationMatrix2D((size / 2, size / 2), take.roll_deg, take.zoom)
    matrix[:, 2] += np.array(take.shift_px)
    return np.asarray(matrix)


@dataclass(frozen=True)
class Mark:
    """A change of the skin: of a round place about a triangle of the mesh, or, without one, of all skin."""

    triangle: int | None
    lightness: float = 0.0
    redness: float = 0.0
    radius_mm: float = 6.0


def _marked(rgb: Pixels, take: Take, marks: tuple[Mark, ...]) -> Pixels:
    height, width = rgb.shape[:2]
    lab = rgb2lab(rgb)
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    for mark in marks:
        inside = np.ones((height, width), dtype=bool)
        if mark.triangle is not None:
            at = unplaced_px(take, np.array([mark.triangle]))[0]
            inside = np.hypot(x - at[0], y - at[1]) <= mark.radius_mm * take.pupils_px / PUPILS_MM
        lab[inside] += [mark.lightness, mark.redness, 0.0]
    return np.asarray(np.round(np.clip(lab2rgb(lab), 0, 1) * 255), dtype=np.uint8)


@functools.lru_cache(maxsize=4)
def _grain(seed: int, size: int) -> Floats:
    return np.random.default_rng(seed).standard_normal((size, size, 3))


@functools.lru_cache(maxsize=64)
def photo(take: Take, marks: tuple[Mark, ...] = ()) -> Picture:
    """The photo of a take of a face whose skin has changed."""
    plain = _rendered(_geometry(take)).rgb
    rgb: Floats = (_marked(plain, take, marks) if marks else plain).astype(np.float64)
    size = rgb.shape[0]
    moved = cv2.warpAffine(rgb, _placed(take), (size, size), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    placed = np.asarray(moved, dtype=np.float64)
    across = np.linspace(-0.5, 0.5, size)
    light = take.light * (1 + take.side * across)[None, :, None] * (1 + take.top * across)[:, None, None]
    lit = placed * light ** (1 / 2.2) * np.array(take.tint) ** (1 / 2.2)
    rgb = lit + take.noise * _grain(take.seed, size)
    return read_picture(_jpeg(np.clip(np.round(rgb), 0, 255).astype(np.uint8), take.jpeg))


@functools.lru_cache(maxsize=64)
def seen(take: Take, marks: tuple[Mark, ...] = ()) -> SeenFace:
    """The photo and its face in millimetres, by the known distance of the pupils."""
    picture = photo(take, marks)
    face = find_face(picture)
    return SeenFace(picture, face_in_mm(face, choose_scale(picture, face, interpupillary_mm=PUPILS_MM)))


def apart_mm(alignment: Alignment, first: Take, second: Take, *, steady: bool = False) -> Floats:
    """How far the same skin lies apart after alignment: for the middle of each triangle that both photos see."""
    numbers = np.flatnonzero(alignment.seen)
    if steady:
        moving = np.concatenate([zone_triangles(zone) for zone in MOVING_ZONES])
        numbers = numbers[~np.isin(numbers, moving)]
    origin, right, down = alignment.earlier_px[0, 0], alignment.earlier_px[0, 1], alignment.earlier_px[1, 0]
    axes = np.column_stack([right - origin, down - origin]).astype(np.float64)
    here = ((true_px(first, numbers) - origin) @ np.linalg.inv(axes).T).astype(np.float32)
    there = cv2.remap(alignment.later_px, here[:, :1], here[:, 1:], cv2.INTER_LINEAR)[:, 0]
    away = np.linalg.norm(there - true_px(second, numbers), axis=1)
    return np.asarray(away * PUPILS_MM / (second.pupils_px * second.zoom))


def true_px(take: Take, triangles: Ints) -> Floats:
    """Where the middles of triangles are in the photo of a take."""
    flat = unplaced_px(take, triangles)
    matrix = _placed(take)
    return np.asarray(flat @ matrix[:, :2].T + matrix[:, 2])


def unplaced_px(take: Take, triangles: Ints) -> Floats:
    """The same before the picture is turned and enlarged."""
    middles = face_of(take)[load_face_template().triangles[triangles]].mean(axis=1)
    return projected(turned(middles, take.yaw_deg, take.pitch_deg), take.distance_mm, take.pupils_px)
