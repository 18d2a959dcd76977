"""The outline of a zone on a page: where its corners are seen, its edge drawn anew, and what a page sends of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from mesoplan.clinic.courses.faces import drawn_face
from mesoplan.clinic.courses.maps import patch_map, styles_of, zone_marks
from mesoplan.clinic.editor.places import seen_at
from mesoplan.domain.case import Case
from mesoplan.domain.plan import OnMesh, OnPatch, Place, Plan
from mesoplan.imaging.face_drawing import zone_edge_svg
from mesoplan.imaging.face_view import View, see_places
from mesoplan.imaging.patch_drawing import patch_edge_svg
from mesoplan.imaging.picture_places import places_in_picture
from mesoplan.imaging.placement import FacePoints
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.outlines import zone_corners
from mesoplan.planning.point_numbers import numbered_points

Json = dict[str, Any]
_PLACE: TypeAdapter[Place] = TypeAdapter(Place)


def outline_of(zone: str, plan: Plan, case: Case, knowledge: Knowledge) -> Json | None:
    """The corners of a zone of the plan, each where it is seen in every view, and its edge as drawn in each view."""
    own = next((one for one in plan.placements if one.zone == zone), None)
    if own is None:
        return None
    corners = zone_corners(own, knowledge)
    rows = [
        {"at": place.model_dump(mode="json"), **where}
        for place, where in zip(corners, seen_at(list(corners), case), strict=True)
    ]
    return {"zone": zone, "corners": rows, "drawings": _drawings(zone, plan, case, knowledge)}


def _drawings(zone: str, plan: Plan, case: Case, knowledge: Knowledge) -> dict[str, str]:
    points, style = numbered_points(plan), styles_of(plan)[zone]
    if knowledge.zones[zone].surface == "mesh":
        marks, face = zone_marks(zone, style, points, knowledge), drawn_face(case)
        return {view.value: zone_edge_svg(view, marks, face) for view in View}
    own = [one for one in points if one.placement.zone == zone]
    return {zone: patch_edge_svg(patch_map(zone, style, own, plan, knowledge))} if own else {}


class OutlineNotRead(ValueError):
    """What was sent is no outline; the message says what is wrong."""


def sent_corners(corners: list[Any], case: Case) -> list[Json]:
    """Corners as a page sends them, each a place and millimetres to move it by as seen in a view, as places.

    Raises
    ------
    OutlineNotRead
        If one cannot be read, or would lie beside the face.
    """
    try:
        return [_moved(_PLACE.validate_python(one["at"]), one, case).model_dump(mode="json") for one in corners]
    except (KeyError, TypeError, ValidationError) as wrong:
        told = _("%(field)s: each corner is a place with right_mm, up_mm and along.")
        raise OutlineNotRead(told % {"field": "ops.reshape-zone"}) from wrong


def _moved(place: Place, sent: Json, case: Case) -> Place:
    right, up = float(sent.get("right_mm", 0.0)), float(sent.get("up_mm", 0.0))
    if not right and not up:
        return place
    if isinstance(place, OnPatch):
        return OnPatch(x_mm=place.x_mm + right, y_mm=place.y_mm + up)
    try:
        view = View(sent["along"])
    except ValueError as wrong:
        raise KeyError("along") from wrong
    face, at = drawn_face(case), FacePoints.of([(place.triangle, place.weights)])
    x, y = see_places(view, at.triangles, at.weights, face).xy_mm[0].tolist()
    (found,) = places_in_picture(view, [(x + right, y + up)], face)
    if found is None:
        raise OutlineNotRead(_("A corner would lie beside the face. The outline is as it was."))
    return OnMesh(triangle=found.triangle, weights=found.weights)
