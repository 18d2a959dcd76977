"""The template laid on a photo by six places that a person set, where no face is found.

They are the corners of both eyes, the foot of the columella, and the lowest point of the chin.

Turn, size and place come from the six; the shape stays that of the template, so nothing of this face but its size is
measured: two lengths of the patient would do the same without a photo. What the six give is where in the photo each
place of the mesh lies.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

import numpy as np

from mesoplan.domain.face import FaceSource, FaceTurn, FaceView, MeasuredZone, OwnFace, ScaleBasis
from mesoplan.imaging.face_landmarks import Side, landmark_on
from mesoplan.imaging.face_pose import pose_of_turn, upright
from mesoplan.imaging.face_scale import ScaleSource, scale_from_measures
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_zones import face_zone_ids
from mesoplan.imaging.own_face import FRONT_ERROR, stored_vertices
from mesoplan.imaging.photo_scale import POPULATION_SPREAD, PUPILS_MEASURED_MM
from mesoplan.imaging.photo_zones import MOST_RELATIVE_ERROR
from mesoplan.kernels.mesh import Floats
from mesoplan.kernels.similarity import Similarity, best_similarity, residual_rms

# By the names of `face_landmarks`, in the order of the fields of `Clicks`.
LANDMARKS: tuple[tuple[str, Side], ...] = (
    ("lateral-canthus", "right"),
    ("medial-canthus", "right"),
    ("medial-canthus", "left"),
    ("lateral-canthus", "left"),
    ("subnasale", "middle"),
    ("menton", "middle"),
)
# Measured by us: with places set 2 mm off, faces that are wider, longer, flatter and uneven leave 5.1 mm at most, six
# places set anywhere from 11 mm on (benchmarks/photo.py). The limit is proposed in this project.
MOST_RESIDUAL_MM = 7.0
# Proposed in this project: nearer together, a pixel of the hand is a millimetre of the face.
LEAST_EYES_PX = 60.0
MOST_TURN_DEG = 35.0
# Proposed in this project: what callipers at the cheekbones may be off by.
WIDTH_MEASURED_MM = 2.0
# How far places of the mesh lie from the true skin in the photo: half of them and 95 of 100, in mm, the six set 1.5 mm
# off on rendered heads 25 % flatter to 20 % deeper, 8 % shorter to longer, turned up to 10 degrees; measured by us.
PLACED_WITHIN_MM = (2.3, 7.5)
_MOST_ROUNDS, _SETTLED = 1000, 1e-5


class ClickRefusal(StrEnum):
    """Why six places are not taken as those of a face."""

    NOT_A_NUMBER = "not-a-number"
    TOO_NEAR = "too-near"
    SIDES = "sides"
    ORDER = "order"
    TURNED = "turned-too-far"
    NO_FACE = "no-face"


class ClicksRefused(ValueError):
    """Six places that cannot be those of a face; the message says why and what to do."""

    def __init__(self, code: ClickRefusal, text: str) -> None:
        self.code = code
        super().__init__(text)


@dataclass(frozen=True)
class Clicks:
    """Six places in a photo, each (x to the right, y down) in pixels; right and left are the patient's."""

    right_lateral_canthus: tuple[float, float]
    right_medial_canthus: tuple[float, float]
    left_medial_canthus: tuple[float, float]
    left_lateral_canthus: tuple[float, float]
    subnasale: tuple[float, float]
    menton: tuple[float, float]

    @property
    def places_px(self) -> Floats:
        """The places (6, 2) in the order of the fields."""
        return np.array([getattr(self, field.name) for field in fields(self)], dtype=np.float64)


@dataclass(frozen=True, eq=False)
class ClickedFace:
    """The template on a photo.

    Attributes
    ----------
    record : OwnFace
    points_px : (468, 3)
        The mesh in the photo, as of a face that was found: x to the right, y down, z away from the camera.
    residual_mm : float
        How far the six places lie from those of the template, as a root mean square.
    """

    record: OwnFace
    points_px: Floats
    residual_mm: float


def clicked_face(
    clicks: Clicks, *, on: date, interpupillary_mm: float | None = None, width_mm: float | None = None
) -> ClickedFace:
    """The face that six places on a photo from the front make of the template.

    Parameters
    ----------
    interpupillary_mm, width_mm : float, optional
        Distance of the pupils and width from zygion to zygion as measured on the patient. The width is taken first;
        without either the size is that of the mean of adults.

    Raises
    ------
    ClicksRefused
        If the places cannot be those of a face that looks at the camera.
    ImplausibleMeasure
        If a measure is one that no face has.
    """
    scale = scale_from_measures(bizygomatic_mm=width_mm, interpupillary_mm=interpupillary_mm)
    places = clicks.places_px
    _check_order(places)
    laid = _laid(places)
    residual = residual_rms(_flat(laid), places) * scale.factor / laid.size
    turn = _checked_turn(laid, residual)
    basis, error = _basis(scale.source, scale.measured_mm)
    record = OwnFace(
        on=on,
        source=FaceSource.CLICKS,
        scale=basis,
        scale_error=round(error, 4),
        vertices_mm=stored_vertices(load_face_template().vertices_mm * scale.factor),
        zones=_zones(error),
        turns={FaceView.FRONT: turn},
    )
    return ClickedFace(record, upright(laid(load_face_template().vertices_mm)), round(residual, 2))


