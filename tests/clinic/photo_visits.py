"""Visits of one rendered face in which something is known to differ: its skin, its turn, the light."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import actions
from mesoplan.clinic.photos.models import PhotoSet, View
from mesoplan.clinic.photos.preparing import Scale, take
from mesoplan.imaging.face_zones import zone_triangles
from mesoplan.imaging.picture_reading import jpeg_of
from tests.clinic.photo_files import PUPILS_MM, agreed, upload
from tests.imaging.photo_pairs import FIRST, Mark, Take, photo

__all__ = ["FIRST", "Mark", "Take", "agreed"]
FIRST_DAY, LATER_DAY = date(2026, 9, 7), date(2026, 11, 2)
SECOND = Take(seed=5, zoom=1.05, roll_deg=3.0, shift_px=(10.0, -6.0))
TURNED = Take(seed=5, yaw_deg=20.0)
RED_CHEEK = Mark(int(zone_triangles("malar-right")[8]), redness=8.0, radius_mm=12.0)


@cache
def jpeg(one: Take, *marks: Mark) -> bytes:
    return jpeg_of(photo(one, marks).rgb)


def visit(patient: Patient, by: User, taken_on: date, pictures: Mapping[View, bytes]) -> PhotoSet:
    """A set of a patient who agreed, at the known distance of the pupils."""
    scale = Scale(interpupillary_mm=PUPILS_MM)
    taken = [take(view, upload(content), scale) for view, content in pictures.items()]
    return actions.add_photos(patient=patient, taken=taken, scale=scale, taken_on=taken_on, by=by)


def two_visits(patient: Patient, by: User, later: bytes | None = None) -> tuple[PhotoSet, PhotoSet]:
    """From the front: first as it was, then with a red cheek, or what else is given."""
    first = visit(patient, by, FIRST_DAY, {View.FRONT: jpeg(FIRST)})
    return first, visit(patient, by, LATER_DAY, {View.FRONT: later or jpeg(SECOND, RED_CHEEK)})
