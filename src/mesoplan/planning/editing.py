"""Edits of a plan by hand: each returns a new plan and leaves the choice to the person who made it.

Nothing here judges: a plan is judged by `evaluate` afterwards. Where an edit has no meaning for this plan it is refused
with a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from mesoplan.domain.case import Case
from mesoplan.domain.plan import Plan, Point, Preparation, ZonePlacement
from mesoplan.domain.quantities import Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.contents import compounds_in
from mesoplan.planning.jurisdiction import profile
from mesoplan.planning.landing import target_window_mm
from mesoplan.planning.placement import PlacedZone, area_of, place_in_zone, points_over
from mesoplan.planning.protocol_findings import fits_protocol
from mesoplan.planning.recipe import CannotBeDrawn, SyringePlan, compose, make_up
from mesoplan.planning.schedule import schedule_of
from mesoplan.planning.skin import skin_of
from mesoplan.planning.syringe_plans import whole_syringe
from mesoplan.planning.zone_choice import choose_in_zone


class CannotBeEdited(ValueError):
    """An edit that has no meaning for this plan; the message says why, for the person who tried it."""


def with_values(plan: Plan, zone: str, values: Mapping[str, Any]) -> Plan:
    """Return the plan with values of one zone changed in every syringe that is given there.

    Volume, needle, angle and inserted length never move points; for spacing and margin see :func:`renew_lattice`.
    """
    return _with_placements(
        plan, tuple(one.model_copy(update=dict(values)) if one.zone == zone else one for one in plan.placements)
    )


def renew_lattice(plan: Plan, zone: str, case: Case, knowledge: Knowledge) -> Plan:
    """Return the plan with the points of one zone set anew from its spacing, margin, pattern and lattice angle.

    What a proposal keeps clear is kept clear here too; several syringes take the points in turn.

    Raises
    ------
    CannotBeEdited
        If the lattice does not fit, or no point is left.
    """
    own = [one for one in plan.placements if one.zone == zone]
    first = own[0]
    try:
        placed = place_in_zone(
            zone, case, knowledge,
            spacing_mm=first.spacing.value,
            edge_margin_mm=first.edge_margin.value,
            lattice_angle_deg=first.lattice_angle.value,
            pattern=first.pattern,
            outline=first.outline,
            kept_clear=plan.kept_clear,
        )  # fmt: skip
    except ValueError as refusal:
        raise CannotBeEdited(f"{knowledge.zones[zone].title}: {refusal}.") from refusal
    points = _kept(placed, plan, case, knowledge)
    if len(points) < len(own):
        raise CannotBeEdited(
            f"{knowledge.zones[zone].title}: {first.spacing.value:g} mm apart and {first.edge_margin.value:g} mm "
            f"inside the edge{_and_clear(plan)} leave no point. Make one of the two smaller."
        )
    renewed = {
        one.preparation: {"points": points[index :: len(own)], **placed.area_fields()} for index, one in enumerate(own)
    }
    return _with_placements(
        plan,
        tuple(one.model_copy(update=renewed[one.preparation]) if one.zone == zone else one for one in plan.placements),
    )


def _and_clear(plan: Plan) -> str:
    return ", off the places kept clear," if plan.kept_clear else ""


def _kept(placed: PlacedZone, plan: Plan, case: Case, knowledge: Knowledge) -> tuple[Point, ...]:
    """Return the points that stay clear of structures that lie above the target, or that bar a compound."""
    families = {
        family
        for preparation in plan.preparations
        for compound in compounds_in(preparation, knowledge)
        for family in compound.families
    }
    protocol = knowledge.protocols[plan.protocol] if plan.protocol else None
    skin = skin_of(case, knowledge.zones[placed.zone], plan.schedule.sessions[0], knowledge)
    shallowest = target_window_mm(protocol.target, skin)[0] if protocol else 0.0
    left_out: set[str] = set()
    for structure_id, points in points_over(placed, case, knowledge).items():
        structure = knowledge.danger_structures[structure_id]
        unreachable = structure.ceiling is not None and structure.ceiling.low <= shallowest
        if unreachable or families & set(structure.blocks_families):
            left_out |= set(points)
    return tuple(point for point in placed.points if point.id not in left_out)


def without_zone(plan: Plan, zone: str, knowledge: Knowledge) -> Plan:
    """Return the plan without one zone, and without the syringes that nothing receives any more.

    Raises
    ------
    CannotBeEdited
        If it is the last one.
    """
    placements = tuple(one for one in plan.placements if one.zone != zone)
    if not placements:
        title = knowledge.zones[zone].title
        raise CannotBeEdited(f"{title} is the last zone of the plan. Add another zone first, or void the plan.")
    used = {one.preparation for one in placements}
    preparations = tuple(one for one in plan.preparations if one.id in used)
    return Plan.model_validate(
        plan.model_copy(update={"placements": placements, "preparations": preparations}).model_dump()
    )


def zones_to_add(plan: Plan, case: Case, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the zones that could be added: not in the plan, open to injection, with an area that is known."""
    used = {one.zone for one in plan.placements}
    protocol = knowledge.protocols[plan.protocol] if plan.protocol else None
    return tuple(
        zone.id
        for zone in knowledge.zones.values()
        if zone.id not in used
        and zone.blocked is None
        and (protocol is None or fits_protocol(zone.id, protocol, knowledge))
        and area_of(zone.id, case, knowledge) is not None
    )


