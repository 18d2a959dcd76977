"""Exposure of skin to many depots: kernels of single depots, tabulated once and added up.

The equation is linear, so the exposure of a plan is the sum of its depots' own. Each kind of depot (solute, skin,
depth, volume) is worked out once (:mod:`mesoplan.kernels.layered_diffusion`) and tabulated over the distance from its
axis; depots need not lie on any grid. Overlapping depots add up, as two injections at one place do.

Errors: the tables are single precision, interpolated linearly over 0.025 mm (less early after the injection) and cut
where a kernel has fallen to 1e-4 of its largest value; wide tables are summed by modes far from the depots
(:mod:`mesoplan.kernels.far_modes`, 3e-5). Measured against the closed form in docs/validation/exposure.md. Limits: flat
skin of one thickness; an unfolded plane stands for a face.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesoplan.kernels.depot import Depot
from mesoplan.kernels.far_modes import FarModes, far_modes
from mesoplan.kernels.lanes import CACHE_LINE_BYTES, lanes_for
from mesoplan.kernels.layered_diffusion import Layers, check_hours, concentration_kernel, exposure_kernel
from mesoplan.kernels.uptake import slowest_decay_per_mm

Floats = NDArray[np.floating[Any]]
Singles = NDArray[np.float32]
_Points = tuple[Floats, Floats, NDArray[np.int64], Singles]

TABLE_STEP_MM = 0.025
_ROWS_IN_AN_EDGE = 10
_MOST_HALVINGS = 3
TAIL_SHARE = 1e-4
_FARTHEST_MM = 60.0
# Narrower tables are as fast in full: turning modes into depths costs what it saves.
_LEAST_LANES_FOR_MODES = 64
MOST_DEPOTS = 20_000


@dataclass(frozen=True)
class DepotKernel:
    """What one unit of one solute, set down in one kind of depot, leaves around it.

    Attributes
    ----------
    values : (r, z) float32
        Exposure [h/mm3] or concentration [1/mm3] per unit of amount, at distances of `step_mm` and at the depths.
    depths_mm : (z,)
        The depths [mm].
    step_mm : float
        Distance between rows [mm]; the last row is 0.
    """

    values: Singles
    depths_mm: Floats
    step_mm: float = TABLE_STEP_MM


def layer_midpoints_mm(top_mm: float, bottom_mm: float, count: int) -> Floats:
    """Return the middles [mm] of equal slices of a layer: means over them are means over the layer."""
    if not (0 <= top_mm < bottom_mm and math.isfinite(bottom_mm)) or count < 1:
        raise ValueError(f"a layer from {top_mm} to {bottom_mm} mm cannot be cut into {count} slices")
    return np.asarray(top_mm + (np.arange(count) + 0.5) * (bottom_mm - top_mm) / count)


def table_step_mm(layers: Layers, hours: float | None = None) -> float:
    """Return how far apart [mm] the rows of a kernel's table lie.

    0.025 mm; early concentrations have sharper edges, so it is halved, three times at most, until the width over which
    the slowest layer blurs an edge takes ten rows.
    """
    if hours is None:
        return TABLE_STEP_MM
    check_hours(hours)
    width = math.sqrt(2.0 * min(layers.diffusivity_mm2_h) * hours)
    halvings = math.ceil(math.log2(max(1.0, TABLE_STEP_MM * _ROWS_IN_AN_EDGE / width)))
    return float(TABLE_STEP_MM / 2 ** min(halvings, _MOST_HALVINGS))


def depot_kernel(
    layers: Layers,
    depot: Depot,
    depths_mm: Floats,
    *,
    hours: float | None = None,
    tail_share: float = TAIL_SHARE,
) -> DepotKernel:
    """Return the kernel of one solute in one kind of depot.

    Parameters
    ----------
    layers, depot
        The skin as this solute meets it, and the depot.
    depths_mm : (z,)
        Depths [mm] at which it is wanted.
    hours : float, optional
        Concentration at this time [h] after the injection; by default the exposure over all time.
    tail_share : float
        Rows from which on nothing exceeds this share of the largest value are left out; so is all beyond 60 mm, which
        only a solute that hardly any layer clears reaches.

    Raises ValueError for a time that is not after the injection, and where the depot or a depth is not in the layers.
    """
    reach = depot.radius_mm + math.log(1.0 / tail_share) / slowest_decay_per_mm(layers)
    step = table_step_mm(layers, hours)
    if hours is not None:
        reach = min(reach, depot.radius_mm + 6.0 * math.sqrt(2.0 * max(layers.diffusivity_mm2_h) * hours))
    radii = np.arange(0.0, min(reach, _FARTHEST_MM) + 2 * step, step)
    if hours is None:
        values = exposure_kernel(layers, depot, radii, np.asarray(depths_mm, dtype=float))
    else:
        values = concentration_kernel(layers, depot, radii, np.asarray(depths_mm, dtype=float), hours)
    # Rounding leaves values a little below zero where there is nothing.
    values = np.maximum(values, 0.0)
    counts = np.flatnonzero(values.max(axis=1) > tail_share * values.max())
    values = values[: counts[-1] + 3]
    values[-1] = 0.0
    return DepotKernel(values.astype(np.float32), np.asarray(depths_mm, dtype=float), step)


@dataclass(frozen=True)
class KernelTable:
    """Kernels of some kinds of depot and some solutes, side by side.

    Attributes
    ----------
    rows : (kinds, r, lanes) float32
        All depths of the first solute, then of the second; lanes are padded with 0 to a multiple of 16.
    solutes, depths : int
        How many of each.
    step_mm : float
        Distance between rows [mm].
    """

    rows: Singles
    solutes: int
    depths: int
    step_mm: float

    @property
    def reach_mm(self) -> float:
        """Distance [mm] at which nothing is left."""
        return float((self.rows.shape[1] - 1) * self.step_mm)

    @cached_property
    def far(self) -> FarModes | None:
        """The table beyond the depots' edges by modes, worked out once; None where full rows are as good."""
        if self.rows.shape[2] < _LEAST_LANES_FOR_MODES:
            return None
        return far_modes(self.rows, self.solutes, self.depths, self.step_mm)

    def plane_integrals(self) -> Floats:
        """Mean over the depths of the integral over the plane, (kinds, solutes): what one depot adds to a mean."""
        radii = np.arange(self.rows.shape[1]) * self.step_mm
        lanes = (self.rows[:, :, : self.solutes * self.depths].astype(float) * radii[:, None]).sum(axis=1)
        whole = lanes * 2 * math.pi * self.step_mm
        return np.asarray(whole.reshape(len(self.rows), self.solutes, self.depths).mean(axis=2))


