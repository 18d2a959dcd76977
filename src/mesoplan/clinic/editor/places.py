"""Where every point of a plan is seen, in mm of each picture; and what is drawn with it."""

from __future__ import annotations

from typing import Any

import numpy as np

from mesoplan.clinic.courses.faces import drawn_face
from mesoplan.clinic.courses.kept_clear import kept_marks
from mesoplan.clinic.courses.maps import styles_of
from mesoplan.clinic.courses.moved_points import moved_points
from mesoplan.clinic.evidence.titles import title_of
from mesoplan.clinic.shell.writing import angle_text, length_text, quantity_text, volume_text
from mesoplan.domain.case import Case
from mesoplan.domain.plan import OnMesh, OnPatch, Place, Plan, ZonePlacement
from mesoplan.imaging.face_landmarks import landmark_on
from mesoplan.imaging.face_shape import FaceShape
from mesoplan.imaging.face_view import Seen, View, see_places
from mesoplan.imaging.kept_clear_drawing import kept_on_face_svg, kept_on_patch_svg
from mesoplan.imaging.placement import FacePoints
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.close_pairs import close_pairs
from mesoplan.planning.point_numbers import NumberedPoint, numbered_points

Json = dict[str, Any]
# Of two hundred points one was moved: the others are seen where they were.
_MOST_SEEN = 20_000
_seen: dict[tuple[OnMesh, FaceShape], Json] = {}


def places_of(plan: Plan, proposed: Plan | None, before: Plan | None, case: Case, knowledge: Knowledge) -> Json:
    """Points, removed and moved places and zones, as the map of a page draws them.

    Where the same points, in the same order, stood in the plan `before`, only those that differ are told; places kept
    clear only where they differ.
    """
    return {
        **_points(plan, before, case),
        "removed": _removed(plan, case),
        "moved": _moved(plan, proposed, case) if proposed else [],
        "close": [
            {"points": pair.points, "text": quantity_text(pair.distance_mm, "mm", decimals=1)}
            for pair in close_pairs(plan, case, knowledge)
        ],
        **({} if before and before.kept_clear == plan.kept_clear else {"kept": _kept(plan, case)}),
        "zones": _zones(plan, knowledge),
        "pupils_mm": _pupils_mm(case),
        "turns": {view.value: drawn_face(case).turn(view).round(6).tolist() for view in View},
    }


def _points(plan: Plan, before: Plan | None, case: Case) -> Json:
    numbered = numbered_points(plan)
    known = numbered_points(before) if before else []
    name = "points"
    if before and [_name(one) for one in known] == [_name(one) for one in numbered]:
        numbered = [one for one, was in zip(numbered, known, strict=True) if one.point != was.point]
        name = "points_changed"
    seen = seen_at([one.point.at for one in numbered], case)
    rows = [
        {
            "id": one.point.id,
            "label": one.label,
            "zone": one.placement.zone,
            "preparation": one.placement.preparation,
            "origin": one.point.origin,
            "locked": one.point.locked,
            **where,
        }
        for one, where in zip(numbered, seen, strict=True)
    ]
    return {name: rows}


def _name(one: NumberedPoint) -> tuple[str, str, str, str]:
    return one.point.id, one.label, one.placement.zone, one.placement.preparation


def _removed(plan: Plan, case: Case) -> list[Json]:
    places = [place for placement in plan.placements for place in placement.removed]
    seen = seen_at([place.at for place in places], case)
    return [{"id": place.id, **where} for place, where in zip(places, seen, strict=True)]


def _moved(plan: Plan, proposed: Plan, case: Case) -> list[Json]:
    """Where the points that were moved had been proposed."""
    before = moved_points(proposed, plan)
    seen = seen_at(list(before.values()), case)
    return [{"id": point, **where} for point, where in zip(before, seen, strict=True)]


def _kept(plan: Plan, case: Case) -> dict[str, str]:
    """What is kept clear as it is drawn: for each view of the face, and each flat zone where there is any."""
    marks, face = kept_marks(plan), drawn_face(case)
    flat = dict.fromkeys(one.zone for one in plan.kept_clear if isinstance(one.at, OnPatch))
    return {
        **{view.value: kept_on_face_svg(view, marks, face) for view in View},
        **{zone: kept_on_patch_svg(kept_marks(plan, zone)) for zone in flat},
    }


def _zones(plan: Plan, knowledge: Knowledge) -> list[Json]:
    found = []
    for zone, style in styles_of(plan).items():
        own = [one for one in plan.placements if one.zone == zone]
        found.append(
            {
                "id": zone,
                "title": title_of("zones", zone, knowledge),
                "said": _said(own),
                "style": style,
                "points": sum(len(one.points) for one in own),
                "spacing": own[0].spacing.value,
                "preparations": [one.preparation for one in own],
                "flat": knowledge.zones[zone].surface == "patch",
                "drawn": own[0].outline is not None,
            }
        )
    return found


def _said(own: list[ZonePlacement]) -> str:
    """What each point of a zone gets, for the words that tell a selection."""
    values = dict.fromkeys(
        f"{volume_text(one.volume_per_point)} · {angle_text(one.angle)} × {length_text(one.inserted)}" for one in own
    )
    return "; ".join(values)


def seen_at(places: list[Place], case: Case) -> list[Json]:
    """For each place its x, y, facing and whether it is hidden in each view, with its normal; on a patch x and y."""
    face = drawn_face(case)
    on_mesh = [place for place in dict.fromkeys(places) if isinstance(place, OnMesh)]
    known = {place: _seen[place, face] for place in on_mesh if (place, face) in _seen}
    missing = [place for place in on_mesh if place not in known]
    known |= zip(missing, _see(missing, face), strict=True)
    if len(_seen) > _MOST_SEEN:
        _seen.clear()
    _seen.update(((place, face), known[place]) for place in missing)
    return [_flat(place) if isinstance(place, OnPatch) else known[place] for place in places]


def _flat(place: OnPatch) -> Json:
    return {"flat": [round(place.x_mm, 2), round(place.y_mm, 2)]}


def _see(places: list[OnMesh], face: FaceShape) -> list[Json]:
    if not places:
        return []
    points = FacePoints.of((at.triangle, at.weights) for at in places)
    normals = face.triangle_normals[points.triangles]
    views = {view.value: see_places(view, points.triangles, points.weights, face) for view in View}
    return [
        {
            "normal": np.round(normals[row], 3).tolist(),
            "views": {name: _row(seen, row) for name, seen in views.items()},
        }
        for row in range(len(places))
    ]


def _row(seen: Seen, row: int) -> list[float | bool]:
    x, y = np.round(seen.xy_mm[row], 2).tolist()
    return [x, y, round(float(seen.facing[row]), 3), bool(seen.hidden[row])]


def _pupils_mm(case: Case) -> float:
    face = drawn_face(case)
    sides = [float(landmark_on("mid-pupil", side, face.seen_mm(View.FRONT))[1]) for side in ("right", "left")]
    return round(sum(sides) / 2, 2)
