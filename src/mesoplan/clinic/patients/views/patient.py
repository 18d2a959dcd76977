"""Where does this course stand? Front desk, manager and auditor see contact and dates only."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.courses.models import Plan, Revision
from mesoplan.clinic.courses.queries import plan_in_force
from mesoplan.clinic.forecasts.models import Score
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.patients.next_steps import next_steps
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.patients.timeline import Event, appointments, events_of, planned_days
from mesoplan.clinic.patients.timeline_drawing import drawing_of
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act


@require_GET
def patient(request: HttpRequest, ref: str) -> HttpResponse:
    person = require(request, Act.VIEW_PATIENTS)
    shown = get_object_or_404(Patient.objects.select_related("added_by", "changed_by"), ref=ref)
    strip = strip_of(shown, person)
    note_seen_once(thing="record" if strip.clinical else "contact", patient=shown.ref, by=person)
    today = timezone.localdate()
    context: dict[str, Any] = {"patient": shown, "strip": strip, "today": today}
    context |= clinical_record(shown, today) if strip.clinical else dates(shown, today)
    return render(request, "patients/patient.html", context)


def clinical_record(shown: Patient, today: date) -> dict[str, Any]:
    found = Plan.objects.filter(course__patient=shown).select_related("course", "changed_by")
    signed = Revision.objects.select_related("signature", "plan__course__patient")
    plans = list(found.prefetch_related(Prefetch("revisions", signed)))
    assessments = list(shown.assessments.select_related("changed_by", "signed_by", "amended_by"))
    planned = planned_days(shown)
    revisions = [one for plan in plans for one in plan.revisions.all()]
    recorded = list(Score.objects.filter(course__patient=shown).select_related("voided"))
    events = events_of(assessments, revisions, planned, knowledge_base.current(), recorded)
    return {
        "plans": plans,
        "plan_in_force": plan_in_force(shown),
        "assessments": assessments,
        "steps": next_steps(shown, assessments, plans, planned, today, recorded),
        "drawing": drawing_of(events, today),
        "newest_first": newest_first(events, today),
        "drafted": bool(planned) and not planned[0].in_force,
    }


def newest_first(events: list[Event], today: date) -> list[Event | date]:
    """Events for the table, with today in its place among them."""
    ahead = [event for event in events if event.day > today]
    behind = [event for event in events if event.day <= today]
    return [*reversed(ahead), today, *reversed(behind)]


def dates(shown: Patient, today: date) -> dict[str, Any]:
    """What those see who read nothing clinical: when the patient comes."""
    found = appointments(planned_days(shown))
    return {"appointments": found, "next_appointment": next((one for one in found if one.day >= today), None)}
