"""How likely a tip ends in each layer of a given skin: needs a skin and a needle, no plan and no case.

Borders move with the skin: the upper dermis of a thick skin ends deeper than that of a thin one. Angle and length
stray as a hand does, whose tolerances are half widths that hold 95 of 100 (`kernels.landing.HALF_WIDTH_IN_SD`).

The layers end with the fat: a needle longer than skin and fat are thick counts as one that ends in the fat. An angle
of 0 lays the needle on the skin, so that only the hand's stray takes it in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import hypot, isfinite, sqrt

import numpy as np

from mesoplan.kernels.landing import (
    HALF_WIDTH_IN_SD,
    AnyBorder,
    Border,
    MixedBorder,
    Position,
    QuantileBorder,
    Tips,
    chance_past,
    landing_chances,
    likeliest_position,
)
from mesoplan.knowledge.schema.protocols import HandTolerance, TargetLayer
from mesoplan.planning.skin import OneStudy, Skin

PAPILLARY_SHARE = 0.25
"""Share of the dermis, from above, that counts as reached with the epidermis (basis: proposal)."""

UPPER_SHARE = 0.6
"""Share of the dermis, from above, that counts as its upper part (basis: proposal)."""

FAT_REACHED_MM = 6.0
"""How far below the skin the fat that is aimed at goes (basis: proposal)."""

DEEPEST_MM = 40.0
"""The longest inserted length that any plan takes."""


@dataclass(frozen=True)
class LandingOdds:
    """Chances from 0 to 1. Epidermis, dermis and fat add up to 1; the target lies across them."""

    epidermis: float
    dermis: float
    fat: float
    target: float | None = None
    past_ceiling: float | None = None


def landing_chances_of(
    skin: Skin,
    angle_deg: float,
    inserted_mm: float,
    tolerance: HandTolerance,
    target: TargetLayer | None,
    ceiling_mm: float | None = None,
) -> LandingOdds:
    """Return the chance of each layer, of the target layer and of passing a ceiling.

    Parameters
    ----------
    skin : Skin
    angle_deg : float
        Angle between needle and skin [deg], 0 to 90.
    inserted_mm : float
        Length of needle under the skin [mm], 0 to 40.
    tolerance : HandTolerance
        Of the hand or the device.
    target : TargetLayer or None
        The layer that is aimed at; None where none is.
    ceiling_mm : float, optional
        Depth that is not to be passed [mm], above 0.

    Raises
    ------
    ValueError
        Naming what is not a number or outside its range, and where the skin is not thicker than its epidermis.
    """
    _check("angle_deg", angle_deg, 90.0)
    _check("inserted_mm", inserted_mm, DEEPEST_MM)
    if ceiling_mm is not None and not (isfinite(ceiling_mm) and ceiling_mm > 0):
        raise ValueError(f"ceiling_mm is {ceiling_mm}; allowed: a depth above 0 mm")
    found, aimed = _odds(skin.epidermis_border, skin.border, angle_deg, inserted_mm, spread_of(tolerance), target)
    past = None if ceiling_mm is None else chances_past(angle_deg, inserted_mm, tolerance, (ceiling_mm,))[0]
    return LandingOdds(*found, target=aimed, past_ceiling=past)


def _check(name: str, value: float, most: float) -> None:
    if not (isfinite(value) and 0 <= value <= most):
        raise ValueError(f"{name} is {value}; allowed: 0 to {most:g}")


def spread_of(tolerance: HandTolerance) -> tuple[float, float]:
    """Return the standard deviations of angle [deg] and inserted length [mm] that the half widths stand for."""
    return tolerance.angle.high / HALF_WIDTH_IN_SD, tolerance.length.high / HALF_WIDTH_IN_SD


def chances_past(
    angle_deg: float, inserted_mm: float, tolerance: HandTolerance, depths_mm: Sequence[float]
) -> tuple[float, ...]:
    """Return the chance that the tip passes each of some known depths [mm]."""
    return _past(angle_deg, inserted_mm, spread_of(tolerance), tuple(depths_mm))


def likeliest(
    skin: Skin,
    target: TargetLayer,
    angles_deg: Sequence[float],
    lengths_mm: Sequence[float],
    tolerance: HandTolerance,
    *,
    ceiling_mm: float | None,
    most_past_ceiling: float,
) -> Position | None:
    """Return the angle and length with the greatest chance of the target layer; see `kernels.likeliest_position`."""
    return _likeliest(
        skin.epidermis_border,
        skin.border,
        target,
        (tuple(angles_deg), tuple(lengths_mm)),
        spread_of(tolerance),
        (ceiling_mm, most_past_ceiling),
    )


@lru_cache(maxsize=4096)
def _odds(
    epidermis: MixedBorder,
    skin: MixedBorder,
    angle: float,
    length: float,
    spread: tuple[float, float],
    target: TargetLayer | None,
) -> tuple[tuple[float, float, float], float | None]:
    """Remembered, because zones share skin and needle, and an edit changes one zone."""
    tips = Tips(angle, length, *spread)
    found = landing_chances(tips, epidermis, skin)
    layers = (float(found.epidermis[0]), float(found.dermis[0]), float(found.fat[0]))
    if target is None:
        return layers, None
    upper, lower = _borders(target, epidermis, skin)
    into = 1.0 if upper is None else float(chance_past(tips, upper)[0])
    return layers, max(into - float(chance_past(tips, lower)[0]), 0.0)


@lru_cache(maxsize=4096)
def _past(angle: float, length: float, spread: tuple[float, float], depths_mm: tuple[float, ...]) -> tuple[float, ...]:
    return (
        tuple(float(one) for one in chance_past(Tips(angle, length, *spread), Border(depths_mm))) if depths_mm else ()
    )


@lru_cache(maxsize=512)
def _likeliest(
    epidermis: MixedBorder,
    skin: MixedBorder,
    target: TargetLayer,
    held: tuple[tuple[float, ...], tuple[float, ...]],
    spread: tuple[float, float],
    limit: tuple[float | None, float],
) -> Position | None:
    borders = _borders(target, epidermis, skin)
    return likeliest_position(*held, spread, borders, ceiling_mm=limit[0], most_past_ceiling=limit[1])


def _borders(target: TargetLayer, epidermis: MixedBorder, skin: MixedBorder) -> tuple[AnyBorder | None, AnyBorder]:
    """Return the upper and the lower border of a layer; None is the surface."""
    if target == "epidermis":
        return None, _part_of_dermis(PAPILLARY_SHARE, epidermis, skin)
    if target == "upper-dermis":
        return epidermis, _part_of_dermis(UPPER_SHARE, epidermis, skin)
    if target == "dermis":
        return epidermis, skin
    return skin, _each(skin, lambda one: _moved(one, 1.0, FAT_REACHED_MM, 0.0))


def _part_of_dermis(share: float, epidermis: MixedBorder, skin: MixedBorder) -> MixedBorder:
    """Return the border above which a share of the dermis lies.

    The epidermis is taken by its mean and spread, independent of the skin; below bounds alone its spread, which is a
    hundredth of a millimetre there, is left out.
    """
    mean, sd = _mean_and_sd(epidermis)
    return _each(skin, lambda one: _moved(one, share, (1 - share) * mean, (1 - share) * sd))


def _each(border: MixedBorder, change: Callable[[OneStudy], OneStudy]) -> MixedBorder:
    return MixedBorder(border.shares, tuple(change(one) for one in border.borders))


def _moved(one: OneStudy, factor: float, shift_mm: float, more_sd_mm: float) -> OneStudy:
    if isinstance(one, QuantileBorder):
        return QuantileBorder(one.shares, tuple(factor * depth + shift_mm for depth in one.depths_mm))
    mean, sd = _one_mean_and_sd(one)
    return Border(factor * mean + shift_mm, hypot(factor * sd, more_sd_mm))


def _mean_and_sd(border: MixedBorder) -> tuple[float, float]:
    parts = [_one_mean_and_sd(one) for one in border.borders]
    mean = sum(share * one for share, (one, _) in zip(border.shares, parts, strict=True))
    square = sum(share * (one**2 + sd**2) for share, (one, sd) in zip(border.shares, parts, strict=True))
    return mean, sqrt(max(square - mean**2, 0.0))


def _one_mean_and_sd(one: OneStudy) -> tuple[float, float]:
    if isinstance(one, Border):
        return float(np.asarray(one.mean_mm)), float(np.asarray(one.sd_mm))
    low, high = one.depths_mm[0], one.depths_mm[-1]
    return (low + high) / 2, (high - low) / sqrt(12)
