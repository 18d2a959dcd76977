"""Outlines of zones of the face for tests: the corners of the template's zone, each drawn out or in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from mesoplan.domain.plan import OnMesh
from mesoplan.imaging.drawn_zone import drawn_zone, face_layout
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, face_zone_ids
from mesoplan.imaging.forehead import load_skin_template
from mesoplan.imaging.placement import FacePoints
from mesoplan.imaging.zone_corners import corners_of
from mesoplan.kernels.mesh_location import locate_in_plane

INJECTABLE = tuple(zone for zone in face_zone_ids() if zone not in NO_INJECTION_ZONES)


def stretched(zone: str, factors: Sequence[float]) -> tuple[OnMesh, ...]:
    """Return the corners of a zone, each that many times as far from the middle; one that would leave the face stays.

    Corners take the factors in turn.
    """
    template, corners = load_skin_template(), corners_of(zone, None)
    plane = drawn_zone(corners).plane
    turns = np.resize(np.asarray(factors, dtype=np.float64), len(corners))[:, None]
    triangles, weights = locate_in_plane(
        plane.mean(axis=0) + turns * (plane - plane.mean(axis=0)), face_layout(), template.triangles
    )
    moved = FacePoints(triangles, np.round(weights, 6)).stored()
    return tuple(
        kept if triangle < 0 else OnMesh(triangle=triangle, weights=at)
        for kept, (triangle, at) in zip(corners, moved, strict=True)
    )


FACTORS = st.lists(st.floats(0.6, 1.25), min_size=1, max_size=8)
DRAWN = st.tuples(st.sampled_from(INJECTABLE), FACTORS).map(lambda found: (found[0], stretched(*found)))
"""A zone of the face and an outline of it; it may cross itself."""
UNCROSSED = DRAWN.filter(lambda found: drawn_zone(found[1]).crossing is None)
