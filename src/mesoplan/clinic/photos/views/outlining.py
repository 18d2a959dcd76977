"""A photo of a zone of the body: taken with its sticker, outlined click by click, its area used for planning."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.photos import consents
from mesoplan.clinic.photos.actions import NO_CONSENT, add_photos, outline_zone, use_area
from mesoplan.clinic.photos.addresses import check_shown, patient_of, photo_at
from mesoplan.clinic.photos.forms import DayForm, ScaleForm, day_form, scale_form
from mesoplan.clinic.photos.models import Photo, PhotoSet, Purpose
from mesoplan.clinic.photos.views.clicked_places import ClickedPlaces, clicked_places
from mesoplan.clinic.photos.words import not_read
from mesoplan.clinic.photos.zone_photos import outlined, take_zone, zones_to_photograph
from mesoplan.clinic.photos.zone_words import corner_titles, not_outlined, outlined_area, parts_of_error
from mesoplan.clinic.requests import require
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.imaging.patch_area import PatchRefused
from mesoplan.imaging.picture_reading import PictureRefused
from mesoplan.workflow import Act, WrongState


@require_http_methods(["GET", "POST"])
def add_zone(request: HttpRequest, ref: str) -> HttpResponse:
    """One photo of one zone; it is kept if its sticker can be measured."""
    person = require(request, Act.ADD_PHOTOS)
    patient = patient_of(ref)
    if not consents.may_be_kept(patient):
        if request.method == "POST":
            raise WrongState(NO_CONSENT)
        return redirect("photos:consent", ref)
    today = timezone.localdate()
    if request.method == "GET":
        chosen = request.GET.get("zone", "")
        return _form(request, patient, chosen, DayForm("taken_on", today.isoformat(), today), ScaleForm(), {})
    day, form = day_form("taken_on", request.POST.get("taken_on", ""), today), scale_form(request.POST)
    chosen, mends = request.POST.get("zone", ""), _mends(request, day, form)
    if mends or day.day is None:
        return _form(request, patient, chosen, day, form, mends)
    upload = cast("UploadedFile[Any]", request.FILES["photo"])
    try:
        taken = take_zone(chosen, upload)
    except (PictureRefused, PatchRefused) as refused:
        told = not_outlined(refused) if isinstance(refused, PatchRefused) else not_read(str(refused))
        return _form(request, patient, chosen, day, form, {"photo": told})
    finally:
        upload.close()
    kept = add_photos(patient=patient, taken=[taken], scale=form.scale, taken_on=day.day, by=person)
    return redirect("photos:outline", kept.photos.get().address)


def _mends(request: HttpRequest, day: DayForm, form: ScaleForm) -> dict[str, str]:
    mends = dict(form.mends)
    if request.POST.get("zone", "") not in {zone.id for zone in zones_to_photograph()}:
        mends["zone"] = _("Choose the zone that the photo shows.")
    if "photo" not in request.FILES:
        mends["photo"] = _("No photo was chosen. Choose one.")
    if form.scale.sticker_mm is None and "sticker_mm" not in mends:
        mends["sticker_mm"] = _("Enter the side of the sticker. The area rests on it.")
    if day.mend:
        mends["taken_on"] = day.mend
    return mends


def _form(
    request: HttpRequest, patient: Patient, chosen: str, day: DayForm, form: ScaleForm, mends: dict[str, str]
) -> HttpResponse:
    (sticker,) = (each for each in ScaleForm(form.typed, mends).fields if each.name == "sticker_mm")
    context = {
        "strip": strip_of(patient, require(request, Act.ADD_PHOTOS)),
        "patient": patient,
        "zones": [{"id": zone.id, "title": title_of("zones", zone.id)} for zone in zones_to_photograph()],
        "chosen": chosen,
        "day": day,
        "today": timezone.localdate(),
        "sticker": sticker,
        "mends": mends,
    }
    return render(request, "photos/add_zone.html", context, status=422 if mends else 200)


@require_http_methods(["GET", "POST"])
def outline(request: HttpRequest, address: str) -> HttpResponse:
    person = require(request, Act.ADD_PHOTOS)
    photo = photo_at(address)
    patient = photo.photo_set.patient
    check_shown(patient)
    if not photo.is_of_zone:
        raise Http404("this photo is not of a zone of the body")
    clicked = clicked_places(request, photo, photo.clicks, corner_titles())
    found = outlined(photo, clicked.places)
    act = request.POST.get("act", "")
    if act in ("keep", "use") and found.area is not None:
        outline_zone(photo=photo, corners=clicked.places, by=person)
        if act == "use":
            use_area(photo=photo, by=person)
            messages.success(request, _("The area stands in the assessment."))
            return redirect("assessments:assess", patient.ref)
        return redirect("photos:outline", address)
    if request.method == "GET":
        note_seen_once(thing=str(photo), patient=patient.ref, by=person)
    context: dict[str, Any] = {
        "strip": strip_of(patient, person),
        "patient": patient,
        "zone": title_of("zones", photo.view),
        "rectangle": _drawn(clicked),
        "told": not_outlined(found.refused) if found.refused else "",
        "area": outlined_area(found.area) if found.area else "",
        "parts": parts_of_error(found.area) if found.area else [],
        "for_planning": Purpose.PLANNING in consents.standing(patient),
        **clicked.context(),
    }
    return render(request, "photos/outline.html", context, status=422 if found.refused else 200)


def _drawn(clicked: ClickedPlaces) -> str:
    """The outline on the photo, closed as soon as it encloses something."""
    if len(clicked.places) < 2:
        return ""
    path = "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in clicked.places)
    return path + "Z" if len(clicked.places) > 2 else path


def set_of_zone(request: HttpRequest, photo_set: PhotoSet) -> HttpResponse:
    """The page of a visit with a photo of a zone is that of the photo; what was deleted can be brought back."""
    person = require(request, Act.SEE_PHOTOS)
    photos: list[Photo] = list(photo_set.photos.select_related("deleted_by"))
    here = next((photo for photo in photos if photo.deleted_at is None), None)
    if here is not None:
        return redirect("photos:outline", here.address)
    context = {"strip": strip_of(photo_set.patient, person), "patient": photo_set.patient, "deleted": photos}
    return render(request, "photos/zone_deleted.html", context)
