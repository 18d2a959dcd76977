"""Page 2, the one for the file: findings with reasons, overrides, why, evidence for and against, pairs. Texts only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mesoplan.documents.citations import Citations, cited_rule, standing, title_of
from mesoplan.domain.evaluation import Evaluation, PairVerdict
from mesoplan.domain.finding import Finding, Severity, Subject, by_weight
from mesoplan.domain.plan import OverrideReason, Plan
from mesoplan.domain.proposal import Reason
from mesoplan.domain.writing import count_text, date_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import Evidence

_WORDS = {Severity.BLOCK: "Block", Severity.WAIT: "Wait", Severity.WARN: "Warn", Severity.INFO: "Note"}
_DIRECTIONS = {"positive": "for", "negative": "against", "mixed": "mixed", "neutral": "no difference"}
MOST_SOURCES_OF_A_LINE = 2
MOST_TRIALS_OF_A_SIDE = 3
"""What fits on one page for the wall; the pages of the clinic list every source and every trial."""


def finding_lines(evaluation: Evaluation, knowledge: Knowledge, citations: Citations) -> list[dict[str, str]]:
    """Return the findings in the one order, each with what it is about, its standing and its sources."""
    lines = [_finding_line(finding, knowledge, citations) for finding in by_weight(list(evaluation.findings))]
    return _notes_said_once(lines)


def _notes_said_once(lines: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the lines with a note that several syringes share said once."""
    kept: list[dict[str, str]] = []
    told: set[str] = set()
    for line in lines:
        note = line["severity"] == Severity.INFO.value
        if not (note and line["text"] in told):
            kept.append(line)
        told.add(line["text"])
    return kept


def _finding_line(finding: Finding, knowledge: Knowledge, citations: Citations) -> dict[str, str]:
    cited = cited_rule(knowledge, finding.rule)
    keys = citations.cite(finding.sources[:MOST_SOURCES_OF_A_LINE], reviewed=cited is not None and cited.reviewed)
    return {
        "severity": finding.severity.value,
        "word": _WORDS[finding.severity],
        "text": finding.text,
        "about": _subject_text(finding.subject, knowledge),
        "until": f"until {date_text(finding.until)}" if finding.until else "",
        "standing": "" if finding.severity is Severity.INFO else standing(cited),
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
        parts.append(count_text(len(subject.points), "point", "points"))
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


def why_lines(why: Sequence[Reason], citations: Citations, *, syringes: int) -> list[dict[str, str]]:
    """Return the reason for each choice made for this patient, after one sentence on the protocol itself.

    With several syringes what the recipe on page 1 shows for each is not said again.
    """
    in_recipe = ("concentration", "diluent", "syringe size", "volume") if syringes > 1 else ()
    general = [line for line in why if line.choice == "protocol"][:1]
    own = [line for line in why if line.choice not in ("protocol", "containers", *in_recipe)]
    return [
        {"choice": line.choice, "text": line.text, "keys": citations.cite(line.sources[:MOST_SOURCES_OF_A_LINE])}
        for line in (*general, *own)
    ]


def evidence_lines(plan: Plan, knowledge: Knowledge, citations: Citations) -> list[dict[str, str]]:
    """Return the trials of highest level on each side, and how many more there are; nothing is averaged away."""
    order = list(_DIRECTIONS)
    found = sorted(set(_evidence(plan, knowledge)), key=lambda one: (one.level, -(one.participants or 0), one.text))
    favour = [one for one in found if one.direction == "positive"]
    other = [one for one in found if one.direction != "positive"]
    told = favour[:MOST_TRIALS_OF_A_SIDE] + other[:MOST_TRIALS_OF_A_SIDE]
    told.sort(key=lambda one: (order.index(one.direction), one.level, one.text))
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
        for evidence in told
    ]


def more_evidence_text(plan: Plan, knowledge: Knowledge) -> str:
    """Return how many trials are not told on the sheet, on which side; empty where all are."""
    found = set(_evidence(plan, knowledge))
    favour = sum(one.direction == "positive" for one in found)
    more_for = max(0, favour - MOST_TRIALS_OF_A_SIDE)
    more_other = max(0, len(found) - favour - MOST_TRIALS_OF_A_SIDE)
    if not more_for and not more_other:
        return ""
    return f"Not told here: {more_for} more for, {more_other} more against or without a difference."


def _evidence(plan: Plan, knowledge: Knowledge) -> Iterator[Evidence]:
    """Yield what speaks of the plan's aim: of its protocol, or of its compounds where it was written by hand."""
    if plan.protocol and plan.protocol in knowledge.protocols:
        own = knowledge.protocols[plan.protocol].evidence
        yield from (evidence for evidence in own if evidence.aim == plan.goal)
        return
    drawn = {draw.presentation for preparation in plan.preparations for draw in preparation.draws}
    for presentation in sorted(drawn & set(knowledge.presentations)):
        compound, _ = knowledge.presentations[presentation]
        yield from (evidence for evidence in compound.evidence if evidence.aim == plan.goal)


def pair_lines(evaluation: Evaluation, knowledge: Knowledge, citations: Citations) -> list[dict[str, Any]]:
    """Return what is known of each pair in one syringe."""
    lines = []
    for mixture in evaluation.mixtures:
        for pair in mixture.pairs:
            if pair.verdict is PairVerdict.COMPATIBLE and len(evaluation.mixtures) > 1:
                continue
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
