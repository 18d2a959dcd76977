"""What may be expected of a course."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.courses.models import Course
from mesoplan.clinic.forecasts.course_plan import plan_of
from mesoplan.clinic.forecasts.course_scores import scores_of
from mesoplan.clinic.forecasts.score_rows import rows_of
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act


@require_GET
def forecast(request: HttpRequest, course_id: int) -> HttpResponse:
    person = require(request, Act.VIEW_CLINICAL)
    course = get_object_or_404(Course.objects.select_related("patient"), pk=course_id)
    note_seen_once(thing=f"forecast of course {course.pk}", patient=course.patient.ref, by=person)
    context: dict[str, Any] = {
        "course": course,
        "strip": strip_of(course.patient, person),
        "plan": plan_of(course),
        "scores": rows_of(scores_of(course), knowledge_base.current()),
    }
    return render(request, "forecasts/forecast.html", context)
