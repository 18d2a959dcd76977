"""Who are you? E-mail and password, then a second factor where there is one; or a passkey, which is both. In a
demo the accounts are listed and one tap fills both."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.views import LoginView, LogoutView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django import forms
from django.conf import settings
from django.http import HttpResponse

from mesoplan.clinic.accounts.factors import factors_of, passkeys_work_at
from mesoplan.clinic.accounts.kept import is_kept
from mesoplan.clinic.accounts.sessions import was_ended
from mesoplan.clinic.demo import PASSWORD, PEOPLE


class LogIn(LoginView):  # type: ignore[misc]  # allauth ships no types
    template_name = "accounts/log_in.html"

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return response

    def _redirect_to_pending_stage(self, request: Any, stage: Any) -> None:
        """Whoever comes back to this page starts anew; nobody is held at a second factor that is not theirs."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.DEMO:
            context |= {"demo_people": PEOPLE, "demo_password": PASSWORD}
        context |= {"passkeys_work": passkeys_work_at(self.request)}
        return context | {"was_ended": was_ended(self.request.session), "kept": is_kept(self.request.session)}


class SecondFactor(AuthenticateView):  # type: ignore[misc]
    """After the password: a passkey, a code of the app or a recovery code."""

    template_name = "accounts/second_factor.html"

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = self.render_to_response(self.get_context_data(), status=422)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        person = self.stage.login.user
        passkeys = bool(factors_of([person])[person.pk].passkeys) and passkeys_work_at(self.request)
        return context | {"person": person, "passkeys_work": passkeys}


class PasskeyLogIn(LoginWebAuthnView):  # type: ignore[misc]
    """The log-in page's button: GET gives what the browser is to sign, POST brings it signed."""

    def _redirect_to_pending_stage(self, request: Any, stage: Any) -> None:
        """As on the log-in page."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """The log-in page again, with what was wrong."""
        page = LogIn()
        page.setup(self.request)
        context = page.get_context_data(
            form=LoginForm(request=self.request), passkey_errors=list(form.errors.get("credential", []))
        )
        response: HttpResponse = page.render_to_response(context, status=422)
        return response


class Again(ReauthenticateView):  # type: ignore[misc]
    """The password once more, before somebody changes how they log in."""

    template_name = "accounts/again.html"

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return response


log_in = LogIn.as_view()
second_factor = SecondFactor.as_view()
passkey_log_in = PasskeyLogIn.as_view()
again = Again.as_view()
log_out = LogoutView.as_view(template_name="accounts/log_out.html")
