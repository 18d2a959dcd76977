"""Polygons in a plane that a triangle mesh was laid out in: what they enclose of it, and where their sides run on it.

A polygon is an array of corners (n, 2); the last is joined to the first. On the mesh a side is straight in the plane
of the layout, so in space it bends with the surface, from one triangle to the next.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mesoplan.kernels.mesh import Floats, Ints
from mesoplan.kernels.mesh_location import planar_weights

_ON_A_SIDE = 1e-9
_LEAST_PIECE = 1e-9


def polygon_area(corners: Floats) -> float:
    """Area of a polygon, above 0 where it is walked counter-clockwise."""
    x, y = corners.T
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2)


def inside_polygon(points: Floats, corners: Floats) -> NDArray[np.bool_]:
    """Whether each point (n, 2) lies inside (even-odd rule); on a side it may be either."""
    start, end = corners, np.roll(corners, -1, axis=0)
    x, y = points[:, None, 0], points[:, None, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        at = start[:, 0] + (end[:, 0] - start[:, 0]) * (y - start[:, 1]) / (end[:, 1] - start[:, 1])
    crossed = ((start[:, 1] > y) != (end[:, 1] > y)) & (x < at)
    return np.asarray(crossed.sum(axis=1) % 2 == 1)


def crossing_sides(corners: Floats) -> tuple[int, int] | None:
    """The first two sides, counted from 0, that meet elsewhere than in the corner that they share; None if none do.

    Side i runs from corner i to the next one. Two that touch count, and so does one that runs back over its neighbour.
    """
    count = len(corners)
    start, end = corners, np.roll(corners, -1, axis=0)
    along = end - start
    first, second = np.triu_indices(count, k=1)
    next_to = (second - first == 1) | (second - first == count - 1)
    met = np.where(next_to, _folded(along, first, second), _met(start, end, first, second))
    if not met.any():
        return None
    found = int(met.argmax())
    return int(first[found]), int(second[found])


def _cross(one: Floats, other: Floats) -> Floats:
    return np.asarray(one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0])


def _folded(along: Floats, first: Ints, second: Ints) -> NDArray[np.bool_]:
    one, other = along[first], along[second]
    size = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return np.asarray((np.abs(_cross(one, other)) <= _ON_A_SIDE * size) & ((one * other).sum(axis=1) <= 0))


def _met(start: Floats, end: Floats, first: Ints, second: Ints) -> NDArray[np.bool_]:
    a, b, c, d = start[first], end[first], start[second], end[second]
    apart = (np.maximum(a, b) < np.minimum(c, d)).any(axis=1) | (np.maximum(c, d) < np.minimum(a, b)).any(axis=1)
    sides = _cross(b - a, c - a) * _cross(b - a, d - a) <= 0
    return np.asarray(~apart & sides & (_cross(d - c, a - c) * _cross(d - c, b - c) <= 0))


def shares_in_polygon(corners: Floats, plane: Floats, triangles: Ints) -> Floats:
    """Share (t,) of each triangle of a flat mesh that lies inside of a polygon, 0 to 1, whichever way it is walked.

    The polygon is cut into triangles with its first corner, counted with their sign, and each is clipped by each
    triangle of the mesh (Sutherland and Hodgman 1974, doi:10.1145/360767.360802). A side that runs along an edge of
    the mesh does no harm: the result changes by little where corners move by little.
    """
    weights = np.moveaxis(planar_weights(corners, plane, triangles), 0, 1)
    fan = np.arange(1, len(corners) - 1)
    cut = np.stack(np.broadcast_arrays(weights[:, :1], weights[:, fan], weights[:, fan + 1]), axis=2)
    beside = (cut < 0).all(axis=2).any(axis=-1)
    owner, _ = np.nonzero(~beside)
    summed = np.bincount(owner, _clipped_areas(cut[~beside]), minlength=len(triangles))
    return np.clip(np.abs(summed), 0.0, 1.0)


def _clipped_areas(cut: Floats) -> Floats:
    """Signed share (p,) of the reference triangle that each triangle (p, 3, 3), given by its weights there, covers."""
    for axis in range(3):
        cut = _clipped(cut, axis)
    one, other = cut[..., 1], cut[..., 2]
    return np.asarray((one * np.roll(other, -1, axis=1) - other * np.roll(one, -1, axis=1)).sum(axis=1))


def _clipped(polygons: Floats, axis: int) -> Floats:
    """Convex polygons (p, m, 3) without what has a weight below 0, shape (p, m + 1, 3); the last corner is repeated."""
    following = np.roll(polygons, -1, axis=1)
    here, there = polygons[..., axis], following[..., axis]
    crosses = (here < 0) != (there < 0)
    share = np.where(crosses, here / np.where(crosses, here - there, 1.0), 0.0)
    met = polygons + share[..., None] * (following - polygons)
    candidates = np.stack([met, following], axis=2).reshape(len(polygons), -1, 3)
    valid = np.stack([crosses, there >= 0], axis=2).reshape(len(polygons), -1)
    order = np.argsort(~valid, axis=1, kind="stable")[:, : polygons.shape[1] + 1]
    count = valid.sum(axis=1)
    order = np.where(np.arange(order.shape[1]) < count[:, None], order, order[:, :1])
    found = np.take_along_axis(candidates, order[..., None], axis=1)
    return np.where(count[:, None, None] > 0, found, 0.0)


def trace_polygon(corners: Floats, plane: Floats, triangles: Ints) -> tuple[Ints, Ints, Floats]:
    """The sides of a polygon cut where they pass from one triangle of a flat mesh to the next.

    Returns
    -------
    side : (m,) which side each piece is of, ascending from corner 0
    triangle_ids : (m,) the triangle that it runs in; one of the two where it runs along an edge
    weights : (m, 2, 3) barycentric weights there of its start and its end
    """
    at = planar_weights(corners, plane, triangles)
    change = np.roll(at, -1, axis=0) - at
    rises = np.abs(change) > _LEAST_PIECE
    meets = np.where(rises, -(at + _ON_A_SIDE) / np.where(rises, change, 1.0), 0.0)
    enters = np.where(change > _LEAST_PIECE, meets, 0.0).max(axis=2, initial=0.0)
    leaves = np.where(change < -_LEAST_PIECE, meets, 1.0).min(axis=2, initial=1.0)
    within = (rises | (at >= -_ON_A_SIDE)).all(axis=2)
    side, triangle = np.nonzero(within & (leaves - enters > _LEAST_PIECE))
    enter, leave = enters[side, triangle], leaves[side, triangle]
    order = np.lexsort((-leave, enter, side))
    reached = np.maximum.accumulate((side + leave)[order])
    new = np.ones(len(order), dtype=bool)
    # A piece that ends no farther than one before it runs along an edge and was found in both triangles.
    new[1:] = (side + leave)[order][1:] > reached[:-1] + _LEAST_PIECE
    kept = order[new]
    side, triangle = side[kept], triangle[kept]
    ends = np.stack([enter[kept], leave[kept]], axis=1)[..., None]
    weights = np.clip(at[side, triangle][:, None] + ends * change[side, triangle][:, None], 0.0, 1.0)
    return side, triangle, weights / weights.sum(axis=2, keepdims=True)
