"""What a drop leaves beyond its own edge, as a few modes of the skin.

Outside of a depot nothing is set down, so what is there has come through the skin, and all that differs between
distances is how much of each of the skin's own depth profiles is left: the slower a profile falls off, the farther it
reaches. Four profiles, the best that a singular value decomposition finds for each solute, hold the table from near the
edge of the drop on, to within 3e-5. A column of skin then needs four numbers a solute and depot instead of a row of
all depths; the depths are worked out once a column, whatever number of depots reaches it.

Distances are tabulated by their square, so that none needs a root.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.lanes import LANE_BLOCK, lanes_for, solutes_in_block

Floats = NDArray[np.floating[Any]]
Singles = NDArray[np.float32]

MODES = 4
LARGEST_ERROR = 3e-5
_CANDIDATE_STEP_MM = 0.25
_LARGEST_NEAR_SHARE = 0.6


@dataclass(frozen=True)
class FarModes:
    """Kernels beyond a distance, by few numbers.

    Attributes
    ----------
    near : (kinds, r, lanes) float32
        The table up to that distance, and one row more.
    near_mm : float
        The distance [mm].
    amounts : (kinds, r2, weights) float32
        How much of each mode of each solute there is, at squares of the distance `squared_step_mm2` apart, the first
        at the square of `near_mm`; the last is 0. Solute by solute, padded to a multiple of 16.
    squared_step_mm2 : float
        Distance between rows of `amounts` [mm2].
    profiles : (parts, modes, 16) float32
        The modes over depth, for each block of 16 lanes and each solute in it (:func:`solutes_in_block`).
    """

    near: Singles
    near_mm: float
    amounts: Singles
    squared_step_mm2: float
    profiles: Singles


def far_modes(rows: Singles, solutes: int, depths: int, step_mm: float) -> FarModes | None:
    """Return a table's far part by modes, or None where four modes hold too little of it to be worth it.

    Parameters
    ----------
    rows : (kinds, r, lanes) float32
        As in :class:`mesoplan.kernels.exposure.KernelTable`.
    solutes, depths : int
        How many lanes of each.
    step_mm : float
        Distance between rows [mm].
    """
    parts = [rows[:, :, one * depths : (one + 1) * depths].astype(float) for one in range(solutes)]
    first = max(_first_held(part, step_mm) for part in parts)
    last = rows.shape[1] - 1
    if first > _LARGEST_NEAR_SHARE * last:
        return None
    near_mm, reach_mm = first * step_mm, last * step_mm
    # As fine as the table is where modes begin, finer beyond.
    squared_step = 2 * near_mm * step_mm
    squares = near_mm**2 + np.arange(math.ceil((reach_mm**2 - near_mm**2) / squared_step) + 2) * squared_step
    weights = lanes_for(solutes * MODES)
    amounts = np.zeros((len(rows), len(squares), weights), dtype=np.float32)
    profiles = np.zeros((solutes, MODES, solutes * depths + LANE_BLOCK))
    radii = np.arange(last + 1) * step_mm
    for solute, part in enumerate(parts):
        modes = _best_modes(part[:, first:], radii[first:])
        profiles[solute, : len(modes), solute * depths : (solute + 1) * depths] = modes
        for kind, amount in enumerate(part @ modes.T):
            for mode in range(len(modes)):
                found = np.interp(np.sqrt(squares), radii, amount[:, mode], right=0.0)
                amounts[kind, :, solute * MODES + mode] = found
    blocks = [
        profiles[solute, :, block * LANE_BLOCK : (block + 1) * LANE_BLOCK]
        for block in range(rows.shape[2] // LANE_BLOCK)
        for solute in solutes_in_block(block, solutes, depths)
    ]
    near = np.ascontiguousarray(rows[:, : first + 1])
    return FarModes(near, near_mm, amounts, squared_step, np.array(blocks, dtype=np.float32))


def _first_held(part: Floats, step_mm: float) -> int:
    """Return the first row from which on the modes hold one solute's (kinds, r, depths) well enough."""
    by_area = part * np.sqrt(np.arange(part.shape[1]) * step_mm)[:, None]
    whole = np.sum(by_area**2, axis=(1, 2))
    allowed = LARGEST_ERROR**2 * float(whole[whole > 0].min(initial=math.inf))
    stride = max(1, round(_CANDIDATE_STEP_MM / step_mm))
    candidates = range(stride, part.shape[1], stride)
    low, high = 0, len(candidates)
    while low < high:
        middle = (low + high) // 2
        beyond = by_area[:, candidates[middle] :].reshape(-1, part.shape[2])
        left = np.linalg.eigvalsh(beyond.T @ beyond)[:-MODES]
        if left.sum() <= allowed:
            high = middle
        else:
            low = middle + 1
    return candidates[low] if low < len(candidates) else part.shape[1]


def _best_modes(part: Floats, radii_mm: Floats) -> Floats:
    """Return the depth profiles (modes, depths) that hold most of (kinds, r, depths), rings weighted by their area."""
    by_area = (part * np.sqrt(radii_mm)[:, None]).reshape(-1, part.shape[2])
    vectors = np.linalg.eigh(by_area.T @ by_area)[1]
    return np.asarray(vectors[:, ::-1][:, :MODES].T)
