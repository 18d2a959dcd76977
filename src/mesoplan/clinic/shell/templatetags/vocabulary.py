"""`{% title_of "zones" zone.id %}`: what the knowledge base calls something, in the language of the page."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from mesoplan.clinic.shell.templatetags.mesoplan import english
from mesoplan.clinic.shell.vocabulary import title_in
from mesoplan.domain.writing import Language

register = template.Library()


@register.simple_tag
def title_of(kind: str, entry_id: str, part: str = "title") -> SafeString:
    """The title, marked as English where it is not translated."""
    found = title_in(kind, entry_id, part)
    return english(found.text) if found.language is Language.ENGLISH else conditional_escape(found.text)
