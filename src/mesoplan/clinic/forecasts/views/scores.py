"""A score at one visit of a course: recorded once, voided with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.assessments.page import Mend
from mesoplan.clinic.audit.actions import note_seen_once
from mesoplan.clinic.courses.models import Course
from mesoplan.clinic.forecasts.actions import record_score, void_score
from mesoplan.clinic.forecasts.course_plan import aims_of, plan_of, sessions_of
from mesoplan.clinic.forecasts.course_scores import Scored, scales_of, scores_of
from mesoplan.clinic.forecasts.models import Score
from mesoplan.clinic.forecasts.score_form import (
    ScoreForm,
    Visit,
    blank,
    half_typed,
    short_title,
    typed,
    who_may_score,
)
from mesoplan.clinic.patients.strip import strip_of
from mesoplan.clinic.requests import require
from mesoplan.clinic.shell.refusals import sentence
from mesoplan.clinic.shell.writing import date_text
from mesoplan.knowledge.schema.scales import Scale
from mesoplan.workflow import Act, WrongState


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def new_score(request: HttpRequest, course_id: int) -> HttpResponse:
    person = require(request, Act.RECORD_SCORE)
    course = get_object_or_404(Course.objects.select_related("patient"), pk=course_id)
    knowledge = knowledge_base.current()
    scales = scales_of(aims_of(course, plan_of(course), knowledge), knowledge)
    asked = request.GET.get("scale", "")
    scale = next((one for one in scales if one.id == asked), next(iter(scales), None))
    if scale is None:
        return _page(request, course, person, scales, None)
    visit = _visit(course, scale, person)
    if request.method == "GET":
        note_seen_once(thing=f"forecast of course {course.pk}", patient=course.patient.ref, by=person)
        return _page(request, course, person, scales, blank(visit, knowledge))
    if request.headers.get("HX-Request") == "true":
        form = half_typed(visit, knowledge, request.POST)
        return render(request, "assessments/lines.html", {"sheet": form.sheet, "place": "", "oob": False})
    return _kept(request, course, person, scales, typed(visit, knowledge, request.POST))


def _kept(request: HttpRequest, course: Course, person: User, scales: list[Scale], form: ScoreForm) -> HttpResponse:
    if not form.mends:
        try:
            record_score(
                course=course,
                scale=form.visit.scale.id,
                items=form.items,
                day=form.on,
                mode=form.mode,
                rater=form.rater,
                rater_person=form.rater_person,
                by=person,
            )
        except WrongState as refused:
            form.mends["day"] = Mend(sentence(refused), ())
    if form.mends:
        return _page(request, course, person, scales, form, status=422)
    said = {"scale": short_title(form.visit.scale), "day": date_text(form.on)}
    messages.success(request, _("%(scale)s of %(day)s is recorded.") % said)
    return redirect("forecasts:forecast", course.pk)


def _page(
    request: HttpRequest, course: Course, person: User, scales: list[Scale], form: ScoreForm | None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "course": course,
        "strip": strip_of(course.patient, person),
        "scales": [(one.id, short_title(one)) for one in scales],
        "form": form,
    }
    if form:
        context |= {"page": form, "sheet": form.sheet, "last": form.visit.last}
    return render(request, "forecasts/new_score.html", context, status=status)


def _visit(course: Course, scale: Scale, person: User) -> Visit:
    today = timezone.localdate()
    plan = plan_of(course)
    sessions = sessions_of(plan, today).all if plan else ()
    return Visit(
        scale=scale,
        today=today,
        born=course.patient.birth_date,
        first_session=sessions[0] if sessions else None,
        by=person,
        people=who_may_score(),
        last=_last(course, scale),
    )


def _last(course: Course, scale: Scale) -> Scored | None:
    """The latest whole score of this scale that counts."""
    found = [one for one in scores_of(course) if not one.void and one.value_on(scale) is not None]
    return found[-1] if found else None


@require_POST
def void(request: HttpRequest, score_id: int) -> HttpResponse:
    person = require(request, Act.VOID_SCORE)
    score = get_object_or_404(Score, pk=score_id)
    void_score(score=score, reason=request.POST.get("reason", ""), by=person)
    messages.success(request, _("The score is void. It stays on record with your reason."))
    return redirect("forecasts:forecast", score.course_id)
