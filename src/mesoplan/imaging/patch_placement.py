"""Injection points in a lattice on a flat patch of neck or body whose area was typed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mesoplan.imaging.placement import DEFAULT_MARGIN_MM
from mesoplan.kernels.mesh import Floats, distance_to_segments_mm
from mesoplan.kernels.surface_lattice import fullest_lattice

_ELLIPSE_CORNERS = 72

PatchShape = Literal["rectangle", "ellipse"]


@dataclass(frozen=True)
class Patch:
    """A flat piece of skin of neck or body whose area was typed in; x goes to the right of the drawing, y up."""

    shape: PatchShape
    width_mm: float
    height_mm: float

    def outline_mm(self) -> Floats:
        """Corners (n, 2) of the border, from its centre."""
        half = np.array([self.width_mm, self.height_mm]) / 2
        if self.shape == "rectangle":
            return np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]) * half
        angle = np.arange(_ELLIPSE_CORNERS) * (2 * np.pi / _ELLIPSE_CORNERS)
        return np.stack([np.cos(angle), np.sin(angle)], axis=1) * half


@dataclass(frozen=True)
class RoundPlace:
    """What was marked on a flat patch and takes no injection within a radius; mm from the centre of the patch."""

    x_mm: float
    y_mm: float
    radius_mm: float


def clearance_of_places_mm(positions_mm: Floats, places: tuple[RoundPlace, ...]) -> Floats:
    """How far positions (n, 2) lie outside of the nearest marked place, (n,); below 0 is inside."""
    clearance = np.full(len(positions_mm), np.inf)
    for place in places:
        away = np.linalg.norm(positions_mm - (place.x_mm, place.y_mm), axis=1) - place.radius_mm
        clearance = np.minimum(clearance, away)
    return clearance


@dataclass(frozen=True, eq=False)
class PatchPlacement:
    """A lattice on a flat patch; positions (n, 2) in mm from its centre."""

    patch: Patch
    positions_mm: Floats


def patch_of_area(area_cm2: float, *, aspect: float = 1.5, shape: PatchShape = "rectangle") -> Patch:
    """The patch of a typed area, width / height = `aspect`.

    Raises
    ------
    ValueError
        If area or aspect is not above 0.
    """
    if not (area_cm2 > 0 and aspect > 0):
        raise ValueError(f"an area of {area_cm2:g} cm2 with aspect {aspect:g} is not above 0")
    filled = 1.0 if shape == "rectangle" else np.pi / 4
    height = float(np.sqrt(area_cm2 * 100.0 / filled / aspect))
    return Patch(shape, height * aspect, height)


def place_on_patch(
    area_cm2: float,
    *,
    spacing_mm: float,
    aspect: float = 1.5,
    shape: PatchShape = "rectangle",
    angle_deg: float = 0.0,
    margin_mm: float = DEFAULT_MARGIN_MM,
    line_spacing_mm: float | None = None,
    kept_clear: tuple[RoundPlace, ...] = (),
) -> PatchPlacement:
    """A lattice on a flat patch of a typed area, width / height = `aspect`: hexagonal, or lines so far apart.

    Raises
    ------
    ValueError
        If area or aspect is not above 0, or the spacing is too small for the area or not above 0.
    """
    patch = patch_of_area(area_cm2, aspect=aspect, shape=shape)
    half = np.array([patch.width_mm, patch.height_mm]) / 2

    def clearance_mm(plane: Floats) -> Floats:
        inside = patch_border_distance_mm(plane, patch) - margin_mm
        return np.minimum(inside, clearance_of_places_mm(plane, kept_clear))

    lines = line_spacing_mm
    points = fullest_lattice(-half, half, spacing_mm, angle_deg, clearance_mm, on_axis=True, line_spacing_mm=lines)
    return PatchPlacement(patch, np.round(points, 3))


def patch_border_distance_mm(positions_mm: Floats, patch: Patch) -> Floats:
    """Distance (n,) to the border of a patch, below 0 outside. An ellipse counts as a polygon of 72 corners."""
    half = np.array([patch.width_mm, patch.height_mm]) / 2
    if patch.shape == "rectangle":
        return np.asarray((half - np.abs(positions_mm)).min(axis=1))
    corners = patch.outline_mm()
    distance = distance_to_segments_mm(positions_mm, corners, np.roll(corners, -1, axis=0))
    inside = ((positions_mm / half) ** 2).sum(axis=1) < 1.0
    return np.where(inside, distance, -distance)
