"""Where landmarks are, and places by millimetres from them."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.imaging.danger import (
    Region,
    distance_to_region_mm,
    points_in_region,
    points_near_polyline,
    points_within_circle,
    region_on,
)
from mesoplan.imaging.face_landmarks import (
    Place,
    Side,
    UnknownLandmark,
    is_approximate,
    is_paired,
    landmark_mm,
    landmark_names,
    path_on,
    place_on,
)
from mesoplan.imaging.face_shape import template_face
from mesoplan.imaging.face_template import load_face_template
from mesoplan.kernels.mesh import surface_positions_mm
from mesoplan.kernels.mesh_location import closest_places
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.loader import load

FACTOR = 138 / 153.28
SIZED_MM = template_face(FACTOR).vertices_mm

# One after the other from the top of the face down, in the midline and on each side.
MIDLINE_DOWN = (
    "trichion",
    "midline-glabella",
    "midline-nasion",
    "pronasale",
    "subnasale",
    "stomion",
    "pogonion",
    "menton",
)
SIDE_DOWN = (
    "brow-peak",
    "brow-tail",
    "medial-canthus",
    "infraorbital-rim",
    "ala",
    "cheilion",
    "mandible-angle",
)


def off_the_skin_mm(points: np.ndarray, factor: float) -> np.ndarray:
    face = load_face_template()
    found, weights = closest_places(points, face.vertices_mm * factor, face.triangles)
    on_skin = surface_positions_mm(face.vertices_mm * factor, face.triangles, found, weights)
    return np.asarray(np.linalg.norm(on_skin - points, axis=1))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def test_landmarks_come_in_the_order_of_a_face() -> None:
    down = [landmark_mm(name, "middle", 1.0)[1] for name in MIDLINE_DOWN]
    assert down == sorted(down, reverse=True)
    down = [landmark_mm(name, "right", 1.0)[1] for name in SIDE_DOWN]
    assert down == sorted(down, reverse=True)


def test_paired_landmarks_are_mirror_images_and_the_right_one_is_at_negative_x() -> None:
    for name in filter(is_paired, landmark_names()):
        right, left = landmark_mm(name, "right", 1.0), landmark_mm(name, "left", 1.0)
        assert right == pytest.approx(left * [-1, 1, 1])
        assert right[0] < 0
    for name in itertools.filterfalse(is_paired, landmark_names()):
        assert landmark_mm(name, "middle", 1.0)[0] == pytest.approx(0.0)


def test_what_the_mesh_does_not_hold_is_marked() -> None:
    assert {name for name in landmark_names() if is_approximate(name)} == {
        "trichion",
        "mid-pupil",
        "infraorbital-rim",
        "tragion",
        "mandible-angle",
    }


def test_distances_on_the_face_are_those_of_faces() -> None:
    def apart(name: str) -> float:
        return float(np.linalg.norm(landmark_mm(name, "right", FACTOR) - landmark_mm(name, "left", FACTOR)))

    assert apart("zygion") == pytest.approx(138, abs=0.01)
    assert 28 < apart("medial-canthus") < 38
    assert 40 < apart("cheilion") < 56


def test_a_paired_landmark_needs_its_side() -> None:
    with pytest.raises(ValueError, match=r"cheilion.*needs a side"):
        landmark_mm("cheilion", "middle", 1.0)


def test_an_unknown_landmark_lists_the_known() -> None:
    with pytest.raises(UnknownLandmark, match=r"chelion.*midline-glabella"):
        landmark_mm("chelion", "right", 1.0)


@given(st.floats(0, 20), st.floats(-15, 15), st.floats(0.7, 1.2))
def test_a_place_lies_on_the_skin_at_its_millimetres_whatever_the_scale(
    lateral: float, up: float, factor: float
) -> None:
    place = Place("infraorbital-rim", lateral_mm=lateral, up_mm=up - 15)
    landmark = landmark_mm("infraorbital-rim", "right", factor)
    found = place_on(place, "right", template_face(factor).vertices_mm)
    assert found[:2] == pytest.approx(landmark[:2] + np.array([-lateral, up - 15]))
    assert off_the_skin_mm(found[None], factor) == pytest.approx(0.0, abs=1e-6)
    assert place_on(place, "left", template_face(factor).vertices_mm) == pytest.approx(found * [-1, 1, 1], abs=1e-6)


def test_a_place_before_the_ear_goes_to_the_nearest_skin() -> None:
    found = place_on(Place("tragion", up_mm=36.9, forward_mm=17.2), "right", SIZED_MM)
    assert off_the_skin_mm(found[None], FACTOR) == pytest.approx(0.0, abs=1e-6)
    assert found[2] > landmark_mm("tragion", "right", FACTOR)[2]


def test_a_place_below_the_chin_is_off_the_mesh_and_stays_there() -> None:
    found = place_on(Place("menton", up_mm=-40), "middle", SIZED_MM)
    assert found == pytest.approx(landmark_mm("menton", "middle", FACTOR) + np.array([0, -40, 0]))


def test_a_line_follows_the_skin() -> None:
    line = path_on([Place("ala"), Place("medial-canthus")], "right", SIZED_MM)
    assert len(line) > 4
    assert off_the_skin_mm(line, FACTOR).max() < 0.5
    assert line[0] == pytest.approx(place_on(Place("ala"), "right", SIZED_MM))
    assert line[-1] == pytest.approx(place_on(Place("medial-canthus"), "right", SIZED_MM))


def test_points_in_a_circle_and_beside_a_line() -> None:
    points = np.array([[0.0, 0, 0], [9.9, 0, 0], [10.1, 0, 0], [0, 30, 0]])
    assert points_within_circle(points, np.zeros(3), 10).tolist() == [True, True, False, False]
    line = np.array([[0.0, 20, 0], [0, 40, 0], [40, 40, 0]])
    assert points_near_polyline(points, line, 12).tolist() == [False, False, False, True]
    assert distance_to_region_mm(points, Region(line, 12)).tolist() == pytest.approx(
        [20, np.hypot(9.9, 20), np.hypot(10.1, 20), 0]
    )


def test_a_region_is_its_own_mirror_image_across_the_midline() -> None:
    right = region_on((Place("ala"), Place("medial-canthus")), "right", SIZED_MM, 4.0)
    left = region_on((Place("ala"), Place("medial-canthus")), "left", SIZED_MM, 4.0)
    assert right.mirrored().line_mm == pytest.approx(left.line_mm, abs=1e-6)


def test_every_structure_of_the_knowledge_base_finds_its_place(knowledge: Knowledge) -> None:
    for structure in knowledge.danger_structures.values():
        path = tuple(Place(anchor.landmark, anchor.lateral_mm, anchor.up_mm) for anchor in structure.path)
        for side in ("right", "left") if structure.sides == "both" else ("middle",):
            region = region_on(path, side, SIZED_MM, structure.reach.high)
            assert np.isfinite(region.line_mm).all(), structure.id


# structure, side, a place that lies in it, one that does not
DANGER = [
    ("infraorbital-foramen", "right", Place("infraorbital-rim", 0, -8), Place("cheilion")),
    ("mental-foramen", "left", Place("cheilion", 0, -20), Place("ala")),
    ("medial-canthus", "right", Place("medial-canthus", 5, -5), Place("lateral-canthus")),
    ("supratrochlear-artery", "left", Place("midline-glabella", 16, 15), Place("brow-tail", 0, 10)),
    ("facial-artery-exposed", "right", Place("cheilion", 22, 0), Place("cheilion", -10, -15)),
]


@pytest.mark.parametrize(("structure", "side", "inside", "outside"), DANGER)
def test_structures_lie_where_anatomy_has_them(
    knowledge: Knowledge,
    structure: str,
    side: Side,
    inside: Place,
    outside: Place,
) -> None:
    entry = knowledge.danger_structures[structure]
    path = tuple(Place(anchor.landmark, anchor.lateral_mm, anchor.up_mm) for anchor in entry.path)
    region = region_on(path, side, SIZED_MM, entry.reach.high)
    points = np.array(
        [
            place_on(inside, side, SIZED_MM),
            place_on(outside, side, SIZED_MM),
        ]
    )
    assert points_in_region(points, region).tolist() == [True, False]
    assert not points_in_region(points * [-1, 1, 1], region).any()
