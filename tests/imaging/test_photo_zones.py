"""Areas on faces of known size are within what is stated, or no area is given."""

import numpy as np
import pytest

from mesoplan.imaging.face_scale import template_interpupillary_mm
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_zones import face_zone_ids, mirror_zone, zone_outlines, zone_triangles
from mesoplan.imaging.photo_face import find_face
from mesoplan.imaging.photo_overlay import ASSESSED, LONGEST_SIDE_PX, colour_of, overlay
from mesoplan.imaging.photo_zones import (
    MOST_RELATIVE_ERROR,
    MeasuredFace,
    NotAssessable,
    PhotoZone,
    face_in_mm,
    measure_face,
    outlines_px,
    photo_zones,
)
from mesoplan.imaging.placement import NoInjectionZone, Obstacles, place_on_face, place_on_measured_face
from mesoplan.kernels.mesh import Floats, distance_to_segments_mm, nearest_distance_mm, triangle_areas_mm2
from tests.imaging.own_faces import by_pupils, by_sticker, seen_face, true_areas_cm2
from tests.imaging.rendered_faces import (
    CASES,
    DEEP,
    FLAT,
    case_face,
    case_photo,
    in_picture,
    photo_of,
    portrait,
    rendered,
    true_scale,
)

FRONTAL_CASES = ("front, 1 m", "camera 0.4 m", "camera 2 m", "25 % flatter", "20 % deeper")


def areas_cm2(vertices_mm: Floats) -> dict[str, float]:
    areas = triangle_areas_mm2(vertices_mm, load_face_template().triangles) / 100
    return {zone: float(areas[zone_triangles(zone)].sum()) for zone in face_zone_ids()} | {"whole": float(areas.sum())}


def ratios(name: str, face: MeasuredFace) -> dict[str, float]:
    truth, found = areas_cm2(case_face(name)), areas_cm2(face.vertices_mm)
    return {zone: found[zone] / truth[zone] for zone in truth}


def by_zone(face: MeasuredFace) -> dict[str, PhotoZone]:
    return {zone.zone_id: zone for zone in photo_zones(face)}


def off_by_more_than_stated(name: str, face: MeasuredFace) -> dict[str, float]:
    truth = areas_cm2(case_face(name))
    return {
        zone.zone_id: zone.area_cm2 / truth[zone.zone_id]
        for zone in photo_zones(face)
        if zone.area_cm2 is not None
        and zone.error_cm2 is not None
        and abs(zone.area_cm2 - truth[zone.zone_id]) > zone.error_cm2 + 0.1
    }


@pytest.mark.parametrize("name", CASES)
def test_an_area_that_is_given_is_within_what_it_may_be_off_by(name: str) -> None:
    face = find_face(case_photo(name))
    measured = measure_face(case_photo(name), interpupillary_mm=template_interpupillary_mm())
    assert off_by_more_than_stated(name, face_in_mm(face, true_scale(name))) == {}
    assert off_by_more_than_stated(name, measured) == {}


@pytest.mark.parametrize(("depth", "distance_mm"), [(FLAT, 2000.0), (DEEP, 400.0)])
@pytest.mark.parametrize("yaw", [-10.0, 20.0, -45.0])
def test_and_so_it_is_on_the_heads_that_are_worst(depth: float, distance_mm: float, yaw: float) -> None:
    truth = true_areas_cm2(depth)
    for measure in (by_sticker, by_pupils):
        for zone in photo_zones(measure(seen_face(depth, distance_mm, yaw))):
            if zone.area_cm2 is not None and zone.error_cm2 is not None:
                assert abs(zone.area_cm2 - truth[zone.zone_id]) <= zone.error_cm2 + 0.1, zone.zone_id


# What was found when this was built, by zone: the area measured as a share of the true one, from the front.
FROM_THE_FRONT = {
    "forehead": 0.89, "glabella": 1.05, "temple-right": 0.90, "malar-right": 1.02, "malar-left": 1.03,
    "lateral-cheek-right": 0.95, "nose": 1.17, "chin": 1.09, "jaw-right": 0.93, "jaw-left": 0.92, "whole": 1.01,
}  # fmt: skip


