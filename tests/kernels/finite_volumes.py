"""The slow and obvious reference: rings of skin that exchange what they hold, solved directly."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve

from mesoplan.kernels.depot import Depot
from mesoplan.kernels.layered_diffusion import Layers

Floats = NDArray[np.floating[Any]]
_PARTS = 8


def ring_exposure(layers: Layers, depot: Depot, radius_mm: float, step_mm: float) -> tuple[Floats, Floats, Floats]:
    """Exposure of rings around a depot's axis per unit of amount; second order in the step.

    Borders of layers must lie on the grid. Returns the rings' radii (r,), depths (z,), and exposure (r, z).
    """
    count_r, count_z = round(radius_mm / step_mm), round(layers.depth_mm / step_mm)
    r, z = (np.arange(count_r) + 0.5) * step_mm, (np.arange(count_z) + 0.5) * step_mm
    layer = np.searchsorted(np.cumsum(layers.thickness_mm) - 1e-9, z)
    spread, cleared = np.array(layers.diffusivity_mm2_h)[layer], np.array(layers.clearance_per_h)[layer]
    volume = 2 * np.pi * r[:, None] * step_mm**2 * np.ones(count_z)
    number = np.arange(count_r * count_z).reshape(count_r, count_z)
    outwards = 2 * np.pi * (np.arange(1, count_r) * step_mm)[:, None] * spread * np.ones((count_r - 1, 1))
    between = 2 * spread[1:] * spread[:-1] / (spread[1:] + spread[:-1])
    downwards = 2 * np.pi * r[:, None] * between
    first = np.concatenate([number[:-1].ravel(), number[:, :-1].ravel()])
    second = np.concatenate([number[1:].ravel(), number[:, 1:].ravel()])
    flow = np.concatenate([outwards.ravel(), downwards.ravel()])
    own = (volume * cleared).ravel()
    rows = np.concatenate([first, second, first, second, number.ravel()])
    columns = np.concatenate([second, first, first, second, number.ravel()])
    matrix = coo_matrix((np.concatenate([-flow, -flow, flow, flow, own]), (rows, columns)))
    exposure = spsolve(matrix.tocsc(), (volume * _filled(depot, r, z, step_mm)).ravel() / depot.volume_mm3)
    return r, z, exposure.reshape(count_r, count_z)


def _filled(depot: Depot, r: Floats, z: Floats, step_mm: float) -> Floats:
    """Share of each ring that the depot fills, counted on 64 parts of it."""
    parts = ((np.arange(_PARTS) + 0.5) / _PARTS - 0.5) * step_mm
    ring = (r[:, None] + parts)[:, None, :, None]
    edge = depot.radius_at_mm(z[:, None] + parts)[None, :, None, :]
    inside = (ring < edge) * ring / r[:, None, None, None]
    return np.asarray(inside.mean(axis=(2, 3)))
