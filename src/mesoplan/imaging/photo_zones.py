"""The face of a photo in millimetres, and the area of each of its zones with what it may be off by.

The zones are those of the template: the same triangles of the same mesh, so a place stored as triangle and weights is
the same place on both. Areas are taken along the skin, in three dimensions, never in the plane of the picture.

Depth is what the net expects of a face more than what it sees. How far areas are off was measured on rendered faces of
known size (benchmarks/photo.py); on people it was not, and it will be more.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from mesoplan.imaging.face_pose import head_turn, upright
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, face_zone_ids, zone_outlines, zone_triangles
from mesoplan.imaging.photo_face import PhotoFace, find_face
from mesoplan.imaging.photo_scale import PhotoScale, choose_scale
from mesoplan.imaging.picture_reading import Picture
from mesoplan.kernels.mesh import Floats, Ints, triangle_areas_mm2, triangle_normals

# A triangle turned further from the camera is guessed, not seen; a zone of which more than half is so has no area.
MOST_SLANT_DEG, MOST_UNSEEN = 60.0, 0.5
# Proposed in this project: an area that may be off by more than two fifths says too little to dose by.
MOST_RELATIVE_ERROR = 0.4
# How far the true area was from the one shown, as a share of that, with the scale known: the most over rendered faces
# of the template's depth, 25 % flatter and 20 % deeper, each from 0.4, 1 and 2 m, rounded up; measured by us
# (benchmarks/photo.py). First up to 25 degrees of yaw, then up to 45. Perioral skin and lips: on a smiling face only.
DEPTH_ERROR = {
    "forehead": (0.34, 0.53),
    "glabella": (0.10, 0.30),
    "temple": (0.35, 0.23),
    "periorbital": (0.26, 0.23),
    "nose": (0.42, 0.42),
    "malar": (0.20, 0.20),
    "lateral-cheek": (0.20, 0.18),
    "nasolabial": (0.22, 0.27),
    "perioral": (0.45, 0.35),
    "lips": (0.30, 0.30),
    "chin": (0.20, 0.16),
    "jaw": (0.30, 0.19),
}
_DEPTH_FRONT_DEG = 25.0
_MM2_PER_CM2 = 100.0


class NotAssessable(StrEnum):
    """Why a zone of a photo has no area."""

    TURNED_AWAY = "turned-away"
    UNCERTAIN = "too-uncertain"


@dataclass(frozen=True, eq=False)
class MeasuredFace:
    """A patient's own face.

    Attributes
    ----------
    vertices_mm : (468, 3)
        In the axes of the head, as on the template: x to the patient's left, y up, z forward; the middle is 0.
    slants_deg : (898,)
        How far each triangle is turned away from the camera.
    """

    photo: PhotoFace
    scale: PhotoScale
    vertices_mm: Floats
    slants_deg: Floats


@dataclass(frozen=True)
class PhotoZone:
    """A zone on the face of a photo.

    Attributes
    ----------
    area_cm2, error_cm2 : float or None
        Along the skin, with what it may be off by; none where it is not assessable.
    seen_share : float
        Share of the area that is turned towards the camera by 60 degrees or less.
    relative_error : float
        Twice the error of the scale, and that of the depth: both may go the same way.
    not_assessable : NotAssessable or None
    """

    zone_id: str
    area_cm2: float | None
    error_cm2: float | None
    seen_share: float
    relative_error: float
    not_assessable: NotAssessable | None

    @property
    def takes_injection(self) -> bool:
        """Whether points may be set in it."""
        return self.zone_id not in NO_INJECTION_ZONES


def measure_face(
    picture: Picture, *, sticker_mm: float | None = None, interpupillary_mm: float | None = None
) -> MeasuredFace:
    """The face of a photo in millimetres.

    Raises
    ------
    FaceRefused
        If the photo shows no face that can be measured.
    ImplausibleMeasure
        If the sticker or the distance of the pupils is of a size that there is not.
    """
    face = find_face(picture)
    return face_in_mm(face, choose_scale(picture, face, sticker_mm=sticker_mm, interpupillary_mm=interpupillary_mm))


def face_in_mm(face: PhotoFace, scale: PhotoScale) -> MeasuredFace:
    """The mesh of a face at a scale."""
    template = load_face_template()
    seen = upright(face.points_px[: len(template.vertices_mm)]) * scale.mm_per_px
    facing = triangle_normals(seen, template.triangles)[:, 2]
    slants = np.degrees(np.arccos(np.clip(facing, -1.0, 1.0)))
    return MeasuredFace(face, scale, (seen - seen.mean(axis=0)) @ head_turn(face.points_px), slants)


def photo_zones(face: MeasuredFace) -> tuple[PhotoZone, ...]:
    """All zones of the face, from the forehead down, right before left."""
    areas = triangle_areas_mm2(face.vertices_mm, load_face_template().triangles)
    return tuple(_zone(zone_id, areas[zone_triangles(zone_id)], face) for zone_id in face_zone_ids())


def _zone(zone_id: str, areas_mm2: Floats, face: MeasuredFace) -> PhotoZone:
    whole = float(areas_mm2.sum())
    seen = float(areas_mm2[face.slants_deg[zone_triangles(zone_id)] <= MOST_SLANT_DEG].sum()) / whole
    off = relative_error(zone_id, face)
    reason = None
    if 1 - seen > MOST_UNSEEN:
        reason = NotAssessable.TURNED_AWAY
    elif off > MOST_RELATIVE_ERROR:
        reason = NotAssessable.UNCERTAIN
    area = None if reason else round(whole / _MM2_PER_CM2, 1)
    error = None if area is None else round(area * off, 1)
    return PhotoZone(zone_id, area, error, round(seen, 2), round(off, 3), reason)


def relative_error(zone_id: str, face: MeasuredFace) -> float:
    """What an area may be off by, as a share of it."""
    front, turned = DEPTH_ERROR[zone_id.removesuffix("-right").removesuffix("-left")]
    depth = front if abs(face.photo.pose.yaw_deg) <= _DEPTH_FRONT_DEG else turned
    return 2 * face.scale.relative_error + depth


def outlines_px(zone_id: str, face: PhotoFace) -> list[Floats]:
    """The border of a zone in the photo: closed loops of (n, 2) pixels, the outer one first."""
    loops: tuple[Ints, ...] = zone_outlines(zone_id)
    return [face.points_px[loop, :2] for loop in loops]
