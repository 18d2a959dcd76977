"""Every part in every state, for those who build pages and for the browser tests. In a demo clinic only."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mesoplan.clinic.shell.components import COMPONENTS


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404("only in a demo clinic")
    direction = "rtl" if request.GET.get("direction") == "rtl" else "ltr"
    return render(request, "shell/components.html", {"components": COMPONENTS, "direction": direction})
