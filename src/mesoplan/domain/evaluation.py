"""The evaluation: everything that was computed about a plan. Numbers beside limits, and findings."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from mesoplan.domain.case import Identifier, Value
from mesoplan.domain.finding import Finding


class Measure(StrEnum):
    """Over what a dose is counted."""

    POINT = "point"
    AREA = "area"
    SESSION = "session"
    COURSE = "course"
    BODY_WEIGHT = "body_weight"
    CONCENTRATION = "concentration"
    PUNCTURES = "punctures"


class LimitState(StrEnum):
    """Where a dose stands against its limit."""

    BELOW = "below"
    NEAR = "near"
    OVER = "over"
    NO_LIMIT_KNOWN = "no_limit_known"
    NOT_COMPUTABLE = "not_computable"


class Dose(Value):
    """One compound's dose over one measure, beside its limit. `value` is None where it cannot be computed."""

    compound: Identifier
    measure: Measure
    value: float | None
    unit: str
    limit: float | None
    limit_text: str
    state: LimitState
    limit_over: Literal["block", "warn"] | None = None
    basis: str | None = None
    reviewed: bool = False
    sources: tuple[str, ...] = ()
    zone: Identifier | None = None


class Interval(Value):
    """A range, lower and upper bound in one unit."""

    low: float
    high: float
    unit: str


class CompoundConcentration(Value):
    """Final concentration of one compound in a preparation; None where its stock has no known strength."""

    compound: Identifier
    value: float | None
    unit: str


class PairVerdict(StrEnum):
    """What is known of two substances in one syringe."""

    COMPATIBLE = "compatible"
    INCOMPATIBLE = "incompatible"
    USED_IN_TRIAL = "used_in_trial"
    UNKNOWN = "unknown"


class PairResult(Value):
    """One pair in one syringe, with its evidence."""

    a: Identifier
    b: Identifier
    verdict: PairVerdict
    text: str
    rule: Identifier | None = None
    sources: tuple[str, ...] = ()


class MixtureResult(Value):
    """What one preparation is once made up."""

    preparation: Identifier
    made_ml: float
    injected_ml: float
    discarded_ml: float
    syringes: int
    concentrations: tuple[CompoundConcentration, ...]
    osmolarity: Interval | None
    osmolarity_note: str
    ph: Interval | None
    ph_note: str
    pairs: tuple[PairResult, ...]
    use_within_h: float | None
    sources: tuple[str, ...] = ()


class LandingClass(StrEnum):
    """Layer in which the tip lies, as far as the skin's spread lets it be said."""

    EPIDERMAL = "epidermal"
    DERMAL = "dermal"
    DERMAL_OR_SUBDERMAL = "dermal_or_subdermal"
    SUBDERMAL = "subdermal"
    NOT_ASSESSABLE = "not_assessable"


class LayerChances(Value):
    """How likely the tip ends in each layer, from 0 to 1: epidermis, dermis and fat add up to 1.

    What lies below the fat is counted with it. The target lies across the layers; None where no layer is aimed at.
    """

    epidermis: float
    dermis: float
    fat: float
    target: float | None = None


class CeilingKind(StrEnum):
    """What sets a depth that is not to be passed."""

    STRUCTURE = "structure"
    ZONE = "zone"
    FACE = "face"


class CeilingChance(Value):
    """How likely the tip passes a depth [mm] that is not to be passed by some points; without points by all of them."""

    kind: CeilingKind
    set_by: Identifier
    ceiling_mm: float
    chance: float
    points: tuple[str, ...] = ()


class Landing(Value):
    """Where the needle's tip lies in one zone: computed depth with its spread, against this skin.

    `chances` is None, and `ceilings` empty, only in evaluations that were kept before chances were computed.
    """

    zone: Identifier
    preparation: Identifier
    depth_mm: float
    depth_range_mm: tuple[float, float]
    epidermis_mm: tuple[float, float] | None
    skin_mm: tuple[float, float] | None
    skin_from: Literal["measured", "sex-and-age", "all-studies", "unknown"]
    landing: LandingClass
    target: str | None
    chances: LayerChances | None = None
    ceilings: tuple[CeilingChance, ...] = ()
    sources: tuple[str, ...] = ()


class Burden(Value):
    """What the course asks of the patient."""

    punctures_per_session: int
    sessions: int
    punctures_in_course: int
    weeks: float
    injected_ml_per_session: float


class Evaluation(Value):
    """All that is known of one plan for one case under one release of the knowledge base."""

    case: Identifier
    findings: tuple[Finding, ...]
    doses: tuple[Dose, ...]
    mixtures: tuple[MixtureResult, ...]
    landings: tuple[Landing, ...]
    burden: Burden
    rules_read: int
    knowledge_release: str
    knowledge_sha256: str
    engine: str
