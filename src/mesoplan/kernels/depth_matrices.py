"""Matrices of the problem in depth alone, over the spectral elements of :mod:`mesoplan.kernels.layered_diffusion`.

Integrated over the plane the equation is one-dimensional: mass u' + stiffness u = 0, the stiffness with the clearance
in it. :mod:`mesoplan.kernels.uptake` and :mod:`mesoplan.kernels.layer_content` make these matrices diagonal.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.depot import Depot
from mesoplan.kernels.layered_diffusion import ORDER, Elements, basis, reference_element

Floats = NDArray[np.floating[Any]]


def _numbers(count: int) -> NDArray[np.intp]:
    """Number of each basis function in the whole, (elements, ORDER + 1): ends first, then what lies inside."""
    element = np.arange(count)[:, None]
    inside = count + 1 + element * (ORDER - 1) + np.arange(ORDER - 1)
    return np.concatenate([element, element + 1, inside], axis=1)


def _square(factor: Floats, local: Floats) -> Floats:
    numbers = _numbers(len(factor))
    whole = np.zeros((numbers.max() + 1, numbers.max() + 1))
    np.add.at(whole, (numbers[:, :, None], numbers[:, None, :]), factor[:, None, None] * local)
    return whole


def weighted_mass(elements: Elements, weight: Floats) -> Floats:
    """Return the mass matrix with a weight for each element (e,)."""
    return _square(weight * elements.lengths_mm / 2, reference_element().mass)


def stiffness(elements: Elements) -> Floats:
    """Return the stiffness matrix with the clearance in it."""
    slopes = _square(elements.diffusivity / (elements.lengths_mm / 2), reference_element().stiffness)
    return slopes + weighted_mass(elements, elements.clearance)


def modes(elements: Elements) -> tuple[Floats, Floats]:
    """Return how fast each mode goes [1/h] (m,), rising and above 0, and the modes in the basis (n, m)."""
    mass = weighted_mass(elements, np.ones_like(elements.diffusivity))
    half = np.linalg.inv(np.linalg.cholesky(mass))
    rates, turned = np.linalg.eigh(half @ stiffness(elements) @ half.T)
    return np.maximum(rates, 1e-12), half.T @ turned


def ones(elements: Elements) -> Floats:
    """Return the function 1 in the basis: the ends are 1, what lies inside 0."""
    numbers = _numbers(len(elements.lengths_mm))
    return (np.arange(numbers.max() + 1) <= len(elements.lengths_mm)).astype(float)


def depot_loads(elements: Elements, depot: Depot, power: int = 2) -> Floats:
    """Return the loads of a depot's profile pi radius(z) ** power / volume on the basis: 2 is a unit amount."""
    reference, half = reference_element(), elements.lengths_mm / 2
    middle = (elements.ends_mm[1:] + elements.ends_mm[:-1]) / 2
    radius = depot.radius_at_mm(middle[:, None] + half[:, None] * reference.points)
    profile = np.pi * radius**power / depot.volume_mm3
    return _summed(np.einsum("eq,bq->eb", profile, reference.values * reference.weights) * half[:, None])


def window_loads(elements: Elements, window_mm: tuple[float, float]) -> Floats:
    """Return the integral of each basis function between two depths [mm].

    Raises ValueError for depths that are none of these layers'.
    """
    upper, lower = window_mm
    if not 0 <= upper < lower <= elements.ends_mm[-1] + 1e-9:
        raise ValueError(f"{upper} and {lower} mm are not depths of these layers")
    reference, lengths = reference_element(), elements.lengths_mm
    high, low = np.minimum(elements.ends_mm[1:], lower), np.maximum(elements.ends_mm[:-1], upper)
    half = np.maximum(high - low, 0.0) / 2
    depths = (high + low)[:, None] / 2 + half[:, None] * reference.points
    places = 2 * (depths - elements.ends_mm[:-1, None]) / lengths[:, None] - 1
    values = np.stack([basis(np.clip(one, -1.0, 1.0)) for one in places])
    return _summed(values @ reference.weights * half[:, None])


def _summed(loads: Floats) -> Floats:
    """Loads of each element (e, ORDER + 1) added up over the whole."""
    numbers = _numbers(len(loads))
    whole = np.zeros(numbers.max() + 1)
    np.add.at(whole, numbers, loads)
    return whole
