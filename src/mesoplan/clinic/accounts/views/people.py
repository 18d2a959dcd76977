"""Who works here, in which role, and the table of what each role may do. For the manager."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mesoplan.clinic.accounts.actions import add_person, change_role, close_account, require_factor, reset_factors
from mesoplan.clinic.accounts.factors import factors_of
from mesoplan.clinic.accounts.models import ROLES, RequiredFactor, User
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act, Refused, Role, may


class PersonForm(forms.Form):
    printed_name = forms.CharField(
        max_length=120, error_messages={"required": _("Enter the name as it is printed on signed plans.")}
    )
    email = forms.EmailField(
        error_messages={
            "required": _("Enter the e-mail. It is what the person logs in with."),
            "invalid": _("An e-mail has a name, an @ and a domain, such as name@clinic.example. Check what you wrote."),
        }
    )
    role = forms.ChoiceField(choices=ROLES, error_messages={"required": _("Choose a role.")})
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Enter a first password of 12 characters or more.")},
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(gettext("%(email)s can log in already. Use another e-mail.") % {"email": email})
        return email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    require(request, Act.MANAGE_PEOPLE)
    people = list(User.objects.order_by("-is_active", "printed_name"))
    factors = factors_of(people)
    context = {
        "people": [(person, factors[person.pk].words) for person in people],
        "roles": list(Role),
        "required": _required(people, {pk for pk, found in factors.items() if found.any}),
        "table": [(act.words, [may(act, role) for role in Role]) for act in Act],
    }
    return render(request, "accounts/people.html", context)


def _required(people: list[User], secured: set[int]) -> list[dict[str, Any]]:
    """Per role: whether it must have a second factor, and how many of its people have one."""
    required = set(RequiredFactor.objects.values_list("role", flat=True))
    rows = []
    for role in Role:
        here = [person.pk for person in people if person.is_active and person.role == role.value]
        rows.append(
            {"role": role, "required": role.value in required, "have": len(secured & set(here)), "of": len(here)}
        )
    return rows


@require_http_methods(["GET", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    manager = require(request, Act.MANAGE_PEOPLE)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
        person = add_person(**fields, by=manager)
        messages.success(
            request,
            _about(person, gettext("%(name)s can log in with %(email)s.")),
        )
        return redirect("people")
    return render(request, "accounts/new_person.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def set_role(request: HttpRequest, pk: int) -> HttpResponse:
    manager = require(request, Act.MANAGE_PEOPLE)
    person = get_object_or_404(User, pk=pk)
    wanted = request.POST.get("role", "")
    if wanted not in list(Role):
        raise Refused(
            gettext("Choose one of the roles: %(roles)s.") % {"roles": ", ".join(str(label) for _, label in ROLES)}
        )
    change_role(person=person, role=Role(wanted), by=manager)
    messages.success(
        request,
        gettext("%(name)s: the role is now “%(role)s”.")
        % {"name": person.printed_name, "role": person.get_role_display()},
    )
    return redirect("people")


@require_POST
def set_required_factor(request: HttpRequest) -> HttpResponse:
    manager = require(request, Act.MANAGE_PEOPLE)
    wanted, required = request.POST.get("role", ""), request.POST.get("required") == "yes"
    if wanted not in list(Role):
        raise Refused(
            gettext("Choose one of the roles: %(roles)s.") % {"roles": ", ".join(str(label) for _, label in ROLES)}
        )
    role = Role(wanted)
    require_factor(role=role, required=required, by=manager)
    if required:
        told = gettext("%(role)s: people of this role must log in with a second factor.")
    else:
        told = gettext("%(role)s: people of this role may log in without a second factor.")
    messages.success(request, told % {"role": gettext(role.label)})
    return redirect("people")


@require_POST
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    manager = require(request, Act.MANAGE_PEOPLE)
    person = reset_factors(person=get_object_or_404(User, pk=pk), by=manager)
    messages.success(
        request,
        _about(person, gettext("%(name)s logs in with the password alone until a new one is set up.")),
    )
    return redirect("people")


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    manager = require(request, Act.MANAGE_PEOPLE)
    person = get_object_or_404(User, pk=pk)
    close_account(person=person, by=manager)
    messages.success(request, _about(person, gettext("%(name)s can no longer log in.")))
    return redirect("people")


def _about(person: User, told: str) -> str:
    """A sentence about somebody, with their name, e-mail and role where it has places for them."""
    return told % {"name": person.printed_name, "email": person.email, "role": person.get_role_display()}


def _no_such_role() -> Refused:
    roles = ", ".join(str(label) for _, label in ROLES)
    return Refused(gettext("Choose one of the roles: %(roles)s.") % {"roles": roles})
