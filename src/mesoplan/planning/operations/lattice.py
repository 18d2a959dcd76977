"""A lattice renewed without losing what hands did: points that stay, places that stay empty, and the count of both.

Added, moved and locked points stay. A new lattice point nearer to one of them than `LEAST_GAP` of the new spacing is
left out, and so is one within half the spacing of a removed point, as the spacing was when it was removed. All these
distances are straight lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from mesoplan.domain.case import Case
from mesoplan.domain.edits import RenewLattice
from mesoplan.domain.plan import MAX_POINTS_IN_A_ZONE, Place, Plan, Point, RemovedPlace, ZonePlacement
from mesoplan.domain.quantities import Angle, Length
from mesoplan.domain.writing import count_text, quantity_text
from mesoplan.kernels.mesh import Floats, distance_to_segments_mm
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.editing import CannotBeEdited, renew_lattice
from mesoplan.planning.operations.fields import MEASURES
from mesoplan.planning.operations.ground import Ground, ground_of
from mesoplan.planning.operations.outcome import Outcome
from mesoplan.planning.operations.points import next_number, titles_of, used_ids, with_placements
from mesoplan.planning.operations.refusals import CannotDo
from mesoplan.planning.placement import LINES_APART, outside_zone

LEAST_GAP = 0.6
_MM2_PER_CM2 = 100.0


@dataclass(frozen=True)
class Renewal:
    """A lattice renewed, or the ghost of one before anybody said so.

    Attributes
    ----------
    plan : Plan
    before, after : int
        Points of the zone.
    kept : tuple of str
        Points that hands set or locked.
    empty : int
        Removed places that stay empty.
    excluded : tuple of str
        Kept points that lie in the zone where no point may be.
    outside : tuple of str
        Kept points that lie outside of the zone, as it was drawn since.
    """

    plan: Plan
    before: int
    after: int
    kept: tuple[str, ...]
    empty: int
    excluded: tuple[str, ...]
    outside: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Return “49 → 63 points. Keeps 2 hand edits; 1 removed place stays empty.”."""
        told = [
            self.kept and f"keeps {count_text(len(self.kept), 'hand edit', 'hand edits')}",
            self.empty and count_text(self.empty, "removed place stays empty", "removed places stay empty"),
            self.excluded and f"{count_text(len(self.excluded), *_EXCLUDED)}: {', '.join(self.excluded[:12])}",
            self.outside and f"{count_text(len(self.outside), *_OUTSIDE)}: {', '.join(self.outside[:12])}",
        ]
        rest = "; ".join(one for one in told if one)
        counts = f"{self.before} → {count_text(self.after, 'point', 'points')}."
        return f"{counts} {rest[:1].upper()}{rest[1:]}." if rest else counts


_EXCLUDED = ("hand point now lies in an excluded area", "hand points now lie in an excluded area")
_OUTSIDE = ("hand point lies outside of the zone", "hand points lie outside of the zone")


def renew(plan: Plan, op: RenewLattice, case: Case, knowledge: Knowledge) -> Outcome:
    """Set the lattice of a zone anew."""
    renewal = renewed(plan, op, case, knowledge)
    what = f"the lattice of {knowledge.zones[op.zone].title}"
    return Outcome(renewal.plan, "renew", what=what, remarks=(renewal.sentence,))


def renewed(plan: Plan, op: RenewLattice, case: Case, knowledge: Knowledge) -> Renewal:
    """Return what a renewal comes to, without a step being made of it.

    Raises
    ------
    CannotDo
        If the zone is not in the plan, a value is out of range, or the lattice does not fit.
    """
    own = {index: one for index, one in enumerate(plan.placements) if one.zone == op.zone}
    if not own:
        zones = tuple(dict.fromkeys(one.zone for one in plan.placements))
        raise CannotDo(f"“{op.zone}” is not a zone of this plan. Zones: {titles_of(zones, knowledge)}.", allowed=zones)
    places, plan_then = _lattice(plan, op, own, case, knowledge)
    kept = {index: tuple(point for point in one.points if _stays(point, op)) for index, one in own.items()}
    markers = tuple(place for one in own.values() for place in one.removed) if op.hand_edits == "keep" else ()
    ground = ground_of(plan_then.placements[next(iter(own))], plan.kept_clear, case, knowledge)
    hand = [point for points in kept.values() for point in points]
    spacing = plan_then.placements[next(iter(own))].spacing.value
    free = _free(places, [point.at for point in hand], markers, LEAST_GAP * spacing, ground)
    if len(free) + len(hand) > MAX_POINTS_IN_A_ZONE:
        count = len(free) + len(hand)
        raise CannotDo(f"{count} points would be set; a zone takes {MAX_POINTS_IN_A_ZONE} at most. Widen the spacing.")
    lattice = _numbered(free, plan, own.values(), {point.id for point in hand} | {one.id for one in markers})
    changed = {
        index: plan_then.placements[index].model_copy(
            update={
                "points": (*lattice[turn :: len(own)], *kept[index]),
                "removed": own[index].removed if op.hand_edits == "keep" else (),
            }
        )
        for turn, index in enumerate(own)
    }
    opened = ground.open_ones([point.at for point in hand])
    closed = [point.id for point, is_open in zip(hand, opened, strict=True) if not is_open]
    beyond = {point for one in changed.values() for point in outside_zone(one, case, knowledge)}
    return Renewal(
        plan=with_placements(plan, changed),
        before=sum(len(one.points) for one in own.values()),
        after=len(lattice) + len(hand),
        kept=tuple(point.id for point in hand),
        empty=len(markers),
        excluded=tuple(point for point in closed if point not in beyond),
        outside=tuple(point for point in closed if point in beyond),
    )


