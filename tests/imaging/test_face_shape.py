"""Any face as a view shows it: the template as ever, a patient's own turned as in its photo, and on the photo."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.domain.face import FaceSource, FaceTurn, OwnFace, ScaleBasis
from mesoplan.imaging.face_drawing import FaceMap, MapWords, ZoneMarks, face_map_svg
from mesoplan.imaging.face_pose import head_turn, upright
from mesoplan.imaging.face_shape import FaceShape, PhotoGround, own_face_shape, rotation, template_face
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_view import View, see_places, see_positions
from mesoplan.imaging.forehead import with_forehead
from mesoplan.imaging.placement import place_on_face
from mesoplan.imaging.zone_edges import edge_paths, edge_runs
from tests.imaging.outlines import INJECTABLE, stretched
from tests.imaging.own_faces import UNEVEN, seen_face

FACTOR = 0.9
angles = st.floats(-60, 60)


def own(vertices: np.ndarray, **turns: FaceTurn) -> OwnFace:
    rows = tuple((float(x), float(y), float(z)) for x, y, z in np.round(vertices, 2))
    return OwnFace(
        on=date(2026, 11, 23), source=FaceSource.PHOTOS, scale=ScaleBasis.STICKER, scale_error=0.03,
        vertices_mm=rows, zones={}, turns={View(name.replace("_", "-")): turn for name, turn in turns.items()},
    )  # fmt: skip


def on_photo(yaw_deg: float) -> FaceShape:
    """The template as it was photographed, drawn on that photo."""
    face = seen_face(1.0, 1000.0, yaw_deg)
    seen = with_forehead(upright(face.points_px[:468]) * (63 / 240))
    template = load_face_template().vertices_mm
    view = View.FRONT if abs(yaw_deg) < 20 else View.RIGHT_OBLIQUE
    turn = FaceTurn(yaw_deg=face.pose.yaw_deg, pitch_deg=face.pose.pitch_deg, roll_deg=face.pose.roll_deg)
    shape = own_face_shape(own(template, **{view.name.lower(): turn}))
    return shape.on_photos({view: PhotoGround(seen, -150.0, 200.0, 300.0, 400.0, "/photo")})


@given(yaw=angles, pitch=angles, roll=angles)
def test_a_turn_is_rebuilt_from_its_angles(yaw: float, pitch: float, roll: float) -> None:
    turn = rotation(FaceTurn(yaw_deg=yaw, pitch_deg=pitch, roll_deg=roll))
    assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-12)
    # The net's picture: x right, y down, z away from the viewer.
    points_px = (load_face_template().vertices_mm @ turn.T) * [1.0, -1.0, -1.0]
    assert head_turn(points_px) == pytest.approx(turn, abs=1e-9)


@pytest.mark.parametrize("view", list(View))
def test_an_own_face_that_is_the_template_is_drawn_where_the_template_is(view: View) -> None:
    template, same = template_face(FACTOR), own_face_shape(own(load_face_template().vertices_mm * FACTOR))
    for zone in INJECTABLE:
        points = place_on_face(zone, FACTOR, spacing_mm=9.0).points
        one, other = (see_places(view, points.triangles, points.weights, face) for face in (template, same))
        assert one.xy_mm == pytest.approx(other.xy_mm, abs=0.02)
        assert (one.hidden != other.hidden).sum() <= 1
        runs = [edge_runs(view, zone, None, face) for face in (template, same)]
        assert [closed for _, closed in runs[0]] == [closed for _, closed in runs[1]]


@pytest.mark.parametrize("view", list(View))
def test_an_edge_lies_on_its_own_face(view: View) -> None:
    face, outline = own_face_shape(own(UNEVEN[:468])), stretched("lateral-cheek-right", [1.0])
    for run, _ in edge_runs(view, "lateral-cheek-right", outline, face):
        away = np.linalg.norm(run[:, None] - face.seen_mm(view)[:, :2], axis=2).min(axis=1)
        assert away.max() < 12
    shown = edge_paths(view, "lateral-cheek-right", outline, face).line
    assert bool(shown) == (view is not View.LEFT_OBLIQUE) or len(shown) > 0


def test_points_lie_where_the_photo_shows_them() -> None:
    face = on_photo(45.0)
    near, far = (place_on_face(f"malar-{side}", 1.0, spacing_mm=9.0).points for side in ("right", "left"))
    seen = see_places(View.RIGHT_OBLIQUE, near.triangles, near.weights, face)
    assert not seen.hidden.any()
    assert seen.xy_mm == pytest.approx(near.positions_on(face.seen_mm(View.RIGHT_OBLIQUE))[:, :2])
    assert see_places(View.RIGHT_OBLIQUE, far.triangles, far.weights, face).hidden.mean() > 0.5
    line = near.positions_on(face.vertices_mm)
    along = see_positions(View.RIGHT_OBLIQUE, line, face)
    assert along.xy_mm == pytest.approx(seen.xy_mm, abs=0.05)


def test_the_map_has_the_photo_under_it_and_no_drawn_head() -> None:
    face, points = on_photo(0.0), place_on_face("chin", 1.0, spacing_mm=9.0).points
    drawing = FaceMap(face, [ZoneMarks("chin", 1, "Chin", points)])
    svg = face_map_svg(View.FRONT, drawing, MapWords("Face"))
    assert '<image href="/photo"' in svg
    assert "mp-map-clay" not in svg
    bare = face_map_svg(View.LEFT_OBLIQUE, drawing, MapWords("Face"))
    assert "<image" not in bare, "nobody photographed it from there, and no head is made up"
    assert "mp-map-clay" not in bare


def test_a_face_is_told_from_others_by_its_measures_and_is_found_again_as_one() -> None:
    one, same, other = own(UNEVEN[:468]), own(UNEVEN[:468]), own(UNEVEN[:468] + 1.0)
    assert own_face_shape(one) is own_face_shape(same)
    assert own_face_shape(one) is not own_face_shape(other)
