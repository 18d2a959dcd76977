"""Who works here, in which role, and the table of what each role may do. For the manager."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mesoplan.clinic.accounts.actions import add_person, change_role, close_account, require_factor, reset_factors
from mesoplan.clinic.accounts.factors import factors_of
from mesoplan.clinic.accounts.models import RequiredFactor, User
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act, Refused, Role, may

ROLES = [(role.value, role.label) for role in Role]


class PersonForm(forms.Form):
    printed_name = forms.CharField(
        max_length=120, error_messages={"required": "Enter the name as it is printed on signed plans."}
    )
    email = forms.EmailField(
        error_messages={
            "required": "Enter the e-mail. It is what the person logs in with.",
            "invalid": "An e-mail has a name, an @ and a domain, such as name@clinic.example. Check what you wrote.",
        }
    )
    role = forms.ChoiceField(choices=ROLES, error_messages={"required": "Choose a role."})
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter a first password of 12 characters or more."},
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(f"{email} can log in already. Use another e-mail.")
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
        messages.success(request, f"{person.printed_name} can log in with {person.email}.")
        return redirect("people")
    return render(request, "accounts/new_person.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def set_role(request: HttpRequest, pk: int) -> HttpResponse:
    manager = require(request, Act.MANAGE_PEOPLE)
    person = get_object_or_404(User, pk=pk)
    wanted = request.POST.get("role", "")
    if wanted not in list(Role):
        raise Refused(f"Choose one of the roles: {', '.join(role.label.lower() for role in Role)}.")
    change_role(person=person, role=Role(wanted), by=manager)
    messages.success(request, f"{person.printed_name} is now {person.get_role_display().lower()}.")
    return redirect("people")


@require_POST
def set_required_factor(request: HttpRequest) -> HttpResponse:
    manager = require(request, Act.MANAGE_PEOPLE)
    wanted, required = request.POST.get("role", ""), request.POST.get("required") == "yes"
    if wanted not in list(Role):
        raise Refused(f"Choose one of the roles: {', '.join(role.label.lower() for role in Role)}.")
    role = Role(wanted)
    require_factor(role=role, required=required, by=manager)
    told = "must log in with a second factor" if required else "may log in without a second factor"
    messages.success(request, f"{role.label}: people of this role {told}.")
    return redirect("people")


@require_POST
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    manager = require(request, Act.MANAGE_PEOPLE)
    person = reset_factors(person=get_object_or_404(User, pk=pk), by=manager)
    messages.success(request, f"{person.printed_name} logs in with the password alone until a new one is set up.")
    return redirect("people")


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    manager = require(request, Act.MANAGE_PEOPLE)
    person = get_object_or_404(User, pk=pk)
    close_account(person=person, by=manager)
    messages.success(request, f"{person.printed_name} can no longer log in.")
    return redirect("people")
