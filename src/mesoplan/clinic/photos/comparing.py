"""Two photos of one patient compared, made when a page asks for it. Nothing of it is stored: the last few are
remembered in this process for some minutes, so that a page and its pictures are worked out once."""

from __future__ import annotations

import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from mesoplan.clinic.photos import keeping
from mesoplan.clinic.photos.measuring import face_of
from mesoplan.clinic.photos.models import Photo, PhotoFile, Role
from mesoplan.clinic.photos.preparing import JPEG, PNG, _one_at_a_time
from mesoplan.clinic.photos.skin_colours import correction_of
from mesoplan.imaging.change_colours import change_picture
from mesoplan.imaging.change_map import Change, ChangeLayer, ChangeMap, Matching, ZoneChange
from mesoplan.imaging.photo_alignment import AlignmentKind
from mesoplan.imaging.photo_comparison import ComparisonRefused, PhotoComparison, compare_photos
from mesoplan.imaging.photo_conditions import ConditionFinding, SeenFace
from mesoplan.imaging.picture_reading import jpeg_of, png_of, read_picture

MOST_REMEMBERED, REMEMBERED_S = 4, 10 * 60


class Part(StrEnum):
    """A picture of a comparison: both photos at one crop, and what is laid over them."""

    EARLIER = "earlier"
    LATER = "later"
    REDNESS = "redness"
    LIGHTNESS = "lightness"


@dataclass(frozen=True)
class Layer:
    """One kind of change in short: the floor of the middling skin, and how much of the skin lies above it."""

    change: Change
    floor: float
    share: float


@dataclass(frozen=True)
class Aligned:
    """Two photos at one crop, and what changed between them."""

    width_px: int
    height_px: int
    mm_per_px: float
    kind: AlignmentKind
    apart_mm: float
    matching: Matching
    layers: tuple[Layer, Layer]
    zones: tuple[ZoneChange, ...]
    parts: Mapping[Part, tuple[str, bytes]] = field(repr=False)


@dataclass(frozen=True)
class Compared:
    """What was measured of two photos. `aligned` is none where they differ too much, or were read by two models."""

    findings: tuple[ConditionFinding, ...]
    aligned: Aligned | None = None


_remembered: OrderedDict[str, tuple[float, Compared]] = OrderedDict()


def compared(earlier: Photo, later: Photo) -> Compared:
    """Compare two photos that were both measured."""
    files = [PhotoFile.objects.get(photo=photo, role=Role.KEPT) for photo in (earlier, later)]
    # Another scale, model or card makes another comparison of the same files.
    measured = [(one.measurement, one.colours, one.card_clicks) for one in (earlier, later)]
    told = json.dumps([[file.sha256 for file in files], *measured])
    key = hashlib.sha256(told.encode()).hexdigest()
    with _one_at_a_time:
        _forget(before=time.monotonic() - REMEMBERED_S)
        if key not in _remembered:
            _remembered[key] = (time.monotonic(), _worked_out(earlier, later, files))
        _forget(before=0.0)
        return _remembered[key][1]


def _forget(before: float) -> None:
    while _remembered and (len(_remembered) > MOST_REMEMBERED or next(iter(_remembered.values()))[0] < before):
        _remembered.popitem(last=False)


def forget_all() -> None:
    """What was remembered is gone, such as between two tests."""
    with _one_at_a_time:
        _remembered.clear()


def _worked_out(earlier: Photo, later: Photo, files: list[PhotoFile]) -> Compared:
    before, after = (seen_face(photo, file) for photo, file in zip((earlier, later), files, strict=True))
    if before.card and after.card and before.card.kind is not after.card.kind:
        # What one card leaves of the light is not what the other leaves.
        before, after = replace(before, card=None), replace(after, card=None)
    try:
        found = compare_photos(before, after)
    except ComparisonRefused as refused:
        return Compared(refused.findings)
    return Compared(found.findings, _aligned(found))


def seen_face(photo: Photo, file: PhotoFile) -> SeenFace:
    """The photo as it is kept, with the face that was measured on it."""
    if photo.measurement is None:
        raise ValueError(f"{photo}: no face was measured on it")
    picture = read_picture(keeping.read(file.name, file.sha256))
    return SeenFace(picture, face_of(photo.measurement), correction_of(photo, picture))


def _aligned(found: PhotoComparison) -> Aligned:
    laid, changes = found.alignment, found.changes
    height, width = laid.earlier.shape[:2]
    return Aligned(
        width,
        height,
        laid.mm_per_px,
        laid.kind,
        laid.moved_mm,
        changes.matching,
        (_layer(changes.redness), _layer(changes.lightness)),
        changes.zones,
        _parts(found, changes),
    )


def _layer(layer: ChangeLayer) -> Layer:
    skin = np.isfinite(layer.change)
    return Layer(layer.kind, float(np.median(layer.floor[skin])), float(layer.shown[skin].mean()))


def _parts(found: PhotoComparison, changes: ChangeMap) -> dict[Part, tuple[str, bytes]]:
    return {
        Part.EARLIER: (JPEG, jpeg_of(found.alignment.earlier)),
        Part.LATER: (JPEG, jpeg_of(found.alignment.later)),
        Part.REDNESS: (PNG, png_of(change_picture(changes.redness))),
        Part.LIGHTNESS: (PNG, png_of(change_picture(changes.lightness))),
    }
