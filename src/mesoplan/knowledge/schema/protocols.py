"""Protocols, techniques and needles: how an aim is pursued."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from mesoplan.domain.case import Value
from mesoplan.knowledge.schema.citation import Entry, Figure, Id, Sentence, Statement
from mesoplan.knowledge.schema.compounds import Evidence

TargetLayer = Literal["epidermis", "upper-dermis", "dermis", "subcutis"]


class Aim(Entry):
    """What a course is for, with the scale that shows it and what can be known at all."""

    summary: Statement
    score_with: tuple[Id, ...] = ()
    timeline: tuple[Statement, ...] = Field(default=(), description="What can have changed by which week")


class Technique(Entry):
    """A named way of injecting. Its published depth is what the sheet says; depth is always computed."""

    synonyms: tuple[Sentence, ...] = ()
    named_layers: tuple[Literal["epidermis", "dermis", "fat"], ...] = Field(
        default=(), description="Layers that its names speak of, whatever depth they are in; none where they say none"
    )
    published_depth: Figure
    needles: tuple[Id, ...] = Field(min_length=1)
    angle: Figure
    volume_per_point: Figure | None = None
    spacing: Figure | None = None
    regions: tuple[Literal["face", "neck", "body", "submental"], ...]
    remarks: tuple[Statement, ...] = ()


class Needle(Entry):
    """A needle: gauge, outer diameter and length; steps in which a hand can choose the inserted length."""

    gauge: Figure
    outer_diameter: Figure
    length: Figure
    shortest_inserted: Figure
    length_step: Figure


class HandTolerance(Entry):
    """How far a hand strays from the intended angle and length: half widths that hold 95 of 100."""

    angle: Figure
    length: Figure


class Instrument(Entry):
    """Something that measures a patient: how far one reading of it lies from the next of the same place."""

    spread: Figure = Field(description="Standard deviation of one reading, in the unit of what is measured")


class Ingredient(Value):
    """One compound in a mixture at its final concentration; None = undiluted, as supplied."""

    compound: Id
    presentation: Id
    concentration: Figure | None


class Mixture(Value):
    """What a protocol injects together, if chemistry and jurisdiction allow; otherwise it is split over syringes."""

    id: Id
    title: Sentence
    ingredients: tuple[Ingredient, ...] = Field(min_length=1)
    diluent: Id | None = Field(default=None, description="Presentation that makes up the volume")


class Protocol(Entry):
    """One way to pursue one aim, as it would be given. The planner makes it individual."""

    aim: Id
    summary: Statement
    mixtures: tuple[Mixture, ...] = Field(min_length=1)
    technique: Id
    needle: Id
    target: TargetLayer
    regions: tuple[Literal["face", "neck", "body", "submental"], ...] = Field(min_length=1)
    zones: tuple[Id, ...] = Field(default=(), description="Zone ids it is for; empty = all zones of the regions")
    volume_per_point: Figure
    spacing: Figure
    interval: Figure = Field(description="Days between sessions; the lower bound is a minimum")
    sessions: Figure
    review_after: Figure = Field(description="Number of sessions after which to stop and look again")
    score_with: tuple[Id, ...] = ()
    judge_from: Figure = Field(description="Week from which a score may be judged")
    edge_margin: Figure
    evidence: tuple[Evidence, ...] = Field(min_length=1)
    why: tuple[Statement, ...] = Field(
        min_length=1, description="Reasons for this choice, in words for a dermatologist"
    )
    only_in: tuple[Id, ...] = Field(default=(), description="Jurisdictions; empty = wherever its compounds may be used")

    @model_validator(mode="after")
    def _units_fit(self) -> Protocol:
        wanted = {"volume_per_point": "mL", "spacing": "mm", "interval": "d", "sessions": "count",
                  "review_after": "count", "judge_from": "wk", "edge_margin": "mm"}  # fmt: skip
        for name, unit in wanted.items():
            if getattr(self, name).unit != unit:
                raise ValueError(f"{name} is given in {getattr(self, name).unit}, allowed: {unit}")
        return self
