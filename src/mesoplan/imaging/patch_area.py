"""The area of a place of neck or body out of one photo, by a sticker of known size that lies on the skin.

The four corners of the sticker give the plane in which it lies, in millimetres. What is outlined is taken to lie in
that plane; what it loses where the skin bends away is part of the error (`patch_bend`). Straightness of the lens is
taken for granted: it was not measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from mesoplan.imaging.face_scale import ImplausibleMeasure
from mesoplan.imaging.patch_bend import BehindTheCurve, Bend, share_lost
from mesoplan.imaging.photo_scale import (
    LEAST_STICKER_PX,
    STICKER_BOUNDS_MM,
    STICKER_EDGE_PX,
    find_stickers,
    sticker_size,
)
from mesoplan.imaging.photo_zones import MOST_RELATIVE_ERROR
from mesoplan.imaging.picture_reading import Pixels
from mesoplan.kernels.mesh import Floats
from mesoplan.kernels.polygons import crossing_sides, polygon_area

CORNERS = (3, 24)
# Proposed in this project: beyond, a corner of the sticker that is off by a third of a pixel tilts the plane too much.
MOST_STICKER_TURN_DEG = 45.0
# Measured by us: corners of rendered stickers are found within 0.55 pixels, and more often inside than outside, so a
# sticker reads up to a pixel short, which is what `photo_scale` states of its edges.
CORNER_PX = 0.6
# A place of the plane this near to its horizon lies anywhere.
_LEAST_DEPTH = 0.1
_STEP_PX = 0.05
_SQUARE = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
_MM2_PER_CM2 = 100.0


class PatchRefusal(StrEnum):
    """Why a photo and an outline give no area."""

    NO_STICKER = "no-sticker"
    SEVERAL_STICKERS = "several-stickers"
    STICKER_SMALL = "sticker-small"
    STICKER_TURNED = "sticker-turned"
    CORNERS = "corners"
    NOT_A_NUMBER = "not-a-number"
    CROSSING = "crossing"
    TOO_FAR = "too-far"
    TOO_ROUND = "too-round"
    UNSURE = "unsure"


class PatchRefused(ValueError):
    """A photo or an outline that gives no area; the message says why and what to do."""

    def __init__(self, code: PatchRefusal, text: str, figure: float | None = None) -> None:
        self.code, self.figure = code, figure
        super().__init__(text)


@dataclass(frozen=True, eq=False)
class PatchArea:
    """An outlined area.

    Attributes
    ----------
    corners_mm : (n, 2)
        The outline in the plane of the sticker, from its middle, y down as in the photo.
    area_cm2 : float
    sticker_error, bend_error, hand_error : float
        What the area may be off by, as a share: by the corners of the sticker and how far the outline lies from it; by
        the skin that bends away, which only makes it read too small; by the corners as they were set.
    """

    corners_mm: Floats
    area_cm2: float
    sticker_error: float
    bend_error: float
    hand_error: float

    @property
    def relative_error(self) -> float:
        """All together, as a share: what is by chance added in squares, the bend on top of it."""
        return float(np.hypot(self.sticker_error, self.hand_error)) + self.bend_error

    @property
    def error_cm2(self) -> float:
        return self.area_cm2 * self.relative_error


def find_sticker(rgb: Pixels) -> Floats:
    """Return the corners (4, 2) in pixels of the one sticker of a photo.

    Raises
    ------
    PatchRefused
        If there is none or more than one, or it is too small or turned too far away.
    """
    found = find_stickers(rgb)
    if not found:
        text = "no sticker was found: one whole ArUco marker (4x4_50) with its white border has to lie flat on the skin"
        raise PatchRefused(PatchRefusal.NO_STICKER, text)
    if len(found) > 1:
        text = f"{len(found)} stickers were found: leave one on the skin"
        raise PatchRefused(PatchRefusal.SEVERAL_STICKERS, text, float(len(found)))
    side_px, turn_deg = sticker_size(found[0])
    if side_px < LEAST_STICKER_PX:
        text = f"the sticker is {side_px:.0f} pixels long, {LEAST_STICKER_PX:.0f} are needed: take it nearer or larger"
        raise PatchRefused(PatchRefusal.STICKER_SMALL, text, side_px)
    if turn_deg > MOST_STICKER_TURN_DEG:
        text = (
            f"the sticker is turned {turn_deg:.0f}° away, {MOST_STICKER_TURN_DEG:.0f}° will do: hold the camera over it"
        )
        raise PatchRefused(PatchRefusal.STICKER_TURNED, text, turn_deg)
    return found[0]


def measure_patch(
    sticker_px: Floats, sticker_mm: float, corners_px: Sequence[tuple[float, float]], *, bend: Bend, hand_px: float
) -> PatchArea:
    """Return the area that corners on a photo enclose.

    Parameters
    ----------
    sticker_px : (4, 2)
        Corners of the sticker, as `find_sticker` has them.
    sticker_mm : float
        Side of its black square.
    corners_px : 3 to 24 places
        In the order in which they follow each other; the last is joined to the first.
    bend : Bend
        How round the place may be.
    hand_px : float
        How far a corner may lie from where it was meant.

    Raises
    ------
    PatchRefused
        If the outline crosses itself, reaches too far from the sticker or around the body, or the error is too large.
    ImplausibleMeasure
        If the sticker has a size that none has.
    """
    low, high = STICKER_BOUNDS_MM
    if not low <= sticker_mm <= high:
        raise ImplausibleMeasure(f"sticker: {sticker_mm:g} mm is not between {low:g} and {high:g} mm")
    outline = _checked(corners_px)
    corners = _in_plane(sticker_px, outline, sticker_mm)
    if crossing_sides(corners) is not None:
        text = "the outline crosses itself: take corners back and set them in order around the place"
        raise PatchRefused(PatchRefusal.CROSSING, text)
    area = abs(polygon_area(corners))
    found = PatchArea(
        corners,
        area / _MM2_PER_CM2,
        _by_sticker(sticker_px, outline, sticker_mm, area),
        _lost(corners, bend, _leans(sticker_px)) + _under_sticker(sticker_mm, bend),
        hand_px * _per_pixel(sticker_px, outline, sticker_mm, of_sticker=False) / area,
    )
    if found.relative_error > MOST_RELATIVE_ERROR:
        text = (
            f"the area may be off by {found.relative_error:.0%}, up to {MOST_RELATIVE_ERROR:.0%} will do: "
            "put a larger sticker in the middle of the place, or outline a smaller one"
        )
        raise PatchRefused(PatchRefusal.UNSURE, text, found.relative_error)
    return found


def _checked(corners_px: Sequence[tuple[float, float]]) -> Floats:
    least, most = CORNERS
    if not least <= len(corners_px) <= most:
        text = f"an outline has {least} to {most} corners, not {len(corners_px)}"
        raise PatchRefused(PatchRefusal.CORNERS, text, float(len(corners_px)))
    outline = np.asarray(corners_px, dtype=np.float64)
    if not np.isfinite(outline).all():
        raise PatchRefused(PatchRefusal.NOT_A_NUMBER, "a corner is not a number: set it again")
    return outline


def _in_plane(sticker_px: Floats, outline_px: Floats, sticker_mm: float) -> Floats:
    """Corners in the plane of the sticker, from its middle; refused where the photo does not show them."""
    to_plane = _homography(sticker_px, _SQUARE * sticker_mm)
    laid = np.column_stack([outline_px, np.ones(len(outline_px))]) @ to_plane.T
    depth = laid[:, 2] / (np.append(sticker_px.mean(axis=0), 1.0) @ to_plane[2])
    if float(depth.min()) < _LEAST_DEPTH:
        text = "the outline reaches beyond where the plane of the sticker is seen: put the sticker in the middle of it"
        raise PatchRefused(PatchRefusal.TOO_FAR, text)
    return np.asarray(laid[:, :2] / laid[:, 2:])


def _homography(seen: Floats, true: Floats) -> Floats:
    """The projective map (3, 3) that takes four places to four others; the last of its numbers is 1."""
    rows = []
    for (x, y), (u, v) in zip(seen.tolist(), true.tolist(), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    return np.append(np.linalg.solve(np.array(rows), true.ravel()), 1.0).reshape(3, 3)


def _leans(sticker_px: Floats) -> Floats:
    """How far to the side of the sticker the camera is for each length before it, in the plane of the sticker."""
    linear = np.linalg.lstsq(_SQUARE, sticker_px - sticker_px.mean(axis=0), rcond=None)[0]
    directions, (long, short), _ = np.linalg.svd(linear)
    return np.asarray(directions[:, 1] * np.sqrt(max(0.0, (long / short) ** 2 - 1)))


def _lost(corners_mm: Floats, bend: Bend, leans: Floats) -> float:
    try:
        return share_lost(corners_mm, bend, leans)
    except BehindTheCurve as behind:
        text = (
            f"the outline reaches around the body ({behind}): put the sticker in the middle of it and hold the camera "
            "straight over it, or outline less"
        )
        raise PatchRefused(PatchRefusal.TOO_ROUND, text) from None


def _under_sticker(sticker_mm: float, bend: Bend) -> float:
    """A sticker that follows the skin is seen shorter by its own bend, so all reads larger by as much."""
    share = (sticker_mm / bend.radius_mm) ** 2 / 24
    return 2 * share if bend.is_dome else share


def _by_sticker(sticker_px: Floats, outline_px: Floats, sticker_mm: float, area_mm2: float) -> float:
    """Size of the sticker, and its tilt, which counts the more the farther the outline lies from it."""
    short = 2 * STICKER_EDGE_PX / sticker_size(sticker_px)[0]
    tilted = CORNER_PX * _per_pixel(sticker_px, outline_px, sticker_mm, of_sticker=True) / area_mm2
    return float(np.hypot(short, tilted))


def _per_pixel(sticker_px: Floats, outline_px: Floats, sticker_mm: float, *, of_sticker: bool) -> float:
    """How much the area, mm², changes with a pixel of each corner by itself, added in squares."""
    moved = sticker_px if of_sticker else outline_px
    squares = 0.0
    for corner in range(len(moved)):
        for axis in (0, 1):
            areas = []
            for step in (-_STEP_PX, _STEP_PX):
                other = moved.copy()
                other[corner, axis] += step
                pair = (other, outline_px) if of_sticker else (sticker_px, other)
                areas.append(abs(polygon_area(_in_plane(*pair, sticker_mm))))
            squares += ((areas[1] - areas[0]) / (2 * _STEP_PX)) ** 2
    return float(np.sqrt(squares))
