"""Titles of entries in the reader's language, and what is said of an entry that a later release has dropped."""

from __future__ import annotations

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mesoplan.clinic.shell.templatetags.mesoplan import english
from mesoplan.clinic.shell.writing import reader_language
from mesoplan.domain.writing import Language
from mesoplan.knowledge.base import Knowledge


def title_of(kind: str, entry_id: str, knowledge: Knowledge) -> str:
    """The title of an entry in plain text. Presentations are a kind of their own here."""
    if not _is_held(kind, entry_id, knowledge):
        return _("%(name)s (no longer in this release)") % {"name": entry_id}
    return knowledge.title_in(kind, entry_id, reader_language()).text


def title_marked(kind: str, entry_id: str, knowledge: Knowledge) -> SafeString:
    """The title of an entry for a page, marked where it is in English and the page is not."""
    return _marked(kind, entry_id, "title", knowledge)


def is_in_english(kind: str, entry_id: str, knowledge: Knowledge) -> bool:
    """Whether the title of an entry has not been translated into the reader's language."""
    return knowledge.title_in(kind, entry_id, reader_language()).language is Language.ENGLISH


def question_marked(term: str, knowledge: Knowledge) -> SafeString:
    """The question of a term for a page, marked likewise."""
    return _marked("terms", term, "question", knowledge)


def _marked(kind: str, entry_id: str, part: str, knowledge: Knowledge) -> SafeString:
    if not _is_held(kind, entry_id, knowledge):
        return conditional_escape(title_of(kind, entry_id, knowledge))
    text, language = knowledge.title_in(kind, entry_id, reader_language(), part)
    return english(text) if language is Language.ENGLISH else conditional_escape(text)


def _is_held(kind: str, entry_id: str, knowledge: Knowledge) -> bool:
    return entry_id in (knowledge.presentations if kind == "presentations" else knowledge.shelf(kind))
