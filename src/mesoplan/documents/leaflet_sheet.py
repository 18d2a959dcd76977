"""The patient leaflet on paper: large type, one to three pages, the red flags in a frame."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from mesoplan.documents.leaflet_blocks import Block, Leaflet, Listing, Paragraph, Section
from mesoplan.documents.leaflet_wording import Said, Voice
from mesoplan.documents.sheet import Paper, PatientLabel
from mesoplan.documents.typesetting import typeset
from mesoplan.domain.case import Text, Value
from mesoplan.knowledge.base import Knowledge

TEMPLATE = "leaflet.typ"


class LeafletHeader(Value):
    """What stands at the head and foot of the paper. `printed` is the day as the caller writes it."""

    clinic: Text
    patient: PatientLabel | None = None
    status: Literal["draft", "signed"] = "draft"
    revision: int | None = Field(default=None, ge=1)
    printed: Text


def leaflet_sheet(leaflet: Leaflet, header: LeafletHeader, knowledge: Knowledge, paper: Paper = Paper.A4) -> bytes:
    """Return the leaflet as PDF. The same leaflet and header give the same bytes."""
    return typeset(TEMPLATE, leaflet_data(leaflet, header, knowledge), paper)


def leaflet_data(leaflet: Leaflet, header: LeafletHeader, knowledge: Knowledge) -> dict[str, Any]:
    """Return all that the template prints, as written."""
    voice = Voice(knowledge, leaflet.language, {"printed": header.printed})
    signed = header.status == "signed" and header.revision is not None
    status = voice.say("frame-signed", revision=str(header.revision)) if signed else voice.say("frame-draft")
    record = voice.say("frame-record", record=header.patient.record_number).text if header.patient else ""
    return {
        "language": leaflet.language.value,
        "title": _said(leaflet.title),
        "clinic": header.clinic,
        "patient": header.patient.name if header.patient else "",
        "record": record,
        "status": status.text,
        "draft": header.status == "draft",
        "printed": voice.say("frame-printed").text,
        "page": voice.say("frame-page", page="{page}", pages="{pages}").text,
        "mark": leaflet.not_translated.text,
        "sections": [_section(section) for section in leaflet.sections],
        "remarks": [_said(said) for said in leaflet.remarks],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "part": section.part.value,
        "title": _said(section.title),
        "blocks": [_block(block) for block in section.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        sentences = [_said(said) for said in block.sentences]
        return {"kind": block.kind, "sentences": sentences, "manner": block.manner}
    if isinstance(block, Listing):
        items = [_said(said) for said in block.items]
        return {"kind": block.kind, "lead": _said(block.lead), "items": items, "short": block.short}
    rows = [{"name": _said(row.name), "says": _said(row.says)} for row in block.rows]
    return {"kind": block.kind, "lead": _said(block.lead) if block.lead else None, "rows": rows, "short": block.short}


def _said(said: Said) -> dict[str, Any]:
    return {"text": said.text, "language": said.language.value, "translated": said.translated}