def with_zone(plan: Plan, zone: str, case: Case, knowledge: Knowledge) -> Plan:
    """Return the plan with one zone more: volume and spacing of its first zone, needle position for this skin.

    Raises
    ------
    CannotBeEdited
        If the zone cannot be added, or no point fits in it.
    """
    if zone not in zones_to_add(plan, case, knowledge):
        raise CannotBeEdited(f"{zone} cannot be added to this plan.")
    like = plan.placements[0]
    if plan.protocol is None:
        own = [one for one in plan.placements if one.zone == like.zone]
        added = tuple(one.model_copy(update={"zone": zone, "points": ()}) for one in own)
        return renew_lattice(_with_placements(plan, (*plan.placements, *added)), zone, case, knowledge)
    protocol = knowledge.protocols[plan.protocol]
    choice = choose_in_zone(
        zone, protocol, like.volume_per_point.value, like.spacing.value, case, knowledge, plan.kept_clear
    )
    count, number = len(plan.preparations), plan.punctures() + 1
    added = tuple(
        choice.placement(preparation.id, (index, count), number, protocol, like.spacing.value)
        for index, preparation in enumerate(plan.preparations)
    )
    added = tuple(one for one in added if one.points)
    if not added:
        raise CannotBeEdited(f"{knowledge.zones[zone].title}: no point fits at {like.spacing.value:g} mm.")
    return _with_placements(plan, (*plan.placements, *added))


def made_up_again(plan: Plan, case: Case, knowledge: Knowledge) -> Plan:
    """Return the plan with the draws and syringes that fit what its points receive now.

    Raises
    ------
    CannotBeEdited
        If the plan has no protocol to take the concentrations from, or no draws give them.
    """
    if plan.protocol is None:
        raise CannotBeEdited("This plan has no protocol to take the concentrations from. Change the draws by hand.")
    mixtures = knowledge.protocols[plan.protocol].mixtures
    recipe = compose(mixtures, knowledge, profile(knowledge, case.jurisdiction))
    wholes = {mixture.id: whole_syringe(mixture) for mixture in mixtures}
    syringes = wholes | {syringe.id: syringe for syringe in recipe.syringes}
    preparations = tuple(_made_up(one, syringes.get(one.id), plan, knowledge) for one in plan.preparations)
    return Plan.model_validate(plan.model_copy(update={"preparations": preparations}).model_dump())


def _made_up(preparation: Preparation, syringe: SyringePlan | None, plan: Plan, knowledge: Knowledge) -> Preparation:
    if syringe is None:
        raise CannotBeEdited(f"{preparation.title} is not a syringe of the protocol. Change its draws by hand.")
    placements = plan.placements_of(preparation.id)
    injected = sum(one.volume().value for one in placements)
    smallest = min(one.volume_per_point.value for one in placements)
    try:
        return make_up(syringe, Volume(round(injected, 6)), knowledge, Volume(smallest))
    except CannotBeDrawn as refusal:
        raise CannotBeEdited(f"{refusal}.") from refusal


def with_sessions(plan: Plan, sessions: tuple[date, ...], knowledge: Knowledge) -> Plan:
    """Return the plan on other days; the days to score and to look again follow from the protocol.

    Raises
    ------
    CannotBeEdited
        If there is no day, or one stands twice.
    """
    if not sessions:
        raise CannotBeEdited("A plan has at least one session. Enter its date.")
    ordered = tuple(sorted(sessions))
    if len(set(ordered)) < len(ordered):
        raise CannotBeEdited("Two sessions fall on one day. Change one of them.")
    if plan.protocol is None:
        schedule = plan.schedule.model_copy(update={"sessions": ordered})
    else:
        schedule = schedule_of(knowledge.protocols[plan.protocol], ordered)
    return plan.model_copy(update={"schedule": schedule})


def _with_placements(plan: Plan, placements: tuple[ZonePlacement, ...]) -> Plan:
    return plan.model_copy(update={"placements": placements})
