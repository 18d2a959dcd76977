"""The later photo of a face laid on the earlier one, both cut out upright at one scale.

First a similarity by points that neither mouth nor brow moves, then an affine turn that makes the skin itself agree
(enhanced correlation, Evangelidis and Psarakis 2008, doi:10.1109/TPAMI.2008.113; brightness and contrast do not
matter to it). Where the faces differ in turn or expression, the mesh moves what is left, smoothed.

How far the same skin lies apart then, measured by us on rendered pairs of known truth (benchmarks/photo_comparison.py):
0.13 mm in the mean (95 %: 0.27) where only zoom, roll, place, light and noise differ, 0.4 (0.9) at 2 degrees of yaw. By
the mesh 0.5 (1.2) at 4 degrees and 0.7 (1.6) at 10, where an affine map leaves 1.7 (4.7). By the similarity alone 0.5
(0.8) and 3.2 (6.3). The rendered face is rigid and its light does not turn with it: people will come out worse.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_zones import zone_triangles
from mesoplan.imaging.photo_zones import MOST_SLANT_DEG, MeasuredFace
from mesoplan.imaging.picture_reading import Picture, Pixels
from mesoplan.kernels.mesh import Floats

# Canthi, bridge of the nose and the skin beside it, middle of the forehead, skin beside the eyes and before the ears.
STABLE_POINTS = (
    33, 133, 263, 362, 168, 6, 197, 195, 193, 417, 122, 351, 9, 8, 151, 143, 372, 127, 356, 234, 454,
)  # fmt: skip
MARGIN, MOST_SIDE_PX = 0.12, 800
# What moves by itself takes no part in the refinement.
MOVING_ZONES = ("lips", "perioral", "periorbital-right", "periorbital-left")
SMOOTHED_MM = 4.0
# Proposed in this project: a refinement that moves the face further than this has taken hold of something else.
MOST_REFINED_MM = 4.0
_SMALLER = 1.5
_REFINING_PX, _ROUNDS, _GAIN, _BLUR_PX = 360, 100, 1e-6, 3

Labels = NDArray[np.int32]


class AlignmentKind(StrEnum):
    """How the later photo was laid on the earlier."""

    SIMILARITY = "similarity"
    AFFINE = "affine"
    BY_MESH = "by-mesh"


@dataclass(frozen=True, eq=False)
class Alignment:
    """Two photos at one crop and size.

    Attributes
    ----------
    earlier, later : (height, width, 3) pixels, upright
    mm_per_px : float
        Of both, at the depth of the face, by the scale of the earlier photo.
    kind : AlignmentKind
    moved_mm : float
        By how much the mesh of the later photo is still off that of the earlier in the mean, after alignment: what
        differs in expression or turn, and the scatter of the mesh itself.
    points_px : (468, 2)
        The mesh of the earlier photo in the crop.
    triangles : (height, width)
        The triangle of the mesh at each pixel; −1 where there is none.
    seen : (898,)
        Whether a triangle is turned by 60° or less to the camera in both photos.
    earlier_px, later_px : (height, width, 2)
        Where each pixel was taken from.
    """

    earlier: Pixels
    later: Pixels
    mm_per_px: float
    kind: AlignmentKind
    moved_mm: float
    points_px: Floats
    triangles: Labels
    seen: NDArray[np.bool_]
    earlier_px: NDArray[np.float32]
    later_px: NDArray[np.float32]

    @property
    def skin(self) -> NDArray[np.bool_]:
        """Pixels of skin that both photos see."""
        return np.asarray((self.triangles >= 0) & self.seen[self.triangles])

    def zone(self, zone_id: str) -> NDArray[np.bool_]:
        """Pixels of a zone that both photos see."""
        return np.asarray(np.isin(self.triangles, zone_triangles(zone_id)) & self.skin)


def align(
    earlier: Picture, earlier_face: MeasuredFace, later: Picture, later_face: MeasuredFace, *, by_mesh: bool = False
) -> Alignment:
    """Lay the later photo on the earlier; `by_mesh` where turn or expression differ."""
    frame, size, mm_per_px = _frame(earlier_face)
    to_later = _similarity(_points(earlier_face)[list(STABLE_POINTS)], _points(later_face)[list(STABLE_POINTS)])
    points = _moved(_inverse(frame), _points(earlier_face))
    triangles = _labels(points, size, earlier_face.slants_deg)
    seen = (earlier_face.slants_deg <= MOST_SLANT_DEG) & (later_face.slants_deg <= MOST_SLANT_DEG)
    turn = _joined(to_later, frame)
    shown = _warped(earlier.rgb, frame, size)
    steady = (triangles >= 0) & seen[triangles] & ~np.isin(triangles, _moving())
    refined = _refined(shown, _warped(later.rgb, turn, size), steady, MOST_REFINED_MM / mm_per_px)
    kind = AlignmentKind.SIMILARITY
    if refined is not None:
        kind, turn = AlignmentKind.AFFINE, _joined(turn, refined)
    here = _places(np.eye(2, 3), size)
    later_px = _moved(turn, here)
    moves = _points(later_face) - _moved(turn, points)
    if by_mesh:
        kind = AlignmentKind.BY_MESH
        later_px = later_px + _spread(points, moves, triangles, SMOOTHED_MM / mm_per_px)
    apart = np.linalg.norm(moves, axis=1)[np.unique(load_face_template().triangles[seen])]
    return Alignment(
        shown,
        _taken(later.rgb, later_px.astype(np.float32)),
        mm_per_px,
        kind,
        round(float(apart.mean()) * later_face.scale.mm_per_px, 2),
        points,
        triangles,
        seen,
        _moved(frame, here).astype(np.float32),
        later_px.astype(np.float32),
    )


def _points(face: MeasuredFace) -> Floats:
    return face.photo.points_px[: len(load_face_template().vertices_mm), :2]


def _moving() -> Floats:
    return np.concatenate([zone_triangles(zone) for zone in MOVING_ZONES])


def _frame(face: MeasuredFace) -> tuple[Floats, tuple[int, int], float]:
    """The upright crop: its affine map to the photo, its size (width, height), and its scale."""
    roll = np.radians(face.photo.pose.roll_deg)
    turn = np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
    upright = _points(face) @ turn
    low, high = upright.min(axis=0), upright.max(axis=0)
    room = (high - low).max() * MARGIN
    step = max(1.0, float((high - low + 2 * room).max()) / MOST_SIDE_PX)
    width, height = np.ceil((high - low + 2 * room) / step).astype(int).tolist()
    start = (low - room) @ turn.T
    return np.column_stack([turn * step, start]), (width, height), face.scale.mm_per_px * step


def _similarity(source: Floats, target: Floats) -> Floats:
    """The turn, size and place (2, 3) that lay one set of points nearest to another."""
    middle, wanted = source.mean(axis=0), target.mean(axis=0)
    away, there = source - middle, target - wanted
    along = (away * there).sum()
    across = (away[:, 0] * there[:, 1] - away[:, 1] * there[:, 0]).sum()
    linear = np.array([[along, -across], [across, along]]) / (away**2).sum()
    return np.column_stack([linear, wanted - linear @ middle])


def _moved(affine: Floats, points: Floats) -> Floats:
    return np.asarray(points @ affine[:, :2].T + affine[:, 2])


def _joined(outer: Floats, inner: Floats) -> Floats:
    return np.column_stack([outer[:, :2] @ inner[:, :2], outer[:, :2] @ inner[:, 2] + outer[:, 2]])


def _inverse(affine: Floats) -> Floats:
    back = np.linalg.inv(affine[:, :2])
    return np.column_stack([back, -back @ affine[:, 2]])


def _places(affine: Floats, size: tuple[int, int]) -> Floats:
    """Where the pixels (height, width, 2) of a crop lie."""
    x, y = np.meshgrid(np.arange(size[0], dtype=np.float64), np.arange(size[1], dtype=np.float64))
    return _moved(affine, np.stack([x, y], axis=-1))


def _warped(rgb: Pixels, affine: Floats, size: tuple[int, int]) -> Pixels:
    return _taken(rgb, _places(affine, size).astype(np.float32))


def _taken(rgb: Pixels, places: NDArray[np.float32]) -> Pixels:
    """The picture at places; blurred first where it is made smaller, so that fine texture does not turn to noise."""
    step = float(np.linalg.norm(places[-1, 0] - places[0, 0])) / max(len(places) - 1, 1)
    room = np.ceil(3 * step)
    low = np.clip(np.floor(places.min(axis=(0, 1))) - room, 0, None).astype(int)
    high = np.clip(np.ceil(places.max(axis=(0, 1))) + room + 1, 1, rgb.shape[1::-1]).astype(int)
    source = rgb[low[1] : high[1], low[0] : high[0]]
    if step > _SMALLER:
        source = np.asarray(cv2.GaussianBlur(source, (0, 0), step / 2), dtype=np.uint8)
    x, y = np.moveaxis(places - low.astype(np.float32), -1, 0)
    taken = cv2.remap(source, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(taken, dtype=np.uint8)


def _labels(points: Floats, size: tuple[int, int], slants_deg: Floats) -> Labels:
    """The triangle at each pixel; what faces the camera covers what is turned away."""
    labels = np.full(size[::-1], -1, dtype=np.int32)
    corners = np.round(points[load_face_template().triangles] * 16).astype(np.int32)
    for number in np.argsort(-slants_deg).tolist():
        if slants_deg[number] < 90:
            cv2.fillConvexPoly(labels, corners[number], number, shift=4)
    return labels


def _refined(earlier: Pixels, later: Pixels, steady: NDArray[np.bool_], most_px: float) -> Floats | None:
    """The affine map that makes the skin agree; none where there is none, or it strays."""
    share = min(1.0, _REFINING_PX / max(steady.shape))
    first, second = (
        cv2.resize(np.asarray(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY)), None, fx=share, fy=share, interpolation=3)
        for one in (earlier, later)
    )
    mask = cv2.resize(steady.astype(np.uint8), first.shape[::-1], interpolation=cv2.INTER_NEAREST)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _ROUNDS, _GAIN)
    try:
        _, found = cv2.findTransformECC(
            first, second, np.eye(2, 3, dtype=np.float32), cv2.MOTION_AFFINE, stop, mask, _BLUR_PX
        )
    except cv2.error:
        # It says so when it does not settle: the similarity stands.
        return None
    affine = np.asarray(found, dtype=np.float64)
    half = (1 / share - 1) / 2
    # From pixels of the small picture to those of the large: their centres lie half a pixel in.
    large = np.column_stack([affine[:, :2], affine[:, 2] / share + (np.eye(2) - affine[:, :2]) @ np.full(2, half)])
    corners = np.argwhere(steady)[:: max(1, int(steady.sum()) // 500), ::-1].astype(np.float64)
    strayed = np.linalg.norm(_moved(large, corners) - corners, axis=1).mean()
    return large if strayed <= most_px else None


def _spread(points: Floats, moves: Floats, triangles: Labels, blur_px: float) -> Floats:
    """The moves (468, 2) of the mesh over the crop (height, width, 2): affine in each triangle, then smoothed."""
    mesh = load_face_template().triangles
    corners = np.concatenate([points[mesh], np.ones((*mesh.shape, 1))], axis=2)
    slopes = np.linalg.solve(corners + np.eye(3) * 1e-9, moves[mesh])
    height, width = triangles.shape
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    inside = triangles >= 0
    field = np.zeros((height, width, 2))
    places = np.stack([x[inside], y[inside], np.ones(inside.sum())], axis=1)
    field[inside] = np.einsum("nk,nkd->nd", places, slopes[triangles[inside]])
    weight = cv2.GaussianBlur(inside.astype(np.float64), (0, 0), blur_px)
    blurred = cv2.GaussianBlur(field, (0, 0), blur_px) / np.maximum(weight, 0.05)[..., None]
    return np.asarray(blurred)
