"""What was marked on the skin of one patient and takes no injection: a circle about a place, or an outline.

Places are on the mesh, so a lesion stays where it is on the next photo; a radius is in the patient's millimetres.
Distances are straight lines in space, which are never longer than along the skin: a margin held so is held along it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesoplan.domain.plan import OnMesh
from mesoplan.imaging.drawn_placement import mirrored_outline
from mesoplan.imaging.drawn_zone import drawn_zone
from mesoplan.imaging.placement import FacePoints
from mesoplan.kernels.mesh import Floats

FEWEST_CORNERS = 3


class NoSuchLesion(ValueError):
    """A lesion that cannot be: the message says which of its values, and why."""


@dataclass(frozen=True)
class RoundLesion:
    """What lies within a radius of a place, with a margin to be kept around it.

    Raises
    ------
    NoSuchLesion
        If the radius is not above 0 or the margin below 0.
    """

    at: OnMesh
    radius_mm: float
    margin_mm: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.radius_mm < np.inf:
            raise NoSuchLesion(f"radius_mm: {self.radius_mm:g} mm is not above 0")
        _check_margin(self.margin_mm)

    def clearance_on_mm(self, points: FacePoints, vertices_mm: Floats) -> Floats:
        """How far each point (n,) lies outside of the margin on a face; below 0 is too near."""
        centre = FacePoints.of([(self.at.triangle, self.at.weights)]).positions_on(vertices_mm)
        away = np.linalg.norm(points.positions_on(vertices_mm) - centre, axis=1)
        return np.asarray(away - self.radius_mm - self.margin_mm)

    def mirrored(self) -> RoundLesion:
        """The same on the other side of the face."""
        ((triangle, weights),) = FacePoints.of([(self.at.triangle, self.at.weights)]).mirrored().stored()
        return RoundLesion(OnMesh(triangle=triangle, weights=weights), self.radius_mm, self.margin_mm)


@dataclass(frozen=True)
class OutlinedLesion:
    """What an outline encloses, with a margin to be kept around it.

    Raises
    ------
    NoSuchLesion
        If the outline has fewer than three corners or crosses itself, or the margin is below 0.
    """

    outline: tuple[OnMesh, ...]
    margin_mm: float = 0.0

    def __post_init__(self) -> None:
        if len(self.outline) < FEWEST_CORNERS:
            raise NoSuchLesion(f"outline: it has {len(self.outline)} corners, {FEWEST_CORNERS} are needed")
        if drawn_zone(self.outline).crossing is not None:
            raise NoSuchLesion("outline: it crosses itself")
        _check_margin(self.margin_mm)

    def clearance_on_mm(self, points: FacePoints, vertices_mm: Floats) -> Floats:
        """How far each point (n,) lies outside of the margin on a face; below 0 is too near."""
        return -drawn_zone(self.outline).clearance_on_mm(points, vertices_mm) - self.margin_mm

    def mirrored(self) -> OutlinedLesion:
        """The same on the other side of the face."""
        return OutlinedLesion(mirrored_outline(self.outline), self.margin_mm)


def _check_margin(margin_mm: float) -> None:
    if not 0 <= margin_mm < np.inf:
        raise NoSuchLesion(f"margin_mm: {margin_mm:g} mm is below 0 or without end")
