"""The template face is the one that was measured, or it is refused."""

from pathlib import Path

import numpy as np
import pytest

from mesoplan.imaging.face_template import (
    FaceModelUnavailable,
    load_face_template,
    read_face_template,
)
from mesoplan.kernels.mesh import border_loops, triangle_areas_mm2, triangle_normals
from tests.imaging.geodesics import edge_path_mm


def test_it_has_the_size_that_was_measured() -> None:
    face = load_face_template()
    assert face.vertices_mm.shape == (468, 3)
    assert face.triangles.shape == (898, 3)
    assert triangle_areas_mm2(face.vertices_mm, face.triangles).sum() / 100 == pytest.approx(359.6, abs=0.05)
    assert np.ptp(face.vertices_mm[:, 0]) == pytest.approx(154.86, abs=0.01)


def test_area_agrees_with_heron_who_knows_edges_only() -> None:
    face = load_face_template()
    a, b, c = (
        np.linalg.norm(face.vertices_mm[face.triangles[:, i]] - face.vertices_mm[face.triangles[:, j]], axis=1)
        for i, j in ((0, 1), (1, 2), (2, 0))
    )
    s = (a + b + c) / 2
    heron = np.sqrt(np.maximum(s * (s - a) * (s - b) * (s - c), 0))
    assert triangle_areas_mm2(face.vertices_mm, face.triangles) == pytest.approx(heron, rel=1e-6)


def test_the_skin_has_one_border_and_looks_forward() -> None:
    face = load_face_template()
    assert [len(loop) for loop in border_loops(face.triangles)] == [36]
    towards_camera = triangle_normals(face.vertices_mm, face.triangles)[:, 2]
    assert (towards_camera > 0).mean() > 0.98


def test_right_is_the_mirror_image_of_left() -> None:
    face = load_face_template()
    mirrored = face.vertices_mm[face.mirror_vertices]
    assert (mirrored == face.vertices_mm * [-1, 1, 1]).all()
    assert (face.mirror_vertices[face.mirror_vertices] == np.arange(468)).all()
    image = face.mirror_vertices[face.triangles]
    partner = np.take_along_axis(face.triangles[face.mirror_triangles], face.mirror_corners, axis=1)
    assert (image == partner).all()


def test_the_tip_of_the_nose_is_nearest_to_the_camera_and_the_patients_right_is_at_negative_x() -> None:
    face = load_face_template()
    assert face.vertices_mm[:, 2].argmax() == 4
    assert face.vertices_mm[33, 0] < 0


def test_the_way_along_edges_is_longer_than_the_straight_line() -> None:
    face = load_face_template()
    path = edge_path_mm(face.vertices_mm, face.triangles, 10)
    assert (path >= np.linalg.norm(face.vertices_mm - face.vertices_mm[10], axis=1) - 1e-9).all()
    assert np.isfinite(path).all()


def test_it_cannot_be_changed_by_accident() -> None:
    with pytest.raises(ValueError, match="read-only"):
        load_face_template().vertices_mm[0] = 0


def test_a_missing_model_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(FaceModelUnavailable, match=r"is missing.*make setup"):
        read_face_template(tmp_path / "face_landmarker_v2.task")


def test_another_model_is_refused_by_its_hash(tmp_path: Path) -> None:
    other = tmp_path / "face_landmarker_v2.task"
    other.write_bytes(b"another model")
    with pytest.raises(FaceModelUnavailable, match=r"SHA-256 is [0-9a-f]{64}.*make setup"):
        read_face_template(other)
