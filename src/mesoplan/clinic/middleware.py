"""What happens to every request: content policy, sessions that end, and refusals told as pages."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from mesoplan.clinic.shell.views.errors import logged_out_part, refusal_page
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
        response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), payment=()")
        return response

    return respond


STEP = 60  # seconds between two notes that a session is alive, so that reading pages writes next to nothing


def session_that_ends(get_response: Answer) -> Answer:
    """Logs out after an idle hour, and twelve hours after log-in whatever happened since."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault("began", now)
            seen = request.session.setdefault("seen", now)
            if now - seen > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_LONGEST_SECONDS:
                logout(request)
            elif now - seen >= STEP:
                request.session["seen"] = now
        response = get_response(request)
        if request.headers.get("HX-Request") == "true" and _leads_to_log_in(response):
            return logged_out_part(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return respond


def _leads_to_log_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and response.headers["Location"].startswith(resolve_url(settings.LOGIN_URL))


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
        reference = secrets.token_hex(2).upper()
        request.META["mesoplan.reference"] = reference
        log.error("Reference %s: %s %s", reference, request.method, request.path, exc_info=exception)
        return None
