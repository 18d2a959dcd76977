"""The course as a forecast reads it: what was injected when, what was scored by whom, and what is wanted. No name."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mesoplan.domain.case import Identifier, Text, Value

Days = Annotated[int, Field(ge=1, le=180)]
Percent = Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)]
Route = Literal["injection", "microneedling"]
Mode = Literal["live", "photo"]
LogSd = Annotated[float, Field(gt=0, le=2, allow_inf_nan=False)]
MOST_SESSIONS = 60
MOST_SCORES = 60


class Treatment(Value):
    """What is injected: a protocol of the knowledge base, or the compounds and the way they are brought in."""

    protocol: Identifier | None = None
    compounds: tuple[Identifier, ...] = ()
    route: Route | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Treatment:
        if (self.protocol is None) == (not self.compounds):
            raise ValueError("needs a protocol, or compounds with their route; one of the two")
        if (self.route is None) != (not self.compounds):
            raise ValueError("a route belongs to compounds; a protocol brings its own")
        return self


class CourseScore(Value):
    """One score: its value, or the items it is computed from (region -> item -> grade)."""

    on: date
    rater: Text
    mode: Mode
    value: float | None = Field(default=None, allow_inf_nan=False)
    items: dict[str, dict[str, int]] | None = None
    scale: Identifier | None = Field(default=None, description="The scale of the items; absent means the course's own")
    device: Text | None = Field(default=None, description="Camera or instrument, where one was used")

    @model_validator(mode="after")
    def _value_or_items(self) -> CourseScore:
        if (self.value is None) == (self.items is None):
            raise ValueError("needs a value, or the items it is computed from; one of the two")
        return self


class Response(Value):
    """A judgement of change since the start: two percentages that the improvement lies between, such as 50 and 75, or a
    grade of a scale of change."""

    on: date
    rater: Text
    improvement: tuple[Percent, Percent] | None = Field(default=None, description="From, to; 100 is all of it gone")
    scale: Identifier | None = Field(default=None, description="A scale of change, such as gais")
    grade: int | None = Field(default=None, description="Its grade")

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Response:
        graded = self.scale is not None and self.grade is not None
        if (self.scale is None) != (self.grade is None) or graded == (self.improvement is not None):
            raise ValueError("needs an improvement, or a scale with its grade; one of the two")
        if self.improvement is not None and self.improvement[0] >= self.improvement[1]:
            raise ValueError("improvement runs from a lower to a higher percentage")
        return self


class CourseGoal(Value):
    """What counts as reached: a score, or a share of the first score that is left (0.5 is half of it)."""

    score: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    share: float | None = Field(default=None, gt=0, lt=1, allow_inf_nan=False)

    @model_validator(mode="after")
    def _one_of_the_two(self) -> CourseGoal:
        if (self.score is None) == (self.share is None):
            raise ValueError("needs a score or a share of the first score; one of the two")
        return self


class ClinicOwn(Value):
    """What `mesoplan fit --clinic` found of this clinic: its own effect and how far its raters differ, on the log."""

    effect: float = Field(ge=-3, le=3, allow_inf_nan=False, description="Added to the asymptote of the treatment")
    effect_sd: LogSd
    same_rater: LogSd | None = None
    other_rater: LogSd | None = None


class Course(Value):
    """One course on one day. `sessions` were given; `planned` are ahead; none of both starts it on `as_of`."""

    id: Identifier
    as_of: date = Field(description="Day of the forecast; nothing that was given or scored lies after it")
    aim: Identifier
    treatment: Treatment
    interval_days: Days | None = Field(default=None, description="Between sessions; absent means as in the protocol")
    sessions: tuple[date, ...] = Field(default=(), max_length=MOST_SESSIONS)
    planned: tuple[date, ...] = Field(default=(), max_length=MOST_SESSIONS)
    stopped: bool = Field(default=False, description="No further session is wanted")
    scale: Identifier
    scores: tuple[CourseScore, ...] = Field(default=(), max_length=MOST_SCORES)
    responses: tuple[Response, ...] = Field(default=(), max_length=MOST_SCORES)
    goal: CourseGoal
    clinic: ClinicOwn | None = None
    note: Text | None = None

    @property
    def start(self) -> date:
        """Return the day of the first session, given, planned, or today."""
        return min((*self.sessions, *self.planned), default=self.as_of)

    def week(self, day: date) -> float:
        """Return weeks since the first session."""
        return (day - self.start).days / 7

    @model_validator(mode="after")
    def _stopped_has_nothing_ahead(self) -> Course:
        if self.stopped and self.planned:
            raise ValueError("a course that was stopped has no planned session")
        return self
