"""The sum over depots where what lies far from them is held by modes (:mod:`far_modes`).

For each line of columns: what all depots add to the modes of each column, then, some columns at a time so that they
stay in the fastest cache, the modes turned into depths, what depots near by add in full, and the writing out.
Arrays are those of :mod:`superposition`; sizes named by `literally` are known at compile time. Closures hold numbers
only: with a compiled function in one, Numba finds nothing on disk again.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, cast

import numpy as np
from numba.misc.special import literally

from mesoplan.kernels.far_modes import MODES
from mesoplan.kernels.lanes import lanes_for
from mesoplan.kernels.row_vectors import add_between_rows, settle_streams, stream_columns, write_columns
from mesoplan.kernels.superposition import compiled, end_within, first_within

_TILE = 8


@compiled
def columns_within(squared: float, x: float, plane: tuple[float, float, float], columns: int) -> tuple[int, int]:
    """Return the first column, and the one after the last, whose distance along the line has at most this square."""
    if squared <= 0.0:
        return 0, 0
    half, (x0, _, spacing) = math.sqrt(squared), plane
    start = first_within(x - half, x0, spacing)
    return start, max(start, end_within(x + half, x0, spacing, columns))


@compiled
def add_far(
    held: Any, amounts: Any, first_row: Any, ends: Any, depot: Any, scale: Any, rows: Any, shares: Any, weights: Any
) -> None:
    """Add one depot's modes to columns start to low and high to end.

    `depot` is its x, squared distance from the line and dose; `scale` is where squares begin, how many rows there are
    in one mm2, place of the first column and spacing; `rows` and `shares` are room for a line.
    """
    literally(weights)
    start, low, high, end = ends
    (x, across, dose), (begin, rows_per_mm2, x0, spacing) = depot, scale
    for column in range(start, end):
        along = x - (x0 + column * spacing)
        place = max((along * along + across - begin) * rows_per_mm2, 0.0)
        rows[column] = np.int32(place)
        shares[column] = dose * np.float32(place - rows[column])
    for column in range(start, low):
        row, far = (first_row + rows[column]) * weights, shares[column]
        add_between_rows(held, column * weights, amounts, row, dose - far, far, weights)
    for column in range(high, end):
        row, far = (first_row + rows[column]) * weights, shares[column]
        add_between_rows(held, column * weights, amounts, row, dose - far, far, weights)


@compiled
def write_tile(
    tile: Any, held: Any, profiles: Any, left: Any, right: Any, widths: Any, solutes: Any, depths: Any
) -> None:
    """Turn the modes of columns left to right into depths; two columns at a time share the reading of profiles.

    `widths` is how many lanes a column has, and how many weights.
    """
    literally(solutes)
    literally(depths)
    lanes, weights = widths
    pairs = left + (right - left) // 2 * 2
    for column in range(left, pairs, 2):
        write_columns(tile, (column - left) * lanes, held, column * weights, profiles, 2, solutes, MODES, depths)
    if pairs < right:
        write_columns(tile, (pairs - left) * lanes, held, pairs * weights, profiles, 1, solutes, MODES, depths)


@compiled
def add_near(tile: Any, left: Any, within: Any, near: Any, rows: Any, depot: Any, scale: Any, lanes: Any) -> None:
    """Add one depot in full to some columns of a tile that begins at column `left`.

    `rows` is where its kernel begins in the table and the number of its last row, `depot` its x, squared distance
    from the line and dose, `scale` how many rows there are in one mm, place of the first column and spacing.
    """
    literally(lanes)
    (x, across, dose), (rows_per_mm, x0, spacing) = depot, scale
    for column in range(within[0], within[1]):
        along = x - (x0 + column * spacing)
        place = math.sqrt(along * along + across) * rows_per_mm
        index = min(int(place), rows[1] - 1)
        far = dose * np.float32(place - index)
        row = (rows[0] + index) * lanes
        add_between_rows(tile, (column - left) * lanes, near, row, dose - far, far, lanes)


@cache
def mode_adder(solutes: int, depths: int) -> Callable[..., None]:
    """Return add_depots compiled for a number of solutes and depths; the field starts on a line of the cache."""
    lanes, weights = lanes_for(solutes * depths), lanes_for(solutes * MODES)

    @compiled
    def add_depots(  # type: ignore[no-untyped-def]
        field, first, last, near, amounts, profiles, limits, points, plane
    ) -> None:
        """Write rows first to last of the field: the sum over all depots."""
        near_mm, step, squared_step = limits
        xs, ys, kernels, doses = points
        x0, y0, spacing = plane
        columns, far_rows, near_rows = field.shape[1], amounts.shape[1], near.shape[1]
        into, table, far_table, shapes = field.reshape(-1), near.reshape(-1), amounts.reshape(-1), profiles.reshape(-1)
        reach = near_mm * near_mm + (far_rows - 2) * squared_step
        far_scale, near_scale = (near_mm * near_mm, 1.0 / squared_step, x0, spacing), (1.0 / step, x0, spacing)
        held, tile = np.empty(columns * weights, np.float32), np.empty(_TILE * lanes, np.float32)
        rows, shares = np.empty(columns, np.int32), np.empty(columns, np.float32)
        close, lows, highs = np.empty(len(xs), np.int64), np.empty(len(xs), np.int64), np.empty(len(xs), np.int64)
        for line in range(first, last):
            y, found = y0 + line * spacing, 0
            held[:] = np.float32(0.0)
            for point in range(len(xs)):
                across = (ys[point] - y) ** 2
                start, end = columns_within(reach - across, xs[point], plane, columns)
                if start >= end:
                    continue
                low, high = columns_within(near_mm * near_mm - across, xs[point], plane, columns)
                if low < high:
                    close[found], lows[found], highs[found] = point, low, high
                    found += 1
                else:
                    low = high = end
                ends, place = (start, low, high, end), (xs[point], across, doses[point])
                add_far(held, far_table, kernels[point] * far_rows, ends, place, far_scale, rows, shares, weights)
            for left in range(0, columns, _TILE):
                right = min(left + _TILE, columns)
                write_tile(tile, held, shapes, left, right, (lanes, weights), solutes, depths)
                for number in range(found):
                    point, within = close[number], (max(left, lows[number]), min(right, highs[number]))
                    rows_of, across = (kernels[point] * near_rows, near_rows - 1), (ys[point] - y) ** 2
                    place = (xs[point], across, doses[point])
                    add_near(tile, left, within, table, rows_of, place, near_scale, lanes)
                stream_columns(into, (line * columns + left) * lanes, tile, right - left, lanes)
        settle_streams()

    return cast("Callable[..., None]", add_depots)
