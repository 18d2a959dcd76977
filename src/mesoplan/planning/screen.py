"""Screen: read every rule that speaks of this case, its goals, or the compounds and zones of a plan."""

from __future__ import annotations

from dataclasses import dataclass

from mesoplan.domain.case import Case
from mesoplan.domain.finding import Finding, Severity, Subject, by_weight
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.rules import AppliesTo, Rule
from mesoplan.planning.conditions import Verdict, holds
from mesoplan.planning.facts import Facts, Truth


@dataclass(frozen=True)
class Scope:
    """What is to be done: the aims and zones of the case, and with a plan its compounds and techniques."""

    aims: frozenset[str]
    zones: tuple[str, ...]
    compounds: frozenset[str] = frozenset()
    techniques: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, str]] = frozenset()
    """(compound, zone): which compound goes where."""
    techniques_at: frozenset[tuple[str, str]] = frozenset()
    """(technique, zone): which technique is used where."""


def scope_of_goals(case: Case) -> Scope:
    """Return the scope of a case before any plan exists."""
    zones = tuple(dict.fromkeys(zone for goal in case.goals for zone in goal.zones))
    return Scope(frozenset(goal.aim for goal in case.goals), zones)


def screen(case: Case, knowledge: Knowledge) -> list[Finding]:
    """Return what the rules about the patient say, before any plan.

    Parameters
    ----------
    case : Case
    knowledge : Knowledge

    Returns
    -------
    list of Finding
        Block, wait, warn, info in this order. A missing answer is a finding that asks for it, as heavy as the rule.
    """
    facts = Facts(case, knowledge, case.start)
    rules = [rule for rule in knowledge.rules.values() if rule.applies_to.patient_only]
    return by_weight(_read(rules, facts, scope_of_goals(case)) + _unread_codes(facts))


def screen_plan(facts: Facts, scope: Scope) -> list[Finding]:
    """Return what all rules say about a case and a plan's compounds, zones and techniques."""
    return _read(list(facts.knowledge.rules.values()), facts, scope) + _unread_codes(facts)


def _read(rules: list[Rule], facts: Facts, scope: Scope) -> list[Finding]:
    found = []
    for rule in rules:
        subject = _met(rule.applies_to, facts, scope)
        if subject is None:
            continue
        verdict = holds(rule.when, facts, scope.zones)
        if verdict.truth is not Truth.NO:
            found.append(_finding(rule, verdict, subject, facts.knowledge))
    return found


def _met(applies: AppliesTo, facts: Facts, scope: Scope) -> Subject | None:
    """Return what the rule speaks of here, or None where it does not apply."""
    knowledge = facts.knowledge
    compounds = sorted(
        one for one in scope.compounds if not set(knowledge.compounds[one].families) & set(applies.except_families)
    )
    named = [
        one
        for one in compounds
        if one in applies.compounds or set(knowledge.compounds[one].families) & set(applies.families)
    ]
    zones = [zone for zone in scope.zones if zone in applies.zones or not applies.zones]
    zones = [zone for zone in zones if not applies.regions or knowledge.zones[zone].region in applies.regions]
    if (applies.compounds or applies.families) and (applies.zones or applies.regions):
        zones = [zone for zone in zones if any((compound, zone) in scope.pairs for compound in named)]
    if applies.techniques and (applies.zones or applies.regions):
        zones = [zone for zone in zones if any((one, zone) in scope.techniques_at for one in applies.techniques)]
    fits = (
        (bool(named) or not (applies.compounds or applies.families)),
        (bool(compounds) or not applies.except_families),
        (bool(scope.aims & set(applies.aims)) or not applies.aims),
        (bool(zones) or not (applies.zones or applies.regions)),
        (bool(scope.techniques & set(applies.techniques)) or not applies.techniques),
        (facts.case.jurisdiction in (*applies.jurisdictions, "unknown") or not applies.jurisdictions),
    )
    if not all(fits):
        return None
    one_zone = zones[0] if (applies.zones or applies.regions) and len(zones) == 1 else None
    return Subject(compound=named[0] if len(named) == 1 else None, zone=one_zone)


def _finding(rule: Rule, verdict: Verdict, subject: Subject, knowledge: Knowledge) -> Finding:
    text = rule.text
    if verdict.asks:
        names = ", ".join(knowledge.terms[ask].title if ask in knowledge.terms else ask for ask in verdict.asks)
        missing = "Date not known" if verdict.truth is Truth.YES else "Not asked"
        text = f"{missing}: {names}. {rule.text}"
    return Finding(
        code=rule.id,
        severity=rule.severity,
        text=text,
        rule=rule.id,
        sources=rule.sources,
        until=verdict.until,
        override=rule.override,
        asks=verdict.asks,
        subject=subject,
    )


def _unread_codes(facts: Facts) -> list[Finding]:
    check = facts.knowledge.checks["code-not-read"]
    return [
        Finding(
            code=check.id,
            severity=Severity.INFO,
            text=f"{code}: {check.text}",
            rule=check.id,
            sources=check.sources,
        )
        for code in facts.unread_codes
    ]
