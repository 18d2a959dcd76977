"""What is given by landmarks and zones follows the patient's own vertices, and on the template it is the template's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.domain.plan import OnMesh
from mesoplan.imaging.danger import region_on
from mesoplan.imaging.drawn_placement import holds_a_point_on, place_in_drawn_zone_on
from mesoplan.imaging.drawn_zone import drawn_zone
from mesoplan.imaging.face_landmarks import Place, Side, is_paired, landmark_names, landmark_on, path_on, place_on
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, face_zone_ids, zone_area_cm2, zone_area_on_cm2
from mesoplan.imaging.forehead import load_skin_template
from mesoplan.imaging.placement import Obstacles, obstacle_clearance_on_mm
from mesoplan.kernels.mesh import Floats, distance_to_segments_mm, surface_positions_mm, triangle_areas_mm2
from mesoplan.kernels.mesh_location import closest_places
from tests.imaging.outlines import INJECTABLE, UNCROSSED, stretched
from tests.imaging.own_faces import OWN_FACES, UNEVEN

FACTOR = 0.9
ARTERY = (Place("mandible-angle", forward_mm=25), Place("cheilion", 12), Place("ala", 3), Place("medial-canthus", 4))
sides: st.SearchStrategy[Side] = st.sampled_from(["right", "left"])


def scaled_template() -> Floats:
    return load_skin_template().vertices_mm * FACTOR


def off_the_skin_mm(points: Floats, vertices: Floats) -> Floats:
    triangles = load_skin_template().triangles
    found, weights = closest_places(points, vertices, triangles)
    return np.asarray(np.linalg.norm(surface_positions_mm(vertices, triangles, found, weights) - points, axis=1))


@given(OWN_FACES, sides)
def test_a_landmark_lies_where_its_vertices_lie_on_this_face(face: Floats, side: Side) -> None:
    for name in landmark_names():
        at = landmark_on(name, side if is_paired(name) else "middle", face)
        assert np.linalg.norm(face - at, axis=1).min() < 18, name
    assert landmark_on("ala", side, face) == pytest.approx(face[129 if side == "right" else 358])


@given(OWN_FACES, sides)
def test_a_danger_line_runs_on_the_skin_of_this_face_through_its_own_landmarks(face: Floats, side: Side) -> None:
    line = path_on(ARTERY, side, face)
    assert np.median(off_the_skin_mm(line, face)) < 0.01
    assert distance_to_segments_mm(landmark_on("medial-canthus", side, face)[None], line[:-1], line[1:])[0] < 9
    sideways = -1 if side == "right" else 1
    canthus, artery = (landmark_on("medial-canthus", side, face)[0], line[-1, 0])
    assert (artery - canthus) * sideways == pytest.approx(4.0, abs=1e-6)


@given(OWN_FACES, sides, st.floats(-8, 8), st.floats(-8, 8))
def test_millimetres_from_a_landmark_are_this_faces_millimetres(
    face: Floats, side: Side, lateral: float, up: float
) -> None:
    start = landmark_on("infraorbital-rim", side, face)
    moved = place_on(Place("infraorbital-rim", lateral, up), side, face) - start
    assert moved[:2] == pytest.approx([lateral if side == "left" else -lateral, up], abs=1e-6)


def test_a_region_is_remembered_by_the_face_not_by_the_array() -> None:
    first = region_on(ARTERY, "right", UNEVEN, 5.0)
    assert region_on(ARTERY, "right", UNEVEN.copy(), 5.0) is first
    assert region_on(ARTERY, "right", UNEVEN * 1.01, 5.0) is not first
    with pytest.raises(ValueError, match="read-only"):
        first.line_mm[0] = 0


@given(OWN_FACES)
def test_areas_of_all_zones_add_up_to_the_face(face: Floats) -> None:
    whole = triangle_areas_mm2(face, load_skin_template().triangles[:898]).sum() / 100
    assert sum(zone_area_on_cm2(zone, face) for zone in face_zone_ids()) == pytest.approx(whole)


@pytest.mark.parametrize("zone", face_zone_ids())
def test_on_the_template_an_area_is_the_templates(zone: str) -> None:
    assert zone_area_on_cm2(zone, scaled_template()) == pytest.approx(zone_area_cm2(zone, FACTOR))


@pytest.mark.parametrize("zone", INJECTABLE)
def test_on_the_template_a_drawn_zone_is_the_templates(zone: str) -> None:
    drawn, vertices = drawn_zone(stretched(zone, [1.1, 0.9])), scaled_template()
    assert drawn.area_on_cm2(vertices) == pytest.approx(drawn.area_cm2(FACTOR))


@given(UNCROSSED, OWN_FACES)
def test_parts_of_a_drawn_zone_add_up_on_any_face(found: tuple[str, tuple[OnMesh, ...]], face: Floats) -> None:
    drawn = drawn_zone(found[1])
    parts = drawn.areas_by_zone_on_cm2(face)
    assert sum(parts.values()) == pytest.approx(drawn.area_on_cm2(face))
    assert not set(parts) & set(NO_INJECTION_ZONES)


@given(st.sampled_from(INJECTABLE), OWN_FACES, st.floats(5, 15), st.floats(0, 6), st.floats(-90, 90))
def test_a_lattice_in_a_drawn_zone_keeps_its_margins_on_any_face(
    zone: str, face: Floats, spacing: float, margin: float, angle: float
) -> None:
    outline = stretched(zone, [1.1, 0.9])
    placed = place_in_drawn_zone_on(zone, outline, face, spacing_mm=spacing, angle_deg=angle, margin_mm=margin)
    drawn, at = drawn_zone(outline), placed.points.positions_on(face)
    assert placed.area_cm2 == pytest.approx(drawn.area_on_cm2(face))
    assert drawn.contains(placed.points).all()
    if len(at):
        edge = drawn.edge(0.5).positions_on(face)
        assert distance_to_segments_mm(at, edge, np.roll(edge, -1, axis=0)).min() >= margin - 1e-3
        assert obstacle_clearance_on_mm(at, face, Obstacles()).min() >= -1e-3
    assert holds_a_point_on(outline, face, margin) or len(at) < 3
