"""What the templates of the assessment look up by a field's name."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from mesoplan.clinic.assessments.page import Page
from mesoplan.clinic.assessments.zones import ZonePicker

register = template.Library()


@register.simple_tag
def kept(template_name: str, part: Hashable) -> SafeString:
    """A small part of the page that follows from one frozen value and the language alone: drawn once and kept. A page
    has hundreds of answers and grades, which differ in nothing from those of the page before."""
    return _drawn(template_name, part, get_language())


@lru_cache(maxsize=4096)
def _drawn(template_name: str, part: Hashable, _language: str | None) -> SafeString:
    return render_to_string(template_name, {"part": part})


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
