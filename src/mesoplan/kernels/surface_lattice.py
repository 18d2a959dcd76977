"""Lattices in the plane, for skin that is flat or was laid flat: hexagonal ones, and parallel lines.

In a hexagonal lattice each point has six neighbours at one distance, so the skin between is covered most
evenly for a number of punctures; a point stands for ``spacing² x sqrt(3) / 2`` of area. On parallel lines the points
of all lines stand side by side, and a point stands for ``spacing x line spacing``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mesoplan.kernels.mesh import Floats, Ints

MOST_POINTS = 4000
_MANY_POINTS = 150
_SHIFTS_ALONG_ROW = 4
_SHIFTS_ACROSS_ROWS = 6
_ON_THE_MARGIN = 1e-6
_ROW_PER_SPACING = np.sqrt(3.0) / 2.0


def spacing_for_density_mm(points_per_cm2: float) -> float:
    """The spacing of the hexagonal lattice that has so many points on a square centimetre.

    Raises
    ------
    ValueError
        If there is to be no point.
    """
    if not points_per_cm2 > 0:
        raise ValueError(f"a density of {points_per_cm2:g} points for each cm² is not above 0")
    return float(np.sqrt(200.0 / (np.sqrt(3.0) * points_per_cm2)))


def hexagonal_lattice(low: Floats, high: Floats, spacing: float, angle_deg: float, origin: Floats) -> Floats:
    """All lattice points in the box from `low` to `high`, row by row from the top, shape (n, 2).

    Parameters
    ----------
    low, high : (2,)
        Corners of the box, in the unit of `spacing`.
    spacing : float
        Distance of neighbours, > 0.
    angle_deg : float
        Turn of the rows against the x axis, counter-clockwise.
    origin : (2,)
        A place where a lattice point shall be (it may lie outside of the box).
    """
    return _rows(low, high, spacing, spacing * _ROW_PER_SPACING, 0.5, angle_deg, origin)


def parallel_lines(
    low: Floats, high: Floats, spacing: float, line_spacing: float, angle_deg: float, origin: Floats
) -> Floats:
    """The same on parallel lines that are `line_spacing` apart, with `spacing` between the points of a line."""
    return _rows(low, high, spacing, line_spacing, 0.0, angle_deg, origin)


def _rows(
    low: Floats, high: Floats, spacing: float, apart: float, offset: float, angle_deg: float, origin: Floats
) -> Floats:
    turn = _rotation(angle_deg)
    corners = np.array([[x, y] for x in (low[0], high[0]) for y in (low[1], high[1])])
    own = (corners - origin) @ turn
    rows = np.arange(np.ceil(own[:, 1].max() / apart), np.floor(own[:, 1].min() / apart) - 1, -1)
    columns = np.arange(np.floor(own[:, 0].min() / spacing) - 1, np.ceil(own[:, 0].max() / spacing) + 1)
    x = (columns[None, :] + offset * (rows[:, None] % 2)) * spacing
    y = np.broadcast_to(rows[:, None] * apart, x.shape)
    points = np.stack([x.ravel(), y.ravel()], axis=1) @ turn.T + origin
    inside = ((points >= low - 1e-9) & (points <= high + 1e-9)).all(axis=1)
    return np.asarray(points[inside])


def lattice_origins(
    centre: Floats, spacing: float, angle_deg: float, *, on_axis: bool = False, apart: float | None = None
) -> Floats:
    """Places of the lattice to try, shape (m, 2): shifts along and across the rows within one cell.

    With `on_axis` a shift along the row is by none or by half a spacing, so that unturned rows are symmetric
    about the vertical through `centre`. Rows are `apart`, or as a hexagonal lattice has them.
    """
    along = np.arange(2) / 2 if on_axis else np.arange(_SHIFTS_ALONG_ROW) / _SHIFTS_ALONG_ROW
    across = (
        np.arange(_SHIFTS_ACROSS_ROWS) / _SHIFTS_ACROSS_ROWS * (_ROW_PER_SPACING if apart is None else apart / spacing)
    )
    shifts = np.stack(np.meshgrid(along, across, indexing="ij"), axis=2).reshape(-1, 2) * spacing
    return np.asarray(centre + shifts @ _rotation(angle_deg).T)


def _rotation(angle_deg: float) -> Floats:
    angle = np.radians(angle_deg)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def fullest_lattice(
    low: Floats,
    high: Floats,
    spacing_mm: float,
    angle_deg: float,
    clearance_mm: Callable[[Floats], Floats],
    *,
    on_axis: bool = False,
    line_spacing_mm: float | None = None,
) -> Floats:
    """The lattice that puts most points where points may be.

    Parameters
    ----------
    low, high : (2,)
        Corners of the box that holds the patch, mm. With `on_axis` the patch is symmetric about x = 0.
    spacing_mm : float
        Distance of neighbours.
    angle_deg : float
        Turn of the rows against the x axis, counter-clockwise.
    clearance_mm : (n, 2) -> (n,)
        How far each place of the plane lies inside of where points may be; below 0 is outside.
    line_spacing_mm : float, optional
        With it the points stand on parallel lines that are so far apart; without it the lattice is hexagonal.

    Returns
    -------
    (n, 2) row by row from the top; empty where nothing fits.

    Raises
    ------
    ValueError
        If a spacing is not above 0, or the box would hold more than 4000 points.

    Notes
    -----
    Of the shifts tried the fullest wins; among equals the one whose points lie farthest inside. Where the box
    holds over 150 points the shift hardly matters and the centred lattice is taken.
    """
    apart = spacing_mm if line_spacing_mm is None else line_spacing_mm
    cells = float(np.prod(high - low)) / (spacing_mm * apart) if min(spacing_mm, apart) > 0 else np.inf
    if cells > MOST_POINTS:
        raise ValueError(f"a spacing of {min(spacing_mm, apart):g} mm does not fit a patch of {high - low} mm")
    centre = np.array([0.0 if on_axis else (low[0] + high[0]) / 2, (low[1] + high[1]) / 2])
    origins = lattice_origins(centre, spacing_mm, angle_deg, on_axis=on_axis, apart=line_spacing_mm)
    if cells > _MANY_POINTS:
        origins = origins[:1]
    if line_spacing_mm is None:
        lattices = [hexagonal_lattice(low, high, spacing_mm, angle_deg, origin) for origin in origins]
    else:
        lattices = [parallel_lines(low, high, spacing_mm, line_spacing_mm, angle_deg, origin) for origin in origins]
    points = np.concatenate(lattices)
    owner = np.repeat(np.arange(len(lattices)), [len(lattice) for lattice in lattices])
    clearance = clearance_mm(points)
    kept = clearance >= -_ON_THE_MARGIN
    if not kept.any():
        return np.zeros((0, 2))
    fullest = _fullest(owner[kept], clearance[kept], len(lattices))
    return np.asarray(points[kept & (owner == fullest)])


def _fullest(owner: Ints, clearance_mm: Floats, lattices: int) -> int:
    counts = np.bincount(owner, minlength=lattices)
    least = np.full(lattices, np.inf)
    np.minimum.at(least, owner, clearance_mm)
    # Rounded, so that two shifts that are equal but for the last digit rank the same on every machine.
    return max(range(lattices), key=lambda number: (counts[number], round(float(least[number]), 3), -number))
