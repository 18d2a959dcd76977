"""Where a plan departs from its goal, its protocol, its zones and what the technique is for."""

from __future__ import annotations

from collections.abc import Iterator

from mesoplan.domain.case import Case
from mesoplan.domain.finding import Finding, Subject
from mesoplan.domain.plan import Plan
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import CompoundRole
from mesoplan.knowledge.schema.protocols import Protocol
from mesoplan.planning.contents import CONCENTRATION_TOLERANCE, compounds_in, concentrations
from mesoplan.planning.findings import from_check
from mesoplan.planning.placement import zones_of


def protocol_findings(plan: Plan, case: Case, protocol: Protocol | None, knowledge: Knowledge) -> Iterator[Finding]:
    """Yield what a plan does beyond its goal and protocol."""
    yield from _zones(plan, case, protocol, knowledge)
    yield from _techniques(plan, knowledge)
    yield from _baseline(plan, case, protocol, knowledge)
    if protocol is not None:
        yield from _recipe(plan, protocol, knowledge)
        yield from _unreviewed(protocol, knowledge)


def _zones(plan: Plan, case: Case, protocol: Protocol | None, knowledge: Knowledge) -> Iterator[Finding]:
    wanted = {zone for goal in case.goals if goal.aim == plan.goal for zone in goal.zones}
    for zone_id in dict.fromkeys(placement.zone for placement in plan.placements):
        zone = knowledge.zones[zone_id]
        subject = Subject(zone=zone_id)
        if zone.blocked is not None:
            finding = from_check(
                knowledge, "zone-blocked", f"{zone.title} takes no injection: {zone.blocked.text}",
                subject=subject, extra_sources=zone.blocked.sources,
            )  # fmt: skip
            yield finding.model_copy(update={"override": zone.blocked.override})
        if zone_id not in wanted:
            yield from_check(
                knowledge,
                "zone-not-in-goal",
                f"{zone.title} is not among the zones of the goal.",
                subject=subject,
            )
        if protocol is not None and not fits_protocol(zone_id, protocol, knowledge):
            text = f"{zone.title} is outside what “{protocol.title}” is for."
            yield from_check(
                knowledge,
                "zone-not-in-protocol",
                text,
                subject=subject,
                extra_sources=protocol.summary.sources,
            )
    if protocol is not None:
        yield from _reached_by_outlines(plan, protocol, knowledge)


def _reached_by_outlines(plan: Plan, protocol: Protocol, knowledge: Knowledge) -> Iterator[Finding]:
    """An outline that was drawn beyond its zone may have points where the protocol is not for."""
    used = {placement.zone for placement in plan.placements}
    for placement in plan.placements:
        for zone in zones_of(placement):
            if zone not in used and not fits_protocol(zone, protocol, knowledge):
                text = (
                    f"{knowledge.zones[placement.zone].title} was drawn into {knowledge.zones[zone].title}, which is "
                    f"outside what “{protocol.title}” is for."
                )
                sources, subject = protocol.summary.sources, Subject(zone=placement.zone)
                yield from_check(knowledge, "zone-not-in-protocol", text, subject=subject, extra_sources=sources)


def fits_protocol(zone_id: str, protocol: Protocol, knowledge: Knowledge) -> bool:
    """Return whether a protocol is meant for a zone."""
    if protocol.zones:
        return zone_id in protocol.zones
    return knowledge.zones[zone_id].region in protocol.regions


def _techniques(plan: Plan, knowledge: Knowledge) -> Iterator[Finding]:
    for placement in plan.placements:
        technique = knowledge.techniques[placement.technique]
        region = knowledge.zones[placement.zone].region
        if region not in technique.regions:
            text = f"{technique.title} is not for the {region}; it is for: {', '.join(technique.regions)}."
            yield from_check(knowledge, "technique-not-here", text, subject=Subject(zone=placement.zone))


def _baseline(plan: Plan, case: Case, protocol: Protocol | None, knowledge: Knowledge) -> Iterator[Finding]:
    """Without a score before the first session nobody can say later whether it worked."""
    wanted = (protocol.score_with if protocol else ()) or knowledge.aims[plan.goal].score_with
    recorded = {record.scale for record in case.scores}
    bases = {knowledge.scales[scale].items_of or scale for scale in wanted if knowledge.scales[scale].kind != "change"}
    if bases and not bases & recorded:
        names = " or ".join(knowledge.scales[scale].title for scale in sorted(bases))
        yield from_check(knowledge, "score-missing", f"No score before the first session. Score {names}.")


def _recipe(plan: Plan, protocol: Protocol, knowledge: Knowledge) -> Iterator[Finding]:
    """Say once what the syringes hold that the protocol's evidence does not speak of."""
    ingredients = {one.compound: one for mixture in protocol.mixtures for one in mixture.ingredients}
    held = {
        one.id for made in plan.preparations for one in compounds_in(made, knowledge)
        if one.role is not CompoundRole.DILUENT
    }  # fmt: skip
    said = [f"{knowledge.compounds[one].title} is added" for one in sorted(held - set(ingredients))]
    said += [f"{knowledge.compounds[one].title} is left out" for one in sorted(set(ingredients) - held)]
    for preparation in plan.preparations:
        for found in concentrations(preparation, knowledge):
            wanted = ingredients[found.compound].concentration if found.compound in ingredients else None
            if wanted is None or found.value is None or wanted.unit != found.unit:
                continue
            if not wanted.low * (1 - CONCENTRATION_TOLERANCE) <= found.value <= wanted.high * (1 + 1e-9):
                title = knowledge.compounds[found.compound].title
                said.append(f"{title} is at {found.value:.3g} {found.unit} instead of {wanted.written()}")
    if said:
        text = (
            f"The recipe is no longer that of “{protocol.title}”, whose evidence speaks of another: {'; '.join(said)}."
        )
        yield from_check(knowledge, "recipe-differs-from-protocol", text, extra_sources=protocol.summary.sources)


def _unreviewed(protocol: Protocol, knowledge: Knowledge) -> Iterator[Finding]:
    figures = (protocol.volume_per_point, protocol.spacing, protocol.interval, protocol.sessions)
    if any(not figure.reviewed for figure in figures):
        text = f"Figures of “{protocol.title}” are not yet reviewed by a named dermatologist."
        yield from_check(knowledge, "knowledge-not-reviewed", text)
