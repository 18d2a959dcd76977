"""The sections that are computed from the plan: what is planned and where, and which product has a licence for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mesoplan.documents.leaflet_blocks import Listing, Paragraph, Row, Table
from mesoplan.documents.leaflet_wording import Audience, Said, Voice
from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.plan import Plan
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.citation import Basis
from mesoplan.knowledge.schema.compounds import CompoundRole
from mesoplan.knowledge.schema.leaflets import LeafletPart
from mesoplan.planning.status import status_in

PRODUCTS_LEAD = "plan-products"
_STATUS_TEXTS = {
    "licensed_for_this_use": "licence-for-this-use",
    "licensed_other_use": "licence-other-use",
    "device": "licence-device",
    "unlicensed": "licence-unlicensed",
    "prohibited": "licence-prohibited",
    "not_known": "licence-not-known",
}

_GROUNDS = {
    Basis.TRIAL: "plan-why-study",
    Basis.REVIEW: "plan-why-study",
    Basis.PRACTICE: "plan-why-practice",
    Basis.CONSENSUS: "plan-why-practice",
    Basis.TEXTBOOK: "plan-why-practice",
}
"""Where a number of sessions comes from, in words; of other grounds nothing is said."""


def compounds_of(plan: Plan, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the compounds that are drawn, in the order of the plan."""
    drawn = [draw.presentation for preparation in plan.preparations for draw in preparation.draws]
    return tuple(dict.fromkeys(knowledge.presentations[one][0].id for one in drawn))


def plan_blocks(
    plan: Plan, knowledge: Knowledge, voice: Voice, audience: Audience
) -> Iterator[Paragraph | Listing | Table]:
    """Yield aim, products, places with their punctures, sums, and the days."""
    for text in voice.texts(LeafletPart.PLAN, audience):
        if text.role == "text":
            yield Paragraph(sentences=(voice.say(text.id),))
    yield Listing(lead=voice.say(PRODUCTS_LEAD), items=tuple(_products(knowledge, voice, audience)))
    yield Table(lead=voice.say("plan-zones"), rows=tuple(_zone_rows(plan, knowledge, voice)), short=True)
    yield Paragraph(sentences=(voice.say("plan-total"), voice.say("plan-volume")))
    days = enumerate(plan.schedule.sessions, start=1)
    yield Listing(
        lead=voice.say("plan-sessions"),
        items=tuple(voice.say("plan-session-day", session=number, date=day) for number, day in days),
        short=True,
    )
    yield Paragraph(sentences=(*_why_so_many_sessions(plan, knowledge, voice), voice.say("plan-dates-may-move")))


def _why_so_many_sessions(plan: Plan, knowledge: Knowledge, voice: Voice) -> Iterator[Said]:
    """Yield where the number of sessions comes from, if the plan keeps to that of its protocol."""
    if plan.protocol is None:
        return
    sessions = knowledge.protocols[plan.protocol].sessions
    if sessions.low <= len(plan.schedule.sessions) <= sessions.high:
        text_id = _GROUNDS.get(sessions.basis)
        if text_id:
            yield voice.say(text_id)


def _products(knowledge: Knowledge, voice: Voice, audience: Audience) -> Iterator[Said]:
    told = [text for text in voice.texts(LeafletPart.PLAN, audience) if text.under == PRODUCTS_LEAD]
    for text in told:
        yield voice.say(text.id)
    unknown = [one for one in audience.compounds if not any(one in text.compounds for text in told)]
    for compound in unknown:
        yield voice.in_english(compound, knowledge.compounds[compound].title)
    if unknown:
        yield voice.say("product-without-text")


def _zone_rows(plan: Plan, knowledge: Knowledge, voice: Voice) -> Iterator[Row]:
    points: Counter[str] = Counter()
    for placement in plan.placements:
        points[placement.zone] += len(placement.points)
    for zone, count in points.items():
        name_id = f"zone-{zone}"
        name = voice.say(name_id) if voice.knows(name_id) else voice.in_english(zone, knowledge.zones[zone].title)
        yield Row(name=name, says=voice.say("plan-points", points=count))


def licence_blocks(
    case: Case, evaluation: Evaluation, knowledge: Knowledge, voice: Voice, audience: Audience
) -> Iterator[Paragraph | Table]:
    """Yield the licence of each active product where the patient is treated, and what a licence is."""
    actives = [one for one in audience.compounds if knowledge.compounds[one].role is CompoundRole.ACTIVE]
    if actives:
        rows = tuple(_licence_row(one, case, evaluation, knowledge, voice) for one in actives)
        yield Table(lead=None, rows=rows)
    for text in voice.texts(LeafletPart.LICENCE, audience):
        if text.role == "text":
            yield Paragraph(sentences=(voice.say(text.id),))


def _licence_row(compound: str, case: Case, evaluation: Evaluation, knowledge: Knowledge, voice: Voice) -> Row:
    name_id = f"name-{compound}"
    entry = knowledge.compounds[compound]
    name = voice.say(name_id) if voice.knows(name_id) else voice.in_english(compound, entry.title)
    found = status_in(entry, case.jurisdiction)
    status = "not_known" if found is None else found[1].status
    if any(one.rule == "compound-prohibited" and one.subject.compound == compound for one in evaluation.findings):
        status = "prohibited"
    says = voice.say(_STATUS_TEXTS[status])
    sources = says.sources if found is None else (*says.sources, *found[1].sources)
    return Row(name=name, says=says.model_copy(update={"sources": sources}))
