"""Corners to be dragged and edges to be drawn, in the three views; and from the picture back to the skin."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given

from mesoplan.domain.plan import OnMesh
from mesoplan.imaging.drawn_zone import drawn_zone
from mesoplan.imaging.face_drawing import FaceMap, MapWords, ZoneMarks, face_map_svg
from mesoplan.imaging.face_shape import template_face
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_view import View, see_places
from mesoplan.imaging.face_zones import mirror_zone, zone_outlines
from mesoplan.imaging.picture_places import places_in_picture
from mesoplan.imaging.placement import FacePoints
from mesoplan.imaging.zone_corners import corners_of, grown_beyond_mm, see_corners
from mesoplan.imaging.zone_edges import edge_paths, edge_runs, see_edge
from mesoplan.kernels.mesh import Floats, distance_to_segments_mm
from tests.imaging.outlines import INJECTABLE, UNCROSSED, stretched

FACTOR = 0.9
FACE = template_face(FACTOR)
Outline = tuple[OnMesh, ...]


def border_samples_mm(zone: str) -> Floats:
    loop = load_face_template().vertices_mm[zone_outlines(zone)[0]]
    following = np.roll(loop, -1, axis=0)
    return np.concatenate([loop + share * (following - loop) for share in np.arange(0, 1, 0.1)])


@pytest.mark.parametrize("zone", INJECTABLE)
def test_a_template_zone_has_a_workable_number_of_corners_that_keep_to_its_edge(zone: str) -> None:
    corners = corners_of(zone, None)
    assert 6 <= len(corners) <= 20
    assert drawn_zone(corners).edge_distance_on_mm(border_samples_mm(zone), template_face(1.0).vertices_mm).max() < 1.1


@pytest.mark.parametrize("zone", [zone for zone in INJECTABLE if zone.endswith("-left")])
def test_the_corners_of_the_left_are_those_of_the_right(zone: str) -> None:
    left, right = (drawn_zone(corners_of(one, None)).corners for one in (zone, mirror_zone(zone)))
    assert left.mirrored().positions_mm(1.0)[::-1] == pytest.approx(right.positions_mm(1.0))


def test_the_corners_of_a_drawn_zone_are_those_that_were_drawn() -> None:
    outline = stretched("chin", [0.9])
    assert corners_of("chin", outline) == outline
    assert corners_of("chin", None) != outline


@given(UNCROSSED)
def test_a_corner_that_is_seen_lies_where_a_hand_finds_it_again(found: tuple[str, Outline]) -> None:
    _, outline = found
    for view in View:
        seen = see_corners(view, outline, FACE)
        shown = [number for number, corner in enumerate(seen) if not corner.hidden]
        back = places_in_picture(view, [(seen[one].x_mm, seen[one].y_mm) for one in shown], FACE)
        places = [(one.triangle, one.weights) for one in back if one is not None]
        at = see_places(view, *_columns(places), FACE).xy_mm
        asked = [(seen[one].x_mm, seen[one].y_mm) for one, there in zip(shown, back, strict=True) if there]
        assert at == pytest.approx(np.array(asked).reshape(-1, 2), abs=0.01)
        # Rounding to 0.01 mm may push a corner on the rim of the face off it.
        assert len(places) >= len(shown) - 4


def _columns(places: list[tuple[int, tuple[float, float, float]]]) -> tuple[np.ndarray, np.ndarray]:
    points = FacePoints.of(places)
    return points.triangles, points.weights


def test_every_corner_is_seen_in_some_view() -> None:
    for zone in INJECTABLE:
        seen = [see_corners(view, corners_of(zone, None), FACE) for view in View]
        lost = [number for number, views in enumerate(zip(*seen, strict=True)) if all(one.hidden for one in views)]
        assert lost == [], zone


@pytest.mark.parametrize("view", list(View))
def test_hidden_edges_are_those_that_the_exact_search_finds_hidden_but_for_a_few(view: View) -> None:
    differing = total = 0
    for zone in INJECTABLE:
        places = drawn_zone(corners_of(zone, None)).edge(3.0)
        exact = see_places(view, places.triangles, places.weights, template_face(1.0))
        ours = see_edge(view, places, template_face(1.0))
        assert ours.xy_mm == pytest.approx(exact.xy_mm)
        clear = (np.abs(exact.facing) > 0.35) & (np.abs(ours.facing) > 0.35)
        differing += int((ours.hidden != exact.hidden)[clear].sum())
        total += int(clear.sum())
    assert differing <= 0.03 * total


@pytest.mark.parametrize("zone", INJECTABLE)
def test_the_edge_of_the_simplified_template_is_drawn_where_the_template_is(zone: str) -> None:
    for view in View:
        ours = [run for run, _ in edge_runs(view, zone, corners_of(zone, None), FACE)]
        whole = np.concatenate([run for run, _ in edge_runs(view, zone, None, FACE)] or [np.zeros((0, 2))])
        assert bool(ours) == bool(len(whole))
        for run in ours:
            # Rounding off cuts corners of the template's edge by a few millimetres.
            assert distance_to_segments_mm(run, whole, whole).max() < 12


def test_a_path_is_stroked_open_where_it_is_hidden_and_filled_closed() -> None:
    front = edge_paths(View.FRONT, "malar-right", corners_of("malar-right", None), FACE)
    away = edge_paths(View.LEFT_OBLIQUE, "lateral-cheek-right", corners_of("lateral-cheek-right", None), FACE)
    assert front.line == front.ground
    assert front.line.startswith("M")
    assert front.line.endswith("Z")
    assert away.line == away.ground == "" or not away.line.endswith("Z")


def test_the_map_draws_the_edge_that_was_drawn() -> None:
    outline = stretched("forehead", [0.6])
    words = MapWords("Face")
    template, drawn = (
        face_map_svg(View.FRONT, FaceMap(FACE, [ZoneMarks("forehead", 1, "Forehead", outline=one)]), words)
        for one in (None, outline)
    )
    path = edge_paths(View.FRONT, "forehead", outline, FACE).line
    assert path in drawn
    assert path not in template


def test_growth_is_how_far_the_edge_goes_out() -> None:
    outward = stretched("chin", [1.2])
    assert grown_beyond_mm(outward, None, "chin") > 2
    assert grown_beyond_mm(stretched("chin", [0.8]), None, "chin") == 0
    assert grown_beyond_mm(corners_of("chin", None), outward, "chin") == 0


def test_three_views_of_a_new_outline_are_fast_enough_for_a_live_editor() -> None:
    for view in View:
        edge_paths(view, "forehead", stretched("forehead", [0.99]), FACE)
    took = []
    for step in range(8):
        outline = stretched("forehead", [0.9 + 0.005 * step])
        start = time.perf_counter()
        for view in View:
            edge_paths(view, "forehead", outline, FACE)
            see_corners(view, outline, FACE)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.012, "about 2.5 ms; held to four times that, for a busy machine"
