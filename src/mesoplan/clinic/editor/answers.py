"""What goes back to a page of the editor: the state of the draft, and the parts of the page that follow from it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.documents import proposal_behind
from mesoplan.clinic.courses.models import Plan
from mesoplan.clinic.courses.plan_findings import lettered
from mesoplan.clinic.courses.plan_page import Shown, page_of
from mesoplan.clinic.editor.places import places_of
from mesoplan.domain.edit_log import EditLog
from mesoplan.domain.finding import Finding
from mesoplan.domain.plan import Plan as PlannedCourse
from mesoplan.planning.operations.log import redoable, undoable

Json = dict[str, Any]


def name_of(person: User) -> str:
    """Who did a step, as the log keeps it and as a colleague reads it."""
    return person.printed_name


def state_of(row: Plan, seen: Shown, log: EditLog, person: User, before: PlannedCourse | None = None) -> Json:
    """What the map is drawn from, and what undo and redo would do. A page that has the points of the plan `before` is
    told of those only that differ."""
    back, again = undoable(log, name_of(person)), redoable(log, name_of(person))
    proposal = proposal_behind(row)
    return {
        "version": row.version,
        "number": log.number,
        "at": f"{timezone.localtime(row.changed_at):%H:%M:%S}",
        "undo": back.name if back else None,
        "redo": again.name if again else None,
        "findings": _findings(seen),
        **places_of(seen.content, proposal.plan if proposal else None, before, seen.case, knowledge_base.current()),
    }


def _findings(seen: Shown) -> list[Json]:
    """The findings that have a card, in its order; one with a place has a letter."""
    return [
        {
            "id": card,
            "key": _key(finding),
            "severity": finding.severity.value,
            "text": finding.text,
            "letter": letter,
            "points": points,
        }
        for card, finding, letter, points in lettered(seen.content, seen.evaluation)
    ]


def _key(finding: Finding) -> str:
    """What makes two findings of two evaluations the same for a reader, whichever points and figures they name."""
    about = finding.subject
    return "|".join([finding.rule, finding.code, about.compound or "", about.zone or "", about.preparation or ""])


def fragments_of(
    request: HttpRequest, row: Plan, seen: Shown, person: User, *, table: bool = True, form: bool = True
) -> Json:
    """The parts of the plan's page that follow from a change, by the templates of that page.

    The table of points is long and goes to those only who have it open; the form of what is set goes where something
    in it may have changed.
    """
    context = {**page_of(row, person, seen=seen, maps=False, table=table, left=form), "with_form": form}
    page = render_to_string("editor/fragments.html", context, request)
    pieces = page.split("<!--part:")[1:]
    return {name: html for name, _, html in (piece.partition("-->") for piece in pieces)}
