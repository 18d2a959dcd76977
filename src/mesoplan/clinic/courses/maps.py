"""The drawings on a plan's page, in the colours of the page: the face from three sides, and a patch for each flat zone.

On paper the same plan is drawn by `mesoplan.documents.plan_maps`, with the same numbers, letters and zone styles.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.urls import reverse

from mesoplan.clinic import knowledge_base
from mesoplan.documents.front_page import zone_styles
from mesoplan.domain.case import Case
from mesoplan.domain.plan import OnMesh, OnPatch, Plan
from mesoplan.domain.writing import area_text, count_text
from mesoplan.imaging.face_drawing import DangerMarks, FaceMap, MapWords, ZoneMarks, face_map_svg
from mesoplan.imaging.face_view import View
from mesoplan.imaging.patch_drawing import PatchMap, patch_map_svg
from mesoplan.imaging.patch_placement import patch_of_area
from mesoplan.imaging.placement import FacePoints
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.placement import face_scale, regions_of, structures_under
from mesoplan.planning.point_numbers import NumberedPoint, numbered_points

VIEW_TITLES = {View.FRONT: "Front", View.RIGHT_OBLIQUE: "Right oblique", View.LEFT_OBLIQUE: "Left oblique"}


@lru_cache(maxsize=64)
def drawn(plan_json: str, case_json: str) -> tuple[PageMap, ...]:
    """Every drawing of a plan for a case, the front of the face first. Remembered, because a page is read more often
    than its plan changes."""
    plan, case = Plan.model_validate_json(plan_json), Case.model_validate_json(case_json)
    knowledge = knowledge_base.current()
    face = face_map(plan, case, knowledge)
    views = [] if face is None else [face_view(view, face) for view in View]
    return (*views, *patch_maps(plan, knowledge))


@dataclass(frozen=True)
class PageMap:
    """One drawing: of which view or zone, its title, and the SVG."""

    name: str
    title: str
    svg: str


def styles_of(plan: Plan) -> dict[str, int]:
    """The style of each zone, 1 to 8, as on paper."""
    return {zone: style + 1 for zone, style in zone_styles(plan).items()}


def face_map(plan: Plan, case: Case, knowledge: Knowledge) -> FaceMap | None:
    """What is drawn on the face; None for a plan that leaves the face alone."""
    styles, points = styles_of(plan), numbered_points(plan)
    on_face = [zone for zone in styles if knowledge.zones[zone].surface == "mesh"]
    if not on_face:
        return None
    zones = [_zone_marks(zone, styles[zone], points, knowledge) for zone in on_face]
    return FaceMap(factor=face_scale(case).factor, zones=zones, danger=_danger(plan, case, knowledge))


def _danger(plan: Plan, case: Case, knowledge: Knowledge) -> list[DangerMarks]:
    """The structures that lie under points of the plan; the others would hide the map."""
    factor = face_scale(case).factor
    on_face = [one for one in plan.placements if knowledge.zones[one.zone].surface == "mesh"]
    under = dict.fromkeys(name for one in on_face for name in structures_under(one, case, knowledge))
    structures = [knowledge.danger_structures[name] for name in under]
    return [DangerMarks(region, one.title) for one in structures for region in regions_of(one, factor)]


def _zone_marks(zone: str, style: int, points: list[NumberedPoint], knowledge: Knowledge) -> ZoneMarks:
    own = [one for one in points if one.placement.zone == zone]
    places = FacePoints.of((p.point.at.triangle, p.point.at.weights) for p in own if isinstance(p.point.at, OnMesh))
    label = f"{knowledge.zones[zone].title} · {len(own)}"
    return ZoneMarks(zone, style, label, places, tuple(one.label for one in own))


def face_view(view: View, face: FaceMap) -> PageMap:
    """One view of the face; zones are named on the front view only."""
    counted = count_text(sum(len(marks.points or ()) for marks in face.zones), "point", "points")
    words = MapWords(
        title=f"Face map, {VIEW_TITLES[view].lower()}, {counted}",
        description="To scale. R and L are the patient's. Hatched: no injection. Dashed: danger structure.",
    )
    labels, href = view is View.FRONT, reverse("courses:head", args=[view.value])
    svg = face_map_svg(view, face, words, labels=labels, shading_href=href, uid=f"map-{view.value}")
    return PageMap(view.value, VIEW_TITLES[view], svg)


def patch_maps(plan: Plan, knowledge: Knowledge) -> list[PageMap]:
    """A flat drawing to scale of each zone of neck or body."""
    points = numbered_points(plan)
    return [
        _patch_map(zone, style, [one for one in points if one.placement.zone == zone], knowledge)
        for zone, style in styles_of(plan).items()
        if knowledge.zones[zone].surface == "patch"
    ]


def _patch_map(zone_id: str, style: int, points: list[NumberedPoint], knowledge: Knowledge) -> PageMap:
    zone, placement = knowledge.zones[zone_id], points[0].placement
    places = [(one.point.at.x_mm, one.point.at.y_mm) for one in points if isinstance(one.point.at, OnPatch)]
    patch = PatchMap(
        patch=patch_of_area(placement.area.value, aspect=zone.patch_aspect),
        positions_mm=np.array(places),
        numbers=tuple(one.label for one in points),
        style=style,
        margin_mm=placement.edge_margin.value,
    )
    words = MapWords(
        title=f"{zone.title}, flat, {count_text(len(points), 'point', 'points')}",
        description="A flat piece of skin of the typed area, to scale; not the outline of this patient's skin.",
        caption=f"{zone.title} · {len(points)} · {area_text(placement.area)}",
    )
    return PageMap(zone_id, zone.title, patch_map_svg(patch, words, uid=f"patch-{zone_id}"))
