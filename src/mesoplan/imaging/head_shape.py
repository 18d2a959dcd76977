"""A neutral clay head around the template face, for drawing only.

The face is the mesh. Cranium, back of the jaw, ears and neck are a schematic: ellipsoids and a cylinder fitted by
eye to the border of the mesh. Nothing is measured on them and no point lies on them.
All lengths are in the template's own size.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mesoplan.imaging.face_shape import template_face
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_view import View, turn
from mesoplan.imaging.png import encode_grey_alpha
from mesoplan.kernels.contours import longest_outline
from mesoplan.kernels.mesh import Floats, vertex_normals

NECK_END_MM = -142.0
LEFT_MM, RIGHT_MM, TOP_MM = -128.0, 128.0, 152.0
_PIXELS_PER_MM = 1.0

# Border of the mesh from the temple down to the chin: height and depth behind which the schematic takes over.
_BORDER = (54, 21, 162, 127, 234, 93, 132, 58, 172, 136, 150, 149, 176, 152)
_CRANIUM_ABOVE_MM = 36.0
_HEAD_ELLIPSOIDS = (
    ((0.0, 48.0, -52.0), (83.0, 97.0, 105.0)),
    ((0.0, 8.0, -46.0), (75.0, 74.0, 72.0)),
)
# The right ear in its own plane: mm forward and up from the middle of its root.
_EAR_BORDER = (
    (8, 16), (6, 27), (-1, 34), (-10, 36), (-18, 32), (-23, 23), (-23, 12), (-19, 1), (-14, -9), (-9, -19),
    (-4, -27), (1, -30), (6, -27), (8, -18), (7, -8), (8, 4),
)  # fmt: skip
_EAR_LINES = (
    ((4, 22), (-1, 28), (-9, 30), (-15, 26), (-18, 18), (-17, 8), (-13, -2), (-9, -11)),
    ((5, -8), (1, -12), (-4, -9), (-8, 0), (-11, 10), (-8, 19), (-2, 21)),
    ((7, 5), (3, 1), (4, -5)),
)
_EAR_ROOT, _EAR_FLARE_DEG, _EAR_LEAN_DEG = (77.0, 3.0, -36.0), 24.0, 10.0
_NECK = ((0.0, -60.0, -50.0), (60.0, 56.0), 0.22)

_LIGHT = np.array([0.0, 0.42, 0.91])
_KEY, _AMBIENT, _CLAY_LEVEL = 0.62, 0.36, 0.86

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Surface:
    """What one body shows at each pixel: depth (-inf where nothing) and normal."""

    depth: Floats
    normal: Floats


@dataclass(frozen=True, eq=False)
class Ear:
    """An ear in the picture: its border, the lines in it, and whether it stands before the head."""

    border: Floats
    lines: tuple[Floats, ...]
    in_front: bool


@dataclass(frozen=True, eq=False)
class HeadPicture:
    """The clay head in one view, mm with y up.

    Attributes
    ----------
    neck, head : (n, 2) closed outlines; the head covers the neck
    ears : those that can be seen
    shading_png : bytes
        Black and white with opacity, to be laid over the filled neck and head.
    box : (left, top, width, height) of the shading
    """

    neck: Floats
    head: Floats
    ears: tuple[Ear, ...]
    shading_png: bytes
    box: tuple[float, float, float, float]


@functools.cache
def head_picture(view: View) -> HeadPicture:
    """The head of a view; drawn once per process and kept."""
    x, y = _pixels()
    neck, head = _neck(view, x, y), _head(view, x, y)
    half = 0.5 / _PIXELS_PER_MM
    box = (LEFT_MM - half, TOP_MM + half, x.shape[1] / _PIXELS_PER_MM, x.shape[0] / _PIXELS_PER_MM)
    return HeadPicture(_outline(neck), _outline(head), _ears(view), _shading(_over(neck, head)), box)


def _ears(view: View) -> tuple[Ear, ...]:
    """Both ears behind the head from the front; in an oblique only the near one, before it."""
    sides = {View.FRONT: (-1.0, 1.0), View.RIGHT_OBLIQUE: (-1.0,), View.LEFT_OBLIQUE: (1.0,)}[view]
    lines = _EAR_LINES if view is not View.FRONT else _EAR_LINES[:1]
    return tuple(
        Ear(
            _ear(view, side, _EAR_BORDER),
            tuple(_ear(view, side, line) for line in lines),
            view is not View.FRONT,
        )
        for side in sides
    )


def _pixels() -> tuple[Floats, Floats]:
    step = 1.0 / _PIXELS_PER_MM
    return tuple(np.meshgrid(np.arange(LEFT_MM, RIGHT_MM, step), np.arange(TOP_MM, NECK_END_MM, -step)))


def _head(view: View, x: Floats, y: Floats) -> _Surface:
    head = _nothing(x)
    for centre, radii in _HEAD_ELLIPSOIDS:
        body = _ellipsoid(view, np.array(centre), np.diag(np.array(radii) ** -2.0), x, y)
        head = _in_front(head, _behind_the_face(view, body, x, y))
    face = _face(view)
    shows = np.isfinite(face.depth)
    return _Surface(np.where(shows, face.depth, head.depth), np.where(shows[..., None], face.normal, head.normal))


def _nothing(x: Floats) -> _Surface:
    return _Surface(np.full(x.shape, -np.inf), np.zeros((*x.shape, 3)))


def _in_front(one: _Surface, other: _Surface) -> _Surface:
    nearer = other.depth > one.depth
    return _Surface(np.where(nearer, other.depth, one.depth), np.where(nearer[..., None], other.normal, one.normal))


def _ellipsoid(view: View, centre: Floats, form: Floats, x: Floats, y: Floats) -> _Surface:
    """Front of the ellipsoid (p - centre)' form (p - centre) = 1, looked at along the depth axis."""
    rotation = turn(view, np.eye(3)).T
    turned = rotation @ form @ rotation.T
    cx, cy, cz = rotation @ centre
    u, v = x - cx, y - cy
    linear = 2 * (turned[0, 2] * u + turned[1, 2] * v)
    constant = turned[0, 0] * u**2 + 2 * turned[0, 1] * u * v + turned[1, 1] * v**2 - 1
    discriminant = linear**2 - 4 * turned[2, 2] * constant
    w = (-linear + np.sqrt(np.maximum(discriminant, 0.0))) / (2 * turned[2, 2])
    normal = np.stack([u, v, w], axis=-1) @ turned
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    return _Surface(np.where(discriminant > 0, w + cz, -np.inf), normal)


