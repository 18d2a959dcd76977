"""Areas, borders and distances on small meshes whose answers are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mesoplan.kernels.mesh import (
    border_edges,
    border_loops,
    distance_to_segments_mm,
    extract_submesh,
    nearest_distance_mm,
    surface_positions_mm,
    triangle_areas_mm2,
    triangle_normals,
    vertex_normals,
)
from mesoplan.kernels.mesh_location import closest_places, locate_in_plane

SQUARE_MM = np.array([[0.0, 0, 0], [10, 0, 0], [10, 10, 0], [0, 10, 0]])
SQUARE = np.array([[0, 1, 2], [0, 2, 3]])
POINTS_3D = arrays(np.float64, st.tuples(st.integers(2, 12), st.just(3)), elements=st.floats(-50, 50, width=32))


def ring_mm() -> tuple[np.ndarray, np.ndarray]:
    """A flat square of 3 x 3 cells without the middle one."""
    grid = np.array([[x, y, 0.0] for y in range(4) for x in range(4)])
    cells = [(x, y) for y in range(3) for x in range(3) if (x, y) != (1, 1)]
    triangles = []
    for x, y in cells:
        a = 4 * y + x
        triangles += [[a, a + 1, a + 5], [a, a + 5, a + 4]]
    return grid, np.array(triangles)


def test_area_of_a_square_of_one_centimetre() -> None:
    assert triangle_areas_mm2(SQUARE_MM, SQUARE).tolist() == [50.0, 50.0]


def test_area_of_a_tilted_triangle_is_taken_in_space() -> None:
    roof = np.array([[0.0, 0, 0], [3, 0, 4], [0, 10, 0]])
    assert triangle_areas_mm2(roof, np.array([[0, 1, 2]]))[0] == pytest.approx(25.0)


def test_normals_point_outward_for_counter_clockwise_triangles() -> None:
    assert triangle_normals(SQUARE_MM, SQUARE).tolist() == [[0, 0, 1], [0, 0, 1]]
    assert vertex_normals(SQUARE_MM, SQUARE)[:, 2].tolist() == [1, 1, 1, 1]


def test_border_of_a_ring_is_two_loops_the_outer_one_first() -> None:
    _, triangles = ring_mm()
    outer, inner = border_loops(triangles)
    assert sorted(outer) == [0, 1, 2, 3, 4, 7, 8, 11, 12, 13, 14, 15]
    assert sorted(inner) == [5, 6, 9, 10]
    assert len(border_edges(triangles)) == 16


def test_a_border_that_touches_itself_is_refused() -> None:
    bow_tie = np.array([[0, 1, 2], [2, 3, 4]])
    with pytest.raises(ValueError, match="vertex 2"):
        border_loops(bow_tie)


def test_a_submesh_keeps_its_shape() -> None:
    vertices, triangles = ring_mm()
    ids, local = extract_submesh(triangles, np.array([3, 7]))
    assert (vertices[ids][local] == vertices[triangles[[3, 7]]]).all()


@given(POINTS_3D)
def test_nearest_neighbour_is_that_of_the_slow_way(points: np.ndarray) -> None:
    slow = [min(float(np.linalg.norm(p - q)) for j, q in enumerate(points) if j != i) for i, p in enumerate(points)]
    assert nearest_distance_mm(points) == pytest.approx(slow, abs=1e-4)


def test_a_point_alone_has_no_neighbour() -> None:
    assert nearest_distance_mm(np.zeros((1, 3))).tolist() == [np.inf]


@given(POINTS_3D, POINTS_3D)
def test_distance_to_a_line_is_that_to_its_nearest_place(points: np.ndarray, line: np.ndarray) -> None:
    shares = np.linspace(0, 1, 400)[:, None, None]
    samples = (line[:-1] + shares * (line[1:] - line[:-1])).reshape(-1, 3)
    slow = np.linalg.norm(points[:, None] - samples, axis=2).min(axis=1)
    found = distance_to_segments_mm(points, line[:-1], line[1:])
    assert (found <= slow + 1e-6).all()
    assert found == pytest.approx(slow, abs=0.25)


def test_no_line_is_infinitely_far() -> None:
    empty = np.zeros((0, 3))
    assert distance_to_segments_mm(SQUARE_MM, empty, empty).tolist() == [np.inf] * 4


@given(st.floats(0, 10), st.floats(0, 10))
def test_a_place_under_a_point_leads_back_to_it(x: float, y: float) -> None:
    triangles, weights = locate_in_plane(np.array([[x, y]]), SQUARE_MM[:, :2], SQUARE)
    back = surface_positions_mm(SQUARE_MM, SQUARE, triangles, weights)
    assert back[0] == pytest.approx([x, y, 0], abs=1e-9)
    assert weights.min() >= 0


def test_a_point_beside_the_mesh_has_no_place() -> None:
    triangles, _ = locate_in_plane(np.array([[10.1, 5.0], [5.0, 5.0]]), SQUARE_MM[:, :2], SQUARE)
    assert triangles[0] == -1
    assert triangles[1] >= 0


def test_where_the_mesh_lies_twice_the_upper_sheet_is_taken() -> None:
    both = np.concatenate([SQUARE_MM, SQUARE_MM + np.array([0, 0, 5])])
    triangles = np.concatenate([SQUARE, SQUARE + 4])
    found, weights = locate_in_plane(np.array([[4.0, 3.0]]), both[:, :2], triangles, both[:, 2])
    assert surface_positions_mm(both, triangles, found, weights)[0].tolist() == pytest.approx([4, 3, 5])


@given(arrays(np.float64, (3,), elements=st.floats(-20, 30, width=32)))
def test_the_closest_place_on_a_square_is_its_clamped_shadow(point: np.ndarray) -> None:
    found, weights = closest_places(point[None], SQUARE_MM, SQUARE)
    closest = surface_positions_mm(SQUARE_MM, SQUARE, found, weights)[0]
    shadow = np.array([*np.clip(point[:2], 0, 10), 0.0])
    assert closest == pytest.approx(shadow, abs=1e-6)
