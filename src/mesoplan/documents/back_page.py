"""Page 2, the one for the file: findings with reasons, overrides, why, evidence for and against, pairs. Texts only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mesoplan.documents.citations import Citations, cited_rule, standing, title_of
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.finding import Finding, Severity, Subject, by_weight
from mesoplan.domain.plan import OverrideReason, Plan
from mesoplan.domain.proposal import Reason
from mesoplan.domain.writing import count_text, date_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import Evidence

_WORDS = {Severity.BLOCK: "Block", Severity.WAIT: "Wait", Severity.WARN: "Warn", Severity.INFO: "Note"}
_DIRECTIONS = {"positive": "for", "negative": "against", "mixed": "mixed", "neutral": "no difference"}


def finding_lines(evaluation: Evaluation, knowledge: Knowledge, citations: Citations) -> list[dict[str, str]]:
    """Return the findings in the one order, each with what it is about, its standing and its sources."""
    return [_finding_line(finding, knowledge, citations) for finding in by_weight(list(evaluation.findings))]


def _finding_line(finding: Finding, knowledge: Knowledge, citations: Citations) -> dict[str, str]:
    cited = cited_rule(knowledge, finding.rule)
    keys = citations.cite(finding.sources, reviewed=cited is not None and cited.reviewed)
    return {
        "severity": finding.severity.value,
        "word": _WORDS[finding.severity],
        "text": finding.text,
        "about": _subject_text(finding.subject, knowledge),
        "until": f"until {date_text(finding.until)}" if finding.until else "",
        "standing": standing(cited),
        "keys": keys,
    }


def _subject_text(subject: Subject, knowledge: Knowledge) -> str:
    parts = []
    if subject.pair:
        parts.append(" with ".join(title_of(knowledge.compounds, one) for one in subject.pair))
    if subject.compound:
        parts.append(title_of(knowledge.compounds, subject.compound))
    if subject.zone:
        parts.append(title_of(knowledge.zones, subject.zone))
    if subject.points:
        parts.append(count_text(len(subject.points), "point", "points") + " " + ", ".join(subject.points))
    return "; ".join(parts)


def override_lines(overrides: Iterable[OverrideReason], knowledge: Knowledge) -> list[dict[str, str]]:
    """Return what was set aside, with the reason in the dermatologist's words."""
    return [
        {"rule": _rule_title(override.rule, knowledge), "reason": override.reason}
        for override in dict.fromkeys(overrides)
    ]


def _rule_title(rule: str, knowledge: Knowledge) -> str:
    for shelf in (knowledge.rules, knowledge.checks, knowledge.pairs):
        if rule in shelf:
            return title_of(shelf, rule)
    return rule


def why_lines(why: Sequence[Reason], citations: Citations) -> list[dict[str, str]]:
    """Return the reason for each choice with its sources."""
    return [{"choice": line.choice, "text": line.text, "keys": citations.cite(line.sources)} for line in why]


def evidence_lines(plan: Plan, knowledge: Knowledge, citations: Citations) -> list[dict[str, str]]:
    """Return the evidence of the protocol and of the compounds for this aim; nothing is averaged away."""
    order = list(_DIRECTIONS)
    found = sorted(set(_evidence(plan, knowledge)), key=lambda one: (order.index(one.direction), one.level, one.text))
    return [
        {
            "direction": evidence.direction,
            "word": _DIRECTIONS[evidence.direction],
            "level": f"level {evidence.level}",
            "size": count_text(evidence.participants, "participant", "participants") if evidence.participants else "",
            "text": evidence.text,
            "standing": standing(evidence),
            "keys": citations.cite_entry(evidence),
        }
        for evidence in found
    ]


def _evidence(plan: Plan, knowledge: Knowledge) -> Iterator[Evidence]:
    if plan.protocol and plan.protocol in knowledge.protocols:
        yield from knowledge.protocols[plan.protocol].evidence
    drawn = {draw.presentation for preparation in plan.preparations for draw in preparation.draws}
    for presentation in sorted(drawn & set(knowledge.presentations)):
        compound, _ = knowledge.presentations[presentation]
        yield from (evidence for evidence in compound.evidence if evidence.aim == plan.goal)


def pair_lines(evaluation: Evaluation, knowledge: Knowledge, citations: Citations) -> list[dict[str, Any]]:
    """Return what is known of each pair in one syringe."""
    lines = []
    for mixture in evaluation.mixtures:
        for pair in mixture.pairs:
            cited = cited_rule(knowledge, pair.rule) if pair.rule else None
            lines.append(
                {
                    "pair": f"{title_of(knowledge.compounds, pair.a)} with {title_of(knowledge.compounds, pair.b)}",
                    "verdict": pair.verdict.value.replace("_", " "),
                    "text": pair.text,
                    "standing": standing(cited),
                    "keys": citations.cite(pair.sources, reviewed=cited is not None and cited.reviewed),
                }
            )
    return lines


def no_findings_text(evaluation: Evaluation) -> str:
    """Return what an evaluation without findings says; it never says that all is fine."""
    rules = count_text(evaluation.rules_read, "rule", "rules")
    return f"No rule of release {evaluation.knowledge_release} objects. {rules} read."
