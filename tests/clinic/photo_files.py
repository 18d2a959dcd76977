"""Photos for tests: rendered faces of known size, a grey one without a face, and a patient who agreed to them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import actions, keeping
from mesoplan.clinic.photos.models import Photo, PhotoSet, Purpose, View
from mesoplan.clinic.photos.preparing import Scale, take
from mesoplan.clinic.photos.zone_photos import take_zone
from mesoplan.imaging.picture_reading import jpeg_of
from tests.imaging.rendered_faces import face_mm, rendered
from tests.imaging.rendered_patches import Body, rectangle

YAW_DEG = {View.FRONT: 0.0, View.RIGHT_OBLIQUE: 38.0, View.LEFT_OBLIQUE: -38.0}
ALL = tuple(View)
PUPILS_MM = 63.0


@cache
def face_jpeg(view: View = View.FRONT) -> bytes:
    return jpeg_of(rendered(face_mm(), yaw_deg=YAW_DEG[view]))


@cache
def small_face_jpeg() -> bytes:
    return jpeg_of(rendered(face_mm(), pupils_px=90.0))


@cache
def two_faces_jpeg() -> bytes:
    face = rendered(face_mm())
    return jpeg_of(np.concatenate([face, face], axis=1))


@cache
def grey_jpeg(width: int = 80, height: int = 100) -> bytes:
    """A photo that shows nobody."""
    return jpeg_of(np.full((height, width, 3), 128, dtype=np.uint8))


def with_exif(content: bytes, *, orientation: int = 1, software: str = "") -> bytes:
    """The same picture as a camera writes it that was held otherwise, with words in its metadata."""
    image = Image.open(io.BytesIO(content))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x0131] = software
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif.tobytes(), quality=95)
    return out.getvalue()


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def form(files: Mapping[View, bytes], **fields: str) -> dict[str, object]:
    """The form of the page as a browser sends it."""
    sent: dict[str, object] = {"taken_on": timezone.localdate().isoformat(), "sticker_mm": "", "interpupillary_mm": ""}
    return sent | fields | {view.value: upload(content) for view, content in files.items()}


def agreed(patient: Patient, by: User, purposes: Iterable[Purpose] = (Purpose.PLANNING,)) -> None:
    actions.record_consent(patient=patient, purposes=purposes, given_on=date(2026, 11, 2), by=by)


def kept(patient: Patient, by: User, views: Iterable[View] = (View.FRONT,), *, grey: bool = False) -> PhotoSet:
    """A set of a patient who agreed: rendered faces, or grey pictures where no face is needed."""
    scale = Scale(interpupillary_mm=PUPILS_MM)
    taken = [take(view, upload(grey_jpeg() if grey else face_jpeg(view)), scale) for view in views]
    return actions.add_photos(patient=patient, taken=taken, scale=scale, taken_on=timezone.localdate(), by=by)


@cache
def thigh_jpeg() -> bytes:
    """A thigh of 80 mm radius with a sticker of 20 mm in its middle."""
    return jpeg_of(Body(80, sticker_mm=20).photo())


def kept_zone(patient: Patient, by: User, zone: str = "thigh-front-right", *, outlined: bool = False) -> Photo:
    """A photo of a zone of the body, of a patient who agreed."""
    scale, taken = Scale(sticker_mm=20.0), take_zone(zone, upload(thigh_jpeg()))
    day = timezone.localdate()
    photo = actions.add_photos(patient=patient, taken=[taken], scale=scale, taken_on=day, by=by).photos.get()
    if outlined:
        corners = [(x, y) for x, y in Body(80).pixels(rectangle(80, 110, 2)).tolist()]
        actions.outline_zone(photo=photo, corners=corners, by=by)
    return photo


def files_left() -> list[Path]:
    """Every file in the private folder."""
    return [path for path in keeping.folder().rglob("*") if path.is_file()]
