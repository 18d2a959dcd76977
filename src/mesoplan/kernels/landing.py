"""Where a needle's tip ends up: chances of epidermis, dermis, fat and of passing a depth.

The tip lies at depth = sin(angle) x inserted length, and both stray: angle and length are independent and normal,
the angle cut to 0 to 90 deg. A length below zero is a needle that did not go in: its tip lies on the surface, in the
epidermis. A border of a layer is a depth that is not known exactly either, independent of the hand.

Given the angle, the chance that the tip has passed a border is known in closed form, since a scaled normal length less
a normal depth is normal again. What is left is one integral over the angle, done by Gauss-Legendre panels that end
where the intended depth crosses the border, so that it stays exact when one or all of the spreads are zero. Nothing
is drawn at random: the same question has the same answer, to 5e-6.

Sources: the geometry as in :mod:`mesoplan.kernels.depth`; the spreads are the caller's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_FINE_NODES, _FINE_WEIGHTS = np.polynomial.legendre.leggauss(24)
_REACH_SD = 7.0
_TABLE_STEPS, _TABLE_END = 64, 9.0
HALF_WIDTH_IN_SD = 1.959964
"""A half width that holds 95 % of a normal, in standard deviations."""


@dataclass(frozen=True)
class Tips:
    """Needles as held, one entry a point; scalars hold for all points.

    Attributes
    ----------
    angle_deg, inserted_mm
        Intended angle between needle and skin [deg], 0 to 90, and length under the surface [mm], >= 0; shape (n,).
    angle_sd_deg, length_sd_mm
        Standard deviations of hand or device [deg], [mm], >= 0; shape (n,). A tolerance stated as a half width that
        holds 95 of 100 is 1.96 of them (:data:`HALF_WIDTH_IN_SD`).
    """

    angle_deg: ArrayLike
    inserted_mm: ArrayLike
    angle_sd_deg: ArrayLike
    length_sd_mm: ArrayLike


@dataclass(frozen=True)
class Border:
    """Depth of the lower border of a layer below the surface, one entry a point; scalars hold for all points.

    Attributes
    ----------
    mean_mm, sd_mm
        Mean and standard deviation over people like this one, method spread included [mm]; shape (n,). The normal is
        cut at depth 0. A thickness measured on this patient has the sd of the instrument, which may be 0.
    """

    mean_mm: ArrayLike
    sd_mm: ArrayLike = 0.0


@dataclass(frozen=True)
class QuantileBorder:
    """Depth of a border known by quantiles; between two of them each depth is as likely as the next.

    Attributes
    ----------
    shares
        Shares of people whose border is not deeper, rising from 0 to 1; shape (q,).
    depths_mm
        Their depths [mm], >= 0, not falling; shape (q,).
    """

    shares: Sequence[float]
    depths_mm: Sequence[float]


@dataclass(frozen=True)
class MixedBorder:
    """Depth of a border on which studies differ: each of several borders holds for its share of people like this one.

    Attributes
    ----------
    shares
        Above 0, adding up to 1; shape (k,).
    borders
        As many borders, each the same at all points.
    """

    shares: Sequence[float]
    borders: Sequence[Border | QuantileBorder]


AnyBorder: TypeAlias = Border | QuantileBorder | MixedBorder


@dataclass(frozen=True)
class LandingChances:
    """Chances per point, each shape (n,); epidermis + dermis + fat = 1. Without a ceiling `past_ceiling` is None."""

    epidermis: Floats
    dermis: Floats
    fat: Floats
    past_ceiling: Floats | None


def landing_chances(
    tips: Tips, epidermis: AnyBorder, skin: AnyBorder, ceiling_mm: ArrayLike | None = None
) -> LandingChances:
    """Return the chance of each layer for each point.

    Parameters
    ----------
    tips : Tips
        How the needles are held and how far they stray.
    epidermis : Border, QuantileBorder or MixedBorder
        Depth of the border of epidermis and dermis [mm].
    skin : Border, QuantileBorder or MixedBorder
        Depth of the border of dermis and fat, epidermis included [mm].
    ceiling_mm : float or (n,), optional
        Depth that must not be passed [mm], > 0; NaN at a point without one.

    Raises
    ------
    ValueError
        A value is not finite or outside its range, or the skin's mean is not deeper than the epidermis's.

    Notes
    -----
    Where the two borders' distributions overlap the fat is counted first: no chance is below zero.
    """
    if np.any(_mean_mm(skin) <= _mean_mm(epidermis)):
        raise ValueError("the border of dermis and fat must be deeper than that of epidermis and dermis")
    fat = chance_past(tips, skin)
    not_epidermis = np.maximum(chance_past(tips, epidermis), fat)
    past = None
    if ceiling_mm is not None:
        ceiling = np.asarray(ceiling_mm, dtype=float)
        open_ended = np.isnan(ceiling)
        past = np.where(open_ended, 0.0, chance_past(tips, Border(np.where(open_ended, 1.0, ceiling))))
    return LandingChances(1.0 - not_epidermis, not_epidermis - fat, fat, past)


@dataclass(frozen=True)
class Position:
    """How to hold a needle [deg], [mm], and the chances that this has."""

    angle_deg: float
    inserted_mm: float
    target_chance: float
    past_ceiling: float


def likeliest_position(
    angles_deg: Sequence[float],
    lengths_mm: Sequence[float],
    spread: tuple[float, float],
    target: tuple[AnyBorder | None, AnyBorder | None],
    *,
    ceiling_mm: float | None = None,
    most_past_ceiling: float = 1.0,
) -> Position | None:
    """Return the angle and inserted length with the greatest chance of ending in a layer.

    Parameters
    ----------
    angles_deg, lengths_mm
        What can be held and set [deg], [mm]; every pair is tried.
    spread
        Standard deviations of angle [deg] and length [mm].
    target
        Upper and lower border of the layer; None is the surface above, or no end below.
    ceiling_mm, most_past_ceiling
        Depth not to be passed [mm], and the greatest chance of passing it that is let stand.

    Returns
    -------
    Position or None
        Among equal chances (to 1e-6) the shallower angle, then the shorter length; None where every pair passes the
        ceiling too often.
    """
    angle, length = (grid.ravel() for grid in np.meshgrid(sorted(angles_deg), sorted(lengths_mm), indexing="ij"))
    if len(angle) == 0:
        raise ValueError("an angle and a length to choose from are needed")
    tips = Tips(angle, length, *spread)
    upper, lower = target
    into = np.ones(len(angle)) if upper is None else chance_past(tips, upper)
    through = np.zeros(len(angle)) if lower is None else chance_past(tips, lower)
    chance = np.maximum(into - through, 0.0)
    past = np.zeros(len(angle)) if ceiling_mm is None else chance_past(tips, Border(ceiling_mm))
    allowed = np.round(np.where(past <= most_past_ceiling, chance, -1.0), 6)
    chosen = int(allowed.argmax())
    if allowed[chosen] < 0:
        return None
    return Position(float(angle[chosen]), float(length[chosen]), float(chance[chosen]), float(past[chosen]))


def chance_past(tips: Tips, border: AnyBorder) -> Floats:
    """Return the chance that the tip lies deeper than a border, shape (n,).

    Errors against the integral itself are below 5e-6; raises ValueError as :func:`landing_chances` does.
    """
    if isinstance(border, QuantileBorder):
        return _chance_past_quantiles(tips, border)
    if isinstance(border, MixedBorder):
        return _chance_past_mixed(tips, border)
    angle, length, angle_sd, length_sd, mean, sd = _columns(tips, border.mean_mm, border.sd_mm)
    if np.any(mean <= 0) or np.any(sd < 0):
        raise ValueError("a border needs a mean depth above 0 mm and an sd of 0 mm or more")
    sines, weights = _angles(angle, angle_sd, length, length_sd, mean, sd)
    given = _above_zero(length * sines - mean, np.hypot(length_sd * sines, sd))
    no_depth = _normal(-mean / np.maximum(sd, 1e-300))
    above = given - no_depth * _above_zero(length, length_sd) - _neither(length, length_sd, mean, sd, sines)
    given = above / (1.0 - no_depth)
    return np.asarray(np.clip((given * weights).sum(axis=1), 0.0, 1.0))


def _chance_past_quantiles(tips: Tips, border: QuantileBorder) -> Floats:
    """Between two quantiles the integral of the normal has a closed form, and a jump is a known depth."""
    shares, depths = np.asarray(border.shares, dtype=float), np.asarray(border.depths_mm, dtype=float)
    _check_quantiles(shares, depths)
    angle, length, angle_sd, length_sd = _columns(tips)
    total = np.zeros(len(angle))
    for share, low, high in zip(np.diff(shares), depths[:-1], depths[1:], strict=True):
        middle, half = np.full_like(angle, (low + high) / 2), np.full_like(angle, (high - low) / 2)
        sines, weights = _angles(angle, angle_sd, length, length_sd, middle, half)
        spread = length_sd * sines
        above, below = _mean_above(length * sines - low, spread), _mean_above(length * sines - high, spread)
        step = _above_zero(length * sines - low, spread)
        given = (above - below) / (high - low) if high - low > 1e-9 else step
        total += share * (given * weights).sum(axis=1)
    return np.asarray(np.clip(total, 0.0, 1.0))


def _chance_past_mixed(tips: Tips, border: MixedBorder) -> Floats:
    """A mixture's chance is that of its parts by their shares; all normals are integrated at once."""
    _check_shares(border)
    parts = list(zip(border.shares, border.borders, strict=True))
    flat = [(share, one) for share, one in parts if isinstance(one, QuantileBorder)]
    normal = [(share, one) for share, one in parts if isinstance(one, Border)]
    columns = [column[:, 0] for column in _columns(tips)]
    total = np.zeros(len(columns[0]))
    for share, one in flat:
        total += share * _chance_past_quantiles(tips, one)
    if normal:
        means, sds = (np.array([getattr(one, name) for _, one in normal], dtype=float) for name in ("mean_mm", "sd_mm"))
        each = Tips(*(np.repeat(column, len(normal)) for column in columns))
        found = chance_past(each, Border(np.tile(means, len(total)), np.tile(sds, len(total))))
        total += found.reshape(len(total), -1) @ np.array([share for share, _ in normal])
    return np.asarray(np.clip(total, 0.0, 1.0))


