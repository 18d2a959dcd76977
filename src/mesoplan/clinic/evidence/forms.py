"""The form of a review: what the reader of the source found, in their own words where they disagree."""

from __future__ import annotations

from typing import Any

from django import forms

from mesoplan.clinic.evidence.checks import check_explained
from mesoplan.clinic.evidence.models import Verdict
from mesoplan.workflow import Refused

LONGEST_REASON = 2000


class ReviewForm(forms.Form):
    path = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label="I have read the source",
        choices=[
            (Verdict.CONFIRM.value, "Confirm: the source says this"),
            (Verdict.DISAGREE.value, "Disagree: the source says something else, or nothing of it"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether the source says this.",
            "invalid_choice": "Choose whether the source says this.",
        },
    )
    reason = forms.CharField(
        label="In your own words",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}),
        help_text="A disagreement says what the source holds instead, in 20 characters or more. "
        "With a confirmation a note is optional.",
        error_messages={"max_length": "Write 2000 characters or fewer. You wrote %(show_value)s."},
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("verdict") and "reason" in self.cleaned_data:
            try:
                check_explained(Verdict(self.cleaned_data["verdict"]), self.cleaned_data["reason"])
            except Refused as refused:
                self.add_error("reason", str(refused))
        return cleaned
