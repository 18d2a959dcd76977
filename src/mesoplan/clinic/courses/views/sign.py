"""What exactly do I put my name under? What stands in the way, reasons, summary, what is bound, the signature."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
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
from mesoplan.clinic.evidence.links import rules_reviewed_here
from mesoplan.clinic.evidence.titles import title_of
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.requests import require
from mesoplan.clinic.shell.refusals import sentence
from mesoplan.clinic.shell.templatetags.mesoplan import english
from mesoplan.clinic.shell.writing import date_text, quantity_text
from mesoplan.domain.plan import Schedule
from mesoplan.workflow import Act, Move, Overtaken, check_transition

NOT_SEEN = gettext_lazy(
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
        return _page(request, form, status=409, stale=_read_again(overtaken))
    if request.POST.get("checked") != form.checked.sha256:
        return _page(request, form, status=409, stale=str(NOT_SEEN))
    if stands_in_the_way(form.checked.evaluation.findings):
        return _page(request, form, status=422, stale=_("Nothing can be signed past what stands in the way."))
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        sign_with_reasons(form, form.plan.version)
    except Overtaken as overtaken:
        return _page(request, form, status=409, stale=sentence(overtaken))
    return redirect("courses:plan", form.plan.pk)


def _read_again(overtaken: Overtaken) -> str:
    return _("%(who)s saved at %(time)s. Read the newer plan below before you sign.") % overtaken.values


def _page(request: HttpRequest, form: SigningForm, *, status: int = 200, stale: str = "") -> HttpResponse:
    return render(request, "courses/sign.html", _context(form, stale), status=status)


def _context(form: SigningForm, stale: str) -> dict[str, Any]:
    knowledge, plan, checked = knowledge_base.current(), form.plan, form.checked
    findings, proposal = checked.evaluation.findings, proposal_behind(plan)
    in_the_way, here = stands_in_the_way(findings), rules_reviewed_here(knowledge)
    return {
        "plan": plan,
        "form": form,
        "stale": stale,
        "strip": strip_of(plan.course.patient, form.person),
        "in_the_way": finding_cards(tuple(one for one in in_the_way if not one.asks), knowledge, here=here),
        "questions": [
            {"question": one, "href": assessment_address(plan.assessment, one.term)}
            for one in questions_in(in_the_way, knowledge)
        ],
        "reasons": [
            {"field": one, "card": finding_cards((one.finding,), knowledge, plan=checked.content, here=here)[0]}
            for one in form.reasons
        ],
        "last_reasons": last_reasons(form.person) if form.reasons else [],
        "notes": finding_cards(
            tuple(one for one in findings if one.severity.value == "info" and not one.asks), knowledge, here=here
        ),
        "changes": changes_between(proposal.plan, checked.content, knowledge) if proposal else [],
        "recipe": recipe_lines(checked.content, knowledge),
        "facts": _facts(plan, form),
        "basis": basis(),
        "next_revision": _next_number(plan),
        "meaning": _(MEANING),
        "kept_meaning": MEANING,
        "assessment_href": assessment_address(plan.assessment),
    }


def _facts(plan: Plan, form: SigningForm) -> list[tuple[str, str]]:
    content, burden, knowledge = form.checked.content, form.checked.evaluation.burden, knowledge_base.current()
    zones = dict.fromkeys(title_of("zones", one.zone, knowledge) for one in content.placements)
    counted = {"session": burden.punctures_per_session, "course": burden.punctures_in_course}
    volume = quantity_text(burden.injected_ml_per_session, "mL", decimals=2)
    return [
        (_("Plan"), english(content.title)),
        (_("Goal"), title_of("aims", content.goal, knowledge)),
        (_("Zones"), " · ".join(zones)),
        (_("Points"), _("%(session)s in each session, %(course)s in the course") % counted),
        (_("Injected"), _("%(volume)s in each session") % {"volume": volume}),
        (_("Sessions"), _days(content.schedule)),
    ]


def _days(schedule: Schedule) -> str:
    days, count = [date_text(day) for day in schedule.sessions], len(schedule.sessions)
    if count == 1:
        return _("1, on %(day)s") % {"day": days[0]}
    return _("%(count)s, from %(first)s to %(last)s") % {"count": count, "first": days[0], "last": days[-1]}


def _next_number(plan: Plan) -> int:
    newest = Revision.objects.filter(plan__course=plan.course).order_by("-number").first()
    return newest.number + 1 if newest else 1
