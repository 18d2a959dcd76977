"""Six points set on a photo on which no face was found: nothing is kept before all fit."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.photos import words
from mesoplan.clinic.photos.actions import place_points
from mesoplan.clinic.photos.addresses import check_shown, photo_at
from mesoplan.clinic.photos.models import View
from mesoplan.clinic.photos.page import Outline, outline
from mesoplan.clinic.photos.views.clicked_places import ClickedPlaces, clicked_places
from mesoplan.clinic.requests import require
from mesoplan.imaging.clicked_face import ClickedFace, Clicks, ClicksRefused, clicked_face
from mesoplan.imaging.face_zones import face_zone_ids
from mesoplan.workflow import Act


@dataclass(frozen=True)
class Laid:
    """What the points make: the template on the photo, or why not."""

    face: ClickedFace | None = None
    told: str = ""


@require_http_methods(["GET", "POST"])
def clicks(request: HttpRequest, address: str) -> HttpResponse:
    person = require(request, Act.ADD_PHOTOS)
    photo = photo_at(address)
    check_shown(photo.photo_set.patient)
    if photo.is_of_zone:
        raise Http404("this photo is not of a face")
    clicked = clicked_places(request, photo, photo.clicks, [str(title) for title in words.SIX_POINTS])
    laid = _laid(clicked)
    if request.POST.get("act") == "keep" and laid.face is not None:
        place_points(photo=photo, places=clicked.places, by=person)
        return redirect("photos:set", photo.photo_set.address)
    context = {
        "strip": strip_of(photo.photo_set.patient, person),
        "outlines": _outlines(laid),
        "told": laid.told,
        **clicked.context(),
    }
    return render(request, "photos/clicks.html", context, status=422 if laid.told else 200)


def _laid(clicked: ClickedPlaces) -> Laid:
    if not clicked.all_set:
        return Laid()
    photo_set = clicked.photo.photo_set
    places = Clicks(*clicked.places)
    try:
        face = clicked_face(places, on=photo_set.taken_on, interpupillary_mm=photo_set.interpupillary_mm)
    except ClicksRefused as refused:
        return Laid(told=str(words.CLICKS_REFUSED[refused.code]))
    return Laid(face)


def _outlines(laid: Laid) -> list[Outline]:
    if laid.face is None:
        return []
    read = laid.face.record.zones
    return [outline(zone, View.FRONT, zone in read, laid.face.points_px) for zone in face_zone_ids()]
