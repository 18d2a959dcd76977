"""Proposals: what the planner offers for a case, and what it declined."""

from __future__ import annotations

from enum import StrEnum

from mesoplan.domain.case import Identifier, Value
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.exposure import Spread
from mesoplan.domain.finding import Finding
from mesoplan.domain.plan import Plan


class Reason(Value):
    """Why one thing was chosen, in one sentence for a dermatologist, with its sources."""

    choice: str
    text: str
    sources: tuple[str, ...]


class Direction(StrEnum):
    """Where the evidence of a protocol points, all of it together."""

    POSITIVE = "positive"
    CONFLICTING = "conflicting"
    NONE = "none"
    NEGATIVE = "negative"


class EvidenceLine(Value):
    """One trial or review of the protocol. `aim` is what it was about, which may not be the protocol's own aim."""

    aim: Identifier
    direction: str
    level: str
    text: str
    participants: int | None
    seen: str
    sources: tuple[str, ...]


class EvidenceSummary(Value):
    """The evidence for and against, with the best level (Oxford CEBM 2011) and the direction of the whole."""

    direction: Direction
    level: str
    lines: tuple[EvidenceLine, ...]


class Regimen(Value):
    """One way to set the points of a proposal: volume of a point and spacing, what they cost and how evenly they reach.

    `coverage` is the fraction of the target layer that gets at least half of its mean exposure, read off lattices
    without edges; it predicts no effect. `target_chance` is the chance that a drop ends in that layer. `is_protocol`
    marks the protocol's own scheme, `is_planned` the one that the plan has. `gained` is by how much it covers more than
    the planned one over the same draws, and `differs` whether that can be told apart from nothing.
    """

    volume_ml: float
    spacing_mm: float
    punctures: int
    injected_ml: float
    coverage: Spread
    target_chance: float
    is_protocol: bool
    is_planned: bool
    gained: Spread
    differs: bool


class Proposal(Value):
    """One plan for this patient, evaluated, with its reasons. `front` is empty where no regimen was searched."""

    id: Identifier
    protocol: Identifier
    title: str
    plan: Plan
    evaluation: Evaluation
    evidence: EvidenceSummary
    why: tuple[Reason, ...]
    front: tuple[Regimen, ...] = ()


class Declined(Value):
    """A protocol that was considered for a goal and not proposed, with the findings that stand against it."""

    protocol: Identifier
    goal: Identifier
    title: str
    findings: tuple[Finding, ...]


class GoalAnswer(Value):
    """What was found for one goal; `none_because` is filled where nothing may be proposed."""

    goal: Identifier
    proposals: tuple[Identifier, ...]
    none_because: str | None = None


class Proposals(Value):
    """The whole answer to a case."""

    case: Identifier
    knowledge_release: str
    knowledge_sha256: str
    engine: str
    order: str
    screening: tuple[Finding, ...]
    proposals: tuple[Proposal, ...]
    declined: tuple[Declined, ...]
    goals: tuple[GoalAnswer, ...]
