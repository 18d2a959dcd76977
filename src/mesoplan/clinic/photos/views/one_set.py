"""The photos of one visit: the zones on each, how large they are and how well that is known."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.photos import consents, keeping
from mesoplan.clinic.photos.actions import measure_again, remove_deleted
from mesoplan.clinic.photos.addresses import face_set_at, set_at
from mesoplan.clinic.photos.forms import ScaleForm, scale_form, scale_form_of
from mesoplan.clinic.photos.models import PhotoFile, PhotoSet, Purpose, Role
from mesoplan.clinic.photos.page import set_page
from mesoplan.clinic.photos.preparing import measure_again as measured_again
from mesoplan.clinic.photos.views.adding import REFUSALS
from mesoplan.clinic.photos.views.outlining import set_of_zone
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act


@require_GET
def photo_set(request: HttpRequest, address: str) -> HttpResponse:
    require(request, Act.SEE_PHOTOS)
    remove_deleted(by=None)
    found = set_at(address)
    return set_of_zone(request, found) if found.is_of_zone else _shown(request, found)


@require_POST
def measure(request: HttpRequest, address: str) -> HttpResponse:
    """All photos of the set at another scale."""
    person = require(request, Act.ADD_PHOTOS)
    found, form = face_set_at(address), scale_form(request.POST)
    if form.mends:
        return _shown(request, found, form, status=422)
    kept = PhotoFile.objects.filter(photo__photo_set=found, photo__deleted_at__isnull=True, role=Role.KEPT)
    anew = {
        row.photo_id: measured_again(keeping.read(row.name, row.sha256), form.scale, row.photo.card_clicks)
        for row in kept.select_related("photo")
    }
    measure_again(photo_set=found, scale=form.scale, found=anew, by=person)
    return redirect("photos:set", address)


def _shown(request: HttpRequest, found: PhotoSet, form: ScaleForm | None = None, status: int = 200) -> HttpResponse:
    person = require(request, Act.SEE_PHOTOS)
    note_seen_once(thing=str(found), patient=found.patient.ref, by=person)
    refusals = request.session.pop(REFUSALS, {}).get(found.address, {})
    context = {
        "strip": strip_of(found.patient, person),
        "patient": found.patient,
        "page": set_page(found, refusals),
        "form": form or scale_form_of(found),
        "for_planning": Purpose.PLANNING in consents.standing(found.patient),
    }
    return render(request, "photos/set.html", context, status=status)
