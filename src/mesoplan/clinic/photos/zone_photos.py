"""A photo of one zone of neck or body with a sticker on the skin: how it is taken, and the area outlined on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.files.uploadedfile import UploadedFile

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.photos.models import Photo
from mesoplan.clinic.photos.preparing import Measured, Taken, _one_at_a_time, _written
from mesoplan.imaging.patch_area import PatchArea, PatchRefused, find_sticker, measure_patch
from mesoplan.imaging.patch_bend import bend_of
from mesoplan.imaging.picture_reading import read_picture
from mesoplan.knowledge.schema.zones import Zone

# Proposed in this project: a corner is set as well as one pixel of a photo that is shown this wide.
HAND_WIDTH_PX = 640


@dataclass(frozen=True)
class Outlined:
    """What corners on a photo come to: an area, or why not; neither before there are three."""

    area: PatchArea | None = None
    refused: PatchRefused | None = None


def zones_to_photograph() -> list[Zone]:
    """Zones whose area the face map does not tell, and that take injection."""
    zones = knowledge_base.current().zones.values()
    return [zone for zone in zones if zone.surface == "patch" and zone.blocked is None]


def take_zone(zone_id: str, upload: UploadedFile[Any]) -> Taken:
    """Read an uploaded photo, find the sticker on it and write its files.

    Raises
    ------
    PictureRefused
        If the file is not a photo that can be read.
    PatchRefused
        If it shows no sticker by which it can be measured: then nothing of it is kept.
    """
    with _one_at_a_time:
        picture = read_picture(upload.read())
        corners = find_sticker(picture.rgb)
        height, width = picture.rgb.shape[:2]
        found = Measured(sticker_px=np.round(corners, 3).tolist())
        return Taken(zone_id, width, height, found, _written(picture))


def outlined(photo: Photo, corners: Sequence[tuple[float, float]], least: int = 3) -> Outlined:
    """The area between corners on a photo of a zone."""
    sticker_mm = photo.photo_set.sticker_mm
    if len(corners) < least or sticker_mm is None:
        return Outlined()
    try:
        return Outlined(
            measure_patch(
                np.array(photo.sticker_px),
                sticker_mm,
                corners,
                bend=bend_of(photo.view),
                hand_px=photo.width_px / HAND_WIDTH_PX,
            )
        )
    except PatchRefused as refused:
        return Outlined(refused=refused)
