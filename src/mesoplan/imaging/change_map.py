"""What changed on the skin between two aligned photos: redness (a*) and lightness (L*) by place and by zone.

Light is matched first: by the cards where both photos have one, else by the skin itself. Skin that is matched on skin
cannot show a change of the whole face: what reddens everywhere looks unchanged, and the map says so.

What could come from noise, from skin that lies a little beside itself, or from light that falls from another side is
below the floor, and the floor has no colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from mesoplan.imaging.card_finding import CLIPPED_LEVEL
from mesoplan.imaging.colour_card import ColourCorrection
from mesoplan.imaging.colour_space import LUMINANCE_OF_LINEAR, lab_of, linear_of
from mesoplan.imaging.face_landmarks import feature_rings
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, face_zone_ids
from mesoplan.imaging.photo_alignment import Alignment, AlignmentKind
from mesoplan.kernels.mesh import Floats

BLURRED_MM = 1.5
# What unchanged skin shows on rendered pairs: 99 % of its pixels where all conditions are fine, and the mean of any
# zone where they are fine (affine) or only just not refused (by the mesh); measured by us
# (benchmarks/photo_comparison.py).
FLOOR = {"redness": 1.0, "lightness": 1.5}
ZONE_ERROR = {
    "redness": {AlignmentKind.AFFINE: 0.5, AlignmentKind.BY_MESH: 0.5, AlignmentKind.SIMILARITY: 0.5},
    "lightness": {AlignmentKind.AFFINE: 1.0, AlignmentKind.BY_MESH: 2.0, AlignmentKind.SIMILARITY: 2.0},
}
# So many median deviations hold 99.7 % of what scatters evenly.
_SCATTER = 3 * 1.4826
# How far skin lies beside itself in the mean where conditions are only just fine, or not refused; measured by us.
BESIDE_MM = {AlignmentKind.AFFINE: 0.5, AlignmentKind.BY_MESH: 0.75, AlignmentKind.SIMILARITY: 0.75}
# Full colour at this change; units of a* and L*.
FULL = {"redness": 8.0, "lightness": 12.0}
LEAST_ZONE_MM2 = 50.0
_ROOM_MM = 2.0
WHOLE_FACE_NOT_SEEN = (
    "Light was matched on the skin, since not both photos have a colour card: a change of the whole face, such as "
    "redness everywhere, cannot be seen here. Shown is what changed against the rest of the face."
)


class Matching(StrEnum):
    """By what the light of two photos was made the same."""

    CARD = "card"
    SKIN = "skin"


class Change(StrEnum):
    """What is mapped: a* grows with redness; L* falls with pigment."""

    REDNESS = "redness"
    LIGHTNESS = "lightness"


@dataclass(frozen=True, eq=False)
class ChangeLayer:
    """One kind of change over the crop.

    Attributes
    ----------
    change : (height, width)
        Later minus earlier, in units of L*a*b*; NaN where skin is not seen in both.
    floor : (height, width)
        What may come from something else than skin.
    """

    kind: Change
    change: Floats
    floor: Floats

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Where the change is more than the floor."""
        with np.errstate(invalid="ignore"):
            return np.asarray(np.abs(self.change) > self.floor)


@dataclass(frozen=True)
class ZoneChange:
    """The mean change of one zone, with what it may be off by; none where too little of it is seen in both."""

    zone_id: str
    redness: float | None
    redness_error: float | None
    lightness: float | None
    lightness_error: float | None

    @property
    def is_clear(self) -> bool:
        """Whether one of both is more than it may be off by."""
        pairs = ((self.redness, self.redness_error), (self.lightness, self.lightness_error))
        return any(value is not None and error is not None and abs(value) > error for value, error in pairs)


@dataclass(frozen=True, eq=False)
class ChangeMap:
    """All that changed.

    Attributes
    ----------
    light_slope : (2,)
        How much the light grew from one edge of the skin to the other, to the right and down, as shares.
    """

    matching: Matching
    redness: ChangeLayer
    lightness: ChangeLayer
    zones: tuple[ZoneChange, ...]
    light_slope: tuple[float, float]

    @property
    def caution(self) -> str:
        """What cannot be seen; empty where the cards show it."""
        return WHOLE_FACE_NOT_SEEN if self.matching is Matching.SKIN else ""


def change_map(
    alignment: Alignment,
    earlier_card: ColourCorrection | None = None,
    later_card: ColourCorrection | None = None,
) -> ChangeMap:
    """What changed between two aligned photos."""
    skin = _comparable(alignment)
    before, after = linear_of(alignment.earlier), linear_of(alignment.later)
    matching, off = Matching.SKIN, np.zeros(2)
    if earlier_card is not None and later_card is not None:
        matching = Matching.CARD
        off = _card_errors(
            ((earlier_card, before, alignment.earlier_px), (later_card, after, alignment.later_px)), skin
        )
        before, after = earlier_card.corrected(before), later_card.corrected(after)
    else:
        after = after * np.exp(np.median(_log(before[skin]) - _log(after[skin]), axis=0))
    blur = BLURRED_MM / alignment.mm_per_px
    before, after = _blurred(before, skin, blur), _blurred(after, skin, blur)
    lab, lab_after = lab_of(before), lab_of(after)
    slope, tilt = _uneven_light(before, after, skin)
    lightness_per_light, redness_per_light = (lab[..., 0] + 16) / 3, np.abs(lab[..., 1]) / 3
    layers = []
    for kind, channel, per_light, card_off in (
        (Change.REDNESS, 1, redness_per_light, off[1]),
        (Change.LIGHTNESS, 0, lightness_per_light, off[0]),
    ):
        beside = BESIDE_MM[alignment.kind] * _steepness(lab[..., channel]) / alignment.mm_per_px
        change = np.where(skin, lab_after[..., channel] - lab[..., channel], np.nan)
        # The fall of the light has its own term: it is no noise.
        least = max(FLOOR[kind], _scatter((change - tilt * per_light)[skin]))
        floor = least + beside + np.abs(tilt) * per_light + card_off
        layers.append(ChangeLayer(kind, change, floor))
    errors = (np.abs(tilt) * redness_per_light + off[1], np.abs(tilt) * lightness_per_light + off[0])
    zones = tuple(_zone(zone, alignment, (layers[0], layers[1]), errors, skin) for zone in face_zone_ids())
    return ChangeMap(matching, layers[0], layers[1], zones, slope)


