"""`{% title_of "zones" zone.id %}`: what the knowledge base calls something, in the language of the page."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.shell.templatetags.mesoplan import english
from mesoplan.clinic.shell.vocabulary import goal_in_words, title_in
from mesoplan.clinic.shell.writing import reader_language
from mesoplan.domain.writing import Language
from mesoplan.knowledge.titles import TitleIn

register = template.Library()


@register.simple_tag
def title_of(kind: str, entry_id: str, part: str = "title") -> SafeString:
    """The title, marked as English where it is not translated."""
    return _marked(title_in(kind, entry_id, part))


@register.simple_tag
def goal_words(goal: str) -> SafeString:
    """What a course is for, as its aims are called in the language of the page."""
    return _marked(goal_in_words(goal))


@register.simple_tag
def titles_reviewed() -> bool:
    """Whether a named person has confirmed every title in the language of the page."""
    titles = knowledge_base.current().titles.translated.get(reader_language(), {})
    return all(one.reviewed for one in titles.values())


def _marked(title: TitleIn) -> SafeString:
    return english(title.text) if title.language is Language.ENGLISH else conditional_escape(title.text)
