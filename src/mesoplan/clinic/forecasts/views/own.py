"""What the clinic's own courses show, and having forecasts learn from them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.forecasts.models import OwnFit
from mesoplan.clinic.forecasts.own_courses import recorded_courses
from mesoplan.clinic.forecasts.own_figures import fit_shown
from mesoplan.clinic.forecasts.own_fit import FEWEST_COURSES, learn, newest
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act

EARLIER = 10


@require_http_methods(["GET", "POST"])
def own_courses(request: HttpRequest) -> HttpResponse:
    knowledge = knowledge_base.current()
    if request.method == "POST":
        learn(by=require(request, Act.LEARN_FROM_COURSES), knowledge=knowledge, today=timezone.localdate())
        messages.success(request, _("Worked out anew from the courses as they stand today."))
        return redirect("forecasts:own_courses")
    require(request, Act.VIEW_CLINICAL)
    fit = newest()
    context = {
        "fit": fit_shown(fit) if fit else None,
        "recorded": sum(1 for _one in recorded_courses(knowledge, timezone.localdate())),
        "fewest": FEWEST_COURSES,
        "earlier": _earlier(fit),
    }
    return render(request, "forecasts/own.html", context)


def _earlier(fit: OwnFit | None) -> list[OwnFit]:
    """Those that no forecast reads any more."""
    rows = OwnFit.objects.select_related("fitted_by")
    return list((rows.exclude(pk=fit.pk) if fit else rows)[:EARLIER])
