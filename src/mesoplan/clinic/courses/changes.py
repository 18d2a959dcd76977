"""What was changed from the proposal: what, proposed, now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from mesoplan.clinic.courses.plan_fields import DRAW, PATTERN_WORDS, ZONE_VALUES, by_zone, kept_value, written
from mesoplan.clinic.evidence.titles import title_of
from mesoplan.clinic.shell.writing import area_text, date_text, range_text
from mesoplan.domain.plan import KeptClear, Plan, ZonePlacement
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
    return [
        *_zones(proposed, plan, knowledge),
        *_kept_clear(proposed, plan, knowledge),
        *_recipe(proposed, plan, knowledge),
        *_days(proposed, plan),
    ]


def _zones(proposed: Plan, plan: Plan, knowledge: Knowledge) -> Iterator[Change]:
    before, now = zones_of(proposed), zones_of(plan)
    for zone in dict.fromkeys([*before, *now]):
        title = title_of("zones", zone, knowledge)
        if zone not in now:
            yield Change(title, _points(proposed, zone), pgettext("zone", "removed"))
        elif zone not in before:
            yield Change(title, pgettext("zone", "not in it"), _added(plan, zone))
        else:
            yield from _values(proposed, plan, zone, knowledge)


def _values(proposed: Plan, plan: Plan, zone: str, knowledge: Knowledge) -> Iterator[Change]:
    title, before, now = title_of("zones", zone, knowledge), by_zone(proposed, zone), by_zone(plan, zone)
    for value in ZONE_VALUES:
        first, second = kept_value(value, before), kept_value(value, now)
        if first != second:
            what = _("%(zone)s: %(value)s") % {"zone": title, "value": _uncapitalised(str(value.label))}
            yield Change(what, written(value, first), written(value, second))
    if before[0].needle != now[0].needle:
        needles = (title_of("needles", one[0].needle, knowledge) for one in (before, now))
        yield Change(_("%(zone)s: needle") % {"zone": title}, *needles)
    if before[0].pattern != now[0].pattern:
        patterns = (str(PATTERN_WORDS[one[0].pattern]) for one in (before, now))
        yield Change(_("%(zone)s: pattern") % {"zone": title}, *patterns)
    if before[0].outline != now[0].outline:
        yield Change(_("%(zone)s: outline") % {"zone": title}, _outline(before[0]), _outline(now[0]))
    by_hand = _by_hand(plan, zone)
    if by_hand or _points(proposed, zone) != _points(plan, zone):
        told = ", ".join([_points(plan, zone), *by_hand])
        yield Change(_("%(zone)s: points") % {"zone": title}, _points(proposed, zone), told)


def _kept_clear(proposed: Plan, plan: Plan, knowledge: Knowledge) -> Iterator[Change]:
    """One row for each zone in which a place was marked or opened since."""
    for zone in dict.fromkeys(one.zone for each in (proposed, plan) for one in each.kept_clear):
        before, now = ([one for one in each.kept_clear if one.zone == zone] for each in (proposed, plan))
        if before != now:
            what = _("%(zone)s: kept clear") % {"zone": title_of("zones", zone, knowledge)}
            yield Change(what, _marked(before), _marked(now))


def _marked(places: list[KeptClear]) -> str:
    if not places:
        return NONE
    radii = [one.radius.value for one in places]
    told = ngettext("%(count)s place, %(radius)s around it", "%(count)s places, %(radius)s around each", len(places))
    return told % {"count": len(places), "radius": range_text(min(radii), max(radii), "mm", decimals=1)}


def _uncapitalised(label: str) -> str:
    return label[:1].lower() + label[1:]


def _points(plan: Plan, zone: str) -> str:
    count = _count(plan, zone)
    return ngettext("%(count)s point", "%(count)s points", count) % {"count": count}


def _outline(placement: ZonePlacement) -> str:
    area = area_text(placement.area, placement.area_error)
    if placement.outline is None:
        return _("as proposed, %(area)s") % {"area": area}
    return _("drawn by hand, %(area)s") % {"area": area}


def _by_hand(plan: Plan, zone: str) -> list[str]:
    """What was done to single points of a zone: how many were moved, added, and taken away."""
    own = by_zone(plan, zone)
    origins = [point.origin for one in own for point in one.points]
    moved, added, removed = origins.count("moved"), origins.count("added"), sum(len(one.removed) for one in own)
    told = (
        (moved, ngettext("%(count)s moved", "%(count)s moved", moved)),
        (added, ngettext("%(count)s added", "%(count)s added", added)),
        (removed, ngettext("%(count)s taken away", "%(count)s taken away", removed)),
    )
    return [text % {"count": count} for count, text in told if count]


def _added(plan: Plan, zone: str) -> str:
    count = _count(plan, zone)
    return npgettext("zone", "added, %(count)s point", "added, %(count)s points", count) % {"count": count}


def _count(plan: Plan, zone: str) -> int:
    return sum(len(one.points) for one in by_zone(plan, zone))


def _recipe(proposed: Plan, plan: Plan, knowledge: Knowledge) -> Iterator[Change]:
    before, now = {one.id: one for one in proposed.preparations}, {one.id: one for one in plan.preparations}
    for name in dict.fromkeys([*before, *now]):
        first, second = before.get(name), now.get(name)
        drawn = {draw.presentation: draw.volume.value for draw in first.draws} if first else {}
        draws = {draw.presentation: draw.volume.value for draw in second.draws} if second else {}
        for presentation in dict.fromkeys([*drawn, *draws]):
            one, other = drawn.get(presentation), draws.get(presentation)
            if one != other:
                what = _("Draw: %(presentation)s") % {
                    "presentation": title_of("presentations", presentation, knowledge)
                }
                yield Change(what, _volume(one), _volume(other))
        if first and second and first.syringes != second.syringes:
            yield Change(
                _("%(preparation)s: syringes") % {"preparation": second.title},
                str(first.syringes),
                str(second.syringes),
            )


def _volume(number: float | None) -> str:
    return _("not drawn") if number is None else written(DRAW, number)


def _days(proposed: Plan, plan: Plan) -> Iterator[Change]:
    before, now = proposed.schedule.sessions, plan.schedule.sessions
    if len(before) != len(now):
        yield Change(_("Sessions"), str(len(before)), str(len(now)))
    for number, (first, second) in enumerate(zip(before, now, strict=False), start=1):
        if first != second:
            yield Change(_("Session %(number)s") % {"number": number}, date_text(first), date_text(second))
