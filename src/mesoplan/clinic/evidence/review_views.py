"""Confirming a released value, disagreeing with it, and taking that back. Answers lead back to the entry."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.evidence.actions import review_value, take_back_review
from mesoplan.clinic.evidence.forms import ReviewForm
from mesoplan.clinic.evidence.links import entry_link
from mesoplan.clinic.evidence.models import ValueReview, Verdict
from mesoplan.clinic.evidence.reading import anchor_of
from mesoplan.clinic.evidence.views import entry_context
from mesoplan.clinic.requests import require
from mesoplan.clinic.shell.refusals import sentence
from mesoplan.workflow import Act, WrongState

SAID = {
    Verdict.CONFIRM: gettext_lazy("Confirmed in this clinic, %(time)s."),
    Verdict.DISAGREE: gettext_lazy("Disagreement kept, %(time)s."),
}


@require_POST
def review(request: HttpRequest, kind: str, entry_id: str) -> HttpResponse:
    person = require(request, Act.REVIEW_VALUE)
    form = ReviewForm(request.POST)
    context = entry_context(kind, entry_id, person, form=form)
    if not form.is_valid():
        return render(request, "evidence/entry.html", context, status=422)
    given = form.cleaned_data
    try:
        kept = review_value(
            kind=kind,
            entry_id=entry_id,
            path=given["path"],
            shown_sha256=given["shown"],
            verdict=Verdict(given["verdict"]),
            reason=given["reason"],
            knowledge=knowledge_base.current(),
            by=person,
        )
    except WrongState as refused:
        form.add_error(None, sentence(refused))
        return render(request, "evidence/entry.html", context, status=409)
    messages.success(request, SAID[Verdict(kept.verdict)] % {"time": f"{timezone.localtime(kept.reviewed_at):%H:%M}"})
    return redirect(f"{entry_link(kind, entry_id)}#{anchor_of(kept.path)}")


@require_POST
def take_back(request: HttpRequest, review_id: int) -> HttpResponse:
    person = require(request, Act.REVIEW_VALUE)
    row = get_object_or_404(ValueReview.objects.select_related("reviewed_by"), pk=review_id)
    take_back_review(review=row, by=person)
    messages.success(request, _("Taken back. Both stay on record."))
    return redirect(f"{entry_link(row.kind, row.entry_id)}#{anchor_of(row.path)}")
