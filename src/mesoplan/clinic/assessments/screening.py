"""What the rules say of the draft, in the one order: block, wait, warn, note; each with its rule a click away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mesoplan.clinic.assessments.draft import Document, case_to_screen
from mesoplan.clinic.evidence.words import basis_words
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.domain.finding import Finding, Severity
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.citation import Cited
from mesoplan.planning.facts import Facts, Truth
from mesoplan.planning.screen import screen

# What a rule can ask for that is no question, by the name of its field.
FIGURES = {"sex": gettext_lazy("Sex"), "phototype": gettext_lazy("Phototype")}
NEW = {
    "block": gettext_lazy("New block: %(title)s."),
    "wait": gettext_lazy("New wait: %(title)s."),
    "warn": gettext_lazy("New warning: %(title)s."),
    "info": gettext_lazy("New note: %(title)s."),
}


@dataclass(frozen=True)
class Card:
    """One finding as the page shows it. `asks` are links to questions whose answers it waits for."""

    id: str
    severity: str
    title: str
    text: str
    until: str
    acts: tuple[Mapping[str, str], ...]
    sources: tuple[Mapping[str, str], ...]
    fresh: bool

    @property
    def finding(self) -> Mapping[str, str]:
        return {"severity": self.severity, "text": self.text, "until": self.until}


@dataclass(frozen=True)
class Unasked:
    """All findings of one severity that only wait for an answer, as one list of questions."""

    severity: str
    asks: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Screening:
    """The panel. `blocking` names, for each question not asked, the rule that blocks for want of its answer."""

    rows: tuple[Card | Unasked, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    blocking: Mapping[str, str] = field(default_factory=dict)
    said: str = ""
    rules_read: int = 0
    release: str = ""
    readable: bool = True


def screening_of(document: Document, knowledge: Knowledge, before: Document | None = None) -> Screening:
    """Read every rule of the patient; with `before`, what it did not say then is marked as new."""
    case = case_to_screen(document, knowledge)
    if case is None:
        return Screening(readable=False)
    findings = screen(case, knowledge)
    known = _codes(before, knowledge) if before is not None else {finding.code for finding in findings}
    facts = Facts(case, knowledge, case.start)
    open_ = {finding.code for finding in findings if _only_asks(finding, facts)}
    rows: list[Card | Unasked] = []
    for severity in Severity:
        of_severity = [finding for finding in findings if finding.severity is severity]
        rows += [
            _card(finding, knowledge, fresh=finding.code not in known)
            for finding in of_severity
            if finding.code not in open_
        ]
        asks = [ask for finding in of_severity if finding.code in open_ for ask in finding.asks]
        if asks:
            rows.append(Unasked(severity.value, tuple(_link(ask, knowledge) for ask in dict.fromkeys(asks))))
    return Screening(
        rows=tuple(rows),
        counts={severity.value: sum(f.severity is severity for f in findings) for severity in Severity},
        blocking={
            ask: finding.rule
            for finding in findings
            if finding.severity is Severity.BLOCK and finding.code in open_
            for ask in finding.asks
        },
        said=_said(rows),
        rules_read=sum(rule.applies_to.patient_only for rule in knowledge.rules.values()),
        release=knowledge.release,
    )


def _codes(document: Document, knowledge: Knowledge) -> set[str]:
    """Findings that stood as such before; one that only asked counts as new once it is known to hold."""
    case = case_to_screen(document, knowledge)
    if case is None:
        return set()
    facts = Facts(case, knowledge, case.start)
    return {finding.code for finding in screen(case, knowledge) if not _only_asks(finding, facts)}


def _only_asks(finding: Finding, facts: Facts) -> bool:
    """Whether nothing is known yet: every answer it rests on is missing."""
    terms = [ask for ask in finding.asks if ask in facts.knowledge.terms]
    unknown = all(facts.truth(ask) is Truth.UNKNOWN for ask in terms)
    return bool(finding.asks) and unknown


def _card(finding: Finding, knowledge: Knowledge, *, fresh: bool) -> Card:
    return Card(
        id=f"finding-{finding.code}",
        severity=finding.severity.value,
        title=cited(finding.rule, knowledge).title,
        text=finding.text,
        until=finding.until.isoformat() if finding.until else "",
        acts=tuple(
            {"words": _("Enter the date: %(event)s") % {"event": link["title"]}, "href": link["href"]}
            for link in (_link(ask, knowledge) for ask in finding.asks)
        ),
        sources=(source_link(finding.rule, knowledge),),
        fresh=fresh,
    )


def _link(ask: str, knowledge: Knowledge) -> Mapping[str, str]:
    if ask in knowledge.terms:
        return {"title": title_of("terms", ask), "href": f"#q-{ask}"}
    return {"title": str(FIGURES[ask]), "href": f"#id_{ask}"}


def cited(rule: str, knowledge: Knowledge) -> Any:
    """The rule or computed check of that id."""
    return knowledge.rules[rule] if rule in knowledge.rules else knowledge.checks[rule]


def source_link(rule: str, knowledge: Knowledge) -> Mapping[str, str]:
    """The first of the two clicks: the rule with its basis; its own page leads on to the sources."""
    kind = "rules" if rule in knowledge.rules else "checks"
    return link_to(kind, rule, cited(rule, knowledge))


def link_to(kind: str, entry: str, found: Cited) -> Mapping[str, str]:
    count = len(found.sources)
    title = ngettext("%(ground)s, %(count)s source", "%(ground)s, %(count)s sources", count)
    return {
        "title": title % {"ground": basis_words(found.basis.value), "count": count},
        "href": f"/evidence/{kind}/{entry}",
        "review": "" if found.reviewed else "not yet reviewed",
        "seen": found.seen,
    }


def _said(rows: list[Card | Unasked]) -> str:
    """What is read aloud after a change: the new findings."""
    new = [row for row in rows if isinstance(row, Card) and row.fresh]
    return " ".join(str(NEW[card.severity]) % {"title": card.title} for card in new)
