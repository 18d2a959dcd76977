"""From an uploaded file to what is kept of it: read, measured, made smaller for pages, and written one file at a time.

Whoever takes photos gives the files to `actions.add_photos`, which makes the photos of them or takes them away again.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from django.core.files.uploadedfile import UploadedFile

from mesoplan.clinic.photos import keeping
from mesoplan.clinic.photos.keeping import Kept
from mesoplan.clinic.photos.measuring import Document, document_of, face_of
from mesoplan.clinic.photos.models import Role, View
from mesoplan.clinic.photos.skin_colours import Corners, colours_of
from mesoplan.imaging.colour_card import CardKind
from mesoplan.imaging.photo_face import FaceRefusal, FaceRefused
from mesoplan.imaging.photo_zones import measure_face
from mesoplan.imaging.picture_reading import Picture, PictureKind, Pixels, jpeg_of, png_of, read_picture

SHOWN_PX, THUMBNAIL_PX = 1600, 320
JPEG, PNG = "image/jpeg", "image/png"
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
# A photo that is read takes up to 400 MB: of several uploads at once one is read at a time.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Scale:
    """What was measured on the patient, in millimetres, and the card of known colours beside the face."""

    sticker_mm: float | None = None
    interpupillary_mm: float | None = None
    colour_card: str = ""

    def for_photo(self) -> dict[str, float | None]:
        return {"sticker_mm": self.sticker_mm, "interpupillary_mm": self.interpupillary_mm}


@dataclass(frozen=True)
class Measured:
    """What was found on a photo, or why nothing was."""

    measurement: Document | None = None
    refusal: str = ""
    refusal_figure: float | None = None
    colours: Document | None = None
    sticker_px: list[list[float]] | None = None


@dataclass(frozen=True)
class TakenFile:
    """A file that was written, and what it is of its photo."""

    role: Role
    media_type: str
    kept: Kept


@dataclass(frozen=True)
class Taken:
    """A photo that can be kept; its files are written already."""

    view: str
    width_px: int
    height_px: int
    found: Measured
    files: tuple[TakenFile, ...]

    @property
    def names(self) -> list[str]:
        return [file.kept.name for file in self.files]


def take(view: View, upload: UploadedFile[Any], scale: Scale) -> Taken:
    """Read an uploaded photo, measure the face on it and write its files.

    Raises
    ------
    PictureRefused
        If the file is not a photo that can be read.
    FaceRefused
        If it shows more than one person: the others did not agree to anything.
    """
    with _one_at_a_time:
        picture = read_picture(upload.read())
        found = measure(picture, scale)
        height, width = picture.rgb.shape[:2]
        return Taken(view, width, height, found, _written(picture))


def measure_again(content: bytes, scale: Scale, card_corners: Corners = ()) -> Measured:
    """The same photo at another scale, or with another card; where its grey card lies is known."""
    with _one_at_a_time:
        return measure(read_picture(content), scale, card_corners)


def read_card(content: bytes, measurement: Document, corners: Corners) -> Document:
    """The colours by a grey card between two opposite corners, or why it cannot be used."""
    with _one_at_a_time:
        return colours_of(read_picture(content), face_of(measurement), CardKind.GREY, corners) or {}


def measure(picture: Picture, scale: Scale, card_corners: Corners = ()) -> Measured:
    try:
        face = measure_face(picture, **scale.for_photo())
        kind = CardKind(scale.colour_card) if scale.colour_card else None
        return Measured(document_of(face), colours=colours_of(picture, face, kind, card_corners) if kind else None)
    except FaceRefused as refused:
        if refused.code is FaceRefusal.SEVERAL_FACES:
            raise
        figure = _FIGURE.search(str(refused))
        return Measured(None, refused.code.value, float(figure.group()) if figure else None)


def _written(picture: Picture) -> tuple[TakenFile, ...]:
    """All files of a photo, or none."""
    written: list[TakenFile] = []
    try:
        for role, media_type, content in _contents(picture):
            written.append(TakenFile(role, media_type, keeping.keep(content)))
    except BaseException:
        keeping.remove(file.kept.name for file in written)
        raise
    return tuple(written)


def _contents(picture: Picture) -> Iterator[tuple[Role, str, bytes]]:
    """What came without loss is kept without; a JPEG, turned upright, is written once as finely as JPEG goes."""
    if picture.kind is PictureKind.JPEG:
        yield Role.KEPT, JPEG, jpeg_of(picture.rgb)
    else:
        yield Role.KEPT, PNG, png_of(picture.rgb)
    yield Role.SHOWN, JPEG, jpeg_of(_shrunk(picture.rgb, SHOWN_PX))
    yield Role.THUMBNAIL, JPEG, jpeg_of(_shrunk(picture.rgb, THUMBNAIL_PX))


def _shrunk(rgb: Pixels, longest_px: int) -> Pixels:
    height, width = rgb.shape[:2]
    scale = min(1.0, longest_px / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return rgb if scale == 1.0 else np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
