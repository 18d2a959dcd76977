"""The form of a review: what the reader of the source found, in their own words where they disagree."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mesoplan.clinic.evidence.checks import check_explained
from mesoplan.clinic.evidence.models import Verdict
from mesoplan.clinic.shell.refusals import sentence
from mesoplan.workflow import Refused

LONGEST_REASON = 2000


class ReviewForm(forms.Form):
    path = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=_("I have read the source"),
        choices=[
            (Verdict.CONFIRM.value, _("Confirm: the source says this")),
            (Verdict.DISAGREE.value, _("Disagree: the source says something else, or nothing of it")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose whether the source says this."),
            "invalid_choice": _("Choose whether the source says this."),
        },
    )
    reason = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}),
        help_text=_(
            "A disagreement says what the source holds instead, in 20 characters or more. "
            "With a confirmation a note is optional."
        ),
        error_messages={"max_length": _("Write 2000 characters or fewer. You wrote %(show_value)s.")},
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("verdict") and "reason" in self.cleaned_data:
            try:
                check_explained(Verdict(self.cleaned_data["verdict"]), self.cleaned_data["reason"])
            except Refused as refused:
                self.add_error("reason", sentence(refused))
        return cleaned
