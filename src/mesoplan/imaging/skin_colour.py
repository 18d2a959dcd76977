"""The colour of skin by zone: typology angle, melanin index and erythema index, each with its error.

Without a card in the picture there is no such number: cameras and light move the angle by ten degrees and more.

The indices are those of a camera, by its red and green light. They rank and follow one patient under one camera; they
are not the readings of a reflectance meter, which looks at narrow bands of the spectrum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mesoplan.imaging.card_finding import CLIPPED_LEVEL
from mesoplan.imaging.colour_card import ColourCorrection
from mesoplan.imaging.colour_space import LUMINANCE_OF_LINEAR, lab_of, linear_of, pixels_of
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_zones import face_zone_ids, zone_triangles
from mesoplan.imaging.photo_zones import MOST_SLANT_DEG, MeasuredFace
from mesoplan.imaging.picture_reading import Picture, Pixels
from mesoplan.kernels.mesh import Floats

WITHOUT_CARD = "not measurable without a card"
# Between these shares of lightness lies skin: below hair, nostrils and shadow, above sheen.
DARKEST, LIGHTEST = 0.20, 0.85
# Proposed in this project: fewer pixels than this, or more of them clipped, give no colour.
LEAST_PIXELS, MOST_CLIPPED = 200, 0.25
# Neighbours are alike: so many pixels count as one when the error of the median is taken.
_ALIKE_PX = 64
_LEAST_LIGHT = 1e-4
_LAB: tuple[Callable[[Floats], float], ...] = (
    lambda light: float(lab_of(light)[0]),
    lambda light: float(lab_of(light)[1]),
    lambda light: float(lab_of(light)[2]),
)


@dataclass(frozen=True)
class Measured:
    """A value and what it may be off by: twice its standard error."""

    value: float
    error: float


@dataclass(frozen=True)
class NotMeasurable:
    """Why there is no value."""

    reason: str


@dataclass(frozen=True)
class ZoneColour:
    """The colour of one zone.

    Attributes
    ----------
    ita_deg : individual typology angle, degrees; higher is lighter
    melanin_index, erythema_index : from red and green light; higher is darker, and redder
    lab : L*, a* and b* under D65
    pixels : how many the medians rest on
    """

    zone_id: str
    ita_deg: Measured | NotMeasurable
    melanin_index: Measured | NotMeasurable
    erythema_index: Measured | NotMeasurable
    lab: tuple[Measured, Measured, Measured] | NotMeasurable
    pixels: int


def typology_angle_deg(light: Floats) -> float:
    """Individual typology angle of corrected linear light (3,): atan((L* − 50) / b*) in degrees.

    Chardon, Cretois and Hourseau, Int J Cosmet Sci 1991, doi:10.1111/j.1467-2494.1991.tb00561.x (abstract read). The
    angle of the vector is taken, so that it goes on steadily where b* is near 0.
    """
    lightness, _, yellow = lab_of(light)
    return float(np.degrees(np.arctan2(lightness - 50, yellow)))


def melanin_index(light: Floats) -> float:
    """100 · log10(1 / R), R the red light that comes back, 0 to 1.

    After Takiwaki, J Med Invest 1998;44:121-126 (abstract read), and for cameras Yamamoto, Takiwaki, Arase and
    Ohshima, Skin Res Technol 2008, doi:10.1111/j.1600-0846.2007.00256.x (abstract read): it grows in line with the
    amount of melanin, and depends on camera, light and distance.
    """
    return float(-100 * np.log10(max(float(light[0]), _LEAST_LIGHT)))


def erythema_index(light: Floats) -> float:
    """100 · log10(R / G), R and G the red and green light that come back; sources as for :func:`melanin_index`."""
    red, green = max(float(light[0]), _LEAST_LIGHT), max(float(light[1]), _LEAST_LIGHT)
    return float(100 * np.log10(red / green))


def zone_colours(picture: Picture, face: MeasuredFace, correction: ColourCorrection | None) -> tuple[ZoneColour, ...]:
    """The colour of every zone, from the forehead down; none without a card."""
    if correction is None:
        return tuple(_without(zone_id, WITHOUT_CARD, 0) for zone_id in face_zone_ids())
    return tuple(_zone_colour(picture.rgb, face, zone_id, correction) for zone_id in face_zone_ids())


def _without(zone_id: str, reason: str, pixels: int) -> ZoneColour:
    none = NotMeasurable(reason)
    return ZoneColour(zone_id, none, none, none, none, pixels)


def _zone_colour(rgb: Pixels, face: MeasuredFace, zone_id: str, correction: ColourCorrection) -> ZoneColour:
    low, mask = zone_mask(rgb.shape[:2], face, zone_id)
    levels = rgb[low[1] : low[1] + mask.shape[0], low[0] : low[0] + mask.shape[1]][mask]
    if len(levels) < LEAST_PIXELS:
        return _without(zone_id, "turned away from the camera", len(levels))
    clipped = (levels >= CLIPPED_LEVEL).any(axis=1)
    if clipped.mean() > MOST_CLIPPED:
        return _without(zone_id, f"{clipped.mean():.0%} of it is clipped: take it with less light", len(levels))
    kept = skin_light(linear_of(levels[~clipped]))
    seen = np.median(kept, axis=0)
    at_px = low + np.argwhere(mask).mean(axis=0)[::-1]
    light = correction.corrected(seen)
    # A median lies on a level, so up to half of one off; that of two channels may be off in opposite ways.
    steps = np.diag((light * _share_of_a_level(seen)) ** 2 / 8)
    error = correction.covariance(seen, at_px) + _covariance_of_median(correction.corrected(kept)) + steps
    lightness, red, yellow = (_measured(formula, light, error) for formula in _LAB)
    return ZoneColour(
        zone_id,
        _measured(typology_angle_deg, light, error),
        _measured(melanin_index, light, error),
        _measured(erythema_index, light, error),
        (lightness, red, yellow),
        len(kept),
    )


def skin_light(linear: Floats) -> Floats:
    """Of the light of a zone (n, 3) what lies between the bounds of lightness."""
    luminance = linear @ LUMINANCE_OF_LINEAR
    least, most = np.quantile(luminance, [DARKEST, LIGHTEST])
    return np.asarray(linear[(luminance >= least) & (luminance <= most)])


def zone_mask(shape: tuple[int, int], face: MeasuredFace, zone_id: str) -> tuple[Floats, NDArray[np.bool_]]:
    """Where a zone is seen at a slant of 60° or less: the left upper corner of its box, and the pixels in that box."""
    numbers = zone_triangles(zone_id)
    seen = numbers[face.slants_deg[numbers] <= MOST_SLANT_DEG]
    size = np.array(shape[::-1])
    corners = face.photo.points_px[load_face_template().triangles[seen], :2]
    if not len(seen):
        return np.zeros(2, dtype=int), np.zeros((0, 0), dtype=bool)
    low = np.clip(np.floor(corners.min(axis=(0, 1))), 0, size).astype(int)
    high = np.clip(np.ceil(corners.max(axis=(0, 1))) + 1, 0, size).astype(int)
    mask = np.zeros((high[1] - low[1], high[0] - low[0]), dtype=np.uint8)
    for triangle in np.round(corners - low).astype(np.int32):
        cv2.fillConvexPoly(mask, triangle, 1)
    return low, mask.astype(bool)


def _covariance_of_median(light: Floats) -> Floats:
    """Of the medians (3,) of light (n, 3); a median scatters 1.25 times as much as a mean (π/2 in variance)."""
    alone = max(len(light) / _ALIKE_PX, 1.0)
    return np.asarray(np.cov(light.T) * (np.pi / 2) / alone)


def _share_of_a_level(seen: Floats) -> Floats:
    """By what share light grows from one of 256 levels to the next: dark skin has few of them."""
    levels = pixels_of(seen)
    return np.asarray((linear_of(levels + 1) - linear_of(levels)) / np.maximum(seen, _LEAST_LIGHT))


def _measured(formula: Callable[[Floats], float], light: Floats, covariance: Floats) -> Measured:
    """A value with twice its standard error, by its slope along each channel."""
    steps = np.maximum(light, _LEAST_LIGHT) * 1e-3
    slopes = np.array([(formula(light + row) - formula(light - row)) for row in np.diag(steps)]) / (2 * steps)
    return Measured(formula(light), float(2 * np.sqrt(max(float(slopes @ covariance @ slopes), 0.0))))
