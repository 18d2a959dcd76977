"""Findings as text for a terminal, and as the JSON that scripts rely on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from mesoplan.cli.wrapping import INDENT, keyed, wrapped
from mesoplan.domain.finding import Finding, Override, Severity
from mesoplan.domain.writing import count_text, date_text

_COLUMN = 5
_OVERRIDES = {
    Override.DERMATOLOGIST: " A dermatologist may override this with a written reason.",
    Override.NEVER: " This cannot be overridden.",
}
_WORDS = {
    Severity.BLOCK: ("block", "blocks"),
    Severity.WAIT: ("wait", "waits"),
    Severity.WARN: ("warning", "warnings"),
    Severity.INFO: ("note", "notes"),
}


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return code, severity, text, rule and sources; until, override, asks and subject where they say something."""
    return finding.model_dump(mode="json", exclude_defaults=True)


def finding_lines(finding: Finding, level: int = 0) -> list[str]:
    """Return severity, text, first day allowed and who may override, then rule and sources."""
    until = f" First day allowed: {date_text(finding.until)}." if finding.until else ""
    override = _OVERRIDES[finding.override] if finding.override else ""
    head = keyed(f"{finding.severity.value.upper():{_COLUMN}}", f"{finding.text}{until}{override}", level)
    cited = f"[{finding.rule}; {', '.join(finding.sources)}]"
    return [*head, *wrapped(f"{' ' * (_COLUMN + 1)}{cited}", level, hang=4)]


def findings_lines(findings: Iterable[Finding], level: int = 0) -> list[str]:
    """Return all findings; what is said twice in the same words is printed once."""
    different = {(one.severity, one.text, one.rule): one for one in findings}
    return [line for finding in different.values() for line in finding_lines(finding, level)]


def count_of(findings: Sequence[Finding]) -> str:
    """Return “1 block, 2 warnings, 9 notes”."""
    counts = Counter(finding.severity for finding in findings)
    named = [count_text(counts[one], *_WORDS[one]) for one in Severity if counts[one]]
    return ", ".join(named) or "no finding"


def screening_text(findings: Sequence[Finding], rules_read: int, release: str) -> str:
    """Return what `mesoplan screen` prints. That no rule objects is said with the count of rules, not as approval."""
    if not findings:
        return f"No rule of release {release} objects. {rules_read} rules read."
    asked = len({term for finding in findings for term in finding.asks})
    missing = f" {count_text(asked, 'answer is', 'answers are')} missing." if asked else ""
    head = f"{count_of(findings).capitalize()}.{missing} {rules_read} rules of release {release} read."
    return "\n".join([*wrapped(head), "", *findings_lines(findings)])


def about_patient_lines(findings: Sequence[Finding], rules_read: int, release: str) -> list[str]:
    """Return what was found about the patient, as a section of a longer text."""
    if not findings:
        return [f"{INDENT}No rule of release {release} objects. {rules_read} rules read."]
    return findings_lines(findings, level=1)
