"""The ghost of a photo: its lines, for whoever may see the photo and takes the next one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.photos.addresses import check_shown, photo_at
from mesoplan.clinic.photos.capture_help import ghost_png
from mesoplan.clinic.photos.preparing import PNG
from mesoplan.clinic.photos.views.comparing import NOT_AGREED, may_be_compared
from mesoplan.clinic.photos.views.files import HEADERS
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act, WrongState


@require_GET
def ghost(request: HttpRequest, address: str) -> HttpResponse:
    person = require(request, Act.SEE_PHOTOS)
    photo = photo_at(address)
    patient = photo.photo_set.patient
    check_shown(patient)
    if not may_be_compared(patient):
        raise WrongState(NOT_AGREED)
    if photo.measurement is None:
        raise Http404("no face is measured on this photo")
    note_seen_once(thing=str(photo), patient=patient.ref, by=person)
    return HttpResponse(ghost_png(photo), content_type=PNG, headers=HEADERS)
