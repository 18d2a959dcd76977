"""Regions about vessels, nerves and foramina on the face, and which points lie in them.

A region is what lies within a reach of a place or of a line on the skin. Distances are straight lines in 3-D:
never longer than along the skin, so a point is rather counted in than out. Where the structures run, and how
wide, is knowledge (landmark distances with their sources); here it only becomes a place on this face.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mesoplan.imaging.face_landmarks import Place, Side, path_on
from mesoplan.kernels.mesh import Floats, distance_to_segments_mm


@dataclass(frozen=True, eq=False)
class Region:
    """What lies within `reach_mm` of a line (n, 3) on the face, or of one place (1, 3)."""

    line_mm: Floats
    reach_mm: float

    def mirrored(self) -> Region:
        """The same on the other side of the face."""
        return Region(self.line_mm * np.array([-1.0, 1.0, 1.0]), self.reach_mm)


def region_on(places: tuple[Place, ...], side: Side, vertices_mm: Floats, reach_mm: float) -> Region:
    """The region about a place, or about the line through places, by the landmarks of a face in the axes of the head.

    Remembered, because a plan is evaluated at every change and the face stays the same.
    """
    return _region_on(places, side, vertices_mm.tobytes(), reach_mm)


# A key holds the vertices (11 kB), so fewer are remembered: some faces with all of their structures.
@functools.lru_cache(maxsize=512)
def _region_on(places: tuple[Place, ...], side: Side, vertices: bytes, reach_mm: float) -> Region:
    return _region(path_on(places, side, np.frombuffer(vertices).reshape(-1, 3)), reach_mm)


def _region(line_mm: Floats, reach_mm: float) -> Region:
    line_mm.setflags(write=False)
    return Region(line_mm, reach_mm)


def distance_to_region_mm(points_mm: Floats, region: Region) -> Floats:
    """Distance (n,) from points (n, 3) to the line of a region."""
    line = region.line_mm
    if len(line) == 1:
        return distance_to_segments_mm(points_mm, line, line)
    return distance_to_segments_mm(points_mm, line[:-1], line[1:])


def points_in_region(points_mm: Floats, region: Region) -> NDArray[np.bool_]:
    """Which of the points (n, 3) lie in the region, its limit included."""
    return np.asarray(distance_to_region_mm(points_mm, region) <= region.reach_mm)


def points_within_circle(points_mm: Floats, centre_mm: Floats, radius_mm: float) -> NDArray[np.bool_]:
    """Which of the points (n, 3) lie within a radius of a centre (3,)."""
    return points_in_region(points_mm, Region(centre_mm[None], radius_mm))


def points_near_polyline(points_mm: Floats, line_mm: Floats, reach_mm: float) -> NDArray[np.bool_]:
    """Which of the points (n, 3) lie within reach of a line (m, 3)."""
    return points_in_region(points_mm, Region(line_mm, reach_mm))
