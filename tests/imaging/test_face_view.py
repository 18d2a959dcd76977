"""The face as seen from three sides, to scale."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.imaging.face_landmarks import Side, landmark_mm
from mesoplan.imaging.face_shape import template_face
from mesoplan.imaging.face_view import View, see_places, see_positions, turn
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, face_zone_ids
from mesoplan.imaging.head_shape import head_picture
from mesoplan.imaging.placement import place_on_face

FACTOR = 138 / 153.28
FACE = template_face(FACTOR)


def xy(view: View, name: str, side: Side) -> np.ndarray:
    return np.asarray(see_positions(view, landmark_mm(name, side, FACTOR)[None], FACE).xy_mm[0])


@given(st.sampled_from(list(View)), st.lists(st.floats(-100, 100), min_size=3, max_size=3))
def test_a_view_only_turns(view: View, place: list[float]) -> None:
    assert np.linalg.norm(turn(view, np.array([place]))) == pytest.approx(np.linalg.norm(place))


def test_the_patients_right_is_on_the_left_of_the_picture() -> None:
    assert xy(View.FRONT, "cheilion", "right")[0] < 0 < xy(View.FRONT, "cheilion", "left")[0]


def test_lengths_across_the_front_are_true() -> None:
    apart = xy(View.FRONT, "zygion", "left") - xy(View.FRONT, "zygion", "right")
    assert apart == pytest.approx([138.0, 0.0], abs=0.01)


def test_an_oblique_shows_the_side_that_it_is_named_for() -> None:
    right = landmark_mm("lateral-canthus", "right", FACTOR)[None]
    assert xy(View.RIGHT_OBLIQUE, "pronasale", "middle")[0] > 30
    assert xy(View.LEFT_OBLIQUE, "pronasale", "middle")[0] < -30
    cheek = landmark_mm("tragion", "right", FACTOR)[None]
    assert not see_positions(View.RIGHT_OBLIQUE, cheek, FACE).hidden[0]
    assert see_positions(View.LEFT_OBLIQUE, cheek, FACE).hidden[0]
    facing = [see_positions(view, right, FACE).facing[0] for view in (View.RIGHT_OBLIQUE, View.LEFT_OBLIQUE)]
    assert facing[0] > facing[1]


@pytest.mark.parametrize("zone", [zone for zone in face_zone_ids() if zone not in NO_INJECTION_ZONES])
def test_every_point_can_be_seen_in_a_view(zone: str) -> None:
    points = place_on_face(zone, FACTOR, spacing_mm=5).points
    views = [see_places(view, points.triangles, points.weights, FACE) for view in View]
    assert not np.all([seen.hidden for seen in views], axis=0).any()


def test_what_the_nose_covers_is_hidden() -> None:
    points = place_on_face("malar-left", FACTOR, spacing_mm=5).points
    seen = see_places(View.RIGHT_OBLIQUE, points.triangles, points.weights, FACE)
    assert seen.hidden.any()
    assert not see_places(View.FRONT, points.triangles, points.weights, FACE).hidden.all()


def test_the_obliques_are_mirror_images() -> None:
    right, left = head_picture(View.RIGHT_OBLIQUE), head_picture(View.LEFT_OBLIQUE)
    assert right.head[:, 0].min() == pytest.approx(-left.head[:, 0].max(), abs=1.5)
    assert len(right.ears) == len(left.ears) == 1
    assert all(ear.in_front for ear in right.ears + left.ears)


def test_the_head_holds_the_face() -> None:
    for view in View:
        head = head_picture(view).head
        for name in ("menton", "trichion", "pronasale"):
            place = turn(view, landmark_mm(name, "middle", 1.0))
            assert head[:, 0].min() - 1 < place[0] < head[:, 0].max() + 1
            assert head[:, 1].min() - 1 < place[1] < head[:, 1].max() + 1
