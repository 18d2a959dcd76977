"""The forehead above the face mesh, so that a zone can be drawn up to the hairline.

The mesh ends in the middle of the forehead. Above it the skin is carried on along the sphere that lies nearest to the
forehead below: the same for a face in millimetres and in the pixels of a photo, however it is turned. Nothing is
measured there: it is where a dermatologist draws, and the drawing is the record.
"""

from __future__ import annotations

import functools
import itertools

import numpy as np

from mesoplan.imaging.face_template import FaceTemplate, load_face_template, mirror_triangles
from mesoplan.kernels.mesh import Floats, Ints

ROWS = 3
MESH_TRIANGLES = 898
# The upper edge of the mesh from temple to temple; the two ends stay where they are.
_CHAIN = (162, 21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251, 389)
_GLABELLA, _TOP, _TEMPLES = 9, 10, (54, 284)
# Of the distance of the temples (125.6 mm on the template): 12 mm a row in the middle, none at the ends.
_ROW = 12.0 / 125.6
_ROW_IN_LAYOUT = 0.045
# Vertices of the forehead below that edge, which the sphere is laid to.
_BELOW = (
    8, 9, 10, 54, 63, 66, 67, 68, 69, 71, 103, 104, 105, 107, 108, 109, 151, 284, 293, 296, 297, 298, 299, 301, 332,
    333, 334, 336, 337, 338,
)  # fmt: skip


def with_forehead(vertices: Floats) -> Floats:
    """A face (468, 3) in any axes and unit, with the vertices above its mesh (501, 3)."""
    chain = vertices[list(_CHAIN)]
    centre = _sphere_centre(vertices[list(_BELOW)])
    away = chain - centre
    radii = np.linalg.norm(away, axis=1, keepdims=True)
    outward = away / radii
    up = vertices[_TOP] - vertices[_GLABELLA]
    along = up - (outward @ up)[:, None] * outward
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    step = _ROW * float(np.linalg.norm(vertices[_TEMPLES[0]] - vertices[_TEMPLES[1]]))
    rows = [vertices]
    for row in range(1, ROWS + 1):
        angle = row * step * _share()[:, None] / radii
        rows.append((centre + radii * (np.cos(angle) * outward + np.sin(angle) * along))[1:-1])
    return np.concatenate(rows)


def _sphere_centre(points: Floats) -> Floats:
    """Centre of the sphere nearest to points, by least squares of the power of each point."""
    middle = points.mean(axis=0)
    own = points - middle
    matrix = np.column_stack([2 * own, np.ones(len(own))])
    return np.asarray(np.linalg.lstsq(matrix, (own**2).sum(axis=1), rcond=None)[0][:3] + middle)


@functools.cache
def _share() -> Floats:
    """How far each vertex of the edge is carried on: wholly in the middle, not at all at the ends."""
    x = load_face_template().texture[list(_CHAIN), 0]
    middle, half = (x[0] + x[-1]) / 2, (x[-1] - x[0]) / 2
    share = 1 - ((x - middle) / half) ** 2
    # The file's own layout is symmetric to about a thousandth only.
    return np.asarray((share + share[::-1]) / 2)


@functools.cache
def load_skin_template() -> FaceTemplate:
    """The template with the forehead above its mesh: the first 468 vertices and 898 triangles are those of the mesh."""
    mesh = load_face_template()
    rows = _row_vertices(len(mesh.vertices_mm))
    added = np.concatenate([_strip(low, high) for low, high in itertools.pairwise(rows)])
    triangles = np.concatenate([mesh.triangles, added])
    mirror = np.concatenate([mesh.mirror_vertices, *(row[1:-1][::-1] for row in rows[1:])])
    partner, corners = mirror_triangles(triangles, mirror)
    lifts = [_share()[1:-1, None] * [0.0, row * _ROW_IN_LAYOUT] for row in range(1, ROWS + 1)]
    edge = mesh.texture[list(_CHAIN)][1:-1]
    texture = np.concatenate([mesh.texture, *(edge + lift for lift in lifts)])
    template = FaceTemplate(with_forehead(mesh.vertices_mm), triangles, texture, mirror, partner, corners)
    for array in vars(template).values():
        array.setflags(write=False)
    return template


def _row_vertices(first: int) -> list[Ints]:
    """The vertices of each row, its two ends among them; the lowest is the edge of the mesh."""
    inner = len(_CHAIN) - 2
    rows = [np.array(_CHAIN)]
    for row in range(ROWS):
        own = np.arange(first + row * inner, first + (row + 1) * inner)
        rows.append(np.concatenate([[_CHAIN[0]], own, [_CHAIN[-1]]]))
    return rows


def _strip(low: Ints, high: Ints) -> Ints:
    """Triangles between two rows from the patient's right to the left, counter-clockwise as seen from outside.

    Diagonals of the two sides mirror each other.
    """
    found: list[tuple[int, int, int]] = []
    last, middle = len(low) - 2, len(low) // 2
    for at in range(len(low) - 1):
        a, b, c, d = int(low[at]), int(low[at + 1]), int(high[at + 1]), int(high[at])
        if at == 0:
            found.append((a, b, c))
        elif at == last:
            found.append((a, b, d))
        elif at < middle:
            found += [(a, b, c), (a, c, d)]
        else:
            found += [(a, b, d), (b, c, d)]
    return np.array(found, dtype=np.intp)
