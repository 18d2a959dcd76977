"""Evaluate: everything that can be said of a plan, proposed or written by hand, by the same functions."""

from __future__ import annotations

from collections.abc import Sequence

from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Burden, Evaluation, Landing, MixtureResult
from mesoplan.domain.finding import Finding, by_weight
from mesoplan.domain.plan import Plan
from mesoplan.domain.quantities import Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import Protocol
from mesoplan.planning.contents import compounds_in
from mesoplan.planning.depth_findings import depth_findings
from mesoplan.planning.doses import doses_of
from mesoplan.planning.engine import ENGINE
from mesoplan.planning.evidence import evidence_findings
from mesoplan.planning.facts import Facts
from mesoplan.planning.jurisdiction import JurisdictionProfile, profile
from mesoplan.planning.landing import landing_of
from mesoplan.planning.mixture import evaluate_preparation
from mesoplan.planning.placement import Over, structures_under, zones_of
from mesoplan.planning.placement_findings import placement_findings
from mesoplan.planning.protocol_findings import protocol_findings
from mesoplan.planning.schedule import schedule_findings
from mesoplan.planning.screen import Scope, screen_plan
from mesoplan.planning.status import jurisdiction_findings, status_findings


def evaluate(case: Case, plan: Plan, knowledge: Knowledge) -> Evaluation:
    """Return doses beside limits, mixtures, landings, burden and every finding of a plan.

    Parameters
    ----------
    case : Case
    plan : Plan
        Its ids must be known (`knowledge.plan_reading.plan_problems` says which are not).
    knowledge : Knowledge

    Returns
    -------
    Evaluation
        Pure: the same input gives the same value.
    """
    protocol = knowledge.protocols[plan.protocol] if plan.protocol else None
    rules = profile(knowledge, case.jurisdiction)
    compounds = _compounds(plan, knowledge)
    mixtures, mixing = _mixtures(plan, knowledge, rules)
    doses, dosing = doses_of(plan, case, knowledge)
    over = [structures_under(placement, case, knowledge) for placement in plan.placements]
    landings, landing = _landings(plan, case, protocol, knowledge, over)
    facts = Facts(case, knowledge, plan.schedule.sessions[0])
    findings = [
        *screen_plan(facts, _scope(plan, knowledge)),
        *status_findings(sorted(compounds), plan.goal, case.jurisdiction, rules, knowledge),
        *jurisdiction_findings(sorted(compounds), rules, knowledge),
        *mixing,
        *dosing,
        *landing,
        *placement_findings(plan, case, knowledge, over),
        *protocol_findings(plan, case, protocol, knowledge),
        *schedule_findings(plan, case, protocol, knowledge),
        *(evidence_findings(protocol, knowledge) if protocol else []),
    ]
    return Evaluation(
        case=case.id,
        findings=tuple(by_weight(_without_repeats(findings))),
        doses=tuple(doses),
        mixtures=tuple(mixtures),
        landings=tuple(landings),
        burden=_burden(plan),
        rules_read=knowledge.rules_read(),
        knowledge_release=knowledge.release,
        knowledge_sha256=knowledge.sha256,
        engine=ENGINE,
    )


def _compounds(plan: Plan, knowledge: Knowledge) -> set[str]:
    return {compound.id for preparation in plan.preparations for compound in compounds_in(preparation, knowledge)}


def _scope(plan: Plan, knowledge: Knowledge) -> Scope:
    in_preparation = {preparation.id: compounds_in(preparation, knowledge) for preparation in plan.preparations}
    return Scope(
        aims=frozenset({plan.goal}),
        zones=tuple(dict.fromkeys(zone for placement in plan.placements for zone in zones_of(placement))),
        compounds=frozenset(_compounds(plan, knowledge)),
        techniques=frozenset(placement.technique for placement in plan.placements),
        techniques_at=frozenset(
            (placement.technique, zone) for placement in plan.placements for zone in zones_of(placement)
        ),
        pairs=frozenset(
            (compound.id, zone)
            for placement in plan.placements
            for zone in zones_of(placement)
            for compound in in_preparation[placement.preparation]
        ),
    )


def _mixtures(
    plan: Plan, knowledge: Knowledge, rules: JurisdictionProfile
) -> tuple[list[MixtureResult], list[Finding]]:
    results: list[MixtureResult] = []
    findings: list[Finding] = []
    for preparation in plan.preparations:
        injected = sum(placement.volume().value for placement in plan.placements_of(preparation.id))
        result, found = evaluate_preparation(preparation, Volume(injected), knowledge, rules)
        results.append(result)
        findings += found
    return results, findings


def _landings(
    plan: Plan, case: Case, protocol: Protocol | None, knowledge: Knowledge, over: Sequence[Over]
) -> tuple[list[Landing], list[Finding]]:
    landings: list[Landing] = []
    findings: list[Finding] = []
    target = protocol.target if protocol else None
    for placement, under in zip(plan.placements, over, strict=True):
        landing = landing_of(placement, case, knowledge, target, plan.schedule.sessions[0], under)
        landings.append(landing)
        findings += depth_findings(placement, landing, knowledge)
    return landings, findings


def _without_repeats(findings: list[Finding]) -> list[Finding]:
    """Drop findings that say the same of the same thing, as two placements of one zone would."""
    return list({(f.code, f.text, f.subject): f for f in findings}.values())


def _burden(plan: Plan) -> Burden:
    sessions = plan.schedule.sessions
    punctures = plan.punctures()
    injected = sum(placement.volume().value for placement in plan.placements)
    return Burden(
        punctures_per_session=punctures,
        sessions=len(sessions),
        punctures_in_course=punctures * len(sessions),
        weeks=round((sessions[-1] - sessions[0]).days / 7, 1),
        injected_ml_per_session=round(injected, 3),
    )
