"""Who did or saw what, when, and is the chain whole? For the auditor and the manager; read only."""

from __future__ import annotations

import csv
import json

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.clinic.audit.queries import acts, entries, last_walk
from mesoplan.clinic.audit.words import words_of
from mesoplan.clinic.requests import require
from mesoplan.workflow import Act

PER_PAGE = 60
COLUMNS = ("number", "at", "who", "who_name", "role", "act", "thing", "patient", "before", "after", "entry_hash")


class Filter(forms.Form):
    who = forms.CharField(label=_("Person"), required=False)
    patient = forms.CharField(label=_("Patient reference"), required=False)
    act = forms.ChoiceField(label=_("Act"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        choices = [("", _("All")), *((act, words_of(act)) for act in acts())]
        self.fields["act"] = forms.ChoiceField(label=_("Act"), required=False, choices=choices)


@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    require(request, Act.VIEW_AUDIT)
    wanted = Filter(request.GET)
    rows = entries(**wanted.cleaned_data) if wanted.is_valid() else entries()
    if request.GET.get("as") == "csv":
        return as_csv(rows)
    asked = request.GET.copy()
    asked.pop("page", None)
    asked.pop("verify", None)
    context = {
        "form": wanted,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "walk": last_walk(again="verify" in request.GET),
        "asked": asked.urlencode(),
    }
    return render(request, "audit/audit.html", context)


def as_csv(rows: QuerySet[AuditEntry]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for entry in rows.iterator(chunk_size=1000):
        writer.writerow([_cell(getattr(entry, column)) for column in COLUMNS])
    return response


def _cell(value: object) -> str:
    """A cell that a spreadsheet takes as text, also where it begins like a formula."""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} else text
