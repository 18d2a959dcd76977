"""What is left of a lattice of drops after some hours: in the skin as a whole, and from place to place in the layer.

Concentrations are shares of the one that was injected, so that they hold for any content of the syringe: 5 % of 4 mg/mL
is 0.2 mg in each mL of skin. Maps and the highest place are those of the middle of D, k and porosity. The means and
what is left are intervals over draws of all three: both are sums of exponentials over time that depend on k / D, k t
and porosity alone, worked out at a few nodes of these and read off for each draw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mesoplan.kernels.coverage_interval import (
    Interval,
    ParameterNodes,
    interval,
    parameter_nodes,
    reading_weights,
    transport_draws,
)
from mesoplan.kernels.depot import MM3_PER_ML
from mesoplan.kernels.exposure import layer_midpoints_mm
from mesoplan.kernels.lattice_waves import cell_mm, quarter_cell_after
from mesoplan.kernels.solutes import POROSITY, SkinLayers, solute
from mesoplan.planning.drop import depot_of, skin_layers, target_window
from mesoplan.planning.drop_uptake import DECAYS, POROSITIES, uptakes_at
from mesoplan.planning.drop_view import DropSetting, Floats
from mesoplan.planning.lattice_view import Cell, whole_cell
from mesoplan.planning.skin import Skin

HOURS = (0.1, 1000.0)
"""Before the first the edge of a wide wheal takes seconds to resolve; after the last nothing is left of any solute."""
MOST_HOURS = 4
_LADDER = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0, 48.0, 72.0, 168.0, 336.0)
_CLEARANCES = (0.3, 1.0, 3.0, 6.0)
_DEPTH_SLICES, _SAMPLES = 8, 16
_TIMES = 24
_LEAST_SHARE = 1e-12


@dataclass(frozen=True)
class Later:
    """A lattice some hours after it was set.

    Attributes
    ----------
    hours
        The time [h].
    left
        Share of the dose that is still in skin and fat.
    mean
        Mean over the layer aimed at, as a share of the concentration injected.
    highest
        The highest place of that layer, its borders included, at the middle of the ranges, as such a share.
    cell
        The same from above, mean over the layer's depth, one period of the lattice.
    """

    hours: float
    left: Interval
    mean: Interval
    highest: float
    cell: Cell


def telling_hours(solute_id: str) -> tuple[float, ...]:
    """Return hours at which a solute is looked at where none are asked for: early, after a mean stay, and late."""
    stay_h = 1.0 / solute(solute_id).clearance_per_h.middle
    return tuple(
        dict.fromkeys(min(_LADDER, key=lambda one: abs(math.log(one / (share * stay_h)))) for share in _CLEARANCES)
    )


def lattice_later(setting: DropSetting, skin: Skin, hours: Sequence[float]) -> tuple[Later, ...]:
    """Return the lattice at each of some hours, in their order.

    Raises ValueError for hours outside of `HOURS`, more than `MOST_HOURS` of them or none, and as `planning.drop` does.
    """
    if not 1 <= len(hours) <= MOST_HOURS or not all(HOURS[0] <= one <= HOURS[1] for one in hours):
        raise ValueError(f"one to {MOST_HOURS} times of {HOURS[0]:g} to {HOURS[1]:g} h are looked at")
    layers = skin_layers(skin)
    of, window = solute(setting.solute), target_window(setting.target, layers)
    injected_mm3 = setting.volume_ml * MM3_PER_ML
    fields = injected_mm3 * quarter_cell_after(
        layers.layers(of.diffusivity_mm2_h.middle, of.clearance_per_h.middle),
        depot_of(layers, setting.depth_mm, setting.volume_ml, POROSITY.middle),
        setting.spacing_mm,
        setting.pattern,
        # A drop that lies beside the layer is felt most at its border.
        np.concatenate([layer_midpoints_mm(*window, _DEPTH_SLICES), window]),
        hours,
        samples=_SAMPLES,
    )
    found = []
    for hour, field in zip(hours, fields, strict=True):
        left, mean = _intervals(setting, layers, hour)
        cell = whole_cell(field[..., :_DEPTH_SLICES].mean(axis=2), setting.spacing_mm, setting.pattern)
        found.append(Later(hour, left, mean, float(field.max()), cell))
    return tuple(found)


def _intervals(setting: DropSetting, layers: SkinLayers, hours: float) -> tuple[Interval, Interval]:
    """What is left in the skin, and the mean in the layer as a share of what was injected, over the draws."""
    of = solute(setting.solute)
    nodes = parameter_nodes(of, decays=DECAYS, porosities=POROSITIES)
    cleared = np.geomspace(of.clearance_per_h.low, of.clearance_per_h.high, _TIMES) * hours
    left, within = _at_nodes(setting, layers, nodes, cleared)
    wide, high = cell_mm(setting.spacing_mm, setting.pattern)
    upper, lower = target_window(setting.target, layers)
    points = 1 if setting.pattern == "square" else 2
    per_mm3 = points * setting.volume_ml * MM3_PER_ML / (wide * high * (lower - upper))
    diffusivity, clearance, porosity = transport_draws(of)
    weights = reading_weights(nodes, clearance / diffusivity, porosity)
    return tuple(  # type: ignore[return-value]
        interval(factor * _read(weights, values, cleared, clearance * hours))
        for factor, values in ((1.0, left), (per_mm3, within))
    )


def _at_nodes(
    setting: DropSetting, layers: SkinLayers, nodes: ParameterNodes, cleared: Floats
) -> tuple[Floats, Floats]:
    """Share of the dose in the skin, and in the layer aimed at, (a, b, times); times are those of a clearance of 1."""
    left = np.empty((len(nodes.decay_per_mm2), len(nodes.porosity), len(cleared)))
    within = np.empty_like(left)
    for a, row in enumerate(uptakes_at(setting, layers, nodes)):
        for b, uptake in enumerate(row):
            left[a, b], within[a, b] = uptake.amount_left(cleared), uptake.amount_in_window(cleared)
    return left, within


def _read(weights: Floats, values: Floats, times: Floats, at: Floats) -> Floats:
    """Values (a, b, times) read off for each draw (n,) at its own time: straight between the times' logarithms."""
    logs = np.log(np.maximum(values, _LEAST_SHARE)).reshape(-1, len(times))
    curves = weights @ logs
    place = np.clip(np.log(at / times[0]) / np.log(times[1] / times[0]), 0.0, len(times) - 1.001)
    before = place.astype(int)
    draw, part = np.arange(len(at)), place - before
    read = (1 - part) * curves[draw, before] + part * curves[draw, before + 1]
    return np.asarray(np.exp(np.minimum(read, 0.0)))
