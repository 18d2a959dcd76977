"""What goes back to a page of the editor: the state of the draft, and the parts of the page that follow from it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.models import Plan
from mesoplan.clinic.courses.plan_page import Shown, page_of
from mesoplan.clinic.editor.places import places_of
from mesoplan.domain.edit_log import EditLog
from mesoplan.domain.finding import Finding, Subject
from mesoplan.planning.operations.log import redoable, undoable

Json = dict[str, Any]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def name_of(person: User) -> str:
    """Who did a step, as the log keeps it and as a colleague reads it."""
    return person.printed_name


def state_of(row: Plan, seen: Shown, log: EditLog, person: User) -> Json:
    """What the map is drawn from, and what undo and redo would do."""
    back, again = undoable(log, name_of(person)), redoable(log, name_of(person))
    return {
        "version": row.version,
        "number": log.number,
        "at": f"{timezone.localtime(row.changed_at):%H:%M:%S}",
        "undo": back.name if back else None,
        "redo": again.name if again else None,
        "findings": _findings(seen),
        **places_of(seen.content, seen.case, knowledge_base.current()),
    }


def _findings(seen: Shown) -> list[Json]:
    """The findings that have a card, in its order; one with a place has a letter."""
    found, letters = [], iter(LETTERS)
    answered = [finding for finding in seen.evaluation.findings if not finding.asks]
    for number, finding in enumerate(answered, start=1):
        points = _points_of(seen, finding.subject)
        found.append(
            {
                "id": f"finding-{number}",
                "key": _key(finding),
                "severity": finding.severity.value,
                "text": finding.text,
                "letter": next(letters, "") if points else "",
                "points": points,
            }
        )
    return found


def _key(finding: Finding) -> str:
    """What makes two findings of two evaluations the same for a reader, whichever points and figures they name."""
    about = finding.subject
    return "|".join([finding.rule, finding.code, about.compound or "", about.zone or "", about.preparation or ""])


def _points_of(seen: Shown, subject: Subject) -> list[str]:
    if subject.points:
        return [point.rpartition(":")[2] for point in subject.points]
    if subject.zone is None:
        return []
    own = [one for one in seen.content.placements if one.zone == subject.zone]
    own = [one for one in own if subject.preparation in (None, one.preparation)]
    return [point.id for one in own for point in one.points]


def fragments_of(
    request: HttpRequest, row: Plan, seen: Shown, person: User, *, table: bool = True, form: bool = True
) -> Json:
    """The parts of the plan's page that follow from a change, by the templates of that page.

    The table of points is long and goes to those only who have it open; the form of what is set goes where something
    in it may have changed.
    """
    context = {**page_of(row, person, seen=seen, maps=False, table=table), "with_form": form}
    page = render_to_string("editor/fragments.html", context, request)
    pieces = page.split("<!--part:")[1:]
    return {name: html for name, _, html in (piece.partition("-->") for piece in pieces)}
