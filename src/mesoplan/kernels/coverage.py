"""How evenly a layer is reached: shares of it above a level, the exposure-volume histogram, thin and rich places.

The layer is looked at in columns of skin on a grid and slices of equal thickness, so that every value stands for the
same volume. Levels are shares of the plan's own mean exposure in the layer within the treated area, because absolute
exposure depends on diffusion and clearance that are known only within a factor; the mean is of what the depots
themselves leave, without edges being forgiven.

Nothing here says what an exposure does to the skin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesoplan.kernels.exposure import Depots, KernelTable, Plane, Singles, by_solute, lane_levels, sum_by_solute

Floats = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Coverage:
    """How much of the layer is reached, for each solute.

    Attributes
    ----------
    mean : (solutes,)
        Mean exposure over the layer in the treated area, in the field's unit.
    shares : (levels,)
        Levels asked for, as shares of the mean.
    reached : (solutes, levels)
        Fraction of the layer's volume at or above each level.
    """

    mean: Floats
    shares: Floats
    reached: Floats


def coverage(
    table: KernelTable, field: Singles, inside: Mask, shares: Sequence[float], *, threads: int = 2
) -> Coverage:
    """Return the fraction of the layer that gets at least each share of the plan's mean exposure.

    Parameters
    ----------
    table, field
        Kernels and their sum, with depths at the middles of equal slices of the layer.
    inside : (rows, columns) bool
        Columns of skin that belong to the treated area; at least one.
    shares
        Shares of the mean, above 0.

    Raises
    ------
    ValueError
        No column is inside, shapes differ, or a share is not above 0. A field that is 0 everywhere covers nothing.
    """
    from mesoplan.kernels.superposition import reach_counter, sum_lanes

    wanted = np.asarray(shares, dtype=float)
    if wanted.ndim != 1 or not np.isfinite(wanted).all() or np.any(wanted <= 0):
        raise ValueError("shares of the mean are a list of numbers above 0")
    _check_inside(table, field, inside)
    volume = int(inside.sum()) * table.depths
    sums = _by_thread(
        lambda first, last, into: sum_lanes(field, first, last, inside, table.depths, into),
        len(field),
        threads,
        np.zeros(table.solutes),
    )
    mean = sums / volume
    levels = np.where(mean > 0, mean, np.inf)[None, :] * wanted[:, None]
    held, count = lane_levels(table, levels), reach_counter(table.rows.shape[2])
    counts = _by_thread(
        lambda first, last, into: count(field, first, last, inside, held, into),
        len(field),
        threads,
        np.zeros(held.shape, dtype=np.int32),
    )
    return Coverage(mean, wanted, sum_by_solute(table, counts).T / volume)


def _by_thread(work: Any, rows: int, threads: int, empty: NDArray[Any]) -> NDArray[Any]:
    """Sum of what each thread wrote into an array of its own."""
    from mesoplan.kernels.superposition import split_rows

    parts: list[NDArray[Any]] = []

    def part(first: int, last: int) -> None:
        into = empty.copy()
        work(first, last, into)
        parts.append(into)

    split_rows(part, rows, threads)
    return np.asarray(sum(parts))


def exposure_volume_histogram(table: KernelTable, field: Singles, inside: Mask, levels: Floats) -> Floats:
    """Return the fraction of the layer at or above each level, levels as shares of the mean, (solutes, levels).

    The cumulative curve that radiotherapy calls a dose-volume histogram. Raises ValueError as :func:`coverage` does.
    """
    _check_inside(table, field, inside)
    found = []
    for solute in range(table.solutes):
        values = np.sort(by_solute(table, field)[:, :, solute][inside].ravel())
        mean = float(values.mean(dtype=float))
        wanted = np.asarray(levels, dtype=float) * mean if mean > 0 else np.full(len(levels), np.inf)
        found.append(1.0 - np.searchsorted(values, wanted.astype(np.float32)) / len(values))
    return np.array(found)


def column_means(table: KernelTable, field: Singles, inside: Mask) -> Floats:
    """Return each column's mean over the layer as a share of the plan's mean, (solutes, rows, columns).

    NaN outside the treated area: there is no answer there, which is not the same as none reached. Where the plan
    leaves nothing at all the shares are 0.
    """
    _check_inside(table, field, inside)
    means = np.moveaxis(by_solute(table, field).mean(axis=3, dtype=float), 2, 0)
    whole = means[:, inside].mean(axis=1)
    shares = means / np.where(whole > 0, whole, 1.0)[:, None, None]
    return np.asarray(np.where(inside, shares, np.nan))


@dataclass(frozen=True)
class Spot:
    """A place [mm] and its mean exposure over the layer, as a share of the plan's mean."""

    x_mm: float
    y_mm: float
    share: float


