"""A photo is deleted after asking, and can be brought back for some minutes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.photos.actions import bring_back_photo, delete_photo
from mesoplan.clinic.photos.addresses import check_shown, photo_at
from mesoplan.clinic.photos.removing import remove_in_time
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, address: str) -> HttpResponse:
    person = require(request, Act.DELETE_PHOTOS)
    photo = photo_at(address)
    check_shown(photo.photo_set.patient)
    if request.method == "POST":
        delete_photo(photo=photo, by=person)
        remove_in_time()
        return redirect("photos:set", photo.photo_set.address)
    context = {
        "strip": strip_of(photo.photo_set.patient, person),
        "photo": photo,
        "minutes": settings.PHOTO_UNDO_SECONDS // 60,
    }
    return render(request, "photos/delete.html", context)


@require_POST
def bring_back(request: HttpRequest, address: str) -> HttpResponse:
    person = require(request, Act.DELETE_PHOTOS)
    photo = photo_at(address, deleted=True)
    check_shown(photo.photo_set.patient)
    bring_back_photo(photo=photo, by=person)
    return redirect("photos:set", photo.photo_set.address)
