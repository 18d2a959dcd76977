"""Screening rules as data, and the terms (questions) they read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mesoplan.domain.case import Phototype, Sex, Value
from mesoplan.domain.finding import Override, Severity
from mesoplan.knowledge.schema.citation import Cited, Entry, Id, Sentence


class Term(Entry):
    """A condition, allergy, medication, procedure or circumstance that rules read.

    `question` is what the patient is asked. `codes` lists outside codes that mean it (`atc:G03AA` also means every
    longer code that starts so).
    """

    kind: Literal["condition", "allergy", "medication", "procedure", "circumstance"]
    question: Sentence
    codes: tuple[Annotated[str, Field(pattern=r"^(snomed|atc|rxnorm|icd10):[A-Za-z0-9.]+$")], ...] = ()
    synonyms: tuple[Sentence, ...] = ()
    sex: Sex | None = Field(default=None, description="Asked of this sex only")
    dated: bool = Field(default=False, description="Whether the date of the event matters")
    sensitive: bool = False


class Condition(Value):
    """One test on a case; exactly one key. Tests are yes, no or unknown, and unknown is never taken for no."""

    term: Id | None = None
    age_below: int | None = None
    age_from: int | None = None
    sex: Sex | None = None
    phototype_from: Phototype | None = None
    within_days: WithinDays | None = None
    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    no: Condition | None = Field(default=None, description="Negation")
    always: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            allowed = ", ".join(type(self).model_fields)
            raise ValueError(f"a condition holds exactly one of: {allowed} (given: {', '.join(given) or 'none'})")
        return self


class WithinDays(Value):
    """An event (term) less than so many days before the first session; gives the first date allowed."""

    term: Id
    days: int = Field(gt=0)
    same_region: bool = Field(default=False, description="Counts only where the event's zones meet the goal's region")


class AppliesTo(Value):
    """What a rule speaks of. Empty = every case. Lists are alternatives; two lists given must both be met."""

    compounds: tuple[Id, ...] = ()
    families: tuple[Id, ...] = ()
    aims: tuple[Id, ...] = ()
    zones: tuple[Id, ...] = ()
    regions: tuple[Literal["face", "neck", "body", "submental"], ...] = ()
    techniques: tuple[Id, ...] = ()
    jurisdictions: tuple[Id, ...] = ()
    except_families: tuple[Id, ...] = ()

    @property
    def patient_only(self) -> bool:
        """Return whether the rule can be read before any plan exists."""
        return not (self.compounds or self.families or self.techniques)


class Rule(Entry, Cited):
    """If `when` holds for a case and `applies_to` fits, `text` is a finding of this severity."""

    severity: Severity
    override: Override | None = None
    applies_to: AppliesTo = AppliesTo()
    when: Condition
    text: Sentence

    @model_validator(mode="after")
    def _block_says_who_overrides(self) -> Rule:
        if (self.severity is Severity.BLOCK) != (self.override is not None):
            raise ValueError("override is given for a block, and only for a block: never or dermatologist")
        return self


class Check(Entry, Cited):
    """A rule that is computed from a plan (limits, depth, spacing, dates). The code cites it by id."""

    severity: Severity
    override: Override | None = None
    text: Sentence
    value: float | tuple[float, float] | None = None
    unit: str | None = None
    applies_to: AppliesTo = AppliesTo()


class PairRule(Entry, Cited):
    """What is known of two compounds, or families, in one syringe; `any` stands for every other compound."""

    a: Id
    b: Id
    verdict: Literal["compatible", "incompatible", "used_in_trial"]
    override: Override | None = None
    text: Sentence


class Jurisdiction(Entry):
    """What a country allows. Where nothing was found the field is absent, and the strictest known value is taken."""

    max_actives_per_syringe: JurisdictionCount | None = None
    mixing_in_clinic: JurisdictionMixing | None = None
    prohibited: tuple[Prohibition, ...] = ()
    duties: tuple[JurisdictionDuty, ...] = ()
    immediate_use: JurisdictionHours | None = None


class JurisdictionCount(Cited):
    """A count that the jurisdiction sets."""

    value: int = Field(ge=1)
    text: Sentence


class JurisdictionMixing(Cited):
    """Who may mix medicines at the chairside."""

    allowed: bool
    text: Sentence


class JurisdictionHours(Cited):
    """Hours within which a mixture made at the chairside is used."""

    value: float = Field(gt=0)
    text: Sentence


class Prohibition(Cited):
    """Compounds or families that may not be used, for which aims."""

    compounds: tuple[Id, ...] = ()
    families: tuple[Id, ...] = ()
    aims: tuple[Id, ...] = ()
    text: Sentence
    override: Override = Override.NEVER


class JurisdictionDuty(Cited):
    """What must be said, recorded or held; becomes a note on the plan."""

    families: tuple[Id, ...] = ()
    compounds: tuple[Id, ...] = ()
    text: Sentence


Condition.model_rebuild()
Jurisdiction.model_rebuild()
