"""One plan: what is set, where it goes, what follows from it. A draft is changed here; a signed plan is read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.courses.actions import save_draft, start_revision, void_plan
from mesoplan.clinic.courses.checks import check_version
from mesoplan.clinic.courses.documents import as_json, case_of, planned
from mesoplan.clinic.courses.models import Plan
from mesoplan.clinic.courses.plan_form import PlanForm
from mesoplan.clinic.courses.plan_page import page_of
from mesoplan.clinic.exposure.kernels import begin_to_warm
from mesoplan.clinic.requests import require
from mesoplan.domain.plan import Plan as PlannedCourse
from mesoplan.planning.evaluate import evaluate
from mesoplan.workflow import Act, Move, Overtaken, check_transition


def plan_row(plan_id: int) -> Plan:
    rows = Plan.objects.select_related(
        "course__patient", "assessment__patient", "assessment__changed_by", "proposal_set", "changed_by", "follows"
    )
    return get_object_or_404(rows, pk=plan_id)


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    person = require(request, Act.VIEW_CLINICAL)
    row = plan_row(plan_id)
    if request.method == "POST":
        return _changed(request, require(request, Act.EDIT_PLAN), row)
    begin_to_warm()
    note_seen_once(thing=f"plan {row.pk}", patient=row.course.patient.ref, by=person)
    return render(request, "courses/plan.html", page_of(row, person))


def _changed(request: HttpRequest, person: User, row: Plan) -> HttpResponse:
    check_transition(row.plan_state, Move.EDIT)
    case = case_of(row.assessment)
    kept = planned(row.plan, case)
    form = PlanForm(kept, case, knowledge_base.current(), request.POST.dict())
    version = request.POST.get("version", "")
    try:
        check_version(row, int(version) if version.isascii() and version.isdigit() else 0)
        content = form.edited()
        if content is None:
            return _kept(request, page_of(row, person, form=form), 422)
        if content != kept:
            evaluation = evaluate(case, content, knowledge_base.current())
            save_draft(
                plan=row, version=row.version, content=as_json(content), evaluation=as_json(evaluation), by=person
            )
            _say(request, kept, content)
    except Overtaken as overtaken:
        told = {"who": overtaken.who, "at": f"{overtaken.at:%H:%M}", "rows": list(form.differences())}
        row.refresh_from_db()
        return _kept(request, page_of(row, person, form=form, overtaken=told), 409)
    return redirect("courses:plan", row.pk)


def _kept(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    """The page with what was typed; swapped in, it comes into sight at what is to be mended."""
    answer = render(request, "courses/plan.html", context, status=status)
    answer.headers["HX-Reswap"] = "outerHTML show:#plan-bands:top"
    return answer


def _say(request: HttpRequest, before: PlannedCourse, now: PlannedCourse) -> None:
    at, was, count = f"{timezone.localtime():%H:%M}", before.punctures(), now.punctures()
    told = _("Saved %(at)s.")
    if was != count:
        told = ngettext(
            "Saved %(at)s. %(before)s → %(count)s point.", "Saved %(at)s. %(before)s → %(count)s points.", count
        )
    messages.success(request, told % {"at": at, "before": was, "count": count})


@require_POST
def revise(request: HttpRequest, plan_id: int) -> HttpResponse:
    """A new draft that follows a signed plan, which stays in force until the draft is signed."""
    person = require(request, Act.EDIT_PLAN)
    draft = start_revision(plan=plan_row(plan_id), by=person)
    messages.success(request, _("New draft. The signed plan stays in force until this one is signed."))
    return redirect("courses:plan", draft.pk)


@require_POST
def void(request: HttpRequest, plan_id: int) -> HttpResponse:
    person = require(request, Act.VOID_PLAN)
    row = plan_row(plan_id)
    void_plan(plan=row, reason=request.POST.get("reason", ""), by=person)
    messages.success(request, _("The plan is void. It stays on record with your reason."))
    return redirect("courses:plan", row.pk)
