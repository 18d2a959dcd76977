"""Volumes that a syringe can show: the smallest mixture in whole steps with the wanted concentrations."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

_ROUNDING = 1e-6


def steps_at_least(volume_ml: float, step_ml: float) -> int:
    """Return the fewest whole steps of `step_ml` [mL] that reach `volume_ml` [mL]."""
    return math.ceil(volume_ml / step_ml - _ROUNDING)


def is_whole_steps(volume_ml: float, step_ml: float) -> bool:
    """Return whether a volume [mL] is a positive whole number of steps [mL]."""
    steps = volume_ml / step_ml
    return steps >= 1 - _ROUNDING and abs(steps - round(steps)) <= _ROUNDING * max(1.0, steps)


def smallest_draws(share: Floats, least_steps: int, most_steps: int, tolerance: float) -> tuple[int, Counts] | None:
    """Return the smallest total that meets every share within the tolerance, and the draw of each stock.

    Parameters
    ----------
    share : array, shape (n,)
        Wanted part of the total for each stock [1]: wanted concentration over stock strength; each in (0, 1].
    least_steps, most_steps : int
        Bounds of the total [steps].
    tolerance : float
        How far a share may fall short, relative to it [1]. No share is exceeded, so rounding passes no limit.

    Returns
    -------
    (int, array of shape (n,)) or None
        Total and draws [steps]; every draw is at least one step. None where no total within the bounds fits.

    Raises
    ------
    ValueError
        If a share is not in (0, 1].
    """
    shares = np.asarray(share, dtype=np.float64)
    if bool((shares <= 0).any()) or bool((shares > 1 + _ROUNDING).any()):
        raise ValueError("each share must lie between 0 and 1")
    totals = np.arange(max(least_steps, 1), most_steps + 1, dtype=np.int64)
    draws = np.floor(totals[:, None] * shares + _ROUNDING).astype(np.int64)
    lacking = 1.0 - draws / totals[:, None] / shares
    meets = ((lacking <= tolerance + _ROUNDING) & (draws >= 1)).all(axis=1) & (draws.sum(axis=1) <= totals)
    if not meets.any():
        return None
    first = int(np.argmax(meets))
    return int(totals[first]), draws[first]


def water_steps(
    other_mosm: tuple[float, float],
    diluent_steps: int,
    total_steps: int,
    diluent_mosm_l: tuple[float, float],
    water_mosm_l: tuple[float, float],
    most_mosm_l: float,
    least_mosm_l: float,
) -> int:
    """Return how much diluent gives way to water: the least that brings the osmolarity down to the target.

    Parameters
    ----------
    other_mosm : tuple of float
        Lower and upper sum over the other stocks of steps x osmolarity [steps x mosm/L].
    diluent_steps, total_steps : int
        Volume of diluent, and of the whole [steps].
    diluent_mosm_l, water_mosm_l : tuple of float
        Lower and upper osmolarity of the diluent and of the water [mosm/L].
    most_mosm_l, least_mosm_l : float
        Target's upper bound, and the floor [mosm/L]. The floor wins where both cannot be met.

    Returns
    -------
    int
        Steps of water, 0 to `diluent_steps`.
    """
    lowers = [diluent - water for diluent, water in zip(diluent_mosm_l, water_mosm_l, strict=True)]
    if diluent_steps == 0 or min(lowers) <= 0:
        return 0
    too_much = other_mosm[1] + diluent_steps * diluent_mosm_l[1] - most_mosm_l * total_steps
    to_spare = other_mosm[0] + diluent_steps * diluent_mosm_l[0] - least_mosm_l * total_steps
    wanted = math.ceil(too_much / lowers[1] - _ROUNDING)
    allowed = math.floor(to_spare / lowers[0] + _ROUNDING)
    return max(0, min(wanted, allowed, diluent_steps))