def _check_shares(border: MixedBorder) -> None:
    shares = np.asarray(border.shares, dtype=float)
    if len(shares) == 0 or len(shares) != len(border.borders) or not np.all(shares > 0) or abs(shares.sum() - 1) > 1e-9:
        raise ValueError("a mixture needs as many borders as shares, and shares above 0 that add up to 1")


def _check_quantiles(shares: Floats, depths: Floats) -> None:
    if shares.shape != depths.shape or shares.ndim != 1 or len(shares) < 2:
        raise ValueError("quantiles need as many depths as shares, at least two")
    rising = np.all(np.diff(shares) > 0) and np.all(np.diff(depths) >= 0)
    if not (rising and shares[0] == 0 and shares[-1] == 1 and depths[0] >= 0 and np.isfinite(depths[-1])):
        raise ValueError("quantiles need shares that rise from 0 to 1 and depths of 0 mm or more that do not fall")


def _mean_mm(border: AnyBorder) -> Floats:
    if isinstance(border, Border):
        return np.asarray(border.mean_mm, dtype=float)
    if isinstance(border, MixedBorder):
        means = [float(_mean_mm(one)) for one in border.borders]
        return np.asarray(np.dot(border.shares, means))
    depths = np.asarray(border.depths_mm, dtype=float)
    return np.asarray(np.diff(np.asarray(border.shares, dtype=float)) @ ((depths[:-1] + depths[1:]) / 2))


