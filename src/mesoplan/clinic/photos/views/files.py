"""The only way to a photo's file: by somebody who may see it, verified, never kept by the browser."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.photos import keeping
from mesoplan.clinic.photos.addresses import check_shown, photo_at
from mesoplan.clinic.photos.models import PhotoFile, Role
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act

HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


@require_GET
def file(request: HttpRequest, address: str, role: str) -> HttpResponse:
    person = require(request, Act.SEE_PHOTOS)
    photo = photo_at(address)
    patient = photo.photo_set.patient
    check_shown(patient)
    if role not in Role.values:
        raise Http404("a photo has no such file")
    row = get_object_or_404(PhotoFile, photo=photo, role=role)
    content = keeping.read(row.name, row.sha256)
    if role != Role.THUMBNAIL:
        note_seen_once(thing=str(photo), patient=patient.ref, by=person)
    name = f"{photo.photo_set.taken_on.isoformat()}-{photo.view}.{_ENDINGS[row.media_type]}"
    disposition = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type=row.media_type, headers=HEADERS | disposition)
