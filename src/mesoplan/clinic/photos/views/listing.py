"""Which photos are there, and what did the patient agree to?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.photos import consents
from mesoplan.clinic.photos.actions import remove_deleted
from mesoplan.clinic.photos.addresses import patient_of
from mesoplan.clinic.photos.models import Purpose
from mesoplan.clinic.photos.page import sets_of
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act


@require_GET
def photos(request: HttpRequest, ref: str) -> HttpResponse:
    person = require(request, Act.SEE_PHOTOS)
    patient = patient_of(ref)
    remove_deleted(by=None)
    note_seen_once(thing="photos", patient=patient.ref, by=person)
    standing = consents.standing(patient)
    context = {
        "strip": strip_of(patient, person),
        "patient": patient,
        "sets": sets_of(patient),
        "shown": consents.may_be_kept(patient),
        "purposes": [(purpose, standing.get(purpose)) for purpose in Purpose],
        "open_purposes": [purpose for purpose in Purpose if purpose not in standing],
        "withdrawn": consents.withdrawn(patient),
        "today": timezone.localdate(),
    }
    return render(request, "photos/photos.html", context)
