"""Who are you? E-mail and password; in a demo the accounts are listed and one tap fills both."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, LogoutView
from django import forms
from django.conf import settings
from django.http import HttpResponse

from mesoplan.clinic.demo import PASSWORD, PEOPLE


class LogIn(LoginView):  # type: ignore[misc]  # allauth ships no types
    template_name = "accounts/log_in.html"

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.DEMO:
            context |= {"demo_people": PEOPLE, "demo_password": PASSWORD}
        return context


log_in = LogIn.as_view()
log_out = LogoutView.as_view(template_name="accounts/log_out.html")
