"""Concentration of one compound in one zone at chosen hours after the injection.

The mean over the layer under a zone is what of each drop lies in that layer at that hour, times the share of it that
lies under the zone: the one exact in depth and time, the other summed over the real points and the real columns with
the exact width (`kernels.layer_content`). If D and k grow alike only the speed changes, so both are worked out at nodes
of k / D and porosity over scaled times k t, and read off for each draw. The place that holds most and how evenly the
layer holds it are those of the full sum of kernels, at the middle of the ranges only. Errors of both are in
docs/validation/exposure.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesoplan.domain.errors import InputError, Problem
from mesoplan.domain.exposure import ExposureSpot, HourFigures, Spread
from mesoplan.kernels.coverage import column_means, coverage, extreme_spots
from mesoplan.kernels.coverage_interval import four_nearest
from mesoplan.kernels.exposure import (
    DepotKernel,
    Plane,
    depot_kernel,
    depots_at,
    exposure_field,
    kernel_table,
    layer_midpoints_mm,
)
from mesoplan.kernels.kernel_store import kept_kernel
from mesoplan.kernels.layer_content import LayerContent, blurred_disc, depot_variance_mm2, layer_content
from mesoplan.kernels.solutes import POROSITY, SkinLayers, Solute
from mesoplan.planning.drop import DEPTH_SLICES, depot_of
from mesoplan.planning.exposure_drops import Drop, Ground
from mesoplan.planning.exposure_figures import Draws, Sources, draws_of, nodes_of, spread_of

Floats = NDArray[np.floating[Any]]

LEAST_HOURS, LONGEST_HOURS = 0.05, 168.0
MOST_HOURS = 6
"""How many hours may be asked about at once."""

HELD_FROM = 0.5
"""Share of an hour's mean from which a part of the layer counts as holding it."""

_TIMES = 64
_WIDTHS = 40
_BIN_MM = 0.1
_REACH_MM = 150.0
"""Farther than anything spreads in the longest time."""

_LEAST_SHARE = 1e-9
_LEAST_FOR_A_PLACE = 1e-6
"""Share of the dose in the layer below which kernels at a time are mostly rounding."""

_MM3_IN_ML = 1000.0


class OwnDose(NamedTuple):
    """What the zone's own points bring.

    Attributes
    ----------
    shares : kinds of drop, with their shares of the zone's dose
    largest : dose of the drop that all doses are relative to [mg, or mL where mg are not known]
    injected_per_ml : mean concentration of what is injected, in the same unit per mL
    in_mg : bool
    """

    shares: tuple[tuple[Drop, float], ...]
    largest: float
    injected_per_ml: float
    in_mg: bool


def hours_of(parts: Iterable[str | float]) -> tuple[float, ...]:
    """Return the hours that were asked about, each once, the earliest first.

    Raises
    ------
    InputError
        Naming the field `hours`: for what is no number, less than 0.05 or more than 168, none at all, more than six.
    """
    wanted = [_hour(part) for part in parts]
    if not 1 <= len(wanted) <= MOST_HOURS:
        raise _refused(f"{len(wanted)} were given; allowed: 1 to {MOST_HOURS}")
    return tuple(sorted(set(wanted)))


def _hour(part: str | float) -> float:
    try:
        hour = float(part)
    except ValueError:
        hour = math.nan
    if not LEAST_HOURS <= hour <= LONGEST_HOURS:
        raise _refused(f"“{part}” is not a number of hours; allowed: {LEAST_HOURS:g} to {LONGEST_HOURS:g}")
    return hour


def _refused(text: str) -> InputError:
    return InputError("exposure", [Problem("hours", text)])


@lru_cache(maxsize=128)
def figures_at_hours(
    sources: Sources, own: OwnDose, ground: Ground, solute: Solute, hours: tuple[float, ...], folder: Path | None
) -> tuple[HourFigures, ...]:
    """Return the figures of one compound in one zone at some hours.

    Parameters
    ----------
    sources : Sources
        Doses relative to the largest, points of adjoining zones too.
    own : OwnDose
    ground, solute
    hours
        As `hours_of` returns them.
    folder : Path or None
        Where kernels are kept; None keeps none.
    """
    draws, at = draws_of(solute), np.array(hours)
    per_ml = own.largest * _MM3_IN_ML / volume_mm3(ground)
    under = over_draws(under_zone(sources, ground, solute), draws, solute, at) * per_ml
    left = over_draws(_left(own.shares, ground, solute), draws, solute, at)
    found = []
    for number, hour in enumerate(hours):
        held, highest = _at_middle(sources, ground, solute, hour, folder)
        figures = HourFigures(
            hours=hour,
            of_injected=_share(under[:, number] / own.injected_per_ml),
            mean=spread_of(_cut(under[:, number], own.injected_per_ml)) if own.in_mg else None,
            left=_share(np.minimum(left[:, number], 1.0)),
            half_or_more=held,
            highest=highest,
        )
        found.append(figures)
    return tuple(found)


