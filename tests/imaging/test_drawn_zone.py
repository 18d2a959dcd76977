"""Zones of the face that were drawn: area, edge, what belongs to them, and lattices inside of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mesoplan.domain.plan import OnMesh, OnPatch
from mesoplan.imaging.drawn_placement import holds_a_point_on, mirrored_outline, place_in_drawn_zone
from mesoplan.imaging.drawn_zone import drawn_zone, face_layout
from mesoplan.imaging.face_shape import template_face
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, mirror_zone, zone_area_cm2, zone_of_triangles
from mesoplan.imaging.forehead import load_skin_template
from mesoplan.imaging.placement import FacePoints, Obstacles, obstacle_clearance_on_mm
from mesoplan.imaging.zone_corners import corners_of
from mesoplan.kernels.mesh import border_loops, distance_to_segments_mm, triangle_areas_mm2
from mesoplan.kernels.polygons import inside_polygon
from tests.imaging.outlines import DRAWN, INJECTABLE, UNCROSSED, stretched

FACTOR = 0.9
SIZED_MM = template_face(FACTOR).vertices_mm
Outline = tuple[OnMesh, ...]


def sampled_area_cm2(outline: Outline, steps: int) -> float:
    """Slow reference: every triangle in `steps`² small ones, each counted by its middle."""
    template = load_skin_template()
    rows = [
        (a + s / 3, b + s / 3) for a in range(steps) for b in range(steps - a) for s in (1, 2) if a + b + s <= steps
    ]
    weights = np.array([(x / steps, y / steps, 1 - (x + y) / steps) for x, y in rows])
    middles = np.einsum("wc,tcd->twd", weights, face_layout()[template.triangles]).reshape(-1, 2)
    inside = inside_polygon(middles, drawn_zone(outline).plane).reshape(len(template.triangles), -1)
    inside &= np.array([zone not in NO_INJECTION_ZONES for zone in zone_of_triangles()])[:, None]
    areas = triangle_areas_mm2(template.vertices_mm * FACTOR, template.triangles)
    return float((inside.mean(axis=1) * areas).sum() / 100)


@pytest.mark.parametrize("zone", INJECTABLE)
@pytest.mark.parametrize("factors", [[1.0], [0.7], [0.8, 1.2], [1.1, 0.9, 0.7]])
def test_area_is_that_of_many_small_samples(zone: str, factors: list[float]) -> None:
    outline = stretched(zone, factors)
    assert drawn_zone(outline).area_cm2(FACTOR) == pytest.approx(sampled_area_cm2(outline, 12), rel=0.02, abs=0.05)


@pytest.mark.parametrize("zone", INJECTABLE)
def test_the_corners_of_the_template_enclose_about_its_area(zone: str) -> None:
    drawn = drawn_zone(corners_of(zone, None))
    assert drawn.area_cm2(FACTOR) == pytest.approx(zone_area_cm2(zone, FACTOR), rel=0.03)
    assert drawn.crossing is None


@given(UNCROSSED)
def test_parts_in_the_zones_of_the_template_add_up(found: tuple[str, Outline]) -> None:
    parts = drawn_zone(found[1]).areas_by_zone_on_cm2(SIZED_MM)
    assert sum(parts.values()) == pytest.approx(drawn_zone(found[1]).area_cm2(FACTOR))
    assert not set(parts) & set(NO_INJECTION_ZONES)


@given(DRAWN)
def test_the_edge_is_one_closed_line_on_the_skin_through_every_corner(found: tuple[str, Outline]) -> None:
    drawn = drawn_zone(found[1])
    edge = drawn.edge(3.0).positions_mm(1.0)
    steps = np.linalg.norm(np.roll(edge, -1, axis=0) - edge, axis=1)
    assert steps.max() <= 3.0 + 1e-6
    corners = drawn.corners.positions_mm(1.0)
    assert distance_to_segments_mm(corners, edge, edge).max() < 1e-3
    assert drawn.edge_distance_on_mm(drawn.edge(0.7).positions_mm(FACTOR), SIZED_MM).max() < 1e-3


@given(UNCROSSED, st.floats(4, 20), st.floats(0, 6), st.floats(-90, 90))
def test_no_point_of_a_lattice_is_nearer_to_the_drawn_edge_than_the_margin(
    found: tuple[str, Outline], spacing: float, margin: float, angle: float
) -> None:
    zone, outline = found
    placed = place_in_drawn_zone(zone, outline, FACTOR, spacing_mm=spacing, angle_deg=angle, margin_mm=margin)
    drawn, at = drawn_zone(outline), placed.points.positions_mm(FACTOR)
    assume(len(at) > 0)
    assert drawn.contains(placed.points).all()
    assert distance_to_segments_mm(at, *_segments(drawn.edge(0.5).positions_mm(FACTOR))).min() >= margin - 1e-3
    assert obstacle_clearance_on_mm(at, SIZED_MM, Obstacles()).min() >= -1e-3
    assert not set(placed.points.zones()) & set(NO_INJECTION_ZONES)
    assert holds_a_point_on(outline, SIZED_MM, margin) or len(at) < 3, "a lattice of many points is not in no room"


def _segments(line: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return line, np.roll(line, -1, axis=0)


@pytest.mark.parametrize("zone", INJECTABLE)
def test_the_mirrored_outline_has_the_mirrored_lattice(zone: str) -> None:
    outline = stretched(zone, [1.1, 0.9, 1.0])
    one = place_in_drawn_zone(zone, outline, FACTOR, spacing_mm=8.0, angle_deg=20.0).points
    other = place_in_drawn_zone(
        mirror_zone(zone), mirrored_outline(outline), FACTOR, spacing_mm=8.0, angle_deg=20.0
    ).points
    if mirror_zone(zone) == zone:
        assert len(one) > 3
    else:
        mirrored = other.mirrored().positions_mm(FACTOR)
        assert mirrored == pytest.approx(one.positions_mm(FACTOR), abs=1e-3)


def test_the_face_is_laid_out_convex_symmetric_and_without_overlap() -> None:
    template, layout = load_skin_template(), face_layout()
    (rim,) = border_loops(template.triangles)
    along = np.roll(layout[rim], -1, axis=0) - layout[rim]
    following = np.roll(along, -1, axis=0)
    assert (along[:, 0] * following[:, 1] - along[:, 1] * following[:, 0] > 0).all(), "no edge leaves the face"
    assert layout[template.mirror_vertices] == pytest.approx(np.array([1.0, 0.0]) + layout * [-1.0, 1.0])
    a, b, c = (layout[template.triangles[:, corner]] for corner in range(3))
    assert ((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0] > 0).all()
    assert layout == pytest.approx(template.texture, abs=0.002)


def test_an_outline_moves_with_the_face() -> None:
    outline = stretched("malar-right", [1.1])
    assert drawn_zone(outline).area_cm2(1.2) == pytest.approx(drawn_zone(outline).area_cm2(0.6) * 4)


def test_no_room_is_told() -> None:
    narrow = stretched("malar-right", [0.25])
    assert holds_a_point_on(narrow, SIZED_MM, 1.0)
    assert not holds_a_point_on(narrow, SIZED_MM, 12.0)


def test_a_corner_and_the_middle_of_an_edge_belong_to_the_zone_and_what_lies_in_the_lips_does_not() -> None:
    drawn = drawn_zone(corners_of("perioral", None))
    assert drawn.contains(drawn.edge(2.0)).mean() > 0.5, "edges beside the lips are the zone's own"
    lips = [number for number, zone in enumerate(zone_of_triangles()) if zone == "lips"]
    inside = FacePoints.of((number, (0.4, 0.3, 0.3)) for number in lips)
    assert not drawn.contains(inside).any()


def test_a_corner_on_a_patch_is_refused() -> None:
    with pytest.raises(ValueError, match="on the face mesh"):
        drawn_zone((OnPatch(x_mm=1, y_mm=2),) * 3)
