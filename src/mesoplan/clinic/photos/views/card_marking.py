"""The grey card of a photo, marked by two opposite corners: nothing is kept before the card can be read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.photos import keeping, words
from mesoplan.clinic.photos.actions import mark_card
from mesoplan.clinic.photos.addresses import check_shown, photo_at
from mesoplan.clinic.photos.measuring import Document
from mesoplan.clinic.photos.models import PhotoFile, Role
from mesoplan.clinic.photos.preparing import read_card
from mesoplan.clinic.photos.skin_colours import check_takes_grey_card, is_read
from mesoplan.clinic.photos.views.clicked_places import ClickedPlaces, clicked_places
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act


@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, address: str) -> HttpResponse:
    person = require(request, Act.ADD_PHOTOS)
    photo = photo_at(address)
    check_shown(photo.photo_set.patient)
    check_takes_grey_card(photo)
    clicked = clicked_places(request, photo, photo.card_clicks, [str(title) for title in words.CARD_CORNERS])
    colours = _colours(clicked)
    if request.POST.get("act") == "keep" and is_read(colours):
        mark_card(photo=photo, places=clicked.places, colours=colours, by=person)
        return redirect("photos:set", photo.photo_set.address)
    told = words.card_not_taken(colours) if colours and not is_read(colours) else ""
    context = {
        "strip": strip_of(photo.photo_set.patient, person),
        "rectangle": _rectangle(clicked),
        "is_read": is_read(colours),
        "told": told,
        **clicked.context(),
    }
    return render(request, "photos/card.html", context, status=422 if told else 200)


def _colours(clicked: ClickedPlaces) -> Document:
    """What is read by the card between two corners; nothing before both are set."""
    photo = clicked.photo
    if not clicked.all_set or photo.measurement is None:
        return {}
    file = PhotoFile.objects.get(photo=photo, role=Role.KEPT)
    return read_card(keeping.read(file.name, file.sha256), photo.measurement, clicked.places)


def _rectangle(clicked: ClickedPlaces) -> str:
    """The card as it is drawn on the photo."""
    if not clicked.all_set:
        return ""
    (left, top), (right, bottom) = clicked.places
    return f"M{left:.0f} {top:.0f}H{right:.0f}V{bottom:.0f}H{left:.0f}Z"
