"""From a place in a picture of the face to the place on its skin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mesoplan.imaging.face_shape import FaceShape
from mesoplan.imaging.face_view import View
from mesoplan.imaging.face_zones import zone_of_triangles
from mesoplan.imaging.forehead import load_skin_template
from mesoplan.kernels.mesh_location import locate_in_plane

_STORED_DECIMALS = 6


@dataclass(frozen=True)
class SkinPlace:
    """A triangle of the mesh, the weights in it, and the zone that it belongs to; empty for none."""

    triangle: int
    weights: tuple[float, float, float]
    zone: str


def places_in_picture(
    view: View, places_mm: Sequence[tuple[float, float]], face: FaceShape
) -> tuple[SkinPlace | None, ...]:
    """Return the skin that is seen at each place (x, y in mm of the picture); None beside the face.

    Where skin covers skin, the nearer one is meant.
    """
    picture, triangles = face.seen_mm(view), load_skin_template().triangles
    wanted = np.asarray(places_mm, dtype=np.float64).reshape(-1, 2)
    found, weights = locate_in_plane(wanted, picture[:, :2], triangles, picture[:, 2])
    zones = zone_of_triangles()
    rounded = np.round(weights, _STORED_DECIMALS)
    return tuple(
        None if triangle < 0 else SkinPlace(triangle, (row[0], row[1], row[2]), zones[triangle])
        for triangle, row in zip(found.tolist(), rounded.tolist(), strict=True)
    )
