"""The exposure of a plan: the panel and the layer of colours as htmx asks for them, or a page of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.comparison.sides import NeverEvaluated, chosen, read, sides_of
from mesoplan.clinic.courses.maps import PageMap, face_map, face_view
from mesoplan.clinic.courses.models import Course, Plan
from mesoplan.clinic.courses.plan_page import Shown, shown
from mesoplan.clinic.courses.views.plan import plan_row
from mesoplan.clinic.exposure.comparing import coverage_rows
from mesoplan.clinic.exposure.legend import coverage_colours
from mesoplan.clinic.exposure.page import exposure_context
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.requests import StaffRequest, require
from mesoplan.domain.errors import InputError
from mesoplan.imaging.coverage_drawing import CoveredZone, covered_on_face_svg
from mesoplan.imaging.face_view import View
from mesoplan.workflow import Act


@require_GET
@vary_on_headers("HX-Request")
def exposure(request: HttpRequest, plan_id: int) -> HttpResponse:
    person = require(request, Act.VIEW_CLINICAL)
    row: Plan = plan_row(plan_id)
    seen = shown(row)
    context: dict[str, Any] = {"plan": row, **exposure_context(seen, request.GET.get("show", ""))}
    if cast(StaffRequest, request).htmx:
        return render(request, "exposure/answer.html", context)
    more = {"strip": strip_of(row.course.patient, person), "content": seen.content, "maps": _maps(context, seen)}
    return render(request, "exposure/exposure.html", {**context, **more, "legend": coverage_colours()})


@require_GET
@vary_on_headers("HX-Request")
def compared(request: HttpRequest, course_id: int) -> HttpResponse:
    """The coverage of two plans of a course; those that the comparison cannot read have none."""
    person = require(request, Act.VIEW_CLINICAL)
    course = get_object_or_404(Course.objects.select_related("patient"), pk=course_id)
    pair = chosen(sides_of(course), request.GET.get("before", ""), request.GET.get("after", ""))
    if pair is None:
        raise Http404("the course has no such plans")
    try:
        rows = coverage_rows(*(read(side) for side in pair))
    except (NeverEvaluated, InputError):
        rows = []
    context = {"course": course, "before": pair[0], "after": pair[1], "rows": rows}
    if cast(StaffRequest, request).htmx:
        return render(request, "exposure/compared.html", context)
    return render(request, "exposure/compared_page.html", {**context, "strip": strip_of(course.patient, person)})


def _maps(context: dict[str, Any], seen: Shown) -> list[PageMap]:
    """The three views of the face with the colours in them, for a page without script."""
    covered: list[CoveredZone] = [one for one in context["covered"] if one.plane.chart is not None]
    face = face_map(seen.content, seen.case, knowledge_base.current())
    if face is None or not covered:
        return []
    colours = {view: covered_on_face_svg(view, covered, face.face) for view in View}
    return [face_view(view, replace(face, coverage=colours)) for view in View]
