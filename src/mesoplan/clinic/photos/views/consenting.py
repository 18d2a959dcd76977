"""What the patient agreed to is recorded, and taken back; who takes it back is asked what becomes of the photos."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.photos import consents
from mesoplan.clinic.photos.actions import record_consent, withdraw_consent
from mesoplan.clinic.photos.addresses import patient_of
from mesoplan.clinic.photos.forms import day_form, purposes_in
from mesoplan.clinic.photos.models import GROUNDS, PhotoConsent, Purpose
from mesoplan.clinic.photos.page import sets_of
from mesoplan.clinic.photos.removing import remove_in_time
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act


@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, ref: str) -> HttpResponse:
    person = require(request, Act.ADD_PHOTOS)
    patient = patient_of(ref)
    today = timezone.localdate()
    day = day_form("given_on", request.POST.get("given_on", today.isoformat()), today)
    chosen = purposes_in(request.POST)
    mends = {"purposes": _("Choose what the patient agreed to.")} if request.POST and not chosen else {}
    mends |= {"given_on": day.mend} if day.mend else {}
    if request.method == "POST" and day.day and not mends:
        record_consent(patient=patient, purposes=chosen, given_on=day.day, by=person)
        messages.success(request, _("Consent is recorded."))
        return redirect("photos:add" if set(chosen) & set(GROUNDS) and not sets_of(patient) else "photos:photos", ref)
    context = {
        "strip": strip_of(patient, person),
        "patient": patient,
        "purposes": [purpose for purpose in Purpose if purpose not in consents.standing(patient)],
        "chosen": chosen,
        "day": day,
        "today": today,
        "mends": mends,
    }
    return render(request, "photos/consent.html", context, status=422 if mends else 200)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    person = require(request, Act.ADD_PHOTOS)
    patient = patient_of(ref)
    given = get_object_or_404(PhotoConsent.objects.select_related("recorded_by"), pk=pk, patient=patient)
    today = timezone.localdate()
    day = day_form("withdrawn_on", request.POST.get("withdrawn_on", today.isoformat()), today)
    standing = set(consents.standing(patient)) - {Purpose(given.purpose)}
    closes = not standing & set(GROUNDS)
    sets = sets_of(patient)
    asks = closes and bool(sets)
    mends = {"withdrawn_on": day.mend} if day.mend else {}
    if asks and request.POST and request.POST.get("photos") not in ("delete", "close"):
        mends["photos"] = _("Choose what becomes of the photos.")
    if request.method == "POST" and day.day and not mends:
        delete = asks and request.POST["photos"] == "delete"
        withdraw_consent(consent=given, withdrawn_on=day.day, delete=delete, by=person)
        if delete:
            remove_in_time()
        messages.success(request, _("The withdrawal is recorded."))
        return redirect("photos:photos", ref)
    context = {
        "strip": strip_of(patient, person),
        "patient": patient,
        "given": given,
        "asks": asks,
        "closes": closes,
        "planning": given.purpose == Purpose.PLANNING,
        "count": sum(1 for one in sets for photo in one.photos.all() if photo.deleted_at is None),
        "day": day,
        "today": today,
        "chosen": request.POST.get("photos", ""),
        "mends": mends,
    }
    return render(request, "photos/withdraw.html", context, status=422 if mends else 200)
