"""Which of the things that fit do I take as a start, and what was ruled out?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_GET, require_POST

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.courses.actions import keep_proposals, open_course, start_plan
from mesoplan.clinic.courses.addresses import assessment_address
from mesoplan.clinic.courses.comparison import comparisons, open_questions
from mesoplan.clinic.courses.documents import as_json, basis, case_of, planned, proposals_of
from mesoplan.clinic.courses.figures import finding_cards
from mesoplan.clinic.courses.models import Assessment, Course, ProposalSet
from mesoplan.clinic.courses.trade_offs import plan_with
from mesoplan.clinic.evidence.links import rules_reviewed_here
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.requests import require
from mesoplan.clinic.shell.templatetags.mesoplan import english
from mesoplan.domain.case import Case
from mesoplan.domain.errors import InputError
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.point_numbers import renumbered
from mesoplan.planning.propose import ORDER
from mesoplan.planning.propose import propose as propose_plans
from mesoplan.workflow import Act, Refused

ORDERS = {
    ORDER: gettext_lazy(
        "Fewest blocks and waits, then fewest warnings; then the direction of the evidence (positive, conflicting, "
        "none, negative) and its level; then fewest punctures over the course."
    )
}
"""How the planner says that it ordered its proposals; another release may have said it otherwise."""
NOT_AMONG_THEM = gettext_noop("This proposal is not among those of the course. Open the proposals again.")


@require_POST
def propose(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Propose from an assessment as it stands. What keeps it from being read is told, and nothing is created."""
    person = require(request, Act.PROPOSE)
    assessment = get_object_or_404(Assessment.objects.select_related("patient"), pk=assessment_id)
    try:
        case = case_of(assessment, timezone.localdate())
    except InputError as error:
        problems = [{"text": str(one), "href": assessment_address(assessment, one.field)} for one in error.problems]
        context = {"assessment": assessment, "problems": problems, "strip": strip_of(assessment.patient, person)}
        return render(request, "courses/cannot_propose.html", context, status=422)
    answer = propose_plans(case, knowledge_base.current())
    with transaction.atomic():
        course = open_course(patient=assessment.patient, goal=_goal_words(case), by=person)
        keep_proposals(course=course, assessment=assessment, proposals=as_json(answer), basis=basis(), by=person)
    return redirect("courses:proposals", course.pk)


def _goal_words(case: Case) -> str:
    aims = knowledge_base.current().aims
    return ", ".join(dict.fromkeys(aims[goal.aim].title for goal in case.goals))[:200]


@require_GET
def proposals(request: HttpRequest, course_id: int) -> HttpResponse:
    person = require(request, Act.VIEW_CLINICAL)
    course = get_object_or_404(Course.objects.select_related("patient"), pk=course_id)
    kept = _latest(course)
    note_seen_once(thing=f"proposals {kept.pk}", patient=course.patient.ref, by=person)
    context = {
        "course": course,
        "kept": kept,
        "strip": strip_of(course.patient, person),
        "hide_equal": request.GET.get("equal") == "hidden",
        "changed_since": kept.assessment.version != kept.assessment_version,
        "assessment_href": assessment_address(kept.assessment),
        "has_plan": course.plans.exists(),
        **_shown(kept),
    }
    return render(request, "courses/proposals.html", context)


def _latest(course: Course) -> ProposalSet:
    sets = ProposalSet.objects.filter(course=course).select_related("assessment__patient", "proposed_by")
    return get_object_or_404(sets, pk=sets.values_list("pk", flat=True).first())


def _shown(kept: ProposalSet) -> dict[str, Any]:
    knowledge, answer = knowledge_base.current(), proposals_of(kept)
    questions, here = open_questions(answer, knowledge), rules_reviewed_here(knowledge)
    return {
        "order": ORDERS.get(answer.order) or english(answer.order),
        "goals": comparisons(answer, knowledge, here),
        "has_trade_offs": any(one.front for one in answer.proposals),
        "screening": finding_cards(tuple(one for one in answer.screening if not one.asks), knowledge, here=here),
        "questions": [{"question": one, "href": assessment_address(kept.assessment, one.term)} for one in questions],
    }


@require_POST
def start(request: HttpRequest, course_id: int, proposal_id: str) -> HttpResponse:
    """A draft from one proposal, or from another regimen among its trade-offs, checked again as it is started."""
    person = require(request, Act.EDIT_PLAN)
    course = get_object_or_404(Course.objects.select_related("patient"), pk=course_id)
    kept = _latest(course)
    answer = proposals_of(kept)
    chosen = next((one for one in answer.proposals if one.id == proposal_id), None)
    if chosen is None:
        raise Refused(NOT_AMONG_THEM)
    case, number = case_of(kept.assessment), request.POST.get("regimen")
    plan = chosen.plan if number is None else plan_with(number, chosen, answer, case, knowledge_base.current())
    content = renumbered(planned(plan.model_dump(mode="json"), case))
    evaluation = evaluate(case, content, knowledge_base.current())
    draft = start_plan(
        course=course,
        assessment=kept.assessment,
        plan=as_json(content),
        evaluation=as_json(evaluation),
        by=person,
        proposal_set=kept,
        proposal_id=proposal_id,
    )
    messages.success(request, format_html(_("Draft started from “{title}”."), title=english(chosen.title)))
    return redirect("courses:plan", draft.pk)
