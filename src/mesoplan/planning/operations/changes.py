"""What lies between two plans, part by part, and how a part is put back without touching the others.

Parts are a point, a marker, a value or the outline of a placement, a placement that came or went, a preparation, a
place kept clear, the schedule, a text. Taking back the newest change gives the plan before it exactly, order included.
Taking back an older one keeps what was changed elsewhere since, and is refused where the same part was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, get_args

from mesoplan.domain.case import Value
from mesoplan.domain.edit_log import (
    Change,
    KeptClearChange,
    OutlineChange,
    PlacementChange,
    PlacementField,
    PointChange,
    PreparationChange,
    RemovedPlaceChange,
    ScheduleChange,
    Slot,
    TextChange,
    ValueChange,
)
from mesoplan.domain.plan import KeptClear, Plan, Point, Preparation, RemovedPlace, ZonePlacement

T = TypeVar("T", bound=Value)
Key = tuple[str, ...]
VALUE_FIELDS: tuple[PlacementField, ...] = get_args(PlacementField)


def changes_between(before: Plan, after: Plan) -> tuple[Change, ...]:
    """Return every part that differs."""
    return tuple(_changes(before, after))


def _changes(before: Plan, after: Plan) -> Iterator[Change]:
    for (name,), old, new in _slots(before.preparations, after.preparations, lambda one: (one.id,), Slot[Preparation]):
        yield PreparationChange(preparation=name, before=old, after=new)
    earlier, later = _by_name(before), _by_name(after)
    came_or_went = set(earlier) ^ set(later)
    for (zone, name), was, now in _slots(before.placements, after.placements, _name, Slot[ZonePlacement]):
        if (zone, name) in came_or_went or _turned_round(was, now):
            yield PlacementChange(zone=zone, preparation=name, before=was, after=now)
        elif was is not None and now is not None:
            yield from _changes_of_placement(was.value, now.value)
    for (mark,), gone, come in _slots(before.kept_clear, after.kept_clear, lambda one: (one.id,), Slot[KeptClear]):
        yield KeptClearChange(id=mark, before=gone, after=come)
    if before.schedule != after.schedule:
        yield ScheduleChange(before=before.schedule, after=after.schedule)
    if before.title != after.title:
        yield TextChange(field="title", before=before.title, after=after.title)
    if before.note != after.note:
        yield TextChange(field="note", before=before.note, after=after.note)


def _turned_round(was: Slot[ZonePlacement] | None, now: Slot[ZonePlacement] | None) -> bool:
    """Return whether a placement differs in its place in the list alone."""
    return was is not None and now is not None and was.value == now.value


def _changes_of_placement(was: ZonePlacement, now: ZonePlacement) -> Iterator[Change]:
    zone, name = _name(was)
    for field in VALUE_FIELDS:
        if getattr(was, field) != getattr(now, field):
            yield ValueChange(
                zone=zone, preparation=name, field=field, before=getattr(was, field), after=getattr(now, field)
            )
    if was.outline != now.outline:
        yield OutlineChange(zone=zone, preparation=name, before=was.outline, after=now.outline)
    for (point,), old, new in _slots(was.points, now.points, lambda one: (one.id,), Slot[Point]):
        yield PointChange(zone=zone, preparation=name, id=point, before=old, after=new)
    for (point,), gone, come in _slots(was.removed, now.removed, lambda one: (one.id,), Slot[RemovedPlace]):
        yield RemovedPlaceChange(zone=zone, preparation=name, id=point, before=gone, after=come)


def _name(placement: ZonePlacement) -> Key:
    return placement.zone, placement.preparation


def _by_name(plan: Plan) -> dict[Key, ZonePlacement]:
    return {_name(placement): placement for placement in plan.placements}


def _slots(
    before: Sequence[T], after: Sequence[T], key: Callable[[T], Key], kind: type[Slot[T]]
) -> Iterator[tuple[Key, Slot[T] | None, Slot[T] | None]]:
    """Yield the members that differ, or whose order among those that stay differs, with their index in each list."""
    if before is after:
        return
    old = {key(one): (index, one) for index, one in enumerate(before)}
    new = {key(one): (index, one) for index, one in enumerate(after)}
    in_order = [name for name in old if name in new] == [name for name in new if name in old]
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name), new.get(name)
        same = was is not None and now is not None and (was[1] is now[1] or was[1] == now[1])
        if not (same and in_order):
            yield name, _slot(was, kind), _slot(now, kind)


def _slot(found: tuple[int, T] | None, kind: type[Slot[T]]) -> Slot[T] | None:
    return None if found is None else kind(index=found[0], value=found[1])


def key_of(change: Change) -> Key:
    """Return what names the part that a change is about."""
    if isinstance(change, PointChange | RemovedPlaceChange):
        return change.kind, change.zone, change.preparation, change.id
    if isinstance(change, ValueChange):
        return change.kind, change.zone, change.preparation, change.field
    if isinstance(change, PlacementChange | OutlineChange):
        return change.kind, change.zone, change.preparation
    if isinstance(change, PreparationChange):
        return change.kind, change.preparation
    if isinstance(change, KeptClearChange):
        return change.kind, change.id
    return (change.kind, change.field) if isinstance(change, TextChange) else (change.kind,)


def touches(one: Change, other: Change) -> bool:
    """Return whether two changes are about the same part, or one about a part of the other's placement."""
    first, second = key_of(one), key_of(other)
    if first == second:
        return True
    whole = "placement" in (first[0], second[0])
    return whole and len(first) > 2 and len(second) > 2 and first[1:3] == second[1:3]


