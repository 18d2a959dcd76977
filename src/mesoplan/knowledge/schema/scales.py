"""Scales: items, formula, range and measurement error. The formula shown is the formula computed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mesoplan.domain.case import Value
from mesoplan.knowledge.schema.citation import Cited, Entry, Figure, Id, Sentence, Statement


class Grade(Value):
    """One answer of an item.

    `improvement` is, of a grade of change, what it is taken for: from, to in per cent of the first severity, 100 being
    all of it gone.
    """

    score: int
    label: Sentence
    improvement: tuple[float, float] | None = None

    @model_validator(mode="after")
    def _improves_from_to(self) -> Grade:
        if self.improvement is not None and not -100 <= self.improvement[0] < self.improvement[1] <= 100:
            raise ValueError("improvement runs from a lower to a higher percentage, -100 to 100")
        return self


class Item(Value):
    """One thing that is scored in each region."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Sentence
    grades: tuple[Grade, ...] = Field(min_length=2)


class ScaleRegion(Value):
    """A region that is scored, with its weight in the sum and the zones it stands for."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Sentence
    weight: float = Field(gt=0)
    zones: tuple[Id, ...] = ()


class Scale(Entry, Cited):
    """A score. Its value is the sum over regions of weight x `formula`, an expression of the item ids.

    `items_of` names the scale whose items it is computed from (mMASI from MASI's items); the two are never mixed in one
    course. A change scale (`kind` = change) has no baseline.
    """

    kind: Literal["severity", "change", "class", "quality-of-life"]
    better: Literal["lower", "higher", "none"]
    regions: tuple[ScaleRegion, ...] = Field(min_length=1)
    items: tuple[Item, ...] = Field(min_length=1)
    items_of: Id | None = None
    formula: Annotated[str, Field(pattern=r"^[a-z0-9_+*(). ]+$")]
    lowest: float
    highest: float
    error: tuple[Figure, ...] = ()
    noticeable_change: Figure | None = None
    remarks: tuple[Statement, ...] = ()
