"""Millimetres of a pixel in a photo: from a sticker, measured pupils, the iris, or the mean of people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from mesoplan.imaging.face_scale import DEFAULT_INTERPUPILLARY_MM, INTERPUPILLARY_BOUNDS_MM, ImplausibleMeasure
from mesoplan.imaging.photo_face import FaceRefusal, FaceRefused, PhotoFace
from mesoplan.imaging.picture_reading import Picture, Pixels
from mesoplan.kernels.mesh import Floats

STICKER_BOUNDS_MM = (5.0, 60.0)
# Horizontal diameter of the visible iris of adults, mean and standard deviation.
IRIS_MM, IRIS_SPREAD_MM = 11.7, 0.5
# Measured by us: scatter of the net's iris at 20 to 24 pixels. At 17 to 24 pixels one pixel is 4 to 6 %, so fewer
# than 40 give no scale.
IRIS_SCATTER, LEAST_IRIS_PX = 0.017, 40.0
# Spread of the distance of the pupils between people, as a share; not checked against a source.
POPULATION_SPREAD = 0.055
# How true the net reads the distance of the pupils, by the most yaw in degrees: the most that it was off on rendered
# faces, measured by us (benchmarks/photo.py). From the side the far eye is seen too narrow: there only a sticker tells.
PUPILS_READ = ((8.0, 0.02), (15.0, 0.04), (25.0, 0.09), (90.0, 0.14))
# Proposed in this project: one millimetre in measuring the pupils by ruler or pupillometer; half a pixel at each
# edge of a sticker; and a sticker 20 mm nearer to a camera at 1 m, or farther, than the middle of the face.
PUPILS_MEASURED_MM, STICKER_EDGE_PX, STICKER_DEPTH = 1.0, 1.0, 0.02
LEAST_STICKER_PX, MOST_STICKER_TURN_DEG = 40.0, 60.0
_DICTIONARY = cv2.aruco.DICT_4X4_50


class PhotoScaleSource(StrEnum):
    """What the size of a face in a photo was taken from, the most trusted first."""

    STICKER = "sticker"
    INTERPUPILLARY = "interpupillary-distance"
    IRIS = "iris"
    POPULATION = "population-mean"


@dataclass(frozen=True)
class PhotoScale:
    """The scale of a photo at the depth of the face.

    Attributes
    ----------
    mm_per_px : float
    source : PhotoScaleSource
    known_mm : float
        The length that it rests on: side of the sticker, distance of the pupils, diameter of the iris.
    relative_error : float
        What lengths may be off by, as a share; areas carry twice that.
    """

    mm_per_px: float
    source: PhotoScaleSource
    known_mm: float
    relative_error: float

    @property
    def is_measured(self) -> bool:
        """Whether something was measured on this patient: a sticker or the pupils."""
        return self.source in (PhotoScaleSource.STICKER, PhotoScaleSource.INTERPUPILLARY)

    def __str__(self) -> str:
        words = {
            PhotoScaleSource.STICKER: f"sticker of {self.known_mm:g} mm",
            PhotoScaleSource.INTERPUPILLARY: f"measured distance of the pupils, {self.known_mm:g} mm",
            PhotoScaleSource.IRIS: f"iris, {self.known_mm:g} mm in the mean of adults",
            PhotoScaleSource.POPULATION: f"nothing of this face: {self.known_mm:g} mm between the pupils assumed",
        }
        return words[self.source]


def choose_scale(
    picture: Picture, face: PhotoFace, *, sticker_mm: float | None = None, interpupillary_mm: float | None = None
) -> PhotoScale:
    """The most trusted scale that there is: sticker, measured pupils, iris, mean of people.

    Parameters
    ----------
    sticker_mm : float, optional
        Side of the black square of an ArUco marker (dictionary 4x4_50) that lies flat on the face.
    interpupillary_mm : float, optional
        Distance of the pupils as measured on the patient.

    Raises
    ------
    ImplausibleMeasure
        If a measure is outside of what there is.
    FaceRefused
        If a sticker is named and not found, or the eyes are not those of an adult and nothing was measured.
    """
    if interpupillary_mm is not None:
        _check("interpupillary distance", interpupillary_mm, INTERPUPILLARY_BOUNDS_MM)
    if sticker_mm is not None:
        _check("sticker", sticker_mm, STICKER_BOUNDS_MM)
        return _by_sticker(picture.rgb, sticker_mm)
    read = next(error for most_deg, error in PUPILS_READ if abs(face.pose.yaw_deg) <= most_deg)
    pupils_px = face.eyes.pupils_px
    if interpupillary_mm is not None:
        error = float(np.hypot(PUPILS_MEASURED_MM / interpupillary_mm, read))
        return PhotoScale(interpupillary_mm / pupils_px, PhotoScaleSource.INTERPUPILLARY, interpupillary_mm, error)
    _check_eyes(face)
    if face.is_front and face.eyes.iris_px >= LEAST_IRIS_PX:
        error = float(np.hypot(IRIS_SPREAD_MM / IRIS_MM, IRIS_SCATTER))
        return PhotoScale(IRIS_MM / face.eyes.iris_px, PhotoScaleSource.IRIS, IRIS_MM, error)
    mean, error = DEFAULT_INTERPUPILLARY_MM, float(np.hypot(POPULATION_SPREAD, read))
    return PhotoScale(mean / pupils_px, PhotoScaleSource.POPULATION, mean, error)


def _check(what: str, value: float, bounds: tuple[float, float]) -> None:
    low, high = bounds
    if not low <= value <= high:
        raise ImplausibleMeasure(f"{what}: {value:g} mm is not between {low:g} and {high:g} mm")


def _check_eyes(face: PhotoFace) -> None:
    if face.eyes_are_plausible:
        return
    text = (
        f"the pupils are {face.eyes.pupils_per_iris:.1f} irises apart and the right iris is "
        f"{face.eyes.right_per_left:.2f} of the left: a print, a painting, lenses or half-closed eyes may be why. "
        "Take the photo again, or measure the distance of the pupils or put a sticker of known size beside them"
    )
    raise FaceRefused(FaceRefusal.EYES, text)


def _by_sticker(rgb: Pixels, sticker_mm: float) -> PhotoScale:
    found = find_stickers(rgb)
    if len(found) != 1:
        count = "no sticker was found" if not found else f"{len(found)} stickers were found"
        text = f"{count}: one whole ArUco marker (4x4_50) with its white border has to lie flat on the face"
        raise FaceRefused(FaceRefusal.NO_STICKER, text)
    side_px, turn_deg = sticker_size(found[0])
    if side_px < LEAST_STICKER_PX or turn_deg > MOST_STICKER_TURN_DEG:
        text = (
            f"the sticker is {side_px:.0f} pixels long and turned {turn_deg:.0f}°: from 40 pixels and up to 60° will do"
        )
        raise FaceRefused(FaceRefusal.NO_STICKER, text)
    error = float(np.hypot(STICKER_EDGE_PX / side_px, STICKER_DEPTH))
    return PhotoScale(sticker_mm / side_px, PhotoScaleSource.STICKER, sticker_mm, error)


def find_stickers(rgb: Pixels) -> list[Floats]:
    """Corners (4, 2) of every ArUco marker in a picture, in pixels."""
    options = cv2.aruco.DetectorParameters()
    options.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(_DICTIONARY), options)
    corners, _, _ = detector.detectMarkers(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)))
    return [np.asarray(one, dtype=np.float64).reshape(4, 2) for one in corners]


def sticker_size(corners_px: Floats) -> tuple[float, float]:
    """True side in pixels of a square seen at a slant, and by how many degrees it is turned away from the camera.

    A slant shortens a square in one direction and leaves the other: of the linear map from the square to the picture
    the larger stretch is the size.
    """
    square = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
    linear = np.linalg.lstsq(square, corners_px - corners_px.mean(axis=0), rcond=None)[0]
    long, short = np.linalg.svd(linear, compute_uv=False)
    return float(long), float(np.degrees(np.arccos(short / long)))
