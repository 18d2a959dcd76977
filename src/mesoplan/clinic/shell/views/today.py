"""What is waiting for me, and for whom? Each role sees what it may do something about."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.queries import last_walk
from mesoplan.clinic.requests import require
from mesoplan.clinic.shell.reviewed import in_all, reviewed_by_kind
from mesoplan.clinic.shell.waiting import alerts_for, days_for, waiting_for
from mesoplan.workflow import Act, may


@require_GET
@vary_on_headers("HX-Request")
def today(request: HttpRequest) -> HttpResponse:
    """The page; and for the page that asks again by itself, its lists, or nothing where they are as it shows them."""
    person = require(request, Act.SET_OWN_PREFERENCES)
    lists = lists_for(person)
    drawn = render_to_string("shell/today_lists.html", lists | {"user": person, "today": timezone.localdate()})
    shown = sha256(drawn.encode()).hexdigest()[:16]
    context = {"now": timezone.localtime(), "lists": drawn, "shown": shown, "alerts": lists["alerts"]}
    if request.headers.get("HX-Request") != "true":
        return render(request, "shell/today.html", context)
    if request.GET.get("shown") == shown:
        return HttpResponse(status=204)
    context["new_alerts"] = lists["alerts"].new_since(request.GET.get("alerts", ""))
    return render(request, "shell/today_part.html", context)


def lists_for(person: User) -> dict[str, Any]:
    role = person.workflow_role
    lists: dict[str, Any] = {
        "alerts": alerts_for(person),
        "waiting": waiting_for(person),
        "days": days_for(person),
        "shows_days": may(Act.VIEW_PATIENTS, role),
        "clinical": may(Act.VIEW_CLINICAL, role),
        "walk": last_walk() if may(Act.VIEW_AUDIT, role) else None,
    }
    if may(Act.REVIEW_VALUE, role):
        kinds = reviewed_by_kind()
        lists["review"] = {
            "all": in_all(kinds),
            "kinds": [one for one in kinds if one.open or one.lapsed],
            "release": knowledge_base.current().release,
            "whole": not may(Act.VIEW_CLINICAL, role),
        }
    broken = lists["walk"] is not None and not lists["walk"].state.whole
    to_review = "review" in lists and (lists["review"]["whole"] or lists["review"]["all"].lapsed)
    lists["nothing_waits"] = not (lists["alerts"].rows or lists["waiting"] or to_review or broken)
    return lists
