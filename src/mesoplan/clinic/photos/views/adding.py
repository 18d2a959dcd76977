"""One to three photos in one act. A file that is not taken is told beside its place; the others are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.photos import consents
from mesoplan.clinic.photos.actions import NO_CONSENT, add_photos
from mesoplan.clinic.photos.addresses import face_set_at, patient_of
from mesoplan.clinic.photos.capture_help import ghosts_of
from mesoplan.clinic.photos.forms import DayForm, ScaleForm, day_form, scale_form, scale_form_of
from mesoplan.clinic.photos.models import View
from mesoplan.clinic.photos.preparing import Scale, Taken, take
from mesoplan.clinic.photos.words import not_measured, not_read
from mesoplan.clinic.requests import require
from mesoplan.imaging.photo_face import FaceRefused
from mesoplan.imaging.picture_reading import PictureRefused
from mesoplan.workflow import Act, WrongState

REFUSALS = "photo refusals"


@dataclass
class Sent:
    """What came: photos that can be kept, and why others cannot, by view."""

    taken: list[Taken] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, ref: str) -> HttpResponse:
    person = require(request, Act.ADD_PHOTOS)
    patient = patient_of(ref)
    if not consents.may_be_kept(patient):
        if request.method == "POST":
            raise WrongState(NO_CONSENT)
        return redirect("photos:consent", ref)
    today = timezone.localdate()
    if request.method == "GET":
        day, form, sent = DayForm("taken_on", today.isoformat(), today), ScaleForm(), Sent()
        return _page(request, _context(request, ref, day, form, sent))
    day, form = day_form("taken_on", request.POST.get("taken_on", ""), today), scale_form(request.POST)
    if day.day is None or form.mends:
        return _to_mend(request, ref, day, form, Sent())
    sent = _taken(request, form.scale)
    if not sent.taken:
        return _to_mend(request, ref, day, form, sent)
    kept = add_photos(patient=patient, taken=sent.taken, scale=form.scale, taken_on=day.day, by=person)
    return _on_to(request, kept.address, sent)


@require_POST
def add_to_set(request: HttpRequest, address: str) -> HttpResponse:
    """Photos for the open places of a set, at the scale of the set."""
    person = require(request, Act.ADD_PHOTOS)
    photo_set = face_set_at(address)
    scale = scale_form_of(photo_set).scale
    sent = _taken(request, scale)
    if sent.taken:
        add_photos(
            patient=photo_set.patient,
            taken=sent.taken,
            scale=scale,
            taken_on=photo_set.taken_on,
            by=person,
            into=photo_set,
        )
    return _on_to(request, address, sent)


def _taken(request: HttpRequest, scale: Scale) -> Sent:
    sent = Sent()
    for view in View:
        upload = request.FILES.get(view.value)
        if upload is None:
            continue
        try:
            sent.taken.append(take(view, upload, scale))
        except PictureRefused as refused:
            sent.refusals[view.value] = not_read(str(refused))
        except FaceRefused as refused:
            sent.refusals[view.value] = not_measured(refused.code, None)
        finally:
            upload.close()
    return sent


def _to_mend(request: HttpRequest, ref: str, day: DayForm, form: ScaleForm, sent: Sent) -> HttpResponse:
    """Nothing was kept. To script the refusals alone, so that chosen files stay chosen."""
    context = _context(request, ref, day, form, sent)
    if request.headers.get("HX-Request") == "true":
        return render(request, "photos/add_refused.html", context | {"oob": True}, status=422)
    return _page(request, context, status=422)


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The one page that may open the camera."""
    response = render(request, "photos/add.html", context, status=status)
    response.headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=(), payment=()"
    return response


def _context(request: HttpRequest, ref: str, day: DayForm, form: ScaleForm, sent: Sent) -> dict[str, Any]:
    patient = patient_of(ref)
    mends = [mend for mend in (day.mend, *form.mends.values()) if mend]
    person, ghosts = require(request, Act.ADD_PHOTOS), ghosts_of(patient)
    for ghost in ghosts.values():
        note_seen_once(thing=str(ghost.photo), patient=patient.ref, by=person)
    nothing = request.method == "POST" and not mends and not sent.refusals
    return {
        "strip": strip_of(patient, person),
        "patient": patient,
        "day": day,
        "today": timezone.localdate(),
        "form": form,
        "slots": [
            {"view": view, "told": sent.refusals.get(view.value, ""), "ghost": ghosts.get(view)} for view in View
        ],
        "refused": bool(mends or sent.refusals or nothing),
        "nothing": _("No photo was chosen. Choose one, from the front if there is only one.") if nothing else "",
        "mends": mends,
    }


def _on_to(request: HttpRequest, address: str, sent: Sent) -> HttpResponse:
    if sent.refusals:
        request.session[REFUSALS] = {address: sent.refusals}
    to = reverse("photos:set", args=[address])
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return redirect(to)
