"""Before and after: the photos of two visits aligned at one size, what differs between them and what changed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.photos import consents
from mesoplan.clinic.photos.actions import remove_deleted
from mesoplan.clinic.photos.addresses import check_shown, patient_of, photo_at
from mesoplan.clinic.photos.comparing import Part, compared
from mesoplan.clinic.photos.comparing_page import compare_page
from mesoplan.clinic.photos.models import Purpose
from mesoplan.clinic.photos.page import sets_of
from mesoplan.clinic.photos.views.files import HEADERS
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act, WrongState

NOT_AGREED = gettext_noop("The patient did not agree to comparing before and after. Record that consent first.")


@require_GET
def compare(request: HttpRequest, ref: str) -> HttpResponse:
    person = require(request, Act.SEE_PHOTOS)
    patient = patient_of(ref)
    remove_deleted(by=None)
    agreed = may_be_compared(patient)
    asked = [request.GET.get(name, "") for name in ("earlier", "later", "view")]
    page = compare_page([one for one in sets_of(patient) if agreed and not one.is_of_zone], *asked)
    for photo in page.photos:
        note_seen_once(thing=str(photo), patient=patient.ref, by=person)
    context = {"strip": strip_of(patient, person), "patient": patient, "page": page, "agreed": agreed}
    return render(request, "photos/compare.html", context)


@require_GET
def part(request: HttpRequest, earlier: str, later: str, name: str) -> HttpResponse:
    """One picture of a comparison, made on demand."""
    person = require(request, Act.SEE_PHOTOS)
    photos = [photo_at(address) for address in (earlier, later)]
    patient = photos[0].photo_set.patient
    check_shown(patient)
    if not may_be_compared(patient):
        raise WrongState(NOT_AGREED)
    one_face = photos[1].photo_set.patient == patient and photos[0].view == photos[1].view and photos[0] != photos[1]
    if name not in list(Part) or not one_face or not all(photo.measurement for photo in photos):
        raise Http404("there is no such comparison")
    aligned = compared(*photos).aligned
    if aligned is None:
        raise Http404("these photos are not compared")
    for photo in photos:
        note_seen_once(thing=str(photo), patient=patient.ref, by=person)
    media_type, content = aligned.parts[Part(name)]
    return HttpResponse(content, content_type=media_type, headers=HEADERS)


def may_be_compared(patient: Patient) -> bool:
    return Purpose.BEFORE_AFTER in consents.standing(patient)
