"""Where a colour card lies in a picture, and what its patches show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from mesoplan.imaging.colour_space import linear_of
from mesoplan.imaging.picture_reading import Picture, Pixels
from mesoplan.kernels.mesh import Floats

# As for the face (photo_face.CLIPPED_LEVEL); below the second level a channel is black.
CLIPPED_LEVEL, BLACK_LEVEL = 250, 1
MOST_CLIPPED = 0.01
# Proposed in this project: scatter of light within a patch, as a share, above which something else lies in it.
MOST_SCATTER = 0.25
LEAST_PATCH_PX = 36
# The chart is looked for in a picture of at most this size; telephones give twice as much.
_SEARCH_PX = 2000
# The search does not come back from pictures that are very narrow, and a chart in one this small is too small.
_LEAST_SIDE_PX = 200
_COLUMNS, _ROWS, _INNER = 6, 4, 0.4


class CardRefusal(StrEnum):
    """Why a card is not used."""

    NOT_FOUND = "no-card"
    CLIPPED = "card-clipped"
    NOT_A_CARD = "not-this-card"
    UNEVEN = "card-uneven"
    OUTSIDE = "card-outside"


class CardRefused(ValueError):
    """A card that cannot be used; the message says why and what to do."""

    def __init__(self, code: CardRefusal, text: str) -> None:
        self.code = code
        super().__init__(text)


@dataclass(frozen=True)
class Patch:
    """One patch of a card.

    Attributes
    ----------
    seen : linear light, mean of its inner part
    clipped : whether a channel is at its end somewhere in it
    uneven : whether glare, shadow or an edge lies in it
    slope_per_px : how the logarithm of its light grows to the right and down
    """

    name: str
    centre_px: tuple[float, float]
    seen: tuple[float, float, float]
    clipped: bool
    uneven: bool
    slope_per_px: tuple[float, float] = (0.0, 0.0)

    @property
    def is_usable(self) -> bool:
        """Whether its colour says something."""
        return not (self.clipped or self.uneven)


def find_chart(picture: Picture, names: Sequence[str]) -> list[Patch]:
    """The 24 patches of a ColorChecker anywhere in the picture.

    Raises
    ------
    CardRefused
        If there is none.
    """
    longest = max(picture.rgb.shape[:2])
    scale = min(1.0, _SEARCH_PX / longest)
    small = cv2.resize(picture.rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    detector = cv2.mcc.CCheckerDetector.create()
    wide_enough = min(small.shape[:2]) >= _LEAST_SIDE_PX
    if not (wide_enough and detector.process(np.asarray(small[..., ::-1]).copy(), cv2.mcc.MCC24, 1)):
        text = (
            "no ColorChecker was found: hold it whole, flat and without glare beside the face, or mark its four corners"
        )
        raise CardRefused(CardRefusal.NOT_FOUND, text)
    quads = np.asarray(detector.getBestColorChecker().getColorCharts(), dtype=np.float64).reshape(-1, 4, 2) / scale
    return [_patch(picture.rgb, quad, name) for quad, name in zip(quads, names, strict=True)]


def patches_in_quad(picture: Picture, corners_px: Floats, names: Sequence[str]) -> list[Patch]:
    """The 24 patches of a chart whose field of patches has these corners, from the one of dark skin clockwise."""
    if corners_px.shape != (4, 2) or not np.isfinite(corners_px).all():
        raise ValueError(f"corners: {corners_px.tolist()} are not four places")
    field = np.array([[0, 0], [_COLUMNS, 0], [_COLUMNS, _ROWS], [0, _ROWS]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(field, corners_px.astype(np.float32))
    low, high = 0.5 - _INNER / 2, 0.5 + _INNER / 2
    cell = np.array([[low, low], [high, low], [high, high], [low, high]])
    found = []
    for number, name in enumerate(names):
        row, column = divmod(number, _COLUMNS)
        quad = cv2.perspectiveTransform((cell + np.array([column, row]))[None].astype(np.float64), matrix)[0]
        found.append(_patch(picture.rgb, np.asarray(quad), name))
    return found


def rectangle_patch(picture: Picture, rectangle_px: tuple[float, float, float, float]) -> Patch:
    """What a grey card in a rectangle (left, top, width, height) shows.

    Raises
    ------
    CardRefused
        If it is not in the picture, too small, clipped, or not of one colour.
    """
    left, top, width, height = rectangle_px
    if not (np.isfinite(rectangle_px).all() and width > 0 and height > 0):
        raise ValueError(f"rectangle: {rectangle_px} is not left, top, width and height")
    quad = np.array([[left, top], [left + width, top], [left + width, top + height], [left, top + height]])
    patch = _patch(picture.rgb, quad, "grey")
    if patch.clipped:
        raise CardRefused(CardRefusal.CLIPPED, "the grey card is clipped: take it again with less light")
    if patch.uneven:
        text = "the rectangle is not of one colour: mark the grey card alone, without its edge, glare or shadow"
        raise CardRefused(CardRefusal.UNEVEN, text)
    return patch


def _patch(rgb: Pixels, quad: Floats, name: str) -> Patch:
    low = np.floor(quad.min(axis=0)).astype(int)
    high = np.ceil(quad.max(axis=0)).astype(int)
    if (low < 0).any() or (high > np.array(rgb.shape[1::-1])).any():
        raise CardRefused(CardRefusal.OUTSIDE, "the card is not all in the picture")
    part = rgb[low[1] : high[1], low[0] : high[0]]
    inside = np.zeros(part.shape[:2], dtype=np.uint8)
    cv2.fillConvexPoly(inside, np.round(quad - low).astype(np.int32), 1)
    levels = part[inside > 0]
    if len(levels) < LEAST_PATCH_PX:
        text = f"a patch of the card has {len(levels)} pixels, {LEAST_PATCH_PX} are needed: go nearer"
        raise CardRefused(CardRefusal.NOT_FOUND, text)
    ends = ((levels >= CLIPPED_LEVEL) | (levels <= BLACK_LEVEL)).any(axis=1).mean()
    light = linear_of(levels)
    mean = light.mean(axis=0)
    # The largest channel only: in a strong colour the least one is mostly noise.
    scatter = float((light.std(axis=0) / np.maximum(mean, 1e-4))[mean.argmax()])
    centre = (float(quad[:, 0].mean()), float(quad[:, 1].mean()))
    seen = (float(mean[0]), float(mean[1]), float(mean[2]))
    slope = _slope(inside > 0, light.mean(axis=1))
    return Patch(name, centre, seen, bool(ends > MOST_CLIPPED), scatter > MOST_SCATTER, slope)


def _slope(inside: np.ndarray[tuple[int, int], np.dtype[np.bool_]], light: Floats) -> tuple[float, float]:
    """How the logarithm of light grows within the patch."""
    rows, columns = np.nonzero(inside)
    away = np.column_stack([columns - columns.mean(), rows - rows.mean()])
    share = light / max(float(light.mean()), 1e-6) - 1
    right, down = np.linalg.lstsq(away, share, rcond=None)[0]
    return float(right), float(down)
