"""One protocol made individual: syringes, zones, points, needle position, volume and dates for this patient."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from math import sqrt

from mesoplan.domain.case import Case, Goal
from mesoplan.domain.evaluation import LimitState
from mesoplan.domain.finding import Finding, Subject
from mesoplan.domain.plan import MAX_POINTS_IN_A_ZONE, Plan, Preparation, ZonePlacement
from mesoplan.domain.proposal import Reason, Regimen
from mesoplan.domain.quantities import Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import Protocol
from mesoplan.planning.doses import doses_of
from mesoplan.planning.findings import from_check
from mesoplan.planning.jurisdiction import profile
from mesoplan.planning.placement import area_of
from mesoplan.planning.protocol_findings import fits_protocol
from mesoplan.planning.protocol_regimen import (
    SPACING_STEP_MM,
    VOLUME_STEP_ML,
    NotSearched,
    Searched,
    rows_of,
    search_regimen,
)
from mesoplan.planning.recipe import CannotBeDrawn, Recipe, SyringePlan, compose, make_up, why_made_up
from mesoplan.planning.schedule import make_schedule
from mesoplan.planning.why import reasons_for
from mesoplan.planning.why_regimen import regimen_reasons
from mesoplan.planning.zone_choice import ZoneChoice, choose_in_zone

WIDEST_SPACING_FACTOR = 2.0


class NotPossible(Exception):
    """A protocol that cannot become a plan for this case; the findings say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("; ".join(finding.text for finding in findings))


@dataclass(frozen=True)
class Setting:
    """What is varied: volume of a point and spacing."""

    volume_ml: float
    spacing_mm: float


@dataclass(frozen=True)
class IndividualPlan:
    """A protocol made individual, the reason of each choice, and the regimens that were weighed."""

    plan: Plan
    why: tuple[Reason, ...]
    front: tuple[Regimen, ...]


def individual_plan(
    protocol: Protocol, goal: Goal, start: date, case: Case, knowledge: Knowledge, setting: Setting | None = None
) -> IndividualPlan:
    """Return the plan that a protocol becomes for one goal of a case, with its reasons.

    Volume and spacing are the protocol's own, or those of another regimen of its technique where
    `protocol_regimen.search_regimen` finds one that is worth leaving them. Where a dose limit is passed the volume of a
    point falls to the protocol's lower bound, and after that the spacing grows, until no limit is passed or twice the
    spacing is reached. A `setting` that is given is taken as it is.

    Raises
    ------
    NotPossible
        With findings, where no zone is left or an area is not known.
    """
    _check_jurisdiction(protocol, case, knowledge)
    zones = _zones(protocol, goal, case, knowledge)
    recipe = compose(protocol.mixtures, knowledge, profile(knowledge, case.jurisdiction))

    def made(with_setting: Setting) -> _Made:
        choices = tuple(
            choose_in_zone(zone, protocol, with_setting.volume_ml, with_setting.spacing_mm, case, knowledge)
            for zone in zones
        )
        plan = _assemble(protocol, goal, start, case, recipe, choices, with_setting, knowledge)
        return _Made(with_setting, choices, plan, room_within_limits(plan, case, knowledge))

    own = made(next(_settings(protocol)))
    searched = search_regimen(protocol, own.choices, recipe, knowledge, own.room)
    settled = made(setting) if setting else _settled(own, searched, protocol, made)
    limited = settled.setting != own.setting and own.room < 1
    changed = (settled.setting.volume_ml, settled.setting.spacing_mm) if limited and not setting else None
    why = (
        *reasons_for(settled.plan, protocol, goal, case, recipe, settled.choices, changed, knowledge),
        *regimen_reasons(searched, protocol, own.plan.punctures(), knowledge),
        *_why_made_up(settled.plan, recipe, knowledge),
    )
    return IndividualPlan(settled.plan, why, _front(searched, own, settled))


@dataclass(frozen=True)
class _Made:
    """A plan with the setting that it has, and the share of its volume that every dose limit lets pass."""

    setting: Setting
    choices: tuple[ZoneChoice, ...]
    plan: Plan
    room: float


