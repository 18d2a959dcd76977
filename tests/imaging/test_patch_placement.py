"""Lattices on flat patches of neck and body."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.imaging.patch_placement import (
    Patch,
    PatchShape,
    patch_border_distance_mm,
    patch_of_area,
    place_on_patch,
)
from mesoplan.kernels.mesh import nearest_distance_mm

areas, aspects, spacings = st.floats(5, 600), st.floats(0.4, 3), st.floats(8, 30)
shapes = st.sampled_from(["rectangle", "ellipse"])


def area_cm2(outline: np.ndarray) -> float:
    nxt = np.roll(outline, -1, axis=0)
    return abs(float((outline[:, 0] * nxt[:, 1] - outline[:, 1] * nxt[:, 0]).sum())) / 200


@given(areas, aspects, shapes)
def test_a_patch_has_the_area_that_was_typed(area: float, aspect: float, shape: PatchShape) -> None:
    patch = patch_of_area(area, aspect=aspect, shape=shape)
    # An ellipse is a polygon of 72 corners here: 0.13 % less.
    assert area_cm2(patch.outline_mm()) == pytest.approx(area, rel=2e-3)
    assert patch.width_mm / patch.height_mm == pytest.approx(aspect)


@given(areas, aspects, shapes, spacings, st.floats(-45, 45), st.floats(0, 10))
def test_points_keep_margin_and_spacing(
    area: float,
    aspect: float,
    shape: PatchShape,
    spacing: float,
    angle: float,
    margin: float,
) -> None:
    placement = place_on_patch(area, spacing_mm=spacing, aspect=aspect, shape=shape, angle_deg=angle, margin_mm=margin)
    distance = patch_border_distance_mm(placement.positions_mm, placement.patch)
    assert (distance >= margin - 2e-3).all()
    nearest = nearest_distance_mm(placement.positions_mm)
    assert (nearest >= spacing - 3e-3).all()
    if len(nearest) > 30:
        assert np.median(nearest) == pytest.approx(spacing, abs=3e-3)


# area cm², spacing mm, shape -> points
COUNTS = [
    (60.0, 10.0, "ellipse", 62),
    (60.0, 10.0, "rectangle", 60),
    (400.0, 20.0, "rectangle", 115),
    (1.0, 10.0, "rectangle", 1),
    (0.1, 10.0, "rectangle", 0),
]


@pytest.mark.parametrize(("area", "spacing", "shape", "count"), COUNTS)
def test_count(area: float, spacing: float, shape: PatchShape, count: int) -> None:
    assert len(place_on_patch(area, spacing_mm=spacing, shape=shape).positions_mm) == count


def test_distance_to_the_border_is_negative_outside() -> None:
    patch = Patch("ellipse", 100.0, 60.0)
    distance = patch_border_distance_mm(np.array([[0.0, 0.0], [49.0, 0.0], [51.0, 0.0], [0.0, 31.0]]), patch)
    assert distance == pytest.approx([30.0, 1.0, -1.0, -1.0], abs=0.06)


@pytest.mark.parametrize(
    ("area", "aspect", "spacing"), [(0, 1, 10), (-5, 1, 10), (50, 0, 10), (50, 1, 0), (50, 1, 0.5)]
)
def test_what_makes_no_patch_is_refused(area: float, aspect: float, spacing: float) -> None:
    with pytest.raises(ValueError, match=r"area|spacing"):
        place_on_patch(area, spacing_mm=spacing, aspect=aspect)
