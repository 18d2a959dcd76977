"""Spread of one depot in skin of layers: exact in time, no grid in the plane.

c_t = div(D(z) grad c) - k(z) c, nothing passes z = 0 and z = H, D and k are constant in each layer, and the depot is
round as seen from above. The Hankel transform in r turns this into one small problem in z for each wave number kappa:

    s u - (D u')' + (D kappa^2 + k) u = (source's transform),   the cut of radius rho gives rho J1(kappa rho) / kappa.

s = 0 gives the integral of c over all time (the exposure). c(t) is a sum over a few complex s on a contour (Weideman
and Trefethen 2007, doi:10.1090/S0025-5718-07-01945-X), so no time is stepped. In z the problem is solved by spectral
elements of order 10 with ends at the layers' borders and at the depot's poles, where the transform has its kink; inside
an element the matrices of all kappa share one set of eigenvectors, and only a tridiagonal system of element ends is
left. The way back is a Gauss-Legendre sum over kappa.

Errors measured in docs/validation/exposure.md. Limits: a solute that keeps its partition between layers (one
concentration across a border), D the same in all directions, linear clearance, flat skin.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.depot import Depot

Floats = NDArray[np.floating[Any]]

ORDER = 10
_ELEMENTS_IN_DEPOT = 8
_MOST_ELEMENTS_IN_DEPOT = 64
_EDGES_IN_AN_ELEMENT = 5.0
_GROWTH = 1.6
_KAPPA_RADIUS = 80.0
_KAPPA_HEIGHT = 40.0
_KAPPA_DECAYS = 12.0
_NODES_A_PANEL = 16
_PHASE_A_PANEL = 14.0
_CONTOUR_POINTS = 18
_ROWS_AT_ONCE = 8
_WAVES_AT_ONCE = 256
_LONGEST_EARLY = 8.0


@dataclass(frozen=True)
class Layers:
    """Layers from the surface down, one entry a layer.

    Attributes
    ----------
    thickness_mm, diffusivity_mm2_h, clearance_per_h
        Thickness [mm] > 0, D [mm2/h] > 0, k [1/h] >= 0 with at least one above 0: without clearance the exposure has
        no end.
    """

    thickness_mm: tuple[float, ...]
    diffusivity_mm2_h: tuple[float, ...]
    clearance_per_h: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse layers that the equations have no answer for."""
        columns = (self.thickness_mm, self.diffusivity_mm2_h, self.clearance_per_h)
        if len({len(column) for column in columns}) != 1 or not self.thickness_mm:
            raise ValueError("each layer needs a thickness, a diffusivity and a clearance")
        if not all(math.isfinite(value) for column in columns for value in column):
            raise ValueError("thickness, diffusivity and clearance must be finite numbers")
        if min(self.thickness_mm) <= 0 or min(self.diffusivity_mm2_h) <= 0:
            raise ValueError("thickness and diffusivity of each layer must be above 0")
        if min(self.clearance_per_h) < 0 or max(self.clearance_per_h) == 0:
            raise ValueError("clearance is 0 or more, and above 0 in at least one layer")

    @property
    def depth_mm(self) -> float:
        """Depth of the lowest border [mm]."""
        return math.fsum(self.thickness_mm)


@dataclass(frozen=True)
class Elements:
    """Spectral elements in z: ends (e + 1,), D and k of each (e,)."""

    ends_mm: Floats
    diffusivity: Floats
    clearance: Floats

    @property
    def lengths_mm(self) -> Floats:
        """Length of each element [mm]."""
        return np.diff(self.ends_mm)


def place_elements(layers: Layers, depot: Depot, in_depot: int = _ELEMENTS_IN_DEPOT) -> Elements:
    """Return elements that end at every border and at the depot's top and bottom, small in the depot, larger away.

    `in_depot` is how many lie in the depot. Raises ValueError where the depot reaches below the lowest layer.
    """
    borders = np.concatenate([[0.0], np.cumsum(layers.thickness_mm)])
    borders[-1] = layers.depth_mm
    if depot.bottom_mm > borders[-1] + 1e-9:
        raise ValueError(f"the depot reaches {depot.bottom_mm:.3g} mm, the layers end at {borders[-1]:.3g} mm")
    fixed = np.unique(np.round(np.concatenate([borders, [depot.top_mm, depot.bottom_mm]]), 9))
    step = (depot.bottom_mm - depot.top_mm) / in_depot
    ends = [0.0]
    for low, high in pairwise(fixed):
        ends += _subdivided(low, high, step, depot)
    at = np.array(ends)
    layer = np.searchsorted(borders, (at[1:] + at[:-1]) / 2) - 1
    return Elements(at, np.array(layers.diffusivity_mm2_h)[layer], np.array(layers.clearance_per_h)[layer])


