"""What the blood takes up from a depot, and what is left in the skin: the mean over the plane, exact in time.

Integrated over the plane the equation of :mod:`mesoplan.kernels.layered_diffusion` is one-dimensional. Its matrices
are made diagonal once; every amount is then a sum of exponentials, and so is the concentration in a body of one
compartment into which they flow. Flow into the blood is the clearance k of each depth times what lies there; nothing
else leaves the skin, so the flow adds up to the dose.

Limits: clearance goes to the blood at once (no lymph, no binding), the body is one well-mixed volume.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesoplan.kernels.depot import Depot
from mesoplan.kernels.depth_matrices import depot_loads, modes, ones, weighted_mass, window_loads
from mesoplan.kernels.layered_diffusion import Layers, place_elements

Floats = NDArray[np.floating[Any]]

_SLICES = 12


@dataclass(frozen=True)
class Uptake:
    """Sums of exponentials of a unit amount, shape (modes,) each.

    Attributes
    ----------
    rates_per_h
        How fast each mode goes [1/h], rising, all above 0.
    left, into_blood_per_h
        Shares of each mode in what is left in the skin, and in the flow into the blood [1/h].
    in_window
        Shares in what lies between two depths; None where no depths were asked about.
    """

    rates_per_h: Floats
    left: Floats
    into_blood_per_h: Floats
    in_window: Floats | None = None

    def amount_left(self, hours: ArrayLike) -> Floats:
        """Share of the dose that is still in the skin after some hours."""
        return self._sum(self.left, hours)

    def amount_in_window(self, hours: ArrayLike) -> Floats:
        """Share of the dose that lies between the depths asked about after some hours."""
        if self.in_window is None:
            raise ValueError("no depths were asked about")
        return self._sum(self.in_window, hours)

    def flow_per_h(self, hours: ArrayLike) -> Floats:
        """Share of the dose that goes into the blood in an hour, at some hours."""
        return self._sum(self.into_blood_per_h, hours)

    @property
    def mean_residence_h(self) -> float:
        """Mean time that a molecule stays in the skin [h]."""
        return float((self.left / self.rates_per_h).sum())

    @property
    def taken_up(self) -> float:
        """Share that ever reaches the blood; 1 but for rounding."""
        return float((self.into_blood_per_h / self.rates_per_h).sum())

    def hours_until_left(self, share: float) -> float:
        """Hours after which a share of the dose, above 0 and below 1, is left; to a millionth of itself."""
        if not 0 < share < 1:
            raise ValueError(f"a share of {share} is not between 0 and 1")
        low, high = 0.0, 1.0 / float(self.rates_per_h[0])
        while self.amount_left(high) > share:
            high *= 2
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.amount_left(middle) > share else (low, middle)
        return high

    def in_blood_per_l(self, hours: ArrayLike, volume_l: float, elimination_per_h: float) -> Floats:
        """Return the concentration in a one-compartment body for a unit amount.

        Parameters
        ----------
        hours : array
            Times after the injection [h], >= 0.
        volume_l, elimination_per_h : float
            Volume of distribution [L] and elimination [1/h] = clearance / volume, both > 0.

        Returns
        -------
        array
            Concentration [1/L per unit of amount]; exact for this model.
        """
        if not (0 < volume_l < math.inf and 0 < elimination_per_h < math.inf):
            raise ValueError("volume of distribution and elimination must be above 0 and finite")
        t = _checked_hours(hours)[..., None]
        gap = self.rates_per_h - elimination_per_h
        # expm1 keeps the limit t exp(-k t) where a mode goes as fast as the elimination.
        safe = np.where(np.abs(gap) < 1e-9, 1e-9, gap)
        response = -np.exp(-elimination_per_h * t) * np.expm1(np.minimum(-safe * t, 300.0)) / safe
        response = np.where(gap * t < -300, np.exp(-self.rates_per_h * t) / -safe, response)
        return np.asarray((response * self.into_blood_per_h).sum(-1) / volume_l)

    def _sum(self, shares: Floats, hours: ArrayLike) -> Floats:
        t = _checked_hours(hours)
        return np.asarray((np.exp(-self.rates_per_h * t[..., None]) * shares).sum(-1))


def _checked_hours(hours: ArrayLike) -> Floats:
    t = np.asarray(hours, dtype=float)
    if not np.isfinite(t).all() or np.any(t < 0):
        raise ValueError("times are finite and 0 h or more")
    return t


def depot_uptake(layers: Layers, depot: Depot, window_mm: tuple[float, float] | None = None) -> Uptake:
    """Return what is left and what the blood takes up, of a unit amount in one depot.

    Parameters
    ----------
    layers, depot
        The skin as the solute meets it, and the depot in it.
    window_mm : (upper, lower), optional
        Depths [mm] between which what lies there is wanted too.

    Raises
    ------
    ValueError
        Where the depot reaches below the lowest layer, and for depths that are none of the layers'.
    """
    elements = place_elements(layers, depot)
    rates, vectors = modes(elements)
    shares = vectors.T @ depot_loads(elements, depot)
    whole = ones(elements)
    left = whole @ weighted_mass(elements, np.ones_like(elements.clearance)) @ vectors
    blood = whole @ weighted_mass(elements, elements.clearance) @ vectors
    within = None if window_mm is None else shares * (window_loads(elements, window_mm) @ vectors)
    return Uptake(rates, shares * left, shares * blood, within)


def slowest_decay_per_mm(layers: Layers) -> float:
    """Return the inverse length [1/mm] over which exposure falls off far away from a depot; to about 1 %.

    The smallest a for which the layers carry an exposure exp(-a r) across: an eigenvalue with D as the weight, of a
    dozen slices of each layer.
    """
    spread = np.repeat(layers.diffusivity_mm2_h, _SLICES)
    thick = np.repeat(np.array(layers.thickness_mm) / _SLICES, _SLICES)
    resistance = thick / spread / 2
    flow = 1.0 / (resistance[1:] + resistance[:-1])
    matrix = np.diag(np.repeat(layers.clearance_per_h, _SLICES) * thick)
    matrix += np.diag(np.append(flow, 0.0) + np.append(0.0, flow)) - np.diag(flow, 1) - np.diag(flow, -1)
    scale = np.sqrt(spread * thick)
    return math.sqrt(max(float(np.linalg.eigvalsh(matrix / scale / scale[:, None])[0]), 1e-12))
