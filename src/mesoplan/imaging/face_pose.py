"""How a face is turned towards the camera, by fitting the template, and what it does, by ratios of distances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesoplan.imaging.face_template import load_face_template
from mesoplan.kernels.mesh import Floats
from mesoplan.kernels.similarity import best_similarity

# Points of the 478: pupils, inner lips, corners of the mouth, upper edge of both brows above the pupils.
RIGHT_PUPIL, LEFT_PUPIL = 468, 473
_LIPS, _MOUTH_CORNERS, _BROWS = (13, 14), (61, 291), (105, 334)
# The two points of each iris on its horizontal diameter.
_IRISES = ((469, 471), (474, 476))


@dataclass(frozen=True)
class Pose:
    """The turn of the head against the camera, in degrees.

    Attributes
    ----------
    yaw_deg : float
        Above 0 the face looks to the patient's left.
    pitch_deg : float
        Above 0 it looks up.
    roll_deg : float
        Above 0 the head leans to the patient's right shoulder, counter-clockwise in the picture.
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float


@dataclass(frozen=True)
class Expression:
    """What moves the skin between two photos, each as a share of the distance of the pupils.

    Attributes
    ----------
    mouth_opening : between the inner edges of the lips
    mouth_width : between the corners of the mouth; a smile makes it wider
    brow_height : from the pupil to the brow above it, mean of both sides
    """

    mouth_opening: float
    mouth_width: float
    brow_height: float


@dataclass(frozen=True)
class EyeMeasures:
    """Pupils and irises in pixels, along the surface of the mesh in three dimensions."""

    pupils_px: float
    right_iris_px: float
    left_iris_px: float

    @property
    def iris_px(self) -> float:
        """Mean diameter of both irises."""
        return (self.right_iris_px + self.left_iris_px) / 2

    @property
    def pupils_per_iris(self) -> float:
        """Distance of the pupils in diameters of an iris: alike in photos of most adults."""
        return self.pupils_px / self.iris_px

    @property
    def right_per_left(self) -> float:
        """Diameter of the right iris as a share of the left."""
        return self.right_iris_px / self.left_iris_px


def upright(points_px: Floats) -> Floats:
    """Points of a picture in the axes of the template.

    From x right, y down and z away to x towards the patient's left (when facing the camera), y up and z near.
    """
    return np.asarray(points_px * np.array([1.0, -1.0, -1.0]))


def pose_of(points_px: Floats) -> Pose:
    """The pose of a mesh of at least 468 points, by the turn that lays the template on it with least squares."""
    return pose_of_turn(head_turn(points_px))


def pose_of_turn(turn: Floats) -> Pose:
    """The pose of a rotation (3, 3) from the axes of the head to those of the camera."""
    ahead = turn[:, 2]
    yaw = np.arctan2(ahead[0], ahead[2])
    pitch = np.arctan2(ahead[1], np.hypot(ahead[0], ahead[2]))
    roll = np.arctan2(turn[1, 0], turn[1, 1])
    return Pose(*(round(float(np.degrees(one)), 1) for one in (yaw, pitch, roll)))


def head_turn(points_px: Floats) -> Floats:
    """The rotation (3, 3) from the axes of the head to those of the camera: its columns are left, up and forward."""
    template = load_face_template().vertices_mm
    return best_similarity(template, upright(points_px[: len(template)])).turn


def eye_measures(points_px: Floats) -> EyeMeasures:
    """Pupils and irises of a mesh of 478 points."""
    right, left = (_apart(points_px, *pair) for pair in _IRISES)
    return EyeMeasures(_apart(points_px, RIGHT_PUPIL, LEFT_PUPIL), right, left)


def expression_of(points_px: Floats) -> Expression:
    """Mouth and brows of a mesh of 478 points."""
    pupils = _apart(points_px, RIGHT_PUPIL, LEFT_PUPIL)
    brows = sum(_apart(points_px, *pair) for pair in zip(_BROWS, (RIGHT_PUPIL, LEFT_PUPIL), strict=True)) / 2
    opening, width = _apart(points_px, *_LIPS), _apart(points_px, *_MOUTH_CORNERS)
    return Expression(*(round(one / pupils, 3) for one in (opening, width, brows)))


def _apart(points_px: Floats, first: int, second: int) -> float:
    return float(np.linalg.norm(points_px[first] - points_px[second]))
