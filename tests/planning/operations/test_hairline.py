"""A forehead drawn up to the hairline: points go there, and the plan says that nothing is measured above the mesh."""

from __future__ import annotations

from mesoplan.domain.plan import OnMesh, Outline
from mesoplan.imaging.face_view import View
from mesoplan.imaging.forehead import MESH_TRIANGLES
from mesoplan.imaging.picture_places import places_in_picture
from mesoplan.imaging.placement import FacePoints
from mesoplan.imaging.zone_corners import corners_of
from mesoplan.planning.placement import area_of, face_of
from tests.planning.hand_made import shipped
from tests.planning.operations.drafts import applied
from tests.planning.test_own_face import own_case


def raised(up_mm: float) -> Outline:
    """The corners of the forehead, those of its upper edge lifted as seen from the front."""
    face, corners = face_of(own_case()), corners_of("forehead", None)
    at = FacePoints.of((one.triangle, one.weights) for one in corners).positions_on(face.seen_mm(View.FRONT))
    top = at[:, 1].max()
    found = []
    for corner, (x, y, _) in zip(corners, at.tolist(), strict=True):
        (place,) = places_in_picture(View.FRONT, [(x, y + up_mm)], face) if y > top - 12 else (None,)
        found.append(OnMesh(triangle=place.triangle, weights=place.weights) if place else corner)
    return tuple(found)


def test_points_reach_up_to_the_line_that_was_drawn() -> None:
    case = own_case()
    corners = [one.model_dump(mode="json") for one in raised(14.0)]
    drawn = applied({"op": "reshape-zone", "zone": "forehead", "corners": corners}, case=case)
    assert "above the mesh of the face" in drawn.note
    renewed = applied({"op": "renew", "zone": "forehead"}, plan=drawn.plan, case=case).plan
    points = next(one.points for one in renewed.placements if one.zone == "forehead")
    above = [one for one in points if isinstance(one.at, OnMesh) and one.at.triangle >= MESH_TRIANGLES]
    assert len(above) > 3


def test_an_area_above_the_mesh_has_no_measured_error() -> None:
    case = own_case()
    inside, beyond = (area_of("forehead", case, shipped(), raised(up)) for up in (0.0, 14.0))
    assert inside
    assert beyond
    assert inside.error is not None
    assert beyond.error is None
    assert beyond.area.value > inside.area.value + 5
