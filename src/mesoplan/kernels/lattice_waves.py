"""Exposure of a lattice without end, as a sum over the lattice's own waves: no kernel in the plane, no superposition.

What repeats itself in the plane is a sum of the waves that repeat with it, so the Hankel transform that
:mod:`mesoplan.kernels.layered_diffusion` solves for is wanted at the lattice's wave numbers alone,

    exposure(x, y, z) = 2 pi / A sum over (m, n) of u(kappa_mn, z) cos(2 pi m x / wide) cos(2 pi n y / high),

A being the area of the cell of `wide` x `high`, u the transform of one depot. A triangular lattice has two points in
such a cell, and only its waves with m + n even. The concentration at an hour is the same sum over the contour of
layered_diffusion (:func:`quarter_cell_after`), which cuts more waves the later it is. One lattice costs a few
milliseconds; where many lattices share their depots, or points stand at will, kernels that are made once and added up
are the cheaper way (:mod:`mesoplan.kernels.lattice_coverage`).

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
from mesoplan.kernels.lattice_coverage import LEAST_SPACING_MM, Pattern
from mesoplan.kernels.layered_diffusion import (
    Layers,
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
    waves = _waves(depot, spacing_mm, pattern, samples, max(fineness / depot.radius_mm, LEAST_PER_MM))
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
        Times after all depots were set down at once [h], > 0. Soon after that, while the smallest D t is below 0.001
        of the depot's radius squared, its edge rings.

    Returns
    -------
    (h, samples, samples, z) concentration of a unit amount a depot [1/mm3].

    Raises
    ------
    ValueError
        As :func:`quarter_cell`, and for a time that is not above 0.
    """
    if not all(math.isfinite(one) and one > 0 for one in hours):
        raise ValueError(f"times of {', '.join(f'{one:g}' for one in hours)} h are not all after the injection")
    return np.array([_cell_after(layers, depot, spacing_mm, pattern, depths_mm, one, samples) for one in hours])


def _cell_after(
    layers: Layers, depot: Depot, spacing_mm: float, pattern: Pattern, depths_mm: Floats, hours: float, samples: int
) -> Floats:
    # exp(-20) of a wave is left at most of what lies beyond.
    longest = math.sqrt(20.0 / (min(layers.diffusivity_mm2_h) * hours))
    furthest = min(max(FINENESS / depot.radius_mm, LEAST_PER_MM), longest)
    waves = _waves(depot, spacing_mm, pattern, samples, max(furthest, 2 * math.pi / spacing_mm))
    depths = np.asarray(depths_mm, dtype=float)
    profiles = profiles_after(place_elements(layers, depot), depot, waves.single, depths, hours)
    wide, high = cell_mm(spacing_mm, pattern)
    per_mm2 = (1 if pattern == "square" else 2) / (wide * high)
    return np.asarray(np.maximum(waves.summed(profiles), 0.0) * 2 * math.pi * per_mm2)


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
    if not (math.isfinite(spacing_mm) and spacing_mm >= LEAST_SPACING_MM) or samples < 1:
        raise ValueError(f"points of a lattice lie at least {LEAST_SPACING_MM:g} mm apart, with a sample or more")
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
