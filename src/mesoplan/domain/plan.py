"""The plan: recipe, placement and schedule of one course, as a draft or as signed. Frozen; an edit is a new value."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from mesoplan.domain.case import Identifier, Text, Value
from mesoplan.domain.quantities import Angle, Area, Length, Volume

PointId = Annotated[str, Field(pattern=r"^[A-Za-z0-9\-]{1,24}$")]
MAX_POINTS_IN_A_ZONE = 1000
TRIANGLES_OF_THE_FACE = 964
"""Of the face mesh that points are stored on; it is the same for every face."""
LEAST_CORNERS, MOST_CORNERS = 3, 64
"""Of an outline that was drawn."""
MAX_PLACEMENTS = 200
"""Every zone of the face takes one placement from each syringe, and the body has as many zones again."""
MAX_KEPT_CLEAR = 200
Pattern = Literal["hexagonal", "lines"]
"""How the points of a lattice stand: each with six neighbours at one distance, or on parallel lines."""


class Draw(Value):
    """What is drawn from one presentation (vial, ampoule) into a preparation."""

    presentation: Identifier
    volume: Volume


class Preparation(Value):
    """One mixture, made once for a session: what is drawn, and the syringes it fills.

    The volume made is the sum of the draws; what no point receives (dead space, remainder) is discarded.
    """

    id: Identifier
    title: Text
    draws: tuple[Draw, ...] = Field(min_length=1)
    syringe: Volume = Field(description="Nominal size of each syringe")
    syringes: int = Field(ge=1, le=60)

    def volume(self) -> Volume:
        """Return the volume made."""
        return Volume(round(sum(draw.volume.value for draw in self.draws), 6))


class OnMesh(Value):
    """A place on the face mesh: triangle and barycentric weights; millimetres are derived."""

    triangle: int = Field(ge=0, lt=TRIANGLES_OF_THE_FACE)
    weights: tuple[float, float, float]

    @model_validator(mode="after")
    def _weights_sum_to_one(self) -> OnMesh:
        if any(weight < -1e-6 for weight in self.weights) or abs(sum(self.weights) - 1) > 1e-3:
            raise ValueError("barycentric weights are 0 to 1 and sum to 1")
        return self


class OnPatch(Value):
    """A place on a flat patch (body, neck): mm from its centre."""

    x_mm: float = Field(ge=-1000, le=1000)
    y_mm: float = Field(ge=-1000, le=1000)


def _surface(raw: object) -> str:
    on_patch = isinstance(raw, OnPatch) or (isinstance(raw, dict) and "x_mm" in raw)
    return "patch" if on_patch else "mesh"


Place = Annotated[Annotated[OnMesh, Tag("mesh")] | Annotated[OnPatch, Tag("patch")], Discriminator(_surface)]
"""Told apart first, so that an error speaks of the one surface that was meant."""

Outline = Annotated[tuple[Place, ...], Field(min_length=LEAST_CORNERS, max_length=MOST_CORNERS)]
"""Corners of a drawn zone, one after the other; the last is joined to the first."""


class Point(Value):
    """One injection point."""

    id: PointId
    at: Place
    origin: Literal["lattice", "added", "moved"] = "lattice"
    locked: bool = Field(default=False, description="Stays where it is until somebody unlocks it")


class RemovedPlace(Value):
    """Where somebody took a lattice point away: a renewed lattice leaves it empty for half the spacing of then."""

    id: PointId
    at: Place
    spacing: Length


class ZonePlacement(Value):
    """How one preparation is injected in one zone. All points of a placement share needle, angle, length and volume."""

    zone: Identifier
    preparation: Identifier
    area: Area
    area_source: Literal["template", "template-scaled", "own-face", "measured", "drawn"]
    area_error: Area | None = Field(default=None, description="What the area may be off by, where that was measured")
    technique: Identifier
    needle: Identifier
    angle: Angle
    inserted: Length = Field(description="Length of needle under the skin")
    volume_per_point: Volume
    spacing: Length
    edge_margin: Length = Length(3.0)
    lattice_angle: Angle = Angle(0.0)
    pattern: Pattern = Field(
        default="hexagonal", description="A hexagonal lattice, or parallel lines that are twice the spacing apart"
    )
    points: tuple[Point, ...] = Field(max_length=MAX_POINTS_IN_A_ZONE)
    removed: tuple[RemovedPlace, ...] = Field(default=(), max_length=MAX_POINTS_IN_A_ZONE)
    outline: Outline | None = Field(
        default=None,
        description="The edge as it was drawn for this patient, corner after corner; without it, that of the template",
    )

    @model_validator(mode="after")
    def _point_ids_differ(self) -> ZonePlacement:
        ids = [point.id for point in self.points]
        twice = sorted({one for one in ids if ids.count(one) > 1}) if len(set(ids)) < len(ids) else []
        if twice:
            raise ValueError(f"point id used twice: {', '.join(twice)}")
        return self

    @model_validator(mode="after")
    def _outline_is_one_line_and_gives_the_area(self) -> ZonePlacement:
        if (self.outline is None) == (self.area_source == "drawn"):
            raise ValueError("the source of the area is “drawn” where an outline is given, and nowhere else")
        if self.outline and len({_surface(corner) for corner in self.outline}) > 1:
            raise ValueError("the corners of an outline lie on one surface: all on the face, or all on a flat patch")
        return self

    def volume(self) -> Volume:
        """Return the volume that all points receive in one session."""
        return self.volume_per_point * len(self.points)


class KeptClear(Value):
    """A place that was marked on this patient, such as a mole or a scar: points keep off it by the radius."""

    id: PointId
    zone: Identifier = Field(description="The zone that it lies in")
    at: Place
    radius: Length


class Schedule(Value):
    """The days of the course."""

    sessions: tuple[date, ...] = Field(min_length=1, max_length=60)
    score_on: tuple[date, ...] = ()
    first_judged_on: date | None = Field(
        default=None, description="Before this day no score may call the course a failure"
    )
    review_on: date | None = Field(default=None, description="Day to stop and look again")

    @model_validator(mode="after")
    def _in_order(self) -> Schedule:
        if list(self.sessions) != sorted(set(self.sessions)):
            raise ValueError("session dates must be in order and differ")
        return self


class OverrideReason(Value):
    """Why a dermatologist sets a rule aside, or accepts a warning."""

    rule: Identifier
    reason: Annotated[str, Field(min_length=20, max_length=2000)]


class Plan(Value):
    """One course as it is to be given: the thing that is evaluated, signed and printed."""

    case: Identifier
    goal: Identifier = Field(description="The aim, an id of the knowledge base")
    protocol: Identifier | None = Field(default=None, description="Protocol it started from; none for a plan by hand")
    title: Text
    preparations: tuple[Preparation, ...] = Field(min_length=1, max_length=12)
    placements: tuple[ZonePlacement, ...] = Field(min_length=1, max_length=MAX_PLACEMENTS)
    kept_clear: tuple[KeptClear, ...] = Field(default=(), max_length=MAX_KEPT_CLEAR)
    schedule: Schedule
    overrides: tuple[OverrideReason, ...] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _references_hold(self) -> Plan:
        ids = [preparation.id for preparation in self.preparations]
        if len(set(ids)) < len(ids):
            raise ValueError("preparation id used twice")
        marked = [one.id for one in self.kept_clear]
        if len(set(marked)) < len(marked):
            raise ValueError("id of a place kept clear used twice")
        pairs = [(placement.zone, placement.preparation) for placement in self.placements]
        twice = sorted({zone for zone, _ in pairs if pairs.count((zone, _)) > 1})
        if twice:
            raise ValueError(f"zone named twice for one preparation: {', '.join(twice)}")
        outlines = {placement.zone: placement.outline for placement in self.placements}
        unlike = sorted({one.zone for one in self.placements if one.outline != outlines[one.zone]})
        if unlike:
            raise ValueError(f"one zone has one outline, whichever syringe it takes: {', '.join(unlike)}")
        for zone, preparation in pairs:
            if preparation not in ids:
                raise ValueError(f"zone {zone} uses preparation “{preparation}”; allowed: {', '.join(ids)}")
        return self

    def placements_of(self, preparation: str) -> tuple[ZonePlacement, ...]:
        """Return the placements that use one preparation."""
        return tuple(placement for placement in self.placements if placement.preparation == preparation)

    def punctures(self) -> int:
        """Return the number of points of one session."""
        return sum(len(placement.points) for placement in self.placements)
