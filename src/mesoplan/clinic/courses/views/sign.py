"""What exactly do I put my name under? What stands in the way, reasons, summary, what is bound, the signature."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.courses.addresses import assessment_address
from mesoplan.clinic.courses.changes import changes_between
from mesoplan.clinic.courses.checks import check_version
from mesoplan.clinic.courses.comparison import questions_in
from mesoplan.clinic.courses.documents import basis, proposal_behind
from mesoplan.clinic.courses.figures import finding_cards, recipe_lines
from mesoplan.clinic.courses.models import Plan, Revision
from mesoplan.clinic.courses.signing import (
    MEANING,
    SigningForm,
    check_again,
    last_reasons,
    sign_with_reasons,
    stands_in_the_way,
)
from mesoplan.clinic.courses.views.plan import plan_row
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.requests import require
from mesoplan.domain.writing import date_text, quantity_text
from mesoplan.workflow import Act, Move, Overtaken, check_transition

NOT_SEEN = (
    "The plan or its check changed after this page was opened. Read it again: nothing was signed, and your reasons "
    "are kept."
)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, plan_id: int) -> HttpResponse:
    person = require(request, Act.SIGN_PLAN)
    row = plan_row(plan_id)
    check_transition(row.plan_state, Move.SIGN)
    form = SigningForm(row, check_again(row), person, request.POST.dict() if request.method == "POST" else {})
    if request.method == "GET":
        return _page(request, form)
    return _signed(request, form)


def _signed(request: HttpRequest, form: SigningForm) -> HttpResponse:
    """Sign, or say what is missing; every word that was typed stays."""
    version = request.POST.get("version", "")
    try:
        check_version(form.plan, int(version) if version.isascii() and version.isdigit() else 0)
    except Overtaken as overtaken:
        return _page(request, form, status=409, stale=f"{overtaken} Read the newer plan below before you sign.")
    if request.POST.get("checked") != form.checked.sha256:
        return _page(request, form, status=409, stale=NOT_SEEN)
    if stands_in_the_way(form.checked.evaluation.findings):
        return _page(request, form, status=422, stale="Nothing can be signed past what stands in the way.")
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        sign_with_reasons(form, form.plan.version)
    except Overtaken as overtaken:
        return _page(request, form, status=409, stale=str(overtaken))
    return redirect("courses:plan", form.plan.pk)


def _page(request: HttpRequest, form: SigningForm, *, status: int = 200, stale: str = "") -> HttpResponse:
    return render(request, "courses/sign.html", _context(form, stale), status=status)


def _context(form: SigningForm, stale: str) -> dict[str, Any]:
    knowledge, plan, checked = knowledge_base.current(), form.plan, form.checked
    findings, proposal = checked.evaluation.findings, proposal_behind(plan)
    in_the_way = stands_in_the_way(findings)
    return {
        "plan": plan,
        "form": form,
        "stale": stale,
        "strip": strip_of(plan.course.patient, form.person),
        "in_the_way": finding_cards(tuple(one for one in in_the_way if not one.asks), knowledge),
        "questions": [
            {"question": one, "href": assessment_address(plan.assessment, one.term)}
            for one in questions_in(in_the_way, knowledge)
        ],
        "reasons": [
            {"field": one, "card": finding_cards((one.finding,), knowledge, plan=checked.content)[0]}
            for one in form.reasons
        ],
        "last_reasons": last_reasons(form.person) if form.reasons else [],
        "notes": finding_cards(
            tuple(one for one in findings if one.severity.value == "info" and not one.asks), knowledge
        ),
        "changes": changes_between(proposal.plan, checked.content, knowledge) if proposal else [],
        "recipe": recipe_lines(checked.content, knowledge),
        "facts": _facts(plan, form),
        "basis": basis(),
        "next_revision": _next_number(plan),
        "meaning": MEANING,
        "assessment_href": assessment_address(plan.assessment),
    }


def _facts(plan: Plan, form: SigningForm) -> list[tuple[str, str]]:
    content, burden, knowledge = form.checked.content, form.checked.evaluation.burden, knowledge_base.current()
    zones = dict.fromkeys(knowledge.zones[one.zone].title for one in content.placements)
    sessions = content.schedule.sessions
    days = date_text(sessions[0]) if len(sessions) == 1 else f"{date_text(sessions[0])} to {date_text(sessions[-1])}"
    return [
        ("Plan", content.title),
        ("Goal", knowledge.aims[content.goal].title),
        ("Zones", "; ".join(zones)),
        ("Points", f"{burden.punctures_per_session} in each session, {burden.punctures_in_course} in the course"),
        ("Injected", f"{quantity_text(burden.injected_ml_per_session, 'mL', decimals=2)} in each session"),
        ("Sessions", f"{burden.sessions}, {days}"),
    ]


def _next_number(plan: Plan) -> int:
    newest = Revision.objects.filter(plan__course=plan.course).order_by("-number").first()
    return newest.number + 1 if newest else 1
