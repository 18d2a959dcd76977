"""Figures of one compound in one zone: kernels at the nodes of what is not known, summed over the real points.

Coverage and histogram are worked out at nodes of k / D and porosity and read off between them for each draw
(`kernels.coverage_interval`); how far that is from working each draw out is written in docs/validation/exposure.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.domain.exposure import ExposureSpot, HistogramStep, Spread, ZoneFigures
from mesoplan.imaging.unfolded_zone import UnfoldedZone
from mesoplan.kernels.coverage import column_means, coverage, extreme_spots
from mesoplan.kernels.coverage_interval import (
    ParameterNodes,
    interval,
    parameter_nodes,
    reading_weights,
    transport_draws,
)
from mesoplan.kernels.exposure import (
    DepotKernel,
    KernelTable,
    Plane,
    depot_kernel,
    depots_at,
    exposure_field,
    kernel_table,
    layer_midpoints_mm,
)
from mesoplan.kernels.kernel_store import kept_kernel
from mesoplan.kernels.solutes import SkinLayers, Solute
from mesoplan.kernels.uptake import Uptake, depot_uptake
from mesoplan.planning.drop import COVERAGE_SHARE, DEPTH_SLICES, depot_of
from mesoplan.planning.exposure_drops import Drop, Ground

Floats = NDArray[np.floating[Any]]

DECAYS, POROSITIES = 7, 5
"""Nodes of k / D and of porosity, both odd so that the middle is one of them."""

HISTOGRAM_SHARES = (0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
COLD_SPOTS, HOT_SPOTS, SPOTS_APART_MM = 5, 5, 5.0
HOT_FROM = 2.0
"""Share of the mean from which a place counts as hot (basis: proposal)."""

_MM3_IN_ML = 1000.0


@dataclass(frozen=True)
class Sources:
    """Drops on the plane of a zone: kinds, and for each drop x and y [mm], number of its kind and relative dose."""

    kinds: tuple[Drop, ...]
    x_mm: tuple[float, ...]
    y_mm: tuple[float, ...]
    kind: tuple[int, ...]
    dose: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Draws:
    """The draws of a solute: D [mm2/h] and k [1/h] (n,), and by what each node counts at them (n, a * b)."""

    diffusivity: Floats
    clearance: Floats
    weights: Floats

    def read(self, values: Floats) -> Floats:
        """Return fractions (a, b, ...) of the nodes read off at the draws (n, ...)."""
        flat = values.reshape(DECAYS * POROSITIES, -1)
        return np.asarray(np.clip(self.weights @ flat, 0.0, 1.0)).reshape(-1, *values.shape[2:])

    def read_logarithm(self, values: Floats) -> Floats:
        """Return positive values (a, b) of the nodes read off at the draws, even in their logarithm."""
        logarithm = np.log(values)
        low, width = float(logarithm.min()), float(np.ptp(logarithm))
        return np.asarray(np.exp(low + width * self.read((logarithm - low) / (width or 1.0))))


@lru_cache(maxsize=16)
def draws_of(solute: Solute) -> Draws:
    """Return the draws of a solute; the same for every plan."""
    diffusivity, clearance, porosity = transport_draws(solute)
    return Draws(diffusivity, clearance, reading_weights(nodes_of(solute), clearance / diffusivity, porosity))


@dataclass(frozen=True, eq=False)
class AtNodes:
    """Mean [h/mm3 per unit of dose, at D = 1] (a, b), parts reached (a, b, shares), and the map at the middle node."""

    mean: Floats
    reached: Floats
    shares_of_mean: Floats


def nodes_of(solute: Solute) -> ParameterNodes:
    """Return the nodes of a solute."""
    return parameter_nodes(solute, decays=DECAYS, porosities=POROSITIES)


@lru_cache(maxsize=256)
def at_nodes(sources: Sources, ground: Ground, solute: Solute, folder: Path | None) -> AtNodes:
    """Work coverage out at every node; remembered, so that only the zone whose point moved is worked out again.

    Raises
    ------
    ValueError
        With the reason, where a drop makes no depot.
    """
    nodes = nodes_of(solute)
    grid = ground.plane.grid
    plane = Plane(grid.x0_mm, grid.y0_mm, grid.spacing_mm, grid.columns, grid.rows)
    depots = depots_at(np.array(sources.x_mm), np.array(sources.y_mm), np.array(sources.dose), np.array(sources.kind))
    mean = np.zeros((DECAYS, POROSITIES))
    reached = np.zeros((DECAYS, POROSITIES, len(HISTOGRAM_SHARES)))
    shares = np.zeros(0)
    for a, decay in enumerate(nodes.decay_per_mm2.tolist()):
        for b, porosity in enumerate(nodes.porosity.tolist()):
            table = _table(ground.layers, ground.window, sources.kinds, decay, porosity, folder)
            field = exposure_field(table, depots, plane, threads=1)
            found = coverage(table, field, ground.plane.inside, HISTOGRAM_SHARES, threads=1)
            mean[a, b], reached[a, b] = found.mean[0], found.reached[0]
            if (a, b) == (DECAYS // 2, POROSITIES // 2):
                shares = column_means(table, field, ground.plane.inside)[0]
    return AtNodes(mean, reached, shares)


def _table(
    layers: SkinLayers,
    window: tuple[float, float],
    kinds: tuple[Drop, ...],
    decay: float,
    porosity: float,
    folder: Path | None,
) -> KernelTable:
    return kernel_table([[_kernel(layers, window, kind, decay, porosity, folder)] for kind in kinds])


@lru_cache(maxsize=600)
def _kernel(
    layers: SkinLayers, window: tuple[float, float], kind: Drop, decay: float, porosity: float, folder: Path | None
) -> DepotKernel:
    """The kernel at D = 1 mm2/h: coverage depends on k / D alone."""
    skin, depot = layers.layers(1.0, decay), depot_of(layers, kind.depth_mm, kind.volume_ml, porosity)
    depths = layer_midpoints_mm(*window, DEPTH_SLICES)
    return depot_kernel(skin, depot, depths) if folder is None else kept_kernel(folder, skin, depot, depths)


@lru_cache(maxsize=600)
def uptake_of(layers: SkinLayers, kind: Drop, decay: float, porosity: float) -> Uptake:
    """Return what is left of a drop in the skin, at D = 1 mm2/h: for another D time runs as much faster."""
    return depot_uptake(layers.layers(1.0, decay), depot_of(layers, kind.depth_mm, kind.volume_ml, porosity))


def mixed_uptake(parts: list[tuple[Uptake, float]]) -> Uptake:
    """Return the uptake of several drops together, by their shares of the dose: a sum of exponentials too."""
    rates, left, blood = (
        np.concatenate(column)
        for column in zip(
            *((one.rates_per_h, one.left * share, one.into_blood_per_h * share) for one, share in parts), strict=True
        )
    )
    order = np.argsort(rates)
    return Uptake(rates[order], left[order], blood[order])


@lru_cache(maxsize=256)
def figures_of(
    sources: Sources,
    own: tuple[tuple[Drop, float], ...],
    ground: Ground,
    solute: Solute,
    dose_mg: float | None,
    folder: Path | None,
) -> ZoneFigures:
    """Return the figures of one compound in one zone.

    Parameters
    ----------
    sources : Sources
        Doses relative to the largest.
    own : kinds of drop of the zone itself, with their shares of its dose
    ground, solute
    dose_mg : float or None
        The largest dose of a drop; None where it is not known in mg.
    folder : Path or None
        Where kernels are kept; None keeps them in memory only.
    """
    found, draws = at_nodes(sources, ground, solute, folder), draws_of(solute)
    steps = [spread_of(values) for values in draws.read(found.reached).T]
    at = HISTOGRAM_SHARES.index(COVERAGE_SHARE)
    return ZoneFigures(
        coverage=steps[at],
        mean_exposure=None if dose_mg is None else _mean(found.mean, draws, dose_mg),
        histogram=tuple(HistogramStep(share=s, reached=one) for s, one in zip(HISTOGRAM_SHARES, steps, strict=True)),
        cold=_spots(found.shares_of_mean, ground, coldest=True),
        hot=_spots(found.shares_of_mean, ground, coldest=False),
        hours_half=spread_of(draws.read_logarithm(_half_at_nodes(own, ground.layers, solute)) / draws.diffusivity),
        nodes=tuple(tuple(round(value, 6) for value in row) for row in found.reached[:, :, at].tolist()),
    )


def spread_of(values: Floats) -> Spread:
    """Return the middle of values over the draws with their 90 % interval."""
    found = interval(values)
    return Spread(low=found.low, middle=found.middle, high=found.high)


def _mean(mean: Floats, draws: Draws, dose_mg: float) -> Spread | None:
    if not (mean > 0).all():
        return None
    return spread_of(draws.read_logarithm(mean) / draws.diffusivity * dose_mg * _MM3_IN_ML)


@lru_cache(maxsize=256)
def _half_at_nodes(own: tuple[tuple[Drop, float], ...], layers: SkinLayers, solute: Solute) -> Floats:
    """Hours until half is left at D = 1 mm2/h, (a, b)."""
    nodes = nodes_of(solute)
    hours = [
        mixed_uptake([(uptake_of(layers, kind, decay, porosity), share) for kind, share in own]).hours_until_left(0.5)
        for decay in nodes.decay_per_mm2.tolist()
        for porosity in nodes.porosity.tolist()
    ]
    return np.array(hours).reshape(DECAYS, POROSITIES)


def _spots(shares: Floats, ground: Ground, *, coldest: bool) -> tuple[ExposureSpot, ...]:
    """Places that get least, as far from the edge as the points were to stay, and under the share that is covered;
    or that get most, and more than `HOT_FROM` of the mean."""
    plane: UnfoldedZone = ground.plane
    looked_at = np.where(shares > HOT_FROM, shares, np.nan)
    if coldest:
        far = plane.edge_mm > min(ground.edge_margin_mm, 0.8 * float(plane.edge_mm.max()))
        looked_at = np.where(far & (shares < COVERAGE_SHARE), shares, np.nan)
    grid = plane.grid
    on = Plane(grid.x0_mm, grid.y0_mm, grid.spacing_mm, grid.columns, grid.rows)
    count = COLD_SPOTS if coldest else HOT_SPOTS
    found = extreme_spots(looked_at, on, coldest=coldest, count=count, apart_mm=SPOTS_APART_MM)
    placed = ((plane.place_at(one.x_mm, one.y_mm), one.share) for one in found)
    return tuple(ExposureSpot(at=at, share=round(share, 4)) for at, share in placed if at is not None)
