"""The evidence of the plan's protocol for the patient: for, against and open, weightiest first, none left unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mesoplan.documents.leaflet_blocks import Listing, Paragraph
from mesoplan.documents.leaflet_wording import Audience, Voice
from mesoplan.domain.plan import Plan
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import Evidence
from mesoplan.knowledge.schema.leaflets import LeafletPart, LeafletText

MOST_IN_A_LIST = 3
"""Studies told on each side; how many more there are is said."""

_LEADS = {"for": "evidence-for", "against": "evidence-against", "open": "evidence-open", "other": "evidence-other-aim"}
_NONE = {"for": "evidence-none-for", "against": "evidence-none-against"}
_SIDES = {"positive": "for", "negative": "against", "mixed": "open", "neutral": "open"}


@dataclass
class _Side:
    """Studies of one side: those with a text, by its id, and how many evidence lines there are in all."""

    texts: dict[str, LeafletText] = field(default_factory=dict)
    without_text: int = 0


def evidence_blocks(
    plan: Plan, knowledge: Knowledge, voice: Voice, audience: Audience
) -> Iterator[Paragraph | Listing]:
    """Yield what can be expected, then the studies on each side, then how many more are on record."""
    if plan.protocol is None:
        yield Paragraph(sentences=(voice.say("evidence-by-hand"),))
    for text in voice.texts(LeafletPart.EVIDENCE, audience):
        if text.role == "text":
            yield Paragraph(sentences=(voice.say(text.id),))
    sides = _by_side(plan, knowledge, audience)
    untold = 0
    for name, lead in _LEADS.items():
        told = list(sides[name].texts)[:MOST_IN_A_LIST]
        untold += sides[name].without_text + len(sides[name].texts) - len(told)
        items = tuple(voice.say(text_id) for text_id in told)
        if items:
            yield Listing(lead=voice.say(lead), items=items)
        elif name in _NONE and not sides[name].without_text:
            yield Paragraph(sentences=(voice.say(_NONE[name]),))
    if untold:
        yield Paragraph(sentences=(voice.say("evidence-more", more=untold),))


def evidence_of(plan: Plan, knowledge: Knowledge, audience: Audience) -> list[Evidence]:
    """Return the evidence lines of the protocol, or of the compounds for a plan by hand; the weightiest first."""
    if plan.protocol is not None:
        lines: Iterable[Evidence] = knowledge.protocols[plan.protocol].evidence
    else:
        lines = [
            line
            for compound in audience.compounds
            for line in knowledge.compounds[compound].evidence
            if line.aim == plan.goal
        ]
    return sorted(lines, key=lambda line: (line.level, -(line.participants or 0)))


def study_text(line: Evidence, knowledge: Knowledge, compounds: Iterable[str]) -> LeafletText | None:
    """Return the text that tells of one evidence line: same aim, a source in common, and about these compounds."""
    ours = set(compounds)
    for text in knowledge.leaflets.values():
        about = not text.compounds or ours & set(text.compounds)
        if text.role == "study" and about and line.aim in text.aims and set(line.sources) & set(text.sources):
            return text
    return None


def _by_side(plan: Plan, knowledge: Knowledge, audience: Audience) -> dict[str, _Side]:
    sides = {name: _Side() for name in _LEADS}
    for line in evidence_of(plan, knowledge, audience):
        side = sides[_SIDES[line.direction] if line.aim == plan.goal else "other"]
        text = study_text(line, knowledge, audience.compounds)
        if text is None:
            side.without_text += 1
        else:
            side.texts.setdefault(text.id, text)
    return sides
