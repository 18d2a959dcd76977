"""What differs between two plans, in words for a dermatologist: proposal and draft, or two revisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from mesoplan.domain.case import Case
from mesoplan.domain.edit_log import (
    Change,
    KeptClearChange,
    OutlineChange,
    PlacementChange,
    PointChange,
    PreparationChange,
    RemovedPlaceChange,
    ScheduleChange,
    TextChange,
    ValueChange,
)
from mesoplan.domain.plan import Plan, Schedule
from mesoplan.domain.writing import count_text, date_text, quantity_text, range_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.operations.apply import checked
from mesoplan.planning.operations.changes import changes_between, reversed_changes, with_changes
from mesoplan.planning.operations.fields import LABELS
from mesoplan.planning.operations.part_words import content_text, kept_clear_text, outline_text, place_text
from mesoplan.planning.operations.values import value_text
from mesoplan.planning.placement import positions_mm

Kind = Literal["added", "moved", "removed", "changed", "renewed", "locked"]
ABSENT, NO_DAY = "not in it", "no day"


@dataclass(frozen=True)
class Difference:
    """One row of a comparison.

    Attributes
    ----------
    kind : str
        Decides the mark on the map.
    what, before, now : str
    zone : str or None
    points : tuple of str
        Ids, for the map.
    changes : tuple of Change
        The parts that it is made of, for `taken_back`.
    """

    kind: Kind
    what: str
    before: str
    now: str
    zone: str | None = None
    points: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


def differences(before: Plan, after: Plan, case: Case, knowledge: Knowledge) -> list[Difference]:
    """Return what differs, zones first, then recipe, then days."""
    changes = changes_between(before, after)
    zones = dict.fromkeys(one.zone for plan in (before, after) for one in plan.placements)
    found = [row for zone in zones for row in _of_zone(zone, changes, (before, after), case, knowledge)]
    for change in changes:
        if isinstance(change, PreparationChange):
            found.append(_of_preparation(change, (before, after), case, knowledge))
        elif isinstance(change, KeptClearChange):
            found.append(_of_kept_clear(change, case, knowledge))
        elif isinstance(change, ScheduleChange):
            found += _of_schedule(change)
        elif isinstance(change, TextChange):
            texts = (change.before or "none", change.after or "none")
            found.append(Difference("changed", LABELS[change.field], *texts, changes=(change,)))
    return found


def taken_back(plan: Plan, difference: Difference) -> Plan:
    """Return the plan without one difference.

    Raises
    ------
    CannotDo
        If the plan cannot be without it, as when a zone went whose points another difference is about.
    """
    return checked(with_changes(plan, reversed_changes(difference.changes)), plan)


def _of_zone(
    zone: str, changes: Sequence[Change], plans: tuple[Plan, Plan], case: Case, knowledge: Knowledge
) -> Iterator[Difference]:
    title = knowledge.zones[zone].title
    own = [change for change in changes if getattr(change, "zone", None) == zone]
    whole = [change for change in own if isinstance(change, PlacementChange)]
    if whole:
        was, now = (_count(plan, zone) for plan in plans)
        kind: Kind = "added" if was == ABSENT else "removed" if now == ABSENT else "changed"
        yield Difference(kind, title, was, now, zone=zone, changes=tuple(whole))
    values = [one for one in own if isinstance(one, ValueChange)]
    outlines = [one for one in own if isinstance(one, OutlineChange)]
    if outlines:
        areas = [one for one in values if one.field in ("area", "area_source", "area_error")]
        values = [one for one in values if one not in areas]
        was, now = (_outline_text(plan, zone) for plan in plans)
        yield Difference("changed", f"Outline of {title}", was, now, zone=zone, changes=(*outlines, *areas))
    yield from _of_values(zone, title, values, knowledge)
    points = [one for one in own if isinstance(one, PointChange)]
    markers = [one for one in own if isinstance(one, RemovedPlaceChange)]
    if any(_is_new_lattice(one) for one in points):
        lattice = [one for one in points if _is_of_lattice(one)]
        new = tuple(one.id for one in lattice if one.after)
        was, now = (_count(plan, zone) for plan in plans)
        yield Difference("renewed", f"Lattice of {title}", was, now, zone, new, (*lattice, *markers))
        points, markers = [one for one in points if not _is_of_lattice(one)], []
    yield from _of_points(zone, title, points, markers, case)


def _count(plan: Plan, zone: str) -> str:
    own = [one for one in plan.placements if one.zone == zone]
    return count_text(sum(len(one.points) for one in own), "point", "points") if own else ABSENT


def _outline_text(plan: Plan, zone: str) -> str:
    """Return “template, 14.2 cm²”."""
    placement = next(one for one in plan.placements if one.zone == zone)
    return f"{outline_text(placement.outline)}, {quantity_text(placement.area.value, 'cm2', decimals=1)}"


def _is_new_lattice(change: PointChange) -> bool:
    """Return whether a lattice point stands where none stood."""
    was, now = change.before, change.after
    return now is not None and now.value.origin == "lattice" and (was is None or was.value.at != now.value.at)


def _is_of_lattice(change: PointChange) -> bool:
    """Return whether a renewal made or took this point."""
    return _is_new_lattice(change) or (
        change.after is None and change.before is not None and change.before.value.origin == "lattice"
    )


def _of_values(zone: str, title: str, changes: Sequence[ValueChange], knowledge: Knowledge) -> Iterator[Difference]:
    """Yield a row for each value; what all syringes of a zone share is one row."""
    for key in dict.fromkeys((one.field, one.before, one.after) for one in changes):
        field, was, now = key
        same = tuple(one for one in changes if (one.field, one.before, one.after) == key)
        texts = value_text(was, knowledge), value_text(now, knowledge)
        yield Difference("changed", f"{LABELS[field]} of {title}", *texts, zone=zone, changes=same)


def _of_points(
    zone: str, title: str, points: Sequence[PointChange], markers: Sequence[RemovedPlaceChange], case: Case
) -> Iterator[Difference]:
    added = [one for one in points if one.before is None]
    removed = [one for one in points if one.after is None]
    both = [one for one in points if one.before and one.after]
    moved = [one for one in both if one.before and one.after and one.before.value.at != one.after.value.at]
    locked = [one for one in both if one not in moved]
    if added:
        yield _row("added", title, added, ("–", "added"), zone)
    if moved:
        yield _row("moved", title, moved, _moved_texts(moved, case), zone)
    if removed:
        yield _row("removed", title, removed, ("there", "removed"), zone, extra=markers)
    for state in (True, False):
        same = [one for one in locked if one.after and one.after.value.locked is state]
        if same:
            texts = ("not locked", "locked") if state else ("locked", "not locked")
            yield _row("locked", title, same, texts, zone)


def _row(
    kind: Kind,
    title: str,
    about: Sequence[PointChange],
    texts: tuple[str, str],
    zone: str,
    extra: Iterable[Change] = (),
) -> Difference:
    ids = tuple(one.id for one in about)
    what = f"Point {ids[0]} of {title}" if len(ids) == 1 else f"{len(ids)} points of {title}"
    return Difference(kind, what, *texts, zone=zone, points=ids, changes=(*about, *extra))


def _moved_texts(moved: Sequence[PointChange], case: Case) -> tuple[str, str]:
    was = [one.before.value for one in moved if one.before]
    now = [one.after.value for one in moved if one.after]
    apart = np.linalg.norm(positions_mm(now, case) - positions_mm(was, case), axis=1)
    distance = range_text(float(apart.min()), float(apart.max()), "mm", decimals=1)
    if len(moved) == 1:
        return place_text(was[0], case), f"{place_text(now[0], case)} ({distance} away)"
    return "where they were", f"{distance} away"


def _of_preparation(
    change: PreparationChange, plans: tuple[Plan, Plan], case: Case, knowledge: Knowledge
) -> Difference:
    titles = {one.id: one.title for plan in plans for one in plan.preparations}
    kind: Kind = "added" if change.before is None else "removed" if change.after is None else "changed"
    was, now = (
        ABSENT if side is None else content_text(side, case, knowledge) for side in (change.before, change.after)
    )
    return Difference(kind, titles[change.preparation], was, now, changes=(change,))


def _of_kept_clear(change: KeptClearChange, case: Case, knowledge: Knowledge) -> Difference:
    sides = [None if side is None else side.value for side in (change.before, change.after)]
    kind: Kind = "added" if sides[0] is None else "removed" if sides[1] is None else "changed"
    was, now = (ABSENT if one is None else kept_clear_text(one, case, knowledge) for one in sides)
    zone = next(one.zone for one in sides if one is not None)
    what = f"Place kept clear in {knowledge.zones[zone].title}"
    return Difference(kind, what, was, now, zone=zone, changes=(change,))


def _of_schedule(change: ScheduleChange) -> Iterator[Difference]:
    for what, was, now in _days(change.before, change.after):
        if was != now:
            yield Difference("changed", what, was, now, changes=(change,))


def _days(was: Schedule, now: Schedule) -> Iterator[tuple[str, str, str]]:
    differing = [
        number
        for number, days in enumerate(zip(was.sessions, now.sessions, strict=False), start=1)
        if days[0] != days[1]
    ]
    if len(was.sessions) == len(now.sessions) and len(differing) == 1:
        number = differing[0]
        yield f"Session {number}", date_text(was.sessions[number - 1]), date_text(now.sessions[number - 1])
    else:
        yield "Sessions", _dates(was.sessions), _dates(now.sessions)
    yield LABELS["score_on"], _dates(was.score_on), _dates(now.score_on)
    yield LABELS["first_judged_on"], _date(was.first_judged_on), _date(now.first_judged_on)
    yield LABELS["review_on"], _date(was.review_on), _date(now.review_on)


def _dates(days: Sequence[Any]) -> str:
    return ", ".join(date_text(day) for day in days) or NO_DAY


def _date(day: Any) -> str:
    return NO_DAY if day is None else date_text(day)
