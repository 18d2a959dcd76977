"""The outlines of the zones drawn on the photo."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from mesoplan.imaging.photo_face import PhotoFace
from mesoplan.imaging.photo_zones import PhotoZone, outlines_px
from mesoplan.imaging.picture_reading import Picture, Pixels

# Enough for a screen; a photo of a telephone is larger and its overlay would be a file of many megabytes.
LONGEST_SIDE_PX = 2000
ASSESSED, NOT_ASSESSED, NO_INJECTION = (0, 158, 115), (160, 160, 160), (213, 94, 0)
_HALO = (255, 255, 255)
_SUB_PIXEL_BITS = 4


def overlay(picture: Picture, face: PhotoFace, zones: Iterable[PhotoZone]) -> Pixels:
    """A copy of the photo with every zone outlined: green with an area, grey without one, orange takes no injection.

    What is grey is drawn first, so that a border between two zones has the colour that says more.
    """
    scale = min(1.0, LONGEST_SIDE_PX / max(picture.rgb.shape[:2]))
    size = (round(picture.rgb.shape[1] * scale), round(picture.rgb.shape[0] * scale))
    drawn = picture.rgb.copy() if scale == 1.0 else cv2.resize(picture.rgb, size, interpolation=cv2.INTER_AREA)
    order = (NOT_ASSESSED, ASSESSED, NO_INJECTION)
    width = max(1, round(max(size) / 700))
    shown = sorted(zones, key=lambda zone: order.index(colour_of(zone)))
    for wide, halo in ((width * 3, True), (width, False)):
        for zone in shown:
            colour = _HALO if halo else colour_of(zone)
            for loop in outlines_px(zone.zone_id, face):
                fixed = np.round(loop * scale * 2**_SUB_PIXEL_BITS).astype(np.int32)
                cv2.polylines(drawn, [fixed], True, colour, wide, cv2.LINE_AA, _SUB_PIXEL_BITS)
    return np.asarray(drawn, dtype=np.uint8)


def colour_of(zone: PhotoZone) -> tuple[int, int, int]:
    """The colour of a zone's outline."""
    if not zone.takes_injection:
        return NO_INJECTION
    return NOT_ASSESSED if zone.not_assessable else ASSESSED