def _subdivided(low: float, high: float, step: float, depot: Depot) -> list[float]:
    """Ends after `low` up to `high`; steps grow with the distance from the depot."""
    if low >= depot.top_mm - 1e-9 and high <= depot.bottom_mm + 1e-9:
        return list(np.linspace(low, high, math.ceil((high - low) / step - 1e-6) + 1)[1:])
    upwards = high <= depot.top_mm + 1e-9
    distance = depot.top_mm - high if upwards else low - depot.bottom_mm
    widths: list[float] = []
    while sum(widths) < high - low - 1e-9:
        widths.append(step + (_GROWTH - 1) * (distance + sum(widths)))
    scaled = np.array(widths) * (high - low) / sum(widths)
    ends = low + np.cumsum(scaled[::-1] if upwards else scaled)
    ends[-1] = high
    return list(ends)


@dataclass(frozen=True)
class _Reference:
    """One element on [-1, 1]: nodes, mass and stiffness, and the eigenvectors that make both diagonal inside."""

    points: Floats
    weights: Floats
    values: Floats
    stiffness: Floats
    mass: Floats
    eigenvalues: Floats
    vectors: Floats


@lru_cache(maxsize=1)
def reference_element() -> _Reference:
    """Basis: two straight lines for the ends, integrated Legendre polynomials inside."""
    points, weights = np.polynomial.legendre.leggauss(ORDER + 4)
    values, slopes = basis(points), _basis_slopes(points)
    mass, stiffness = (values * weights) @ values.T, (slopes * weights) @ slopes.T
    half = np.linalg.inv(np.linalg.cholesky(mass[2:, 2:]))
    eigenvalues, turned = np.linalg.eigh(half @ stiffness[2:, 2:] @ half.T)
    return _Reference(points, weights, values, stiffness, mass, eigenvalues, half.T @ turned)


def _legendre(x: Floats) -> Floats:
    return np.polynomial.legendre.legvander(x, ORDER).T


def basis(x: Floats) -> Floats:
    """Basis functions at x, shape (ORDER + 1, len(x)); the first two are the ends."""
    polynomials = _legendre(x)
    inner = [(polynomials[n + 1] - polynomials[n - 1]) / math.sqrt(4 * n + 2) for n in range(1, ORDER)]
    return np.stack([(1 - x) / 2, (1 + x) / 2, *inner])


def _basis_slopes(x: Floats) -> Floats:
    polynomials = _legendre(x)
    inner = [polynomials[n] * math.sqrt((2 * n + 1) / 2) for n in range(1, ORDER)]
    return np.stack([np.full_like(x, -0.5), np.full_like(x, 0.5), *inner])


def wave_numbers(
    reach_mm: float, depot: Depot, decay_per_mm: float = 0.0, last_per_mm: float | None = None
) -> tuple[Floats, Floats]:
    """Return kappa [1/mm] and weights of the sum over it.

    Fine enough for distances up to `reach_mm`. Goes as far as `last_per_mm`, by default far enough for the depot's edge
    and for the steepest decay sqrt(k / D) of the layers.
    """
    last = _longest_of(depot, decay_per_mm) if last_per_mm is None else last_per_mm
    panels = max(4, math.ceil(last * (reach_mm + depot.radius_mm) / _PHASE_A_PANEL))
    edges = np.linspace(0.0, last, panels + 1)
    # Near 0 the integrand changes over the inverse length of decay, which may be far below a panel.
    edges = np.concatenate([[0.0], edges[1] * np.array([0.03, 0.1, 0.3]), edges[1:]])
    nodes, weights = np.polynomial.legendre.leggauss(_NODES_A_PANEL)
    half = np.diff(edges)[:, None] / 2
    return ((edges[1:] + edges[:-1])[:, None] / 2 + half * nodes).ravel(), (half * weights).ravel()


def _longest_of(depot: Depot, decay_per_mm: float = 0.0) -> float:
    height = depot.bottom_mm - depot.top_mm
    return max(_KAPPA_RADIUS / depot.radius_mm, _KAPPA_HEIGHT / height, _KAPPA_DECAYS * decay_per_mm)


def source_transform(elements: Elements, depot: Depot, kappa: Floats) -> Floats:
    """Loads of a unit amount on the basis, shape (kappa, elements, ORDER + 1)."""
    from scipy.special import j1

    reference = reference_element()
    middle = (elements.ends_mm[1:] + elements.ends_mm[:-1]) / 2
    loads = np.zeros((len(kappa), len(middle), ORDER + 1))
    inside = (middle > depot.top_mm) & (middle < depot.bottom_mm)
    half = elements.lengths_mm[inside] / 2
    radius = depot.radius_at_mm(middle[inside][:, None] + half[:, None] * reference.points)
    if depot.is_ball:
        size = radius * j1(kappa[:, None, None] * radius) / kappa[:, None, None]
    else:
        across = depot.radius_mm * j1(kappa * depot.radius_mm) / kappa
        size = np.broadcast_to(across[:, None, None], (len(kappa), *radius.shape))
    weighted = reference.values * reference.weights / depot.volume_mm3
    loads[:, inside] = np.einsum("keq,bq->keb", size, weighted, optimize=True) * half[:, None]
    return loads


