"""Hexagonal lattices in the plane."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.kernels.mesh import nearest_distance_mm
from mesoplan.kernels.surface_lattice import fullest_lattice, hexagonal_lattice

LOW, HIGH = np.array([-40.0, -30.0]), np.array([40.0, 30.0])
SPACINGS, ANGLES = st.floats(4, 20), st.floats(-90, 90)


def inside_box(margin_mm: float, half: tuple[float, float] = (40.0, 30.0)) -> Callable[[np.ndarray], np.ndarray]:
    return lambda points: (np.array(half) - np.abs(points)).min(axis=1) - margin_mm


@given(SPACINGS, ANGLES, st.floats(-50, 50), st.floats(-50, 50))
def test_neighbours_are_one_spacing_apart(spacing: float, angle: float, x: float, y: float) -> None:
    points = hexagonal_lattice(LOW, HIGH, spacing, angle, np.array([x, y]))
    assert nearest_distance_mm(points) == pytest.approx(spacing, abs=1e-4)


@given(SPACINGS, ANGLES)
def test_a_point_in_the_middle_has_six_neighbours(spacing: float, angle: float) -> None:
    points = hexagonal_lattice(LOW, HIGH, spacing, angle, np.zeros(2))
    distance = np.linalg.norm(points, axis=1)
    assert (distance < 1e-9).sum() == 1
    assert (np.abs(distance - spacing) < 1e-6).sum() == 6


@given(SPACINGS, ANGLES)
def test_each_point_stands_for_its_share_of_the_area(spacing: float, angle: float) -> None:
    low, high = np.array([-200.0, -200.0]), np.array([200.0, 200.0])
    points = hexagonal_lattice(low, high, spacing, angle, np.zeros(2))
    cell = spacing**2 * np.sqrt(3) / 2
    assert len(points) * cell == pytest.approx(160_000, rel=0.09)


@given(SPACINGS, ANGLES, st.floats(0, 15))
def test_the_fullest_lattice_keeps_the_margin(spacing: float, angle: float, margin: float) -> None:
    points = fullest_lattice(LOW, HIGH, spacing, angle, inside_box(margin))
    assert (np.abs(points) <= np.array([40, 30]) - margin + 1e-5).all()
    assert len(points) > 0


@given(SPACINGS, ANGLES)
def test_no_lattice_of_the_kind_that_is_centred_is_fuller(spacing: float, angle: float) -> None:
    clearance = inside_box(3)
    centred = hexagonal_lattice(LOW, HIGH, spacing, angle, np.zeros(2))
    assert len(fullest_lattice(LOW, HIGH, spacing, angle, clearance)) >= (clearance(centred) >= 0).sum()


@given(SPACINGS)
def test_level_rows_on_an_axis_are_their_own_mirror_image(spacing: float) -> None:
    points = fullest_lattice(LOW, HIGH, spacing, 0.0, inside_box(3), on_axis=True)
    mirrored = points * [-1, 1]
    assert sorted(map(tuple, np.round(points, 6) + 0.0)) == sorted(map(tuple, np.round(mirrored, 6) + 0.0))


def test_rows_come_from_the_top_down() -> None:
    points = fullest_lattice(LOW, HIGH, 12.0, 0.0, inside_box(3))
    assert (np.diff(points[:, 1]) <= 1e-9).all()


def test_where_nothing_fits_there_is_no_point() -> None:
    assert fullest_lattice(LOW, HIGH, 10.0, 0.0, inside_box(31)).shape == (0, 2)


@pytest.mark.parametrize("spacing", [0.0, -1.0, 0.5, float("nan")])
def test_a_spacing_that_does_not_fit_is_refused(spacing: float) -> None:
    with pytest.raises(ValueError, match="spacing"):
        fullest_lattice(LOW, HIGH, spacing, 0.0, inside_box(0))
