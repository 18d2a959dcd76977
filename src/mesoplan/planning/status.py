"""What law and licence say of a plan's compounds in the case's jurisdiction."""

from __future__ import annotations

from mesoplan.domain.finding import Finding, Severity, Subject
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import Compound, CompoundRole, Status
from mesoplan.knowledge.schema.rules import JurisdictionDuty
from mesoplan.planning.findings import from_check
from mesoplan.planning.jurisdiction import UNKNOWN, JurisdictionProfile

_STRICTNESS = [
    "prohibited",
    "not_known",
    "unlicensed",
    "licensed_other_use",
    "device",
    "licensed_for_this_use",
]
_IN_EU = {"fr", "it"}
_WORDS = {
    "unlicensed": "not licensed",
    "licensed_other_use": "licensed for another use or route: off-label here",
    "not_known": "status not known, taken as not licensed",
}


def status_in(compound: Compound, jurisdiction: str) -> tuple[str, Status] | None:
    """Return (place, status); the EU's stands where a member state has none; unknown = the strictest of all."""
    if jurisdiction == "unknown":
        strictest = min(compound.status, key=lambda one: _STRICTNESS.index(compound.status[one].status))
        return str(strictest), compound.status[strictest]
    for place in (jurisdiction, "eu" if jurisdiction in _IN_EU else None):
        for known, status in compound.status.items():
            if known == place:
                return str(known), status
    return None


def status_findings(
    compounds: list[str], aim: str, jurisdiction: str, profile: JurisdictionProfile, knowledge: Knowledge
) -> list[Finding]:
    """Return blocks for what is blocked or prohibited, warnings for what is not licensed for this use."""
    found: list[Finding] = []
    for compound_id in compounds:
        compound = knowledge.compounds[compound_id]
        found += _blocked(compound, knowledge) + _prohibited(compound, aim, profile, knowledge)
        if compound.role is CompoundRole.ACTIVE:
            found += _licence(compound, jurisdiction, knowledge)
    return found


def _blocked(compound: Compound, knowledge: Knowledge) -> list[Finding]:
    if compound.blocked is None:
        return []
    text = f"{compound.title} is blocked: {compound.blocked.text}"
    finding = from_check(
        knowledge,
        "compound-blocked",
        text,
        subject=Subject(compound=compound.id),
        extra_sources=compound.blocked.sources,
    )
    return [finding.model_copy(update={"override": compound.blocked.override})]


def _prohibited(compound: Compound, aim: str, profile: JurisdictionProfile, knowledge: Knowledge) -> list[Finding]:
    found = []
    for enacted in profile.prohibitions:
        ban = enacted.item
        named = compound.id in ban.compounds or set(compound.families) & set(ban.families)
        if named and (not ban.aims or aim in ban.aims):
            text = f"{compound.title} ({enacted.rule.upper()}): {ban.text}"
            finding = from_check(
                knowledge,
                "compound-prohibited",
                text,
                subject=Subject(compound=compound.id),
                extra_sources=ban.sources,
            )
            found.append(finding.model_copy(update={"override": ban.override}))
    return found


def _licence(compound: Compound, jurisdiction: str, knowledge: Knowledge) -> list[Finding]:
    found = status_in(compound, jurisdiction)
    subject = Subject(compound=compound.id)
    if found is None:
        text = (
            f"{compound.title}: nothing is known of its status in “{jurisdiction}”; taken as not licensed. "
            "State this in the consent."
        )
        return [from_check(knowledge, "compound-unlicensed", text, subject=subject)]
    place, status = found
    if status.status == "prohibited":
        text = f"{compound.title} ({place.upper()}): {status.text}"
        return [from_check(knowledge, "compound-prohibited", text, subject=subject, extra_sources=status.sources)]
    if status.status not in _WORDS:
        return []
    severity = Severity.INFO if status.status == "licensed_other_use" else None
    text = f"{compound.title} ({place.upper()}), {_WORDS[status.status]}: {status.text} State this in the consent."
    return [
        from_check(
            knowledge,
            "compound-unlicensed",
            text,
            subject=subject,
            severity=severity,
            extra_sources=status.sources,
        )
    ]


def jurisdiction_findings(compounds: list[str], profile: JurisdictionProfile, knowledge: Knowledge) -> list[Finding]:
    """Return the duties of the jurisdiction in one note, and a note where the jurisdiction is not known."""
    found = []
    if profile.id == UNKNOWN:
        check = knowledge.checks["jurisdiction-unknown"]
        found.append(from_check(knowledge, check.id, check.text))
    families = {family for compound in compounds for family in knowledge.compounds[compound].families}
    duties: dict[str, list[JurisdictionDuty]] = {}
    for enacted in profile.duties:
        duty = enacted.item
        named = set(duty.compounds) & set(compounds) or set(duty.families) & families
        if named or not (duty.compounds or duty.families):
            duties.setdefault(enacted.rule, []).append(duty)
    for place, owed in duties.items():
        text = f"{place.upper()}: {' '.join(duty.text for duty in owed)}"
        sources = [source for duty in owed for source in duty.sources]
        found.append(from_check(knowledge, "jurisdiction-duty", text, extra_sources=sources))
    return found