def _settled(
    own: _Made, searched: Searched | NotSearched, protocol: Protocol, made: Callable[[Setting], _Made]
) -> _Made:
    """Return the plan of the regimen that the search chose, else of the first setting that passes no limit."""
    if isinstance(searched, Searched) and searched.chosen is not searched.own:
        chosen = made(Setting(searched.chosen.volume_ml, searched.chosen.spacing_mm))
        if chosen.room >= 1:
            return chosen
    settled = own
    for setting in islice(_settings(protocol), 1, None):
        if settled.room >= 1:
            break
        settled = made(setting)
    return settled


def _front(searched: Searched | NotSearched, own: _Made, settled: _Made) -> tuple[Regimen, ...]:
    if isinstance(searched, NotSearched):
        return ()
    planned = (settled.setting.volume_ml, settled.setting.spacing_mm, settled.plan.punctures())
    return rows_of(searched, own.plan.punctures(), planned)


def _why_made_up(plan: Plan, recipe: Recipe, knowledge: Knowledge) -> Iterator[Reason]:
    syringes = {syringe.id: syringe for syringe in recipe.syringes}
    for preparation in plan.preparations:
        injected = sum(placement.volume().value for placement in plan.placements_of(preparation.id))
        yield from why_made_up(syringes[preparation.id], preparation, Volume(round(injected, 6)), knowledge)


def _check_jurisdiction(protocol: Protocol, case: Case, knowledge: Knowledge) -> None:
    """Refuse a protocol outside the jurisdictions that its product is labelled in; an unknown one counts as outside."""
    if protocol.only_in and case.jurisdiction not in protocol.only_in:
        places = ", ".join(knowledge.jurisdictions[one].title for one in protocol.only_in)
        text = f"“{protocol.title}” is proposed only where its product is labelled for this: {places}."
        finding = from_check(knowledge, "compound-prohibited", text, extra_sources=protocol.summary.sources)
        raise NotPossible((finding,))


def _zones(protocol: Protocol, goal: Goal, case: Case, knowledge: Knowledge) -> list[str]:
    """Return the zones of the goal that the protocol is for and that take injections, each with a known area."""
    fitting = [zone for zone in goal.zones if fits_protocol(zone, protocol, knowledge)]
    if not fitting:
        text = f"“{protocol.title}” is not for {', '.join(knowledge.zones[zone].title for zone in goal.zones)}."
        raise NotPossible(
            (from_check(knowledge, "zone-not-in-protocol", text, extra_sources=protocol.summary.sources),)
        )
    open_zones = [zone for zone in fitting if knowledge.zones[zone].blocked is None]
    if not open_zones:
        raise NotPossible(tuple(_blocked_zones(fitting, knowledge)))
    missing = [zone for zone in open_zones if area_of(zone, case, knowledge) is None]
    if missing:
        raise NotPossible(tuple(_missing_areas(missing, knowledge)))
    crowded = tuple(_too_many_points(open_zones, protocol, case, knowledge))
    if crowded:
        raise NotPossible(crowded)
    return open_zones


def _blocked_zones(zones: list[str], knowledge: Knowledge) -> Iterator[Finding]:
    for zone_id in zones:
        zone = knowledge.zones[zone_id]
        if zone.blocked is not None:
            text = f"{zone.title} takes no injection: {zone.blocked.text}"
            subject = Subject(zone=zone_id)
            found = from_check(knowledge, "zone-blocked", text, subject=subject, extra_sources=zone.blocked.sources)
            yield found.model_copy(update={"override": zone.blocked.override})


def _missing_areas(zones: list[str], knowledge: Knowledge) -> Iterator[Finding]:
    for zone in zones:
        title = knowledge.zones[zone].title
        text = f"Enter the area of {title} in cm²: points and doses depend on it."
        if knowledge.zones[zone].surface == "mesh":
            text = (
                f"{title} cannot be measured from the photos. Add a photo that shows it, or enter its area in cm²: "
                "points and doses depend on it."
            )
        yield from_check(knowledge, "zone-unknown-area", text, subject=Subject(zone=zone))


