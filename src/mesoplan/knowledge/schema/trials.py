"""Trials: what each arm of a study was given, and what was measured at which week, with its flaws named.

Only what a page says is held. What can be worked out of it (a ratio of means, its standard error) is computed where it
is needed; what a study says without a number is a sentence, never a zero.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mesoplan.domain.case import Value
from mesoplan.knowledge.schema.citation import Cited, Entry, Id, Sentence, Statement

Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=100)]


class Flag(StrEnum):
    """Why a figure is to be read with care."""

    INFERRED_WEEK = "inferred-week"
    INFERRED_SESSIONS = "inferred-sessions"
    DERIVED_COUNT = "derived-count"
    ASSUMED_SPLIT = "assumed-split"
    COMPLETERS = "completers-only"
    SUBGROUP = "subgroup"
    SECONDARY_SOURCE = "secondary-source"
    POOLED = "pooled"
    IMPLAUSIBLE_SPREAD = "implausible-spread"
    INCONSISTENT = "inconsistent"
    OUTLIER = "outlier"


WORKED_OUT = frozenset({Flag.INFERRED_WEEK, Flag.INFERRED_SESSIONS, Flag.DERIVED_COUNT, Flag.ASSUMED_SPLIT})
"""Flags of what the page does not say: `derived` tells how it was worked out."""


class Group(StrEnum):
    """Arms that may stand in one summary: what was given, and by which way."""

    INJECTED_TRANEXAMIC = "injected-tranexamic-acid"
    INJECTED_TRANEXAMIC_MIXTURE = "injected-tranexamic-acid-mixture"
    INJECTED_GLUTATHIONE = "injected-glutathione"
    INJECTED_VITAMIN_C = "injected-vitamin-c"
    INJECTED_PLASMA = "injected-platelet-rich-plasma"
    NEEDLED_TRANEXAMIC = "needled-tranexamic-acid"
    NEEDLED_OTHER = "needled-other"
    NEEDLE_ALONE = "needle-alone"
    LASER_TRANEXAMIC = "laser-tranexamic-acid"
    IONTOPHORESIS = "iontophoresis-vitamin-c"
    ORAL_TRANEXAMIC = "oral-tranexamic-acid"
    TOPICAL_TRANEXAMIC = "topical-tranexamic-acid"
    TRIPLE_COMBINATION = "triple-combination"
    HYDROQUINONE = "hydroquinone"
    OTHER_TOPICAL = "other-topical"
    PEEL = "peel"
    HYALURONIC_ACID = "hyaluronic-acid"
    CROSS_LINKED = "cross-linked-hyaluronic-acid"
    REVITALISING_MIX = "revitalising-mix"
    POLYNUCLEOTIDE = "polynucleotide"
    DEOXYCHOLIC_ACID = "deoxycholic-acid"
    COLLAGENASE = "collagenase"
    CELLULITE_COCKTAIL = "cellulite-cocktail"
    DUTASTERIDE = "dutasteride"
    OTHER = "other"
    BACKGROUND = "placebo-or-sunscreen"
    INJECTED_CONTROL = "saline-or-placebo-injection"
    UNTREATED = "untreated"


class Concentration(Value):
    """How strong one compound was in what was given."""

    compound: Id
    mg_per_ml: Positive


class Regimen(Value):
    """What was given, by which way, how often. `given` is the whole of it in words."""

    given: Sentence
    route: Literal[
        "intradermal", "subcutaneous", "microneedling", "laser", "iontophoresis", "oral", "topical", "peel", "none"
    ]
    compounds: tuple[Id, ...] = Field(default=(), description="Those that the knowledge base holds")
    concentrations: tuple[Concentration, ...] = ()
    volume_per_point_ml: Positive | None = None
    spacing_mm: Positive | None = None
    dose_per_session_mg: Positive | tuple[Positive, Positive] | None = None
    interval_days: Positive | None = None
    sessions: int | tuple[int, int] | None = Field(default=None, description="In the whole course; from, to")
    session_weeks: tuple[float, ...] = Field(default=(), description="Where the sessions are not evenly spaced")
    schedule: Sentence | None = None


class Measure(Value):
    """What was scored or measured; `scale` where the knowledge base holds it."""

    id: Id
    title: Sentence
    kind: Literal["severity", "change", "instrument", "response"]
    better: Literal["lower", "higher"]
    scale: Id | None = None


class Responders(Value):
    """How many met a definition: a count, a percentage, or both, as printed."""

    definition: Sentence
    count: Whole | None = None
    percent: Share | None = None
    improvement: tuple[Share, Share] | None = Field(default=None, description="Per cent of improvement, from, to")

    @model_validator(mode="after")
    def _says_how_many(self) -> Responders:
        if self.count is None and self.percent is None:
            raise ValueError("must have a count or a percentage")
        return self


class Interval(Value):
    """A confidence interval as printed."""

    low: Number
    high: Number
    level: Annotated[float, Field(gt=50, lt=100)]


class Observation(Cited):
    """What one arm showed at one week on one measure.

    Responders each meet at least their definition; bands share out the whole arm, from the largest change to the least.
    """

    measure: Id
    week: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    when: Sentence | None = None
    sessions: Whole | tuple[Whole, Whole] | None = None
    n: Annotated[int, Field(ge=1)] | None = None
    mean: Number | None = None
    sd: Positive | None = None
    median: Number | None = None
    iqr: tuple[Number, Number] | None = None
    change: Number | None = None
    change_sd: Positive | None = None
    change_interval: Interval | None = None
    percent_change: Annotated[float, Field(ge=-100, allow_inf_nan=False)] | None = None
    percent_change_sd: Positive | None = None
    percent_basis: Literal["mean of percentages", "against the control", "not stated"] | None = None
    responders: tuple[Responders, ...] = ()
    bands: tuple[Responders, ...] = ()
    flags: tuple[Flag, ...] = ()
    derived: Sentence | None = Field(default=None, description="What was worked out or inferred, and how")

    @model_validator(mode="after")
    def _says_something_at_some_time(self) -> Observation:
        figures = (self.mean, self.median, self.change, self.percent_change)
        if all(figure is None for figure in figures) and not self.responders and not self.bands:
            raise ValueError("has no figure; what a study says without one is an outcome in words")
        if self.week is None and self.when is None:
            raise ValueError("needs a week, or “when” in words")
        if (self.percent_change is None) != (self.percent_basis is None):
            raise ValueError("a change in per cent and its basis belong together")
        for spread, of in (("sd", "mean"), ("iqr", "median"), ("change_sd", "change"), ("change_interval", "change")):
            if getattr(self, spread) is not None and getattr(self, of) is None:
                raise ValueError(f"{spread} without {of}")
        return self

    @model_validator(mode="after")
    def _says_what_was_worked_out(self) -> Observation:
        if WORKED_OUT & set(self.flags) and self.derived is None:
            raise ValueError("a figure that was worked out or inferred says how under “derived”")
        return self


class Arm(Cited):
    """One group of patients, or one side of them, and what it was given."""

    id: Id
    title: Sentence
    role: Literal["active", "comparator", "control"]
    control: Literal["placebo", "sham", "vehicle", "saline", "untreated", "sunscreen"] | None = None
    group: Group
    n: Annotated[int, Field(ge=1)] | None = None
    flags: tuple[Flag, ...] = ()
    derived: Sentence | None = None
    regimen: Regimen
    observations: tuple[Observation, ...] = ()

    @model_validator(mode="after")
    def _kind_of_control(self) -> Arm:
        if (self.role == "control") != (self.control is not None):
            raise ValueError("“control” says of which kind the control arm is, and only of a control arm")
        if WORKED_OUT & set(self.flags) and self.derived is None:
            raise ValueError("what was worked out or inferred says how under “derived”")
        return self


class Outcome(Cited):
    """What a study says in words, for or against what was injected; many studies print no figures."""

    direction: Literal["positive", "negative", "neutral", "mixed"]
    text: Sentence


class Study(Entry, Cited):
    """One study with its arms. `counted` is false for what would count patients twice: pooled and quoted studies."""

    first_author: str | None = None
    year: int | None = Field(default=None, ge=1900, le=2100)
    country: str | None = None
    identifiers: tuple[str, ...] = ()
    aims: tuple[Id, ...] = Field(min_length=1)
    condition: Sentence
    design: Literal[
        "randomised", "comparative", "single-arm", "retrospective", "extension", "post-hoc", "meta-analysis",
        "registration",
    ]  # fmt: skip
    design_in_words: Sentence
    paired: bool = Field(default=False, description="Both treatments on one patient, such as on two halves of the face")
    blinded: Literal["double", "single", "open", "not-stated"]
    counted: bool = True
    measures: tuple[Measure, ...] = ()
    arms: tuple[Arm, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    adverse_events: tuple[Statement, ...] = ()
    remarks: tuple[Statement, ...] = ()

    @model_validator(mode="after")
    def _names_what_it_has(self) -> Study:
        measures, arms = [one.id for one in self.measures], [one.id for one in self.arms]
        if self.design == "meta-analysis":
            if self.counted or not (arms or self.outcomes):
                raise ValueError("a meta-analysis says something, and is not counted beside the trials that it pools")
        elif not arms:
            raise ValueError("a study has arms")
        for name, ids in (("measures", measures), ("arms", arms)):
            twice = sorted({one for one in ids if ids.count(one) > 1})
            if twice:
                raise ValueError(f"{name}: “{twice[0]}” stands twice")
        for arm in self.arms:
            self._check_arm(arm, measures)
        return self

    def _check_arm(self, arm: Arm, measures: list[str]) -> None:
        seen = set()
        for one in arm.observations:
            place = f"arm {arm.id}, week {one.week:g}" if one.week is not None else f"arm {arm.id}, {one.when}"
            if one.measure not in measures:
                raise ValueError(f"{place}: “{one.measure}” is not in measures; allowed: {', '.join(measures)}")
            if (one.measure, one.week, one.when) in seen:
                raise ValueError(f"{place}: {one.measure} stands twice")
            seen.add((one.measure, one.week, one.when))
            if one.bands:
                _check_bands(one, arm, place)
            if not (one.n or arm.n) and any(each.percent is None for each in (*one.responders, *one.bands)):
                raise ValueError(f"{place}: a count needs the number of patients, or its percentage")

    def arm(self, arm_id: str) -> Arm:
        """Return the arm of an id."""
        return next(one for one in self.arms if one.id == arm_id)


def _check_bands(one: Observation, arm: Arm, place: str) -> None:
    """Bands share out the whole arm: their counts add up to the patients, their percentages to 100."""
    counts, percents = [band.count for band in one.bands], [band.percent for band in one.bands]
    patients = one.n or arm.n
    if patients and all(count is not None for count in counts):
        total = sum(count or 0 for count in counts)
        if total != patients:
            raise ValueError(f"{place}: the bands hold {total} patients, the arm {patients}")
    if all(percent is not None for percent in percents):
        whole = sum(percent or 0 for percent in percents)
        if abs(whole - 100) > ROUNDING:
            raise ValueError(f"{place}: the bands add up to {whole:g} %")


ROUNDING = 0.5
"""Percentages of bands are printed to one decimal; their sum may be off by this much."""
