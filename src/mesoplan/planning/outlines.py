"""The outline of a zone that was drawn for one patient: what keeps it from being one, and its corners.

An outline may reach beyond the zone of the template, and over orbit and lips too: what lies in them is no part of the
zone and takes no point. Points that it gains in other zones of the template are held to the rules of those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from mesoplan.domain.case import Case
from mesoplan.domain.errors import Problem
from mesoplan.domain.plan import LEAST_CORNERS, MOST_CORNERS, OnMesh, OnPatch, Outline, Place, Plan, ZonePlacement
from mesoplan.domain.writing import count_text, number_text, quantity_text
from mesoplan.imaging.drawn_patch import DrawnPatch, drawn_patch, patch_corners
from mesoplan.imaging.drawn_placement import holds_a_point_on
from mesoplan.imaging.drawn_zone import DrawnZone, drawn_zone
from mesoplan.imaging.face_shape import FaceShape
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, distance_to_border_mm
from mesoplan.imaging.patch_placement import patch_of_area
from mesoplan.imaging.placement import FacePoints
from mesoplan.imaging.zone_corners import corners_of
from mesoplan.kernels.mesh import Floats
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.plan_reading import POSITIVE_BOUNDS
from mesoplan.planning.placement import area_of, face_of

REACH_MM = 20.0
"""How far an outline may reach beyond the zone of the template: proposed in this project for lack of a source. Farther
out the skin, its thickness and its limits are those of another zone."""
NEAREST_CORNERS_MM = 0.5
LEAST_ROOM_MM = 1.0
_INTO_NO_INJECTION_MM = 1.0
_AREA_AS_STATED = 0.02
_AREA_ROUNDED_CM2 = 0.06


def zone_corners(placement: ZonePlacement, knowledge: Knowledge) -> tuple[Place, ...]:
    """Return the corners of a placement's zone that a hand drags: those drawn, else some along the template's edge."""
    zone = knowledge.zones[placement.zone]
    if zone.surface == "patch":
        return patch_corners(patch_of_area(placement.area.value, aspect=zone.patch_aspect), placement.outline)
    return corners_of(zone.id, placement.outline)


def outline_refusal(
    zone_id: str, corners: Sequence[Place], margin_mm: float, case: Case, knowledge: Knowledge
) -> str | None:
    """Return in one sentence why corners are no outline of a zone; None where they are one.

    Parameters
    ----------
    zone_id : str
    corners : sequence of Place
        One after the other; the last is joined to the first.
    margin_mm : float
        The edge margin: somewhere inside a point must be able to keep it.
    case : Case
        Gives the scale of the face.
    knowledge : Knowledge
    """
    return next(_refusals(zone_id, corners, margin_mm, case, knowledge), None)


def outline_problems(plan: Plan, case: Case, knowledge: Knowledge) -> Iterator[Problem]:
    """Yield what is wrong with the outlines of a plan that was written by hand, and with the areas beside them."""
    for index, placement in enumerate(plan.placements, start=1):
        if placement.outline is None:
            continue
        refusal = outline_refusal(placement.zone, placement.outline, placement.edge_margin.value, case, knowledge)
        if refusal is not None:
            yield Problem(f"placements.{index}.outline", refusal.rstrip("."))
            continue
        found = area_of(placement.zone, case, knowledge, placement.outline)
        stated, enclosed = placement.area.value, found[0].value if found else 0.0
        if abs(stated - enclosed) > max(_AREA_AS_STATED * enclosed, _AREA_ROUNDED_CM2):
            text = f"the outline encloses {enclosed:g} cm2 on this face (given: {stated:g} cm2)"
            yield Problem(f"placements.{index}.area", text)


def _refusals(
    zone_id: str, corners: Sequence[Place], margin_mm: float, case: Case, knowledge: Knowledge
) -> Iterator[str]:
    zone = knowledge.zones[zone_id]
    on_face = zone.surface == "mesh"
    count = len(corners)
    if not LEAST_CORNERS <= count <= MOST_CORNERS:
        given = count_text(count, "corner", "corners") if count else "none"
        yield f"An outline has {LEAST_CORNERS} to {MOST_CORNERS} corners; {zone.title} was given {given}."
        return
    if not all(isinstance(corner, OnMesh if on_face else OnPatch) for corner in corners):
        where = "the face: a corner there is a triangle with its weights" if on_face else _ON_A_PATCH
        yield f"{zone.title} lies on {where}."
        return
    if on_face and zone_id in NO_INJECTION_ZONES:
        yield f"{zone.title} takes no injection, so no outline is drawn of it."
        return
    outline = tuple(corners)
    if on_face:
        yield from _on_face_refusals(zone_id, outline, face_of(case), knowledge)
    else:
        yield from _crossed(drawn_patch(outline), drawn_patch(outline).corners_mm, zone.title)
    yield from _too_small(zone_id, outline, margin_mm, case, knowledge)


_ON_A_PATCH = "a flat patch: a corner there is x_mm and y_mm from its centre"


def _on_face_refusals(zone_id: str, outline: Outline, face: FaceShape, knowledge: Knowledge) -> Iterator[str]:
    if not np.isfinite([corner.weights for corner in outline if isinstance(corner, OnMesh)]).all():
        yield "The weights of a corner are numbers from 0 to 1."
        return
    drawn = drawn_zone(outline)
    at = drawn.corners.positions_on(face.vertices_mm)
    yield from _in_no_injection(drawn.corners, at, face, knowledge)
    beyond = distance_to_border_mm(at, zone_id, face.vertices_mm)
    beyond[[owner == zone_id for owner in drawn.corners.zones()]] = 0.0
    if beyond.max() > REACH_MM:
        far = int(beyond.argmax())
        yield (
            f"Corner {far + 1} lies {number_text(beyond[far], decimals=0)} mm beyond {knowledge.zones[zone_id].title}; "
            f"an outline reaches {quantity_text(REACH_MM, 'mm')} beyond at most. Set it nearer, or add the other zone."
        )
    yield from _crossed(drawn, at, knowledge.zones[zone_id].title)


def _in_no_injection(corners: FacePoints, at: Floats, face: FaceShape, knowledge: Knowledge) -> Iterator[str]:
    for index, owner in enumerate(corners.zones()):
        if owner in NO_INJECTION_ZONES:
            deep = distance_to_border_mm(at[index : index + 1], owner, face.vertices_mm)[0]
            if deep > _INTO_NO_INJECTION_MM:
                title = knowledge.zones[owner].title
                yield f"Corner {index + 1} lies in {title}, which takes no injection. Set it outside."


def _crossed(drawn: DrawnZone | DrawnPatch, at: Floats, title: str) -> Iterator[str]:
    count = len(at)
    near = np.flatnonzero(np.linalg.norm(np.roll(at, -1, axis=0) - at, axis=1) < NEAREST_CORNERS_MM)
    if len(near):
        one = int(near[0])
        yield f"Corners {one + 1} and {(one + 1) % count + 1} of {title} lie on one place. Leave one out."
    elif drawn.crossing is not None:
        one, other = drawn.crossing
        sides = [f"{side + 1} to {(side + 1) % count + 1}" for side in (one, other)]
        yield f"The outline of {title} crosses itself: the edge from corner {sides[0]} meets that from {sides[1]}."


def _too_small(zone_id: str, outline: Outline, margin_mm: float, case: Case, knowledge: Knowledge) -> Iterator[str]:
    title = knowledge.zones[zone_id].title
    found = area_of(zone_id, case, knowledge, outline)
    area = found[0].value if found else 0.0
    low, high = POSITIVE_BOUNDS["area"]
    if not low <= area <= high:
        yield (
            f"{title} would have {number_text(area, decimals=2)} cm² to inject; a zone has {number_text(low)} to "
            f"{number_text(high)} cm². Draw it {'larger' if area < low else 'smaller'}."
        )
    elif not _has_room(zone_id, outline, max(margin_mm, LEAST_ROOM_MM), case, knowledge):
        margin = quantity_text(max(margin_mm, LEAST_ROOM_MM), "mm")
        yield (
            f"{title} would hold no point: no place in it is {margin} from its edge and clear of what takes no "
            "injection. Draw it wider or make the edge margin smaller."
        )


def _has_room(zone_id: str, outline: Outline, margin_mm: float, case: Case, knowledge: Knowledge) -> bool:
    if knowledge.zones[zone_id].surface == "patch":
        return len(drawn_patch(outline).margin_line_mm(margin_mm)) > 0
    return holds_a_point_on(outline, face_of(case).vertices_mm, margin_mm)
