"""The plan on paper: DRAFT across it until it is signed, then with its signature. Each print is on record."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.courses.actions import note_printed
from mesoplan.clinic.courses.documents import proposal_behind
from mesoplan.clinic.courses.faces import printed_face
from mesoplan.clinic.courses.models import Plan
from mesoplan.clinic.courses.plan_page import Shown, shown
from mesoplan.clinic.courses.views.plan import plan_row
from mesoplan.clinic.exposure.kernels import folder
from mesoplan.clinic.requests import require
from mesoplan.documents.plan_maps import plan_maps
from mesoplan.documents.plan_sheet import plan_sheet
from mesoplan.documents.sheet import Paper, PatientLabel, SheetHeader, Signature
from mesoplan.domain.plan import OverrideReason
from mesoplan.domain.writing import moment_text
from mesoplan.planning.plan_exposure import covered_zones, plan_exposure
from mesoplan.workflow import Act, Role

PAPERS = {"a4": Paper.A4, "letter": Paper.LETTER}


@require_GET
def sheet(request: HttpRequest, plan_id: int) -> HttpResponse:
    person = require(request, Act.PRINT_PLAN)
    row, knowledge = plan_row(plan_id), knowledge_base.current()
    seen, proposal = shown(row), proposal_behind(plan_row(plan_id))
    face = printed_face(seen.case)
    exposure = plan_exposure(seen.content, seen.case, knowledge, folder())
    colours = covered_zones(exposure, seen.content, seen.case, knowledge, folder())
    printed = plan_sheet(
        plan=seen.content,
        case=seen.case,
        evaluation=seen.evaluation,
        knowledge=knowledge,
        header=header_of(row, seen),
        maps=plan_maps(seen.content, seen.case, knowledge, face),
        why=proposal.why if proposal else (),
        exposure=exposure,
        covered=plan_maps(seen.content, seen.case, knowledge, face, colours)[0] if colours else None,
        paper=PAPERS.get(request.GET.get("paper", ""), Paper.A4),
    )
    note_printed(plan=row, revision=seen.revision, by=person)
    state = f"revision-{seen.revision.number}" if seen.revision else "draft"
    name = f"plan-{row.course.patient.ref}-{state}.pdf"
    return HttpResponse(
        printed, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def header_of(row: Plan, seen: Shown) -> SheetHeader:
    patient, revision = row.course.patient, seen.revision
    signed = revision.signature if revision else None
    return SheetHeader(
        clinic=settings.CLINIC_NAME,
        patient=PatientLabel(
            name=patient.full_name, birth_date=patient.birth_date, record_number=patient.record_number
        ),
        status="signed" if signed else "draft",
        revision=revision.number if revision else None,
        content_sha256=revision.content_hash if revision else None,
        signature=Signature(
            printed_name=signed.printed_name,
            role=Role(signed.role).label,
            signed_at=timezone.localtime(signed.signed_at),
            meaning=signed.meaning,
        )
        if signed
        else None,
        printed_at=moment_text(timezone.localtime()),
        overrides=overrides_of(row),
    )


def overrides_of(row: Plan) -> tuple[OverrideReason, ...]:
    """The reasons given for this plan, oldest first; a reason of few words is printed as it stands."""
    return tuple(
        OverrideReason.model_construct(rule=one.rule, reason=one.reason)
        for one in row.override_reasons.order_by("given_at", "id")
    )
