"""The maps of a plan: the face from the sides that its points need, and each flat zone of neck or body, to scale."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mesoplan.documents.front_page import letters, zone_styles
from mesoplan.documents.sheet import SheetMap
from mesoplan.domain.case import Case
from mesoplan.domain.plan import OnMesh, Plan, Point, ZonePlacement
from mesoplan.domain.writing import area_text, count_text, length_text
from mesoplan.imaging.coverage_drawing import CoveredZone, covered_on_face_svg, covered_on_patch_svg
from mesoplan.imaging.face_drawing import DangerMarks, FaceMap, MapWords, ZoneMarks, face_map_svg
from mesoplan.imaging.face_shape import FaceShape
from mesoplan.imaging.face_view import View, see_places
from mesoplan.imaging.kept_clear_drawing import KeptMarks
from mesoplan.imaging.patch_drawing import PatchMap, patch_map_svg
from mesoplan.imaging.patch_placement import patch_of_area
from mesoplan.imaging.placement import FacePoints
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.placement import face_of, face_text, positions_mm, regions_of, structures_under

READABLE_FACING = 0.35
"""Cosine below which skin turns so far away that the number of a point is not read from there."""

_VIEW_TITLES = {
    View.FRONT: "Face from the front",
    View.RIGHT_OBLIQUE: "Face from the right",
    View.LEFT_OBLIQUE: "Face from the left",
}
_HATCHED = "; hatched circles are kept clear"
_SPANNED = re.compile(r'viewBox="\S+ \S+ (\S+) \S+"')


def plan_maps(
    plan: Plan,
    case: Case,
    knowledge: Knowledge,
    face: FaceShape | None = None,
    covered: Sequence[CoveredZone] = (),
) -> tuple[SheetMap, ...]:
    """Return the maps of a plan, the largest first.

    Parameters
    ----------
    plan : Plan
    case : Case
        Gives the face.
    knowledge : Knowledge
    face : FaceShape, optional
        The same face with photos to draw on; by default without.
    covered : sequence of CoveredZone
        Zones that are drawn in the colours of their coverage; by default none.

    Returns
    -------
    tuple of SheetMap
        The face from the front if a zone lies on it, from a side as well where points cannot be read from the front,
        then one map for each zone that is a flat patch. Points carry the numbers of the plan, with the letter of the
        syringe before them where there are several.
    """
    on_face = [one for one in plan.placements if knowledge.zones[one.zone].surface == "mesh" and one.points]
    flat = dict.fromkeys(one.zone for one in plan.placements if knowledge.zones[one.zone].surface == "patch")
    face = face or face_of(case)
    return (
        *(_face(view, plan, on_face, face, case, knowledge, covered) for view in _views(on_face, face)),
        *(_patch(zone, plan, case, knowledge, covered) for zone in flat),
    )


def _face_points(points: tuple[Point, ...]) -> FacePoints:
    return FacePoints.of((point.at.triangle, point.at.weights) for point in points if isinstance(point.at, OnMesh))


def _views(placements: list[ZonePlacement], face: FaceShape) -> list[View]:
    """Return the front, and each side from which some point is read better than from there."""
    needed = set()
    for placement in placements:
        points = _face_points(placement.points)
        front, right, left = (see_places(view, points.triangles, points.weights, face) for view in _VIEW_TITLES)
        lost = front.hidden | (front.facing < READABLE_FACING)
        for view, seen in ((View.RIGHT_OBLIQUE, right), (View.LEFT_OBLIQUE, left)):
            if (lost & ~seen.hidden & (seen.facing > front.facing)).any():
                needed.add(view)
    return [view for view in _VIEW_TITLES if placements and (view is View.FRONT or view in needed)]


def _face(
    view: View,
    plan: Plan,
    placements: list[ZonePlacement],
    face: FaceShape,
    case: Case,
    knowledge: Knowledge,
    covered: Sequence[CoveredZone],
) -> SheetMap:
    kept = _kept_marks(plan)
    face_map = FaceMap(
        face,
        zones=_zone_marks(plan, placements, knowledge),
        danger=_danger_marks(placements, case, knowledge),
        kept=kept,
        coverage={view: covered_on_face_svg(view, covered, face)} if covered else {},
    )
    title = _VIEW_TITLES[view] + (_HATCHED if kept else "")
    words = MapWords(title=f"{title}: {plan.title}", description=f"Scale of the face: {face_text(case)}.")
    svg = face_map_svg(view, face_map, words, labels=view is View.FRONT, uid=f"face-{view.value}")
    return SheetMap(title=title, svg=svg, width_mm=_width_mm(svg))


def _zone_marks(plan: Plan, placements: list[ZonePlacement], knowledge: Knowledge) -> list[ZoneMarks]:
    """Return one mark for each zone, with the points of all its syringes."""
    marks = []
    for zone in dict.fromkeys(placement.zone for placement in placements):
        own = [placement for placement in placements if placement.zone == zone]
        points = tuple(point for placement in own for point in placement.points)
        marks.append(
            ZoneMarks(
                zone_id=zone,
                style=zone_styles(plan)[zone] + 1,
                label=f"{knowledge.zones[zone].title} · {len(points)}",
                points=_face_points(points),
                numbers=tuple(number for placement in own for number in _numbers(placement, plan)),
                outline=own[0].outline,
            )
        )
    return marks


def _numbers(placement: ZonePlacement, plan: Plan) -> tuple[str, ...]:
    letter = letters(plan)[placement.preparation] if len(plan.preparations) > 1 else ""
    return tuple(f"{letter}{point.id}" for point in placement.points)


def _danger_marks(placements: list[ZonePlacement], case: Case, knowledge: Knowledge) -> list[DangerMarks]:
    """Return the structures that lie under points of the plan; the others would hide the map."""
    face = face_of(case)
    under = dict.fromkeys(one for placement in placements for one in structures_under(placement, case, knowledge))
    structures = [knowledge.danger_structures[one] for one in under]
    return [DangerMarks(region, one.title) for one in structures for region in regions_of(one, face)]


def _kept_marks(plan: Plan, zone: str | None = None) -> list[KeptMarks]:
    """Return the places kept clear, on the face or of one flat zone."""
    return [
        KeptMarks(one.at, one.radius.value, f"Kept clear, {length_text(one.radius)}")
        for one in plan.kept_clear
        if isinstance(one.at, OnMesh) or one.zone == zone
    ]


def _patch(zone_id: str, plan: Plan, case: Case, knowledge: Knowledge, covered: Sequence[CoveredZone]) -> SheetMap:
    placements = [one for one in plan.placements if one.zone == zone_id]
    zone, area = knowledge.zones[zone_id], placements[0].area
    patch = patch_of_area(area.value, aspect=zone.patch_aspect)
    points = [point for placement in placements for point in placement.points]
    numbers = [number for placement in placements for number in _numbers(placement, plan)]
    outline = placements[0].outline
    as_patch = f"{area_text(area)} drawn as {patch.width_mm:.0f} × {patch.height_mm:.0f} mm"
    size = as_patch if outline is None else f"{area_text(area)}, outline drawn by hand"
    words = MapWords(
        title=f"{zone.title}: {plan.title}",
        description="A flat patch of the area entered, not the outline of this patient's skin."
        if outline is None
        else "A flat patch with the outline drawn by hand.",
        caption=f"{zone.title} · {count_text(len(points), 'point', 'points')} · {size}",
    )
    drawing = PatchMap(
        patch=patch,
        positions_mm=positions_mm(points, case)[:, :2],
        numbers=numbers,
        style=zone_styles(plan)[zone_id] + 1,
        margin_mm=placements[0].edge_margin.value,
        outline=outline,
        kept=_kept_marks(plan, zone_id),
        coverage="".join(covered_on_patch_svg(one) for one in covered if one.zone_id == zone_id),
    )
    svg = patch_map_svg(drawing, words, uid=f"patch-{zone_id}")
    return SheetMap(title=zone.title + (_HATCHED if drawing.kept else ""), svg=svg, width_mm=_width_mm(svg))


def _width_mm(svg: str) -> float:
    """Return the width that a map spans; the view box of every map is in mm."""
    found = _SPANNED.search(svg)
    if found is None:
        raise ValueError("a map without a view box")
    return float(found.group(1))
