"""Screening rules, computed checks, pairs, terms and jurisdictions."""

from __future__ import annotations

from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.rules import AppliesTo, Check, Condition, Jurisdiction, Rule
from scripts.reference_pages.markdown import (
    NOTHING,
    bullets,
    cell,
    checked,
    citation,
    joined,
    links,
    names,
    page,
    section,
    table,
)

CITED_HEAD = ("Sources", "Basis, seen or recalled, review")


def screening_rules(knowledge: Knowledge) -> str:
    """Return the page of rules about the patient."""
    head = ("Rule", "Severity", "Override", "When", "Applies to", "What it says", *CITED_HEAD)
    return page(
        "Screening rules",
        f"All {len(knowledge.rules)} rules that read a case. A term that was not asked makes a rule ask, never pass. "
        "“never” and “dermatologist” say who may set a block aside.",
        table(head, (_rule(one) for one in knowledge.rules.values())),
    )


def _rule(rule: Rule) -> list[str]:
    return [
        f"`{rule.id}`",
        rule.severity.value,
        rule.override.value if rule.override else NOTHING,
        cell(in_words(rule.when)),
        _applies(rule.applies_to),
        cell(rule.text),
        links(rule.sources),
        checked(rule),
    ]


def in_words(condition: Condition) -> str:
    """Return a condition as one line."""
    given = next(name for name in type(condition).model_fields if getattr(condition, name) is not None)
    value = getattr(condition, given)
    match given:
        case "all" | "any":
            joint = " and " if given == "all" else " or "
            return "(" + joint.join(in_words(one) for one in value) + ")"
        case "no":
            return f"not {in_words(value)}"
        case "within_days":
            region = ", same region" if value.same_region else ""
            return f"`{value.term}` less than {value.days} days before the first session{region}"
        case "always":
            return "always"
        case "term":
            return f"`{value}`"
        case "sex":
            return str(value.value)
        case "phototype_from":
            return f"phototype {value.value} or higher"
        case "age_below":
            return f"younger than {value} years"
        case _:
            return f"{value} years or older"


def _applies(applies: AppliesTo) -> str:
    parts = [
        f"{name.replace('_', ' ')} {names(getattr(applies, name))}"
        for name in type(applies).model_fields
        if getattr(applies, name)
    ]
    return "; ".join(parts) or "every case"


def checks(knowledge: Knowledge) -> str:
    """Return the page of rules that are computed from a plan."""
    head = ("Check", "Severity", "Override", "Value", "What it says", *CITED_HEAD)
    return page(
        "Checks",
        f"All {len(knowledge.checks)} checks that are computed from a plan: limits, depth, places, mixture, dates. "
        "Words in braces are filled in with the plan's own.",
        table(head, (_check(one) for one in knowledge.checks.values())),
    )


def _check(check: Check) -> list[str]:
    value = check.value
    written = f"{value[0]:g}–{value[1]:g}" if isinstance(value, tuple) else NOTHING if value is None else f"{value:g}"
    return [
        f"`{check.id}`",
        check.severity.value,
        check.override.value if check.override else NOTHING,
        f"{written} {check.unit or ''}".strip(),
        cell(check.text),
        links(check.sources),
        checked(check),
    ]


def pairs(knowledge: Knowledge) -> str:
    """Return the page of what is known of two substances in one syringe."""
    head = ("Pair", "A", "B", "Verdict", "What is known", *CITED_HEAD)
    rows = (
        [f"`{one.id}`", f"`{one.a}`", f"`{one.b}`", one.verdict.replace("_", " "), cell(one.text), links(one.sources),
         checked(one)]
        for one in knowledge.pairs.values()
    )  # fmt: skip
    return page(
        "Pairs in one syringe",
        "Two substances that stand in no row have no data; they count as incompatible, and a recipe keeps them apart. "
        "“used in trial” is evidence that they were injected together, not that the mixture is stable.",
        table(head, rows),
    )


def terms(knowledge: Knowledge) -> str:
    """Return the page of everything that can be answered or listed in a case."""
    head = ("Id", "Kind", "Question", "Codes", "Date matters")
    rows = (
        [f"`{one.id}`", one.kind, cell(one.question), names(one.codes), "yes" if one.dated else NOTHING]
        for one in knowledge.terms.values()
    )
    return page(
        "Terms of a case",
        "Ids for `answers`, `conditions`, `allergies`, `medications` and `procedures`. "
        "A code stands for the term whose codes it begins with.",
        table(head, rows),
    )


def jurisdictions(knowledge: Knowledge) -> str:
    """Return the page of what countries allow."""
    parts = [
        section(f"{one.title} (`{one.id}`)", _jurisdiction(one), level=2) for one in knowledge.jurisdictions.values()
    ]
    return page("Jurisdictions", "Where nothing was found the strictest rule of all of them stands.", *parts)


def _jurisdiction(one: Jurisdiction) -> str:
    lines = []
    if one.max_actives_per_syringe:
        count = one.max_actives_per_syringe
        lines.append(f"Actives in one syringe: {count.value}. {cell(count.text)} {citation(count)}")
    if one.mixing_in_clinic:
        mixing = one.mixing_in_clinic
        said = "allowed" if mixing.allowed else "not allowed"
        lines.append(f"Mixing in the clinic: {said}. {cell(mixing.text)} {citation(mixing)}")
    if one.immediate_use:
        hours = one.immediate_use
        lines.append(f"Use within {hours.value:g} h. {cell(hours.text)} {citation(hours)}")
    for ban in one.prohibited:
        what = names((*ban.compounds, *ban.families))
        lines.append(f"Prohibited: {what} for {names(ban.aims)}. {cell(ban.text)} {citation(ban)}")
    lines += [f"Duty: {cell(duty.text)} {citation(duty)}" for duty in one.duties]
    return joined(bullets(lines)) or "No rule of its own was found; the strictest of all stands."
