"""Places that were marked on one patient and take no injection: which points lie in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mesoplan.domain.case import Case
from mesoplan.domain.plan import KeptClear, OnMesh, OnPatch, Point
from mesoplan.imaging.patch_placement import clearance_of_places_mm
from mesoplan.imaging.placement import FacePoints
from mesoplan.kernels.mesh import Floats
from mesoplan.planning.placement import ON_THE_BORDER_MM, face_of, lesions_on_face, places_on_patch


def inside_of(marked: KeptClear, zone: str, points: Sequence[Point], case: Case) -> NDArray[np.bool_]:
    """Return which points (n,) of one zone lie nearer to a marked place than its radius.

    Distances are straight lines, on the face too: never longer than along the skin.
    """
    if not points:
        return np.zeros(0, dtype=bool)
    return np.asarray(_clearance_mm(marked, zone, points, case) < -ON_THE_BORDER_MM)


def _clearance_mm(marked: KeptClear, zone: str, points: Sequence[Point], case: Case) -> Floats:
    on_face, on_patch = lesions_on_face([marked]), places_on_patch(zone, [marked])
    if on_face and isinstance(points[0].at, OnMesh):
        places = FacePoints.of((one.at.triangle, one.at.weights) for one in points if isinstance(one.at, OnMesh))
        return on_face[0].clearance_on_mm(places, face_of(case).vertices_mm)
    if on_patch and isinstance(points[0].at, OnPatch):
        at = np.array([[one.at.x_mm, one.at.y_mm] for one in points if isinstance(one.at, OnPatch)])
        return clearance_of_places_mm(at, on_patch)
    return np.full(len(points), np.inf)
