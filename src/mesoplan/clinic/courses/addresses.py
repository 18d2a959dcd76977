"""Addresses of rooms that belong to other parts of the clinic."""

from __future__ import annotations

from django.urls import reverse

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.courses.models import Assessment

_PLACES = {
    "start": "id_start",
    "patient": "figures-head",
    "patient.weight": "unit-weight",
    "patient.face_width": "unit-face_width",
    "goals": "goals-head",
    "conditions": "picks-head",
    "allergies": "picks-head",
    "medications": "picks-head",
    "procedures": "picks-head",
    "scores": "scales",
    "note": "note",
}
"""Where a field of a case document is found on the page of an assessment; the longest name that fits counts."""


def assessment_address(assessment: Assessment, field: str = "") -> str:
    """The page of an assessment, at the place of one field or question."""
    page = reverse("assessments:assessment", args=[assessment.pk])
    place = _place(field)
    return f"{page}#{place}" if place else page


def _place(field: str) -> str:
    kind, _, name = field.partition(".")
    term = name if kind == "answers" else field
    if term in knowledge_base.current().terms:
        return f"q-{term}"
    if kind == "areas":
        return f"unit-area.{name}"
    fitting = [one for one in _PLACES if field == one or field.startswith(f"{one}.")]
    return _PLACES[max(fitting, key=len)] if fitting else ""