def _behind_the_face(view: View, body: _Surface, x: Floats, y: Floats) -> _Surface:
    """The body without what would stand in the place of the face."""
    angle = np.radians(template_face(1.0).turns[view].yaw_deg)
    z = np.where(np.isfinite(body.depth), body.depth, 0.0) * np.cos(angle) + x * np.sin(angle)
    border = load_face_template().vertices_mm[list(_BORDER)]
    order = np.argsort(border[:, 1])
    limit = np.interp(y, border[order, 1], border[order, 2])
    keep = (y > _CRANIUM_ABOVE_MM) | (z < limit + 1.0)
    return _Surface(np.where(keep, body.depth, -np.inf), body.normal)


def _ear(view: View, side: float, flat: tuple[tuple[int, int], ...]) -> Floats:
    """Points of the ear's plane in the picture: it leans back and stands off the head."""
    flare, lean = np.radians(_EAR_FLARE_DEG), np.radians(_EAR_LEAN_DEG)
    forward, up = np.array(flat, dtype=np.float64).T
    leaned = np.cos(lean) * forward + np.sin(lean) * up
    height = np.cos(lean) * up - np.sin(lean) * forward
    ear = np.stack([-np.sin(flare) * leaned * side, height, np.cos(flare) * leaned], axis=1)
    return turn(view, ear + np.array(_EAR_ROOT) * [side, 1.0, 1.0])[:, :2]


