"""Coverage of ideal lattices without end: one cell stands for all, so a hundred thousand can be compared in a second.

A square lattice repeats every spacing; in a triangular one each second row is moved by half a spacing and rows lie
sin 60 deg of it apart. Mirrors and half turns leave a quarter of the cell between two rows. The mean exposure is known
beforehand: what one depot leaves in the plane, over the area that each depot has to itself.

Real zones have edges, which no lattice has: settle on a plan with :mod:`mesoplan.kernels.coverage`.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesoplan.kernels.exposure import KernelTable, lane_levels, sum_by_solute

Floats = NDArray[np.floating[Any]]
Pattern = Literal["square", "triangular"]

LEAST_SPACING_MM = 0.5


def area_per_point_mm2(spacing_mm: ArrayLike, pattern: Pattern) -> Floats:
    """Return the area of skin that each point of a lattice has to itself [mm2]."""
    return np.asarray(spacing_mm, dtype=float) ** 2 * (1.0 if pattern == "square" else math.sqrt(0.75))


def lattice_coverage(
    table: KernelTable,
    kinds: ArrayLike,
    spacings_mm: ArrayLike,
    pattern: Pattern,
    share: float,
    *,
    samples: int = 6,
    threads: int = 2,
) -> Floats:
    """Return the fraction of the layer that gets at least a share of the mean exposure, for many lattices.

    Parameters
    ----------
    table : KernelTable
        Kernels over the middles of equal slices of the layer.
    kinds, spacings_mm : (n,)
        Kind of depot (row of the table) and spacing [mm] of each lattice.
    pattern
        Square or triangular.
    share : float
        Share of the mean, above 0.
    samples : int
        Columns each way in a quarter of the cell. 6 is off by 0.2 percentage points on average and by up to 3; 24
        settles a choice.

    Returns
    -------
    (n, solutes); raises ValueError for spacings below 0.5 mm or that are no numbers.
    """
    from mesoplan.kernels.superposition import lattice_counter, split_rows

    kind = np.ascontiguousarray(kinds, dtype=np.int64)
    spacing = np.ascontiguousarray(spacings_mm, dtype=float)
    _check(table, kind, spacing, share, samples)
    apart = spacing * (1.0 if pattern == "square" else math.sqrt(0.75))
    shift = np.zeros_like(spacing) if pattern == "square" else spacing / 2
    mean = table.plane_integrals()[kind] / area_per_point_mm2(spacing, pattern)[:, None]
    levels = lane_levels(table, np.where(mean > 0, mean * share, np.inf))
    counts = np.zeros(levels.shape, dtype=np.int32)
    lanes = table.rows.shape[2]
    count = lattice_counter(lanes)
    split_rows(
        lambda first, last: count(
            first,
            last,
            table.rows,
            table.step_mm,
            kind,
            spacing,
            apart,
            shift,
            samples,
            levels,
            counts,
            np.empty(lanes, dtype=np.float32),
        ),
        len(kind),
        threads,
    )
    return np.asarray(sum_by_solute(table, counts) / (samples * samples * table.depths))


def _check(table: KernelTable, kind: NDArray[np.int64], spacing: Floats, share: float, samples: int) -> None:
    if kind.shape != spacing.shape or kind.ndim != 1:
        raise ValueError("each lattice needs a kind of depot and a spacing")
    if not np.isfinite(spacing).all() or np.any(spacing < LEAST_SPACING_MM):
        raise ValueError(f"points of a lattice lie at least {LEAST_SPACING_MM:g} mm apart")
    if len(kind) and not (kind.min() >= 0 and kind.max() < len(table.rows)):
        raise ValueError(f"a lattice names a kind that is not among the {len(table.rows)} of the table")
    if not (share > 0 and math.isfinite(share)) or samples < 1:
        raise ValueError("a share above 0 and at least one sample are needed")