def _columns(tips: Tips, *border: ArrayLike) -> tuple[Floats, ...]:
    given = (tips.angle_deg, tips.inserted_mm, tips.angle_sd_deg, tips.length_sd_mm, *border)
    columns = np.broadcast_arrays(*(np.atleast_1d(np.asarray(one, dtype=float)) for one in given))
    if any(column.ndim != 1 for column in columns) or not all(np.isfinite(column).all() for column in columns):
        raise ValueError("angles, lengths and depths must be finite numbers, one a point")
    angle, length, angle_sd, length_sd = columns[:4]
    if np.any((angle < 0) | (angle > 90)) or np.any(length < 0):
        raise ValueError("an angle lies between 0 and 90 deg, an inserted length is 0 mm or more")
    if np.any(angle_sd < 0) or np.any(length_sd < 0):
        raise ValueError("the spread of angle and length is 0 or more")
    return tuple(column[:, None] for column in columns)


def _angles(
    angle: Floats, angle_sd: Floats, length: Floats, length_sd: Floats, mean: Floats, sd: Floats
) -> tuple[Floats, Floats]:
    """Sines of the angles at which to look, and their weights, both (n, nodes); weights of a point add up to 1."""
    centre, spread = np.radians(angle), np.maximum(np.radians(angle_sd), 1e-9)
    low, high = np.maximum(centre - _REACH_SD * spread, 0.0), np.minimum(centre + _REACH_SD * spread, np.pi / 2)
    crossing = np.arcsin(np.minimum(mean / np.maximum(length, 1e-12), 1.0))
    # How fast depth changes with angle at the crossing; near upright it is the curvature that counts.
    softness = np.hypot(length_sd * np.sin(crossing), sd)
    slope = np.maximum(length * np.cos(crossing), np.sqrt(length * softness) + 1e-12)
    width = np.minimum(5.0 * softness / slope, np.pi)
    inner = (crossing - width, crossing - width / 5, crossing, crossing + width / 5, crossing + width)
    outer = (low, centre - 2 * spread, centre + 2 * spread, high)
    edges = np.sort(np.clip(np.concatenate([*outer, *inner], axis=1), low, high), axis=1)
    half = np.diff(edges, axis=1)[:, :, None] / 2
    at = ((edges[:, 1:] + edges[:, :-1])[:, :, None] / 2 + half * _NODES).reshape(len(edges), -1)
    weights = (half * _WEIGHTS).reshape(len(edges), -1) * np.exp(-0.5 * ((at - centre) / spread) ** 2)
    return np.sin(at), weights / weights.sum(axis=1, keepdims=True)


