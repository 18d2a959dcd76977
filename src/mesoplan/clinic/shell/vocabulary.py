"""Titles of the knowledge base in the language of the reader: what pages call an aim, a zone, a question, a substance.

    title_of("zones", "malar-right")                 "Malaire droite"
    title_of("terms", "pregnancy", "question")       "Êtes-vous enceinte ?"
    {% load vocabulary %}{% title_of "zones" zone.id %}   the same, marked as English where it is not translated

What is stored, computed or written by the engine keeps the English titles of the entries themselves.
"""

from __future__ import annotations

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.shell.writing import reader_language
from mesoplan.domain.writing import Language
from mesoplan.knowledge.titles import TitleIn


def title_in(kind: str, entry_id: str, part: str = "title") -> TitleIn:
    """The title with its language: English where there is no translation, which a page has to mark."""
    return knowledge_base.current().title_in(kind, entry_id, reader_language(), part)


def title_of(kind: str, entry_id: str, part: str = "title") -> str:
    """The title alone, for attributes and for sentences."""
    return title_in(kind, entry_id, part).text


def synonyms_of(term: str) -> tuple[str, ...]:
    """Other names of a term in the reader's language, to be searched for beside the English ones."""
    return knowledge_base.current().titles.synonyms.get(reader_language(), {}).get(term, ())


def goal_in_words(goal: str) -> TitleIn:
    """What a course is for: it is kept as the English titles of its aims, "Melasma, Fine lines"."""
    aims = {aim.title: aim.id for aim in knowledge_base.current().aims.values()}
    found, rest = [], goal
    while rest:
        title = max((one for one in aims if rest == one or rest.startswith(f"{one}, ")), key=len, default="")
        if not title:  # an aim of an earlier release
            return TitleIn(goal, Language.ENGLISH)
        found.append(title_in("aims", aims[title]))
        rest = rest[len(title) :].removeprefix(", ")
    languages = {one.language for one in found}
    if len(languages) != 1:
        return TitleIn(goal, Language.ENGLISH)
    return TitleIn(", ".join(one.text for one in found), *languages)
