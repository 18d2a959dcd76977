"""What the templates of the assessment look up by a field's name."""

from __future__ import annotations

from django import template

from mesoplan.clinic.assessments.page import Page
from mesoplan.clinic.assessments.zones import ZonePicker

register = template.Library()


@register.filter
def mend_of(page: Page, name: str) -> str:
    """Why what was typed in the field could not be read; empty if it could."""
    return page.mends[name].text if name in page.mends else ""


@register.filter
def typed_in(page: Page, name: str) -> str:
    """What was typed in a field that could not be read."""
    return " ".join(page.mends[name].typed) if name in page.mends else ""


@register.filter
def where_of(page: Page, reference: str) -> ZonePicker:
    return page.where(reference)
