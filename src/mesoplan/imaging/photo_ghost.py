"""The ghost of an earlier photo, to be laid over the camera's picture, and what the next photo should be like."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from mesoplan.imaging.face_landmarks import feature_rings
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.photo_conditions import LIMITS, Condition
from mesoplan.imaging.photo_zones import MeasuredFace
from mesoplan.imaging.picture_reading import Picture, Pixels
from mesoplan.kernels.mesh import border_loops

LONGEST_SIDE_PX = 1000
LINE, HALO = (255, 255, 255), (0, 0, 0)
LINE_OPACITY, HALO_OPACITY, FACE_OPACITY = 230, 110, 0.35
_FEATURES = ("eye", "brow", "lips-outer", "nose-base", "nose-wing")
_SUB_PIXEL_BITS = 4


@dataclass(frozen=True)
class CaptureTarget:
    """What the next photo should be like, so that it can be compared.

    Attributes
    ----------
    yaw_deg, pitch_deg, roll_deg : of the earlier photo
    yaw_within_deg, pitch_within_deg : how far off is still fine
    mouth_opening, mouth_width, brow_height : shares of the distance of the pupils
    centre : middle of the face, as shares of width and height of the picture
    face_share : width of the face as a share of the picture's
    mm_per_px : at the depth of the face
    width_mm : what the whole width of the picture shows at the depth of the face: with one lens at one zoom the camera
        is as far away as before when this is the same
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    yaw_within_deg: float
    pitch_within_deg: float
    mouth_opening: float
    mouth_width: float
    brow_height: float
    centre: tuple[float, float]
    face_share: float
    mm_per_px: float
    width_mm: float


def capture_target(picture: Picture, face: MeasuredFace) -> CaptureTarget:
    """The numbers of an earlier photo."""
    height, width = picture.rgb.shape[:2]
    photo = face.photo
    low, high = photo.points_px[:, :2].min(axis=0), photo.points_px[:, :2].max(axis=0)
    middle = (low + high) / 2 / [width, height]
    return CaptureTarget(
        photo.pose.yaw_deg,
        photo.pose.pitch_deg,
        photo.pose.roll_deg,
        LIMITS[Condition.YAW].fine,
        LIMITS[Condition.PITCH].fine,
        photo.expression.mouth_opening,
        photo.expression.mouth_width,
        photo.expression.brow_height,
        (round(float(middle[0]), 3), round(float(middle[1]), 3)),
        round(photo.quality.face_px / width, 3),
        round(face.scale.mm_per_px, 4),
        round(width * face.scale.mm_per_px, 1),
    )


def ghost(picture: Picture, face: MeasuredFace, *, with_face: bool = False) -> Pixels:
    """Red, green, blue and opacity (height, width, 4) in the shape of the earlier photo.

    The border of the face, eyes, brows, nose and lips as white lines with a dark rim; `with_face` puts the face itself
    half transparent behind them.
    """
    height, width = picture.rgb.shape[:2]
    scale = min(1.0, LONGEST_SIDE_PX / max(height, width))
    size = (round(width * scale), round(height * scale))
    drawn = np.zeros((size[1], size[0], 4), dtype=np.uint8)
    points = face.photo.points_px[:, :2] * scale
    outline = border_loops(load_face_template().triangles)[0]
    if with_face:
        inside = np.zeros(drawn.shape[:2], dtype=np.uint8)
        cv2.fillPoly(inside, [np.round(points[outline]).astype(np.int32)], 1)
        drawn[..., :3] = cv2.resize(picture.rgb, size, interpolation=cv2.INTER_AREA)
        drawn[..., 3] = np.round(inside * (FACE_OPACITY * 255))
    lines = [(points[outline], True)]
    lines += [(points[ring], closed) for name, closed, ring in feature_rings() if name in _FEATURES]
    thin = max(1, round(max(size) / 500))
    for wide, colour, opacity in ((3 * thin, HALO, HALO_OPACITY), (thin, LINE, LINE_OPACITY)):
        for line, closed in lines:
            fixed = np.round(line * 2**_SUB_PIXEL_BITS).astype(np.int32)
            cv2.polylines(drawn, [fixed], closed, (*colour, opacity), wide, cv2.LINE_AA, _SUB_PIXEL_BITS)
    return drawn