def kernel_table(kernels: Sequence[Sequence[DepotKernel]]) -> KernelTable:
    """Return kernels as one table; `kernels[kind][solute]`, all over the same depths."""
    if not kernels or not kernels[0] or len({len(kind) for kind in kernels}) != 1:
        raise ValueError("each kind of depot needs a kernel of each solute")
    first, every = kernels[0][0], [kernel for kind in kernels for kernel in kind]
    if any(not np.array_equal(one.depths_mm, first.depths_mm) for one in every):
        raise ValueError("kernels of one table need the same depths")
    step = min(kernel.step_mm for kernel in every)
    finer = [[_with_rows_apart(kernel, step) for kernel in kind] for kind in kernels]
    depths, solutes = len(first.depths_mm), len(kernels[0])
    longest = max(len(values) for kind in finer for values in kind)
    rows = np.zeros((len(kernels), longest, lanes_for(depths * solutes)), dtype=np.float32)
    for number, kind in enumerate(finer):
        for solute, values in enumerate(kind):
            rows[number, : len(values), solute * depths : (solute + 1) * depths] = values
    return KernelTable(rows, solutes, depths, step)


def _with_rows_apart(kernel: DepotKernel, step_mm: float) -> Singles:
    """Return a kernel's rows at a step that its own is a multiple of; what lies between rows stays what it is."""
    times = round(kernel.step_mm / step_mm)
    if not math.isclose(times * step_mm, kernel.step_mm):
        raise ValueError(f"rows {kernel.step_mm:g} mm apart cannot be read {step_mm:g} mm apart")
    if times == 1:
        return kernel.values
    far = (np.arange(times) / times)[:, None]
    between = kernel.values[:-1, None] * (1 - far) + kernel.values[1:, None] * far
    return np.concatenate([between.reshape(-1, kernel.values.shape[1]), kernel.values[-1:]]).astype(np.float32)


@dataclass(frozen=True)
class Depots:
    """Where depots lie on the plane: x, y [mm], kind (row of the table) and dose (amount), shape (n,) each."""

    x_mm: Floats
    y_mm: Floats
    kinds: NDArray[np.int64]
    doses: Singles


def depots_at(x_mm: ArrayLike, y_mm: ArrayLike, doses: ArrayLike = 1.0, kinds: ArrayLike = 0) -> Depots:
    """Return depots, checked; scalars hold for all of them.

    Raises ValueError for places or doses that are not finite, doses below 0, and more than 20,000 depots.
    """
    x, y, dose, kind = np.broadcast_arrays(np.atleast_1d(np.asarray(x_mm, dtype=float)), y_mm, doses, kinds)
    if x.ndim != 1 or len(x) > MOST_DEPOTS:
        raise ValueError(f"depots are a list of at most {MOST_DEPOTS:,} places")
    if not (np.isfinite(x).all() and np.isfinite(y).all() and np.isfinite(dose).all()) or np.any(dose < 0):
        raise ValueError("places and doses of depots must be finite numbers, doses 0 or more")
    return Depots(
        np.array(x, dtype=np.float64),
        np.array(y, dtype=np.float64),
        np.array(kind, dtype=np.int64),
        np.array(dose, dtype=np.float32),
    )


