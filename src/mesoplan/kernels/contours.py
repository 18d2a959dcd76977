"""Outlines of what is above a level in a field sampled on a grid (marching squares)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mesoplan.kernels.mesh import Floats, Ints

# For each of the 16 corner patterns the pairs of cell sides (0 top, 1 right, 2 bottom, 3 left) that a line joins.
_JOINED: tuple[tuple[tuple[int, int], ...], ...] = (
    (),
    ((3, 0),),
    ((0, 1),),
    ((3, 1),),
    ((1, 2),),
    ((3, 0), (1, 2)),
    ((0, 2),),
    ((3, 2),),
    ((2, 3),),
    ((2, 0),),
    ((0, 1), (2, 3)),
    ((2, 1),),
    ((1, 3),),
    ((1, 0),),
    ((0, 3),),
    (),
)


def longest_outline(field: Floats, level: float) -> Floats:
    """The longest closed outline of ``field > level``, shape (n, 2) as (column, row), first not repeated.

    Positions between samples are interpolated. A frame of the field's least value is laid about it, so that
    every outline closes. Empty where nothing is above the level.
    """
    framed = _framed(field, level)
    best = max(_loops(framed, level), key=len, default=[])
    return _crossings(framed, np.array(best, dtype=np.intp).reshape(-1, 3), level) - 1.0


def closed_outlines(field: Floats, level: float) -> list[Floats]:
    """Every closed outline of ``field > level``, each as `longest_outline` gives one; holes are outlines too."""
    framed = _framed(field, level)
    loops = list(_loops(framed, level))
    if not loops:
        return []
    ends = np.cumsum([len(loop) for loop in loops])[:-1]
    sides = np.array([side for loop in loops for side in loop], dtype=np.intp)
    return np.split(_crossings(framed, sides, level) - 1.0, ends)


def _framed(field: Floats, level: float) -> Floats:
    return np.pad(field, 1, constant_values=min(float(field.min()), level - 1.0))


def _loops(framed: Floats, level: float) -> Iterator[list[tuple[int, int, int]]]:
    """Sides of cells that one outline after the other runs through."""
    following: dict[tuple[int, int, int], tuple[int, int, int]] = {}
    for row, column, pattern in _crossed_cells(framed > level):
        sides = ((0, row, column), (1, row, column + 1), (0, row + 1, column), (1, row, column))
        for start, end in _JOINED[pattern]:
            following[sides[start]] = sides[end]
    while following:
        first, at = following.popitem()
        loop = [first]
        while at != first:
            loop.append(at)
            at = following.pop(at)
        yield loop


def _crossed_cells(above: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> list[list[int]]:
    corners = above.astype(np.intp)
    pattern = corners[:-1, :-1] + 2 * corners[:-1, 1:] + 4 * corners[1:, 1:] + 8 * corners[1:, :-1]
    rows, columns = np.nonzero((pattern > 0) & (pattern < 15))
    cells: list[list[int]] = np.stack([rows, columns, pattern[rows, columns]], axis=1).tolist()
    return cells


def _crossings(field: Floats, sides: Ints, level: float) -> Floats:
    """Where the level is crossed on each cell side: (0, row, column) runs right, (1, row, column) down."""
    down, row, column = sides.T
    first = field[row, column]
    second = field[row + down, column + 1 - down]
    share = (level - first) / (second - first)
    return np.stack([column + share * (1 - down), row + share * down], axis=1)
