"""Flat patches whose edge was drawn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.domain.plan import OnMesh, OnPatch
from mesoplan.imaging.drawn_patch import drawn_patch, patch_corners, patch_edge_path, place_in_drawn_patch
from mesoplan.imaging.face_drawing import MapWords
from mesoplan.imaging.patch_drawing import PatchMap, patch_map_svg
from mesoplan.imaging.patch_placement import patch_of_area
from mesoplan.kernels.mesh import Floats

L_SHAPE = tuple(OnPatch(x_mm=x, y_mm=y) for x, y in [(0, 0), (80, 0), (80, 40), (40, 40), (40, 100), (0, 100)])


def away_mm(at: Floats, corners: Floats) -> Floats:
    """Slow reference: the nearest of many places along the edge."""
    shares = np.linspace(0, 1, 2001)[:, None]
    edge = np.concatenate([a + shares * (b - a) for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)])
    return np.array([np.linalg.norm(edge - one, axis=1).min() for one in at])


def test_area_is_that_of_the_polygon() -> None:
    assert drawn_patch(L_SHAPE).area_cm2 == pytest.approx((80 * 40 + 40 * 60) / 100)
    assert drawn_patch(L_SHAPE[::-1]).area_cm2 == pytest.approx(56)


@given(st.floats(5, 30), st.floats(0, 12), st.floats(-90, 90))
def test_no_point_is_nearer_to_the_edge_than_the_margin(spacing: float, margin: float, angle: float) -> None:
    patch = drawn_patch(L_SHAPE)
    at = place_in_drawn_patch(patch, spacing_mm=spacing, angle_deg=angle, margin_mm=margin)
    assert len(at) >= 1
    assert (patch.clearance_mm(at) >= margin - 1e-3).all()
    assert (away_mm(at, patch.corners_mm) >= margin - 1e-3).all()


@given(st.floats(-60, 160), st.floats(-60, 160))
def test_a_place_outside_comes_to_the_nearest_place_of_the_edge(x: float, y: float) -> None:
    patch, asked = drawn_patch(L_SHAPE), np.array([[x, y]])
    found = patch.nearest_inside(asked)
    clearance = patch.clearance_mm(asked)[0]
    assert patch.clearance_mm(found)[0] >= -1e-9
    assert np.linalg.norm(found - asked) == pytest.approx(max(0.0, -clearance), abs=1e-9)
    assert abs(clearance) == pytest.approx(away_mm(asked, patch.corners_mm)[0], abs=0.03)


@pytest.mark.parametrize(("margin", "left"), [(3.0, True), (15.0, True), (25.0, False)])
def test_the_line_of_the_margin_lies_that_far_inside(margin: float, left: bool) -> None:
    line = drawn_patch(L_SHAPE).margin_line_mm(margin)
    assert bool(len(line)) == left
    assert away_mm(line, drawn_patch(L_SHAPE).corners_mm) == pytest.approx(np.full(len(line), margin), abs=0.4)


def test_corners_are_those_drawn_else_those_of_the_patch() -> None:
    patch = patch_of_area(150.0)
    assert patch_corners(patch, L_SHAPE) == L_SHAPE
    assert [(one.x_mm, one.y_mm) for one in patch_corners(patch, None)] == [(-75, -50), (75, -50), (75, 50), (-75, 50)]


def test_the_map_shows_the_edge_its_margin_and_room_about_both() -> None:
    patch = patch_of_area(56.0)
    svg = patch_map_svg(PatchMap(patch, np.array([[20.0, 20.0]]), ("1",), 1, 3.0, L_SHAPE), MapWords("Patch"))
    assert patch_edge_path(patch, L_SHAPE) in svg
    assert "mp-map-margin" in svg
    left, top, width, height = (float(one) for one in svg.split('viewBox="')[1].split('"')[0].split())
    assert left <= -88
    assert left + width >= 88
    assert top <= -100
    assert top + height >= 50


def test_a_corner_on_the_face_is_refused() -> None:
    with pytest.raises(ValueError, match="on the patch"):
        drawn_patch((OnMesh(triangle=1, weights=(1, 0, 0)),) * 3)
