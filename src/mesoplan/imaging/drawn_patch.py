"""A flat patch of neck or body whose edge was drawn: corners in mm from the centre of the patch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mesoplan.domain.plan import OnPatch, Place
from mesoplan.imaging.patch_placement import Patch, RoundPlace, clearance_of_places_mm
from mesoplan.imaging.placement import DEFAULT_MARGIN_MM
from mesoplan.imaging.svg import path_data
from mesoplan.kernels.contours import longest_outline
from mesoplan.kernels.mesh import Floats, distance_to_segments_mm
from mesoplan.kernels.polygons import crossing_sides, inside_polygon, polygon_area
from mesoplan.kernels.surface_lattice import fullest_lattice

_MM2_PER_CM2 = 100.0
_STORED_DECIMALS = 3
_MOST_SAMPLES_ACROSS = 200


@dataclass(frozen=True, eq=False)
class DrawnPatch:
    """What an outline encloses of a flat patch; corners (n, 2) in mm."""

    corners_mm: Floats

    @property
    def crossing(self) -> tuple[int, int] | None:
        """Two sides that meet where they should not; side i runs from corner i to the next, counted from 0."""
        return crossing_sides(self.corners_mm)

    @property
    def area_cm2(self) -> float:
        """Area, cm²."""
        return abs(polygon_area(self.corners_mm)) / _MM2_PER_CM2

    def clearance_mm(self, positions_mm: Floats) -> Floats:
        """How far each position (n, 2) lies inside of the edge; below 0 where it lies outside."""
        away = distance_to_segments_mm(positions_mm, self.corners_mm, np.roll(self.corners_mm, -1, axis=0))
        return np.where(inside_polygon(positions_mm, self.corners_mm), away, -away)

    def nearest_inside(self, positions_mm: Floats) -> Floats:
        """Return each position (n, 2), or the nearest one on the edge where it lies outside."""
        start = self.corners_mm
        along = np.roll(start, -1, axis=0) - start
        offset = positions_mm[:, None, :] - start
        share = np.clip((offset * along).sum(axis=2) / (along**2).sum(axis=1), 0.0, 1.0)
        on_sides = start + share[..., None] * along
        nearest = ((on_sides - positions_mm[:, None, :]) ** 2).sum(axis=2).argmin(axis=1)
        inside = inside_polygon(positions_mm, self.corners_mm)[:, None]
        return np.where(inside, positions_mm, on_sides[np.arange(len(positions_mm)), nearest])

    def margin_line_mm(self, margin_mm: float) -> Floats:
        """The line (m, 2) that keeps a margin inside of the edge, for display; empty where nothing is that far in."""
        low, high = self.corners_mm.min(axis=0), self.corners_mm.max(axis=0)
        step = max(0.5, float((high - low).max()) / _MOST_SAMPLES_ACROSS)
        x, y = (np.arange(low[axis], high[axis] + step, step) for axis in (0, 1))
        grid = np.stack(np.meshgrid(x, y), axis=2)
        inside = self.clearance_mm(grid.reshape(-1, 2)).reshape(grid.shape[:2])
        line = longest_outline(inside, margin_mm)
        return np.asarray(low + line * step)


def drawn_patch(outline: Sequence[Place]) -> DrawnPatch:
    """Return what an outline on a flat patch encloses.

    Raises
    ------
    ValueError
        If a corner lies on the face.
    """
    corners = [(place.x_mm, place.y_mm) for place in outline if isinstance(place, OnPatch)]
    if len(corners) < len(outline):
        raise ValueError("an outline on a flat patch has its corners on the patch")
    return DrawnPatch(np.array(corners))


def patch_corners(patch: Patch, outline: Sequence[Place] | None) -> tuple[OnPatch, ...]:
    """Return the corners to be dragged: those that were drawn, else those of the patch."""
    at = patch.outline_mm() if outline is None else drawn_patch(outline).corners_mm
    return tuple(OnPatch(x_mm=round(x, _STORED_DECIMALS), y_mm=round(y, _STORED_DECIMALS)) for x, y in at.tolist())


def patch_edge_path(patch: Patch, outline: Sequence[Place] | None) -> str:
    """Return the edge as the `d` of an SVG path in mm of the drawing of the patch, y down."""
    return path_data(patch.outline_mm() if outline is None else drawn_patch(outline).corners_mm, closed=True)


def place_in_drawn_patch(
    patch: DrawnPatch,
    *,
    spacing_mm: float,
    angle_deg: float = 0.0,
    margin_mm: float = DEFAULT_MARGIN_MM,
    line_spacing_mm: float | None = None,
    kept_clear: tuple[RoundPlace, ...] = (),
) -> Floats:
    """Return a lattice (n, 2) inside of an outline, mm from the centre of the patch: hexagonal, or lines so far apart.

    Raises
    ------
    ValueError
        If the spacing is too small for the area or not above 0.
    """

    def clearance_mm(plane: Floats) -> Floats:
        return np.minimum(patch.clearance_mm(plane) - margin_mm, clearance_of_places_mm(plane, kept_clear))

    low, high = patch.corners_mm.min(axis=0), patch.corners_mm.max(axis=0)
    lines = line_spacing_mm
    found = fullest_lattice(low, high, spacing_mm, angle_deg, clearance_mm, line_spacing_mm=lines)
    return np.round(found, _STORED_DECIMALS)
