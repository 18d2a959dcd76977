"""How much of a drop lies in a layer at a time, and how far it has spread sideways there: no grid, no step of time.

Integrated over the plane the equation is one-dimensional, so the content of a layer is a sum of exponentials
(:mod:`mesoplan.kernels.depth_matrices`). How wide it lies is its variance along one axis of the plane: minus twice the
slope of its transform at wave number 0, over the content. To first order in kappa squared, with B the mass weighted by
D and e_i = exp(-r_i t) of the modes i, j,

    w' exp(-(A + kappa^2 B) t) s  =  w' exp(-A t) s  -  kappa^2 * sum_ij w_i B_ij s_j (e_i - e_j) / (r_j - r_i)  -  ...,

which is a sum of exponentials too. A disc of the drop's width blurred by a Gaussian to that variance stands for the
place of the content in the plane. The variance is exact; the shape is not where layers of different D share the
content. It decides only how much lies on which side of an edge: errors in docs/validation/exposure.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesoplan.kernels.depot import Depot
from mesoplan.kernels.depth_matrices import depot_loads, modes, ones, weighted_mass, window_loads
from mesoplan.kernels.layered_diffusion import Layers, place_elements

Floats = NDArray[np.floating[Any]]

_ALIKE = 1e-7
"""Modes whose rates differ by less than this share count as one."""

_NODES = 24
_SIGMAS = 6.0


@dataclass(frozen=True)
class LayerContent:
    """Sums of exponentials of a unit amount, shape (modes,) each.

    Attributes
    ----------
    rates_per_h
        How fast each mode goes [1/h], rising, all above 0.
    left, content
        Shares of each mode in what is left anywhere, and in what lies in the layer.
    width, widening
        Shares in half the variance [mm2] times the content; `widening` is multiplied by the time as well.
    drop_mm2, fastest_mm2_h
        Variance of the drop itself [mm2] and the largest D: where so little is left that rounding hides its variance,
        it is held between half of the one and what the other could have made of twice that.
    """

    rates_per_h: Floats
    left: Floats
    content: Floats
    width: Floats
    widening: Floats
    drop_mm2: float
    fastest_mm2_h: float

    def left_after(self, hours: ArrayLike) -> Floats:
        """Share of the dose that is still somewhere in the layers."""
        return np.asarray(self._gone(hours) @ self.left)

    def content_after(self, hours: ArrayLike) -> Floats:
        """Share of the dose that lies in the layer."""
        return np.asarray(self._gone(hours) @ self.content)

    def variance_mm2(self, hours: ArrayLike) -> Floats:
        """Variance along one axis of the plane [mm2] of what lies in the layer."""
        t, gone = np.asarray(hours, dtype=float), self._gone(hours)
        half = gone @ self.width + t * (gone @ self.widening)
        content = gone @ self.content
        variance = 2.0 * half / np.where(content > 0, content, math.inf)
        widest = 2.0 * self.drop_mm2 + 2.0 * self.fastest_mm2_h * t
        return np.asarray(np.clip(variance, self.drop_mm2 / 2, widest))

    def _gone(self, hours: ArrayLike) -> Floats:
        t = np.asarray(hours, dtype=float)
        if not np.isfinite(t).all() or np.any(t < 0):
            raise ValueError("times are finite and 0 h or more")
        return np.asarray(np.exp(-self.rates_per_h * t[..., None]))


def layer_content(layers: Layers, depot: Depot, window_mm: tuple[float, float]) -> LayerContent:
    """Return what of a unit amount in one depot lies between two depths, and how wide.

    Parameters
    ----------
    layers, depot
        The skin as the solute meets it, and the depot in it.
    window_mm : (upper, lower)
        Depths [mm] of the layer.

    Raises
    ------
    ValueError
        Where the depot reaches below the lowest layer, and for depths that are none of the layers'.
    """
    elements = place_elements(layers, depot)
    rates, vectors = modes(elements)
    start = vectors.T @ depot_loads(elements, depot)
    # A disc of radius rho has the variance rho^2 / 4 along an axis.
    wide = vectors.T @ depot_loads(elements, depot, power=4) / 8
    window = window_loads(elements, window_mm) @ vectors
    spread = vectors.T @ weighted_mass(elements, elements.diffusivity) @ vectors
    coupled = window[:, None] * spread * start
    gap = rates - rates[:, None]
    alike = np.abs(gap) < _ALIKE * (rates + rates[:, None])
    share = np.where(alike, 0.0, coupled / np.where(alike, 1.0, gap))
    whole = ones(elements) @ weighted_mass(elements, np.ones_like(elements.diffusivity)) @ vectors
    return LayerContent(
        rates_per_h=rates,
        left=start * whole,
        content=start * window,
        width=window * wide + share.sum(axis=1) - share.sum(axis=0),
        widening=np.where(alike, coupled, 0.0).sum(axis=1),
        drop_mm2=depot_variance_mm2(depot),
        fastest_mm2_h=max(layers.diffusivity_mm2_h),
    )


def depot_variance_mm2(depot: Depot) -> float:
    """Return the variance along one axis of the plane [mm2] of a drop that was just set down."""
    return depot.radius_mm**2 / (5.0 if depot.is_ball else 4.0)


@lru_cache(maxsize=1)
def _nodes() -> tuple[Floats, Floats]:
    return np.polynomial.legendre.leggauss(_NODES)


def blurred_disc(radii_mm: Floats, disc_mm: float, sigma_mm: float) -> Floats:
    """Return the density [1/mm2] at distances from its middle of a disc of unit amount blurred by a Gaussian.

    Parameters
    ----------
    radii_mm : (r,)
    disc_mm, sigma_mm
        Radius of the disc and standard deviation of the Gaussian along one axis, both above 0.
    """
    from scipy.special import i0e

    points, weights = _nodes()
    near = np.abs(radii_mm - disc_mm) < _SIGMAS * sigma_mm
    density = np.where(radii_mm < disc_mm, 1.0, 0.0)
    r = radii_mm[near]
    low, high = np.maximum(r - _SIGMAS * sigma_mm, 0.0), np.minimum(r + _SIGMAS * sigma_mm, disc_mm)
    half = (high - low)[:, None] / 2
    s = (high + low)[:, None] / 2 + half * points
    parts = np.exp(-(((r[:, None] - s) / sigma_mm) ** 2) / 2) * i0e(r[:, None] * s / sigma_mm**2) * s / sigma_mm**2
    density[near] = (parts * weights * half).sum(axis=1)
    return np.asarray(density / (math.pi * disc_mm**2))