def extreme_spots(
    shares: Floats, plane: Plane, *, coldest: bool, count: int = 5, apart_mm: float = 5.0
) -> tuple[Spot, ...]:
    """Return the columns that get least, or most, each at least `apart_mm` from those before it.

    `shares` is one solute's part of :func:`column_means`; what is NaN is no place.
    """
    y, x = np.nonzero(np.isfinite(shares))
    values = shares[y, x]
    order = np.argsort(values if coldest else -values, kind="stable")
    places = np.stack([plane.x0_mm + x * plane.spacing_mm, plane.y0_mm + y * plane.spacing_mm], axis=1)
    chosen: list[int] = []
    free = np.ones(len(values), dtype=bool)
    for index in order:
        if len(chosen) == count:
            break
        if free[index]:
            chosen.append(int(index))
            free &= np.linalg.norm(places - places[index], axis=1) >= apart_mm
    return tuple(Spot(float(places[i, 0]), float(places[i, 1]), float(values[i])) for i in chosen)


def moves_gain(
    table: KernelTable,
    field: Singles,
    inside: Mask,
    depots: Depots,
    plane: Plane,
    levels: Floats,
    moves: tuple[ArrayLike, ArrayLike, ArrayLike],
    *,
    threads: int = 2,
) -> Floats:
    """Return by how much the covered fraction changes if one depot moves, for each of many tries.

    Parameters
    ----------
    table, field, inside, depots, plane
        The plan as it is; `field` is its exposure.
    levels : (solutes,)
        The level that counts as covered, in the field's unit, held while tries are compared: a move at the edge of the
        area changes the mean a little, so settle on a move with :func:`coverage`.
    moves
        Number of the depot (m,), and its new x and y [mm] (m,).

    Returns
    -------
    (m, solutes) change of the fraction of the layer.
    """
    from mesoplan.kernels.superposition import move_trier, split_rows

    _check_inside(table, field, inside)
    points = np.ascontiguousarray(moves[0], dtype=np.int64)
    xs, ys = (np.ascontiguousarray(one, dtype=float) for one in moves[1:])
    if not points.shape == xs.shape == ys.shape or points.ndim != 1:
        raise ValueError("each try names a depot and where it goes")
    if not (np.isfinite(xs).all() and np.isfinite(ys).all()):
        raise ValueError("a depot moves to a finite place")
    if len(points) and not (points.min() >= 0 and points.max() < len(depots.x_mm)):
        raise ValueError(f"a try names a depot that is not among the {len(depots.x_mm)}")
    lanes = table.rows.shape[2]
    changes = np.zeros((len(points), lanes), dtype=np.int32)
    held = lane_levels(table, np.asarray(levels, dtype=float))
    now = (depots.x_mm, depots.y_mm, depots.kinds, depots.doses)
    tried = (points, xs, ys)
    trier = move_trier(lanes)
    split_rows(
        lambda first, last: trier(
            first, last, field, inside, held, table.rows, table.step_mm, now, plane.numbers, tried, changes
        ),
        len(points),
        threads,
    )
    return np.asarray(sum_by_solute(table, changes) / (int(inside.sum()) * table.depths))


def _check_inside(table: KernelTable, field: Singles, inside: Mask) -> None:
    if field.ndim != 3 or field.shape[2] != table.rows.shape[2]:
        raise ValueError(f"a field of this table has {table.rows.shape[2]} lanes in each column")
    if field.dtype != np.float32 or not field.flags.c_contiguous:
        raise ValueError("a field is float32, without gaps")
    if inside.shape != field.shape[:2] or inside.dtype != np.bool_:
        raise ValueError("the treated area is a yes or no for each column of the field")
    if not inside.any():
        raise ValueError("the treated area holds no column of the grid; a finer grid or a larger area is needed")
