"""The two nets inside the face model: where faces are in a picture, and 478 points on one of them.

The detector sees the whole picture in 128 x 128 pixels, the mesh net one face in 256 x 256. Both run on the CPU in
OpenCV. The mesh net looks three times, each crop set by the points before it: the second look halves their scatter, the
third takes another quarter (0.14 to 0.10 mm on each axis over 40 copies of a photo; benchmarks/photo_speed.py).
"""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mesoplan.imaging.face_template import MODEL_SHA256, model_file, read_model_parts
from mesoplan.imaging.picture_reading import Pixels
from mesoplan.kernels.mesh import Floats

LANDMARKS = 478
DETECTOR_PX, MESH_PX = 128, 256
# Below this score a box is no candidate; the mesh net's own presence decides after it.
LEAST_DETECTION = 0.5
_SAME_FACE_OVERLAP = 0.3
_CROP_PER_BOX = 1.5
_EYE_CORNERS = (33, 263)
_DETECTOR, _MESH = "face_detector.tflite", "face_landmarks_detector.tflite"


@dataclass(frozen=True, eq=False)
class Crop:
    """A square of a picture that a net looks at: its centre and side in pixels, turned by an angle."""

    centre: Floats
    side: float
    angle_rad: float


@dataclass(frozen=True, eq=False)
class FacePixels:
    """A face as the mesh net sees it.

    Attributes
    ----------
    points_px : (478, 3)
        x to the right, y down, in pixels of the picture; z away from the camera in the same unit. Depth is what
        the net expects of a face more than what it sees. The last ten are the irises.
    presence : float
        How sure the net is that this is a face, 0 to 1.
    """

    points_px: Floats
    presence: float


@dataclass(frozen=True, eq=False)
class FaceNets:
    """Both nets; one picture at a time goes through them."""

    detector: cv2.dnn.Net
    mesh: cv2.dnn.Net
    sha256: str
    lock: threading.Lock


@functools.cache
def load_face_nets() -> FaceNets:
    """Read both nets out of the model file inside of the package, once.

    Raises
    ------
    FaceModelUnavailable
        If the file is missing or is not the one whose hash this version was made with.
    """
    nets = [
        cv2.dnn.readNetFromTFLite(np.frombuffer(part, dtype=np.uint8))
        for part in read_model_parts(model_file(), _DETECTOR, _MESH)
    ]
    return FaceNets(nets[0], nets[1], MODEL_SHA256, threading.Lock())


def detect_faces(rgb: Pixels, nets: FaceNets) -> list[Crop]:
    """Where faces may be, the surest first."""
    height, width = rgb.shape[:2]
    side = max(height, width)
    shrunk = (max(1, round(width * DETECTOR_PX / side)), max(1, round(height * DETECTOR_PX / side)))
    small = cv2.resize(rgb, shrunk, interpolation=cv2.INTER_AREA)
    left, top = (DETECTOR_PX - small.shape[1]) // 2, (DETECTOR_PX - small.shape[0]) // 2
    boxed = np.zeros((DETECTOR_PX, DETECTOR_PX, 3), dtype=np.float32)
    boxed[top : top + small.shape[0], left : left + small.shape[1]] = small
    scores, raw = _run(nets.detector, boxed / 127.5 - 1.0, ("classificators", "regressors"), nets.lock)
    found = _merged(1.0 / (1.0 + np.exp(-np.clip(scores.ravel(), -80, 80))), _decoded(raw.reshape(-1, 16)))
    scale, shift = side / DETECTOR_PX, np.array([left, top])
    return [_crop_of_detection((places * DETECTOR_PX - shift) * scale) for places in found]


@functools.cache
def _anchors() -> Floats:
    """Centres of the 896 places that the detector speaks of: 2 in each cell of 16 x 16, 6 in each of 8 x 8."""
    rows = []
    for cells, each in ((16, 2), (8, 6)):
        steps = (np.arange(cells) + 0.5) / cells
        grid = np.stack(np.meshgrid(steps, steps), axis=2).reshape(-1, 2)
        rows.append(np.repeat(grid, each, axis=0))
    return np.concatenate(rows)


def _decoded(raw: Floats) -> Floats:
    """Low and high corner of the box and six points of the face, shape (896, 8, 2), as shares of the input."""
    pairs = raw.reshape(-1, 8, 2) / DETECTOR_PX
    centre = pairs[:, 0] + _anchors()
    low, high = centre - pairs[:, 1] / 2, centre + pairs[:, 1] / 2
    return np.concatenate([low[:, None], high[:, None], pairs[:, 2:] + _anchors()[:, None]], axis=1)


def _merged(scores: Floats, places: Floats) -> list[Floats]:
    """Boxes over the threshold; those that overlap are one face, their mean weighted by the score."""
    order = np.flatnonzero(scores >= LEAST_DETECTION)
    order = order[np.argsort(-scores[order])]
    found = []
    while len(order):
        same = _overlap(places[order[0], :2], places[order, :2]) > _SAME_FACE_OVERLAP
        same[0] = True
        of_one = order[same]
        found.append(np.average(places[of_one], axis=0, weights=scores[of_one]))
        order = order[~same]
    return found


