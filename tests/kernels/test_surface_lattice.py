"""Hexagonal lattices in the plane."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.kernels.mesh import nearest_distance_mm
from mesoplan.kernels.surface_lattice import (
    fullest_lattice,
    hexagonal_lattice,
    parallel_lines,
    spacing_for_density_mm,
)

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


@given(SPACINGS, st.floats(4, 20), ANGLES)
def test_lines_are_so_far_apart_and_so_are_their_points(spacing: float, between: float, angle: float) -> None:
    """The slow way: turn the lines level and look at their rows and columns."""
    points = parallel_lines(LOW, HIGH, spacing, between, angle, np.array([1.0, 2.0]))
    turn = np.radians(-angle)
    level = (points - [1.0, 2.0]) @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]).T
    cells = level / [spacing, between]
    assert cells == pytest.approx(np.round(cells), abs=1e-6)
    assert len(np.unique(np.round(cells), axis=0)) == len(points)
    rows = np.round(cells[:, 1])
    assert (np.diff(rows) <= 0).all(), "row by row from the top"


@pytest.mark.parametrize(
    ("spacing", "between", "count"), [(5.0, 10.0, 17 * 7), (10.0, 10.0, 9 * 7), (8.0, 20.0, 11 * 4)]
)
def test_the_fullest_lines_of_a_box(spacing: float, between: float, count: int) -> None:
    points = fullest_lattice(LOW, HIGH, spacing, 0.0, inside_box(0.0), line_spacing_mm=between)
    assert len(points) == count
    assert len(np.unique(np.round(points[:, 1], 6))) == len(np.unique(np.round(points[:, 1] / between, 3)))


def test_without_a_line_spacing_the_lattice_is_hexagonal() -> None:
    points = fullest_lattice(LOW, HIGH, 10.0, 0.0, inside_box(0.0))
    assert np.diff(np.unique(np.round(points[:, 1], 6))) == pytest.approx(10 * np.sqrt(3) / 2)


@given(st.floats(0.2, 10))
def test_the_spacing_of_a_density_gives_that_density(per_cm2: float) -> None:
    spacing = spacing_for_density_mm(per_cm2)
    half = 40 * spacing
    low, high = np.array([-half, -half]), np.array([half, half])
    points = hexagonal_lattice(low, high, spacing, 0.0, np.zeros(2))
    assert len(points) / (4 * half**2 / 100) == pytest.approx(per_cm2, rel=0.05)


@pytest.mark.parametrize("per_cm2", [0.0, -1.0, float("nan")])
def test_a_density_of_nothing_is_refused(per_cm2: float) -> None:
    with pytest.raises(ValueError, match="density"):
        spacing_for_density_mm(per_cm2)
