"""The forehead above the mesh: whole, mirrored, the same in any axes, and open to a zone that is drawn up to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.domain.plan import OnMesh
from mesoplan.imaging.drawn_zone import drawn_zone, face_layout
from mesoplan.imaging.face_shape import template_face
from mesoplan.imaging.face_template import load_face_template
from mesoplan.imaging.face_view import View
from mesoplan.imaging.face_zones import zone_area_on_cm2, zone_of_triangles
from mesoplan.imaging.forehead import load_skin_template, with_forehead
from mesoplan.imaging.picture_places import places_in_picture
from mesoplan.imaging.placement import FacePoints
from mesoplan.imaging.zone_corners import corners_of
from mesoplan.kernels.mesh import border_loops, triangle_areas_mm2, triangle_normals
from tests.imaging.own_faces import UNEVEN

MESH, SKIN = load_face_template(), load_skin_template()


def test_the_mesh_itself_is_as_it_was() -> None:
    assert (SKIN.vertices_mm[:468] == MESH.vertices_mm).all()
    assert (SKIN.triangles[:898] == MESH.triangles).all()
    assert (SKIN.mirror_triangles[:898] == MESH.mirror_triangles).all()
    assert zone_of_triangles()[:898].count("forehead") < 898
    assert set(zone_of_triangles()[898:]) == {"forehead"}


def test_it_is_one_piece_without_folds_from_temple_to_temple() -> None:
    assert len(border_loops(SKIN.triangles)) == 1
    added = SKIN.triangles[898:]
    normals = triangle_normals(SKIN.vertices_mm, added)
    middle = SKIN.vertices_mm[added].mean(axis=1)
    centre = np.array([0.0, 45.5, -18.5])
    assert (((middle - centre) * normals).sum(axis=1) > 0).all(), "every triangle looks outwards"
    assert triangle_areas_mm2(SKIN.vertices_mm, added).min() > 1.0


def test_it_goes_on_as_the_forehead_below_goes() -> None:
    # Along the midline: 12 mm a row, and bent no more than the last step of the mesh.
    column = [9, 10, *(468 + 5 + 11 * row for row in range(3))]
    steps = np.diff(SKIN.vertices_mm[column], axis=0)
    assert np.linalg.norm(steps[1:], axis=1) == pytest.approx(12.0, abs=0.3)
    assert SKIN.vertices_mm[column[-1]][1] - SKIN.vertices_mm[10][1] == pytest.approx(26, abs=2)


def test_both_sides_mirror_each_other() -> None:
    assert SKIN.vertices_mm[SKIN.mirror_vertices] * [-1, 1, 1] == pytest.approx(SKIN.vertices_mm, abs=1e-3)
    assert (SKIN.mirror_triangles[SKIN.mirror_triangles] == np.arange(len(SKIN.triangles))).all()


def test_where_the_face_is_laid_out_no_edge_leaves_it() -> None:
    layout = face_layout()
    (border,) = border_loops(SKIN.triangles)
    sides = np.diff(layout[[*border, border[0]]], axis=0)
    following = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * following[:, 1] - sides[:, 1] * following[:, 0]
    assert (turns > 0).all() or (turns < 0).all(), "convex"


@given(
    scale=st.floats(0.5, 20), yaw=st.floats(-1, 1), pitch=st.floats(-1, 1), shift=st.tuples(*[st.floats(-500, 500)] * 3)
)
def test_it_is_the_same_in_pixels_and_turned(
    scale: float, yaw: float, pitch: float, shift: tuple[float, float, float]
) -> None:
    cos, sin = np.cos([yaw, pitch]), np.sin([yaw, pitch])
    about_y = np.array([[cos[0], 0, sin[0]], [0, 1, 0], [-sin[0], 0, cos[0]]])
    about_x = np.array([[1, 0, 0], [0, cos[1], -sin[1]], [0, sin[1], cos[1]]])
    turn = about_y @ about_x
    elsewhere = with_forehead(UNEVEN[:468] @ turn.T * scale + shift)
    assert elsewhere == pytest.approx(with_forehead(UNEVEN[:468]) @ turn.T * scale + shift, abs=1e-6 * scale)


def test_a_forehead_is_drawn_up_to_the_hairline() -> None:
    face = template_face(0.9)
    corners = list(corners_of("forehead", None))
    at = FacePoints.of((one.triangle, one.weights) for one in corners).positions_on(face.seen_mm(View.FRONT))
    raised = []
    for corner, (x, y, _) in zip(corners, at.tolist(), strict=True):
        (found,) = places_in_picture(View.FRONT, [(x, y + 15.0)], face) if y > 60 else (None,)
        raised.append(OnMesh(triangle=found.triangle, weights=found.weights) if found else corner)
    assert raised != corners
    area = drawn_zone(tuple(raised)).area_on_cm2(face.vertices_mm)
    assert area > zone_area_on_cm2("forehead", face.vertices_mm) + 10
