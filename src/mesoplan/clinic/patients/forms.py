"""The patient form. Its errors say what the field must hold, what was typed, and why it is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mesoplan.clinic.patients.fold import digits_of, query_words, words_of
from mesoplan.clinic.patients.models import Patient, Sex
from mesoplan.clinic.shell.writing import date_text

EARLIEST = date(1900, 1, 1)


class PatientForm(forms.Form):
    full_name = forms.CharField(
        label=_("Full name"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Enter the full name, as on the identity document.")},
    )
    called = forms.CharField(
        label=_("Called"), max_length=80, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    birth_date = forms.DateField(
        label=_("Date of birth"),
        widget=forms.DateInput(attrs={"type": "date", "min": "1900-01-01"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Enter the date of birth. It tells two people of the same name apart."),
            "invalid": _("Date of birth must be a day of the calendar, such as 1985-05-04."),
        },
    )
    sex_at_birth = forms.ChoiceField(label=_("Sex at birth"), choices=Sex.choices, required=False, initial=Sex.UNKNOWN)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        error_messages={"invalid": _("An e-mail has a name, an @ and a domain. Check what you wrote.")},
    )
    record_number = forms.CharField(label=_("Record number"), max_length=40, required=False)

    def __init__(self, *args: Any, patient: Patient | None = None, **kwargs: Any) -> None:
        self.patient = patient
        super().__init__(*args, **kwargs)

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        if not EARLIEST <= born <= timezone.localdate():
            told = gettext("Date of birth must lie between %(earliest)s and today. You wrote %(typed)s.")
            raise forms.ValidationError(told % {"earliest": date_text(EARLIEST), "typed": date_text(born)})
        return born

    def clean_sex_at_birth(self) -> str:
        return self.cleaned_data["sex_at_birth"] or Sex.UNKNOWN

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"].strip()
        if phone and len(digits_of(phone)) < 5:
            told = gettext("A phone number has at least 5 digits. You wrote %(typed)s.")
            raise forms.ValidationError(told % {"typed": phone})
        return phone

    def clean_record_number(self) -> str:
        number: str = self.cleaned_data["record_number"].strip()
        others = Patient.objects.filter(record_number=number)
        if self.patient is not None:
            others = others.exclude(pk=self.patient.pk)
        if number and others.exists():
            told = gettext("%(number)s is the record number of another patient. Use another one.")
            raise forms.ValidationError(told % {"number": number})
        return number


def carried_over(query: str) -> dict[str, str]:
    """What a search that found nobody already says of a new patient: the name and, if typed, the day of
    birth."""
    initial: dict[str, str] = {}
    for word in query_words(query):
        if len(word) == 8 and word.isdigit():
            initial["birth_date"] = f"{word[:4]}-{word[4:6]}-{word[6:]}"
    name = " ".join(word for word in query.split() if not any(sign.isdigit() for sign in word))
    if name and words_of(name):
        initial["full_name"] = name
    return initial
