"""How long a drop stays, and what the blood gets of it, as intervals over the stated ranges.

Worked out at a few nodes of k / D and porosity with a clearance of 1 per hour and read off for each draw: an uptake at
another clearance is the same in scaled time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mesoplan.kernels.coverage_interval import (
    Interval,
    ParameterNodes,
    interval,
    parameter_nodes,
    read_between,
    transport_draws,
)
from mesoplan.kernels.depot import Depot
from mesoplan.kernels.solutes import SkinLayers, Solute, solute
from mesoplan.kernels.uptake import Uptake, depot_uptake
from mesoplan.planning.blood_levels import body_draws, peak_in_blood
from mesoplan.planning.drop import depot_of, target_window
from mesoplan.planning.drop_view import DropSetting, Floats

AFTER_HOURS = 24.0
DECAYS, POROSITIES = 4, 4
_SCALED_HOURS = np.concatenate([[0.0], np.geomspace(2e-3, 2e3, 56)])
"""Hours at a clearance of 1 per hour."""


@dataclass(frozen=True)
class Stay:
    """Hours until half of the dose is left in the skin, the share that the blood has taken up after a day, and the
    highest concentration in the blood for each mg injected [mg/L], None where the body's kinetics are not known."""

    half_hours: Interval
    after_a_day: Interval
    peak_per_mg: Interval | None


def stay_of(setting: DropSetting, layers: SkinLayers) -> Stay:
    """Return how long the drops stay; neighbours do not change that."""
    known = solute(setting.solute)
    nodes = parameter_nodes(known, decays=DECAYS, porosities=POROSITIES)
    taken = np.array([[_curve(one) for one in row] for row in uptakes_at(setting, layers, nodes)])
    diffusivity, clearance, porosity = transport_draws(known)
    decay = clearance / diffusivity
    curves = np.stack([read_between(nodes, taken[:, :, one], decay, porosity) for one in range(taken.shape[2])], 1)
    curves = np.maximum.accumulate(curves, axis=1)
    hours = _SCALED_HOURS / clearance[:, None]
    half = np.array([np.interp(0.5, curve, time) for curve, time in zip(curves, hours, strict=True)])
    day = np.array([np.interp(AFTER_HOURS, time, curve) for curve, time in zip(curves, hours, strict=True)])
    return Stay(interval(half), interval(day), _peak(known, curves, hours))


def _peak(known: Solute, curves: Floats, hours: Floats) -> Interval | None:
    if known.body is None:
        return None
    peak, _ = peak_in_blood(curves, hours, *body_draws(known.body))
    return interval(peak)


def uptakes_at(setting: DropSetting, layers: SkinLayers, nodes: ParameterNodes) -> tuple[tuple[Uptake, ...], ...]:
    """Return the uptake of one drop at each node (a, b), with a clearance of 1 per hour and the layer aimed at."""
    depots = tuple(depot_of(layers, setting.depth_mm, setting.volume_ml, one) for one in nodes.porosity.tolist())
    return _uptakes(layers, depots, tuple(nodes.decay_per_mm2.tolist()), target_window(setting.target, layers))


@lru_cache(maxsize=64)
def _uptakes(
    layers: SkinLayers, depots: tuple[Depot, ...], decays: tuple[float, ...], window_mm: tuple[float, float]
) -> tuple[tuple[Uptake, ...], ...]:
    return tuple(
        tuple(depot_uptake(layers.layers(1.0 / decay, 1.0), depot, window_mm) for depot in depots) for decay in decays
    )


def _curve(uptake: Uptake) -> Floats:
    return np.asarray(np.clip(1.0 - uptake.amount_left(_SCALED_HOURS), 0.0, 1.0))
