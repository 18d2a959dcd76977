"""Where does this course stand? Front desk, manager and auditor see contact and dates only."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.courses.models import Plan
from mesoplan.clinic.courses.queries import plan_in_force
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act


@require_GET
def patient(request: HttpRequest, ref: str) -> HttpResponse:
    person = require(request, Act.VIEW_PATIENTS)
    shown = get_object_or_404(Patient.objects.select_related("added_by", "changed_by"), ref=ref)
    strip = strip_of(shown, person)
    note_seen_once(thing="record" if strip.clinical else "contact", patient=shown.ref, by=person)
    context: dict[str, Any] = {"patient": shown, "strip": strip}
    if strip.clinical:
        context |= clinical_record(shown)
    return render(request, "patients/patient.html", context)


def clinical_record(shown: Patient) -> dict[str, Any]:
    plans = Plan.objects.filter(course__patient=shown).select_related("course", "changed_by")
    return {
        "plans": plans.prefetch_related("revisions"),
        "plan_in_force": plan_in_force(shown),
        "assessments": shown.assessments.select_related("changed_by", "signed_by"),
    }
