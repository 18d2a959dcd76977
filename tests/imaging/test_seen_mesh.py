"""Points, edges and corners on any face as a viewer sees them: on the template as ever, on a photo in its pixels."""

import numpy as np
import pytest

from mesoplan.imaging.face_pose import head_turn, upright
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_view import (
    SeenMesh,
    View,
    see_places,
    see_places_on,
    see_positions,
    see_positions_on,
    seen_from,
    seen_turned,
    turn,
)
from mesoplan.imaging.face_zones import face_zone_ids, zone_outlines
from mesoplan.imaging.placement import place_on_face
from mesoplan.imaging.zone_corners import corners_of, see_corners, see_corners_on
from mesoplan.imaging.zone_edges import edge_paths_on, edge_runs, edge_runs_on
from mesoplan.kernels.mesh import Floats
from tests.imaging.outlines import INJECTABLE, stretched
from tests.imaging.own_faces import UNEVEN, seen_face

FACTOR = 0.9


def scaled_template() -> Floats:
    return load_face_template().vertices_mm * FACTOR


@pytest.mark.parametrize("view", View)
def test_on_the_template_points_are_seen_as_ever(view: View) -> None:
    mesh = seen_from(view, load_face_template().vertices_mm)
    for zone in INJECTABLE:
        points = place_on_face(zone, 1.0, spacing_mm=9.0).points
        found = see_places_on(mesh, points.triangles, points.weights)
        known = see_places(view, points.triangles, points.weights, 1.0)
        assert found.xy_mm == pytest.approx(known.xy_mm)
        assert found.facing == pytest.approx(known.facing)
        assert (found.hidden == known.hidden).all()


@pytest.mark.parametrize("view", View)
def test_on_the_template_lines_are_seen_as_ever(view: View) -> None:
    mesh = seen_from(view, load_face_template().vertices_mm)
    line = load_face_template().vertices_mm[zone_outlines("malar-left")[0]]
    found, known = see_positions_on(mesh, turn(view, line)), see_positions(view, line, 1.0)
    assert found.xy_mm == pytest.approx(known.xy_mm)
    assert (found.hidden == known.hidden).all()


@pytest.mark.parametrize("zone", face_zone_ids())
def test_on_the_template_edges_run_as_ever(zone: str) -> None:
    found = edge_runs_on(seen_from(View.FRONT, load_face_template().vertices_mm), zone, None)
    known = edge_runs(View.FRONT, zone, None, 1.0)
    assert [closed for _, closed in found] == [closed for _, closed in known]
    for (one, _), (other, _) in zip(found, known, strict=True):
        assert one == pytest.approx(other, abs=1e-6)


def test_corners_on_the_template_are_seen_as_ever() -> None:
    for zone in INJECTABLE:
        corners = corners_of(zone, None)
        found = see_corners_on(seen_from(View.FRONT, scaled_template()), corners)
        known = see_corners(View.FRONT, corners, FACTOR)
        places = [np.array([(one.x_mm, one.y_mm) for one in several]) for several in (found, known)]
        assert places[0] == pytest.approx(places[1], abs=0.011)
        # On the template the skin before a corner is read from pixels of a millimetre.
        assert sum(one.hidden != other.hidden for one, other in zip(found, known, strict=True)) <= 1


@pytest.mark.parametrize("view", View)
def test_an_edge_lies_on_the_outline_of_its_own_face(view: View) -> None:
    mesh, outline = seen_from(view, UNEVEN), stretched("lateral-cheek-right", [1.0])
    runs = edge_runs_on(mesh, "lateral-cheek-right", outline)
    if view is View.LEFT_OBLIQUE:
        assert not [closed for _, closed in runs if closed]
        assert sum(len(run) for run, _ in runs) < 60, "of 122 pieces most lie behind the cheek"
    for run, _ in runs:
        away = np.linalg.norm(run[:, None] - mesh.vertices[:, :2], axis=2).min(axis=1)
        assert away.max() < 12
    assert edge_paths_on(mesh, "lateral-cheek-right", outline).line.startswith("M")


def test_in_a_photo_the_same_places_are_seen_in_its_pixels() -> None:
    face = seen_face(1.0, 1000.0, 45.0)
    mesh = SeenMesh(upright(face.points_px[:468]), per_mm=240 / 63)
    near, far = (place_on_face(f"malar-{side}", 1.0, spacing_mm=9.0).points for side in ("right", "left"))
    seen = see_places_on(mesh, near.triangles, near.weights)
    assert not seen.hidden.any()
    expected = near.positions_on(face.points_px[:468])[:, :2] * [1, -1]
    assert seen.xy_mm == pytest.approx(expected)
    assert see_places_on(mesh, far.triangles, far.weights).hidden.mean() > 0.5


def test_a_face_turned_as_in_its_photo_hides_what_the_photo_hides() -> None:
    face = seen_face(1.0, 1000.0, 45.0)
    turned = seen_turned(head_turn(face.points_px), load_face_template().vertices_mm)
    near, far = (place_on_face(f"malar-{side}", 1.0, spacing_mm=9.0).points for side in ("right", "left"))
    assert not see_places_on(turned, near.triangles, near.weights).hidden.any()
    assert see_places_on(turned, far.triangles, far.weights).hidden.any()