def _stays(point: Point, op: RenewLattice) -> bool:
    """A locked point stays whatever becomes of the other hand edits."""
    return point.locked or (op.hand_edits == "keep" and point.origin != "lattice")


def _lattice(
    plan: Plan, op: RenewLattice, own: dict[int, ZonePlacement], case: Case, knowledge: Knowledge
) -> tuple[list[Place], Plan]:
    """Return the places of a lattice that knows of no hand, row by row, and the plan with its values."""
    values = {name: value for name, value in _values(op) if value is not None}
    plan = with_placements(plan, {index: one.model_copy(update=values) for index, one in own.items()})
    _refuse_crowd(plan.placements[next(iter(own))], knowledge)
    try:
        plan = renew_lattice(plan, op.zone, case, knowledge)
    except CannotBeEdited as refusal:
        raise CannotDo(str(refusal)) from refusal
    turns = [plan.placements[index].points for index in own]
    longest = max(len(points) for points in turns)
    return [points[row].at for row in range(longest) for points in turns if row < len(points)], plan


def _refuse_crowd(placement: ZonePlacement, knowledge: Knowledge) -> None:
    spacing = placement.spacing.value
    row = LINES_APART if placement.pattern == "lines" else np.sqrt(3.0) / 2
    about = round(placement.area.value * _MM2_PER_CM2 / (spacing**2 * row))
    if about > MAX_POINTS_IN_A_ZONE:
        raise CannotDo(
            f"{knowledge.zones[placement.zone].title} would take about {about} points at "
            f"{quantity_text(spacing, 'mm')}; {MAX_POINTS_IN_A_ZONE} are the most. Widen the spacing."
        )


def _values(op: RenewLattice) -> Sequence[tuple[str, Length | Angle | str | None]]:
    measured: list[tuple[str, Length | Angle | None]] = [
        ("spacing", op.spacing), ("edge_margin", op.edge_margin), ("lattice_angle", op.lattice_angle),
    ]  # fmt: skip
    for name, value in measured:
        if value is not None:
            MEASURES[name].check(value)
    return [*measured, ("pattern", op.pattern)]


def _free(
    places: list[Place], hand: Sequence[Place], markers: Sequence[RemovedPlace], gap_mm: float, ground: Ground
) -> list[Place]:
    """Return the places that no hand point is too near to and that no marker keeps empty."""
    positions = ground.positions_mm(places)
    taken = _nearest(positions, ground.positions_mm(hand)) < gap_mm
    if markers:
        apart = np.linalg.norm(positions[:, None, :] - ground.positions_mm([one.at for one in markers]), axis=2)
        taken |= (apart <= np.array([one.spacing.value / 2 for one in markers])).any(axis=1)
    return [place for place, is_taken in zip(places, taken.tolist(), strict=True) if not is_taken]


def _nearest(positions_mm: Floats, others_mm: Floats) -> Floats:
    return distance_to_segments_mm(positions_mm, others_mm, others_mm)


def _numbered(places: list[Place], plan: Plan, own: Iterable[ZonePlacement], keep: set[str]) -> list[Point]:
    """Return lattice points with the numbers that this zone's lattice leaves, in order, and then new ones."""
    left = {point.id for one in own for point in one.points} - keep
    numbers = sorted((one for one in left if one.isdecimal()), key=int)
    first = next_number(used_ids(plan))
    numbers += [str(first + index) for index in range(max(0, len(places) - len(numbers)))]
    return [Point(id=number, at=at) for number, at in zip(numbers, places, strict=False)]