def _above_zero(mean: Floats, sd: Floats) -> Floats:
    """Chance that a normal is above zero; a spread of 0 makes it a step."""
    return _normal(mean / np.maximum(sd, 1e-12))


def _mean_above(mean: Floats, sd: Floats) -> Floats:
    """Mean of the part of a normal above zero, where what is below counts as zero."""
    size = mean / np.maximum(sd, 1e-12)
    return mean * _normal(size) + sd * np.exp(-0.5 * np.minimum(size**2, 1400.0)) / math.sqrt(2 * math.pi)


def _neither(length: Floats, length_sd: Floats, mean: Floats, sd: Floats, sines: Floats) -> Floats:
    """Chance that needle and border both come out above the surface, the needle less far, for each angle.

    Both cuts at zero take it away; it is not nothing only where both spreads are wide. What does not stray at all
    does not come out.
    """
    found = np.zeros_like(sines)
    strays = (length_sd > 0.0) & (sd > 0.0)
    wide = (strays & (_above_zero(-length, length_sd) * _above_zero(-mean, sd) > 1e-8))[:, 0]
    length, length_sd, mean, sd = (one[wide] for one in (length, length_sd, mean, sd))
    half = (length + 8 * length_sd) / 2
    at = half * (_FINE_NODES - 1)
    density = half * _FINE_WEIGHTS * np.exp(-0.5 * ((at - length) / length_sd) ** 2)
    density /= length_sd * math.sqrt(2 * math.pi)
    border = _normal((at[:, None, :] * sines[wide][:, :, None] - mean[:, :, None]) / sd[:, :, None])
    found[wide] = np.einsum("nkm,nm->nk", border, density)
    return found


@lru_cache(maxsize=1)
def _table() -> Floats:
    """Cubics in the place between two steps of the table, lowest power first, (steps, 4)."""
    at = np.arange(-_TABLE_END * _TABLE_STEPS, _TABLE_END * _TABLE_STEPS + 2) / _TABLE_STEPS
    values = np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in at])
    slopes = np.exp(-0.5 * at**2) / math.sqrt(2 * math.pi) / _TABLE_STEPS
    rise, s0, s1 = np.diff(values), slopes[:-1], slopes[1:]
    return np.stack([values[:-1], s0, 3 * rise - 2 * s0 - s1, s0 + s1 - 2 * rise], axis=1)


def _normal(x: Floats) -> Floats:
    """Cumulative standard normal to 3e-10, by cubic interpolation with known slopes.

    NumPy has no error function; importing SciPy for it would cost more than the whole landing.
    """
    place = np.clip(x, -_TABLE_END, _TABLE_END)
    place += _TABLE_END
    place *= _TABLE_STEPS
    index = place.astype(np.int32)
    place -= index
    cubic = _table()[index]
    found = cubic[..., 3] * place
    for power in (2, 1):
        found += cubic[..., power]
        found *= place
    found += cubic[..., 0]
    return np.asarray(found)
