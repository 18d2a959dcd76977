"""Slow and obvious references for lengths along the skin: exact geodesics, and paths along edges."""

import heapq

import numpy as np
from pygeodesic.geodesic import PyGeodesicAlgorithmExact

from mesoplan.imaging.forehead import load_skin_template
from mesoplan.imaging.placement import FacePoints

_OFF_THE_EDGE = 1e-4


def face_with_points(points: FacePoints, factor: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The template face with each point as a vertex of its own; see :func:`any_face_with_points`."""
    return any_face_with_points(points, load_skin_template().vertices_mm * factor)


def any_face_with_points(points: FacePoints, face_mm: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A face with each point as a vertex of its own: vertices, triangles, and the numbers of those vertices."""
    template = load_skin_template()
    vertices = [*face_mm]
    children = {number: [tuple(corners)] for number, corners in enumerate(template.triangles.tolist())}
    added = []
    for triangle, weights in points.stored():
        inner = np.maximum(weights, _OFF_THE_EDGE)
        place = (inner / inner.sum()) @ face_mm[template.triangles[triangle]]
        holder = max(children[triangle], key=lambda corners: _least_weight(place, corners, vertices))
        children[triangle].remove(holder)
        a, b, c = holder
        new = len(vertices)
        vertices.append(place)
        added.append(new)
        children[triangle] += [(a, b, new), (b, c, new), (c, a, new)]
    triangles = [corners for group in children.values() for corners in group]
    return np.array(vertices), np.array(triangles, dtype=np.int32), np.array(added, dtype=np.int32)


def _least_weight(place: np.ndarray, corners: tuple[int, int, int], vertices: list[np.ndarray]) -> float:
    matrix = np.array([vertices[corner] for corner in corners]).T
    return float(np.linalg.lstsq(np.vstack([matrix, np.ones(3)]), np.append(place, 1.0), rcond=None)[0].min())


def geodesic_matrix_mm(points: FacePoints, factor: float) -> np.ndarray:
    """Exact length of the shortest way along the skin between each two points, (n, n)."""
    return geodesic_matrix_on(points, load_skin_template().vertices_mm * factor)


def geodesic_matrix_on(points: FacePoints, face_mm: np.ndarray) -> np.ndarray:
    """The same on any face."""
    vertices, triangles, own = any_face_with_points(points, face_mm)
    exact = PyGeodesicAlgorithmExact(vertices, triangles)
    return np.array([exact.geodesicDistances(np.array([number]), own)[0] for number in own])


def geodesic_between_on(points: FacePoints, others: FacePoints, face_mm: np.ndarray) -> np.ndarray:
    """Exact length of the shortest way from each point to the nearest of some other places of a face, (n,)."""
    both = FacePoints(np.append(points.triangles, others.triangles), np.vstack([points.weights, others.weights]))
    vertices, triangles, own = any_face_with_points(both, face_mm)
    exact = PyGeodesicAlgorithmExact(vertices, triangles)
    return np.asarray(exact.geodesicDistances(own[len(points) :], own[: len(points)])[0])


def geodesic_to_vertices_mm(points: FacePoints, targets: np.ndarray, factor: float) -> np.ndarray:
    """Exact length of the shortest way from each point to the nearest of some vertices of the mesh, (n,)."""
    vertices, triangles, own = face_with_points(points, factor)
    exact = PyGeodesicAlgorithmExact(vertices, triangles)
    return np.asarray(exact.geodesicDistances(np.asarray(targets, dtype=np.int32), own)[0])


def edge_path_mm(vertices: np.ndarray, triangles: np.ndarray, source: int) -> np.ndarray:
    """Length of the shortest way along edges from one vertex to all: never shorter than along the skin."""
    beside: dict[int, dict[int, float]] = {}
    for a, b, c in triangles.tolist():
        for start, end in ((a, b), (b, c), (c, a)):
            length = float(np.linalg.norm(vertices[start] - vertices[end]))
            beside.setdefault(start, {})[end] = length
            beside.setdefault(end, {})[start] = length
    best = np.full(len(vertices), np.inf)
    best[source] = 0.0
    queue = [(0.0, source)]
    while queue:
        so_far, at = heapq.heappop(queue)
        if so_far > best[at]:
            continue
        for other, length in beside[at].items():
            if so_far + length < best[other]:
                best[other] = so_far + length
                heapq.heappush(queue, (best[other], other))
    return best