def solve_elements(elements: Elements, loads: Any, decay: Any) -> tuple[Any, Any]:
    """Solve (stiffness + decay mass) u = loads for each row.

    Parameters
    ----------
    elements : Elements
        Where the elements lie.
    loads : (rows, elements, ORDER + 1)
        Loads on the basis of each element, in a row of its own for each wave number.
    decay : (rows, elements)
        D kappa^2 + k + s of each element; may be complex.

    Returns
    -------
    ends : (rows, elements + 1)
        Values at the element ends.
    inner : (rows, elements, ORDER - 1)
        Coefficients of the functions inside, in the basis.
    """
    reference = reference_element()
    stiff, heavy = 2 * elements.diffusivity / elements.lengths_mm, decay * elements.lengths_mm / 2
    coupling_s = reference.vectors.T @ reference.stiffness[2:, :2]
    coupling_m = reference.vectors.T @ reference.mass[2:, :2]
    pivots = 1.0 / (stiff[:, None] * reference.eigenvalues + heavy[..., None])
    # Integrated Legendre polynomials are orthogonal to straight lines in slope: only the mass couples.
    left, right = (coupling_m[:, end] * heavy[..., None] + coupling_s[:, end] * stiff[:, None] for end in (0, 1))
    inner = loads[..., 2:] @ reference.vectors
    k00, k01 = reference.stiffness[0, 0] * stiff, reference.stiffness[0, 1] * stiff
    m00, m01 = reference.mass[0, 0] * heavy, reference.mass[0, 1] * heavy
    first = k00 + m00 - (left * left * pivots).sum(-1)
    last = k00 + m00 - (right * right * pivots).sum(-1)
    cross = k01 + m01 - (left * right * pivots).sum(-1)
    load_first = loads[..., 0] - (left * inner * pivots).sum(-1)
    load_last = loads[..., 1] - (right * inner * pivots).sum(-1)
    ends = _tridiagonal(first, last, cross, load_first, load_last)
    inside = (inner - left * ends[:, :-1, None] - right * ends[:, 1:, None]) * pivots
    return ends, inside @ reference.vectors.T


def _tridiagonal(first: Any, last: Any, cross: Any, load_first: Any, load_last: Any) -> Any:
    """Values at the element ends, (rows, elements + 1), by elimination from the surface down and back."""
    rows, count = cross.shape
    diagonal = np.zeros((rows, count + 1), dtype=cross.dtype)
    load = np.zeros_like(diagonal)
    diagonal[:, :-1] += first
    diagonal[:, 1:] += last
    load[:, :-1] += load_first
    load[:, 1:] += load_last
    for e in range(count):
        factor = cross[:, e] / diagonal[:, e]
        diagonal[:, e + 1] -= factor * cross[:, e]
        load[:, e + 1] -= factor * load[:, e]
    load[:, -1] /= diagonal[:, -1]
    for e in range(count - 1, -1, -1):
        load[:, e] = (load[:, e] - cross[:, e] * load[:, e + 1]) / diagonal[:, e]
    return load


def values_at(elements: Elements, ends: Any, inner: Any, depths_mm: Floats) -> Any:
    """Values of solutions at depths [mm], shape (rows, depths)."""
    index = np.clip(np.searchsorted(elements.ends_mm, depths_mm) - 1, 0, len(elements.lengths_mm) - 1)
    place = 2 * (depths_mm - elements.ends_mm[index]) / elements.lengths_mm[index] - 1
    shares = basis(place)
    values = ends[:, index] * shares[0] + ends[:, index + 1] * shares[1]
    for number in range(ORDER - 1):
        values += inner[:, index, number] * shares[number + 2]
    return values


def exposure_kernel(layers: Layers, depot: Depot, radii_mm: Floats, depths_mm: Floats) -> Floats:
    """Return the exposure that a unit amount in a depot leaves at distances from its axis and at depths.

    Parameters
    ----------
    layers, depot
        The skin and the depot in it.
    radii_mm : (r,)
        Distances from the axis [mm].
    depths_mm : (z,)
        Depths [mm], 0 to the lowest border.

    Returns
    -------
    (r, z) integral of the concentration over all time [h/mm3 per unit of amount].
    """
    _check_depths(layers, depths_mm)
    elements = place_elements(layers, depot)
    kappa, weights = wave_numbers(float(radii_mm.max()), depot, _steepest_per_mm(layers))
    loads = source_transform(elements, depot, kappa)
    decay = elements.diffusivity * kappa[:, None] ** 2 + elements.clearance
    profiles = values_at(elements, *solve_elements(elements, loads, decay), depths_mm)
    return _back(radii_mm, kappa, weights, profiles)


