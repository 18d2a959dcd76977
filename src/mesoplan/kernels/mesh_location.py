"""Finding the place on a mesh that belongs to a position: under a point of a plane, or nearest in space."""

from __future__ import annotations

import numpy as np

from mesoplan.kernels.mesh import Floats, Ints

_INSIDE_TOLERANCE = 1e-9


def planar_weights(points: Floats, plane: Floats, triangles: Ints) -> Floats:
    """Barycentric weights of each 2-D point in each 2-D triangle, shape (n, t, 3).

    All three weights are in [0, 1] where the point lies inside. A triangle without area gives nan.
    """
    a, b, c = (plane[triangles[:, corner]] for corner in range(3))
    ab, ac = b - a, c - a
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = 1.0 / (ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0])
        x = points[:, None, 0] - a[:, 0]
        y = points[:, None, 1] - a[:, 1]
        second = (x * ac[:, 1] - y * ac[:, 0]) * inverse
        third = (y * ab[:, 0] - x * ab[:, 1]) * inverse
    return np.stack([1.0 - second - third, second, third], axis=2)


def locate_in_plane(
    points: Floats, plane: Floats, triangles: Ints, nearness: Floats | None = None
) -> tuple[Ints, Floats]:
    """The triangle of a flat mesh under each 2-D point.

    Parameters
    ----------
    points : (n, 2)
    plane : (v, 2) vertex positions in the plane
    nearness : (v,) or None
        Height above the plane. Where triangles overlap, the highest at the point is taken.

    Returns
    -------
    triangle_ids : (n,) index of the triangle, -1 where there is none
    weights : (n, 3) barycentric weights there
    """
    if len(points) == 0:
        return np.zeros(0, dtype=np.intp), np.zeros((0, 3))
    weights = planar_weights(points, plane, triangles)
    rank = weights.min(axis=2)
    inside = rank >= -_INSIDE_TOLERANCE
    if nearness is not None:
        rank = np.einsum("ntc,tc->nt", np.nan_to_num(weights), nearness[triangles])
    chosen = np.where(inside, rank, -np.inf).argmax(axis=1)
    found = inside.any(axis=1)
    picked = np.clip(weights[np.arange(len(points)), chosen], 0.0, 1.0)
    picked = picked / np.where(found, picked.sum(axis=1), 1.0)[:, None]
    return np.where(found, chosen, -1), picked


def closest_places(points_mm: Floats, vertices_mm: Floats, triangles: Ints) -> tuple[Ints, Floats]:
    """The place on the mesh nearest to each point in space.

    Returns
    -------
    triangle_ids : (n,) index of the triangle
    weights : (n, 3) barycentric weights there
    """
    found = [_closest_place(point, vertices_mm[triangles]) for point in points_mm]
    triangle_ids = np.array([triangle for triangle, _ in found], dtype=np.intp)
    return triangle_ids, np.array([weights for _, weights in found]).reshape(-1, 3)


def _closest_place(point_mm: Floats, corners_mm: Floats) -> tuple[int, Floats]:
    weights = _closest_weights(point_mm, corners_mm)
    away = np.einsum("tc,tcd->td", weights, corners_mm) - point_mm
    nearest = int((away**2).sum(axis=1).argmin())
    return nearest, weights[nearest]


def _closest_weights(point_mm: Floats, corners_mm: Floats) -> Floats:
    """Weights of the closest point of every triangle: the foot of the perpendicular, or on an edge."""
    a, b, c = corners_mm[:, 0], corners_mm[:, 1], corners_mm[:, 2]
    ab, ac, ap = b - a, c - a, point_mm - a
    d00, d01, d11 = (ab * ab).sum(1), (ab * ac).sum(1), (ac * ac).sum(1)
    d20, d21 = (ap * ab).sum(1), (ap * ac).sum(1)
    area = d00 * d11 - d01 * d01
    second, third = (d11 * d20 - d01 * d21) / area, (d00 * d21 - d01 * d20) / area
    best = np.stack([1.0 - second - third, second, third], axis=1)
    outside = best.min(axis=1) < 0
    distance2 = np.full(len(corners_mm), np.inf)
    for first, last in ((0, 1), (1, 2), (2, 0)):
        edge = corners_mm[:, last] - corners_mm[:, first]
        offset = point_mm - corners_mm[:, first]
        share = np.clip((offset * edge).sum(1) / (edge**2).sum(1), 0.0, 1.0)
        away2 = ((offset - share[:, None] * edge) ** 2).sum(1)
        closer = outside & (away2 < distance2)
        distance2[closer] = away2[closer]
        best[closer] = 0.0
        best[closer, first] = 1.0 - share[closer]
        best[closer, last] = share[closer]
    return best
