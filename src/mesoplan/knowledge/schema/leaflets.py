"""What a patient is told, in plain words and four languages: whole sentences, each cited like any other statement."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, Literal

from pydantic import model_validator

from mesoplan.domain.case import Value
from mesoplan.domain.writing import Language
from mesoplan.knowledge.schema.citation import Cited, Entry, Id, Review, Sentence

HOUSE_DRAFT = "Mesoplan, draft"
FIGURES = frozenset({
    "sessions", "punctures", "course_punctures", "points", "volume", "session", "date", "more",
    "judged_on", "review_on", "watch_until", "page", "pages",
    "of_ten", "rest_of_ten", "low_of_ten", "high_of_ten",
    "telephone", "out_of_hours", "emergency", "printed", "release", "revision", "record",
})  # fmt: skip
"""Numbers, dates and telephone numbers that a text may leave a place for. Words never: a sentence is whole."""

_PLACE = re.compile(r"\{([^{}]*)\}")


class LeafletPart(StrEnum):
    """The sections of the leaflet in their order; `frame` and `names` are words used all over it."""

    NOTICE = "notice"
    WHAT = "what"
    PLAN = "plan"
    LICENCE = "licence"
    EVIDENCE = "evidence"
    FEEL = "feel"
    TELL = "tell"
    AFTER = "after"
    CALL = "call"
    WATCH = "watch"
    JUDGE = "judge"
    CHOICES = "choices"
    STOP = "stop"
    CONTACT = "contact"
    FRAME = "frame"
    NAMES = "names"


class Wording(Value):
    """One text in one language; text alone may stand for it while nobody is named."""

    text: Sentence
    one: Sentence | None = None
    translator: Sentence = HOUSE_DRAFT
    review: Review | Literal["not yet reviewed"] = "not yet reviewed"

    @model_validator(mode="before")
    @classmethod
    def _text_alone(cls, given: Any) -> Any:
        return {"text": given} if isinstance(given, str) else given

    @property
    def reviewed(self) -> bool:
        """Return whether a named person has confirmed this wording."""
        return isinstance(self.review, Review)

    def places(self) -> frozenset[str]:
        """Return the figures that the text leaves a place for."""
        return frozenset(_PLACE.findall(self.text + (self.one or "")))


class Wordings(Value):
    """A text in the languages that it has; English always, for what is not translated yet is shown in English."""

    en: Wording
    fr: Wording | None = None
    it: Wording | None = None
    es: Wording | None = None

    def of(self, language: Language) -> Wording | None:
        """Return the wording in one language; None = not translated."""
        found: Wording | None = getattr(self, language.value)
        return found

    def all(self) -> dict[Language, Wording]:
        """Return every wording that there is."""
        return {language: wording for language in Language if (wording := self.of(language))}


class LeafletText(Entry, Cited):
    """One text of the leaflet. It is shown where each list that is given meets the plan; all empty = in every leaflet.

    `role`: a section's heading, a lead with the items `under` it, a text on its own, a study (told where the plan's
    evidence cites one of its sources), or a piece that the code places by its id. `plural_of` names the figure whose
    number decides between `one` and the usual form.
    """

    part: LeafletPart
    role: Literal["heading", "lead", "item", "text", "study", "piece"]
    under: Id | None = None
    compounds: tuple[Id, ...] = ()
    aims: tuple[Id, ...] = ()
    zones: tuple[Id, ...] = ()
    regions: tuple[Literal["face", "neck", "body", "submental"], ...] = ()
    jurisdictions: tuple[Id, ...] = ()
    plural_of: str | None = None
    wordings: Wordings

    @property
    def text(self) -> str:
        """Return the English text, as lists of entries show it."""
        return self.wordings.en.text

    @model_validator(mode="after")
    def _items_stand_under_a_lead(self) -> LeafletText:
        if (self.role == "item") != (self.under is not None):
            raise ValueError("under is given for an item, and only for an item")
        return self

    @model_validator(mode="after")
    def _same_figures_in_all_languages(self) -> LeafletText:
        wanted = self.wordings.en.places()
        for language, wording in self.wordings.all().items():
            if wording.places() - FIGURES:
                raise ValueError(f"{language}: no such figure: {', '.join(sorted(wording.places() - FIGURES))}")
            if wording.places() != wanted:
                raise ValueError(f"{language}: places for figures differ from those of English")
            if (wording.one is not None) != (self.plural_of is not None):
                raise ValueError(f"{language}: `one` is given where plural_of names a figure, and only there")
        if self.plural_of is not None and self.plural_of not in FIGURES:
            raise ValueError(f"plural_of: no such figure: {self.plural_of}")
        return self
