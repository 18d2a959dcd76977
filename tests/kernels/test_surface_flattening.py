"""Skin laid flat: exact where it can be unrolled, and honest about the stretch where it cannot."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.kernels.flattening import flatten_patch, stretch_factors, up_turned

COLUMNS, ROWS = 7, 5


def grid() -> tuple[np.ndarray, np.ndarray]:
    """Places of a sheet of 60 x 40 mm and its triangles, counter-clockwise."""
    u, v = np.meshgrid(np.linspace(0, 60, COLUMNS), np.linspace(0, 40, ROWS))
    triangles = []
    for row in range(ROWS - 1):
        for column in range(COLUMNS - 1):
            a = row * COLUMNS + column
            triangles += [[a, a + 1, a + COLUMNS + 1], [a, a + COLUMNS + 1, a + COLUMNS]]
    return np.stack([u.ravel(), v.ravel()], axis=1), np.array(triangles)


def rolled(sheet: np.ndarray, radius_mm: float) -> np.ndarray:
    angle = (sheet[:, 0] - 30) / radius_mm
    return np.stack([radius_mm * np.sin(angle), sheet[:, 1], radius_mm * np.cos(angle)], axis=1)


def distances(points: np.ndarray) -> np.ndarray:
    return np.asarray(np.linalg.norm(points[:, None] - points, axis=2))


@given(st.floats(25, 200), st.floats(0.3, 3), st.floats(0.3, 3))
def test_a_sheet_that_can_be_unrolled_is_unrolled(radius_mm: float, wide: float, high: float) -> None:
    sheet, triangles = grid()
    skin = rolled(sheet, radius_mm)
    flat = flatten_patch(skin, triangles, sheet * [wide, high])
    assert stretch_factors(skin, triangles, flat) == pytest.approx(1.0, abs=2e-3)
    chord = 2 * radius_mm * np.sin(5 / radius_mm)
    unrolled = sheet * [chord / 10, 1]
    assert distances(flat) == pytest.approx(distances(unrolled), abs=0.1)


def test_a_dome_is_stretched_a_little_and_says_so() -> None:
    sheet, triangles = grid()
    away2 = ((sheet - sheet.mean(axis=0)) ** 2).sum(axis=1)
    dome = np.column_stack([sheet, np.sqrt(60.0**2 - away2)])
    stretch = stretch_factors(dome, triangles, flatten_patch(dome, triangles, sheet))
    assert 0.85 < stretch.min() < 0.99
    assert 1.01 < stretch.max() < 1.15


def test_a_triangle_turned_over_shows_as_negative_stretch() -> None:
    sheet, triangles = grid()
    crumpled = sheet.copy()
    crumpled[COLUMNS + 1] = sheet[2 * COLUMNS + 3]
    flat_in_space = np.column_stack([sheet, np.zeros(len(sheet))])
    assert stretch_factors(flat_in_space, triangles, crumpled).min() < 0
    assert stretch_factors(flat_in_space, triangles, sheet).min() == pytest.approx(1.0)


@given(st.floats(-180, 180))
def test_up_is_up_again_after_any_turn(turn_deg: float) -> None:
    sheet, triangles = grid()
    skin = rolled(sheet, 50)
    c, s = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    flat = up_turned(skin, triangles, sheet @ np.array([[c, -s], [s, c]]), np.array([0.0, 1.0, 0.0]))
    low, high = flat[:COLUMNS].mean(axis=0), flat[-COLUMNS:].mean(axis=0)
    assert high - low == pytest.approx([0, 40], abs=1e-6)
