"""Is this the right person, and what is next? The list and its search."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from mesoplan.clinic.courses.models import Assessment, Plan
from mesoplan.clinic.patients.forms import carried_over
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.patients.queries import found, namesakes
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act, PlanState, may

PER_PAGE = 50
SHORTEST = 2  # letters from which on a search begins


@require_GET
@vary_on_headers("HX-Request")
def patients(request: HttpRequest) -> HttpResponse:
    person = require(request, Act.VIEW_PATIENTS)
    query = request.GET.get("q", "").strip()
    rows = found(query) if len(query) >= SHORTEST else found("")
    clinical = may(Act.VIEW_CLINICAL, person.workflow_role)
    page = Paginator(with_waiting(rows) if clinical else rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    context: dict[str, Any] = {
        "query": query,
        "page": page,
        "shown": shown,
        "namesakes": namesakes(shown),
        "clinical": clinical,
        "new_from_here": f"{reverse('new_patient')}?{urlencode(carried_over(query))}",
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "patients/results.html" if part else "patients/patients.html", context)


def with_waiting(rows: QuerySet[Patient]) -> QuerySet[Patient]:
    """With what waits for somebody: a draft to sign, an assessment without a plan, a plan in force."""
    plans = Plan.objects.filter(course__patient=OuterRef("pk"))
    assessed = Assessment.objects.filter(patient=OuterRef("pk"))
    return rows.annotate(
        has_draft=Exists(plans.filter(state=PlanState.DRAFT)),
        has_plan=Exists(plans.filter(state=PlanState.SIGNED)),
        is_assessed=Exists(assessed),
    )
