"""What differs between two plans of a course, and what each difference does."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.comparison.authors import Authors
from mesoplan.clinic.comparison.page import comparison_of
from mesoplan.clinic.comparison.sides import NeverEvaluated, Read, Side, chosen, read, sides_of
from mesoplan.clinic.courses.addresses import assessment_address
from mesoplan.clinic.courses.models import Course
from mesoplan.clinic.editor.draft_log import read_log
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.requests import require
from mesoplan.domain.errors import InputError
from mesoplan.workflow import Act


@require_GET
def compare(request: HttpRequest, course_id: int) -> HttpResponse:
    person = require(request, Act.VIEW_CLINICAL)
    course = get_object_or_404(Course.objects.select_related("patient"), pk=course_id)
    note_seen_once(thing=f"comparison of course {course.pk}", patient=course.patient.ref, by=person)
    sides = sides_of(course)
    context: dict[str, Any] = {"course": course, "strip": strip_of(course.patient, person), "sides": sides}
    if not sides:
        return render(request, "comparison/compare.html", context)
    pair = chosen(sides, request.GET.get("before", ""), request.GET.get("after", ""))
    if pair is None:
        return render(request, "comparison/compare.html", {**context, "not_there": True}, status=404)
    context |= {"before": pair[0], "after": pair[1]}
    found, status = _compared(*pair)
    return render(request, "comparison/compare.html", context | found, status=status)


def _compared(before: Side, after: Side) -> tuple[dict[str, Any], int]:
    """The comparison, or what keeps one of the two from being read."""
    if before.key == after.key:
        return {"same": True}, 200
    found: list[Read] = []
    for side in (before, after):
        try:
            found.append(read(side))
        except NeverEvaluated:
            return {"never_evaluated": side, "release": knowledge_base.current().release}, 409
        except InputError as error:
            return {"problems": _to_mend(side, error)}, 422
    first, second = found
    return comparison_of(first, second, knowledge_base.current(), _authors(before, after)), 200


def _authors(before: Side, after: Side) -> Authors | None:
    """Who changed what, where one of the two is a draft: the later one, where both are."""
    for side in (after, before):
        if side.kind == "draft":
            return Authors(read_log(side.plan), draft_is_after=side is after)
    return None


def _to_mend(side: Side, error: InputError) -> list[dict[str, str]]:
    """Each problem with the place where it is mended."""
    assessment = side.plan.assessment
    return [{"text": str(one), "href": assessment_address(assessment, one.field)} for one in error.problems]
