"""Exposure of a lattice without end, as a sum over the lattice's own waves: no kernel in the plane, no superposition.

What repeats itself in the plane is a sum of the waves that repeat with it, so the Hankel transform that
:mod:`mesoplan.kernels.layered_diffusion` solves for is wanted at the lattice's wave numbers alone,

    exposure(x, y, z) = 2 pi / A sum over (m, n) of u(kappa_mn, z) cos(2 pi m x / wide) cos(2 pi n y / high),

A being the area of the cell of `wide` x `high`, u the transform of one depot. A triangular lattice has two points in
such a cell, and only its waves with m + n even. The concentration at an hour (:func:`quarter_cell_after`) is the same
sum over the contour of layered_diffusion, which needs fewer waves the later it is. Early on edges are sharp, waves many
and drops not yet wide: then the drops near by are added up. One lattice costs a few milliseconds by its waves; where
many lattices share their depots, or points stand at will, kernels that are made once and added up are the cheaper way
(:mod:`mesoplan.kernels.lattice_coverage`).

Errors: waves are cut where the depot's edge is resolved (`FINENESS`); against kernels that are added up the share
of a layer above half of its mean differs by less than half a percentage point (tests/kernels/test_lattice_waves.py).
Limits as in layered_diffusion.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.depot import Depot
from mesoplan.kernels.exposure import Plane, by_solute, depot_kernel, depots_at, exposure_field, kernel_table
from mesoplan.kernels.lattice_coverage import LEAST_SPACING_MM, Pattern
from mesoplan.kernels.layered_diffusion import (
    Layers,
    check_hours,
    place_elements,
    profiles_after,
    solve_elements,
    source_transform,
    values_at,
)

Floats = NDArray[np.floating[Any]]

FINENESS = 32.0
LEAST_PER_MM = 8.0
"""Waves are summed up to this wave number at least, however wide the depot is: layers are thin."""
MOST_WAVES = 96
"""Each way; reached by drops that are tiny for their spacing, whose edge is then softer than it is."""
FADED = 3.0
"""D t times the square of the last wave that is summed, from which on what lies beyond it has faded."""


def cell_mm(spacing_mm: float, pattern: Pattern) -> tuple[float, float]:
    """Return width and height of the smallest upright cell that repeats itself [mm]."""
    return spacing_mm, spacing_mm if pattern == "square" else 2 * spacing_mm * math.sqrt(0.75)


def quarter_cell(
    layers: Layers,
    depot: Depot,
    spacing_mm: float,
    pattern: Pattern,
    depths_mm: Floats,
    *,
    samples: int,
    fineness: float = FINENESS,
) -> Floats:
    """Return the exposure of a lattice relative to its mean, in a piece that stands for all of it.

    Parameters
    ----------
    layers, depot
        The skin as the solute meets it, and the depot at every point.
    spacing_mm, pattern
        The lattice; a point lies at the origin.
    depths_mm : (z,)
        Middles of equal slices of the layer that is looked at [mm].
    samples : int
        Columns each way, at the middles of equal pieces of half a spacing and half the distance between rows.
    fineness : float
        Waves go up to so many radians a radius of the depot, above 0; half of the default will do for a search.

    Returns
    -------
    (samples, samples, z), rows along y; the mean of all is 1.

    Raises
    ------
    ValueError
        For a spacing below 0.5 mm or that is no number, and where the depot reaches below the lowest layer.
    """
    waves = _waves(depot, spacing_mm, pattern, samples, _furthest_per_mm(depot, fineness))
    elements = place_elements(layers, depot)
    loads = source_transform(elements, depot, waves.single)
    decay = elements.diffusivity * waves.single[:, None] ** 2 + elements.clearance
    profiles = values_at(elements, *solve_elements(elements, loads, decay), np.asarray(depths_mm, dtype=float))
    return np.asarray(np.maximum(waves.summed(profiles), 0.0) / waves.mean_of(profiles))


def quarter_cell_after(
    layers: Layers,
    depot: Depot,
    spacing_mm: float,
    pattern: Pattern,
    depths_mm: Floats,
    hours: Sequence[float],
    *,
    samples: int,
) -> Floats:
    """Return the concentration of a lattice at some hours, in a piece that stands for all of it.

    Parameters are those of :func:`quarter_cell`, and:

    hours : (h,)
        Times after all depots were set down at once [h], > 0. An early one takes as long as the kernel of that hour
        (:func:`mesoplan.kernels.layered_diffusion.concentration_kernel`).

    Returns
    -------
    (h, samples, samples, z) concentration of a unit amount a depot [1/mm3].

    Raises
    ------
    ValueError
        As :func:`quarter_cell`, and for a time that is not above 0.
    """
    for one in hours:
        check_hours(one)
    _check_lattice(spacing_mm, samples)
    depths = np.asarray(depths_mm, dtype=float)
    furthest = min(_furthest_per_mm(depot), MOST_WAVES * 2 * math.pi / max(cell_mm(spacing_mm, pattern)))
    soonest = FADED / (min(layers.diffusivity_mm2_h) * furthest**2)
    sums = (_waves_after if one >= soonest else _drops_after for one in hours)
    return np.array(
        [add(layers, depot, spacing_mm, pattern, depths, one, samples) for add, one in zip(sums, hours, strict=True)]
    )


def _furthest_per_mm(depot: Depot, fineness: float = FINENESS) -> float:
    return max(fineness / depot.radius_mm, LEAST_PER_MM)


def _waves_after(
    layers: Layers, depot: Depot, spacing_mm: float, pattern: Pattern, depths_mm: Floats, hours: float, samples: int
) -> Floats:
    # exp(-20) of a wave is left at most of what lies beyond.
    longest = math.sqrt(20.0 / (min(layers.diffusivity_mm2_h) * hours))
    furthest = max(min(_furthest_per_mm(depot), longest), 2 * math.pi / spacing_mm)
    waves = _waves(depot, spacing_mm, pattern, samples, furthest)
    profiles = profiles_after(place_elements(layers, depot), depot, waves.single, depths_mm, hours)
    wide, high = cell_mm(spacing_mm, pattern)
    per_mm2 = (1 if pattern == "square" else 2) / (wide * high)
    return np.asarray(np.maximum(waves.summed(profiles), 0.0) * 2 * math.pi * per_mm2)


def _drops_after(
    layers: Layers, depot: Depot, spacing_mm: float, pattern: Pattern, depths_mm: Floats, hours: float, samples: int
) -> Floats:
    table = kernel_table([[depot_kernel(layers, depot, depths_mm, hours=hours)]])
    apart = cell_mm(spacing_mm, pattern)[1] / (1 if pattern == "square" else 2)
    lines, places = (math.ceil(table.reach_mm / each) + 1 for each in (apart, spacing_mm))
    row, column = np.mgrid[-lines : lines + 1, -places : places + 1]
    shift = np.where(row % 2, spacing_mm / 2, 0.0) if pattern == "triangular" else 0.0
    depots = depots_at((column * spacing_mm + shift).ravel(), (row * apart).ravel())
    step = spacing_mm / 2 / samples
    planes = (Plane(step / 2, (line + 0.5) * apart / 2 / samples, step, samples, 1) for line in range(samples))
    fields = [exposure_field(table, depots, plane, threads=1) for plane in planes]
    return by_solute(table, np.concatenate(fields))[:, :, 0].astype(float)


@dataclass(frozen=True)
class _Waves:
    """The waves of a lattice: their different wave numbers [1/mm] (s,), which of these each has and its weight (n, m),
    and the waves at the columns that are asked about (m, x) and (n, y)."""

    single: Floats
    places: Any
    weights: Floats
    x: Floats
    y: Floats

    def summed(self, profiles: Floats) -> Floats:
        """Sum over the waves, (y, x, z), of profiles (s, z)."""
        each = profiles[self.places].reshape(*self.weights.shape, -1) * self.weights[:, :, None]
        return np.asarray(np.einsum("nmz,mi,nj->jiz", each, self.x, self.y, optimize=True))

    def mean_of(self, profiles: Floats) -> float:
        """Mean over plane and depths: the wave that does not change over the plane."""
        return float(profiles[self.places.ravel()[0]].mean())


def _waves(depot: Depot, spacing_mm: float, pattern: Pattern, samples: int, furthest_per_mm: float) -> _Waves:
    _check_lattice(spacing_mm, samples)
    sizes = cell_mm(spacing_mm, pattern)
    across, along = (np.arange(min(int(furthest_per_mm * size / (2 * math.pi)) + 2, MOST_WAVES)) for size in sizes)
    kappa = 2 * math.pi * np.hypot(across / sizes[0], along[:, None] / sizes[1])
    weights = np.where(along > 0, 2.0, 1.0)[:, None] * np.where(across > 0, 2.0, 1.0)
    if pattern == "triangular":
        weights *= (across + along[:, None]) % 2 == 0
    weights *= kappa <= furthest_per_mm
    single, places = np.unique(np.round(np.where(weights > 0, kappa, 0.0), 9), return_inverse=True)
    step = (np.arange(samples) + 0.5) / samples
    # The piece is half a cell wide, and half a row high: two rows make a triangular cell.
    x = np.cos(math.pi * across[:, None] * step)
    y = np.cos(math.pi * along[:, None] * step / (1 if pattern == "square" else 2))
    # The mean is the wave of length 0, whose quotients have a limit that is not 0 / 0.
    return _Waves(np.maximum(single, 1e-6), places.reshape(kappa.shape), weights, x, y)


def _check_lattice(spacing_mm: float, samples: int) -> None:
    if not (math.isfinite(spacing_mm) and spacing_mm >= LEAST_SPACING_MM) or samples < 1:
        raise ValueError(f"points of a lattice lie at least {LEAST_SPACING_MM:g} mm apart, with a sample or more")
