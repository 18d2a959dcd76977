"""Addresses of rooms that belong to other parts of the clinic."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from mesoplan.clinic.courses.models import Assessment


def assessment_address(assessment: Assessment, field: str = "") -> str:
    """The page of an assessment, at one of its fields."""
    try:
        page = reverse("assessments:assessment", args=[assessment.pk])
    except NoReverseMatch:
        page = reverse("patient", args=[assessment.patient.ref])
    return f"{page}#{field}" if field else page
