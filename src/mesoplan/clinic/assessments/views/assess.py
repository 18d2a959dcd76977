"""What is there, how much, and what stands in the way? One page, saved at each change."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.assessments import saving
from mesoplan.clinic.assessments.overtaken import differences_of
from mesoplan.clinic.assessments.page import Page
from mesoplan.clinic.assessments.parts import answer_in_parts
from mesoplan.clinic.assessments.saving import Change
from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.courses.actions import sign_assessment
from mesoplan.clinic.courses.models import Assessment
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act, Overtaken, Refused

UNDO = "assessment undo"


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def assess(request: HttpRequest, ref: str) -> HttpResponse:
    person = require(request, Act.PREFILL_ASSESSMENT)
    patient = get_object_or_404(Patient, ref=ref)
    assessment = saving.open_assessment(patient)
    if request.method == "POST":
        return _save(request, patient, assessment, person)
    signed = saving.latest_signed(patient)
    if assessment is None and signed is not None:
        return redirect("assessments:assessment", signed.pk)
    note_seen_once(thing="assessment", patient=patient.ref, by=person)
    undo = request.session.pop(UNDO, None)
    page = Page(
        saving.document_of(assessment, patient, timezone.localdate()),
        knowledge_base.current(),
        earlier=signed.case if signed else None,
        query=request.GET.get("find", ""),
        undo=undo,
    )
    return render(request, "assessments/assess.html", context_of(patient, assessment, page, person))


@require_GET
def find(request: HttpRequest, ref: str) -> HttpResponse:
    """What can be listed, as it is typed."""
    require(request, Act.PREFILL_ASSESSMENT)
    patient = get_object_or_404(Patient, ref=ref)
    document = saving.document_of(saving.open_assessment(patient), patient, timezone.localdate())
    page = Page(document, knowledge_base.current(), query=request.GET.get("find", ""))
    return render(request, "assessments/found.html", {"page": page, "patient": patient})


def context_of(patient: Patient, assessment: Assessment | None, page: Page, person: User) -> dict[str, Any]:
    return {
        "patient": patient,
        "assessment": assessment,
        "version": assessment.version if assessment else 0,
        "page": page,
        "strip": strip_of(patient, person),
    }


def _save(request: HttpRequest, patient: Patient, assessment: Assessment | None, person: User) -> HttpResponse:
    in_parts = request.headers.get("HX-Request") == "true"
    stored = saving.document_of(assessment, patient, timezone.localdate())
    whole = not in_parts and "changed" not in request.POST
    change = saving.change_of(stored, patient, request.POST, person, whole=whole)
    version = _whole_number(request.POST.get("version", ""))
    try:
        saving.check_not_overtaken(assessment, version)
        if not change.mends or in_parts:
            assessment = saving.keep(assessment, patient, version, change, person)
    except Overtaken as overtaken:
        return _overtaken(request, patient, assessment, change, overtaken, person)
    if in_parts:
        return answer_in_parts(request, patient, assessment, change, person)
    if change.mends:
        return _to_mend(request, patient, assessment, change, person)
    return _onwards(request, patient, assessment, change, person)


def _to_mend(
    request: HttpRequest, patient: Patient, assessment: Assessment | None, change: Change, person: User
) -> HttpResponse:
    """Nothing was written; everything typed stands in the form."""
    page = Page(change.document, knowledge_base.current(), mends=change.mends)
    return render(request, "assessments/assess.html", context_of(patient, assessment, page, person), status=422)


def _overtaken(
    request: HttpRequest,
    patient: Patient,
    assessment: Assessment | None,
    change: Change,
    overtaken: Overtaken,
    person: User,
) -> HttpResponse:
    """Both versions; nothing is overwritten, and what was typed is still in the form."""
    theirs = saving.open_assessment(patient)
    told = {
        "who": overtaken.who,
        "at": f"{overtaken.at:%H:%M}",
        "rows": differences_of(change, knowledge_base.current()),
        "take_theirs": reverse("assessments:assess", args=[patient.ref]),
        "version": theirs.version if theirs else 0,
        "names": change.names,
    }
    page = Page(change.document, knowledge_base.current(), mends=change.mends)
    context = context_of(patient, assessment, page, person) | {
        "overtaken": told,
        "version": _whole_number(request.POST.get("version", "")),
    }
    in_parts = request.headers.get("HX-Request") == "true"
    template = "assessments/overtaken.html" if in_parts else "assessments/assess.html"
    response = render(request, template, context | {"oob": in_parts}, status=409)
    if in_parts:
        response.headers["HX-Reswap"] = "none"
    return response


def _onwards(
    request: HttpRequest, patient: Patient, assessment: Assessment | None, change: Change, person: User
) -> HttpResponse:
    """After a whole form: back to the page, or on to what was asked for."""
    act = request.POST.get("act", "save")
    if change.undo:
        request.session[UNDO] = change.undo
    here = reverse("assessments:assess", args=[patient.ref])
    if act == "sign":
        return _sign(assessment, person)
    if act == "propose" and assessment is not None:
        require(request, Act.PROPOSE)
        # 307 sends the same form on, as a POST: the page that proposes belongs to another room.
        return HttpResponseRedirect(reverse("courses:propose", args=[assessment.pk]), status=307)
    if act == "find":
        return redirect(f"{here}?find={request.POST.get('find', '')}#picks")
    return redirect(here)


def _sign(assessment: Assessment | None, person: User) -> HttpResponse:
    if assessment is None:
        raise Refused(_("Nothing is filled in yet. Choose an aim and its zones first."))
    page = Page(assessment.case, knowledge_base.current())
    if page.needs:
        raise Refused(_("This is not complete yet. %(need)s") % {"need": page.needs[0].text})
    sign_assessment(assessment=assessment, version=assessment.version, by=person)
    return redirect("assessments:assessment", assessment.pk)


def _whole_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
