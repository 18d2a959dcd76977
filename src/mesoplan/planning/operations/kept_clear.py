"""Operations keep-clear and open-again: places that were marked on this patient, such as a mole, a scar, a sore spot.

Points inside are taken away without a marker, those that hands set too: the place itself keeps a lattice off until it
is opened again. A locked point stays, and a finding says so.
"""

from __future__ import annotations

import numpy as np

from mesoplan.domain.case import Case
from mesoplan.domain.edits import KeepClear, OpenAgain
from mesoplan.domain.plan import MAX_KEPT_CLEAR, KeptClear, OnPatch, Place, Plan, ZonePlacement
from mesoplan.domain.writing import count_text, length_text
from mesoplan.imaging.face_zones import zone_of_triangles
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.kept_clear import inside_of
from mesoplan.planning.operations.fields import RADIUS
from mesoplan.planning.operations.outcome import Outcome
from mesoplan.planning.operations.points import found_points, named, refuse_locked, with_placements
from mesoplan.planning.operations.refusals import CannotDo

_PLACES = ("place", "places")


def keep_clear(plan: Plan, op: KeepClear, case: Case, knowledge: Knowledge) -> Outcome:
    """Mark places, and take away the points inside."""
    RADIUS.check(op.radius)
    _refuse_missing(op.places, plan)
    again = tuple(one.model_copy(update={"radius": op.radius}) for one in plan.kept_clear if one.id in op.places)
    places = [*_of_points(plan, op), *((_zone_of(op.zone, at, knowledge), at) for at in op.at)]
    if not places and not again:
        raise CannotDo("Say which place is kept clear: points of the plan, or places on the skin.")
    if len(plan.kept_clear) + len(places) > MAX_KEPT_CLEAR:
        raise CannotDo(f"A plan keeps {MAX_KEPT_CLEAR} places clear at most. Open one again first.")
    first = max((int(one.id[1:]) for one in plan.kept_clear if one.id[1:].isdecimal()), default=0) + 1
    marked = tuple(
        KeptClear(id=f"k{number}", zone=zone, at=at, radius=op.radius)
        for number, (zone, at) in enumerate(places, start=first)
    )
    now = {one.id: one for one in (*plan.kept_clear, *again, *marked)}
    changed, gone, locked = {}, list[str](), list[str]()
    for index, placement in enumerate(plan.placements):
        inside = _inside((*again, *marked), placement, case)
        if inside:
            locked += [one.id for one in placement.points if one.id in inside and one.locked]
            gone += [one.id for one in placement.points if one.id in inside and not one.locked]
            kept = tuple(one for one in placement.points if one.id not in inside or one.locked)
            changed[index] = placement.model_copy(update={"points": kept})
    plan = with_placements(plan, changed).model_copy(update={"kept_clear": tuple(now.values())})
    remarks = [
        gone and f"{count_text(len(gone), 'point', 'points')} taken away.",
        locked and f"{named(tuple(locked))} inside stayed: locked.",
    ]
    return Outcome(
        plan,
        "keep",
        what=f"{count_text(len(again) + len(marked), *_PLACES)} clear",
        value=f"within {length_text(op.radius)}",
        remarks=tuple(one for one in remarks if one),
    )


def _of_points(plan: Plan, op: KeepClear) -> list[tuple[str, Place]]:
    found = found_points(plan, op.points)
    refuse_locked(point for _, point in found)
    return [(plan.placements[index].zone, point.at) for index, point in found]


def _zone_of(zone: str | None, at: Place, knowledge: Knowledge) -> str:
    """Return the zone that a place lies in; on a flat patch it has to be said."""
    if isinstance(at, OnPatch):
        if zone is not None and zone in knowledge.zones and knowledge.zones[zone].surface == "patch":
            return zone
        raise CannotDo("A place on a flat patch is kept clear in the zone of that patch. Name the zone.")
    if not np.isfinite(at.weights).all():
        raise CannotDo("The weights of a place are numbers from 0 to 1.")
    return zone_of_triangles()[at.triangle]


def _inside(marked: tuple[KeptClear, ...], placement: ZonePlacement, case: Case) -> set[str]:
    found = np.zeros(len(placement.points), dtype=bool)
    for one in marked:
        found |= inside_of(one, placement.zone, placement.points, case)
    return {point.id for point, inside in zip(placement.points, found.tolist(), strict=True) if inside}


def _refuse_missing(asked: tuple[str, ...], plan: Plan) -> None:
    there = tuple(one.id for one in plan.kept_clear)
    missing = [one for one in asked if one not in there]
    if missing:
        raise CannotDo(f"{', '.join(missing)}: not kept clear any more.", allowed=there)


def open_again(plan: Plan, op: OpenAgain, case: Case, knowledge: Knowledge) -> Outcome:
    """Let points come to marked places again; none comes by itself."""
    _refuse_missing(op.places, plan)
    asked = set(op.places)
    kept = tuple(one for one in plan.kept_clear if one.id not in asked)
    what = f"{count_text(len(asked), *_PLACES)} again"
    remark = "Points come there once the lattice is renewed, or by hand."
    return Outcome(plan.model_copy(update={"kept_clear": kept}), "open", what=what, remarks=(remark,))
