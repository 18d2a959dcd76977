"""What may be expected of a course; and what if it went on otherwise, which is computed and never kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.courses.figures import finding_cards
from mesoplan.clinic.courses.models import Course
from mesoplan.clinic.evidence.links import links_to_sources
from mesoplan.clinic.forecasts.page import Page
from mesoplan.clinic.forecasts.score_rows import rows_of
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act


@require_GET
@vary_on_headers("HX-Request")
def forecast(request: HttpRequest, course_id: int) -> HttpResponse:
    person = require(request, Act.VIEW_CLINICAL)
    course = get_object_or_404(Course.objects.select_related("patient"), pk=course_id)
    knowledge = knowledge_base.current()
    page = Page(course, knowledge, timezone.localdate(), request.GET)
    context: dict[str, Any] = {"course": course, "page": page, "plan": page.plan}
    if page.own is not None:
        context["findings"] = finding_cards(page.own.findings, knowledge)
        context["none_sources"] = links_to_sources(page.own.none_sources, knowledge)
    status = 422 if page.readable and page.question.mends else 200
    if request.headers.get("HX-Request") == "true":
        return render(request, "forecasts/parts.html", context, status=status)
    note_seen_once(thing=f"forecast of course {course.pk}", patient=course.patient.ref, by=person)
    context |= {"strip": strip_of(course.patient, person), "scores": rows_of(page.scores, knowledge)}
    context["timeline"] = [
        {"text": one.text, "sources": links_to_sources(one.sources, knowledge)}
        for aim in page.aims
        for one in knowledge.aims[aim].timeline
    ]
    return render(request, "forecasts/forecast.html", context, status=status)
