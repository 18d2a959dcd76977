"""Polygons on a mesh that is laid out flat: what they enclose, where they cross themselves, where their sides run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.kernels.mesh import Floats, Ints
from mesoplan.kernels.polygons import crossing_sides, inside_polygon, polygon_area, shares_in_polygon, trace_polygon

STEPS = 8


def sheet() -> tuple[Floats, Ints]:
    """A square of side 8 in two triangles for each of its 64 cells."""
    side = np.arange(STEPS + 1)
    vertices = np.stack(np.meshgrid(side, side), axis=2).reshape(-1, 2).astype(np.float64)
    first = (np.arange(STEPS)[:, None] * (STEPS + 1) + np.arange(STEPS)).reshape(-1)
    lower = np.stack([first, first + 1, first + STEPS + 2], axis=1)
    upper = np.stack([first, first + STEPS + 2, first + STEPS + 1], axis=1)
    return vertices, np.concatenate([lower, upper])


def slow_share(corners: Floats, triangle: Floats) -> float:
    """Share of one triangle: the polygon clipped by its three sides, one corner after the other."""
    clipped = [tuple(corner) for corner in corners]
    for number in range(3):
        a, b = triangle[number], triangle[(number + 1) % 3]

        def left(p: tuple[float, ...], a: Floats = a, b: Floats = b) -> float:
            return float((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]))

        kept: list[tuple[float, ...]] = []
        for index, here in enumerate(clipped):
            before = clipped[index - 1]
            if (left(here) >= 0) != (left(before) >= 0):
                share = left(before) / (left(before) - left(here))
                kept.append(tuple(p + share * (q - p) for p, q in zip(before, here, strict=True)))
            if left(here) >= 0:
                kept.append(here)
        clipped = kept
    return abs(polygon_area(np.array(clipped))) / abs(polygon_area(triangle)) if clipped else 0.0


def star(radii: list[float]) -> Floats:
    angles = np.arange(len(radii)) * 2 * np.pi / len(radii)
    return np.asarray(4.0 + np.array(radii)[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1))


STARS = st.lists(st.floats(0.5, 3.9), min_size=3, max_size=20).map(star)
ON_VERTICES = st.lists(st.integers(1, 3), min_size=4, max_size=4).map(
    lambda r: np.array([[4 + r[0], 4], [4, 4 + r[1]], [4 - r[2], 4], [4, 4 - r[3]]], dtype=np.float64)
)


@given(STARS | ON_VERTICES)
def test_shares_are_those_of_clipping_one_triangle_after_the_other(corners: Floats) -> None:
    plane, triangles = sheet()
    slow = [slow_share(corners, plane[one]) for one in triangles]
    assert shares_in_polygon(corners, plane, triangles) == pytest.approx(slow, abs=1e-9)
    assert shares_in_polygon(corners[::-1], plane, triangles) == pytest.approx(slow, abs=1e-9), "walked the other way"


@given(STARS | ON_VERTICES)
def test_the_traced_sides_make_one_closed_line_of_the_length_of_the_polygon(corners: Floats) -> None:
    plane, triangles = sheet()
    side, found, weights = trace_polygon(corners, plane, triangles)
    ends = np.einsum("mec,mcd->med", weights, plane[triangles[found]])
    assert np.abs(ends[:, 1] - np.roll(ends[:, 0], -1, axis=0)).max() < 1e-6
    lengths = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)
    whole = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    assert np.bincount(side, lengths, minlength=len(corners)) == pytest.approx(whole, abs=1e-6)


@given(STARS, st.floats(0.1, 7.9), st.floats(0.1, 7.9))
def test_inside_is_where_the_angles_to_the_corners_go_once_around(corners: Floats, x: float, y: float) -> None:
    away = corners - [x, y]
    angles = np.arctan2(away[:, 1], away[:, 0])
    turned = (np.roll(angles, -1) - angles + np.pi) % (2 * np.pi) - np.pi
    if np.abs(np.abs(turned) - np.pi).min() > 1e-3:
        assert inside_polygon(np.array([[x, y]]), corners)[0] == (abs(turned.sum()) > np.pi)


@pytest.mark.parametrize(
    ("what", "corners", "sides"),
    [
        ("a triangle", [(0, 0), (4, 0), (0, 3)], None),
        ("a square", [(0, 0), (2, 0), (2, 2), (0, 2)], None),
        ("a corner on the way of a side", [(0, 0), (1, 0), (2, 0), (2, 2), (0, 2)], None),
        ("a notch", [(0, 0), (4, 0), (4, 4), (2, 1), (0, 4)], None),
        ("a bow tie", [(0, 0), (2, 2), (2, 0), (0, 2)], (0, 2)),
        ("a loop", [(0, 0), (4, 0), (4, 3), (2, -1), (0, 3)], (0, 2)),
        ("a corner that touches a side", [(0, 0), (4, 0), (4, 4), (2, 0), (0, 4)], (0, 2)),
        ("a spike back over its neighbour", [(0, 0), (4, 0), (2, 0), (2, 3)], (0, 1)),
        ("one corner named twice, not in a row", [(0, 0), (4, 0), (2, 2), (4, 4), (0, 4), (2, 2)], (1, 4)),
    ],
)
def test_a_polygon_that_crosses_itself_is_told_with_its_sides(
    what: str, corners: list[tuple[float, float]], sides: tuple[int, int] | None
) -> None:
    assert crossing_sides(np.array(corners, dtype=np.float64)) == sides, what


def test_area_has_the_sign_of_the_walk() -> None:
    square = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])
    assert polygon_area(square) == 4.0
    assert polygon_area(square[::-1]) == -4.0
