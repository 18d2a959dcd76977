"""Titles in other languages than English, as they stand in files: by kind and id, each file with its translator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from mesoplan.domain.case import Value
from mesoplan.domain.writing import Language
from mesoplan.knowledge.schema.citation import Id, Review, Sentence

Text = Annotated[str, Field(min_length=1, max_length=1200)]
TitleKey = tuple[str, str, str]
"""Kind, id of the entry, part: `title`, or what of the entry is named, such as `question` or `regions.forehead`."""


class TermTitle(Value):
    """A question of the assessment. `to` names what an allergy is to; synonyms are only searched for."""

    title: Sentence
    question: Sentence
    to: Sentence | None = None
    synonyms: tuple[Sentence, ...] = ()


class ItemTitle(Value):
    """An item of a scale; text alone where its grades are those of all items."""

    title: Sentence
    grades: dict[int, Text] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _text_alone(cls, given: Any) -> Any:
        return {"title": given} if isinstance(given, str) else given


class ScaleTitle(Value):
    """A scale with all that is read when it is filled; `grades` are those of every item that has none of its own."""

    title: Sentence
    regions: dict[str, Text] = Field(default_factory=dict)
    items: dict[str, ItemTitle] = Field(default_factory=dict)
    grades: dict[int, Text] = Field(default_factory=dict)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield each part with its text."""
        yield "title", self.title
        for region, text in self.regions.items():
            yield f"regions.{region}", text
        for item, given in self.items.items():
            yield f"items.{item}", given.title
            for grade, text in (given.grades or self.grades).items():
                yield f"items.{item}.grades.{grade}", text


class ZoneTitle(Value):
    """A zone where the leaflet's word for it is not a clinician's, and what both sides of it are called."""

    title: Sentence | None = None
    place: Sentence | None = None


class TitleFile(Value):
    """Titles in one language by one translator. What somebody has reviewed moves to a file that names the reviewer."""

    language: Language
    translator: Sentence
    review: Review | Literal["not yet reviewed"]
    aims: dict[Id, Sentence] = Field(default_factory=dict)
    compounds: dict[Id, Sentence] = Field(default_factory=dict)
    jurisdictions: dict[Id, Sentence] = Field(default_factory=dict)
    needles: dict[Id, Sentence] = Field(default_factory=dict)
    presentations: dict[Id, Sentence] = Field(default_factory=dict)
    scales: dict[Id, ScaleTitle] = Field(default_factory=dict)
    techniques: dict[Id, Sentence] = Field(default_factory=dict)
    terms: dict[Id, TermTitle] = Field(default_factory=dict)
    zones: dict[Id, ZoneTitle] = Field(default_factory=dict)

    @property
    def reviewed(self) -> bool:
        """Return whether a named person has confirmed these titles."""
        return isinstance(self.review, Review)

    def texts(self) -> Iterator[tuple[TitleKey, str]]:
        """Yield each text with what it names."""
        for kind in PLAIN_KINDS:
            titles: dict[str, str] = getattr(self, kind)
            yield from (((kind, entry, "title"), text) for entry, text in titles.items())
        for entry, scale in self.scales.items():
            yield from ((("scales", entry, part), text) for part, text in scale.texts())
        for kind, parts in (("terms", ("title", "question", "to")), ("zones", ("title", "place"))):
            for entry, given in getattr(self, kind).items():
                named = ((part, getattr(given, part)) for part in parts)
                yield from (((kind, entry, part), text) for part, text in named if text)


PLAIN_KINDS = ("aims", "compounds", "jurisdictions", "needles", "presentations", "techniques")
TITLED_KINDS = (*PLAIN_KINDS, "scales", "terms", "zones")
"""Kinds whose titles are translated; what the others say is English everywhere."""
