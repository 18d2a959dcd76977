"""The exposure of a plan: the panel and the layer of colours as htmx asks for them, or a page of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
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
from mesoplan.clinic.exposure.hours import AskedHours, asked_hours
from mesoplan.clinic.exposure.legend import coverage_colours
from mesoplan.clinic.exposure.page import exposure_context, hours_context
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.requests import StaffRequest, require
from mesoplan.domain.errors import InputError
from mesoplan.imaging.coverage_drawing import CoveredZone, covered_on_face_svg
from mesoplan.imaging.face_view import View
from mesoplan.workflow import Act

HOURS_PART = "exposure-hours"


@require_GET
@vary_on_headers("HX-Request", "HX-Target")
def exposure(request: HttpRequest, plan_id: int) -> HttpResponse:
    person = require(request, Act.VIEW_CLINICAL)
    row: Plan = plan_row(plan_id)
    seen, asked, htmx = shown(row), asked_hours(request.GET.get("hours")), cast(StaffRequest, request).htmx
    status = 422 if asked.error else 200
    if htmx and htmx.target == HOURS_PART:
        told = render(request, "exposure/hours.html", {"plan": row, **hours_context(seen, asked)}, status=status)
        return _with_hours_in_the_address(told, htmx.current_url_abs_path, asked)
    context: dict[str, Any] = {"plan": row, **exposure_context(seen, asked, request.GET.get("show", ""))}
    if htmx:
        return render(request, "exposure/answer.html", context)
    more = {"strip": strip_of(row.course.patient, person), "content": seen.content, "maps": _maps(context, seen)}
    page = {**context, **more, "legend": coverage_colours()}
    return render(request, "exposure/exposure.html", page, status=status)


def _with_hours_in_the_address(told: HttpResponse, address: str | None, asked: AskedHours) -> HttpResponse:
    """Whichever page asked keeps the hours in its address."""
    if address and asked.hours:
        path, _, query = address.partition("#")[0].partition("?")
        kept = QueryDict(query, mutable=True)
        kept["hours"] = asked.text
        told["HX-Replace-Url"] = f"{path}?{kept.urlencode()}"
    return told


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
