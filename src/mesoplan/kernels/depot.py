"""The place that an injected volume takes up, and what spreads from it in a medium that is the same everywhere.

Shape: the liquid fills the fluid part of the tissue, so a volume V takes up V / porosity of tissue. It is a ball where
a ball fits into the room that the layer leaves, else a wheal: an upright disc that keeps the volume and is as high as
the part of the ball that the layer has room for. A ball that the surface cuts would lose mass; this one cannot.

Spread: c_t = D lap(c) - k c with the depot filled evenly at t = 0. For a ball in a medium without borders both c(t)
and its integral over all time have closed forms (Carslaw and Jaeger 1959, Conduction of Heat in Solids, 10.3; the
integral is the Green's function of the screened Poisson equation, exp(-a r) / (4 pi D r) with a = sqrt(k / D),
integrated over the ball). A surface that nothing passes is a second ball, mirrored above it. These forms are what the
layered kernels are checked against.

Limits: no pressure, no flow, no back-leak through the needle's track, porosity the same in every layer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating[Any]]

MM3_PER_ML = 1000.0


@dataclass(frozen=True)
class Depot:
    """A filled piece of tissue that is round as seen from above.

    Attributes
    ----------
    top_mm, bottom_mm
        Its uppermost and lowest depth [mm].
    radius_mm
        Its largest radius across [mm].
    is_ball
        A ball, else a wheal: an upright disc.
    """

    top_mm: float
    bottom_mm: float
    radius_mm: float
    is_ball: bool

    @property
    def volume_mm3(self) -> float:
        """Tissue that it takes up [mm3]."""
        if self.is_ball:
            return 4.0 / 3.0 * math.pi * self.radius_mm**3
        return math.pi * self.radius_mm**2 * (self.bottom_mm - self.top_mm)

    def radius_at_mm(self, depth_mm: ArrayLike) -> Floats:
        """Radius [mm] of the cut at each depth [mm]; 0 outside."""
        depth = np.asarray(depth_mm, dtype=float)
        if self.is_ball:
            middle = (self.top_mm + self.bottom_mm) / 2
            return np.asarray(np.sqrt(np.maximum(self.radius_mm**2 - (depth - middle) ** 2, 0.0)))
        inside = (depth >= self.top_mm) & (depth <= self.bottom_mm)
        return np.asarray(np.where(inside, self.radius_mm, 0.0))


def injected_depot(
    volume_ml: float,
    depth_mm: float,
    porosity: float,
    *,
    layer_top_mm: float = 0.0,
    layer_bottom_mm: float = math.inf,
) -> Depot:
    """Return the depot of a volume set down at a depth.

    Parameters
    ----------
    volume_ml : float
        Injected volume [mL], > 0.
    depth_mm : float
        Depth of the tip [mm], inside the layer.
    porosity : float
        Share of the tissue that the liquid fills, 0 < porosity <= 1.
    layer_top_mm, layer_bottom_mm : float
        The layer that holds the liquid [mm]; by default all below the surface.

    Raises
    ------
    ValueError
        Outside these ranges; the message says which.

    Notes
    -----
    The change from ball to wheal is a jump in shape, not in volume.
    """
    if not (math.isfinite(volume_ml) and volume_ml > 0):
        raise ValueError(f"a volume of {volume_ml} mL leaves no depot; it must be above 0 mL")
    if not 0 < porosity <= 1:
        raise ValueError(f"a porosity of {porosity} is not above 0 and at most 1")
    if not 0 <= layer_top_mm < layer_bottom_mm:
        raise ValueError(f"a layer from {layer_top_mm} to {layer_bottom_mm} mm has no room")
    if not (math.isfinite(depth_mm) and layer_top_mm <= depth_mm <= layer_bottom_mm) or depth_mm <= 0:
        raise ValueError(f"a tip at {depth_mm} mm is not inside the layer from {layer_top_mm} to {layer_bottom_mm} mm")
    tissue_mm3 = volume_ml * MM3_PER_ML / porosity
    radius = (3.0 * tissue_mm3 / (4.0 * math.pi)) ** (1.0 / 3.0)
    top, bottom = max(depth_mm - radius, layer_top_mm), min(depth_mm + radius, layer_bottom_mm)
    if top == depth_mm - radius and bottom == depth_mm + radius:
        return Depot(top, bottom, radius, is_ball=True)
    return Depot(top, bottom, math.sqrt(tissue_mm3 / (math.pi * (bottom - top))), is_ball=False)


def ball_exposure(distance_mm: ArrayLike, radius_mm: float, diffusivity_mm2_h: float, clearance_per_h: float) -> Floats:
    """Return the exposure that a unit amount in a ball leaves at a distance from its centre, in an endless medium.

    Parameters
    ----------
    distance_mm : array
        Distance from the centre [mm], >= 0.
    radius_mm, diffusivity_mm2_h, clearance_per_h : float
        Radius [mm], D [mm2/h] and k [1/h], all > 0.

    Returns
    -------
    array
        Integral of the concentration over all time [h/mm3 per unit of amount]; exact.
    """
    a = math.sqrt(clearance_per_h / diffusivity_mm2_h)
    r = np.maximum(np.asarray(distance_mm, dtype=float), 1e-9)
    size = a * radius_mm
    inside_r, outside_r = np.minimum(r, radius_mm), np.maximum(r, radius_mm)
    inside = 1.0 - (1.0 + size) * np.exp(-size) * np.sinh(a * inside_r) / (a * inside_r)
    outside = (_cosh_less_sinh(size)) * np.exp(-a * outside_r) / (a * outside_r)
    volume = 4.0 / 3.0 * math.pi * radius_mm**3
    return np.asarray(np.where(r <= radius_mm, inside, outside) / (clearance_per_h * volume))


def _cosh_less_sinh(x: float) -> float:
    """x cosh x - sinh x; the series keeps digits where both are nearly equal."""
    return x**3 / 3 * (1 + x**2 / 10 + x**4 / 280) if x < 0.02 else x * math.cosh(x) - math.sinh(x)


def ball_concentration(
    distance_mm: ArrayLike, hours: float, radius_mm: float, diffusivity_mm2_h: float, clearance_per_h: float
) -> Floats:
    """Return the concentration of a unit amount in a ball after some hours, in an endless medium [1/mm3]; exact.

    Parameters are those of :func:`ball_exposure`; `hours` > 0, and `clearance_per_h` may be 0.
    """
    from scipy.special import erf

    r = np.maximum(np.asarray(distance_mm, dtype=float), 1e-9)
    reach = math.sqrt(4.0 * diffusivity_mm2_h * hours)
    near, far = (radius_mm - r) / reach, (radius_mm + r) / reach
    edges = reach / (2 * r * math.sqrt(math.pi)) * (np.exp(-(near**2)) - np.exp(-(far**2)))
    volume = 4.0 / 3.0 * math.pi * radius_mm**3
    return np.asarray((0.5 * (erf(near) + erf(far)) - edges) * math.exp(-clearance_per_h * hours) / volume)
