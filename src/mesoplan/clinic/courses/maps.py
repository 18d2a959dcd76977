"""The drawings on a plan's page, in the colours of the page: the face from three sides, and a patch for each flat zone.

On paper the same plan is drawn by `mesoplan.documents.plan_maps`, with the same numbers, letters and zone styles.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.courses.faces import Addresses, drawn_face, photos_of
from mesoplan.clinic.courses.kept_clear import kept_marks
from mesoplan.clinic.evidence.titles import title_of
from mesoplan.clinic.shell.writing import area_text
from mesoplan.documents.front_page import zone_styles
from mesoplan.domain.case import Case
from mesoplan.domain.plan import OnMesh, OnPatch, Plan
from mesoplan.domain.writing import Language
from mesoplan.imaging.face_drawing import DangerMarks, FaceMap, MapWords, ZoneMarks, face_map_svg
from mesoplan.imaging.face_view import View
from mesoplan.imaging.patch_drawing import PatchMap, patch_map_svg
from mesoplan.imaging.patch_placement import patch_of_area
from mesoplan.imaging.placement import FacePoints
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.citation import Figure
from mesoplan.planning.placement import face_of, regions_of, structures_under
from mesoplan.planning.point_numbers import NumberedPoint, numbered_points

VIEW_TITLES = {
    View.FRONT: gettext_lazy("Front"),
    View.RIGHT_OBLIQUE: gettext_lazy("Right oblique"),
    View.LEFT_OBLIQUE: gettext_lazy("Left oblique"),
}


def drawn(plan_json: str, case_json: str) -> tuple[PageMap, ...]:
    """Every drawing of a plan for a case in the reader's language, the front of the face first. Remembered, because a
    page is read more often than its plan changes."""
    photos = photos_of(Case.model_validate_json(case_json))
    return _drawn(plan_json, case_json, get_language() or "", photos)


@lru_cache(maxsize=64)
def _drawn(plan_json: str, case_json: str, _language: str, _photos: Addresses) -> tuple[PageMap, ...]:
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
    zones = [zone_marks(zone, styles[zone], points, knowledge) for zone in on_face]
    return FaceMap(drawn_face(case), zones=zones, danger=_danger(plan, case, knowledge), kept=kept_marks(plan))


def _danger(plan: Plan, case: Case, knowledge: Knowledge) -> list[DangerMarks]:
    """All structures of the face with their spread. Those under points of the plan are shown, the others on demand:
    they would hide the map."""
    face = face_of(case)
    on_face = [one for one in plan.placements if knowledge.zones[one.zone].surface == "mesh"]
    under = {name for one in on_face for name in structures_under(one, case, knowledge)}
    # The names of structures are kept in English only.
    language = None if get_language() == Language.ENGLISH else Language.ENGLISH.value
    return [
        DangerMarks(region, one.title, True, language, least_mm=_least(one.reach), is_under_points=one.id in under)
        for one in knowledge.danger_structures.values()
        for region in regions_of(one, face)
    ]


def _least(reach: Figure) -> float | None:
    return reach.low if reach.low < reach.high else None


def zone_marks(zone: str, style: int, points: list[NumberedPoint], knowledge: Knowledge) -> ZoneMarks:
    """One zone of the face as it is drawn, with its points."""
    own = [one for one in points if one.placement.zone == zone]
    places = FacePoints.of((p.point.at.triangle, p.point.at.weights) for p in own if isinstance(p.point.at, OnMesh))
    label = f"{title_of('zones', zone, knowledge)} · {len(own)}"
    outline = own[0].placement.outline if own else None
    return ZoneMarks(zone, style, label, places, tuple(one.label for one in own), outline)


def side_letters() -> dict[str, str]:
    """How the sides of the patient are marked on a map."""
    return {"right": pgettext("right side", "R"), "left": pgettext("left side", "L")}


def face_view(view: View, face: FaceMap) -> PageMap:
    """One view of the face; zones are named on the front view only."""
    count = sum(len(marks.points or ()) for marks in face.zones)
    title = ngettext("Face map, %(view)s, %(count)s point", "Face map, %(view)s, %(count)s points", count)
    words = MapWords(
        title=title % {"view": str(VIEW_TITLES[view]).lower(), "count": count},
        description=_("To scale. R and L are the patient's. Hatched: no injection. Dashed: danger structure."),
        **side_letters(),
    )
    labels, href = view is View.FRONT, reverse("courses:head", args=[view.value])
    svg = face_map_svg(view, face, words, labels=labels, shading_href=href, uid=f"map-{view.value}")
    return PageMap(view.value, str(VIEW_TITLES[view]), svg)


def patch_maps(plan: Plan, knowledge: Knowledge) -> list[PageMap]:
    """A flat drawing to scale of each zone of neck or body."""
    points = numbered_points(plan)
    return [
        _patch_page(zone, style, [one for one in points if one.placement.zone == zone], plan, knowledge)
        for zone, style in styles_of(plan).items()
        if knowledge.zones[zone].surface == "patch"
    ]


def patch_map(zone_id: str, style: int, points: list[NumberedPoint], plan: Plan, knowledge: Knowledge) -> PatchMap:
    """One flat zone as it is drawn, with its points and what is kept clear."""
    placement = next(one for one in plan.placements if one.zone == zone_id)
    places = [(one.point.at.x_mm, one.point.at.y_mm) for one in points if isinstance(one.point.at, OnPatch)]
    return PatchMap(
        patch=patch_of_area(placement.area.value, aspect=knowledge.zones[zone_id].patch_aspect),
        positions_mm=np.array(places).reshape(-1, 2),
        numbers=tuple(one.label for one in points),
        style=style,
        margin_mm=placement.edge_margin.value,
        outline=placement.outline,
        zone_id=zone_id,
        kept=kept_marks(plan, zone_id),
    )


def _patch_page(zone_id: str, style: int, points: list[NumberedPoint], plan: Plan, knowledge: Knowledge) -> PageMap:
    drawing = patch_map(zone_id, style, points, plan, knowledge)
    area = area_text(next(one.area for one in plan.placements if one.zone == zone_id))
    title = title_of("zones", zone_id, knowledge)
    named = ngettext("%(zone)s, flat, %(count)s point", "%(zone)s, flat, %(count)s points", len(points))
    words = MapWords(
        title=named % {"zone": title, "count": len(points)},
        description=_("A flat piece of skin of the typed area, to scale; not the outline of this patient's skin."),
        caption=f"{title} · {len(points)} · {area}",
    )
    svg = patch_map_svg(drawing, words, uid=f"patch-{zone_id}")
    return PageMap(zone_id, title, svg)
