"""Which language the pages are in: kept with the person, and in a cookie for whoever is not logged in yet."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mesoplan.clinic.accounts.actions import choose_language
from mesoplan.clinic.accounts.models import Language, User
from mesoplan.workflow import Refused


@login_not_required  # the log-in page is read in a language too
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Then back to where the person was."""
    wanted = request.POST.get("language", "")
    if wanted not in Language.values:
        raise Refused(_("Choose English, Français, Italiano or Español."))
    if isinstance(request.user, User):
        choose_language(language=Language(wanted), by=request.user)
    back = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = redirect(back if here else "today")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        wanted,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response
