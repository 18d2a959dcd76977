"""A signed assessment as text, and what may follow it: an amendment with its reason, or the next visit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.assessments import draft, saving
from mesoplan.clinic.assessments.page import Page
from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.courses.actions import amend_assessment, start_assessment
from mesoplan.clinic.courses.models import Assessment
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.photos.planning_face import leave_unless_agreed
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act, WrongState


@require_GET
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    person = require(request, Act.VIEW_CLINICAL)
    rows = Assessment.objects.select_related("patient", "changed_by", "signed_by", "amends", "recorded_by")
    shown = get_object_or_404(rows, pk=pk)
    open_ = saving.open_assessment(shown.patient)
    if open_ == shown:
        return redirect("assessments:assess", shown.patient.ref)
    note_seen_once(thing=f"assessment {shown.pk}", patient=shown.patient.ref, by=person)
    context = {
        "patient": shown.patient,
        "assessment": shown,
        "page": Page(shown.case, knowledge_base.current()),
        "strip": strip_of(shown.patient, person),
        "open": open_,
        "amended_by": Assessment.objects.filter(amends=shown).first(),
    }
    return render(request, "assessments/record.html", context)


@require_POST
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    person = require(request, Act.RECORD_ASSESSMENT)
    signed = get_object_or_404(Assessment.objects.select_related("patient"), pk=pk)
    if signed.signed_at is None:
        raise WrongState(_("This assessment is not signed yet. Change it as it stands."))
    _refuse_second(signed.patient)
    if Assessment.objects.filter(amends=signed).exists():
        raise WrongState(_("This assessment was amended already. Amend the later one."))
    amend_assessment(assessment=signed, reason=request.POST.get("reason", ""), by=person)
    leave_unless_agreed(signed.patient, person)
    return redirect("assessments:assess", signed.patient.ref)


@require_POST
def start(request: HttpRequest, ref: str) -> HttpResponse:
    """The next visit: what lasts is carried over, the rest is asked again."""
    person = require(request, Act.PREFILL_ASSESSMENT)
    patient = get_object_or_404(Patient, ref=ref)
    _refuse_second(patient)
    earlier, today = saving.latest_signed(patient), timezone.localdate()
    document = draft.carried_over(earlier.case, patient, today) if earlier else saving.document_of(None, patient, today)
    start_assessment(patient=patient, case=document, by=person)
    leave_unless_agreed(patient, person)
    return redirect("assessments:assess", patient.ref)


def _refuse_second(patient: Patient) -> None:
    """One open assessment for each patient, so that two people fill the same one."""
    open_ = saving.open_assessment(patient)
    if open_ is not None:
        told = _("%(name)s has an assessment of this patient open. Sign it off first.")
        raise WrongState(told % {"name": open_.changed_by})
