"""Compounds: identity, physico-chemistry, presentations, limits, status, evidence."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from mesoplan.domain.case import Value
from mesoplan.domain.evaluation import Measure
from mesoplan.domain.finding import Override
from mesoplan.knowledge.schema.citation import Cited, Code, Entry, Figure, Id, Sentence, Statement


class CompoundRole(StrEnum):
    """What a compound is in a mixture; diluents and buffers do not count as actives."""

    ACTIVE = "active"
    DILUENT = "diluent"
    BUFFER = "buffer"
    ANAESTHETIC = "anaesthetic"


class PhysicoChemistry(Value):
    """Figures that the mixture engine reads; what is not known is left out, never zero."""

    molar_mass: Figure | None = None
    pka: tuple[Figure, ...] = ()
    osmotic_particles: Figure | None = Field(default=None, description="Particles from one formula unit when dissolved")
    charge: Statement | None = None


class Presentation(Value):
    """A vial, ampoule or syringe as it is bought.

    `strength` is None where the product is dosed by volume only (its composition is the product's own).
    """

    id: Id
    title: Sentence
    strength: Figure | None
    container: Figure = Field(description="Volume in one container, mL")
    ph: Figure | None = None
    osmolarity: Figure | None = None
    preservative: Statement | None = None
    single_dose: Literal["yes", "no", "not known"] = "not known"
    note: Sentence | None = None


class Limit(Figure):
    """The most that a dose may be. `regions` restricts it; absent = everywhere."""

    measure: Measure
    over: Literal["block", "warn"] = "block"
    regions: tuple[Literal["face", "neck", "body", "submental"], ...] = ()


class Status(Cited):
    """How a jurisdiction treats the compound when injected for the aims of this product."""

    status: Literal["licensed_for_this_use", "licensed_other_use", "device", "unlicensed", "prohibited", "not_known"]
    text: Sentence


class Blocked(Cited):
    """Why a compound is not proposed, and whether a dermatologist may override that."""

    text: Sentence
    override: Override


class Evidence(Cited):
    """What one trial or review says of an aim. Positive and negative stand side by side, never averaged."""

    aim: Id
    direction: Literal["positive", "negative", "neutral", "mixed"]
    level: Literal["1", "2", "3", "4", "5"] = Field(description="Oxford CEBM 2011 level")
    text: Sentence
    participants: int | None = Field(default=None, ge=1)


class Compound(Entry):
    """One substance, or one product dosed as a whole."""

    abbreviation: str
    group: Sentence = Field(description="Pharmacological class, in words")
    families: tuple[Id, ...] = Field(
        default=(), description="Families that rules name: lipolytic, local-anaesthetic, …"
    )
    role: CompoundRole = CompoundRole.ACTIVE
    amount_unit: Literal["mg", "U", "mL"] = Field(description="How its dose is counted")
    codes: tuple[Code, ...] = ()
    blocked: Blocked | None = None
    physico_chemistry: PhysicoChemistry = PhysicoChemistry()
    presentations: tuple[Presentation, ...] = ()
    working_concentration: Figure | None = None
    routes: tuple[Statement, ...] = Field(min_length=1, description="Authorised and used routes")
    limits: tuple[Limit, ...] = ()
    toxic_level: Figure | None = Field(
        default=None,
        description="Level in blood from which a source calls it toxic, mg/L; absent = no source was found",
    )
    status: dict[Literal["fr", "it", "us", "uk", "ca", "eu"], Status] = Field(min_length=1)
    contraindications: tuple[Statement, ...] = ()
    interactions: tuple[Statement, ...] = ()
    adverse_effects: tuple[Statement, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _something_to_draw(self) -> Compound:
        if not self.presentations and self.blocked is None:
            raise ValueError("a compound that is not blocked needs at least one presentation")
        return self
