"""`{% source_links sources %}`: links to sources in one line. A page may have hundreds, so each is drawn once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from mesoplan.clinic.evidence.links import Link
from mesoplan.clinic.shell.writing import reader_language
from mesoplan.domain.writing import Language

register = template.Library()


@register.simple_tag
def source_links(sources: Iterable[Link]) -> SafeString:
    language = reader_language()
    return format_html_join(", ", "{}", ((_drawn(tuple(sorted(source.items())), language),) for source in sources))


@lru_cache(maxsize=4096)
def _drawn(source: tuple[tuple[str, str], ...], language: Language) -> SafeString:
    """`language` is that of the words around the title, which the part itself chooses."""
    return render_to_string("_components/source_link.html", {"source": dict(source)})