def concentration_kernel(layers: Layers, depot: Depot, radii_mm: Floats, depths_mm: Floats, hours: float) -> Floats:
    """Return the concentration some hours after a unit amount was set down, shape (r, z) [1/mm3].

    Parameters are those of :func:`exposure_kernel`; `hours` > 0. The earlier, the sharper is the depot's edge, and the
    more waves and elements are taken: where the smallest D t is 0.0001 of the radius squared it takes twenty times as
    long as where it is 0.01, and below 0.00001 the sum rings at the edge.
    """
    _check_depths(layers, depths_mm)
    check_hours(hours)
    blurred = min(layers.diffusivity_mm2_h) * hours
    edges = (depot.bottom_mm - depot.top_mm) / math.sqrt(2.0 * blurred)
    wanted = math.ceil(min(edges / _EDGES_IN_AN_ELEMENT, _MOST_ELEMENTS_IN_DEPOT))
    elements = place_elements(layers, depot, max(_ELEMENTS_IN_DEPOT, wanted))
    # exp(-20) of a wave is left at most of what lies beyond.
    last = min(math.sqrt(20.0 / blurred), _LONGEST_EARLY * _longest_of(depot))
    kappa, weights = wave_numbers(float(radii_mm.max()), depot, last_per_mm=last)
    parts = (kappa[first : first + _WAVES_AT_ONCE] for first in range(0, len(kappa), _WAVES_AT_ONCE))
    profiles = np.concatenate([profiles_after(elements, depot, part, depths_mm, hours) for part in parts])
    return _back(radii_mm, kappa, weights, profiles)


def profiles_after(elements: Elements, depot: Depot, kappa: Floats, depths_mm: Floats, hours: float) -> Floats:
    """Return the Hankel transform of the concentration some hours after the injection, shape (kappa, depths)."""
    loads = source_transform(elements, depot, kappa)
    decay = elements.diffusivity * kappa[:, None] ** 2 + elements.clearance
    profiles = np.zeros((len(kappa), len(depths_mm)))
    for s, weight in laplace_points(hours):
        solved = solve_elements(elements, loads, decay + s)
        profiles += (weight * values_at(elements, *solved, depths_mm)).real
    return profiles


def _steepest_per_mm(layers: Layers) -> float:
    pairs = zip(layers.clearance_per_h, layers.diffusivity_mm2_h, strict=True)
    return max(math.sqrt(cleared / spread) for cleared, spread in pairs)


def laplace_points(hours: float) -> list[tuple[complex, complex]]:
    """Points s [1/h] and weights whose sum of weight / (s + a), real part, is exp(-a hours)."""
    theta = np.pi * np.arange(1, _CONTOUR_POINTS, 2) / _CONTOUR_POINTS
    s = _CONTOUR_POINTS / hours * (0.1309 - 0.1194 * theta**2 + 0.25j * theta)
    slope = _CONTOUR_POINTS / hours * (-0.2388 * theta + 0.25j)
    weights = 2.0 / (1j * _CONTOUR_POINTS) * np.exp(s * hours) * slope
    return [(complex(a), complex(b)) for a, b in zip(s, weights, strict=True)]


def _back(radii_mm: Floats, kappa: Floats, weights: Floats, profiles: Floats) -> Floats:
    from scipy.special import j0

    waves, weighted = j0(radii_mm[:, None] * kappa), profiles * (kappa * weights)[:, None]
    # A few rows at a time stay below the size from which BLAS wakes its threads; on a busy machine waiting for them
    # took thirty times as long as the product.
    return np.concatenate([waves[row : row + _ROWS_AT_ONCE] @ weighted for row in range(0, len(waves), _ROWS_AT_ONCE)])


def check_hours(hours: float) -> None:
    """Refuse a time that is not after the injection, with ValueError."""
    if not (math.isfinite(hours) and hours > 0):
        raise ValueError(f"a time of {hours:g} h is not after the injection; it must be above 0")


def _check_depths(layers: Layers, depths_mm: Floats) -> None:
    if not np.isfinite(depths_mm).all() or np.any((depths_mm < 0) | (depths_mm > layers.depth_mm + 1e-9)):
        raise ValueError(f"depths must lie between 0 and {layers.depth_mm:g} mm")
