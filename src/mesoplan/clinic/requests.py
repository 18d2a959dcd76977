"""The request as views of logged-in people see it."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from mesoplan.clinic.accounts.models import User
from mesoplan.workflow import Act, check_may


class StaffRequest(HttpRequest):
    """For annotations: a request behind LoginRequiredMiddleware, with htmx details."""

    user: User
    htmx: HtmxDetails


def require(request: HttpRequest, act: Act) -> User:
    """The person who asks, or `NotPermitted`: the first line of every view."""
    user = cast(User, request.user)  # LoginRequiredMiddleware has seen to it
    check_may(act, user.workflow_role)
    return user
