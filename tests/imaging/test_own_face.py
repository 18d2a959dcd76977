"""One face out of three photos: every area that is given is within what is stated, and the mesh is whole."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.domain.face import VERTEX_COUNT, FaceSource, FaceView, OwnFace, ScaleBasis
from mesoplan.imaging.face_shape import own_face_shape
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, face_zone_ids, mirror_zone, zone_area_on_cm2
from mesoplan.imaging.own_face import (
    FRONT_ERROR,
    OBLIQUE_ERROR,
    REFOUND_WITHIN_MM,
    SCALE_FROM_OBLIQUE,
    FaceMeasurement,
    ViewRefusal,
    ViewsRefused,
    _averaging,
    in_head_axes,
    own_face,
    shape_error,
    view_of,
)
from mesoplan.imaging.photo_scale import PhotoScale, PhotoScaleSource
from mesoplan.imaging.photo_zones import MOST_RELATIVE_ERROR, MeasuredFace, face_in_mm
from mesoplan.kernels.mesh import Floats, triangle_areas_mm2, triangle_normals
from mesoplan.kernels.similarity import best_similarity, residual_rms
from tests.imaging.own_faces import (
    HEADS,
    LATER_VISITS,
    ON,
    OWN_FACES,
    VIEWS_DEG,
    by_pupils,
    by_sticker,
    moved_between_visits_mm,
    seen_face,
    true_areas_cm2,
)

AT_THE_SIDE = ("temple", "lateral-cheek", "jaw")


def views(depth: float = 1.0, distance_mm: float = 1000.0, yaws: Sequence[float] = VIEWS_DEG) -> list[MeasuredFace]:
    return [by_sticker(seen_face(depth, distance_mm, yaw)) for yaw in yaws]


def off_by_more_than_stated(record: OwnFace, depth: float) -> dict[str, float]:
    truth, vertices = true_areas_cm2(depth), own_face_shape(record).vertices_mm
    ratios = {zone: truth[zone] / zone_area_on_cm2(zone, vertices) for zone in record.zones}
    return {zone: ratio for zone, ratio in ratios.items() if abs(ratio - 1) > record.zones[zone].error}


@pytest.fixture(scope="module")
def three() -> FaceMeasurement:
    return own_face(views(), on=ON)


@pytest.mark.parametrize(("depth", "distance_mm"), HEADS)
def test_every_area_that_is_given_is_within_what_is_stated(depth: float, distance_mm: float) -> None:
    faces = [seen_face(depth, distance_mm, yaw) for yaw in VIEWS_DEG]
    for measure in (by_sticker, by_pupils):
        record = own_face([measure(face) for face in faces], on=ON).record
        assert len(record.zones) >= 12
        assert off_by_more_than_stated(record, depth) == {}


@pytest.mark.parametrize(("depth", "distance_mm"), HEADS[::2])
@pytest.mark.parametrize("yaws", [(10.0, 30.0, -30.0), (-10.0, 40.0, -30.0)])
def test_and_so_it_is_when_the_head_is_turned_less_or_more(
    depth: float, distance_mm: float, yaws: Sequence[float]
) -> None:
    assert off_by_more_than_stated(own_face(views(depth, distance_mm, yaws), on=ON).record, depth) == {}


@pytest.mark.parametrize(("depth", "distance_mm"), HEADS)
def test_the_whole_face_is_within_a_quarter(depth: float, distance_mm: float) -> None:
    whole = true_areas_cm2(depth)
    found = own_face_shape(own_face(views(depth, distance_mm), on=ON).record).vertices_mm
    area = triangle_areas_mm2(found, load_face_template().triangles).sum() / 100
    assert area / sum(whole.values()) == pytest.approx(1.0, abs=0.25)


def test_each_zone_comes_from_the_view_that_sees_it(three: FaceMeasurement) -> None:
    zones = three.record.zones
    assert set(face_zone_ids()) - set(zones) <= {"nose"}
    for base in AT_THE_SIDE:
        assert zones[f"{base}-right"].view is FaceView.RIGHT_OBLIQUE
        assert zones[f"{base}-left"].view is FaceView.LEFT_OBLIQUE
    for zone in ("forehead", "glabella", "perioral", "lips", "chin", "malar-right", "malar-left"):
        assert zones[zone].view is FaceView.FRONT


def test_what_no_view_sees_is_not_named() -> None:
    front_only = own_face(views(yaws=(0.0,)), on=ON).record.zones
    assert not [zone for zone in front_only if zone.startswith(AT_THE_SIDE)]
    for yaw, side in ((45.0, "right"), (-45.0, "left")):
        zones = own_face(views(yaws=(0.0, yaw)), on=ON).record.zones
        for base in AT_THE_SIDE:
            assert f"{base}-{side}" in zones
            assert mirror_zone(f"{base}-{side}") not in zones


def test_what_is_too_uncertain_is_not_named() -> None:
    rough = [
        face_in_mm(face.photo, PhotoScale(face.scale.mm_per_px, PhotoScaleSource.POPULATION, 63.0, 0.06))
        for face in views()
    ]
    zones = own_face(rough, on=ON).record.zones
    assert "forehead" not in zones
    assert "perioral" not in zones
    assert "glabella" in zones
    assert all(zone.error <= MOST_RELATIVE_ERROR for zone in zones.values())


def test_a_zone_is_stated_with_twice_the_error_of_the_scale(three: FaceMeasurement) -> None:
    assert three.record.zones["chin"].error == pytest.approx(
        FRONT_ERROR["chin"] + 2 * three.record.scale_error, abs=1e-3
    )
    assert three.record.zones["jaw-left"].error == pytest.approx(
        OBLIQUE_ERROR["jaw"] + 2 * three.record.scale_error, abs=1e-3
    )
    assert shape_error("jaw-left", FaceView.RIGHT_OBLIQUE) is None
    assert shape_error("chin", FaceView.RIGHT_OBLIQUE) is None


def test_the_record_says_what_it_rests_on(three: FaceMeasurement) -> None:
    record = three.record
    assert (record.on, record.source, record.scale) == (ON, FaceSource.PHOTOS, ScaleBasis.STICKER)
    assert record.model_sha256 == three.views[0].photo.model_sha256
    assert OwnFace.model_validate_json(record.model_dump_json()) == record
    assert np.array(record.vertices_mm) == pytest.approx(np.round(record.vertices_mm, 2))


def test_each_photo_keeps_its_points_and_its_view(three: FaceMeasurement) -> None:
    assert [view.view for view in three.views] == [FaceView.FRONT, FaceView.RIGHT_OBLIQUE, FaceView.LEFT_OBLIQUE]
    for view, photo in zip(three.views, views(), strict=True):
        assert view.points_px is photo.photo.points_px
        assert view_of(view.photo) is view.view


def test_the_turn_of_each_view_is_that_of_its_photo(three: FaceMeasurement) -> None:
    for view in three.views:
        turn = three.record.turns[view.view]
        assert turn.yaw_deg == pytest.approx(view.photo.pose.yaw_deg, abs=8)
        assert turn.pitch_deg == pytest.approx(view.photo.pose.pitch_deg, abs=6)
        assert turn.roll_deg == pytest.approx(view.photo.pose.roll_deg, abs=6)


def test_the_order_of_the_photos_does_not_matter(three: FaceMeasurement) -> None:
    other = own_face(views(yaws=(-45.0, 0.0, 45.0)), on=ON).record
    assert np.array(other.vertices_mm) == pytest.approx(np.array(three.record.vertices_mm), abs=0.011)
    assert other.zones == three.record.zones


def test_the_mesh_is_whole(three: FaceMeasurement) -> None:
    """Where two views meet no triangle is turned over or pulled out of its shape."""
    triangles = load_face_template().triangles
    found, front = (
        own_face_shape(three.record).vertices_mm,
        own_face_shape(own_face(views(yaws=(0.0,)), on=ON).record).vertices_mm,
    )
    assert (triangle_normals(found, triangles) * triangle_normals(front, triangles)).sum(axis=1).min() > 0.5
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    lengths = [np.linalg.norm(face[edges[:, 0]] - face[edges[:, 1]], axis=1) for face in (found, front)]
    assert 0.4 < (lengths[0] / lengths[1]).min() < (lengths[0] / lengths[1]).max() < 2.5


def test_passing_over_between_views_is_averaging_with_neighbours() -> None:
    """The slow way: for each vertex walk over the triangles that it belongs to."""
    template = load_face_template()
    values = np.random.default_rng(3).normal(size=len(template.vertices_mm))
    for vertex in range(0, len(values), 13):
        beside = {other for corners in template.triangles.tolist() if vertex in corners for other in corners} - {vertex}
        expected = (values[vertex] + np.mean([values[other] for other in sorted(beside)])) / 2
        assert (_averaging() @ values)[vertex] == pytest.approx(expected)


def with_scale(face: MeasuredFace, source: PhotoScaleSource, times: float) -> MeasuredFace:
    return face_in_mm(face.photo, PhotoScale(face.scale.mm_per_px * times, source, 20.0, 0.03))


def test_the_most_trusted_scale_counts_for_all() -> None:
    front, right, left = views()
    mixed = [
        with_scale(front, PhotoScaleSource.IRIS, 1.3),
        with_scale(right, PhotoScaleSource.INTERPUPILLARY, 0.8),
        with_scale(left, PhotoScaleSource.STICKER, 1.0),
    ]
    record = own_face(mixed, on=ON).record
    assert record.scale is ScaleBasis.STICKER
    assert record.scale_error == pytest.approx(np.hypot(0.03, SCALE_FROM_OBLIQUE), abs=1e-4)
    whole = triangle_areas_mm2(own_face_shape(record).vertices_mm, load_face_template().triangles).sum() / 100
    assert np.sqrt(whole / sum(true_areas_cm2(1.0).values())) == pytest.approx(1.0, abs=record.scale_error + 0.02)
    equal = [with_scale(face, PhotoScaleSource.INTERPUPILLARY, 1.0) for face in (right, front, left)]
    assert own_face(equal, on=ON).record.scale_error == 0.03, "of the same trust the front counts"


@pytest.mark.parametrize(("depth", "distance_mm"), HEADS)
def test_a_scale_from_an_oblique_is_as_far_off_as_stated(depth: float, distance_mm: float) -> None:
    front, right, left = views(depth, distance_mm)
    expected = np.array(own_face([front, right, left], on=ON).record.vertices_mm)
    for number in (1, 2):
        faces = [front, right, left]
        for other in {0, 1, 2} - {number}:
            faces[other] = with_scale(faces[other], PhotoScaleSource.IRIS, 1.0)
        found = np.array(own_face(faces, on=ON).record.vertices_mm)
        assert abs(best_similarity(found, expected).size - 1) < SCALE_FROM_OBLIQUE


@given(OWN_FACES, st.floats(-40, 40), st.floats(-200, 200))
def test_a_face_comes_to_lie_as_the_template_lies(face: Floats, yaw: float, shift: float) -> None:
    angle = np.radians(yaw)
    turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    face = face[:VERTEX_COUNT]
    laid = in_head_axes(face @ turn.T + shift)
    assert laid == pytest.approx(in_head_axes(face), abs=1e-6)
    template = load_face_template().vertices_mm
    as_given = face - face.mean(axis=0) + template.mean(axis=0)
    assert residual_rms(laid, template) <= residual_rms(as_given, template) + 1e-9


@pytest.mark.parametrize("zone", [zone for zone in face_zone_ids() if zone not in NO_INJECTION_ZONES])
def test_a_stored_place_is_found_again_at_a_second_visit(zone: str) -> None:
    base = zone.removesuffix("-right").removesuffix("-left")
    for later in LATER_VISITS[:2]:
        apart = moved_between_visits_mm(zone, 1.0, later)
        assert np.median(apart) <= REFOUND_WITHIN_MM[base]
        assert (apart <= REFOUND_WITHIN_MM[base]).mean() >= 0.85


def opened(face: MeasuredFace, opening: float) -> MeasuredFace:
    expression = dataclasses.replace(face.photo.expression, mouth_opening=opening)
    return face_in_mm(dataclasses.replace(face.photo, expression=expression), face.scale)


def of_model(face: MeasuredFace) -> MeasuredFace:
    return face_in_mm(dataclasses.replace(face.photo, model_sha256="0" * 64), face.scale)


def bent(face: MeasuredFace) -> MeasuredFace:
    points = face.photo.points_px.copy()
    points[:, 1] += 60 * np.sin(points[:, 0] / 40)
    return face_in_mm(dataclasses.replace(face.photo, points_px=points), face.scale)


def test_photos_that_do_not_make_one_face_are_refused() -> None:
    front, right, left = views()
    refused = {
        ViewRefusal.NO_FRONT: [[], [right], [right, left]],
        ViewRefusal.SAME_VIEW: [[front, front], [front, right, right], [front, right, left, left]],
        ViewRefusal.OTHER_MODEL: [[front, of_model(right)]],
        ViewRefusal.DIFFERENT: [[front, bent(right)]],
        ViewRefusal.MOUTH: [[front, right, opened(left, 0.5)]],
    }
    for code, several in refused.items():
        for photos in several:
            with pytest.raises(ViewsRefused) as error:
                own_face(photos, on=ON)
            assert error.value.code is code
            assert ":" in str(error.value), "it says what to do"
