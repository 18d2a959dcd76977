"""Compiled loops that add kernels of depots up; called by :mod:`exposure`, :mod:`coverage`, :mod:`lattice_coverage`.

A kernel is a table over the distance from the depot's axis; each row of it holds all depths of all solutes side by
side ("lanes"), padded to a multiple of 16, so that adding one depot to one column of skin is one run over
neighbouring numbers. Distances between rows are interpolated linearly.

Loops run without Python's lock and are split over plain threads by :func:`split_rows`. Numba's own threading layers are
not used: which of them is there differs between machines, and one of them used one core only in half of the runs.

Arrays: table (kernels, r, lanes) float32; points = x, y [mm], kernel number and dose (float32) of each; plane = x and
y of the first column [mm] and spacing [mm]; field (y, x, lanes) float32.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from threading import Thread
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from mesoplan.kernels.row_vectors import add_between_rows, count_gained_in_row, count_reached_in_row

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile at the first call and keep the machine code on disk."""
    return cast(F, njit(nogil=True, cache=True, fastmath=True)(function))


def compiled_in_order(function: F) -> F:
    """Compile as :func:`compiled` does, but let no sum be taken in another order than it is written in."""
    return cast(F, njit(nogil=True, cache=True)(function))


def split_rows(work: Callable[[int, int], None], rows: int, threads: int) -> None:
    """Call `work(first, last)` for equal parts of the rows, one a thread, and wait for all."""
    ends = [rows * part // threads for part in range(threads + 1)]
    others = [Thread(target=work, args=ends[part : part + 2]) for part in range(1, threads)]
    for other in others:
        other.start()
    work(ends[0], ends[1])
    for other in others:
        other.join()


@compiled
def distance(across: float, along: float) -> float:
    """Length of a step in the plane; the library's hypot guards against overflow, at several times the cost."""
    return math.sqrt(across * across + along * along)


@compiled
def first_within(low: float, origin: float, spacing: float) -> int:
    """Return the number of the first row or column at or past a place."""
    return max(0, math.ceil((low - origin) / spacing))


@compiled
def end_within(high: float, origin: float, spacing: float, count: int) -> int:
    """Return the number after that of the last row or column at or before a place."""
    return min(count, math.floor((high - origin) / spacing) + 1)


@cache
def depot_adder(lanes: int) -> Callable[..., None]:
    """Return add_depots compiled for a number of lanes."""

    @compiled
    def add_depots(  # type: ignore[no-untyped-def]
        field, first, last, table, step, points, plane
    ) -> None:
        """Write rows first to last of the field: the sum over all depots."""
        reach = (table.shape[1] - 1) * step
        columns, last_row, rows_per_mm = field.shape[1], table.shape[1] - 2, 1.0 / step
        xs, ys, kernels, doses = points
        x0, y0, spacing = plane
        rows, into = table.reshape(-1), field.reshape(-1)
        for row in range(first, last):
            y = y0 + row * spacing
            field[row] = np.float32(0.0)
            for point in range(len(xs)):
                across = reach * reach - (ys[point] - y) ** 2
                if across <= 0.0:
                    continue
                half = math.sqrt(across)
                start = first_within(xs[point] - half, x0, spacing)
                end = end_within(xs[point] + half, x0, spacing, columns)
                kind, x, dose = kernels[point], xs[point] - x0, doses[point]
                along = (ys[point] - y) ** 2
                for column in range(start, end):
                    across = x - column * spacing
                    place = math.sqrt(across * across + along) * rows_per_mm
                    index = min(int(place), last_row)
                    far = dose * np.float32(place - index)
                    at = (row * columns + column) * lanes
                    add_between_rows(into, at, rows, (kind * table.shape[1] + index) * lanes, dose - far, far, lanes)

    return cast("Callable[..., None]", add_depots)


@compiled
def sum_lanes(field, first, last, inside, depths, sums) -> None:  # type: ignore[no-untyped-def]
    """Add to sums (solutes,) what lies in rows first to last of the treated area."""
    for row in range(first, last):
        for column in range(field.shape[1]):
            if inside[row, column]:
                for solute in range(len(sums)):
                    part = field[row, column, solute * depths : (solute + 1) * depths]
                    total = np.float32(0.0)
                    for depth in range(depths):
                        total += part[depth]
                    sums[solute] += total


@cache
def reach_counter(lanes: int) -> Callable[..., None]:
    """Return count_reached compiled for a number of lanes."""

    @compiled
    def count_reached(field, first, last, inside, levels, counts) -> None:  # type: ignore[no-untyped-def]
        """Add to counts (levels, lanes) how many values in rows first to last are at least the lane's level."""
        values, wanted, into = field.reshape(-1), levels.reshape(-1), counts.reshape(-1)
        for row in range(first, last):
            for column in range(field.shape[1]):
                if inside[row, column]:
                    at = (row * field.shape[1] + column) * lanes
                    for number in range(levels.shape[0]):
                        count_reached_in_row(into, number * lanes, values, at, wanted, number * lanes, lanes)

    return cast("Callable[..., None]", count_reached)


@cache
def move_trier(lanes: int) -> Callable[..., None]:
    """Return try_moves compiled for a number of lanes; in order, so that a move to where a point is changes nothing."""

    @compiled_in_order
    def try_moves(  # type: ignore[no-untyped-def]
        first, last, field, inside, levels, table, step, points, plane, moves, changes
    ) -> None:
        """Add to changes (moves, lanes) by how many values more reach the lane's level if one point moves."""
        last_row = table.shape[1] - 1
        reach = last_row * step
        rows_of_field, columns = inside.shape
        values, rows, into = field.reshape(-1), table.reshape(-1), changes.reshape(-1)
        xs, ys, kernels, doses = points
        x0, y0, spacing = plane
        movers, new_xs, new_ys = moves
        for move in range(first, last):
            point = movers[move]
            dose, first_row = doses[point], kernels[point] * table.shape[1]
            to_x, to_y, x_now, y_now = new_xs[move], new_ys[move], xs[point], ys[point]
            top, bottom = min(y_now, to_y) - reach, max(y_now, to_y) + reach
            for row in range(first_within(top, y0, spacing), end_within(bottom, y0, spacing, rows_of_field)):
                y = y0 + row * spacing
                was_half = math.sqrt(max(reach * reach - (y_now - y) ** 2, 0.0))
                will_half = math.sqrt(max(reach * reach - (to_y - y) ** 2, 0.0))
                left, right = min(x_now - was_half, to_x - will_half), max(x_now + was_half, to_x + will_half)
                for column in range(first_within(left, x0, spacing), end_within(right, x0, spacing, columns)):
                    if not inside[row, column]:
                        continue
                    x = x0 + column * spacing
                    # The last row of a table is 0, so a place beyond it adds nothing.
                    old = min(distance(x_now - x, y_now - y) / step, float(last_row))
                    new = min(distance(to_x - x, to_y - y) / step, float(last_row))
                    i, j = min(int(old), last_row - 1), min(int(new), last_row - 1)
                    a, b = dose * np.float32(old - i), dose * np.float32(new - j)
                    count_gained_in_row(
                        into,
                        move * lanes,
                        values,
                        (row * columns + column) * lanes,
                        rows,
                        ((first_row + j) * lanes, (first_row + i) * lanes),
                        (dose - b, b, dose - a, a),
                        levels,
                        lanes,
                    )

    return cast("Callable[..., None]", try_moves)


@cache
def lattice_counter(lanes: int) -> Callable[..., None]:
    """Return cover_lattices compiled for a number of lanes."""

    @compiled
    def cover_lattices(  # type: ignore[no-untyped-def]
        first, last, table, step, kernels, spacings, rows_apart, shifts, samples, levels, counts, column
    ) -> None:
        """Add to counts (plans, lanes) how many samples of a lattice's cell reach the lane's level.

        Points lie `spacings` apart in a row, rows lie `rows_apart` from each other, every second row is moved by
        `shifts`. Sampled is the part of a cell that mirrors and half turns repeat; `levels` (plans, lanes) are
        absolute.
        """
        reach, last_row = (table.shape[1] - 1) * step, table.shape[1] - 2
        into, wanted = counts.reshape(-1), levels.reshape(-1)
        for plan in range(first, last):
            rows, a, b = table[kernels[plan]].reshape(-1), spacings[plan], rows_apart[plan]
            deepest = math.ceil(reach / b) + 1
            for across in range(samples):
                for along in range(samples):
                    x, y = (across + 0.5) * a / 2 / samples, (along + 0.5) * b / 2 / samples
                    column[:] = np.float32(0.0)
                    for line in range(-deepest, deepest + 1):
                        squared = reach * reach - (y - line * b) ** 2
                        if squared <= 0.0:
                            continue
                        half, offset = math.sqrt(squared), shifts[plan] * (line % 2)
                        for number in range(
                            math.ceil((x - half - offset) / a), math.floor((x + half - offset) / a) + 1
                        ):
                            place = distance(x - offset - number * a, y - line * b) / step
                            index = min(int(place), last_row)
                            far = np.float32(place - index)
                            add_between_rows(column, 0, rows, index * lanes, np.float32(1.0) - far, far, lanes)
                    count_reached_in_row(into, plan * lanes, column, 0, wanted, plan * lanes, lanes)

    return cast("Callable[..., None]", cover_lattices)
