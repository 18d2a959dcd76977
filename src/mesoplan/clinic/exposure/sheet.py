"""The exposure of a plan on paper: a draft or signed as its plan is. Each print is on record as one of the plan."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.courses.actions import note_printed
from mesoplan.clinic.courses.faces import printed_face
from mesoplan.clinic.courses.plan_page import shown
from mesoplan.clinic.courses.views.plan import plan_row
from mesoplan.clinic.courses.views.sheet import PAPERS, header_of
from mesoplan.clinic.exposure.hours import asked_hours
from mesoplan.clinic.exposure.kernels import folder
from mesoplan.clinic.requests import require
from mesoplan.documents.exposure_sheet import exposure_sheet
from mesoplan.documents.plan_maps import plan_maps
from mesoplan.documents.sheet import Paper
from mesoplan.planning.plan_exposure import covered_zones, plan_exposure
from mesoplan.workflow import Act


@require_GET
def sheet(request: HttpRequest, plan_id: int) -> HttpResponse:
    person = require(request, Act.PRINT_PLAN)
    row, knowledge, kept = plan_row(plan_id), knowledge_base.current(), folder()
    seen, asked = shown(row), asked_hours(request.GET.get("hours"))
    if asked.error:
        return HttpResponse(asked.error, status=422, content_type="text/plain; charset=utf-8")
    exposure = plan_exposure(seen.content, seen.case, knowledge, kept, hours=asked.hours)
    covered = covered_zones(exposure, seen.content, seen.case, knowledge, kept)
    printed = exposure_sheet(
        plan=seen.content,
        case=seen.case,
        evaluation=seen.evaluation,
        exposure=exposure,
        knowledge=knowledge,
        header=header_of(row, seen),
        maps=plan_maps(seen.content, seen.case, knowledge, printed_face(seen.case), covered),
        paper=PAPERS.get(request.GET.get("paper", ""), Paper.A4),
    )
    note_printed(plan=row, revision=seen.revision, by=person, paper="exposure")
    state = f"revision-{seen.revision.number}" if seen.revision else "draft"
    name = f"exposure-{row.course.patient.ref}-{state}.pdf"
    return HttpResponse(
        printed, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
