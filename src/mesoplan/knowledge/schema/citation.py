"""What every clinical value carries: unit, source, basis, whether it was seen, and who reviewed it when."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mesoplan.domain.case import Value

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.\-]*$", max_length=80)]
SourceId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.\-_]*$", max_length=80)]
Sentence = Annotated[str, Field(min_length=2, max_length=1200)]

Unit = Literal[
    "mg", "mL", "mg/mL", "mg/L", "U", "U/mL", "mg/cm2", "mg/kg", "mL/cm2", "mm", "cm2", "deg", "mosm/L", "mosm/kg",
    "pH", "g/mol", "h", "min", "d", "wk", "mo", "y", "count", "ratio", "%", "kDa", "pKa", "G", "log", "score",
]  # fmt: skip


class Basis(StrEnum):
    """On what ground a value stands."""

    LABEL = "label"
    REVIEW = "review"
    TRIAL = "trial"
    CONSENSUS = "consensus"
    TEXTBOOK = "textbook"
    PRACTICE = "practice"
    DERIVED = "derived"
    PROPOSAL = "proposal"
    REGULATION = "regulation"


class Review(Value):
    """Who confirmed a value against its source, and when."""

    by: Annotated[str, Field(min_length=3)]
    on: date


NOT_YET = "not yet reviewed"


class Cited(Value):
    """Base of all that is held to be true: where it comes from and how far it was checked."""

    basis: Basis
    seen: Literal["seen", "recalled"]
    sources: Annotated[tuple[SourceId, ...], Field(min_length=1)]
    review: Review | Literal["not yet reviewed"]
    note: Sentence | None = None

    @property
    def reviewed(self) -> bool:
        """Return whether a named person has confirmed it."""
        return isinstance(self.review, Review)


class Figure(Cited):
    """One number, or a range from low to high, with its unit."""

    value: float | tuple[float, float]
    unit: Unit

    @model_validator(mode="after")
    def _range_in_order(self) -> Figure:
        if isinstance(self.value, tuple) and self.value[0] > self.value[1]:
            raise ValueError(f"range runs from {self.value[0]} down to {self.value[1]}")
        return self

    @property
    def low(self) -> float:
        """Return the lower bound, or the number itself."""
        return self.value[0] if isinstance(self.value, tuple) else self.value

    @property
    def high(self) -> float:
        """Return the upper bound, or the number itself."""
        return self.value[1] if isinstance(self.value, tuple) else self.value

    def written(self) -> str:
        """Return the number as written on pages: “0.02–0.05 mL”."""
        unit = "" if self.unit in ("count", "ratio") else f" {self.unit.replace('cm2', 'cm²')}"
        if isinstance(self.value, tuple):
            return f"{self.value[0]:g}–{self.value[1]:g}{unit}"
        return f"{self.value:g}{unit}"


class Statement(Cited):
    """One sentence held to be true."""

    text: Sentence


class Code(Cited):
    """A code of an outside code system."""

    system: Literal["atc", "unii", "rxnorm", "snomed", "cas", "edqm"]
    code: str


class Entry(Value):
    """Base of every entry of the knowledge base: one id in one file."""

    id: Id
    title: Sentence
