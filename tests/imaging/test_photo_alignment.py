"""The same skin lies on the same place after alignment, on rendered pairs whose skin is known to lie where it lies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.imaging.photo_alignment import MOST_SIDE_PX, STABLE_POINTS, AlignmentKind, _moved, _similarity, align
from tests.imaging.photo_pairs import FIRST, Take, apart_mm, seen

MOVED = Take(zoom=1.06, roll_deg=4, shift_px=(12, -9), light=0.82, seed=5, jpeg=85)
# Bounds of what was found when this was built, with room: of the mean, and of 95 % of the skin, in mm.
PAIRS = {
    "moved": (MOVED, False, 0.3, 0.6),
    "nearer and leaning": (Take(zoom=1.12, roll_deg=20, noise=4, seed=4), False, 0.3, 0.6),
    "turned by 2°": (Take(yaw_deg=2, seed=6), False, 0.5, 1.1),
    "turned by 6°, by the mesh": (Take(yaw_deg=6, seed=6), True, 1.2, 2.4),
    "smiling, by the mesh": (Take(smile_mm=4, seed=6), True, 1.2, 2.4),
}


@pytest.mark.parametrize("name", PAIRS)
def test_the_same_skin_lies_on_the_same_place(name: str) -> None:
    take, by_mesh, mean_mm, most_mm = PAIRS[name]
    first, second = seen(FIRST), seen(take)
    found = align(first.picture, first.face, second.picture, second.face, by_mesh=by_mesh)
    away = apart_mm(found, FIRST, take)
    assert away.mean() < mean_mm
    assert np.percentile(away, 95) < most_mm
    assert found.kind is (AlignmentKind.BY_MESH if by_mesh else AlignmentKind.AFFINE)


def test_the_mesh_brings_a_turned_face_nearer() -> None:
    take = Take(yaw_deg=6, seed=6)
    first, second = seen(FIRST), seen(take)
    affine, by_mesh = (
        apart_mm(align(first.picture, first.face, second.picture, second.face, by_mesh=one), FIRST, take)
        for one in (False, True)
    )
    assert by_mesh.mean() < 0.9 * affine.mean()


def test_both_have_one_crop_whose_scale_is_known() -> None:
    first, second = seen(FIRST), seen(MOVED)
    found = align(first.picture, first.face, second.picture, second.face)
    assert found.earlier.shape == found.later.shape
    assert max(found.earlier.shape) <= MOST_SIDE_PX + 1
    pupils = first.face.photo.points_px[[468, 473], :2]
    origin = found.earlier_px[0, 0]
    step = np.linalg.norm(found.earlier_px[0, 1] - origin)
    assert np.linalg.norm(pupils[1] - pupils[0]) / step * found.mm_per_px == pytest.approx(63.0, rel=0.01)
    difference = np.abs(found.earlier.astype(float) - found.later * (0.9 / 0.82) ** (1 / 2.2))
    assert np.median(difference[found.skin]) < 4


def test_a_leaning_head_is_upright_in_the_crop() -> None:
    first = seen(Take(roll_deg=20, seed=9))
    found = align(first.picture, first.face, first.picture, first.face)
    right, left = found.points_px[[33, 263]]
    assert abs(np.degrees(np.arctan2(left[1] - right[1], left[0] - right[0]))) < 2
    assert found.moved_mm == pytest.approx(0, abs=0.05)


def test_what_is_turned_away_in_one_of_both_is_not_compared() -> None:
    first, second = seen(FIRST), seen(Take(yaw_deg=10, seed=6))
    found = align(first.picture, first.face, second.picture, second.face, by_mesh=True)
    assert found.zone("malar-left").sum() < found.zone("malar-right").sum()
    assert not (found.skin & (found.triangles < 0)).any()


def test_the_stable_points_are_as_many_on_both_sides() -> None:
    assert len(set(STABLE_POINTS)) == len(STABLE_POINTS) == 21


@given(st.floats(-3, 3), st.floats(0.2, 5), st.floats(-500, 500), st.floats(-500, 500))
def test_a_similarity_is_found_again(angle: float, size: float, x: float, y: float) -> None:
    points = np.random.default_rng(1).normal(0, 50, (21, 2))
    linear = size * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    target = points @ linear.T + [x, y]
    assert _moved(_similarity(points, target), points) == pytest.approx(target, abs=1e-6)
