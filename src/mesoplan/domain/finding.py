"""Findings: what a rule says about a case or a plan. A finding is a value; it never stops a computation."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Severity(StrEnum):
    """How much a finding weighs, from the heaviest."""

    BLOCK = "block"
    WAIT = "wait"
    WARN = "warn"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Return 0 for the heaviest."""
        return list(Severity).index(self)


class Override(StrEnum):
    """Who may set a block aside."""

    NEVER = "never"
    DERMATOLOGIST = "dermatologist"


class Subject(BaseModel):
    """What a finding is about; all empty means the patient."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    compound: str | None = None
    zone: str | None = None
    preparation: str | None = None
    pair: tuple[str, str] | None = None
    points: tuple[str, ...] = ()


class Finding(BaseModel):
    """One objection, wait, warning or note, with the rule that makes it and that rule's sources.

    `until` is the first date on which a wait is over. `asks` names the terms whose answers are missing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    severity: Severity
    text: str
    rule: str
    sources: tuple[str, ...]
    until: date | None = None
    override: Override | None = None
    asks: tuple[str, ...] = ()
    subject: Subject = Subject()


def by_weight(findings: list[Finding]) -> list[Finding]:
    """Return findings in the one order used everywhere: block, wait, warn, info; then by code and text."""
    return sorted(findings, key=lambda f: (f.severity.rank, f.code, f.text))