@dataclass(frozen=True)
class Plane:
    """Columns of skin at which exposure is wanted: place of the first [mm], spacing [mm], how many across and along."""

    x0_mm: float
    y0_mm: float
    spacing_mm: float
    columns: int
    rows: int

    def __post_init__(self) -> None:
        """Refuse a plane without columns."""
        if not (self.spacing_mm > 0 and math.isfinite(self.spacing_mm + self.x0_mm + self.y0_mm)):
            raise ValueError("columns of skin lie some distance apart, at finite places")
        if self.columns < 1 or self.rows < 1:
            raise ValueError("a plane has at least one column each way")

    @property
    def numbers(self) -> tuple[float, float, float]:
        """First column and spacing, as the compiled loops take them."""
        return float(self.x0_mm), float(self.y0_mm), float(self.spacing_mm)


def empty_field(table: KernelTable, plane: Plane) -> Singles:
    """Return an array to write a field into, (rows, columns, lanes), that starts on a line of the processor's cache."""
    shape = (plane.rows, plane.columns, table.rows.shape[2])
    spare = CACHE_LINE_BYTES // 4
    numbers = np.empty(math.prod(shape) + spare, dtype=np.float32)
    start = -numbers.ctypes.data % CACHE_LINE_BYTES // 4
    return numbers[start : start + math.prod(shape)].reshape(shape)


def exposure_field(
    table: KernelTable, depots: Depots, plane: Plane, *, out: Singles | None = None, threads: int = 2
) -> Singles:
    """Return the sum of all depots' kernels at each column of skin.

    Parameters
    ----------
    table, depots, plane
        The kernels, where depots lie, and where their sum is wanted.
    out : (rows, columns, lanes) float32, optional
        Written into and returned; saves the system the making of new pages. Wide tables are summed by modes only into
        one that starts on a line of the cache, as :func:`empty_field` makes it.
    threads : int
        How many share the work.

    Returns
    -------
    (rows, columns, lanes) float32; :func:`by_solute` takes it apart.
    """
    _check_kinds(table, depots)
    field = empty_field(table, plane) if out is None else out
    shape = (plane.rows, plane.columns, table.rows.shape[2])
    if field.shape != shape or field.dtype != np.float32 or not field.flags.c_contiguous:
        raise ValueError(f"the array to write into needs shape {shape} in float32, without gaps")
    points = (depots.x_mm, depots.y_mm, depots.kinds, depots.doses)
    far = table.far if field.ctypes.data % CACHE_LINE_BYTES == 0 else None
    if far is None:
        _add_in_full(table, points, plane, field, threads)
    else:
        _add_by_modes(table, far, points, plane, field, threads)
    return field


def _add_in_full(table: KernelTable, points: _Points, plane: Plane, field: Singles, threads: int) -> None:
    from mesoplan.kernels.superposition import depot_adder, split_rows

    add = depot_adder(table.rows.shape[2])
    split_rows(
        lambda first, last: add(field, first, last, table.rows, table.step_mm, points, plane.numbers),
        plane.rows,
        threads,
    )


def _add_by_modes(
    table: KernelTable, far: FarModes, points: _Points, plane: Plane, field: Singles, threads: int
) -> None:
    from mesoplan.kernels.mode_superposition import mode_adder
    from mesoplan.kernels.superposition import split_rows

    add = mode_adder(table.solutes, table.depths)
    limits = (far.near_mm, table.step_mm, far.squared_step_mm2)
    split_rows(
        lambda first, last: add(field, first, last, far.near, far.amounts, far.profiles, limits, points, plane.numbers),
        plane.rows,
        threads,
    )


def lane_levels(table: KernelTable, levels: Floats) -> Singles:
    """Return a level of each solute (..., solutes) for each lane (..., lanes); padding is never reached."""
    lanes = np.full((*levels.shape[:-1], table.rows.shape[2]), np.inf, dtype=np.float32)
    lanes[..., : table.solutes * table.depths] = np.repeat(levels, table.depths, axis=-1)
    return lanes


def sum_by_solute(table: KernelTable, counts: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return counts of lanes (..., lanes) added up over the depths of each solute (..., solutes)."""
    used = counts[..., : table.solutes * table.depths]
    return np.asarray(used.reshape(*counts.shape[:-1], table.solutes, table.depths).sum(axis=-1, dtype=np.int64))


def by_solute(table: KernelTable, field: Singles) -> Singles:
    """Return a view of a field as (rows, columns, solutes, depths)."""
    wanted = table.solutes * table.depths
    return field[:, :, :wanted].reshape(*field.shape[:2], table.solutes, table.depths)


def _check_kinds(table: KernelTable, depots: Depots) -> None:
    if len(depots.kinds) and not (depots.kinds.min() >= 0 and depots.kinds.max() < len(table.rows)):
        raise ValueError(f"a depot names a kind that is not among the {len(table.rows)} of the table")