def _neck(view: View, x: Floats, y: Floats) -> _Surface:
    """An elliptic cylinder that leans back as it goes down."""
    centre, radii, lean = _NECK
    angle = np.radians(template_face(1.0).turns[view].yaw_deg)
    axis_z = centre[2] + lean * (y - centre[1])
    across = np.hypot(radii[0] * np.cos(angle), radii[1] * np.sin(angle))
    along = radii[0] * radii[1] / across
    # It widens a little towards the shoulders.
    across = across * (1 + 0.0009 * np.maximum(centre[1] - 40.0 - y, 0.0))
    u = (x - axis_z * np.sin(angle)) / across
    height = np.sqrt(np.maximum(1 - u**2, 0.0))
    normal = np.stack([u, np.zeros_like(u), np.maximum(height, 0.02)], axis=-1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    depth = axis_z * np.cos(angle) + along * height
    return _Surface(np.where((np.abs(u) < 1) & (y < -20.0), depth, -np.inf), normal)


def face_depth_mm(view: View, xy_mm: Floats) -> Floats:
    """Depth (n,) of the nearest skin of the face at places (n, 2) of the picture, in the template's own size.

    Read from pixels of 1 mm; -inf beside the face.
    """
    depth = _face(view).depth
    column = np.round((xy_mm[:, 0] - LEFT_MM) * _PIXELS_PER_MM).astype(np.intp)
    row = np.round((TOP_MM - xy_mm[:, 1]) * _PIXELS_PER_MM).astype(np.intp)
    return np.asarray(depth[np.clip(row, 0, depth.shape[0] - 1), np.clip(column, 0, depth.shape[1] - 1)])


@functools.cache
def _face(view: View) -> _Surface:
    """The mesh with normals interpolated between its vertices, at every pixel."""
    x, y = _pixels()
    template = load_face_template()
    vertices = turn(view, template.vertices_mm)
    normals = turn(view, vertex_normals(template.vertices_mm, template.triangles))
    surface = _nothing(x)
    for corners in template.triangles:
        _paint_triangle(surface, vertices[corners], normals[corners], x[0], y[:, 0])
    normal = surface.normal / np.maximum(np.linalg.norm(surface.normal, axis=-1, keepdims=True), 1e-9)
    return _Surface(surface.depth, normal)


def _paint_triangle(surface: _Surface, corners: Floats, normals: Floats, columns: Floats, rows: Floats) -> None:
    first, second = corners[1, :2] - corners[0, :2], corners[2, :2] - corners[0, :2]
    area = first[0] * second[1] - first[1] * second[0]
    if area <= 1e-6:
        return
    low, high = corners[:, :2].min(axis=0), corners[:, :2].max(axis=0)
    across = slice(*np.searchsorted(columns, [low[0] - 1e-6, high[0] + 1e-6]))
    down = slice(*np.searchsorted(-rows, [-high[1] - 1e-6, -low[1] + 1e-6]))
    u = columns[None, across] - corners[0, 0]
    v = rows[down, None] - corners[0, 1]
    one = (u * second[1] - v * second[0]) / area
    two = (v * first[0] - u * first[1]) / area
    depth = corners[0, 2] + one * (corners[1, 2] - corners[0, 2]) + two * (corners[2, 2] - corners[0, 2])
    window = surface.depth[down, across]
    shows = (one >= -1e-6) & (two >= -1e-6) & (one + two <= 1 + 1e-6) & (depth > window)
    window[shows] = depth[shows]
    weights = np.stack([1 - one - two, one, two], axis=-1)
    surface.normal[down, across][shows] = (weights @ normals)[shows]


def _outline(surface: _Surface) -> Floats:
    smooth = _blurred(np.isfinite(surface.depth).astype(np.float64), 1.6)
    outline = longest_outline(smooth, 0.5)
    for _ in range(24):
        outline = (np.roll(outline, 1, axis=0) + 2 * outline + np.roll(outline, -1, axis=0)) / 4
    outline = outline[::5]
    scale = np.array([1.0, -1.0]) / _PIXELS_PER_MM
    return np.asarray(outline * scale + [LEFT_MM, TOP_MM])


def _over(below: _Surface, above: _Surface) -> _Surface:
    shows = np.isfinite(above.depth)
    return _Surface(np.where(shows, above.depth, below.depth), np.where(shows[..., None], above.normal, below.normal))


def _shading(seen: _Surface) -> bytes:
    shows = np.isfinite(seen.depth)
    weighted = np.where(shows[..., None], seen.normal, 0.0)
    normal = np.stack([_blurred(weighted[..., axis], 1.5) for axis in range(3)], axis=-1)
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9)
    lit = _AMBIENT + _KEY * np.maximum(normal @ _LIGHT, 0.0)
    lit -= 0.16 * (1 - np.clip(normal[..., 2], 0, 1)) ** 2
    lit -= np.clip(_hollow(seen, shows) / 60.0, 0.0, 0.22)
    light = np.clip(lit - _CLAY_LEVEL, -0.6, 0.3)
    alpha = np.where(shows, np.abs(light) * np.where(light < 0, 0.85, 1.6), 0.0)
    grey = np.where(light < 0, 22, 255).astype(np.uint8)
    return encode_grey_alpha(grey, (np.round(np.clip(alpha, 0, 1) * 85) * 3).astype(np.uint8))


def _hollow(seen: _Surface, shows: Mask) -> Floats:
    """How far each pixel lies behind its surroundings: skin under a chin gets less light."""
    depth = np.where(shows, seen.depth, 0.0)
    weight = np.maximum(_blurred(shows.astype(np.float64), 7.0), 1e-6)
    return np.maximum(_blurred(depth, 7.0) / weight - depth, 0.0)


def _blurred(field: Floats, sigma: float) -> Floats:
    """Gaussian blur, as two products with a banded matrix."""
    return _gauss(field.shape[0], sigma) @ field @ _gauss(field.shape[1], sigma)


@functools.cache
def _gauss(size: int, sigma: float) -> Floats:
    apart = np.arange(size)[:, None] - np.arange(size)
    return np.asarray(np.exp(-0.5 * (apart / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi)))