def test_areas_from_the_front_stay_as_true_as_they_were() -> None:
    found = ratios("front, 1 m", face_in_mm(find_face(case_photo("front, 1 m")), true_scale("front, 1 m")))
    assert {zone: found[zone] for zone in FROM_THE_FRONT} == pytest.approx(FROM_THE_FRONT, abs=0.03)


@pytest.mark.parametrize("name", ["front, 1 m", "yaw 20", "yaw 30", "yaw 45", "camera 0.4 m", "camera 2 m"])
def test_the_whole_face_is_within_a_tenth(name: str) -> None:
    face = face_in_mm(find_face(case_photo(name)), true_scale(name))
    assert ratios(name, face)["whole"] == pytest.approx(1.0, abs=0.07)


@pytest.mark.parametrize("name", FRONTAL_CASES)
def test_from_the_front_what_lies_at_the_side_has_no_area(name: str) -> None:
    zones = by_zone(face_in_mm(find_face(case_photo(name)), true_scale(name)))
    for base in ("temple", "lateral-cheek", "jaw"):
        for side in ("right", "left"):
            zone = zones[f"{base}-{side}"]
            assert (zone.not_assessable, zone.area_cm2, zone.error_cm2) == (NotAssessable.TURNED_AWAY, None, None)
    assert zones["malar-right"].not_assessable is zones["chin"].not_assessable is None


@pytest.mark.parametrize(("name", "near"), [("yaw 45", "right"), ("yaw −45", "left")])
def test_from_the_side_the_near_cheek_has_an_area_and_the_far_one_none(name: str, near: str) -> None:
    zones = by_zone(face_in_mm(find_face(case_photo(name)), true_scale(name)))
    for base in ("temple", "malar", "lateral-cheek", "jaw"):
        assert zones[f"{base}-{near}"].area_cm2
        assert zones[mirror_zone(f"{base}-{near}")].not_assessable is NotAssessable.TURNED_AWAY


def test_from_the_side_the_pupils_are_no_scale() -> None:
    face = measure_face(case_photo("yaw 45"), interpupillary_mm=63.0)
    assert not [zone.zone_id for zone in photo_zones(face) if zone.area_cm2]


def test_what_is_too_uncertain_has_no_area() -> None:
    for name in FRONTAL_CASES:
        for zone in photo_zones(face_in_mm(find_face(case_photo(name)), true_scale(name))):
            assert (zone.area_cm2 is None) == (zone.not_assessable is not None)
            if zone.area_cm2 is not None and zone.error_cm2 is not None:
                assert 0.04 < zone.error_cm2 / zone.area_cm2 <= MOST_RELATIVE_ERROR + 0.02


def test_the_head_has_the_axes_of_the_template_however_it_is_turned() -> None:
    for name in ("front, 1 m", "yaw 30"):
        face = face_in_mm(find_face(case_photo(name)), true_scale(name))
        left_of_right = face.vertices_mm[263] - face.vertices_mm[33]
        assert left_of_right[0] > 80 > 15 > abs(left_of_right[1:]).max()
        assert face.vertices_mm[10, 1] > face.vertices_mm[4, 1] > face.vertices_mm[152, 1]
        assert face.vertices_mm[4, 2] > face.vertices_mm[[10, 152, 234, 454], 2].max()


@pytest.fixture(scope="module")
def own_face() -> MeasuredFace:
    return face_in_mm(find_face(case_photo("front, 1 m")), true_scale("front, 1 m"))


INJECTED = [zone for zone in face_zone_ids() if not zone.startswith(("periorbital", "lips"))]