def _scatter(change: Floats) -> float:
    """What the noise of these two photos makes, as long as less than half of the skin changed."""
    return float(_SCATTER * np.median(np.abs(change - np.median(change))))


def _log(light: Floats) -> Floats:
    return np.log(np.maximum(light, 1e-3))


def _comparable(alignment: Alignment) -> NDArray[np.bool_]:
    """Skin that both see, without eyes, brows and lips, and not clipped in either."""
    inside = alignment.skin & ~alignment.zone("lips")
    other = np.zeros(inside.shape, dtype=np.uint8)
    for name, _, ring in feature_rings():
        if name in ("eye", "brow"):
            cv2.fillPoly(other, [np.round(alignment.points_px[ring]).astype(np.int32)], 1)
    reach = 2 * round(_ROOM_MM / alignment.mm_per_px) + 1
    other = np.asarray(cv2.dilate(other, np.ones((reach, reach), np.uint8)), dtype=np.uint8)
    clipped = (np.maximum(alignment.earlier, alignment.later) >= CLIPPED_LEVEL).any(axis=2)
    return np.asarray(inside & (other == 0) & ~clipped)


def _blurred(linear: Floats, skin: NDArray[np.bool_], blur_px: float) -> Floats:
    """Light blurred over the skin alone."""
    weight = cv2.GaussianBlur(skin.astype(np.float64), (0, 0), blur_px)
    return np.asarray(cv2.GaussianBlur(linear * skin[..., None], (0, 0), blur_px) / np.maximum(weight, 1e-3)[..., None])


def _steepness(channel: Floats) -> Floats:
    """Change of a channel per pixel."""
    down, right = np.gradient(channel)
    return np.asarray(np.hypot(down, right))


def _uneven_light(before: Floats, after: Floats, skin: NDArray[np.bool_]) -> tuple[tuple[float, float], Floats]:
    """How the light grew across the skin: a plane through its logarithm, from edge to edge and at each place.

    A change on one side alone tilts the plane too. It then widens the floor rather than being taken away.
    """
    grown = (_log(after) - _log(before)) @ LUMINANCE_OF_LINEAR
    rows, columns = np.nonzero(skin)
    every = max(1, len(rows) // 20000)
    rows, columns = rows[::every], columns[::every]
    low, size = np.array([columns.min(), rows.min()]), np.array([np.ptp(columns), np.ptp(rows)]) + 1
    plane = np.column_stack([(columns - low[0]) / size[0] - 0.5, (rows - low[1]) / size[1] - 0.5, np.ones(len(rows))])
    values = grown[rows, columns]
    kept = np.ones(len(values), dtype=bool)
    for _ in range(2):
        found = np.linalg.lstsq(plane[kept], values[kept], rcond=None)[0]
        left = np.abs(values - plane @ found)
        kept = left <= 2.5 * np.median(left)
    height, width = skin.shape
    right = (np.arange(width) - low[0]) / size[0] - 0.5
    down = (np.arange(height) - low[1]) / size[1] - 0.5
    return (float(found[0]), float(found[1])), found[0] * right[None, :] + found[1] * down[:, None]


def _card_errors(
    cards: tuple[tuple[ColourCorrection, Floats, NDArray[np.float32]], ...], skin: NDArray[np.bool_]
) -> Floats:
    """What the corrections leave of L* and a* between both photos: twice the standard error at the median of skin."""
    total = np.zeros(2)
    for card, linear, places in cards:
        seen = np.median(linear[skin], axis=0)
        error = card.covariance(seen, places[skin].mean(axis=0))
        light = card.corrected(seen)
        steps = np.diag(np.maximum(light, 1e-4) * 1e-3)
        slopes = np.array([(lab_of(light + row) - lab_of(light - row)) / (2 * row.sum()) for row in steps])[:, :2]
        total += np.diag(slopes.T @ error @ slopes)
    return np.asarray(2 * np.sqrt(total))


def _zone(
    zone_id: str,
    alignment: Alignment,
    layers: tuple[ChangeLayer, ChangeLayer],
    errors: tuple[Floats, Floats],
    skin: NDArray[np.bool_],
) -> ZoneChange:
    inside = alignment.zone(zone_id) & skin
    if zone_id in NO_INJECTION_ZONES or inside.sum() * alignment.mm_per_px**2 < LEAST_ZONE_MM2:
        return ZoneChange(zone_id, None, None, None, None)
    values = []
    for layer, error in zip(layers, errors, strict=True):
        values += [
            float(layer.change[inside].mean()),
            ZONE_ERROR[layer.kind][alignment.kind] + float(error[inside].mean()),
        ]
    return ZoneChange(zone_id, *(round(value, 2) for value in values))
