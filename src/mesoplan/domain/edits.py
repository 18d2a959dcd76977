"""Edits of a draft: the operations that an editor sends, and what is answered.

What an operation does is decided in `mesoplan.planning.operations`; what it changed is kept in an `EditLog`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictFloat, StrictInt, StrictStr

from mesoplan.domain.case import Identifier, Text, Value
from mesoplan.domain.plan import MAX_KEPT_CLEAR, Pattern, Place, PointId
from mesoplan.domain.quantities import Angle, Length

MOST_OPERATIONS = 1000
FARTHEST_SHIFT_MM = 500.0
KEPT_CLEAR_MM = 5.0
"""Around a place that is marked without a radius; proposed in this project for lack of a source."""

ClientId = Annotated[str, Field(pattern=r"^[A-Za-z0-9\-]{1,64}$")]
PointIds = Annotated[tuple[PointId, ...], Field(min_length=1)]
Millimetres = Annotated[float, Field(ge=-FARTHEST_SHIFT_MM, le=FARTHEST_SHIFT_MM)]


class PlanScope(Value):
    """The plan as a whole, or all its placements."""

    kind: Literal["plan"] = "plan"


class ZoneScope(Value):
    """All placements of one zone, or the one of a preparation."""

    kind: Literal["zone"] = "zone"
    zone: Identifier
    preparation: Identifier | None = None


class PreparationScope(Value):
    """One preparation, or all placements that use it."""

    kind: Literal["preparation"] = "preparation"
    preparation: Identifier


class DrawScope(Value):
    """One draw of a preparation."""

    kind: Literal["draw"] = "draw"
    preparation: Identifier
    presentation: Identifier


class PointsScope(Value):
    """The placements that these points make up. Points of one placement share its values."""

    kind: Literal["points"] = "points"
    points: PointIds


Scope = Annotated[PlanScope | ZoneScope | PreparationScope | DrawScope | PointsScope, Field(discriminator="kind")]

FieldName = Literal[
    "volume_per_point", "angle", "inserted", "needle", "technique", "spacing", "edge_margin", "lattice_angle",
    "syringe", "syringes", "volume", "title", "note", "sessions", "score_on", "first_judged_on", "review_on",
]  # fmt: skip


class MovePoint(Value):
    """Set one point to another place of its zone."""

    op: Literal["move"] = "move"
    point: PointId
    to: Place


class ShiftPoints(Value):
    """Move points by millimetres: along the skin, or as they appear in one view of the face."""

    op: Literal["shift"] = "shift"
    points: PointIds
    right_mm: Millimetres
    up_mm: Millimetres
    along: Literal["skin", "front", "right-oblique", "left-oblique"] = "skin"


class NewPoint(Value):
    """A point to be added; without an id it gets the next number."""

    at: Place
    id: PointId | None = None


class AddPoints(Value):
    """Add points to one zone, for one preparation where it takes several."""

    op: Literal["add"] = "add"
    zone: Identifier
    preparation: Identifier | None = None
    points: tuple[NewPoint, ...] = Field(min_length=1)


class RemovePoints(Value):
    """Take points away; a lattice point leaves a marker."""

    op: Literal["remove"] = "remove"
    points: PointIds


class LockPoints(Value):
    """Keep points where they are, or let them go again."""

    op: Literal["lock"] = "lock"
    points: PointIds
    locked: bool = True


class SetValue(Value):
    """Set one field of a scope. A quantity is a number with its unit, or text that holds both; dates are ISO text."""

    op: Literal["set"] = "set"
    scope: Scope
    field: FieldName
    value: StrictInt | StrictFloat | StrictStr | tuple[StrictStr, ...] | None
    unit: str | None = None


class RenewLattice(Value):
    """Set the lattice of a zone anew, with another spacing, margin, turn of the rows or pattern where given."""

    op: Literal["renew"] = "renew"
    zone: Identifier
    hand_edits: Literal["keep", "drop"] = "keep"
    spacing: Length | None = None
    edge_margin: Length | None = None
    lattice_angle: Angle | None = None
    pattern: Pattern | None = None


class KeepClear(Value):
    """Keep points off places that were marked on this patient; points inside are taken away.

    The places are those of points of the plan, or are given, one on a flat patch with its zone; or they are kept clear
    already, by id, and get another radius.
    """

    op: Literal["keep-clear"] = "keep-clear"
    points: tuple[PointId, ...] = ()
    at: tuple[Place, ...] = Field(default=(), max_length=MAX_KEPT_CLEAR)
    places: tuple[PointId, ...] = ()
    zone: Identifier | None = None
    radius: Length = Length(KEPT_CLEAR_MM)


class OpenAgain(Value):
    """Let points come to places again that were kept clear."""

    op: Literal["open-again"] = "open-again"
    places: Annotated[tuple[PointId, ...], Field(min_length=1)]


class AddZone(Value):
    """Add a zone with a lattice for each preparation."""

    op: Literal["add-zone"] = "add-zone"
    zone: Identifier


class RemoveZone(Value):
    """Take a zone out of the plan, with the preparations that nothing receives any more."""

    op: Literal["remove-zone"] = "remove-zone"
    zone: Identifier


class ReshapeZone(Value):
    """Draw the edge of a zone anew, corner after corner, or give it back that of the template with no corners."""

    op: Literal["reshape-zone"] = "reshape-zone"
    zone: Identifier
    corners: Annotated[tuple[Place, ...], Field(max_length=MOST_OPERATIONS)] | None


class MakeUpAgain(Value):
    """Draw and fill for what the points receive now."""

    op: Literal["make-up"] = "make-up"


class SwapDate(Value):
    """Put one session on another day; with `later_too` those after it keep their distance."""

    op: Literal["swap-date"] = "swap-date"
    session: int = Field(ge=1, le=60)
    to: StrictStr
    later_too: bool = False


class Undo(Value):
    """Take back the last step of this person; alone in its batch."""

    op: Literal["undo"] = "undo"


class Redo(Value):
    """Do again what this person took back last; alone in its batch."""

    op: Literal["redo"] = "redo"


Operation = Annotated[
    MovePoint | ShiftPoints | AddPoints | RemovePoints | LockPoints | SetValue | RenewLattice | AddZone | RemoveZone
    | ReshapeZone | KeepClear | OpenAgain | MakeUpAgain | SwapDate | Undo | Redo,
    Field(discriminator="op"),
]  # fmt: skip


class Batch(Value):
    """Operations that are applied all or none.

    `client` is one open page and `seq` counts its batches from 1. `by` is the person: undo goes over what a person did,
    so that a reload does not lose it. `base` is the number of the last step that the page had been told of.
    """

    client: ClientId
    seq: int = Field(ge=1)
    by: Text
    base: int | None = Field(default=None, ge=0)
    ops: tuple[Operation, ...] = Field(min_length=1, max_length=MOST_OPERATIONS)


class Stopped(Value):
    """A point that did not get as far as it was sent, where it is now, and why."""

    point: PointId
    at: Place
    why: Text


class Answer(Value):
    """What is said to an accepted batch. `number` is that of the last step, to be sent as `base` of the next batch."""

    client: ClientId
    seq: int
    number: int
    note: str
    stopped: tuple[Stopped, ...] = ()
    added: tuple[PointId, ...] = ()
