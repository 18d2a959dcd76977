"""Triangle meshes in millimetres: areas, normals, borders, places on the surface.

A mesh is a pair of arrays: ``vertices_mm`` of shape (v, 3) and ``triangles`` of shape (t, 3)
holding vertex indices, wound counter-clockwise as seen from outside.
A place on it is a triangle index with three barycentric weights, so it moves with the mesh.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def triangle_areas_mm2(vertices_mm: Floats, triangles: Ints) -> Floats:
    """Area of each triangle in 3-D, mm², shape (t,)."""
    return np.asarray(np.linalg.norm(_doubled_normals(vertices_mm, triangles), axis=1) / 2.0)


def triangle_normals(vertices_mm: Floats, triangles: Ints) -> Floats:
    """Outward unit normal of each triangle, shape (t, 3)."""
    normals = _doubled_normals(vertices_mm, triangles)
    return np.asarray(normals / np.linalg.norm(normals, axis=1, keepdims=True))


def vertex_normals(vertices_mm: Floats, triangles: Ints) -> Floats:
    """Unit normal of each vertex, the area-weighted mean of its triangles, shape (v, 3)."""
    summed = np.zeros_like(vertices_mm)
    doubled = _doubled_normals(vertices_mm, triangles)
    for corner in range(3):
        np.add.at(summed, triangles[:, corner], doubled)
    return np.asarray(summed / np.linalg.norm(summed, axis=1, keepdims=True))


def _doubled_normals(vertices_mm: Floats, triangles: Ints) -> Floats:
    a, b, c = (vertices_mm[triangles[:, corner]] for corner in range(3))
    return np.cross(b - a, c - a)


def extract_submesh(triangles: Ints, keep: Ints) -> tuple[Ints, Ints]:
    """The triangles numbered ``keep`` as a mesh of its own.

    Returns
    -------
    vertex_ids : (n,) the vertices used, as numbered in the whole mesh
    local_triangles : (len(keep), 3) the triangles, in the numbering of ``vertex_ids``
    """
    vertex_ids, local = np.unique(triangles[keep], return_inverse=True)
    return vertex_ids, local.reshape(-1, 3)


def border_edges(triangles: Ints) -> Ints:
    """Edges that belong to one triangle only, directed along its winding, shape (e, 2)."""
    directed = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    _, inverse, count = np.unique(np.sort(directed, axis=1), axis=0, return_inverse=True, return_counts=True)
    return np.asarray(directed[count[inverse.ravel()] == 1])


def border_loops(triangles: Ints) -> list[Ints]:
    """The border as closed loops of vertex indices (first not repeated), longest loop first.

    Raises
    ------
    ValueError
        if two loops touch in one vertex, so that the border cannot be walked in one way.
    """
    following: dict[int, int] = {}
    for start, end in border_edges(triangles).tolist():
        if start in following:
            raise ValueError(f"two borders of the patch meet in vertex {start}")
        following[start] = end
    loops: list[Ints] = []
    while following:
        first, at = following.popitem()
        loop = [first]
        while at != first:
            loop.append(at)
            at = following.pop(at)
        loops.append(np.array(loop, dtype=np.intp))
    return sorted(loops, key=len, reverse=True)


def surface_positions_mm(vertices_mm: Floats, triangles: Ints, triangle_ids: Ints, weights: Floats) -> Floats:
    """Positions in mm, shape (n, 3), of places given by triangle and barycentric weights."""
    corners = vertices_mm[triangles[triangle_ids]]
    return np.asarray(np.einsum("nc,ncd->nd", weights, corners))


def distance_to_segments_mm(points_mm: Floats, starts_mm: Floats, ends_mm: Floats) -> Floats:
    """Straight-line distance from each point to the nearest of some segments, shape (n,).

    It is never longer than the way along the surface, so what keeps a margin by this measure
    keeps it along the skin. Infinite where there is no segment.
    """
    if len(starts_mm) == 0:
        return np.full(len(points_mm), np.inf)
    along = ends_mm - starts_mm
    length2 = np.maximum((along**2).sum(axis=1), 1e-18)
    offset = points_mm[:, None, :] - starts_mm
    share = np.clip((offset * along).sum(axis=2) / length2, 0.0, 1.0)
    away = offset - share[:, :, None] * along
    return np.asarray(np.sqrt((away**2).sum(axis=2).min(axis=1)))


def nearest_distance_mm(points_mm: Floats) -> Floats:
    """Straight-line distance from each point to its nearest neighbour, shape (n,).

    All pairs are compared (300 points: about 1 ms). On skin that bends, the way along the surface
    is longer: by under 1 % at 10 mm wherever the radius of curvature is above 20 mm.
    Infinite for a point that is alone.
    """
    if len(points_mm) < 2:
        return np.full(len(points_mm), np.inf)
    square = (points_mm**2).sum(axis=1)
    squared = square[:, None] + square - 2.0 * points_mm @ points_mm.T
    np.fill_diagonal(squared, np.inf)
    nearest = squared.argmin(axis=1)
    return np.asarray(np.linalg.norm(points_mm - points_mm[nearest], axis=1))