def _too_many_points(zones: list[str], protocol: Protocol, case: Case, knowledge: Knowledge) -> Iterator[Finding]:
    """Yield the patches whose typed area holds more points, at the protocol's spacing, than a zone may have."""
    spacing = protocol.spacing.low
    for zone_id in zones:
        found = area_of(zone_id, case, knowledge)
        if found is None or knowledge.zones[zone_id].surface == "mesh":
            continue
        area = found[0].value
        count = round(area * 100 / (spacing**2 * sqrt(3) / 2))
        if count > MAX_POINTS_IN_A_ZONE:
            text = (
                f"{knowledge.zones[zone_id].title}: {area:g} cm² at {spacing:g} mm take about {count} points; a zone "
                f"has {MAX_POINTS_IN_A_ZONE} at most. Enter the area that is treated in one session."
            )
            subject = Subject(zone=zone_id)
            yield from_check(knowledge, "points-many", text, subject=subject, extra_sources=protocol.spacing.sources)


def _settings(protocol: Protocol) -> Iterator[Setting]:
    """Yield volume and spacing, from the protocol's own to fewer millilitres, then to wider spacing."""
    volume, spacing = protocol.volume_per_point, protocol.spacing
    steps = round((volume.high - volume.low) / VOLUME_STEP_ML)
    for index in range(steps + 1):
        yield Setting(round(volume.high - index * VOLUME_STEP_ML, 3), spacing.low)
    widest = max(spacing.high, spacing.low * WIDEST_SPACING_FACTOR)
    for index in range(1, int((widest - spacing.low) / SPACING_STEP_MM) + 1):
        yield Setting(round(volume.low, 3), round(spacing.low + index * SPACING_STEP_MM, 2))


def room_within_limits(plan: Plan, case: Case, knowledge: Knowledge) -> float:
    """Return the share of a plan's volume that every dose limit lets pass; 1 where none is passed."""
    doses, _ = doses_of(plan, case, knowledge)
    over = [dose for dose in doses if dose.state is LimitState.OVER]
    return min((dose.limit / dose.value for dose in over if dose.limit and dose.value), default=1.0)


def _assemble(
    protocol: Protocol,
    goal: Goal,
    start: date,
    case: Case,
    recipe: Recipe,
    choices: tuple[ZoneChoice, ...],
    setting: Setting,
    knowledge: Knowledge,
) -> Plan:
    """Return the plan; with several syringes the points of a zone take them in turn."""
    count = len(recipe.syringes)
    placements: list[ZonePlacement] = []
    number = 1
    for choice in choices:
        placements += [
            choice.placement(syringe.id, (index, count), number, protocol, setting.spacing_mm)
            for index, syringe in enumerate(recipe.syringes)
        ]
        number += len(choice.points)
    placements = [placement for placement in placements if placement.points]
    preparations: list[Preparation] = []
    for syringe in recipe.syringes:
        injected = sum(one.volume().value for one in placements if one.preparation == syringe.id)
        if injected > 0:
            preparations.append(_made_up(syringe, injected, placements, knowledge))
    if not placements:
        text = "No point is left once the edges and the excluded areas are kept clear."
        raise NotPossible((from_check(knowledge, "zone-not-in-protocol", text),))
    return Plan(
        case=case.id,
        goal=goal.aim,
        protocol=protocol.id,
        title=protocol.title,
        preparations=tuple(preparations),
        placements=_only_prepared(placements, preparations),
        schedule=make_schedule(protocol, start),
    )


def _made_up(
    syringe: SyringePlan, injected_ml: float, placements: list[ZonePlacement], knowledge: Knowledge
) -> Preparation:
    smallest = min(one.volume_per_point.value for one in placements if one.preparation == syringe.id)
    try:
        return make_up(syringe, Volume(round(injected_ml, 6)), knowledge, Volume(smallest))
    except CannotBeDrawn as refusal:
        raise NotPossible((from_check(knowledge, "dose-not-computable", f"{refusal}."),)) from refusal


def _only_prepared(placements: list[ZonePlacement], preparations: list[Preparation]) -> tuple[ZonePlacement, ...]:
    ids = {preparation.id for preparation in preparations}
    return tuple(placement for placement in placements if placement.preparation in ids)
