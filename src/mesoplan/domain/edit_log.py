"""The log of a draft: what each step changed, with the value before and after, so that undo gives back exactly that.

It is stored with the draft as JSON and ends at a signature.
"""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from mesoplan.domain.case import Identifier, Text, Value
from mesoplan.domain.edits import Answer, ClientId
from mesoplan.domain.plan import KeptClear, Outline, Point, PointId, Preparation, RemovedPlace, Schedule, ZonePlacement
from mesoplan.domain.quantities import Angle, Area, Length, Volume

T = TypeVar("T")


class Slot(Value, Generic[T]):
    """A member of an ordered list, with its index there."""

    index: int = Field(ge=0)
    value: T


class PointChange(Value):
    """A point of one placement; None where it is not there."""

    kind: Literal["point"] = "point"
    zone: Identifier
    preparation: Identifier
    id: PointId
    before: Slot[Point] | None
    after: Slot[Point] | None


class RemovedPlaceChange(Value):
    """A marker of one placement."""

    kind: Literal["removed-place"] = "removed-place"
    zone: Identifier
    preparation: Identifier
    id: PointId
    before: Slot[RemovedPlace] | None
    after: Slot[RemovedPlace] | None


PlacementField = Literal[
    "area", "area_source", "area_error", "technique", "needle", "angle", "inserted", "volume_per_point", "spacing",
    "edge_margin", "lattice_angle", "pattern",
]  # fmt: skip


class ValueChange(Value):
    """One value of one placement."""

    kind: Literal["value"] = "value"
    zone: Identifier
    preparation: Identifier
    field: PlacementField
    before: Length | Volume | Angle | Area | str
    after: Length | Volume | Angle | Area | str


class OutlineChange(Value):
    """The outline of one placement; None for that of the template."""

    kind: Literal["outline"] = "outline"
    zone: Identifier
    preparation: Identifier
    before: Outline | None
    after: Outline | None


class PlacementChange(Value):
    """A placement that came or went."""

    kind: Literal["placement"] = "placement"
    zone: Identifier
    preparation: Identifier
    before: Slot[ZonePlacement] | None
    after: Slot[ZonePlacement] | None


class PreparationChange(Value):
    """A preparation that came, went or is made up otherwise."""

    kind: Literal["preparation"] = "preparation"
    preparation: Identifier
    before: Slot[Preparation] | None
    after: Slot[Preparation] | None


class KeptClearChange(Value):
    """A place kept clear that came, went or changed."""

    kind: Literal["kept-clear"] = "kept-clear"
    id: PointId
    before: Slot[KeptClear] | None
    after: Slot[KeptClear] | None


class ScheduleChange(Value):
    """The days of the course."""

    kind: Literal["schedule"] = "schedule"
    before: Schedule
    after: Schedule


class TextChange(Value):
    """Title or note of the plan."""

    kind: Literal["text"] = "text"
    field: Literal["title", "note"]
    before: Text | None
    after: Text | None


Change = Annotated[
    PointChange | RemovedPlaceChange | ValueChange | OutlineChange | PlacementChange | PreparationChange
    | KeptClearChange | ScheduleChange | TextChange,
    Field(discriminator="kind"),
]  # fmt: skip


class Step(Value):
    """One accepted batch that changed something; `of` is the step that an undo or redo is about."""

    number: int = Field(ge=1)
    by: Text
    client: ClientId
    seq: int
    act: Literal["edit", "undo", "redo"]
    of: int | None = None
    name: str
    changes: tuple[Change, ...]


class Received(Value):
    """The last batch of one page: its fingerprint, and what was answered."""

    seq: int
    fingerprint: str
    answer: Answer


class EditLog(Value):
    """What was done to a draft, oldest first; it ends at a signature."""

    number: int = Field(default=0, ge=0, description="Number of the last step; steps that are no longer kept count too")
    steps: tuple[Step, ...] = ()
    received: dict[ClientId, Received] = Field(default_factory=dict)
