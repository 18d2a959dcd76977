"""What a lattice of equal drops reaches in the target layer: the field from above, coverage, and how long it stays.

Relative to its own mean the exposure of a lattice depends on the clearance over the diffusivity (k / D) and on the
porosity alone, so every field here is made with a clearance of 1 per hour and a diffusivity of D / k; times are then
divided by the clearance of each draw.

A lattice repeats itself, so one quarter of a cell stands for all of it (`kernels.lattice_waves`). The pictures are of
the geometric middle of D, k and porosity; the interval is over draws of all three, read between the nodes of a coarse
grid: docs/validation/exposure.md says what that costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.coverage_interval import (
    Interval,
    ParameterNodes,
    difference,
    interval,
    parameter_draws,
    parameter_nodes,
    read_between,
)
from mesoplan.kernels.depot import Depot
from mesoplan.kernels.exposure import layer_midpoints_mm
from mesoplan.kernels.lattice_coverage import Pattern
from mesoplan.kernels.lattice_waves import FINENESS, cell_mm, quarter_cell
from mesoplan.kernels.solutes import POROSITY, SkinLayers, solute
from mesoplan.planning.drop import COVERAGE_SHARE, DEPTH_SLICES, depot_of, skin_layers, target_window
from mesoplan.planning.drop_view import DropSetting
from mesoplan.planning.skin import Skin

Floats = NDArray[np.floating[Any]]
LEVELS = tuple(round(0.05 * step, 2) for step in range(1, 51))
"""Shares of the mean at which the histogram is read."""

DECAYS, POROSITIES = 7, 5
"""Nodes of k / D and of porosity, as many as for a plan (`planning.exposure_figures`)."""
QUARTER_SAMPLES = 12
"""Columns each way at a node, whose waves are cut earlier; the picture has twice as many."""


@dataclass(frozen=True)
class Cell:
    """One period of the lattice from above: mean over the layer at each column, as a share of the mean of all.

    `shares` (rows, columns) are the middles of equal pieces of `wide_mm` x `high_mm`; a point lies at its corners, and
    in a triangular lattice another at its middle.
    """

    shares: Floats
    wide_mm: float
    high_mm: float


@dataclass(frozen=True)
class LatticeView:
    """The lattice at the middle of the stated ranges.

    Attributes
    ----------
    layers, window_mm, depot
        The skin at the middle of its range, the layer that is counted [mm], and the drop in it.
    cell
        The field from above.
    coverage
        Share of the layer with at least half of its mean exposure.
    reached
        Share of the layer at or above each of `LEVELS`.
    """

    layers: SkinLayers
    window_mm: tuple[float, float]
    depot: Depot
    cell: Cell
    coverage: float
    reached: Floats


def lattice_view(setting: DropSetting, skin: Skin, *, samples: int = 2 * QUARTER_SAMPLES) -> LatticeView:
    """Return the lattice at the middle of the ranges.

    Raises ValueError where `planning.drop` refuses the drop.
    """
    of, layers = solute(setting.solute), skin_layers(skin)
    depot = depot_of(layers, setting.depth_mm, setting.volume_ml, POROSITY.middle)
    window = target_window(setting.target, layers)
    decay = of.clearance_per_h.middle / of.diffusivity_mm2_h.middle
    quarter = _quarter(layers, depot, window, decay, setting, samples)
    return LatticeView(
        layers=layers,
        window_mm=window,
        depot=depot,
        cell=whole_cell(quarter.mean(axis=2), setting.spacing_mm, setting.pattern),
        coverage=float((quarter >= COVERAGE_SHARE).mean()),
        reached=_reached(quarter),
    )


def _quarter(
    layers: SkinLayers, depot: Depot, window: tuple[float, float], decay: float, setting: DropSetting, samples: int
) -> Floats:
    depths = layer_midpoints_mm(*window, DEPTH_SLICES)
    skin = layers.layers(1.0 / decay, 1.0)
    fineness = FINENESS if samples > QUARTER_SAMPLES else FINENESS / 2
    return quarter_cell(skin, depot, setting.spacing_mm, setting.pattern, depths, samples=samples, fineness=fineness)


@dataclass(frozen=True)
class LatticeNodes:
    """The share of the layer reached at each level, at the nodes of k / D and porosity (a, b, levels)."""

    nodes: ParameterNodes
    reached: Floats

    def drawn(self, setting: DropSetting, level: float) -> Floats:
        """Share of the layer at or above a level of `LEVELS`, for each draw; draws are those of the solute."""
        values = self.reached[:, :, LEVELS.index(level)]
        return read_between(self.nodes, values, *parameter_draws(solute(setting.solute)))


@lru_cache(maxsize=256)
def lattice_nodes(setting: DropSetting, layers: SkinLayers) -> LatticeNodes:
    """Return the lattice at the nodes; remembered, because what was looked at is looked at again."""
    nodes = parameter_nodes(solute(setting.solute), decays=DECAYS, porosities=POROSITIES)
    depots = [depot_of(layers, setting.depth_mm, setting.volume_ml, one) for one in nodes.porosity.tolist()]
    window = target_window(setting.target, layers)
    reached = [
        [_reached(_quarter(layers, depot, window, decay, setting, QUARTER_SAMPLES)) for depot in depots]
        for decay in nodes.decay_per_mm2.tolist()
    ]
    return LatticeNodes(nodes, np.array(reached))


@dataclass(frozen=True)
class LatticeInterval:
    """Coverage, and the histogram's lower end, middle and upper end at each of `LEVELS`, over the stated ranges."""

    coverage: Interval
    low: Floats
    middle: Floats
    high: Floats


def lattice_interval(setting: DropSetting, at: LatticeNodes) -> LatticeInterval:
    """Return the 90 % intervals over draws of diffusion, clearance and porosity."""
    bands = [interval(at.drawn(setting, level)) for level in LEVELS]
    return LatticeInterval(
        bands[LEVELS.index(COVERAGE_SHARE)],
        np.array([band.low for band in bands]),
        np.array([band.middle for band in bands]),
        np.array([band.high for band in bands]),
    )


def coverage_gained(
    first: tuple[DropSetting, LatticeNodes], second: tuple[DropSetting, LatticeNodes]
) -> tuple[Interval, bool]:
    """Return by how much the second covers more, over the same draws, and whether they can be told apart.

    Raises ValueError for two solutes: draws of one are not draws of the other.
    """
    if first[0].solute != second[0].solute:
        raise ValueError("coverages of two solutes are not compared draw by draw")
    return difference(*(at.drawn(setting, COVERAGE_SHARE) for setting, at in (first, second)))


def _reached(quarter: Floats) -> Floats:
    values = np.sort(quarter.ravel())
    return 1.0 - np.searchsorted(values, np.array(LEVELS, dtype=values.dtype)) / len(values)


def whole_cell(quarter: Floats, spacing_mm: float, pattern: Pattern) -> Cell:
    """Return a period of the lattice from its quarter (rows, columns): mirrors of it; of a triangular lattice two rows,
    the second a half turn of the first."""
    half = quarter if pattern == "square" else np.concatenate([quarter, quarter[::-1, ::-1]])
    down = np.concatenate([half, half[::-1]])
    return Cell(np.concatenate([down, down[:, ::-1]], axis=1), *cell_mm(spacing_mm, pattern))
