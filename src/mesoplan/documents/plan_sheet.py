"""The plan on paper: one page for the bench, one for the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mesoplan.documents.back_page import (
    evidence_lines,
    finding_lines,
    more_evidence_text,
    no_findings_text,
    override_lines,
    pair_lines,
    why_lines,
)
from mesoplan.documents.citations import Citations, title_of
from mesoplan.documents.coverage_lines import coverage_section
from mesoplan.documents.front_page import common_keys, dose_rows, patient_facts, placement_rows, recipes, schedule_facts
from mesoplan.documents.sheet import Paper, SheetHeader, SheetMap
from mesoplan.documents.typesetting import typeset
from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.exposure import Exposure
from mesoplan.domain.plan import Plan
from mesoplan.domain.proposal import Reason
from mesoplan.domain.writing import date_text, moment_text
from mesoplan.knowledge.base import Knowledge

TEMPLATE = "plan_sheet.typ"


def plan_sheet(
    *,
    plan: Plan,
    case: Case,
    evaluation: Evaluation,
    knowledge: Knowledge,
    header: SheetHeader,
    maps: Sequence[SheetMap] = (),
    why: Sequence[Reason] = (),
    exposure: Exposure | None = None,
    covered: SheetMap | None = None,
    paper: Paper = Paper.A4,
) -> bytes:
    """Return the plan sheet as PDF.

    Parameters
    ----------
    plan, case, evaluation, knowledge
        What is printed; `evaluation` is that of this plan for this case under this release.
    header : SheetHeader
        Clinic, patient's name, state, revision, signature.
    maps : sequence of SheetMap
        Drawings, the largest first.
    why : sequence of Reason
        The reason for each choice; empty for a plan written by hand.
    exposure : Exposure, optional
        How evenly the layer is reached; without it the sheet says nothing of it.
    covered : SheetMap, optional
        The map in the colours of coverage; drawn where the back page has room for it.
    paper : Paper
        A4 or Letter.
    """
    return typeset(TEMPLATE, sheet_data(plan, case, evaluation, knowledge, header, maps, why, exposure, covered), paper)


def sheet_data(
    plan: Plan,
    case: Case,
    evaluation: Evaluation,
    knowledge: Knowledge,
    header: SheetHeader,
    maps: Sequence[SheetMap],
    why: Sequence[Reason],
    exposure: Exposure | None = None,
    covered: SheetMap | None = None,
) -> dict[str, Any]:
    """Return all that the template prints, as written. Sources are numbered in the order of reading."""
    citations = Citations(knowledge)
    rows, axis_mm = placement_rows(plan, evaluation, knowledge, citations)
    front = {
        "maps": [_map(drawing) for drawing in maps],
        "patient": patient_facts(case, knowledge),
        "recipes": recipes(plan, evaluation, knowledge, citations),
        "placements": rows,
        "depth_axis": axis_mm,
        "depth_keys": common_keys(rows),
        "doses": dose_rows(evaluation, knowledge, citations),
        "schedule": schedule_facts(plan.schedule, evaluation),
        "note": plan.note or "",
    }
    back = {
        "findings": finding_lines(evaluation, knowledge, citations),
        "no_findings": no_findings_text(evaluation),
        "overrides": override_lines((*plan.overrides, *header.overrides), knowledge),
        "coverage": coverage_section(exposure, covered, knowledge, citations),
        "why": why_lines(why, citations, syringes=len(plan.preparations)),
        "evidence": evidence_lines(plan, knowledge, citations),
        "more_evidence": more_evidence_text(plan, knowledge),
        "pairs": pair_lines(evaluation, knowledge, citations),
        "sources": citations.listed(),
        "sources_standing": citations.standing_of_all(),
    }
    return {"head": head_of(plan, case, evaluation, knowledge, header), "front": front, "back": back}


def _map(drawing: SheetMap) -> dict[str, Any]:
    return {"title": drawing.title, "svg": drawing.svg, "width_mm": drawing.width_mm}


def head_of(
    plan: Plan, case: Case, evaluation: Evaluation, knowledge: Knowledge, header: SheetHeader
) -> dict[str, Any]:
    """Return what stands at the head and foot of a sheet about a plan."""
    label, signature = header.patient, header.signature
    protocol = title_of(knowledge.protocols, plan.protocol) if plan.protocol else "written by hand"
    return {
        "clinic": header.clinic,
        "title": plan.title,
        "aim": title_of(knowledge.aims, plan.goal),
        "protocol": protocol,
        "patient": label.name if label else f"Case {case.id}",
        "born": f"born {date_text(label.birth_date)}" if label else f"born {date_text(case.patient.birth_date)}",
        "record": label.record_number if label else "",
        "status": header.status,
        "revision": f"revision {header.revision}" if header.revision else "",
        "hash": in_groups(header.content_sha256 or ""),
        "signature": None if signature is None else {
            "name": signature.printed_name,
            "role": signature.role,
            "at": moment_text(signature.signed_at),
            "meaning": signature.meaning,
        },
        "printed_at": header.printed_at,
        "release": evaluation.knowledge_release,
        "release_hash": in_groups(evaluation.knowledge_sha256),
        "engine": evaluation.engine,
        "jurisdiction": case.jurisdiction,
    }  # fmt: skip


def in_groups(digest: str) -> str:
    """Return a hash in groups of eight, so that an eye can compare it and a line can break."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