def template_places_mm() -> Floats:
    """The six places (6, 3) on the template in its own size."""
    vertices = load_face_template().vertices_mm
    return np.array([landmark_on(name, side, vertices) for name, side in LANDMARKS])


def _check_order(places: Floats) -> None:
    if not np.isfinite(places).all():
        raise ClicksRefused(ClickRefusal.NOT_A_NUMBER, "a place is not a number: set all six again")
    eyes = places[:4]
    across = eyes[2:].mean(axis=0) - eyes[:2].mean(axis=0)
    apart = float(np.linalg.norm(across))
    if apart < LEAST_EYES_PX:
        text = f"the eyes are {apart:.0f} pixels apart, {LEAST_EYES_PX:.0f} are needed: take a larger photo"
        raise ClicksRefused(ClickRefusal.TOO_NEAR, text)
    across /= apart
    along, down = places @ across, places @ [-across[1], across[0]]
    if across[0] <= 0:
        text = "right and left are swapped: the patient’s right eye is on the left of the photo"
        raise ClicksRefused(ClickRefusal.SIDES, text)
    if not (np.diff(along[:4]) > 0).all():
        text = "the corners of the eyes are not in their order: outer, inner of the right eye, inner, outer of the left"
        raise ClicksRefused(ClickRefusal.ORDER, text)
    if not down[:4].max() < down[4] < down[5]:
        text = "eyes, foot of the nose and chin are not one below the other: set them again on an upright photo"
        raise ClicksRefused(ClickRefusal.ORDER, text)


def _laid(places: Floats) -> Similarity:
    """Turn, size and shift of the template, from the photo's places to which a depth is added that fits them.

    Each round fits the template to the places with the depths of the round before: the squares of what is left in the
    plane of the photo can only become less.
    """
    source = template_places_mm()
    seen = places * [1.0, -1.0]
    size = np.linalg.norm(seen[3] - seen[0]) / np.linalg.norm(source[3] - source[0])
    depths = source[:, 2] * size
    for _ in range(_MOST_ROUNDS):
        laid = best_similarity(source, np.column_stack([seen, depths]))
        moved = laid(source)[:, 2]
        if np.abs(moved - depths).max() < _SETTLED * size:
            break
        depths = moved
    return laid


def _flat(laid: Similarity) -> Floats:
    """Where the six places of the template come to lie in the photo, (6, 2) in pixels."""
    return np.asarray(upright(laid(template_places_mm()))[:, :2])


def _checked_turn(laid: Similarity, residual_mm: float) -> FaceTurn:
    if residual_mm > MOST_RESIDUAL_MM:
        text = (
            f"the places are {residual_mm:.0f} mm off those of a face: set them again, "
            "on a photo from the front with the mouth closed"
        )
        raise ClicksRefused(ClickRefusal.NO_FACE, text)
    pose = pose_of_turn(laid.turn)
    if max(abs(pose.yaw_deg), abs(pose.pitch_deg)) > MOST_TURN_DEG:
        text = "by the places the face does not look at the camera: set them again, on a photo from the front"
        raise ClicksRefused(ClickRefusal.TURNED, text)
    return FaceTurn(yaw_deg=pose.yaw_deg, pitch_deg=pose.pitch_deg, roll_deg=pose.roll_deg)


def _basis(source: ScaleSource, measured_mm: float | None) -> tuple[ScaleBasis, float]:
    """What the size rests on, and what lengths may be off by."""
    if source is ScaleSource.BIZYGOMATIC and measured_mm is not None:
        return ScaleBasis.FACE_WIDTH, WIDTH_MEASURED_MM / measured_mm
    if source is ScaleSource.INTERPUPILLARY and measured_mm is not None:
        return ScaleBasis.INTERPUPILLARY, PUPILS_MEASURED_MM / measured_mm
    return ScaleBasis.POPULATION, POPULATION_SPREAD


def _zones(scale_error: float) -> dict[str, MeasuredZone]:
    """What a photo from the front shows; a shape that was not measured is stated no better than one that was."""
    found = {}
    for zone in face_zone_ids():
        shape = FRONT_ERROR.get(zone.removesuffix("-right").removesuffix("-left"))
        if shape is not None and shape + 2 * scale_error <= MOST_RELATIVE_ERROR:
            found[zone] = MeasuredZone(view=FaceView.FRONT, error=round(shape + 2 * scale_error, 3))
    return found
