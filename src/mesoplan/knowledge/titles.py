"""Titles in the languages of the pages, found by kind and id. English is the title of the entry itself.

Nothing that is computed or stored reads these: they are for people's eyes only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from mesoplan.domain.errors import KnowledgeError, Problem
from mesoplan.domain.writing import Language
from mesoplan.knowledge.kinds import KINDS, READ_WHEN_ASKED
from mesoplan.knowledge.nearest import allowed_text
from mesoplan.knowledge.schema.leaflets import LeafletPart
from mesoplan.knowledge.schema.rules import Term
from mesoplan.knowledge.schema.scales import Scale
from mesoplan.knowledge.schema.titles import TITLED_KINDS, TitleFile, TitleKey
from mesoplan.knowledge.schema.zones import Zone

if TYPE_CHECKING:
    from mesoplan.knowledge.base import Knowledge

ALLERGY = "Allergy to "


class TitleIn(NamedTuple):
    """A title and the language it is in: English where the one asked for has none."""

    text: str
    language: Language


@dataclass(frozen=True)
class Translated:
    """One text with its translator."""

    text: str
    translator: str
    reviewed: bool


@dataclass(frozen=True)
class Titles:
    """All titles: of English every one, of the other languages those that are translated."""

    english: Mapping[TitleKey, str]
    translated: Mapping[Language, Mapping[TitleKey, Translated]]
    synonyms: Mapping[Language, Mapping[str, tuple[str, ...]]]

    def find(self, key: TitleKey, language: Language) -> TitleIn:
        """Return the text in a language, or in English.

        Raises
        ------
        KnowledgeError
            If nothing is called so.
        """
        found = self.translated.get(language, {}).get(key)
        if found is not None:
            return TitleIn(found.text, language)
        if key not in self.english:
            raise KnowledgeError("titles", [_unknown(key, self.english)])
        return TitleIn(self.english[key], Language.ENGLISH)

    def wanted(self) -> list[TitleKey]:
        """Return what is to be translated."""
        return [key for key in self.english if key[0] in TITLED_KINDS]


def titles_of(knowledge: Knowledge, files: Sequence[tuple[str, TitleFile]]) -> Titles:
    """Return every title, with the zones and compounds that only the leaflets name.

    Raises
    ------
    KnowledgeError
        For a title of something that there is not, and for one given twice.
    """
    english = dict(_english(knowledge))
    translated: dict[Language, dict[TitleKey, Translated]] = {language: {} for language in Language}
    synonyms: dict[Language, dict[str, tuple[str, ...]]] = {language: {} for language in Language}
    for name, given in files:
        known = translated[given.language]
        for key, text in given.texts():
            if key not in english:
                raise KnowledgeError(name, [_unknown(key, english)])
            if key in known:
                raise KnowledgeError(name, [Problem(".".join(key), "is translated twice")])
            known[key] = Translated(text, given.translator, given.reviewed)
        synonyms[given.language] |= {term: words.synonyms for term, words in given.terms.items()}
    for language, key, lay in _of_leaflets(knowledge):
        translated[language].setdefault(key, lay)
    return Titles(english, translated, synonyms)


def _unknown(key: TitleKey, english: Mapping[TitleKey, str]) -> Problem:
    kind, entry, part = key
    parts = [known[2] for known in english if known[:2] == (kind, entry)]
    if parts:
        return Problem(f"{kind}.{entry}", f"has no “{part}”; {allowed_text(part, parts)}")
    entries = {known[1] for known in english if known[0] == kind}
    return Problem(kind, f"“{entry}” is not in {kind}; {allowed_text(entry, entries)}")


def _english(knowledge: Knowledge) -> Iterator[tuple[TitleKey, str]]:
    for kind in KINDS:
        if kind in READ_WHEN_ASKED:
            continue  # read later, and titled in English alone
        for name, entry in knowledge.shelf(kind).items():
            yield (kind, name, "title"), getattr(entry, "title", name)
    for name, (_, presentation) in knowledge.presentations.items():
        yield ("presentations", name, "title"), presentation.title
    for term in knowledge.terms.values():
        yield from ((("terms", term.id, part), text) for part, text in _of_term(term))
    for scale in knowledge.scales.values():
        yield from ((("scales", scale.id, part), text) for part, text in _of_scale(scale))
    for zone in knowledge.zones.values():
        if zone.side in ("right", "left"):
            yield ("zones", zone.id, "place"), place_of(zone)


def _of_term(term: Term) -> Iterator[tuple[str, str]]:
    yield "question", term.question
    if term.title.startswith(ALLERGY):
        yield "to", term.title.removeprefix(ALLERGY)


def _of_scale(scale: Scale) -> Iterator[tuple[str, str]]:
    for region in scale.regions:
        yield f"regions.{region.id}", region.title
    for item in scale.items:
        yield f"items.{item.id}", item.title
        for grade in item.grades:
            yield f"items.{item.id}.grades.{grade.score}", grade.label


def place_of(zone: Zone) -> str:
    """Return what both sides of a zone are called: “Malar” of “Malar, right”."""
    return zone.title.removesuffix(f", {zone.side}")


def _of_leaflets(knowledge: Knowledge) -> Iterator[tuple[Language, TitleKey, Translated]]:
    for text in knowledge.leaflets.values():
        if text.part is not LeafletPart.NAMES:
            continue
        named = [("zones", zone) for zone in text.zones] + [("compounds", one) for one in text.compounds]
        for language, wording in text.wordings.all().items():
            if language is not Language.ENGLISH:
                given = Translated(wording.text, wording.translator, wording.reviewed)
                yield from ((language, (kind, entry, "title"), given) for kind, entry in named)
