"""The case: one patient's assessment, as far as planning needs it. No name, no address."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mesoplan.domain.face import OwnFace
from mesoplan.domain.quantities import Area, BodyWeight, Length

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.\-]*$", max_length=80)]
"""An id: small letters, digits, hyphens."""

TermReference = Annotated[str, Field(min_length=2, max_length=80)]
"""An id of the knowledge base, or a code such as ``atc:B01AA03`` or ``snomed:77386006``."""

Text = Annotated[str, Field(max_length=2000)]


class Value(BaseModel):
    """Base of all values: frozen, and strict about keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sex(StrEnum):
    """Sex at birth, as the skin-thickness studies group it."""

    FEMALE = "female"
    MALE = "male"


class Phototype(StrEnum):
    """Fitzpatrick phototype."""

    I = "I"  # noqa: E741
    II = "II"
    III = "III"
    IV = "IV"
    V = "V"
    VI = "VI"

    @property
    def rank(self) -> int:
        """Return 1 to 6."""
        return list(Phototype).index(self) + 1


class Answer(StrEnum):
    """What the patient said. A question that was not asked has no entry at all."""

    YES = "yes"
    NO = "no"


class Patient(Value):
    """Who is treated. Without a sex, the skin of both sexes counts and the questions of both are asked."""

    sex: Sex | None = None
    birth_date: date
    weight: BodyWeight | None = None
    phototype: Phototype | None = None
    face_width: Length | None = Field(default=None, description="Measured width of the face, cheekbone to cheekbone")
    face: OwnFace | None = Field(default=None, description="The patient’s own face, measured; goes before its width")

    def age_on(self, day: date) -> int:
        """Return the age in whole years on `day`."""
        before_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before_birthday


class Goal(Value):
    """An aim and the zones it is for."""

    aim: Identifier
    zones: tuple[Identifier, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _no_zone_twice(self) -> Goal:
        twice = sorted({zone for zone in self.zones if self.zones.count(zone) > 1})
        if twice:
            raise ValueError(f"zone named twice: {', '.join(twice)}")
        return self


class HistoryEntry(Value):
    """A condition, allergy, medication or procedure that the patient has or had."""

    id: TermReference
    on: date | None = Field(default=None, description="Date of the event, or of its last time")
    zones: tuple[Identifier, ...] | None = Field(default=None, description="Where; absent means not said")
    note: Text | None = None


class ScoreRecord(Value):
    """A scale's items as scored, never only the sum. `items` is region -> item -> score."""

    scale: Identifier
    on: date
    rater: Text
    mode: Literal["live", "photo"]
    items: dict[str, dict[str, int]]


class MeasuredThickness(Value):
    """Total skin thickness (epidermis and dermis) measured on this patient."""

    zone: Identifier
    thickness: Length
    method: Text
    on: date


class Case(Value):
    """One assessment on one day.

    `answers` holds what was asked: term id -> yes or no. What is listed under conditions, allergies, medications and
    procedures counts as yes. What is in neither was not asked.
    """

    id: Identifier
    as_of: date = Field(description="Day of the assessment; no date of the case lies after it")
    start: date = Field(description="Wanted day of the first session")
    jurisdiction: Identifier = "unknown"
    patient: Patient
    goals: tuple[Goal, ...] = Field(min_length=1)
    answers: dict[Identifier, Answer] = Field(default_factory=dict)
    conditions: tuple[HistoryEntry, ...] = ()
    allergies: tuple[HistoryEntry, ...] = ()
    medications: tuple[HistoryEntry, ...] = ()
    procedures: tuple[HistoryEntry, ...] = ()
    scores: tuple[ScoreRecord, ...] = ()
    areas: dict[Identifier, Area] = Field(default_factory=dict, description="Measured or typed areas, zone -> area")
    thickness: tuple[MeasuredThickness, ...] = ()
    note: Text | None = None

    def history(self) -> tuple[HistoryEntry, ...]:
        """Return all entries of the four lists."""
        return self.conditions + self.allergies + self.medications + self.procedures
