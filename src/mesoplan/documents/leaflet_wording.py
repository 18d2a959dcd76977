"""Texts of the leaflet in the reader's language: which form, which figures, and what is shown where one is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeAlias

from mesoplan.domain.case import Identifier, Value
from mesoplan.domain.quantities import Volume
from mesoplan.domain.writing import Language, long_date_text, number_text, quantity_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.leaflets import LeafletPart, LeafletText

Figure: TypeAlias = int | date | Volume | str
"""A number, a day, a volume, or a telephone number as given."""

Figures: TypeAlias = Mapping[str, Figure]
"""What fills the places of the texts, by name. What is not known is left out."""


class Said(Value):
    """One text as the patient reads it. `language` is its own: English where it is not translated yet."""

    id: Identifier
    text: str
    language: Language
    translated: bool
    reviewed: bool
    sources: tuple[str, ...]


class Audience(Value):
    """What decides which texts concern this patient: the plan's compounds, aim and places, and the country."""

    compounds: tuple[Identifier, ...]
    aims: tuple[Identifier, ...]
    zones: tuple[Identifier, ...]
    regions: tuple[str, ...]
    jurisdictions: tuple[Identifier, ...]

    def concerned_by(self, text: LeafletText) -> bool:
        """Return whether every list that the text gives meets the plan."""
        wanted = {name: getattr(text, name) for name in type(self).model_fields}
        return all(not ids or set(ids) & set(getattr(self, name)) for name, ids in wanted.items())


class Voice:
    """Says the texts of one knowledge base in one language, and keeps what it said."""

    def __init__(self, knowledge: Knowledge, language: Language, figures: Figures) -> None:
        self._texts = knowledge.leaflets
        self._figures = figures
        self.language = language
        self.said: list[Said] = []

    def say(self, text_id: str, **figures: Figure) -> Said:
        """Return one text by its id, with the figures of the plan and those given here.

        Raises
        ------
        KnowledgeError
            If this release has no such text.
        """
        return self._fill(self._texts[text_id], {**self._figures, **figures})

    def knows(self, text_id: str) -> bool:
        """Return whether this release has a text of that id."""
        return text_id in self._texts

    def has_figure(self, name: str) -> bool:
        """Return whether a figure of the plan or the clinic is known."""
        return name in self._figures

    def texts(self, part: LeafletPart, audience: Audience) -> Iterator[LeafletText]:
        """Yield the texts of a section that concern this patient and whose figures are known."""
        for text in self._texts.values():
            known = text.wordings.en.places() <= set(self._figures)
            if text.part is part and known and audience.concerned_by(text):
                yield text

    def in_english(self, text_id: str, text: str) -> Said:
        """Return a text from elsewhere in the knowledge base for which the leaflet has no wording."""
        translated = self.language is Language.ENGLISH
        said = Said(id=text_id, text=text, language=Language.ENGLISH, translated=translated, reviewed=False, sources=())
        return self._keep(said)

    def _fill(self, text: LeafletText, figures: Figures) -> Said:
        translation = text.wordings.of(self.language)
        wording = translation or text.wordings.en
        language = self.language if translation else Language.ENGLISH
        sentence = wording.text
        if wording.one is not None and text.plural_of is not None and is_one(figures[text.plural_of], language):
            sentence = wording.one
        said = Said(
            id=text.id,
            text=sentence.format_map({name: written(value, language) for name, value in figures.items()}),
            language=language,
            translated=translation is not None,
            reviewed=text.reviewed and wording.reviewed,
            sources=text.sources,
        )
        return self._keep(said)

    def _keep(self, said: Said) -> Said:
        self.said.append(said)
        return said


def is_one(number: Figure, language: Language) -> bool:
    """Return whether a number takes the form of one: 1, and in French 0 too."""
    return number == 1 or (number == 0 and language is Language.FRENCH)


def written(figure: Figure, language: Language) -> str:
    """Return a figure as the language writes it: whole numbers, days in words, volumes with their unit."""
    if isinstance(figure, int):
        return number_text(figure, decimals=0, language=language)
    if isinstance(figure, date):
        return long_date_text(figure, language)
    if isinstance(figure, Volume):
        return quantity_text(figure.value, figure.unit, language=language)
    return figure
