"""What an area loses in a photo because the skin bends away from the plane of the sticker.

A photo with one flat sticker shows a plane. Skin of a limb or a buttock falls behind that plane on all sides, so it
is seen foreshortened and from farther away, and its area reads too small. How round a place is, no photo tells; what
is said here is the most that it may lose on a body no rounder than the radii below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from mesoplan.kernels.mesh import Floats
from mesoplan.kernels.polygons import polygon_area

# Proposed in this project: the camera is not nearer to the skin than that.
LEAST_CAMERA_MM = 400.0
# Of two sides of the outline the shorter one lies across a limb, unless they are as good as equal.
_AS_GOOD_AS_EQUAL = 1.2
# Skin that is turned further from the camera is guessed, not seen.
_MOST_SLANT_DEG = 75.0
_PIECES_OF_A_SIDE = 32


@dataclass(frozen=True)
class Bend:
    """How round a place is taken to be.

    Attributes
    ----------
    radius_mm : float
        Of the tightest curve.
    is_dome : bool
        Round in both directions, as a buttock, rather than in one, as a limb.
    """

    radius_mm: float
    is_dome: bool = False


# Proposed in this project, by name of zone without its side: tighter than the places of most adults, so that what is
# stated as error covers them. An upper arm of 45 mm has a girth of 28 cm, a thigh of 80 mm one of 50 cm.
BENDS: Mapping[str, Bend] = MappingProxyType(
    {
        "abdomen": Bend(130.0),
        "arm": Bend(45.0),
        "buttock": Bend(110.0, is_dome=True),
        "decolletage": Bend(140.0),
        "flank": Bend(100.0),
        "hand": Bend(70.0),
        "infraorbital": Bend(40.0, is_dome=True),
        "neck-front": Bend(55.0),
        "neck-side": Bend(60.0),
        "scalp-frontal": Bend(85.0, is_dome=True),
        "scalp-vertex": Bend(85.0, is_dome=True),
        "submental": Bend(60.0),
        "thigh-back": Bend(80.0),
        "thigh-front": Bend(80.0),
        "thigh-outer": Bend(80.0),
    }
)
# For a place that is not in the list.
ROUNDEST = Bend(40.0, is_dome=True)


class BehindTheCurve(ValueError):
    """An outline that reaches farther than a body so round shows."""


def bend_of(zone_id: str) -> Bend:
    """Return how round a zone is taken to be; one that is not listed as the roundest of all."""
    return BENDS.get(zone_id.removesuffix("-right").removesuffix("-left"), ROUNDEST)


def share_lost(corners_mm: Floats, bend: Bend, leans: Floats) -> float:
    """Return by which share of itself the area in the plane of the sticker may read too small.

    Parameters
    ----------
    corners_mm : (n, 2)
        The outline in the plane of the sticker, from the middle of the sticker.
    bend : Bend
    leans : (2,)
        How far to the side of the sticker the camera is for each length before it; which of the two sides it is, a
        sticker does not tell well, so the worse of both counts.

    Raises
    ------
    BehindTheCurve
        If a body so round cannot be seen as far as the outline reaches.
    """
    flat = abs(polygon_area(corners_mm))
    ways = [(corners_mm, leans)] if bend.is_dome else _across_first(corners_mm, leans)
    true = [_area_on(line, side * lean, bend) for line, lean in ways for side in (1.0, -1.0)]
    return max(0.0, max(true) / flat - 1.0)


def _across_first(corners_mm: Floats, leans: Floats) -> list[tuple[Floats, Floats]]:
    """Outline and camera turned so that x runs across the limb; both ways where the sides do not tell."""
    angle = np.radians(np.arange(0, 180, 3))
    turns = np.moveaxis(np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]), 2, 0)
    width, height = np.ptp(corners_mm @ turns, axis=1).T
    turn = turns[width.argmin()]
    ways = [(corners_mm @ turn, leans @ turn)]
    if height[width.argmin()] <= _AS_GOOD_AS_EQUAL * width.min():
        ways.append((ways[0][0][:, ::-1], ways[0][1][::-1]))
    return ways


def _area_on(corners_mm: Floats, leans: Floats, bend: Bend) -> float:
    """The area that an outline in the plane of the sticker covers on the body, seen from the nearest camera."""
    plane = _divided(corners_mm)
    camera = np.append(leans, 1.0) * LEAST_CAMERA_MM
    rays = np.column_stack([plane, np.zeros(len(plane))]) - camera
    axes = np.array([1.0, 1.0 if bend.is_dome else 0.0, 1.0])
    middle = np.array([0.0, 0.0, -bend.radius_mm])
    skin = _met(camera - middle, rays, axes, bend.radius_mm)
    slant = -(skin * axes * rays).sum(axis=1) / bend.radius_mm / np.linalg.norm(rays, axis=1)
    if float(slant.min()) < np.cos(np.radians(_MOST_SLANT_DEG)):
        raise BehindTheCurve(f"seen at {np.degrees(np.arccos(slant.min())):.0f}°, up to {_MOST_SLANT_DEG:.0f}° will do")
    x, y, z = skin.T
    if not bend.is_dome:
        return abs(polygon_area(np.stack([bend.radius_mm * np.arctan2(x, z), y], axis=1)))
    # Lambert's azimuthal map of a sphere keeps areas.
    return abs(polygon_area(np.stack([x, y], axis=1) * np.sqrt(2 / (1 + z / bend.radius_mm))[:, None]))


def _met(start: Floats, rays: Floats, axes: Floats, radius_mm: float) -> Floats:
    """Where rays (n, 3) first meet a body around the origin."""
    square, along = (rays**2 * axes).sum(axis=1), (rays * start * axes).sum(axis=1)
    under = along**2 - square * float((start**2 * axes).sum() - radius_mm**2)
    if float(under.min()) <= 0:
        raise BehindTheCurve("it lies beyond the edge of the body")
    return np.asarray(start + rays * ((-along - np.sqrt(under)) / square)[:, None])


def _divided(corners_mm: Floats) -> Floats:
    """The outline with its sides cut into short pieces."""
    share = (np.arange(_PIECES_OF_A_SIDE) / _PIECES_OF_A_SIDE)[None, :, None]
    following = np.roll(corners_mm, -1, axis=0)
    return np.asarray(corners_mm[:, None] * (1 - share) + following[:, None] * share).reshape(-1, 2)
