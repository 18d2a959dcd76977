"""The forms of second factors: wrong codes wait as wrong passwords do, are audited, and no code works twice."""

from __future__ import annotations

import re
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mesoplan.clinic.accounts import actions
from mesoplan.clinic.accounts.factor_adapter import PURPOSE
from mesoplan.clinic.accounts.lockout import in_words, waiting_time
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.accounts.sealing import unseal

ENTER_CODE = _("Enter the code that your app shows now, or one of your recovery codes.")
NO_PASSKEY = _("The device made no passkey that could be read. Nothing was saved. Try again.")
PASSKEY_REFUSED = _("This passkey was not accepted. Try again, or log in another way.")


class CodeForm(AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The code at log-in: from the app, or a recovery code."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].error_messages["required"] = ENTER_CODE
        self.fields["code"].widget.attrs.pop("placeholder")

    def clean_code(self) -> str:
        wait = waiting_time(self.user.email, timezone.now())
        if wait:
            told = gettext("Too many wrong codes. Try again in %(time)s.") % {"time": in_words(wait)}
            raise forms.ValidationError(told, code="wait")
        try:
            code: str = super().clean_code()
            self._use_up(code)
        except forms.ValidationError:
            actions.note_refused_log_in(email=self.user.email, by=None)
            raise
        return code

    def _use_up(self, code: str) -> None:
        """A code of the app opens once, whichever process saw it first: the step of time it belongs to is kept."""
        if self.authenticator.type != Authenticator.Type.TOTP:
            return
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=self.authenticator.pk)
            secret = unseal(row.data["secret"], purpose=PURPOSE)
            typed = re.sub(r"\D", "", code)
            shown = {step: format_hotp_value(hotp_value(secret, step)) for step in yield_hotp_counters_from_time()}
            steps = [step for step, figures in shown.items() if figures == typed]
            if not steps or max(steps) <= row.data.get("last_step", 0):
                raise forms.ValidationError(gettext("This code was used already. Take the next one."), code="used")
            row.data["last_step"] = max(steps)
            row.save(update_fields=["data"])
        self.authenticator.data = row.data


class PasskeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The passkey as second factor, after the password."""

    user: User

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except forms.ValidationError as wrong:
            actions.note_refused_log_in(email=self.user.email, by=None)
            raise forms.ValidationError(PASSKEY_REFUSED, code="passkey") from wrong


class PasskeyLogInForm(LoginWebAuthnForm):  # type: ignore[misc]
    """The passkey in place of e-mail and password. It tells who somebody is, so a closed account is closed here."""

    def clean_credential(self) -> Authenticator:
        try:
            found: Authenticator = super().clean_credential()
        except forms.ValidationError as wrong:
            raise forms.ValidationError(PASSKEY_REFUSED, code="passkey") from wrong
        person = found.user
        if not isinstance(person, User) or not person.is_active:
            actions.note_refused_log_in(email=person.email, by=None)
            raise forms.ValidationError(PASSKEY_REFUSED, code="passkey")
        return found


class AppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of the app, which shows that it has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].error_messages["required"] = gettext("Enter the code that your app shows now.")
        self.fields["code"].widget.attrs.pop("placeholder")


class NewPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey that logs in alone; the device itself asks for finger, face or PIN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)
        self.fields["name"] = forms.CharField(
            max_length=60,
            required=False,
            error_messages={
                "max_length": gettext("A name has at most 60 characters. The passkey was not saved: try again.")
            },
        )
        self.fields["credential"].error_messages |= {"required": NO_PASSKEY, "invalid": NO_PASSKEY}

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except (forms.ValidationError, ValueError, KeyError, TypeError) as wrong:  # whatever a device may send
            raise forms.ValidationError(NO_PASSKEY, code="passkey") from wrong
        return cleaned
