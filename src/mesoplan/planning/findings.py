"""Findings made from checks: weight, override and sources come from the data, the text from the engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mesoplan.domain.finding import Finding, Override, Severity, Subject
from mesoplan.knowledge.base import Knowledge

PATIENT = Subject()
"""The subject of a finding that names nothing else."""


def from_check(
    knowledge: Knowledge,
    check_id: str,
    text: str,
    *,
    subject: Subject = PATIENT,
    severity: Severity | None = None,
    warn_only: bool = False,
    until: date | None = None,
    extra_sources: Sequence[str] = (),
) -> Finding:
    """Return the finding of one check.

    Parameters
    ----------
    knowledge : Knowledge
    check_id : str
        Id of the check; it gives severity, override and the first sources.
    text : str
        What was found, with its figures.
    subject : Subject
    severity : Severity, optional
        Another weight than the check's own.
    warn_only : bool
        Whether the finding weighs a warning at most.
    until : date, optional
        First date on which a wait is over.
    extra_sources : sequence of str
        Sources of the data that the finding speaks of, after those of the check.

    Returns
    -------
    Finding
        A block whose check names nobody who may override it can be overridden by nobody.

    Raises
    ------
    KnowledgeError
        If the knowledge base has no such check.
    """
    check = knowledge.checks[check_id]
    weight = severity or check.severity
    if warn_only and weight.rank < Severity.WARN.rank:
        weight = Severity.WARN
    return Finding(
        code=check.id,
        severity=weight,
        text=text,
        rule=check.id,
        sources=tuple(dict.fromkeys((*check.sources, *extra_sources))),
        until=until,
        override=(check.override or Override.NEVER) if weight is Severity.BLOCK else None,
        subject=subject,
    )
