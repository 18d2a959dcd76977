"""The patient leaflet of one plan, in the patient's language: on screen, and on paper with the clinic's telephone."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_GET

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.courses.actions import note_printed
from mesoplan.clinic.courses.models import Plan
from mesoplan.clinic.courses.plan_page import Shown, shown
from mesoplan.clinic.courses.views.plan import plan_row
from mesoplan.clinic.forecasts.page import Page as Forecast
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.requests import require
from mesoplan.clinic.shell.writing import reader_language
from mesoplan.documents.leaflet import leaflet
from mesoplan.documents.leaflet_blocks import ClinicContact, Leaflet
from mesoplan.documents.leaflet_sheet import LeafletHeader, leaflet_sheet
from mesoplan.documents.sheet import PatientLabel
from mesoplan.domain.writing import Language, long_date_text
from mesoplan.workflow import Act

LANGUAGE_NAMES = {"en": "English", "fr": "Français", "it": "Italiano", "es": "Español"}


def _language(request: HttpRequest) -> Language:
    """The language asked for, which is the patient's; that of the page until one is chosen."""
    asked = request.GET.get("language", "")
    return Language(asked) if asked in LANGUAGE_NAMES else reader_language()


def _leaflet(row: Plan, seen: Shown, language: Language) -> Leaflet:
    with override(language.value):  # the patient's, which need not be that of the page
        telephone = str(settings.CLINIC_TELEPHONE)
    contact = ClinicContact(telephone=telephone, emergency=settings.EMERGENCY_TELEPHONE)
    knowledge = knowledge_base.current()
    told = Forecast(row.course, knowledge, timezone.localdate(), QueryDict(), row).told
    return leaflet(seen.content, seen.case, seen.evaluation, knowledge, language, contact, told)


@require_GET
def leaflet_page(request: HttpRequest, plan_id: int) -> HttpResponse:
    person = require(request, Act.PRINT_PLAN)
    row = plan_row(plan_id)
    language = _language(request)
    context = {
        "strip": strip_of(row.course.patient, person),
        "plan": row,
        "leaflet": _leaflet(row, shown(row), language),
        "language": language.value,
        "languages": LANGUAGE_NAMES.items(),
    }
    return render(request, "leaflets/leaflet.html", context)


@require_GET
def leaflet_pdf(request: HttpRequest, plan_id: int) -> HttpResponse:
    person = require(request, Act.PRINT_PLAN)
    row = plan_row(plan_id)
    seen, language = shown(row), _language(request)
    printed = leaflet_sheet(_leaflet(row, seen, language), _header(row, seen, language), knowledge_base.current())
    note_printed(plan=row, revision=seen.revision, by=person)
    name = f"leaflet-{row.course.patient.ref}-{language.value}.pdf"
    return HttpResponse(
        printed, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def _header(row: Plan, seen: Shown, language: Language) -> LeafletHeader:
    patient, revision = row.course.patient, seen.revision
    return LeafletHeader(
        clinic=settings.CLINIC_NAME,
        patient=PatientLabel(
            name=patient.full_name, birth_date=patient.birth_date, record_number=patient.record_number
        ),
        status="signed" if revision else "draft",
        revision=revision.number if revision else None,
        printed=long_date_text(timezone.localdate(), language),
    )