def reversed_changes(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes that lead back."""
    return tuple(one.model_copy(update={"before": one.after, "after": one.before}) for one in changes)


def out_of_step(plan: Plan, changes: Sequence[Change]) -> list[tuple[Change, Any]]:
    """Return the changes whose part is no longer as they start from it, each with what is there now."""
    now = _Parts(plan)
    found = [(change, now.part(change)) for change in changes]
    return [(change, part) for change, part in found if part != _content(change.before)]


def _content(side: Any) -> Any:
    return side.value if isinstance(side, Slot) else side


class _Parts:
    """The parts of a plan by name."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._placements = _by_name(plan)
        self._kept_clear = {one.id: one for one in plan.kept_clear}
        self._preparations = {one.id: one for one in plan.preparations}
        self._points = {(*_name(one), point.id): point for one in plan.placements for point in one.points}
        self._removed = {(*_name(one), place.id): place for one in plan.placements for place in one.removed}

    def part(self, change: Change) -> Any:
        """Return what stands where a change is about; None where nothing does."""
        if isinstance(change, ScheduleChange):
            return self._plan.schedule
        if isinstance(change, TextChange):
            return getattr(self._plan, change.field)
        if isinstance(change, PreparationChange):
            return self._preparations.get(change.preparation)
        if isinstance(change, KeptClearChange):
            return self._kept_clear.get(change.id)
        place = (change.zone, change.preparation)
        if isinstance(change, PointChange):
            return self._points.get((*place, change.id))
        if isinstance(change, RemovedPlaceChange):
            return self._removed.get((*place, change.id))
        placement = self._placements.get(place)
        if isinstance(change, ValueChange) and placement is not None:
            return getattr(placement, change.field)
        if isinstance(change, OutlineChange) and placement is not None:
            return placement.outline
        return placement


def with_changes(plan: Plan, changes: Sequence[Change]) -> Plan:
    """Return the plan with every part as the changes lead to it; what is not in them stays. Not checked as a whole."""
    updates: dict[str, Any] = {}
    preparations = {one.preparation: one.after for one in changes if isinstance(one, PreparationChange)}
    updates["preparations"] = _merged(plan.preparations, preparations, lambda one: one.id)
    whole = {(one.zone, one.preparation): one.after for one in changes if isinstance(one, PlacementChange)}
    placements = _merged(plan.placements, whole, _name)
    updates["placements"] = tuple(_with_parts(placement, changes) for placement in placements)
    marked = {one.id: one.after for one in changes if isinstance(one, KeptClearChange)}
    updates["kept_clear"] = _merged(plan.kept_clear, marked, lambda one: one.id)
    for change in changes:
        if isinstance(change, ScheduleChange):
            updates["schedule"] = change.after
        elif isinstance(change, TextChange):
            updates[change.field] = change.after
    return plan.model_copy(update=updates)


def _with_parts(placement: ZonePlacement, changes: Sequence[Change]) -> ZonePlacement:
    values: dict[str, Any] = {}
    points: dict[str, Any] = {}
    removed: dict[str, Any] = {}
    for change in changes:
        if not isinstance(change, ValueChange | OutlineChange | PointChange | RemovedPlaceChange):
            continue
        if (change.zone, change.preparation) != _name(placement):
            continue
        if isinstance(change, ValueChange):
            values[change.field] = change.after
        elif isinstance(change, OutlineChange):
            values["outline"] = change.after
        elif isinstance(change, PointChange):
            points[change.id] = change.after
        else:
            removed[change.id] = change.after
    values["points"] = _merged(placement.points, points, lambda one: one.id)
    values["removed"] = _merged(placement.removed, removed, lambda one: one.id)
    return placement.model_copy(update=values)


def _merged(members: Sequence[T], slots: dict[Any, Slot[T] | None], key: Callable[[T], Any]) -> tuple[T, ...]:
    """Return the members without those named, and then those that have a slot at its index, lowest first.

    Where nothing else changed since, each comes to exactly the index that it had.
    """
    found = [one for one in members if key(one) not in slots]
    for slot in sorted((one for one in slots.values() if one is not None), key=lambda one: one.index):
        found.insert(min(slot.index, len(found)), slot.value)
    return tuple(found)
