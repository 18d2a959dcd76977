"""Operations on a draft: read as JSON, taken in by one action, answered with figures and places."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from pydantic import ValidationError

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.documents import case_of, planned
from mesoplan.clinic.courses.models import Plan
from mesoplan.clinic.courses.plan_page import shown
from mesoplan.clinic.courses.views.plan import plan_row
from mesoplan.clinic.editor.actions import Accepted, take_in
from mesoplan.clinic.editor.answers import fragments_of, name_of, state_of
from mesoplan.clinic.editor.draft_log import read_log
from mesoplan.clinic.editor.outlines import outline_of
from mesoplan.clinic.editor.places import seen_at
from mesoplan.clinic.editor.reading import NotRead, read_batch, read_document, read_version
from mesoplan.clinic.requests import require
from mesoplan.clinic.shell.refusals import sentence
from mesoplan.domain.case import Case
from mesoplan.domain.edits import Batch, RenewLattice, ReshapeZone
from mesoplan.domain.writing import Language
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.operations.lattice import renewed
from mesoplan.planning.operations.refusals import BatchRefused, CannotDo, ChangedSince, OperationRefused
from mesoplan.workflow import Act, Move, NotPermitted, Overtaken, Refused, may, may_move

_PLACES_ONLY = frozenset({"move", "shift", "lock"})


@require_http_methods(["GET", "POST"])
def operations(request: HttpRequest, plan_id: int) -> HttpResponse:
    person = require(request, Act.VIEW_CLINICAL)
    row = plan_row(plan_id)
    if request.method == "GET" and "outline" in request.GET:
        return _outline(request.GET["outline"], row)
    if request.method == "GET":
        return JsonResponse(_state(request, row, person, fragments="fragments" in request.GET))
    try:
        return JsonResponse(_accepted(request, row, require(request, Act.EDIT_PLAN)))
    except NotRead as wrong:
        return _refused_by_engine(422, wrong) if wrong.in_english else _refused(422, str(wrong))
    except BatchRefused as refusal:
        return _refused_by_engine(422, refusal, expected=refusal.expected)
    except OperationRefused as refusal:
        more = {"index": refusal.index, "points": refusal.points, "allowed": refusal.allowed}
        return _refused_by_engine(422, refusal, **more)
    except ChangedSince as overtaken:
        state = _state(request, plan_row(plan_id), person, fragments=True)
        clashes = [str(one) for one in overtaken.clashes]
        return _refused_by_engine(409, overtaken, clashes=clashes, state=state)
    except Overtaken as overtaken:
        state = _state(request, plan_row(plan_id), person, fragments=True)
        return _refused(409, sentence(overtaken), clashes=[], state=state)
    except NotPermitted as refusal:
        return _refused(403, sentence(refusal))
    except Refused as refusal:
        return _refused(409, sentence(refusal), ended=True)


def _accepted(request: HttpRequest, row: Plan, person: User) -> dict[str, Any]:
    document = read_document(request.body)
    version = read_version(document)
    case, knowledge = case_of(row.assessment), knowledge_base.current()
    batch = read_batch(document, name_of(person), case, knowledge)
    done = take_in(plan_id=row.pk, version=version, batch=batch, by=person)
    # What only sets points elsewhere leaves every field as the page has it, unless a colleague was there meanwhile.
    alone = done.row.version == version + 1
    form = not alone or any(op.op not in _PLACES_ONLY for op in batch.ops)
    table = document.get("table") is True
    return {
        **state_of(done.row, done.seen, done.log, person, done.before if alone else None),
        "seq": batch.seq,
        "note": done.answer.note,
        "added": done.answer.added,
        "stopped": [{"point": one.point, "why": one.why} for one in done.answer.stopped],
        "outline": _drawn_anew(document, batch, done, case, knowledge),
        "fragments": fragments_of(request, done.row, done.seen, person, table=table, form=form),
    }


def _drawn_anew(
    document: dict[str, Any], batch: Batch, done: Accepted, case: Case, knowledge: Knowledge
) -> dict[str, Any] | None:
    """The outline that a page has open, or that this batch shaped, took back or did again."""
    zone = document.get("outline") or next((op.zone for op in batch.ops if isinstance(op, ReshapeZone)), None)
    if zone is None and done.before is not None:
        before = {one.zone: one.outline for one in done.before.placements}
        now = {one.zone: one.outline for one in done.seen.content.placements}
        zone = next((one for one in now if one in before and now[one] != before[one]), None)
    return outline_of(zone, done.seen.content, case, knowledge) if isinstance(zone, str) else None


def _outline(zone: str, row: Plan) -> HttpResponse:
    """Where the corners of a zone's outline are, for a page that shapes it."""
    case = case_of(row.assessment)
    outline = outline_of(zone, planned(row.plan, case), case, knowledge_base.current())
    if outline is None:
        return _refused(422, _("The plan has no such zone. Load the page again."))
    return JsonResponse({"outline": outline})


