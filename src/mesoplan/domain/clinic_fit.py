"""What a clinic's recorded courses say of the clinic: its own effect and how far its raters err."""

from __future__ import annotations

from pydantic import Field

from mesoplan.domain.case import Identifier, Value
from mesoplan.domain.course import ClinicOwn


class Estimate(Value):
    """A figure with its 95 % interval, and how much of the prior's spread is left (1: the courses say nothing)."""

    value: float
    low: float
    high: float
    left_of_prior: float


class LeftOut(Value):
    """A course that the fit does not read, and why."""

    course: Identifier
    reason: str


class GroupFit(Value):
    """One group of treatments at this clinic."""

    group: str
    courses: int
    scores: int
    scores_by_others: int = Field(description="Scores by another rater than the first one of the course")
    effect: Estimate = Field(description="Of this clinic on the asymptote, log; above 0 is more than elsewhere")
    same_rater: Estimate = Field(description="Scale of the rating error, log, of one rater scoring again")
    other_rater: Estimate = Field(description="The same between two raters")
    between_patients: Estimate = Field(description="Spread of the asymptote between patients, log")
    passes: int
    nodes: int
    node_error: float = Field(description="Largest shift by twice as many nodes, in standard errors")
    converged: bool
    own: ClinicOwn = Field(description="To stand under “clinic” in a course")


class ClinicFindings(Value):
    """The answer of `mesoplan fit --clinic`."""

    engine: str
    table_sha256: str
    groups: tuple[GroupFit, ...]
    left_out: tuple[LeftOut, ...]
