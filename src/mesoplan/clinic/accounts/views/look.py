from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mesoplan.clinic.accounts.actions import choose_look
from mesoplan.clinic.accounts.models import Look
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act, Refused


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device; then back to where the person was."""
    person = require(request, Act.SET_OWN_PREFERENCES)
    wanted = request.POST.get("look", "")
    if wanted not in Look.values:
        raise Refused(_("Choose light, dark or as this device."))
    choose_look(look=Look(wanted), by=person)
    back = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if here else "today")
