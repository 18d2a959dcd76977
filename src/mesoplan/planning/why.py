"""The reason of each choice in a proposal: one sentence for a dermatologist, with its sources."""

from __future__ import annotations

from collections.abc import Iterator

from mesoplan.domain.case import Case, Goal
from mesoplan.domain.plan import Plan
from mesoplan.domain.proposal import Reason
from mesoplan.domain.writing import count_text, date_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import Protocol
from mesoplan.planning.landing_chances import LandingOdds
from mesoplan.planning.landing_words import percent_text
from mesoplan.planning.recipe import Recipe
from mesoplan.planning.zone_choice import ZoneChoice

_ORDINALS = {2: "second", 3: "third"}


def reasons_for(
    plan: Plan,
    protocol: Protocol,
    goal: Goal,
    case: Case,
    recipe: Recipe,
    choices: tuple[ZoneChoice, ...],
    changed: tuple[float, float] | None,
    knowledge: Knowledge,
) -> tuple[Reason, ...]:
    """Return a reason for protocol, zones, syringes, points, depth, volume and dates.

    `changed` is (mL in a point, spacing in mm) where these depart from the protocol to keep within a dose limit.
    """
    found = [
        Reason(choice="protocol", text=protocol.summary.text, sources=protocol.summary.sources),
        *(Reason(choice="protocol", text=statement.text, sources=statement.sources) for statement in protocol.why),
        *recipe.why,
        *_in_turn(plan, knowledge),
        *_zones_left_out(plan, goal, knowledge),
        *_points(choices, protocol, plan),
        *_depth(choices, protocol),
        *_changed(changed, protocol),
        *_dates(plan, case, protocol),
    ]
    return tuple(dict.fromkeys(found))


def _zones_left_out(plan: Plan, goal: Goal, knowledge: Knowledge) -> Iterator[Reason]:
    used = {placement.zone for placement in plan.placements}
    for zone_id in goal.zones:
        if zone_id in used:
            continue
        zone = knowledge.zones[zone_id]
        if zone.blocked is not None:
            text = f"{zone.title} is left out: {zone.blocked.text}"
            yield Reason(choice="zones", text=text, sources=zone.blocked.sources)
        else:
            check = knowledge.checks["zone-not-in-protocol"]
            text = f"{zone.title} is left out: the protocol is not for it, or no point keeps clear of its edges."
            yield Reason(choice="zones", text=text, sources=check.sources)


def _in_turn(plan: Plan, knowledge: Knowledge) -> Iterator[Reason]:
    """Say what alternating points cost: each compound gets only its share of the points."""
    count = len(plan.preparations)
    if count < 2:
        return
    check = knowledge.checks["mix-pair-unknown"]
    text = (
        f"The {count} syringes take the points of each zone in turn, so each compound is given at every "
        f"{_ORDINALS.get(count, f'{count}th')} point: its dose on each cm² is one in {count} of that of a mixture, "
        "and the number of punctures stays the same."
    )
    yield Reason(choice="syringes", text=text, sources=check.sources)


def _points(choices: tuple[ZoneChoice, ...], protocol: Protocol, plan: Plan) -> Iterator[Reason]:
    area = sum(choice.placed.area.value for choice in choices)
    spacing = plan.placements[0].spacing.value
    origin = {
        "measured": "areas as typed",
        "template-scaled": "areas of the template face, scaled by the measured width of the face",
        "own-face": "areas of the patient’s own face",
        "template": "areas of the template face, not measured on this patient",
    }[plan.placements[0].area_source]
    text = (
        f"{count_text(plan.punctures(), 'point', 'points')} on {area:.0f} cm²: a hexagonal lattice at {spacing:g} mm, "
        f"{protocol.edge_margin.low:g} mm inside the edges ({origin})."
    )
    yield Reason(choice="points", text=text, sources=protocol.spacing.sources)
    for choice in choices:
        for structure in choice.kept_clear:
            left = len(choice.placed.points) - len(choice.points)
            text = f"{choice.zone.title}: {count_text(left, 'point', 'points')} left out to keep {structure} clear."
            yield Reason(choice="points", text=text, sources=protocol.edge_margin.sources)


def _depth(choices: tuple[ZoneChoice, ...], protocol: Protocol) -> Iterator[Reason]:
    """One sentence for each needle position, naming the zones that share it."""
    groups: dict[tuple[float | LandingOdds, ...], list[ZoneChoice]] = {}
    for choice in choices:
        held = choice.position
        key = (held.angle.value, held.inserted.value, *choice.skin.total_mm, held.odds)
        groups.setdefault(key, []).append(choice)
    for group in groups.values():
        one, held = group[0], group[0].position
        low, high = held.depth_range_mm
        aimed = f"the {protocol.target.replace('-', ' ')} that is aimed at"
        text = (
            f"{', '.join(choice.zone.title for choice in group)}: {held.angle.value:g}° and {held.inserted.value:g} mm "
            f"inserted put the tip {held.depth_mm:.1f} mm deep ({low:.1f}–{high:.1f} for the hand). Of the positions "
            f"that technique, needle and ceilings allow, this has the greatest chance of {aimed}, "
            f"{percent_text(held.odds.target or 0.0)}, in skin of {one.skin.total_mm[0]:.1f}–"
            f"{one.skin.total_mm[1]:.1f} mm ({one.skin.text})."
        )
        yield Reason(choice="depth", text=text, sources=one.skin.sources)


def _changed(changed: tuple[float, float] | None, protocol: Protocol) -> Iterator[Reason]:
    if changed is None:
        return
    volume, spacing = changed
    text = (
        f"{volume:.2f} mL in a point at {spacing:g} mm instead of the protocol's "
        f"{protocol.volume_per_point.written()} at {protocol.spacing.written()}, so that no dose limit is passed."
    )
    yield Reason(choice="volume", text=text, sources=protocol.volume_per_point.sources)


def _dates(plan: Plan, case: Case, protocol: Protocol) -> Iterator[Reason]:
    schedule = plan.schedule
    if schedule.sessions[0] > case.start:
        text = (
            f"The first session moves from {date_text(case.start)} to {date_text(schedule.sessions[0])}, "
            "the first day that every waiting time allows."
        )
        yield Reason(choice="schedule", text=text, sources=protocol.interval.sources)
    if schedule.first_judged_on and schedule.review_on:
        text = (
            f"{count_text(len(schedule.sessions), 'session', 'sessions')}, {protocol.interval.low:g} days apart at "
            f"least; nothing is judged before {date_text(schedule.first_judged_on)} "
            f"(week {protocol.judge_from.high:g}); stop and look again on {date_text(schedule.review_on)}."
        )
        yield Reason(choice="schedule", text=text, sources=(*protocol.interval.sources, *protocol.judge_from.sources))