def _share(values: Floats) -> Spread:
    return spread_of(_cut(values, 1.0))


def _cut(values: Floats, whole: float) -> Floats:
    """Values, 0 where they are less than any that can be told from rounding."""
    return np.where(values < _LEAST_SHARE * whole, 0.0, values)


def volume_mm3(ground: Ground) -> float:
    """Volume of the layer under the zone [mm3]."""
    upper, lower = ground.window
    return float(ground.plane.inside.sum()) * ground.plane.grid.spacing_mm**2 * (lower - upper)


def scaled_hours(solute: Solute) -> Floats:
    """Return the times at a clearance of 1 per hour that all hours and draws lie between, even in the logarithm."""
    clearance = solute.clearance_per_h
    return np.geomspace(clearance.low * LEAST_HOURS, clearance.high * LONGEST_HOURS, _TIMES)


def over_draws(at_nodes: Floats, draws: Draws, solute: Solute, hours: Floats) -> Floats:
    """Amounts (a, b, times) read off at the draws and hours, (n, hours): cubic in all three logarithms."""
    logarithm = np.log(np.maximum(at_nodes, 1e-14)).reshape(-1, at_nodes.shape[2])
    curves = draws.weights @ logarithm
    first, weights = four_nearest(scaled_hours(solute), (draws.clearance[:, None] * hours).ravel())
    rows = np.repeat(np.arange(len(curves)), len(hours))[:, None]
    read = (curves[rows, first] * weights).sum(axis=1)
    return np.asarray(np.exp(read).reshape(len(curves), len(hours)))


@lru_cache(maxsize=64)
def under_zone(sources: Sources, ground: Ground, solute: Solute) -> Floats:
    """Amount in the layer under the zone, relative to the largest dose, at the nodes and scaled times (a, b, times)."""
    nodes = nodes_of(solute)
    amount = np.zeros((len(nodes.decay_per_mm2), len(nodes.porosity), _TIMES))
    for kind, drop in enumerate(sources.kinds):
        columns = _columns_about(sources, kind, ground)
        for b, porosity in enumerate(nodes.porosity.tolist()):
            share = _Widths(columns, ground, drop, porosity, solute)
            for a, decay in enumerate(nodes.decay_per_mm2.tolist()):
                content = content_of(ground, drop, decay, porosity)
                times = scaled_hours(solute) / decay
                amount[a, b] += content.content_after(times) * share.at(content.variance_mm2(times))
    return amount


@lru_cache(maxsize=64)
def _left(shares: tuple[tuple[Drop, float], ...], ground: Ground, solute: Solute) -> Floats:
    """Share of the zone's own dose that is left in skin and fat, at the nodes and scaled times (a, b, times)."""
    nodes = nodes_of(solute)
    left = np.zeros((len(nodes.decay_per_mm2), len(nodes.porosity), _TIMES))
    for a, decay in enumerate(nodes.decay_per_mm2.tolist()):
        for b, porosity in enumerate(nodes.porosity.tolist()):
            for drop, share in shares:
                left[a, b] += share * content_of(ground, drop, decay, porosity).left_after(scaled_hours(solute) / decay)
    return left


def content_of(ground: Ground, drop: Drop, decay: float, porosity: float) -> LayerContent:
    """Return what of a drop lies in the layer, at D = 1 mm2/h: for another D time runs as much faster."""
    return _content(ground.layers, ground.window, drop, decay, porosity)


@lru_cache(maxsize=600)
def _content(
    layers: SkinLayers, window: tuple[float, float], drop: Drop, decay: float, porosity: float
) -> LayerContent:
    return layer_content(layers.layers(1.0, decay), depot_of(layers, drop.depth_mm, drop.volume_ml, porosity), window)


