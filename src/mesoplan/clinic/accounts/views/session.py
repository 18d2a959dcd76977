"""How long this session lasts, one tap that extends it, and the form that came too late."""

from __future__ import annotations

import time

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mesoplan.clinic.accounts.kept import drop, kept_for
from mesoplan.clinic.accounts.sessions import as_told, note_use
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act


@login_not_required  # whoever is logged out is told so, not led away
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """GET asks how much time is left; POST is the tap that extends it."""
    now = int(time.time())
    if request.method == "POST" and request.user.is_authenticated:
        note_use(request.session, now, at_once=True)
    response = JsonResponse(as_told(request, now))
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def kept_form(request: HttpRequest) -> HttpResponse:
    """After log-in: what was sent too late, to be sent now or left (POST)."""
    person = require(request, Act.SET_OWN_PREFERENCES)
    kept = kept_for(request.session, person.pk)
    if kept is None:
        return redirect("today")
    if request.method == "POST":
        drop(request.session)
        return redirect(kept.page or "today")
    return render(request, "accounts/kept_form.html", {"kept": kept})
