"""New patient and change of contact. Likely doubles are shown before saving; a colleague's save is never
overwritten."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mesoplan.clinic.patients.actions import CONTACT_FIELDS, Contact, add_patient, edit_patient_contact
from mesoplan.clinic.patients.forms import PatientForm, carried_over
from mesoplan.clinic.patients.models import Patient, Sex
from mesoplan.clinic.patients.queries import likely_doubles
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.requests import require
from mesoplan.clinic.shell.writing import date_text
from mesoplan.workflow import Act, Overtaken

EXAMPLE_DAY = date(1985, 5, 4)  # day and month differ, so that it shows which is which


@require_http_methods(["GET", "POST"])
def new_patient(request: HttpRequest) -> HttpResponse:
    person = require(request, Act.ADD_PATIENT)
    if request.method == "GET":
        initial = {field: request.GET[field] for field in CONTACT_FIELDS if field in request.GET}
        initial = initial or carried_over(request.GET.get("q", ""))
        return _new(request, {"form": PatientForm(initial=initial)})
    form = PatientForm(request.POST)
    if not form.is_valid():
        return _new(request, {"form": form}, status=422)
    doubles = [] if "confirmed" in request.POST else _doubles(form)
    if doubles:
        return _new(request, {"form": form, "doubles": doubles}, status=422)
    added = add_patient(by=person, **contact_of(form))
    messages.success(request, _("%(name)s is added.") % {"name": added.full_name})
    return redirect("patient", added.ref)


@require_http_methods(["GET", "POST"])
def edit_patient(request: HttpRequest, ref: str) -> HttpResponse:
    person = require(request, Act.EDIT_PATIENT_CONTACT)
    patient = get_object_or_404(Patient.objects.select_related("added_by", "changed_by"), ref=ref)
    context: dict[str, Any] = {"patient": patient, "strip": strip_of(patient, person), "example_day": EXAMPLE_DAY}
    if request.method == "GET":
        kept = {field: getattr(patient, field) for field in CONTACT_FIELDS}
        context |= {"form": PatientForm(initial=kept), "version": patient.version}
        return render(request, "patients/edit_patient.html", context)
    form = PatientForm(request.POST, patient=patient)
    version = _whole(request.POST.get("version", ""))
    context |= {"form": form, "version": version}
    if not form.is_valid():
        return render(request, "patients/edit_patient.html", context, status=422)
    try:
        edit_patient_contact(patient=patient, version=version, by=person, **contact_of(form))
    except Overtaken as overtaken:
        context["overtaken"] = {
            "who": overtaken.who,
            "at": f"{overtaken.at:%H:%M}",
            "rows": _differences(patient, form),
        }
        return render(request, "patients/edit_patient.html", context, status=409)
    messages.success(request, _("Saved %(time)s.") % {"time": f"{timezone.localtime():%H:%M}"})
    return redirect("patient", patient.ref)


def _new(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "patients/new_patient.html", {**context, "example_day": EXAMPLE_DAY}, status=status)


def contact_of(form: PatientForm) -> Contact:
    return cast(Contact, dict(form.cleaned_data))


def _doubles(form: PatientForm) -> list[Patient]:
    said = form.cleaned_data
    return likely_doubles(
        full_name=said["full_name"], birth_date=said["birth_date"], phone=said["phone"], email=said["email"]
    )


def _differences(patient: Patient, form: PatientForm) -> list[dict[str, str]]:
    """What the colleague saved beside what was typed, for the fields that differ."""
    rows = []
    for field in CONTACT_FIELDS:
        theirs, yours = getattr(patient, field), form.cleaned_data[field]
        if theirs != yours:
            label = str(form.fields[field].label)
            rows.append({"what": label, "theirs": _in_words(field, theirs), "yours": _in_words(field, yours)})
    return rows


def _in_words(field: str, value: Any) -> str:
    if field == "sex_at_birth":
        return str(Sex(value).label)
    return date_text(value) if field == "birth_date" else str(value)


def _whole(text: str) -> int:
    """The version that the form was opened with; one that no patient has when it is missing or mangled."""
    return int(text) if text.isascii() and text.isdigit() else 0
