"""The patient leaflet for exactly one plan, in plain words, as a value for page and paper alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from mesoplan.documents.leaflet_blocks import Block, ClinicContact, Leaflet, Listing, Paragraph, Section
from mesoplan.documents.leaflet_evidence import evidence_blocks
from mesoplan.documents.leaflet_forecast import OfTen, forecast_paragraph
from mesoplan.documents.leaflet_plan import compounds_of, licence_blocks, plan_blocks
from mesoplan.documents.leaflet_wording import Audience, Figure, Figures, Said, Voice
from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.finding import Override, Severity
from mesoplan.domain.plan import Plan
from mesoplan.domain.quantities import Volume
from mesoplan.domain.writing import Language
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.leaflets import LeafletPart

WATCH_FOR = timedelta(weeks=29)
"""Longest time from injection to the first sign of a mycobacterial infection on record (source S158)."""

_NOT_SECTIONS = {LeafletPart.FRAME, LeafletPart.NAMES}


def leaflet(
    plan: Plan,
    case: Case,
    evaluation: Evaluation,
    knowledge: Knowledge,
    language: Language,
    contact: ClinicContact,
    forecast: OfTen | None = None,
) -> Leaflet:
    """Return the leaflet of one plan in one language.

    Parameters
    ----------
    plan, case, evaluation, knowledge
        `evaluation` is that of this plan for this case under this release.
    language : Language
        What is not translated is shown in English and marked so.
    contact : ClinicContact
        Telephone numbers, as the clinic writes them.
    forecast : OfTen, optional
        What may be expected of the course; where nothing may be told, nothing is said of it.

    Returns
    -------
    Leaflet

    Raises
    ------
    KnowledgeError
        If the plan names what this release does not hold, or the release lacks a text that every leaflet needs.
    """
    voice = Voice(knowledge, language, _figures(plan, evaluation, contact))
    audience = _audience(plan, case, knowledge)
    title = voice.say("frame-title")
    sections = []
    for part in LeafletPart:
        blocks = (
            () if part in _NOT_SECTIONS else tuple(_blocks(part, plan, case, evaluation, knowledge, voice, audience))
        )
        if part is LeafletPart.JUDGE and forecast is not None:
            blocks = (*blocks, forecast_paragraph(forecast, voice))
        if blocks:
            sections.append(Section(part=part, title=voice.say(f"{part.value}-heading"), blocks=blocks))
    remarks = [voice.say("frame-sources")]
    if not all(said.reviewed for said in voice.said):
        remarks.append(voice.say("frame-not-reviewed"))
    return Leaflet(
        language=language,
        title=title,
        sections=tuple(sections),
        remarks=tuple(remarks),
        not_translated=voice.say("frame-not-translated"),
    )


def _figures(plan: Plan, evaluation: Evaluation, contact: ClinicContact) -> Figures:
    schedule = plan.schedule
    found: dict[str, Figure | None] = {
        "sessions": len(schedule.sessions),
        "punctures": plan.punctures(),
        "course_punctures": evaluation.burden.punctures_in_course,
        "volume": Volume(evaluation.burden.injected_ml_per_session),
        "judged_on": schedule.first_judged_on,
        "review_on": schedule.review_on,
        "watch_until": schedule.sessions[-1] + WATCH_FOR,
        "telephone": contact.telephone,
        "out_of_hours": contact.out_of_hours,
        "emergency": contact.emergency,
        "release": evaluation.knowledge_release,
    }
    return {name: figure for name, figure in found.items() if figure is not None}


def _audience(plan: Plan, case: Case, knowledge: Knowledge) -> Audience:
    zones = tuple(dict.fromkeys(placement.zone for placement in plan.placements))
    return Audience(
        compounds=compounds_of(plan, knowledge),
        aims=(plan.goal,),
        zones=zones,
        regions=tuple(dict.fromkeys(knowledge.zones[zone].region for zone in zones)),
        jurisdictions=(case.jurisdiction,),
    )


def _blocks(
    part: LeafletPart,
    plan: Plan,
    case: Case,
    evaluation: Evaluation,
    knowledge: Knowledge,
    voice: Voice,
    audience: Audience,
) -> Iterator[Block]:
    if part is LeafletPart.PLAN:
        return plan_blocks(plan, knowledge, voice, audience)
    if part is LeafletPart.LICENCE:
        return licence_blocks(case, evaluation, knowledge, voice, audience)
    if part is LeafletPart.EVIDENCE:
        return evidence_blocks(plan, knowledge, voice, audience)
    if part is LeafletPart.NOTICE:
        return _notices(plan, evaluation, voice)
    return _written_blocks(part, voice, audience)


def _notices(plan: Plan, evaluation: Evaluation, voice: Voice) -> Iterator[Paragraph]:
    reasons = {override.rule for override in plan.overrides}
    for finding in evaluation.findings:
        set_aside = finding.override is Override.DERMATOLOGIST and finding.rule in reasons
        if finding.severity is Severity.BLOCK and not set_aside:
            yield Paragraph(sentences=(voice.say("notice-blocked"),))
            return


def _written_blocks(part: LeafletPart, voice: Voice, audience: Audience) -> Iterator[Paragraph | Listing]:
    """Yield a section as the knowledge base has it: its texts in their order, leads with the items that apply."""
    if part is LeafletPart.CALL:
        text_id = "call-emergency" if voice.has_figure("emergency") else "call-emergency-without-number"
        yield Paragraph(sentences=(voice.say(text_id),), manner="urgent")
    texts = list(voice.texts(part, audience))
    for text in texts:
        if text.role == "text":
            yield Paragraph(sentences=(voice.say(text.id),))
        elif text.role == "lead":
            items = tuple(voice.say(item.id) for item in texts if item.under == text.id)
            if items:
                yield Listing(lead=voice.say(text.id), items=items)
    if part in (LeafletPart.CALL, LeafletPart.CONTACT):
        yield Paragraph(sentences=tuple(_telephones(voice)), manner="telephones")


def _telephones(voice: Voice) -> Iterator[Said]:
    yield voice.say("contact-telephone")
    if voice.has_figure("out_of_hours"):
        yield voice.say("contact-out-of-hours")
