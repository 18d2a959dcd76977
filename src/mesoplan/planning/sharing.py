"""Put what was parted into one syringe, and part it again: a dermatologist's choice, judged by `evaluate` afterwards.

The planner parts what has no data on stability. Joined, each compound gets every point again; the findings say what
speaks against it, and signing asks for the reason.
"""

from __future__ import annotations

from collections.abc import Sequence

from mesoplan.domain.case import Case
from mesoplan.domain.plan import Plan, Point, Preparation, ZonePlacement
from mesoplan.domain.quantities import Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.editing import CannotBeEdited
from mesoplan.planning.jurisdiction import profile
from mesoplan.planning.recipe import CannotBeDrawn, SyringePlan, compose, make_up
from mesoplan.planning.syringe_plans import whole_syringe


class CannotBeShared(CannotBeEdited):
    """Joining or parting that has no meaning for this plan; the message says why."""


def parts_of(plan: Plan, case: Case, knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """Return the mixtures that the plan gives from several syringes, with the ids of their preparations."""
    if plan.protocol is None:
        return {}
    present = {preparation.id for preparation in plan.preparations}
    found: dict[str, tuple[str, ...]] = {}
    for syringe in _parted_syringes(plan, case, knowledge):
        if syringe.id in present:
            found[syringe.mixture] = (*found.get(syringe.mixture, ()), syringe.id)
    return {mixture: ids for mixture, ids in found.items() if len(ids) > 1}


def joined_mixtures(plan: Plan, case: Case, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the mixtures that the plan holds in one syringe although the planner would part them."""
    present = {preparation.id for preparation in plan.preparations}
    parted = {syringe.mixture for syringe in _parted_syringes(plan, case, knowledge) if syringe.parts > 1}
    return tuple(mixture for mixture in parted if mixture in present)


def joined(plan: Plan, case: Case, knowledge: Knowledge) -> Plan:
    """Return the plan with each parted mixture in one syringe that takes all points of its parts.

    Raises
    ------
    CannotBeShared
        If nothing is parted, or no draws give the concentrations of the mixture.
    """
    parts = parts_of(plan, case, knowledge)
    if not parts:
        raise CannotBeShared("No mixture of this plan is given from several syringes.")
    placements = list(plan.placements)
    for mixture, ids in parts.items():
        placements = _joined_placements(placements, mixture, ids)
    gone = {one for ids in parts.values() for one in ids}
    mixtures = knowledge.protocols[plan.protocol].mixtures if plan.protocol else ()
    wholes = {mixture.id: whole_syringe(mixture) for mixture in mixtures}
    made = [_made(wholes[mixture], placements, knowledge) for mixture in parts]
    kept = [preparation for preparation in plan.preparations if preparation.id not in gone]
    return _rebuilt(plan, [*made, *kept], placements)


def parted(plan: Plan, case: Case, knowledge: Knowledge) -> Plan:
    """Return the plan with each joined mixture in its own syringes again, which take the points in turn.

    Raises
    ------
    CannotBeShared
        If nothing is joined.
    """
    mixtures = joined_mixtures(plan, case, knowledge)
    if not mixtures:
        raise CannotBeShared("No mixture of this plan was put into one syringe.")
    placements = list(plan.placements)
    made: list[Preparation] = []
    for mixture in mixtures:
        syringes = [one for one in _parted_syringes(plan, case, knowledge) if one.mixture == mixture]
        placements = _parted_placements(placements, mixture, [one.id for one in syringes])
        used = {placement.preparation for placement in placements}
        made += [_made(one, placements, knowledge) for one in syringes if one.id in used]
    kept = [preparation for preparation in plan.preparations if preparation.id not in mixtures]
    return _rebuilt(plan, [*made, *kept], placements)


def _parted_syringes(plan: Plan, case: Case, knowledge: Knowledge) -> tuple[SyringePlan, ...]:
    if plan.protocol is None:
        return ()
    rules = profile(knowledge, case.jurisdiction)
    return compose(knowledge.protocols[plan.protocol].mixtures, knowledge, rules).syringes


def _in_order(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return points by their number; ids that are no number come last, as they stand."""
    return tuple(sorted(points, key=lambda point: (not point.id.isdigit(), int(point.id) if point.id.isdigit() else 0)))


def _joined_placements(placements: Sequence[ZonePlacement], mixture: str, ids: tuple[str, ...]) -> list[ZonePlacement]:
    """Return placements in which, zone by zone, the first part takes the points of all, as the whole mixture."""
    result: list[ZonePlacement] = []
    done: set[str] = set()
    for placement in placements:
        if placement.preparation not in ids:
            result.append(placement)
        elif placement.zone not in done:
            done.add(placement.zone)
            own = [one for one in placements if one.zone == placement.zone and one.preparation in ids]
            points = _in_order([point for one in own for point in one.points])
            removed = tuple(place for one in own for place in one.removed)
            changes = {"preparation": mixture, "points": points, "removed": removed}
            result.append(placement.model_copy(update=changes))
    return result


def _parted_placements(placements: Sequence[ZonePlacement], mixture: str, ids: Sequence[str]) -> list[ZonePlacement]:
    result: list[ZonePlacement] = []
    for placement in placements:
        if placement.preparation != mixture:
            result.append(placement)
            continue
        points = _in_order(placement.points)
        for index, one in enumerate(ids):
            turn = points[index :: len(ids)]
            removed = placement.removed if index == 0 else ()
            if turn:
                changes = {"preparation": one, "points": turn, "removed": removed}
                result.append(placement.model_copy(update=changes))
    return result


def _made(syringe: SyringePlan, placements: Sequence[ZonePlacement], knowledge: Knowledge) -> Preparation:
    own = [one for one in placements if one.preparation == syringe.id]
    injected = Volume(round(sum(one.volume().value for one in own), 6))
    try:
        return make_up(syringe, injected, knowledge, Volume(min(one.volume_per_point.value for one in own)))
    except CannotBeDrawn as refusal:
        raise CannotBeShared(f"{refusal}.") from refusal


def _rebuilt(plan: Plan, preparations: Sequence[Preparation], placements: Sequence[ZonePlacement]) -> Plan:
    changes = {"preparations": tuple(preparations), "placements": tuple(placements)}
    return Plan.model_validate(plan.model_copy(update=changes).model_dump())