def _state(request: HttpRequest, row: Plan, person: User, *, fragments: bool) -> dict[str, Any]:
    seen = shown(row)
    state = state_of(row, seen, read_log(row), person)
    state["editable"] = may(Act.EDIT_PLAN, person.workflow_role) and may_move(row.plan_state, Move.EDIT)
    if fragments and state["editable"]:
        state["fragments"] = fragments_of(request, row, seen, person)
    return state


def _refused(status: int, text: str, **more: Any) -> JsonResponse:
    """A refusal in the reader's language."""
    return JsonResponse({"text": text, "lang": get_language(), **more}, status=status)


def _refused_by_engine(status: int, refusal: ValueError, **more: Any) -> JsonResponse:
    """A refusal as the engine words it, in English."""
    return _refused(status, str(refusal), lang=Language.ENGLISH.value, **more)


@require_GET
def renewal(request: HttpRequest, plan_id: int) -> HttpResponse:
    """What a renewed lattice would come to, before anybody says so: the counts, and where its points would be."""
    require(request, Act.EDIT_PLAN)
    row = plan_row(plan_id)
    case, knowledge = case_of(row.assessment), knowledge_base.current()
    zone = request.GET.get("zone", "")
    try:
        op = RenewLattice.model_validate({"zone": zone, **_values(request)})
        ghost = renewed(planned(row.plan, case), op, case, knowledge)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        return _not_renewed(request, zone, f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}.")
    except CannotDo as refusal:
        return _not_renewed(request, zone, str(refusal))
    own = [one for one in ghost.plan.placements if one.zone == op.zone]
    places = seen_at([point.at for one in own for point in one.points], case)
    told = {"zone": zone, "text": ghost.sentence, "keep": _renewing(op, "keep")}
    if ghost.kept or ghost.empty:
        told["drop"] = _renewing(op, "drop")
    panel = render_to_string("editor/renewal.html", told, request)
    return JsonResponse({"text": ghost.sentence, "panel": panel, "ghosts": places})


def _not_renewed(request: HttpRequest, zone: str, text: str) -> HttpResponse:
    panel = render_to_string("editor/renewal.html", {"zone": zone, "text": text}, request)
    return JsonResponse({"text": text, "panel": panel}, status=422)


def _renewing(op: RenewLattice, hand_edits: str) -> str:
    """The operation as the page sends it when its button is pressed."""
    return json.dumps([{**op.model_dump(mode="json", exclude_none=True), "hand_edits": hand_edits}])


_UNITS = {"spacing": "mm", "edge_margin": "mm", "lattice_angle": "deg"}


def _values(request: HttpRequest) -> dict[str, str]:
    """The values that were typed, with their units; what is not there stays as it is."""
    pattern = {"pattern": request.GET["pattern"]} if "pattern" in request.GET else {}
    typed = {name: request.GET.get(name, "").strip().removesuffix("°") for name in _UNITS}
    return pattern | {name: f"{text} {_UNITS[name]}" for name, text in typed.items() if text}
