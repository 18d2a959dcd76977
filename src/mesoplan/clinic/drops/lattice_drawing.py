"""The lattice from above and its exposure-volume histogram, as paths: to scale, in steps of colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mesoplan.clinic.shell.writing import number_text, quantity_text
from mesoplan.kernels.contours import closed_outlines
from mesoplan.planning.drop import COVERAGE_SHARE
from mesoplan.planning.drop_view import DropSetting, Floats
from mesoplan.planning.lattice_view import LEVELS, Cell, LatticeInterval, LatticeView

SIZE = 360.0
STEPS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
"""Shares of the mean at which the colour changes: seven colours."""
_PATCHES_MM = ((3.0, 15.0), (14.0, 30.0), (28.0, 60.0), (1000.0, 100.0))
"""Up to a spacing so wide a patch is drawn: one scale for all that are commonly compared."""
_BARS_MM = {15.0: 5.0, 30.0: 10.0, 60.0: 20.0, 100.0: 50.0}
_FINEST_MM = 0.45

CHART_WIDE, CHART_HIGH = 224.0, 168.0
CHART_END = 2.5


@dataclass(frozen=True)
class LegendStep:
    """One colour of the legend, with the share at which it begins."""

    x: int
    label: str


@dataclass(frozen=True)
class Band:
    """One colour of the map: everything above a share of the mean."""

    number: int
    path: str


@dataclass(frozen=True)
class Patch:
    """A piece of skin from above: colours below half of the mean, its line, and the colours above it."""

    side_mm: str
    cold: Band
    warm: tuple[Band, ...]
    half: str
    points: tuple[tuple[float, float], ...]
    point_r: float
    drop_r: float
    bar: float
    bar_wide: float
    bar_label: str


@dataclass(frozen=True)
class Chart:
    """The histogram: share of the layer over share of the mean."""

    line: str
    band: str
    half_x: float
    half_y: float
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]


def legend(steps: Sequence[float] = STEPS) -> list[LegendStep]:
    """The colours with their limits in percent."""
    return [LegendStep(50 * number, number_text(100 * step)) for number, step in enumerate((0.0, *steps))]


def patch_of(setting: DropSetting, view: LatticeView) -> Patch:
    """A square patch with a point in its middle."""
    side = side_mm_of(setting)
    scale = SIZE / side
    cold, half, *warm = paths_above(view.cell, side, (STEPS[0], COVERAGE_SHARE, *STEPS[2:]))
    return Patch(
        side_mm=number_text(side),
        cold=Band(1, cold),
        warm=tuple(Band(number, found) for number, found in enumerate(warm, 3) if found),
        half=half,
        points=_points(setting, side, scale),
        point_r=3.0 if setting.spacing_mm * scale > 14 else 1.6,
        drop_r=round(view.depot.radius_mm * scale, 1),
        bar=round(_BARS_MM[side] * scale, 1),
        bar_wide=round(_BARS_MM[side] * scale + 16, 1),
        bar_label=quantity_text(_BARS_MM[side], "mm"),
    )


def side_mm_of(setting: DropSetting) -> float:
    """Side of the patch that is drawn: one scale for all spacings that are commonly compared."""
    return next(patch for widest, patch in _PATCHES_MM if setting.spacing_mm <= widest)


def paths_above(whole: Cell, side_mm: float, levels: Sequence[float]) -> list[str]:
    """Outlines of what lies above each level on a square patch with a point in its middle; none is an empty text."""
    scale, cell = SIZE / side_mm, _coarser(whole)
    rows, columns = cell.shares.shape
    dx, dy = cell.wide_mm / columns, cell.high_mm / rows
    across, down = (np.arange(int(-side_mm / 2 / one) - 2, int(side_mm / 2 / one) + 3) for one in (dx, dy))
    field = cell.shares[np.ix_(down % rows, across % columns)].astype(float)
    place = np.array([across[0] + 0.5, down[0] + 0.5]), np.array([dx, dy])

    def path(level: float) -> str:
        loops = ((loop + place[0]) * place[1] * scale + SIZE / 2 for loop in closed_outlines(field, level))
        return "".join(f"M{_corners(loop)}Z" for loop in loops)

    return [path(level) for level in levels]


def _corners(loop: Floats) -> str:
    return "L".join(f"{x:.1f},{y:.1f}" for x, y in loop)


def _coarser(cell: Cell) -> Cell:
    """As fine as can be seen: neighbours are put together while they lie below 0.3 mm."""
    shares = cell.shares
    while cell.wide_mm / shares.shape[1] < _FINEST_MM / 1.5 and shares.shape[1] % 4 == 0 and shares.shape[1] > 8:
        shares = (shares[::2] + shares[1::2]) / 2
        shares = (shares[:, ::2] + shares[:, 1::2]) / 2
    return Cell(shares, cell.wide_mm, cell.high_mm)


def _points(setting: DropSetting, side: float, scale: float) -> tuple[tuple[float, float], ...]:
    apart = setting.spacing_mm * (1.0 if setting.pattern == "square" else 0.75**0.5)
    last = int(side / 2 / apart) + 1
    found = []
    for row in range(-last, last + 1):
        shift = setting.spacing_mm / 2 if setting.pattern == "triangular" and row % 2 else 0.0
        for column in range(-last - 1, last + 2):
            x, y = column * setting.spacing_mm + shift, row * apart
            if abs(x) <= side / 2 and abs(y) <= side / 2:
                found.append((round(x * scale + SIZE / 2, 1), round(y * scale + SIZE / 2, 1)))
    return tuple(found)


def chart_of(view: LatticeView, found: LatticeInterval | None) -> Chart:
    """The curve at the middle of the ranges; where the interval is worked out, that of its middle with its band."""
    levels = np.concatenate([[0.0], LEVELS])
    band = ""
    if found is not None:
        low, high = (np.concatenate([[1.0], one]) for one in (found.low, found.high))
        band = " ".join([_line(levels, high), _line(levels[::-1], low[::-1])])
    return Chart(
        line=_line(levels, np.concatenate([[1.0], view.reached if found is None else found.middle])),
        band=band,
        half_x=_x(COVERAGE_SHARE),
        half_y=_y(found.coverage.middle if found else view.coverage),
        across=tuple((_x(one), number_text(one * 100)) for one in (0.0, 0.5, 1.0, 1.5, 2.0, 2.5)),
        up=tuple((_y(one), number_text(one * 100)) for one in (0.0, 0.25, 0.5, 0.75, 1.0)),
    )


def _x(level: float) -> float:
    return round(level / CHART_END * CHART_WIDE, 1)


def _y(share: float) -> float:
    return round((1 - share) * CHART_HIGH, 1)


def _line(levels: Floats, shares: Floats) -> str:
    return " ".join(f"{_x(float(x))},{_y(float(y))}" for x, y in zip(levels, shares, strict=True))
