"""Pages that say what did not happen, why, and what to do now. For htmx the same as a part that is swapped in
place."""

from __future__ import annotations

import secrets

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mesoplan.clinic.shell.refusals import sentence
from mesoplan.workflow import NotPermitted, Overtaken, Refused, WrongState

_STATUS: dict[type[Refused], int] = {NotPermitted: 403, WrongState: 409, Overtaken: 409}


def refusal_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """403 for a role, 409 for a state or a colleague's save, 422 for what is missing."""
    status = next((code for kind, code in _STATUS.items() if isinstance(refusal, kind)), 422)
    title = {403: _("Not for this role"), 409: _("This moved on"), 422: _("Something is missing")}[status]
    return _told(request, status=status, title=title, text=sentence(refusal))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _told(
        request,
        status=403,
        title=_("Not for this role"),
        text=_("This page is not open to you. Nothing was changed."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    text = _("There is nothing at this address. Check it for a cut or mistyped end, or look the patient up.")
    return _told(request, status=404, title=_("Nothing here"), text=text)


def server_error(request: HttpRequest) -> HttpResponse:
    reference = request.META.get("mesoplan.reference") or secrets.token_hex(2).upper()
    text = _("This did not work. Nothing was saved. Reference %(reference)s.") % {"reference": reference}
    return _told(request, status=500, title=_("This did not work"), text=text)


def logged_out_part(request: HttpRequest) -> HttpResponse:
    """For scripts in place of the log-in page. The header tells the page to ask for the log-in over itself and to
    send this again (session.js); without it the sentence is swapped in."""
    text = _("You were logged out, so this was not saved. What you typed is still here: copy it, then log in again.")
    response = _told(request, status=403, title=_("Logged out"), text=text)
    response.headers["X-Logged-Out"] = "1"
    return response


def second_factor_part(request: HttpRequest) -> HttpResponse:
    """For scripts in place of the page of keys."""
    text = _(
        "Your role now needs a second factor, so this was not saved. What you typed is still here: "
        "open Keys for log-in in another window, set one up, then send this again."
    )
    return _told(request, status=403, title=_("A second factor first"), text=text)


@login_not_required
def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _(
        "The form was open for too long or came from another window, so it was not accepted. "
        "Go back, reload and send it again."
    )
    return _told(request, status=403, title=_("This form is too old"), text=text)


def _told(request: HttpRequest, *, status: int, title: str, text: str) -> HttpResponse:
    told = {"status": status, "title": title, "text": text}
    if request.headers.get("HX-Request") == "true":
        response = render(request, "shell/refused_part.html", told, status=status)
        response.headers["HX-Retarget"] = "#refused"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    # 500 must not depend on what may be broken: no session, no database, no frame of a person.
    return render(request if status != 500 else None, "shell/refused.html", told, status=status)
