"""What helps to take the next photo as the earlier one was: its ghost, and its turn and distance in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import consents
from mesoplan.clinic.photos.measuring import face_of
from mesoplan.clinic.photos.models import Photo, Purpose, View
from mesoplan.clinic.photos.words import percent_text
from mesoplan.clinic.shell.writing import number_text, quantity_text
from mesoplan.imaging.photo_ghost import CaptureTarget, capture_target, ghost
from mesoplan.imaging.picture_reading import Picture, PictureKind, png_of


@dataclass(frozen=True)
class Ghost:
    """The latest measured photo of a view, which the next one should be like."""

    photo: Photo

    @property
    def target(self) -> CaptureTarget:
        return capture_target(_outside(self.photo), face_of(self.photo.measurement or {}))

    @property
    def to_match(self) -> list[str]:
        """What to hold to, the head first."""
        return [_turn(self.target), _chin(self.target), _mouth(), _distance(self.target)]


def ghosts_of(patient: Patient) -> Mapping[View, Ghost]:
    """By view, where the patient agreed to comparing."""
    if Purpose.BEFORE_AFTER not in consents.standing(patient):
        return {}
    photos = Photo.objects.filter(photo_set__patient=patient, deleted_at__isnull=True, measurement__isnull=False)
    in_order = photos.select_related("photo_set").order_by("photo_set__taken_on", "photo_set_id")
    return {View(photo.view): Ghost(photo) for photo in in_order}


def ghost_png(photo: Photo) -> bytes:
    """Border of the face, eyes, brows, nose and lips as lines on nothing, in the shape of the photo."""
    return png_of(ghost(_outside(photo), face_of(photo.measurement or {})))


def _outside(photo: Photo) -> Picture:
    """The photo as far as its size goes: lines and numbers need no pixel of it, so its file is not read."""
    nothing = np.broadcast_to(np.zeros(1, dtype=np.uint8), (photo.height_px, photo.width_px, 3))
    return Picture(nothing, PictureKind.JPEG, sha256="")


def _turn(target: CaptureTarget) -> str:
    degrees = {
        "degrees": number_text(abs(target.yaw_deg), decimals=0),
        "within": number_text(target.yaw_within_deg, decimals=0),
    }
    if abs(target.yaw_deg) < 1:
        return _("Face to the camera, within %(within)s°") % degrees
    if target.yaw_deg > 0:
        return _("Face turned %(degrees)s° to the patient’s left, within %(within)s°") % degrees
    return _("Face turned %(degrees)s° to the patient’s right, within %(within)s°") % degrees


def _chin(target: CaptureTarget) -> str:
    degrees = {
        "degrees": number_text(abs(target.pitch_deg), decimals=0),
        "within": number_text(target.pitch_within_deg, decimals=0),
    }
    if abs(target.pitch_deg) < 1:
        return _("Chin level, within %(within)s°") % degrees
    if target.pitch_deg > 0:
        return _("Chin raised by %(degrees)s°, within %(within)s°") % degrees
    return _("Chin lowered by %(degrees)s°, within %(within)s°") % degrees


def _mouth() -> str:
    return _("Mouth and brows as in the photo")


def _distance(target: CaptureTarget) -> str:
    told = _("Same lens and zoom; the face takes %(share)s of the width, which then shows %(width)s")
    return told % {"share": percent_text(target.face_share), "width": quantity_text(round(target.width_mm), "mm")}
