"""Operations on the course: zones that come and go, the recipe made up again, a session on another day."""

from __future__ import annotations

from mesoplan.domain.case import Case
from mesoplan.domain.edits import AddZone, MakeUpAgain, RemoveZone, RenewLattice, SwapDate
from mesoplan.domain.plan import MAX_POINTS_IN_A_ZONE, Plan, ZonePlacement
from mesoplan.domain.writing import count_text, date_text, volume_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.editing import CannotBeEdited, made_up_again, without_zone, zones_to_add
from mesoplan.planning.operations.fields import read_date
from mesoplan.planning.operations.lattice import renewed
from mesoplan.planning.operations.outcome import Outcome
from mesoplan.planning.operations.points import next_number, titles_of, used_ids
from mesoplan.planning.operations.refusals import CannotDo
from mesoplan.planning.operations.values import resessioned
from mesoplan.planning.zone_choice import choose_in_zone


def add_zone(plan: Plan, op: AddZone, case: Case, knowledge: Knowledge) -> Outcome:
    """Add a zone with volume and spacing of the first one, and the needle position that this skin asks for."""
    allowed = zones_to_add(plan, case, knowledge)
    if op.zone not in allowed:
        raise CannotDo(f"“{op.zone}” cannot be added. Allowed: {titles_of(allowed, knowledge)}.", allowed=allowed)
    title = knowledge.zones[op.zone].title
    changed = _chosen(plan, op.zone, case, knowledge) if plan.protocol else _copied(plan, op.zone, case, knowledge)
    points = sum(len(one.points) for one in changed.placements if one.zone == op.zone)
    if not points:
        raise CannotDo(f"{title}: no point fits at {plan.placements[0].spacing.value:g} mm.")
    if points > MAX_POINTS_IN_A_ZONE:
        raise CannotDo(f"{title} would have {points} points; a zone takes {MAX_POINTS_IN_A_ZONE} at most.")
    return Outcome(changed, "add", what=title, value=f"with {count_text(points, 'point', 'points')}")


def _chosen(plan: Plan, zone: str, case: Case, knowledge: Knowledge) -> Plan:
    if plan.protocol is None:
        raise AssertionError("a zone is chosen by a protocol")
    protocol, like = knowledge.protocols[plan.protocol], plan.placements[0]
    spacing = like.spacing.value
    try:
        choice = choose_in_zone(zone, protocol, like.volume_per_point.value, spacing, case, knowledge, plan.kept_clear)
    except ValueError as refusal:
        raise CannotDo(f"{knowledge.zones[zone].title}: {refusal}.") from refusal
    first, count = next_number(used_ids(plan)), len(plan.preparations)
    added = tuple(
        choice.placement(preparation.id, (index, count), first, protocol, spacing)
        for index, preparation in enumerate(plan.preparations)
    )
    return _with(plan, tuple(one for one in added if one.points))


def _copied(plan: Plan, zone: str, case: Case, knowledge: Knowledge) -> Plan:
    """A plan by hand has no protocol to choose by, so the new zone takes every value of the first one."""
    like = [one for one in plan.placements if one.zone == plan.placements[0].zone]
    blank = {"zone": zone, "points": (), "removed": (), "outline": None}
    added = tuple(one.model_copy(update=blank) for one in like)
    return renewed(_with(plan, added), RenewLattice(zone=zone), case, knowledge).plan


def _with(plan: Plan, added: tuple[ZonePlacement, ...]) -> Plan:
    return plan.model_copy(update={"placements": (*plan.placements, *added)})


def remove_zone(plan: Plan, op: RemoveZone, case: Case, knowledge: Knowledge) -> Outcome:
    """Take a zone out, and the preparations that nothing receives any more."""
    zones = tuple(dict.fromkeys(one.zone for one in plan.placements))
    if op.zone not in zones:
        raise CannotDo(f"“{op.zone}” is not a zone of this plan. Zones: {titles_of(zones, knowledge)}.", allowed=zones)
    try:
        changed = without_zone(plan, op.zone, knowledge)
    except CannotBeEdited as refusal:
        raise CannotDo(str(refusal)) from refusal
    gone = [one.title for one in plan.preparations if one.id not in {left.id for left in changed.preparations}]
    remarks = (f"Nothing receives {', '.join(gone)} any more; it is no longer made up.",) if gone else ()
    return Outcome(changed, "remove", what=knowledge.zones[op.zone].title, remarks=remarks)


def make_up_again(plan: Plan, op: MakeUpAgain, case: Case, knowledge: Knowledge) -> Outcome:
    """Draw and fill for what the points receive now."""
    try:
        changed = made_up_again(plan, case, knowledge)
    except CannotBeEdited as refusal:
        raise CannotDo(str(refusal)) from refusal
    told = tuple(
        f"{one.title}: {volume_text(one.volume())} in {count_text(one.syringes, 'syringe', 'syringes')} of "
        f"{volume_text(one.syringe)}."
        for one in changed.preparations
    )
    return Outcome(changed, "make up", what="the recipe again", remarks=told)


def swap_date(plan: Plan, op: SwapDate, case: Case, knowledge: Knowledge) -> Outcome:
    """Put one session on another day, those after it with it where that is asked for."""
    sessions = plan.schedule.sessions
    if op.session > len(sessions):
        have = count_text(len(sessions), "session", "sessions")
        raise CannotDo(f"There is no session {op.session}; the plan has {have}.")
    day = read_date(f"Session {op.session}", op.to)
    moved = day - sessions[op.session - 1]
    later = [one + moved if op.later_too else one for one in sessions[op.session :]]
    days = (*sessions[: op.session - 1], day, *later)
    what = f"session {op.session}" + (" and those after it" if op.later_too and later else "")
    return Outcome(resessioned(plan, days, case, knowledge), "put", what=what, value=f"on {date_text(day)}")