def _columns_about(sources: Sources, kind: int, ground: Ground) -> Floats:
    """Columns of the zone by how far they are from drops of a kind, each times the dose, in steps of 0.1 mm."""
    places = ground.plane.grid.places()[ground.plane.inside.ravel()]
    counts = np.zeros(round(_REACH_MM / _BIN_MM))
    for x, y, dose, one in zip(sources.x_mm, sources.y_mm, sources.dose, sources.kind, strict=True):
        if one == kind:
            steps = (np.hypot(places[:, 0] - x, places[:, 1] - y) / _BIN_MM).astype(np.intp)
            counts += dose * np.bincount(steps[steps < len(counts)], minlength=len(counts))
    return counts


class _Widths:
    """How much of a kind's doses lies under the zone, over the variance of where it lies."""

    def __init__(self, columns: Floats, ground: Ground, drop: Drop, porosity: float, solute: Solute) -> None:
        depot = depot_of(ground.layers, drop.depth_mm, drop.volume_ml, porosity)
        own = depot_variance_mm2(depot)
        longest = LONGEST_HOURS * solute.diffusivity_mm2_h.high
        self.variance = np.geomspace(own / 2, 2 * own + 2 * longest, _WIDTHS)
        radii = (np.arange(len(columns)) + 0.5) * _BIN_MM
        disc = np.minimum(2 * math.sqrt(own), 2 * np.sqrt(self.variance))
        spacing = ground.plane.grid.spacing_mm
        # Half a spacing of blur: an edge sharper than that would count too many or too few columns.
        sigma = np.sqrt(np.maximum(self.variance - disc**2 / 4, (spacing / 2) ** 2))
        under = [
            spacing**2 * (columns @ _whole(radii, *one)) for one in zip(disc.tolist(), sigma.tolist(), strict=True)
        ]
        self.under = np.array(under)

    def at(self, variance_mm2: Floats) -> Floats:
        """Return the amount under the zone at some variances."""
        return np.asarray(np.interp(np.log(variance_mm2), np.log(self.variance), self.under))


def _whole(radii_mm: Floats, disc_mm: float, sigma_mm: float) -> Floats:
    """The blurred disc at the middles of rings, scaled to hold a unit on them."""
    density = blurred_disc(radii_mm, disc_mm, sigma_mm)
    return np.asarray(density / (density * 2 * math.pi * radii_mm * _BIN_MM).sum())


@lru_cache(maxsize=256)
def _at_middle(
    sources: Sources, ground: Ground, solute: Solute, hour: float, folder: Path | None
) -> tuple[float | None, ExposureSpot | None]:
    """Part of the layer that holds half of its mean or more, and the place that holds most; None each where hardly
    anything is left."""
    decay = solute.clearance_per_h.middle / solute.diffusivity_mm2_h.middle
    scaled = hour * solute.diffusivity_mm2_h.middle
    contents = [content_of(ground, drop, decay, POROSITY.middle) for drop in sources.kinds]
    if max(float(one.content_after(scaled)) for one in contents) < _LEAST_FOR_A_PLACE:
        return None, None
    table = kernel_table([[kernel_at_hour(ground, drop, solute, hour, folder)] for drop in sources.kinds])
    grid = ground.plane.grid
    plane = Plane(grid.x0_mm, grid.y0_mm, grid.spacing_mm, grid.columns, grid.rows)
    depots = depots_at(np.array(sources.x_mm), np.array(sources.y_mm), np.array(sources.dose), np.array(sources.kind))
    field = exposure_field(table, depots, plane, threads=1)
    held = coverage(table, field, ground.plane.inside, (HELD_FROM,), threads=1).reached[0, 0]
    spots = extreme_spots(column_means(table, field, ground.plane.inside)[0], plane, coldest=False)
    placed = ((ground.plane.place_at(one.x_mm, one.y_mm), one.share) for one in spots)
    highest = next((ExposureSpot(at=at, share=round(share, 4)) for at, share in placed if at is not None), None)
    return round(float(held), 4), highest


def kernel_at_hour(ground: Ground, drop: Drop, solute: Solute, hour: float, folder: Path | None) -> DepotKernel:
    """Return the kernel of a drop at an hour at the middle of the ranges."""
    spread = solute.diffusivity_mm2_h.middle
    layers = ground.layers.layers(spread, solute.clearance_per_h.middle)
    depot = depot_of(ground.layers, drop.depth_mm, drop.volume_ml, POROSITY.middle)
    depths = layer_midpoints_mm(*ground.window, DEPTH_SLICES)
    if folder is None:
        return depot_kernel(layers, depot, depths, hours=hour)
    return kept_kernel(folder, layers, depot, depths, hours=hour)
