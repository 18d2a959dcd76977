"""The face of a set becomes the one that plans are made on, and back to the template."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mesoplan.clinic.photos.actions import use_face, use_template
from mesoplan.clinic.photos.addresses import face_set_at, patient_of
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act


@require_POST
def use(request: HttpRequest, address: str) -> HttpResponse:
    person = require(request, Act.PREFILL_ASSESSMENT)
    require(request, Act.SEE_PHOTOS)
    photo_set = face_set_at(address)
    use_face(photo_set=photo_set, by=person)
    messages.success(request, _("The next proposals are made on this face."))
    return redirect("assessments:assess", photo_set.patient.ref)


@require_POST
def template(request: HttpRequest, ref: str) -> HttpResponse:
    person = require(request, Act.PREFILL_ASSESSMENT)
    patient = patient_of(ref)
    use_template(patient=patient, by=person)
    messages.success(request, _("The next proposals are made on the template."))
    return redirect("assessments:assess", ref)
