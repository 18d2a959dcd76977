"""Operations on points: move, shift, add, remove, lock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from mesoplan.domain.case import Case
from mesoplan.domain.edits import AddPoints, LockPoints, MovePoint, RemovePoints, ShiftPoints, Stopped
from mesoplan.domain.plan import MAX_POINTS_IN_A_ZONE, Place, Plan, Point, RemovedPlace, ZonePlacement
from mesoplan.domain.writing import count_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.operations.ground import Ground, Moved, ground_of
from mesoplan.planning.operations.outcome import Outcome, Verb
from mesoplan.planning.operations.refusals import CannotDo

_MOST_NAMED = 12


def found_points(plan: Plan, ids: Sequence[str]) -> list[tuple[int, Point]]:
    """Return the points of some ids, each once, with the index of its placement.

    Raises
    ------
    CannotDo
        If one is not in the plan, or names two points.
    """
    places: dict[str, list[tuple[int, Point]]] = defaultdict(list)
    for index, placement in enumerate(plan.placements):
        for point in placement.points:
            places[point.id].append((index, point))
    asked = tuple(dict.fromkeys(ids))
    missing = tuple(one for one in asked if one not in places)
    if missing:
        raise CannotDo(_missing_text(missing, plan), points=missing)
    twice = tuple(one for one in asked if len(places[one]) > 1)
    if twice:
        raise CannotDo(
            f"{named(twice)} names more than one point. Number the points through the plan first.", points=twice
        )
    return [places[one][0] for one in asked]


def _missing_text(missing: tuple[str, ...], plan: Plan) -> str:
    gone = {place.id for placement in plan.placements for place in placement.removed}
    verb = "is" if len(missing) == 1 else "are"
    why = " any more: removed" if set(missing) <= gone else ""
    return f"{named(missing)} {verb} not in the plan{why}."


def named(ids: Sequence[str]) -> str:
    """Return “Point 12” or “Points 3, 4, 12 and 9 more”."""
    shown = ", ".join(ids[:_MOST_NAMED])
    more = f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else ""
    return f"{'Point' if len(ids) == 1 else 'Points'} {shown}{more}"


def with_placements(plan: Plan, changed: dict[int, ZonePlacement]) -> Plan:
    """Return the plan with some placements replaced, by index; not checked."""
    placements = tuple(changed.get(index, placement) for index, placement in enumerate(plan.placements))
    return plan.model_copy(update={"placements": placements})


def move_point(plan: Plan, op: MovePoint, case: Case, knowledge: Knowledge) -> Outcome:
    """Set a point to another place of its zone; it stops where no point may be."""
    return _moved(plan, [op.point], lambda ground, _: ground.brought([op.to]), case, knowledge)


def shift_points(plan: Plan, op: ShiftPoints, case: Case, knowledge: Knowledge) -> Outcome:
    """Move points by millimetres; each stops by itself where no point may be."""

    def shifted(ground: Ground, places: Sequence[Place]) -> list[Moved]:
        return ground.shifted(places, op.right_mm, op.up_mm, op.along)

    return _moved(plan, op.points, shifted, case, knowledge)


def _moved(
    plan: Plan,
    ids: Sequence[str],
    act: Callable[[Ground, Sequence[Place]], list[Moved]],
    case: Case,
    knowledge: Knowledge,
) -> Outcome:
    found = found_points(plan, ids)
    refuse_locked(point for _, point in found)
    changed: dict[int, ZonePlacement] = {}
    stopped: list[Stopped] = []
    for index in dict.fromkeys(index for index, _ in found):
        own = [point for place, point in found if place == index]
        placement = plan.placements[index]
        came_to = act(ground_of(placement, plan.kept_clear, case, knowledge), [point.at for point in own])
        new = {point.id: _at(point, moved.at) for point, moved in zip(own, came_to, strict=True)}
        changed[index] = placement.model_copy(
            update={"points": tuple(new.get(point.id, point) for point in placement.points)}
        )
        stopped += [
            Stopped(point=point.id, at=moved.at, why=moved.stopped)
            for point, moved in zip(own, came_to, strict=True)
            if moved.stopped
        ]
    points = tuple(point.id for _, point in found)
    plan = with_placements(plan, changed)
    return Outcome(plan, "move", points=points, remarks=tuple(_stopped_text(stopped)), stopped=tuple(stopped))


def _at(point: Point, at: Place) -> Point:
    if at == point.at:
        return point
    origin = "added" if point.origin == "added" else "moved"
    return point.model_copy(update={"at": at, "origin": origin})


def _stopped_text(stopped: list[Stopped]) -> Iterable[str]:
    for why in dict.fromkeys(one.why for one in stopped):
        ids = [one.point for one in stopped if one.why == why]
        yield f"{named(ids)} stopped {why}."


def refuse_locked(points: Iterable[Point]) -> None:
    """Refuse what would move or take away a point that is locked."""
    locked = tuple(point.id for point in points if point.locked)
    if locked:
        verb, them = ("is", "it") if len(locked) == 1 else ("are", "them")
        raise CannotDo(f"{named(locked)} {verb} locked. Unlock {them} first.", points=locked)


def add_points(plan: Plan, op: AddPoints, case: Case, knowledge: Knowledge) -> Outcome:
    """Add points where they were set; none is added if one lies where no point may be."""
    index = _placement_for(plan, op, knowledge)
    placement = plan.placements[index]
    title = knowledge.zones[placement.zone].title
    there = sum(len(one.points) for one in plan.placements if one.zone == placement.zone)
    if there + len(op.points) > MAX_POINTS_IN_A_ZONE:
        room = MAX_POINTS_IN_A_ZONE - there
        raise CannotDo(
            f"{title} has {count_text(there, 'point', 'points')} and takes {MAX_POINTS_IN_A_ZONE} at most, so "
            f"{len(op.points)} more cannot be added. Add {room} at most."
        )
    ground = ground_of(placement, plan.kept_clear, case, knowledge)
    closed = ground.open_ones([one.at for one in op.points]).count(False)
    if closed:
        of = f"{closed} of {len(op.points)} places lie" if len(op.points) > 1 else "The place lies"
        raise CannotDo(f"{of} outside {title} or in what is kept clear there. Nothing was added.")
    ids = _new_ids(plan, [one.id for one in op.points])
    added = tuple(Point(id=name, at=one.at, origin="added") for name, one in zip(ids, op.points, strict=True))
    changed = placement.model_copy(update={"points": (*placement.points, *added)})
    return Outcome(with_placements(plan, {index: changed}), "add", points=tuple(ids))


def _placement_for(plan: Plan, op: AddPoints, knowledge: Knowledge) -> int:
    own = {one.preparation: index for index, one in enumerate(plan.placements) if one.zone == op.zone}
    if not own:
        zones = tuple(dict.fromkeys(one.zone for one in plan.placements))
        raise CannotDo(f"“{op.zone}” is not a zone of this plan. Zones: {titles_of(zones, knowledge)}.", allowed=zones)
    if op.preparation in own:
        return own[op.preparation]
    if op.preparation is None and len(own) == 1:
        return next(iter(own.values()))
    names = "; ".join(one.title for one in plan.preparations if one.id in own)
    raise CannotDo(f"Say from which syringe: {names}.", allowed=tuple(own))


def titles_of(zones: Iterable[str], knowledge: Knowledge) -> str:
    """Return the names of zones in one line."""
    return "; ".join(knowledge.zones[zone].title for zone in zones)


def used_ids(plan: Plan) -> set[str]:
    """Return the ids of all points, and of the removed ones that left a marker."""
    points = {point.id for placement in plan.placements for point in placement.points}
    return points | {place.id for placement in plan.placements for place in placement.removed}


def next_number(used: Iterable[str]) -> int:
    """Return the number after the highest one in use."""
    return max((int(one) for one in used if one.isdecimal()), default=0) + 1


def _new_ids(plan: Plan, wanted: list[str | None]) -> list[str]:
    used = used_ids(plan)
    asked = [one for one in wanted if one is not None]
    clash = tuple(one for one in asked if one in used or asked.count(one) > 1)
    if clash:
        raise CannotDo(f"{named(clash)}: the number is taken. Leave it out and the next one is given.", points=clash)
    number = next_number([*used, *asked])
    ids = []
    for one in wanted:
        ids.append(one if one is not None else str(number))
        number += one is None
    return ids


def remove_points(plan: Plan, op: RemovePoints, case: Case, knowledge: Knowledge) -> Outcome:
    """Take points away; each that came from a lattice leaves a marker where it was."""
    found = found_points(plan, op.points)
    refuse_locked(point for _, point in found)
    changed = {}
    for index in dict.fromkeys(index for index, _ in found):
        placement = plan.placements[index]
        own = {point.id for place, point in found if place == index}
        markers = tuple(
            RemovedPlace(id=point.id, at=point.at, spacing=placement.spacing)
            for point in placement.points
            if point.id in own and point.origin != "added"
        )
        kept = tuple(point for point in placement.points if point.id not in own)
        # Only the newest markers are kept, as many as a zone may have points.
        removed = (*placement.removed, *markers)[-MAX_POINTS_IN_A_ZONE:]
        changed[index] = placement.model_copy(update={"points": kept, "removed": removed})
    return Outcome(with_placements(plan, changed), "remove", points=tuple(point.id for _, point in found))


def lock_points(plan: Plan, op: LockPoints, case: Case, knowledge: Knowledge) -> Outcome:
    """Keep points where they are, or let them go again."""
    found = found_points(plan, op.points)
    changed = {}
    for index in dict.fromkeys(index for index, _ in found):
        own = {point.id for place, point in found if place == index}
        placement = plan.placements[index]
        points = tuple(
            point.model_copy(update={"locked": op.locked}) if point.id in own else point for point in placement.points
        )
        changed[index] = placement.model_copy(update={"points": points})
    verb: Verb = "lock" if op.locked else "unlock"
    return Outcome(with_placements(plan, changed), verb, points=tuple(point.id for _, point in found))
