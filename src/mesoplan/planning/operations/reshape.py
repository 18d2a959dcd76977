"""Operation reshape-zone: the edge of a zone drawn for this patient, or given back to the template.

Points of the lattice that come to lie outside are left out, without a marker: no hand took them away. What hands set or
locked stays where it is. New room takes no points until the lattice is renewed.
"""

from __future__ import annotations

from collections.abc import Iterator

from mesoplan.domain.case import Case
from mesoplan.domain.edits import ReshapeZone
from mesoplan.domain.plan import OnMesh, Outline, Plan, Point, ZonePlacement
from mesoplan.domain.quantities import Area
from mesoplan.domain.writing import area_text, count_text, number_text, quantity_text
from mesoplan.imaging.drawn_patch import drawn_patch
from mesoplan.imaging.drawn_zone import drawn_zone
from mesoplan.imaging.zone_corners import grown_beyond_mm
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.operations.outcome import Outcome
from mesoplan.planning.operations.points import titles_of, with_placements
from mesoplan.planning.operations.refusals import CannotDo
from mesoplan.planning.outlines import outline_refusal, zone_corners
from mesoplan.planning.placement import NEXT_TO_NOTHING_CM2, ZoneArea, area_fields, area_of, face_of, outside_zone

_MOST_NAMED = 12
_GROWN_MM = 1.5
_SHARED_CM2 = 0.1


def reshape_zone(plan: Plan, op: ReshapeZone, case: Case, knowledge: Knowledge) -> Outcome:
    """Draw the edge of a zone anew, or give it back that of the template."""
    own = {index: one for index, one in enumerate(plan.placements) if one.zone == op.zone}
    if not own:
        zones = tuple(dict.fromkeys(one.zone for one in plan.placements))
        raise CannotDo(f"“{op.zone}” is not a zone of this plan. Zones: {titles_of(zones, knowledge)}.", allowed=zones)
    outline = _checked(op, own, case, knowledge)
    shaped = {"outline": outline, **area_fields(_area(op.zone, outline, case, knowledge))}
    reshaped = {index: one.model_copy(update=shaped) for index, one in own.items()}
    outside = {index: set(outside_zone(one, case, knowledge)) for index, one in reshaped.items()}
    changed = {
        index: one.model_copy(
            update={"points": tuple(p for p in one.points if p.id not in outside[index] or _set_by_hand(p))}
        )
        for index, one in reshaped.items()
    }
    told = tuple(_told(own, changed, outside, plan, case, knowledge))
    title = knowledge.zones[op.zone].title
    if outline is None:
        return Outcome(with_placements(plan, changed), "reset", what=f"the outline of {title}", remarks=told)
    return Outcome(with_placements(plan, changed), "reshape", what=title, remarks=told)


def _checked(op: ReshapeZone, own: dict[int, ZonePlacement], case: Case, knowledge: Knowledge) -> Outline | None:
    if op.corners is None:
        return None
    margin = max(one.edge_margin.value for one in own.values())
    refusal = outline_refusal(op.zone, op.corners, margin, case, knowledge)
    if refusal is not None:
        raise CannotDo(refusal)
    return op.corners


def _area(zone: str, outline: Outline | None, case: Case, knowledge: Knowledge) -> ZoneArea:
    found = area_of(zone, case, knowledge, outline)
    if found is None:
        title = knowledge.zones[zone].title
        raise CannotDo(f"The area of {title} is not known, so there is nothing to go back to. Enter it first.")
    return found


def _set_by_hand(point: Point) -> bool:
    return point.locked or point.origin != "lattice"


def _told(
    own: dict[int, ZonePlacement],
    changed: dict[int, ZonePlacement],
    outside: dict[int, set[str]],
    plan: Plan,
    case: Case,
    knowledge: Knowledge,
) -> Iterator[str]:
    """Yield what became of area and points, and what the new edge brings with it."""
    former, now = next(iter(own.values())), next(iter(changed.values()))
    areas = number_text(former.area.value, decimals=1), quantity_text(now.area.value, "cm2", decimals=1)
    left_out = sum(len(own[index].points) - len(changed[index].points) for index in own)
    by_hand = [point.id for index, one in changed.items() for point in one.points if point.id in outside[index]]
    rest = [f"{areas[0]} → {areas[1]}"]
    if left_out:
        rest.append(f"{count_text(left_out, 'lattice point', 'lattice points')} left out")
    if by_hand:
        rest.append(f"{count_text(len(by_hand), *_OUTSIDE)}: {', '.join(by_hand[:_MOST_NAMED])}")
    yield f"{'; '.join(rest)}."
    if _grew(former, now, knowledge):
        yield "New room takes points once the lattice is renewed."
    if now.outline is not None and isinstance(now.outline[0], OnMesh):
        yield from _neighbours(now, plan, case, knowledge)


_OUTSIDE = ("point set by hand now lies outside", "points set by hand now lie outside")


def _grew(former: ZonePlacement, now: ZonePlacement, knowledge: Knowledge) -> bool:
    """Return whether the edge went outwards somewhere, by more than a template's edge is simplified by."""
    if knowledge.zones[now.zone].surface == "mesh":
        return grown_beyond_mm(zone_corners(now, knowledge), former.outline, now.zone) > _GROWN_MM
    before, after = (drawn_patch(zone_corners(one, knowledge)) for one in (former, now))
    return bool(before.clearance_mm(after.corners_mm).min() < -_GROWN_MM)


def _neighbours(now: ZonePlacement, plan: Plan, case: Case, knowledge: Knowledge) -> Iterator[str]:
    """Yield in which other zones it lies; what two zones of the plan share would be injected twice."""
    if now.outline is None:
        return
    above = drawn_zone(now.outline).area_above_mesh_cm2(face_of(case).vertices_mm)
    if above >= NEXT_TO_NOTHING_CM2:
        yield (
            f"{area_text(Area(above))} of it lie above the mesh of the face: the forehead is carried on there by its "
            "own curve, not measured."
        )
    parts = drawn_zone(now.outline).areas_by_zone_on_cm2(face_of(case).vertices_mm)
    others = {zone: area for zone, area in parts.items() if zone != now.zone and area >= _SHARED_CM2}
    title = knowledge.zones[now.zone].title
    if others:
        titles = ", ".join(knowledge.zones[zone].title for zone in others)
        yield (
            f"It reaches into {titles}: points there are held to the limits there too; skin thickness is taken as that "
            f"of {title}."
        )
    in_plan = {one.zone for one in plan.placements if one.outline is None}
    for zone in others:
        if zone in in_plan:
            area = quantity_text(others[zone], "cm2", decimals=1)
            yield f"{area} of it belong to {knowledge.zones[zone].title} too, which is in this plan."
