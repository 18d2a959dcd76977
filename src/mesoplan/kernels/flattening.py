"""A patch of skin laid flat with as little stretch as possible.

As-rigid-as-possible parameterisation: every triangle keeps its own shape up to a rotation, and neighbours
are made to agree, by turns (Liu et al. 2008, doi:10.1111/j.1467-8659.2008.01290.x). On a patch that can be
unrolled the answer is exact; elsewhere :func:`stretch_factors` says how far it is not.
"""

from __future__ import annotations

import numpy as np

from mesoplan.kernels.mesh import Floats, Ints

_MAX_ROUNDS = 150
_SETTLED = 1e-6
# A cotangent below this would pull instead of hold; raised, the sum to be minimised keeps one minimum per round.
_LEAST_WEIGHT = 0.02


def flatten_patch(vertices_mm: Floats, triangles: Ints, start: Floats) -> Floats:
    """Positions in the plane of the vertices of one patch.

    Parameters
    ----------
    vertices_mm : (v, 3)
        Vertices of the patch; each belongs to a triangle. Up to a few hundred: the system is solved densely.
    triangles : (t, 3)
        One connected piece; it may have holes.
    start : (v, 2)
        Any layout in the plane where no triangle is turned over, such as texture coordinates.

    Returns
    -------
    (v, 2) positions in mm, centred, of the handedness of `start`.
    """
    corners = vertices_mm[triangles]
    edges = _laid_out_edges(corners, _handedness(start, triangles))
    weights = _edge_weights(edges)
    incidence = np.zeros((3 * len(triangles), len(vertices_mm)))
    rows = np.arange(3 * len(triangles))
    np.add.at(incidence, (rows, np.roll(triangles, -1, axis=1).ravel()), 1.0)
    np.add.at(incidence, (rows, triangles.ravel()), -1.0)
    held = incidence.T * weights.ravel()
    # Adding the mean fixes the patch in the plane; without it the system is singular.
    solve = np.linalg.solve(held @ incidence + 1.0 / len(vertices_mm), held)
    flat = start * np.sqrt((edges**2).sum() / ((incidence @ start) ** 2).sum())
    for _ in range(_MAX_ROUNDS):
        turned = _turn(edges, (incidence @ flat).reshape(edges.shape), weights)
        moved = solve @ turned.reshape(-1, 2)
        change = np.abs(moved - flat).max()
        flat = moved
        if change < _SETTLED * np.abs(flat).max():
            break
    return np.asarray(flat - flat.mean(axis=0))


def _handedness(plane: Floats, triangles: Ints) -> float:
    a, b, c = (plane[triangles[:, corner]] for corner in range(3))
    ab, ac = b - a, c - a
    return float(np.sign((ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]).sum()))


def _laid_out_edges(corners: Floats, handedness: float) -> Floats:
    """The edges 0-1, 1-2, 2-0 of each triangle in its own plane, shape (t, 3, 2)."""
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    length = np.linalg.norm(first, axis=1)
    along = (first * second).sum(axis=1) / length
    across = np.linalg.norm(np.cross(first, second), axis=1) / length * handedness
    third = np.stack([along, across], axis=1)
    base = np.stack([length, np.zeros_like(length)], axis=1)
    return np.stack([base, third - base, -third], axis=1)


def _edge_weights(edges: Floats) -> Floats:
    """Cotangent of the angle opposite each edge, shape (t, 3)."""
    following, last = np.roll(edges, -1, axis=1), np.roll(edges, -2, axis=1)
    dot = -(following * last).sum(axis=2)
    cross = np.abs(following[..., 0] * last[..., 1] - following[..., 1] * last[..., 0])
    return np.asarray(np.maximum(dot / cross, _LEAST_WEIGHT))


def _turn(edges: Floats, flat_edges: Floats, weights: Floats) -> Floats:
    """Each triangle's own edges, turned as near as can be to where they lie now."""
    x, y = edges[..., 0], edges[..., 1]
    u, v = flat_edges[..., 0], flat_edges[..., 1]
    angle = np.arctan2((weights * (x * v - y * u)).sum(1), (weights * (x * u + y * v)).sum(1))[:, None]
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.stack([cosine * x - sine * y, sine * x + cosine * y], axis=2)


def stretch_factors(vertices_mm: Floats, triangles: Ints, flat: Floats) -> Floats:
    """Least and greatest stretch of each triangle when laid flat, shape (t, 2); 1 is true to scale.

    The least is negative where a triangle is turned over relative to most.
    """
    handedness = _handedness(flat, triangles)
    own = _laid_out_edges(vertices_mm[triangles], handedness)
    a, b, c = (flat[triangles[:, corner]] for corner in range(3))
    source = np.stack([own[:, 0], -own[:, 2]], axis=2)
    target = np.stack([b - a, c - a], axis=2)
    linear = target @ np.linalg.inv(source)
    singular = np.linalg.svd(linear, compute_uv=False)
    turned_over = np.linalg.det(linear) < 0
    return np.stack([np.where(turned_over, -singular[:, 1], singular[:, 1]), singular[:, 0]], axis=1)


def up_turned(vertices_mm: Floats, triangles: Ints, flat: Floats, up: Floats) -> Floats:
    """The flat patch turned so that the direction `up` (3,) of space points along +y on average."""
    a, b, c = (vertices_mm[triangles[:, corner]] for corner in range(3))
    frame = np.stack([b - a, c - a], axis=2)
    fa, fb, fc = (flat[triangles[:, corner]] for corner in range(3))
    shares = np.linalg.pinv(frame) @ up
    mean = np.einsum("tdk,tk->td", np.stack([fb - fa, fc - fa], axis=2), shares)
    areas = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    x, y = (mean * areas[:, None]).sum(axis=0) / np.hypot(*(mean * areas[:, None]).sum(axis=0))
    return np.asarray(flat @ np.array([[y, x], [-x, y]]))