@pytest.mark.parametrize("zone", INJECTED)
def test_a_lattice_on_the_patients_own_face(zone: str, own_face: MeasuredFace) -> None:
    vertices = own_face.vertices_mm
    placed = place_on_measured_face(zone, vertices, spacing_mm=9.0, margin_mm=2.0)
    assert len(placed.points) > 0
    assert set(placed.points.zones()) == {zone}
    at = placed.points.positions_on(vertices)
    assert placed.area_cm2 == pytest.approx(areas_cm2(vertices)[zone])
    if len(at) > 1 and zone != "nose":
        nearest = nearest_distance_mm(at)
        # Around an open mouth skin cannot be laid flat without stretch.
        assert nearest.min() > 9.0 * (0.8 if zone == "perioral" else 0.85)
        assert np.median(nearest) == pytest.approx(9.0, rel=0.06)
    for kept_clear, distance in {zone: 2.0, "periorbital-right": 5.0, "periorbital-left": 5.0, "lips": 3.0}.items():
        loops = [vertices[loop] for loop in zone_outlines(kept_clear)]
        for loop in loops:
            assert distance_to_segments_mm(at, loop, np.roll(loop, -1, axis=0)).min() >= distance - 1e-3


@pytest.mark.parametrize("zone", ["forehead", "malar-right", "malar-left", "chin"])
def test_on_the_template_the_measured_way_gives_the_template_lattice(zone: str) -> None:
    vertices = load_face_template().vertices_mm
    own = place_on_measured_face(zone, vertices, spacing_mm=10.0, obstacles=Obstacles())
    assert abs(len(own.points) - len(place_on_face(zone, 1.0, spacing_mm=10.0).points)) <= 1


def test_lips_take_no_lattice(own_face: MeasuredFace) -> None:
    with pytest.raises(NoInjectionZone):
        place_on_measured_face("lips", own_face.vertices_mm, spacing_mm=10.0)


@pytest.mark.parametrize(("zone", "most_mm"), [("perioral", 4.0), ("nasolabial-right", 6.0), ("chin", 6.0)])
@pytest.mark.parametrize("name", ["front, 1 m", "yaw 20", "camera 0.4 m"])
def test_a_stored_point_lies_on_the_skin_that_it_names(zone: str, most_mm: float, name: str) -> None:
    """Where the rendered face has features; a point is a triangle and weights on every face alike."""
    placed = place_on_face(zone, 1.0, spacing_mm=9.0).points
    found = placed.positions_on(find_face(case_photo(name)).points_px[:468])[:, :2]
    away = found - in_picture(placed.positions_on(case_face(name)), CASES[name])
    assert len(away) > 2
    assert np.linalg.norm(away, axis=1).max() * true_scale(name).mm_per_px < most_mm


def test_the_overlay_draws_every_zone_and_nothing_else(own_face: MeasuredFace) -> None:
    picture = case_photo("front, 1 m")
    zones = photo_zones(own_face)
    drawn = overlay(picture, own_face.photo, zones)
    changed = (drawn != picture.rgb).any(axis=2)
    near = np.zeros_like(changed)
    for zone in zones:
        for loop in outlines_px(zone.zone_id, own_face.photo):
            for x, y in loop.astype(int).tolist():
                assert changed[y - 3 : y + 4, x - 3 : x + 4].any()
                near[max(0, y - 400) : y + 400, max(0, x - 400) : x + 400] = True
    assert not changed[~near].any()
    assert 0.005 < changed.mean() < 0.15
    assert colour_of(by_zone(own_face)["chin"]) == ASSESSED


def test_the_overlay_of_a_large_photo_is_small() -> None:
    large = photo_of(np.ascontiguousarray(np.repeat(np.repeat(portrait(), 2, axis=0), 2, axis=1)))
    face = measure_face(large)
    assert max(overlay(large, face.photo, photo_zones(face)).shape) == LONGEST_SIDE_PX


def test_a_photo_from_above_stays_within_what_is_stated() -> None:
    face = measure_face(photo_of(rendered(case_face("front, 1 m"), pitch_deg=12)), interpupillary_mm=63.0)
    assert off_by_more_than_stated("front, 1 m", face) == {}
