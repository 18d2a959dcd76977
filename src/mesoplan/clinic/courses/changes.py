"""What was changed from the proposal: what, proposed, now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mesoplan.clinic.courses.plan_fields import DRAW, ZONE_VALUES, by_zone, kept_value, written
from mesoplan.domain.plan import Plan
from mesoplan.domain.writing import count_text, date_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.point_numbers import zones_of

NONE = "–"


@dataclass(frozen=True)
class Change:
    """One value that differs from the proposal."""

    what: str
    proposed: str
    now: str


def changes_between(proposed: Plan, plan: Plan, knowledge: Knowledge) -> list[Change]:
    """Every value that differs, zones first, then recipe, then days."""
    return [*_zones(proposed, plan, knowledge), *_recipe(proposed, plan, knowledge), *_days(proposed, plan)]


def _zones(proposed: Plan, plan: Plan, knowledge: Knowledge) -> Iterator[Change]:
    before, now = zones_of(proposed), zones_of(plan)
    for zone in dict.fromkeys([*before, *now]):
        title = knowledge.zones[zone].title
        if zone not in now:
            yield Change(title, _points(proposed, zone), "removed")
        elif zone not in before:
            yield Change(title, "not in it", f"added, {_points(plan, zone)}")
        else:
            yield from _values(proposed, plan, zone, knowledge)


def _values(proposed: Plan, plan: Plan, zone: str, knowledge: Knowledge) -> Iterator[Change]:
    title, before, now = knowledge.zones[zone].title, by_zone(proposed, zone), by_zone(plan, zone)
    for value in ZONE_VALUES:
        first, second = kept_value(value, before), kept_value(value, now)
        if first != second:
            yield Change(f"{title}: {value.label.lower()}", written(value, first), written(value, second))
    if before[0].needle != now[0].needle:
        needles = knowledge.needles
        yield Change(f"{title}: needle", needles[before[0].needle].title, needles[now[0].needle].title)
    if _points(proposed, zone) != _points(plan, zone):
        yield Change(f"{title}: points", _points(proposed, zone), _points(plan, zone))


def _points(plan: Plan, zone: str) -> str:
    return count_text(sum(len(one.points) for one in by_zone(plan, zone)), "point", "points")


def _recipe(proposed: Plan, plan: Plan, knowledge: Knowledge) -> Iterator[Change]:
    before, now = {one.id: one for one in proposed.preparations}, {one.id: one for one in plan.preparations}
    for name in dict.fromkeys([*before, *now]):
        first, second = before.get(name), now.get(name)
        drawn = {draw.presentation: draw.volume.value for draw in first.draws} if first else {}
        draws = {draw.presentation: draw.volume.value for draw in second.draws} if second else {}
        for presentation in dict.fromkeys([*drawn, *draws]):
            one, other = drawn.get(presentation), draws.get(presentation)
            if one != other:
                title = knowledge.presentations[presentation][1].title
                yield Change(f"Draw: {title}", _volume(one), _volume(other))
        if first and second and first.syringes != second.syringes:
            yield Change(f"{second.title}: syringes", str(first.syringes), str(second.syringes))


def _volume(number: float | None) -> str:
    return "not drawn" if number is None else written(DRAW, number)


def _days(proposed: Plan, plan: Plan) -> Iterator[Change]:
    before, now = proposed.schedule.sessions, plan.schedule.sessions
    if len(before) != len(now):
        yield Change("Sessions", str(len(before)), str(len(now)))
    for number, (first, second) in enumerate(zip(before, now, strict=False), start=1):
        if first != second:
            yield Change(f"Session {number}", date_text(first), date_text(second))