def _overlap(box: Floats, boxes: Floats) -> Floats:
    """Intersection over union of one box (2, 2) with others (n, 2, 2)."""
    shared = np.clip(np.minimum(box[1], boxes[:, 1]) - np.maximum(box[0], boxes[:, 0]), 0, None).prod(axis=1)
    union = (box[1] - box[0]).prod() + (boxes[:, 1] - boxes[:, 0]).prod(axis=1) - shared
    return np.asarray(shared / np.maximum(union, 1e-12))


def _crop_of_detection(places_px: Floats) -> Crop:
    low, high, right_eye, left_eye = places_px[:4]
    return Crop((low + high) / 2, float((high - low).max()) * _CROP_PER_BOX, _slope(right_eye, left_eye))


def crop_of_points(points_px: Floats) -> Crop:
    """The square around the points of a mesh, level with its eyes."""
    flat = points_px[:, :2]
    angle = _slope(flat[_EYE_CORNERS[0]], flat[_EYE_CORNERS[1]])
    own = flat @ _turn(angle)
    low, high = own.min(axis=0), own.max(axis=0)
    return Crop((low + high) / 2 @ _turn(angle).T, float((high - low).max()) * _CROP_PER_BOX, angle)


def _slope(start: Floats, end: Floats) -> float:
    return float(np.arctan2(end[1] - start[1], end[0] - start[0]))


def _turn(angle_rad: float) -> Floats:
    """Columns are the x and y axis of a crop in the picture."""
    cosine, sine = np.cos(angle_rad), np.sin(angle_rad)
    return np.array([[cosine, -sine], [sine, cosine]])


def find_points(rgb: Pixels, crop: Crop, nets: FaceNets) -> FacePixels:
    """The mesh of the face in a crop of the picture, in three passes; its presence is that of the second.

    The first sees a crop that the detector made; a third makes a face even of one that is upside down.
    """
    second = _points_in(rgb, crop_of_points(_points_in(rgb, crop, nets).points_px), nets)
    third = _points_in(rgb, crop_of_points(second.points_px), nets)
    return FacePixels(third.points_px, second.presence)


def _points_in(rgb: Pixels, crop: Crop, nets: FaceNets) -> FacePixels:
    seen = cut_out(rgb, crop, MESH_PX)
    found, presence = _run(nets.mesh, seen.astype(np.float32) / 255.0, ("Identity", "Identity_1"), nets.lock)
    points = found.reshape(LANDMARKS, 3).astype(np.float64) * (crop.side / MESH_PX)
    # Pixels are counted from their centres in the picture and in the crop.
    own = points[:, :2] - crop.side / 2
    points[:, :2] = own @ _turn(crop.angle_rad).T + crop.centre
    return FacePixels(points, float(1.0 / (1.0 + np.exp(-presence.item()))))


def cut_out(rgb: Pixels, crop: Crop, size_px: int) -> Pixels:
    """A crop of the picture as a square of a given size; black beyond the edge.

    A large crop is first shrunk by whole numbers, so that fine detail does not alias into the small one.
    """
    step = max(1, int(crop.side / size_px))
    reach = crop.side * 0.75 + step
    low = np.maximum(np.floor((crop.centre - reach) / step).astype(int) * step, 0)
    high = np.minimum(np.ceil(crop.centre + reach).astype(int), [rgb.shape[1], rgb.shape[0]])
    if (high - low < step).any():
        return np.zeros((size_px, size_px, 3), dtype=np.uint8)
    part = rgb[low[1] : high[1], low[0] : high[0]]
    count = (high - low) // step
    if step > 1:
        whole = part[: count[1] * step, : count[0] * step]
        part = np.asarray(cv2.resize(whole, (int(count[0]), int(count[1])), interpolation=cv2.INTER_AREA), np.uint8)
    # From a pixel of the small square to one of the part.
    per_pixel = crop.side / size_px / step
    linear = _turn(crop.angle_rad) * per_pixel
    centre = (crop.centre - low) / step
    shift = centre - linear @ np.full(2, size_px / 2)
    # Positions count from the corner of a pixel; the routine counts from its centre.
    shift = shift + linear @ np.full(2, 0.5) - 0.5
    matrix = np.column_stack([linear, shift])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(part, matrix, (size_px, size_px), flags=flags), dtype=np.uint8)


def _run(
    net: cv2.dnn.Net, image: NDArray[np.floating[Any]], outputs: tuple[str, ...], lock: threading.Lock
) -> list[Floats]:
    blob = np.ascontiguousarray(image.transpose(2, 0, 1)[None], dtype=np.float32)
    with lock:
        net.setInput(blob)
        return [np.array(one) for one in net.forward(list(outputs))]
