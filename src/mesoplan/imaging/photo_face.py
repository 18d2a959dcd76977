"""One face found in a photo: 478 points in pixels, how it is turned, what it does, and whether it can be measured.

A face that cannot be measured is refused with what to do. There is no point by point visibility: hair, a mask or a
hand over the face are not noticed, and what they cover is made up by the net. A person has to look.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from mesoplan.imaging.face_net import (
    MESH_PX,
    Crop,
    FaceNets,
    FacePixels,
    crop_of_points,
    cut_out,
    detect_faces,
    find_points,
    load_face_nets,
)
from mesoplan.imaging.face_pose import Expression, EyeMeasures, Pose, expression_of, eye_measures, pose_of
from mesoplan.imaging.picture_reading import Picture, Pixels
from mesoplan.kernels.mesh import Floats

# Measured by us: a face upside down is “found” with 0.01 to 0.02, true ones with 0.99 and more.
LEAST_PRESENCE = 0.5
# Proposed in this project: below it the mesh net is shown an enlarged face, and skin is seen in fewer pixels than mm.
LEAST_FACE_PX = 400
MOST_OUTSIDE = 0.02
# Measured by us on rendered faces: at 45 degrees areas of the near side are still within what is stated; beyond it
# nothing was measured. The limits of pitch and roll are proposed in this project.
MOST_YAW_DEG, MOST_PITCH_DEG, MOST_ROLL_DEG = 50.0, 30.0, 45.0
# Measured by us on a portrait and a rendered face: points drift by 1 mm in the mean where the blur comes to this,
# by 0.5 to 0.9 mm where the light comes to this, and by 0.4 to 0.6 mm where half of the face is clipped.
LEAST_SHARPNESS, LEAST_LIGHT, MOST_CLIPPED = 0.004, 40.0, 0.5
CLIPPED_LEVEL = 250
# Measured by us: 4.79 to 5.72 on four faces seen from the front, 4.46 on a painting, 6.6 upside down; from the side
# the far iris is seen too narrow to tell. The bounds leave room; people with eyes far apart fall outside of them.
PUPILS_PER_IRIS, RIGHT_PER_LEFT_IRIS = (4.6, 5.8), (0.85, 1.18)
FRONT_YAW_DEG = 15.0
_TILE_SHARE = 0.6
_FACE_IN_CROP = slice(43, 213)


class FaceRefusal(StrEnum):
    """Why a photo is not measured."""

    NO_FACE = "no-face"
    SEVERAL_FACES = "several-faces"
    TOO_SMALL = "too-small"
    CUT_OFF = "cut-off"
    LYING = "lying"
    TURNED = "turned-too-far"
    DARK = "too-dark"
    BRIGHT = "too-bright"
    BLURRED = "blurred"
    EYES = "eyes-not-plausible"
    NO_STICKER = "no-sticker"


class FaceRefused(ValueError):
    """A photo that shows no face that can be measured; the message says why and what to do."""

    def __init__(self, code: FaceRefusal, text: str) -> None:
        self.code = code
        super().__init__(text)


@dataclass(frozen=True)
class PhotoQuality:
    """How well a face is seen.

    Attributes
    ----------
    face_px : float
        Width of the mesh in pixels of the photo.
    sharpness : float
        Variance of the Laplacian as a share of the variance of grey, on what the mesh net sees.
    light : float
        Grey level, 0 to 255, that 5 % of the face exceed: the white of the eyes and sheen count, not the skin's tone.
    clipped : float
        Share of the face at or above level 250.
    """

    face_px: float
    sharpness: float
    light: float
    clipped: float


@dataclass(frozen=True, eq=False)
class PhotoFace:
    """The face of a photo.

    Attributes
    ----------
    points_px : (478, 3)
        x to the right, y down, in pixels; z away from the camera in the same unit.
    model_sha256 : str
        Of the model file that found it: points of two models are not to be mixed.
    """

    points_px: Floats
    presence: float
    pose: Pose
    expression: Expression
    eyes: EyeMeasures
    quality: PhotoQuality
    model_sha256: str

    @property
    def is_front(self) -> bool:
        """Whether it looks at the camera within 15 degrees."""
        return abs(self.pose.yaw_deg) <= FRONT_YAW_DEG

    @property
    def eyes_are_plausible(self) -> bool:
        """Whether irises and pupils are as those of adults from the front; true where that cannot be told."""
        low, high = PUPILS_PER_IRIS
        least, most = RIGHT_PER_LEFT_IRIS
        fits = low <= self.eyes.pupils_per_iris <= high and least <= self.eyes.right_per_left <= most
        return fits or not self.is_front


def find_face(picture: Picture) -> PhotoFace:
    """The one face of a photo.

    A photo of a print or of a screen looks like a face and is not noticed here; what can be noticed is eyes that no
    adult has (:attr:`PhotoFace.eyes_are_plausible`), and it is for the scale to say whether they matter.

    Raises
    ------
    FaceRefused
        If there is no face or more than one, or it is too small, cut off, turned, dark, bright or blurred.
    FaceModelUnavailable
        If the model file is not there.
    """
    nets = load_face_nets()
    found = _only_face(picture.rgb, nets)
    points = found.points_px
    face = PhotoFace(
        points,
        found.presence,
        pose_of(points),
        expression_of(points),
        eye_measures(points),
        _quality(picture.rgb, points),
        nets.sha256,
    )
    _check_place(face, picture.rgb)
    _check_pose(face.pose)
    _check_light(face.quality)
    return face


def _only_face(rgb: Pixels, nets: FaceNets) -> FacePixels:
    faces = _faces_in(rgb, detect_faces(rgb, nets), nets) or _faces_in_tiles(rgb, nets)
    if not faces:
        if _faces_in(turned := np.ascontiguousarray(rgb[::-1, ::-1]), detect_faces(turned, nets), nets):
            raise FaceRefused(FaceRefusal.LYING, "the face is upside down: turn the picture")
        raise FaceRefused(FaceRefusal.NO_FACE, "no face was found: take it from the front, alone, in even light")
    if len(faces) > 1:
        raise FaceRefused(FaceRefusal.SEVERAL_FACES, f"{len(faces)} faces were found: take or cut out one of them")
    return faces[0]


def _faces_in(rgb: Pixels, crops: list[Crop], nets: FaceNets) -> list[FacePixels]:
    """The faces that the mesh net believes in, each once."""
    faces: list[FacePixels] = []
    for crop in crops:
        face = find_points(rgb, crop, nets)
        middle, size = _middle(face), np.ptp(face.points_px[:, 0])
        apart = all(np.linalg.norm(middle - _middle(other)) > size / 2 for other in faces)
        if face.presence >= LEAST_PRESENCE and apart:
            faces.append(face)
    return faces


def _middle(face: FacePixels) -> Floats:
    return np.asarray(face.points_px[:, :2].mean(axis=0))


def _faces_in_tiles(rgb: Pixels, nets: FaceNets) -> list[FacePixels]:
    """Four overlapping parts of the picture: the detector misses a face that is small in the whole."""
    height, width = rgb.shape[:2]
    size = np.array([width, height]) * _TILE_SHARE
    crops = []
    for x in (0.0, width - size[0]):
        for y in (0.0, height - size[1]):
            low, high = np.array([x, y]).astype(int), np.ceil([x + size[0], y + size[1]]).astype(int)
            part = rgb[low[1] : high[1], low[0] : high[0]]
            crops += [Crop(one.centre + low, one.side, one.angle_rad) for one in detect_faces(part, nets)]
    return _faces_in(rgb, crops, nets)


def _quality(rgb: Pixels, points_px: Floats) -> PhotoQuality:
    seen = cut_out(rgb, crop_of_points(points_px), MESH_PX)[_FACE_IN_CROP, _FACE_IN_CROP]
    grey = np.asarray(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY), dtype=np.float32)
    edges = np.asarray(cv2.Laplacian(grey, cv2.CV_32F))
    return PhotoQuality(
        face_px=round(float(np.linalg.norm(points_px[454, :2] - points_px[234, :2])), 1),
        sharpness=round(float(edges.var() / max(float(grey.var()), 1e-6)), 5),
        light=round(float(np.percentile(grey, 95)), 1),
        clipped=round(float((grey >= CLIPPED_LEVEL).mean()), 3),
    )


def _check_place(face: PhotoFace, rgb: Pixels) -> None:
    height, width = rgb.shape[:2]
    flat = face.points_px[:, :2]
    # From the side the face is narrower; its height is not.
    long_px = float(np.ptp(flat, axis=0).max())
    if long_px < LEAST_FACE_PX:
        text = f"the face is {long_px:.0f} pixels long, {LEAST_FACE_PX} are needed: go nearer"
        raise FaceRefused(FaceRefusal.TOO_SMALL, text)
    outside = ((flat < 0) | (flat > [width, height])).any(axis=1).mean()
    if outside > MOST_OUTSIDE:
        raise FaceRefused(FaceRefusal.CUT_OFF, "the face is cut off: take it with room around it")


def _check_pose(pose: Pose) -> None:
    if abs(pose.roll_deg) > MOST_ROLL_DEG:
        raise FaceRefused(FaceRefusal.LYING, f"the head leans by {abs(pose.roll_deg):.0f}°: turn the picture upright")
    if abs(pose.yaw_deg) > MOST_YAW_DEG:
        side = "left" if pose.yaw_deg > 0 else "right"
        text = f"the face is turned {abs(pose.yaw_deg):.0f}° to the patient’s {side}: up to 45° can be measured"
        raise FaceRefused(FaceRefusal.TURNED, text)
    if abs(pose.pitch_deg) > MOST_PITCH_DEG:
        way = "up" if pose.pitch_deg > 0 else "down"
        text = f"the face looks {abs(pose.pitch_deg):.0f}° {way}: hold the camera level with the eyes"
        raise FaceRefused(FaceRefusal.TURNED, text)


def _check_light(quality: PhotoQuality) -> None:
    if quality.light < LEAST_LIGHT:
        raise FaceRefused(FaceRefusal.DARK, "the face is too dark to be measured: more light, or a longer exposure")
    if quality.clipped > MOST_CLIPPED:
        raise FaceRefused(FaceRefusal.BRIGHT, "half of the face is white: less light, or a shorter exposure")
    if quality.sharpness < LEAST_SHARPNESS:
        raise FaceRefused(FaceRefusal.BLURRED, "the face is blurred: hold the camera still and focus on the eyes")
