"""The colours of a picture set right by a card in it: a ColorChecker of 24 patches, or a grey card.

What the card shows is compared with what it is known to be, in linear light: 24 patches give a matrix by weighted
least squares, a grey card three gains. What is clipped tells nothing and is left out. How far the card itself is off
after that, and how the light falls off across it, stand with the correction: the colours of skin carry both as error.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any, NamedTuple

import numpy as np

from mesoplan.imaging.card_finding import CardRefusal, CardRefused, Patch, find_chart, patches_in_quad, rectangle_patch
from mesoplan.imaging.colour_space import LUMINANCE_OF_LINEAR, lab_of, linear_of_lab_d50
from mesoplan.imaging.picture_reading import Picture
from mesoplan.kernels.mesh import Floats

# Proposed in this project: of 24 patches so many have to be left, three of them grey, and a card whose patches are
# further off than this in the mean (units of L*a*b*) is another card, or not one. Measured by us on synthetic cameras
# (benchmarks/photo_comparison.py): 0.2 to 0.7 for a chart, 20 and more for a chart read in the wrong order.
LEAST_PATCHES, LEAST_NEUTRALS, MOST_RESIDUAL = 16, 3, 8.0
FIRST_NEUTRAL = 18
GREY_REFLECTANCE = 0.18
# Error of gains alone, as a share of each channel's light: what crosstalk of the camera's colours leaves on skin; and
# by which exponent its curve may differ from that of sRGB, which one grey does not show. The most over synthetic
# cameras and six skin tones; measured by us (benchmarks/photo_comparison.py).
GREY_ERROR, GREY_EXPONENT_ERROR = np.array([0.11, 0.07, 0.14]), 0.18
# Exponents that are tried for the curve of the camera against that of sRGB.
_EXPONENTS = np.linspace(0.7, 1.4, 71)
# Light below this is so near to black that noise and glare are most of it.
_FLOOR = 0.004
_ROTATIONS, _ROUNDS, _FITTED = 4, 3, 4


class CardKind(StrEnum):
    """A card whose colours are known."""

    COLOUR_CHECKER = "colorchecker-24"
    GREY = "grey-card"


@dataclass(frozen=True, eq=False)
class ColourCorrection:
    """What makes the colours of a picture those under daylight (D65).

    Attributes
    ----------
    exponent : float
        Of seen light before the matrix: a camera's own curve. 1 for a grey card, which cannot show it.
    matrix : (3, 3)
        From seen to corrected linear light.
    patches : of the card, row by row, with why some were not used
    residual : float
        Mean distance of the used patches from what they are known to be, in units of L*a*b*; 0 for a grey card, which
        is all used up by the gains.
    spread : (3, 3)
        Covariance of what is left over on the patches, weighted.
    inverse : (3, 3)
        Of the normal matrix of the fit: how well the matrix is known.
    centre_px, slope_per_px, slope_error_per_px
        Where the card lies and how the light grows across it (in natural logarithm, to the right and down).
    """

    kind: CardKind
    exponent: float
    matrix: Floats
    patches: tuple[Patch, ...]
    residual: float
    spread: Floats
    inverse: Floats
    centre_px: Floats
    slope_per_px: Floats
    slope_error_per_px: Floats

    @property
    def clipped(self) -> tuple[str, ...]:
        """Names of the patches that were left out since they are clipped."""
        return tuple(patch.name for patch in self.patches if patch.clipped)

    @property
    def used(self) -> int:
        """How many patches it rests on."""
        return sum(patch.is_usable for patch in self.patches)

    def corrected(self, linear: Floats) -> Floats:
        """Corrected light (…, 3) of seen light."""
        return np.asarray(linear**self.exponent @ self.matrix.T)

    def covariance(self, seen: Floats, at_px: Floats) -> Floats:
        """Covariance (3, 3) of the corrected light of one colour at one place of the picture.

        From the fit as of a value that is predicted by it; and from the light, which may have gone on to grow or fall
        as it does across the card.
        """
        light = self.corrected(seen)
        away = at_px - self.centre_px
        falls = float((self.slope_per_px @ away) ** 2 + ((self.slope_error_per_px * away) ** 2).sum())
        if self.kind is CardKind.GREY:
            known = self.corrected(np.array(self.patches[0].seen)) @ LUMINANCE_OF_LINEAR
            curve = GREY_EXPONENT_ERROR / 2 * np.log(max(float(light @ LUMINANCE_OF_LINEAR), _FLOOR) / known)
            return np.asarray(np.diag((GREY_ERROR * light / 2) ** 2) + (falls + curve**2) * np.outer(light, light))
        weight, even = _weights(light[None])[0], seen**self.exponent
        leverage = weight**2 * float(even @ self.inverse @ even)
        return np.asarray(self.spread * (1 + leverage) / weight**2 + falls * np.outer(light, light))


def colour_checker_correction(picture: Picture, corners_px: Floats | None = None) -> ColourCorrection:
    """The correction by a ColorChecker of 24 patches.

    Parameters
    ----------
    corners_px : (4, 2), optional
        The outer corners of the field of patches, in turn; without them the chart is looked for. Which corner comes
        first does not matter: the way that fits is taken.

    Raises
    ------
    CardRefused
        If no chart is found, too many patches are clipped, or what is there is not a ColorChecker.
    """
    if corners_px is None:
        return _by_patches(find_chart(picture, _names()))
    quad = np.asarray(corners_px, dtype=np.float64)
    tried, refusals = [], []
    for first in range(_ROTATIONS):
        try:
            tried.append(_by_patches(patches_in_quad(picture, np.roll(quad, -first, axis=0), _names())))
        except CardRefused as refused:
            refusals.append(refused)
    if not tried:
        raise refusals[0]
    return min(tried, key=lambda one: one.residual)


def grey_card_correction(
    picture: Picture, rectangle_px: tuple[float, float, float, float], reflectance: float = GREY_REFLECTANCE
) -> ColourCorrection:
    """The correction by a grey card that lies in a rectangle (left, top, width, height) of the picture.

    Only the three gains are set right: the mixing of colours by camera and light stays, and is in the error.

    Raises
    ------
    CardRefused
        If the rectangle is not in the picture, is clipped, or is not of one colour.
    """
    if not 0.05 <= reflectance <= 0.95:
        raise ValueError(f"reflectance: {reflectance:g} is not between 0.05 and 0.95")
    patch = rectangle_patch(picture, rectangle_px)
    gains = reflectance / np.array(patch.seen)
    zero = np.zeros((3, 3))
    middle, none = np.array(patch.centre_px), np.zeros(2)
    slope = np.array(patch.slope_per_px)
    return ColourCorrection(CardKind.GREY, 1.0, np.diag(gains), (patch,), 0.0, zero, zero, middle, slope, none)


@functools.cache
def _data() -> dict[str, Any]:
    text = resources.files("mesoplan.imaging").joinpath("data", "colour_checker.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@functools.cache
def _names() -> tuple[str, ...]:
    return tuple(patch["name"] for patch in _data()["patches"])


@functools.cache
def chart_light() -> Floats:
    """Linear light (24, 3) of the patches under D65; cyan leaves sRGB, so its red is below 0."""
    light = linear_of_lab_d50(np.array([patch["lab"] for patch in _data()["patches"]], dtype=np.float64))
    light.setflags(write=False)
    return light


def _weights(light: Floats) -> Floats:
    """How much one unit of light counts for the eye: what L* grows by it, so that dark skin is not drowned by white."""
    return np.asarray(np.maximum(light @ LUMINANCE_OF_LINEAR, _FLOOR) ** (-2 / 3))


def _by_patches(patches: Sequence[Patch]) -> ColourCorrection:
    usable = np.array([patch.is_usable for patch in patches])
    if usable.sum() < LEAST_PATCHES or usable[FIRST_NEUTRAL:].sum() < LEAST_NEUTRALS:
        gone = ", ".join(patch.name for patch in patches if not patch.is_usable)
        text = f"{usable.sum()} of 24 patches can be used (not: {gone}): take it again with less light and no glare"
        raise CardRefused(CardRefusal.CLIPPED, text)
    seen = np.array([patch.seen for patch in patches])[usable]
    places = np.array([patch.centre_px for patch in patches])[usable]
    target, middle = chart_light()[usable], places.mean(axis=0)
    fit = _fitted(seen, target, places - middle)
    shown = fit.even @ fit.matrix.T
    residual = float(np.linalg.norm(lab_of(shown) - lab_of(target), axis=1).mean())
    if residual > MOST_RESIDUAL:
        text = f"the patches are {residual:.0f} units of colour off: it is no ColorChecker 24, or not all of it is seen"
        raise CardRefused(CardRefusal.NOT_A_CARD, text)
    weights = _weights(target)[:, None]
    left, weighted = (shown - target) * weights, fit.even * weights
    return ColourCorrection(
        CardKind.COLOUR_CHECKER,
        fit.exponent,
        fit.matrix,
        tuple(patches),
        residual,
        np.asarray(left.T @ left / (len(seen) - _FITTED)),
        np.asarray(np.linalg.inv(weighted.T @ weighted)),
        np.asarray(middle),
        fit.falls,
        fit.fall_errors,
    )


class _Fit(NamedTuple):
    """What makes the patches what they are known to be; `even` is their light without the fall across the card."""

    exponent: float
    matrix: Floats
    falls: Floats
    fall_errors: Floats
    even: Floats


def _fitted(seen: Floats, target: Floats, away: Floats) -> _Fit:
    """Curve, matrix and fall of the light: each is fitted with the others known."""
    bright = (target @ LUMINANCE_OF_LINEAR) > 0.05
    plane = np.column_stack([away[bright], np.ones(bright.sum())])
    falls = np.zeros(2)
    for _ in range(_ROUNDS):
        flat = seen / np.exp(away @ falls)[:, None]
        exponent = min(_EXPONENTS.tolist(), key=lambda one: _matrix(flat**one, target)[1])
        matrix, _ = _matrix(flat**exponent, target)
        shown = np.maximum((seen**exponent @ matrix.T) @ LUMINANCE_OF_LINEAR, _FLOOR)
        ratio = np.log(shown / (target @ LUMINANCE_OF_LINEAR))[bright] / exponent
        level, left = np.linalg.lstsq(plane, ratio, rcond=None)[:2]
        falls = level[:2]
    scatter = float(left.sum()) / max(int(bright.sum()) - 3, 1)
    errors = np.sqrt(scatter * np.diag(np.linalg.inv(plane.T @ plane))[:2])
    even = (seen / np.exp(away @ falls)[:, None]) ** exponent
    return _Fit(exponent, np.asarray(matrix), np.asarray(falls), np.asarray(errors), np.asarray(even))


def _matrix(even: Floats, target: Floats) -> tuple[Floats, float]:
    """The matrix by weighted least squares, and the weighted sum of squares that is left."""
    weights = _weights(target)[:, None]
    matrix = np.linalg.lstsq(even * weights, target * weights, rcond=None)[0].T
    return np.asarray(matrix), float((((even @ matrix.T - target) * weights) ** 2).sum())
