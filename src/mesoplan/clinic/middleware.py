"""What happens to every request: content policy, language, sessions that end, and refusals told as pages."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import translation
from django.utils.cache import patch_vary_headers

from mesoplan.clinic.accounts.actions import note_session_end
from mesoplan.clinic.accounts.factors import must_set_up
from mesoplan.clinic.accounts.kept import drop_when_sent, keep
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.accounts.sessions import ENDED_FOR, UNATTENDED, ends_at_last, note_use, seconds_left
from mesoplan.clinic.shell.views.errors import logged_out_part, refusal_page, second_factor_part
from mesoplan.workflow import Refused

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("mesoplan.clinic")

# No inline script, no inline style, nothing from elsewhere. Pictures made in the browser are data: addresses.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


def content_security_policy(get_response: Answer) -> Answer:
    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        return response

    return respond


def in_the_readers_language(get_response: Answer) -> Answer:
    """The language that the person chose; before log-in that of a cookie, else the browser's, else English."""

    def respond(request: HttpRequest) -> HttpResponse:
        with translation.override(_language_of(request)):
            response = get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    return respond


def _language_of(request: HttpRequest) -> str:
    chosen = request.user.language if isinstance(request.user, User) else ""
    return chosen if chosen in dict(settings.LANGUAGES) else translation.get_language_from_request(request)


def session_that_ends(get_response: Answer) -> Answer:
    """Logs out after an idle hour, and twelve hours after log-in whatever happened since. What was sent too late is
    kept for after the next log-in."""

    def respond(request: HttpRequest) -> HttpResponse:
        now = int(time.time())
        if isinstance(request.user, User):
            _go_on_or_end(request, request.user, now)
        response = get_response(request)
        if _leads_to_log_in(response):
            if _is_asked_by_script(request):
                return logged_out_part(request)
            if request.method == "POST" and keep(request):
                return redirect_to_login(resolve_url("kept_form"))
        if request.user.is_authenticated:
            drop_when_sent(request)
            response.headers.setdefault("Cache-Control", "private, no-store")
            response.headers["X-Session-Ends-In"] = str(max(0, seconds_left(request.session, now)))
        return response

    return respond


def _go_on_or_end(request: HttpRequest, person: User, now: int) -> None:
    if seconds_left(request.session, now) >= 0:
        note_use(request.session, now, attended=UNATTENDED not in request.headers)
        return
    note_session_end(by=person, why="12 hours" if ends_at_last(request.session, now) < 0 else "idle")
    logout(request)
    request.session[ENDED_FOR] = person.pk


def _is_asked_by_script(request: HttpRequest) -> bool:
    """By htmx or by a module's fetch: a log-in page would be swapped into a corner or read as data."""
    return request.headers.get("HX-Request") == "true" or request.headers.get("Accept") == "application/json"


def _leads_to_log_in(response: HttpResponse) -> bool:
    log_in = resolve_url(settings.LOGIN_URL)
    return response.status_code == 302 and response.headers["Location"].partition("?")[0] == log_in


class SecondFactorFirst:
    """Whose role asks for a second factor and who has none is led to set one up before anything else."""

    OPEN = frozenset({"account_logout", "account_login", "account_reauthenticate", "language", "look", "session"})

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Answer, *args: object) -> HttpResponse | None:
        name = (request.resolver_match.url_name or "") if request.resolver_match else ""
        if not isinstance(request.user, User) or name in self.OPEN or name.startswith("mfa_"):
            return None
        if not must_set_up(request.user):
            return None
        if _is_asked_by_script(request):
            return second_factor_part(request)
        return redirect("mfa_index")


class Refusals:
    """A refusal that no view answered becomes a page with its sentence; a bug is logged under the reference
    shown."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return refusal_page(request, exception)
        if isinstance(exception, ReauthenticationRequired | ImmediateHttpResponse):
            return None  # no fault: allauth's own middleware answers these
        reference = secrets.token_hex(2).upper()
        request.META["mesoplan.reference"] = reference
        log.error("Reference %s: %s %s", reference, request.method, request.path, exc_info=exception)
        return None
