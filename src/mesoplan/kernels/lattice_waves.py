"""Exposure of a lattice without end, as a sum over the lattice's own waves: no kernel in the plane, no superposition.

What repeats itself in the plane is a sum of the waves that repeat with it, so the Hankel transform that
:mod:`mesoplan.kernels.layered_diffusion` solves for is wanted at the lattice's wave numbers alone,

    exposure(x, y, z) = 2 pi / A sum over (m, n) of u(kappa_mn, z) cos(2 pi m x / wide) cos(2 pi n y / high),

A being the area of the cell of `wide` x `high`, u the transform of one depot. A triangular lattice has two points in
such a cell, and only its waves with m + n even. One lattice costs a few milliseconds; where many lattices share their
depots, or points stand at will, kernels that are made once and added up are the cheaper way
(:mod:`mesoplan.kernels.lattice_coverage`).

Errors: waves are cut where the depot's edge is resolved (`FINENESS`); against kernels that are added up the share
of a layer above half of its mean differs by less than half a percentage point (tests/kernels/test_lattice_waves.py).
Limits as in layered_diffusion.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.depot import Depot
from mesoplan.kernels.lattice_coverage import LEAST_SPACING_MM, Pattern
from mesoplan.kernels.layered_diffusion import Layers, place_elements, solve_elements, source_transform, values_at

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
    if not (math.isfinite(spacing_mm) and spacing_mm >= LEAST_SPACING_MM) or samples < 1:
        raise ValueError(f"points of a lattice lie at least {LEAST_SPACING_MM:g} mm apart, with a sample or more")
    wide, high = cell_mm(spacing_mm, pattern)
    furthest = max(fineness / depot.radius_mm, LEAST_PER_MM)
    across, along = (np.arange(min(int(furthest * size / (2 * math.pi)) + 2, MOST_WAVES)) for size in (wide, high))
    kappa = 2 * math.pi * np.hypot(across / wide, along[:, None] / high)
    weights = np.where(along > 0, 2.0, 1.0)[:, None] * np.where(across > 0, 2.0, 1.0)
    if pattern == "triangular":
        weights *= (across + along[:, None]) % 2 == 0
    weights *= kappa <= furthest
    profiles = _profiles(layers, depot, np.where(weights > 0, kappa, 0.0), depths_mm)
    step = (np.arange(samples) + 0.5) / samples
    # The piece is half a cell wide, and half a row high: two rows make a triangular cell.
    x = np.cos(math.pi * across[:, None] * step)
    y = np.cos(math.pi * along[:, None] * step / (1 if pattern == "square" else 2))
    whole = np.einsum("nmz,mi,nj->jiz", profiles * weights[:, :, None], x, y, optimize=True)
    return np.asarray(np.maximum(whole, 0.0) / profiles[0, 0].mean())


def _profiles(layers: Layers, depot: Depot, kappa: Floats, depths_mm: Floats) -> Floats:
    """Transform of one depot at each wave number and depth, (n, m, z); equal wave numbers are solved for once."""
    elements = place_elements(layers, depot)
    single, places = np.unique(np.round(kappa, 9), return_inverse=True)
    # The mean is the wave of length 0, whose quotients have a limit that is not 0 / 0.
    single = np.maximum(single, 1e-6)
    loads = source_transform(elements, depot, single)
    decay = elements.diffusivity * single[:, None] ** 2 + elements.clearance
    found = values_at(elements, *solve_elements(elements, loads, decay), np.asarray(depths_mm, dtype=float))
    return np.asarray(found[places].reshape(*kappa.shape, -1))
