"""The answer to one change: what is screened, counted and scored anew, each part by its id, nothing else."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.assessments import draft, saving
from mesoplan.clinic.assessments.page import Page
from mesoplan.clinic.assessments.questions import Question
from mesoplan.clinic.assessments.saving import Change
from mesoplan.clinic.courses.models import Assessment
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.patients.strip import strip_of


def answer_in_parts(
    request: HttpRequest, patient: Patient, assessment: Assessment | None, change: Change, person: User
) -> HttpResponse:
    """200, or 422 with the field marked; either way the rest of the page is as it was."""
    signed = saving.latest_signed(patient)
    page = Page(
        change.document,
        knowledge_base.current(),
        mends=change.mends,
        earlier=signed.case if signed else None,
        before=change.before,
        query=request.POST.get("find", ""),
        undo=change.undo,
    )
    was = Page(change.before, page.knowledge)
    context = {
        "patient": patient,
        "assessment": assessment,
        "version": assessment.version if assessment else 0,
        "page": page,
        "strip": strip_of(patient, person),
        "oob": True,
        "changed": change.changed,
        **_parts(page, was, change, set(request.POST.getlist("marked"))),
    }
    return render(request, "assessments/saved.html", context, status=422 if change.mends else 200)


def _parts(page: Page, was: Page, change: Change, marked: set[str]) -> dict[str, Any]:
    """Which parts have to be drawn again."""
    names, mended = set(change.names), {name for name in change.names if name in change.mends or name in marked}
    heads = {name.partition(".")[0] for name in names}
    history = change.act in ("no", "undo", "pick", "unpick") or page.asked != was.asked
    rows = [] if history else _rows_changed(page, was, {name.partition(".")[2] for name in mended})
    scales = _scales(page) != _scales(was) or any(name.startswith("score.") for name in mended)
    goals = ("goal" in heads and (_aims(page) != _aims(was) or bool(mended))) or "goal" in change.act
    return {
        "show_goals": goals,
        "show_areas": draft.chosen_zones(page.document) != draft.chosen_zones(was.document),
        "areas_to_mend": [one for one in page.areas if one.name in mended],
        "figures_to_mend": [one for one in (page.weight, page.face_width) if one.name in mended],
        "show_start": "start" in names,
        "show_note": "note" in mended,
        "show_history": history,
        "rows": rows,
        "show_scales": scales or change.act == "clear",
        "sheets": [] if scales else _sheets_changed(page, was),
        "show_listed": history or bool({"on", "words"} & heads),
    }


def _scales(page: Page) -> list[str]:
    return [sheet.scale.id for sheet in page.sheets]


def _aims(page: Page) -> list[str]:
    return [goal.get("aim", "") for goal in page.document.get("goals", ())]


def _rows_changed(page: Page, was: Page, mended: set[str]) -> list[Question]:
    """Questions that look different beyond the answer itself, which the browser shows already."""
    old = {question.term.id: _look(question) for group in was.groups for question in group.questions}
    return [
        question
        for group in page.groups
        for question in group.questions
        if old.get(question.term.id) != _look(question) or question.term.id in mended
    ]


def _look(question: Question) -> tuple[object, ...]:
    return question.has_more, question.codes, question.blocks, str((question.entry or {}).get("zones"))


def _sheets_changed(page: Page, was: Page) -> list[Any]:
    old = {sheet.scale.id: sheet for sheet in was.sheets}
    return [
        sheet
        for sheet in page.sheets
        if (before := old.get(sheet.scale.id)) is None
        or (before.lines, before.rater, before.mode) != (sheet.lines, sheet.rater, sheet.mode)
    ]
