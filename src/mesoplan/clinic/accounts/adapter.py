"""How the log-in of django-allauth behaves in this clinic: nobody signs up, waiting is said in words, all is
audited."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mesoplan.clinic.accounts import actions
from mesoplan.clinic.accounts.factors import KINDS
from mesoplan.clinic.accounts.lockout import in_words, waiting_time
from mesoplan.clinic.accounts.models import User


class ClinicAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("E-mail and password do not belong together. Check both and try again."),
        "incorrect_password": _("This is not your password. Enter it again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: who is logged in stands in the top bar."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        wait = waiting_time(credentials.get("email", ""), timezone.now())
        if wait:
            raise ValidationError(
                gettext("Too many wrong passwords for this e-mail. Try again in %(time)s.") % {"time": in_words(wait)},
                code="too_many_login_attempts",
            )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """As allauth does, but a closed account is refused in the same words as a wrong password."""
        user = super().authenticate(request, **credentials)
        if isinstance(user, User) and not user.is_active:
            self.authentication_failed(request, **credentials)
            return None
        return user if isinstance(user, User) else None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        actions.note_refused_log_in(email=credentials.get("email", ""), by=None)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Under the same waiting time as the log-in."""
        return self.authenticate(self.request, email=user.email, password=password) == user

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """The password, and nothing else: a phone left on a table must not change how its owner logs in."""
        return [
            {
                "id": "reauthenticate",
                "description": gettext("Enter your password again"),
                "url": reverse("account_reauthenticate"),
            }
        ]

    def login(self, request: HttpRequest, user: User) -> None:
        used = [record["type"] for record in get_authentication_records(request, user) if record["method"] == "mfa"]
        super().login(request, user)
        actions.note_log_in(by=user, factor=KINDS[used[-1]] if used else "")

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            actions.note_log_out(by=request.user)
        super().logout(request)
