"""How I log in: each person's own second factors. The password is asked again before any of them changes."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mesoplan.clinic.accounts import actions
from mesoplan.clinic.accounts.factor_adapter import LAST
from mesoplan.clinic.accounts.factors import factors_of, is_last_of_required, is_required, passkeys_work_at
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act, Refused


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    person = require(request, Act.SET_OWN_PREFERENCES)
    context = {
        "mine": factors_of([person])[person.pk],
        "required": is_required(person.workflow_role),
        "passkeys_work": passkeys_work_at(request),
    }
    return render(request, "accounts/keys.html", context)


class _Told:
    """A refused form answers 422, as everywhere."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = self.render_to_response(  # type: ignore[attr-defined]
            self.get_context_data(form=form),  # type: ignore[attr-defined]
            status=422,
        )
        return response


class NewApp(_Told, ActivateTOTPView):  # type: ignore[misc]  # allauth ships no types
    template_name = "accounts/new_app.html"

    @transaction.atomic
    def form_valid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        made = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        actions.note_factor_added(factor=made, by=self.request.user)
        if self.did_generate_recovery_codes:
            actions.note_recovery_codes(by=self.request.user)
        messages.success(self.request, _("From now on your log-in asks for a code of the app."))
        return response


class RemoveApp(_Told, DeactivateTOTPView):  # type: ignore[misc]
    template_name = "accounts/remove_app.html"

    @transaction.atomic
    def form_valid(self, form: forms.Form) -> HttpResponse:
        actions.note_factor_removed(factor=self.authenticator, by=self.request.user)
        messages.success(self.request, _("The app is removed. Its codes no longer work."))
        response: HttpResponse = super().form_valid(form)
        return response


class NewPasskey(_Told, AddWebAuthnView):  # type: ignore[misc]
    template_name = "accounts/new_passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data()
        # A passkey that logs in alone: kept by the device, opened by finger, face or PIN.
        options = begin_registration(self.request.user, passwordless=True)
        return context | kwargs | {"options": options, "passkeys_work": passkeys_work_at(self.request)}

    @transaction.atomic
    def form_valid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        made = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.WEBAUTHN).latest("id")
        actions.note_factor_added(factor=made, by=self.request.user)
        if self.did_generate_recovery_codes:
            actions.note_recovery_codes(by=self.request.user)
        messages.success(self.request, _("%(passkey)s is set up. It logs you in.") % {"passkey": made})
        return response


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    template_name = "accounts/remove_passkey.html"

    def get_success_url(self) -> str:
        return str(redirect("mfa_index").url)

    @transaction.atomic
    def form_valid(self, form: forms.Form) -> HttpResponse:
        factor = self.get_object()
        if is_last_of_required(factor, self.request.user):
            raise Refused(str(LAST))
        actions.note_factor_removed(factor=factor, by=self.request.user)
        messages.success(self.request, _("%(passkey)s is removed. It no longer logs you in.") % {"passkey": factor})
        response: HttpResponse = super().form_valid(form)
        return response


class NewCodes(_Told, GenerateRecoveryCodesView):  # type: ignore[misc]
    template_name = "accounts/new_codes.html"

    @transaction.atomic
    def form_valid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        actions.note_recovery_codes(by=self.request.user)
        return response


new_app = NewApp.as_view()
remove_app = RemoveApp.as_view()
new_passkey = NewPasskey.as_view()
remove_passkey = RemovePasskey.as_view()
codes = reauthentication_required(app="allauth.mfa")(ViewRecoveryCodesView.as_view(template_name="accounts/codes.html"))
new_codes = NewCodes.as_view()
