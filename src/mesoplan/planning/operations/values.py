"""Operation set: one field of the plan, a zone, a preparation, a draw, or of the zone that some points make up."""

from __future__ import annotations

from datetime import date
from typing import Any

from mesoplan.domain.case import Case
from mesoplan.domain.edits import DrawScope, PlanScope, PointsScope, PreparationScope, SetValue, ZoneScope
from mesoplan.domain.plan import Plan, Preparation, ZonePlacement
from mesoplan.domain.quantities import Angle, Length, Quantity, Volume
from mesoplan.domain.writing import (
    angle_text,
    count_text,
    date_text,
    length_text,
    quantity_text,
    volume_text,
)
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.plan_reading import MOST_DAYS_FROM_ASSESSMENT
from mesoplan.planning.editing import CannotBeEdited, with_sessions
from mesoplan.planning.operations.fields import (
    DRAW,
    LABELS,
    MEASURES,
    SYRINGE,
    read_date,
    read_name,
    read_text,
    read_whole,
)
from mesoplan.planning.operations.outcome import Outcome
from mesoplan.planning.operations.points import found_points, titles_of, with_placements
from mesoplan.planning.operations.refusals import CannotDo

MOST_SESSIONS = 60
MOST_TEXT = 2000
DAYS_A_YEAR = 365.25
PATTERNS = {"hexagonal": "hexagonal lattice", "lines": "parallel lines"}
_SCHEDULE = ("sessions", "score_on", "first_judged_on", "review_on")


def set_value(plan: Plan, op: SetValue, case: Case, knowledge: Knowledge) -> Outcome:
    """Set one field of a scope."""
    if op.field in MEASURES or op.field in ("needle", "technique"):
        return _in_placements(plan, op, knowledge)
    if op.field in ("syringe", "syringes"):
        return _in_preparation(plan, op)
    if op.field == "volume":
        return _in_draw(plan, op, knowledge)
    if not isinstance(op.scope, PlanScope):
        raise CannotDo(f"“{LABELS[op.field]}” is set for the plan.", allowed=("plan",))
    return _in_schedule(plan, op, case, knowledge) if op.field in _SCHEDULE else _in_texts(plan, op)


def _in_placements(plan: Plan, op: SetValue, knowledge: Knowledge) -> Outcome:
    indices, where = _placements(plan, op, knowledge)
    value = _placement_value(op, knowledge)
    changed = {index: plan.placements[index].model_copy(update={op.field: value}) for index in indices}
    for placement in changed.values():
        _check_needle(placement, op, knowledge)
    plan = with_placements(plan, changed)
    written = value_text(value, knowledge)
    return Outcome(plan, "set", what=f"{_small(LABELS[op.field])} of {where}", value=f"to {written}")


def _placement_value(op: SetValue, knowledge: Knowledge) -> Quantity | str:
    if op.field == "needle":
        return read_name(op, knowledge.needles)
    if op.field == "technique":
        return read_name(op, knowledge.techniques)
    return MEASURES[op.field].read(op)


def _check_needle(placement: ZonePlacement, op: SetValue, knowledge: Knowledge) -> None:
    """A needle cannot be inserted farther than it is long."""
    needle = knowledge.needles[placement.needle]
    longest = needle.length.high
    if op.field in ("needle", "inserted") and placement.inserted.value > longest + 1e-9:
        title = knowledge.zones[placement.zone].title
        raise CannotDo(
            f"{title}: {length_text(placement.inserted)} are inserted and {needle.title} is "
            f"{quantity_text(longest, 'mm')} long. Set a shorter inserted length or a longer needle first."
        )


def _placements(plan: Plan, op: SetValue, knowledge: Knowledge) -> tuple[list[int], str]:
    """Return the placements that a scope means, and its name."""
    scope = op.scope
    if isinstance(scope, DrawScope):
        raise CannotDo(
            f"{LABELS[op.field]} is not a value of a draw.", allowed=("plan", "zone", "preparation", "points")
        )
    if isinstance(scope, PointsScope):
        return _placements_of_points(plan, op, scope.points, knowledge)
    zone = scope.zone if isinstance(scope, ZoneScope) else None
    preparation = None if isinstance(scope, PlanScope) else scope.preparation
    indices = [
        index
        for index, one in enumerate(plan.placements)
        if zone in (None, one.zone) and preparation in (None, one.preparation)
    ]
    if not indices:
        raise CannotDo(_nothing_there(plan, zone, preparation, knowledge))
    if zone is not None:
        return indices, knowledge.zones[zone].title
    return indices, "all zones" if preparation is None else preparation_of(plan, preparation).title


def _nothing_there(plan: Plan, zone: str | None, preparation: str | None, knowledge: Knowledge) -> str:
    if preparation is not None:
        preparation_of(plan, preparation)
    zones = titles_of(dict.fromkeys(one.zone for one in plan.placements), knowledge)
    return f"“{zone}” is not a zone of this plan. Zones: {zones}." if zone else "No zone takes this preparation."


def _placements_of_points(
    plan: Plan, op: SetValue, points: tuple[str, ...], knowledge: Knowledge
) -> tuple[list[int], str]:
    """Points share the values of their zone, so a value is set for all points of it or for none."""
    found = found_points(plan, points)
    indices = list(dict.fromkeys(index for index, _ in found))
    for index in indices:
        placement = plan.placements[index]
        named, all_of_it = sum(place == index for place, _ in found), len(placement.points)
        if named < all_of_it:
            title = knowledge.zones[placement.zone].title
            raise CannotDo(
                f"All {count_text(all_of_it, 'point', 'points')} of {title} share {_small(LABELS[op.field])}; "
                f"{named} were named. Set it for the zone."
            )
    return indices, titles_of(dict.fromkeys(plan.placements[index].zone for index in indices), knowledge)


def preparation_of(plan: Plan, name: str) -> Preparation:
    """Return a preparation by its id; one that is not there is refused with those that are."""
    for preparation in plan.preparations:
        if preparation.id == name:
            return preparation
    names = tuple(one.id for one in plan.preparations)
    raise CannotDo(f"“{name}” is not a preparation of this plan. Preparations: {', '.join(names)}.", allowed=names)


def _in_preparation(plan: Plan, op: SetValue) -> Outcome:
    if not isinstance(op.scope, PreparationScope):
        raise CannotDo(f"“{LABELS[op.field]}” is set for a preparation.", allowed=("preparation",))
    preparation = preparation_of(plan, op.scope.preparation)
    value: Any = SYRINGE.read(op) if op.field == "syringe" else read_whole(op, 1, 60)
    written = value_text(value) if op.field == "syringe" else str(value)
    changed = preparation.model_copy(update={op.field: value})
    what = f"{_small(LABELS[op.field])} of {preparation.title}"
    return Outcome(_with_preparation(plan, changed), "set", what=what, value=f"to {written}")


def _in_draw(plan: Plan, op: SetValue, knowledge: Knowledge) -> Outcome:
    scope = op.scope
    if not isinstance(scope, DrawScope):
        raise CannotDo("A volume is set for one draw of a preparation.", allowed=("draw",))
    preparation = preparation_of(plan, scope.preparation)
    drawn = tuple(draw.presentation for draw in preparation.draws)
    if scope.presentation not in drawn:
        text = f"“{scope.presentation}” is not drawn into {preparation.title}. Draws: {', '.join(drawn)}."
        raise CannotDo(text, allowed=drawn)
    volume = DRAW.read(op)
    draws = tuple(
        draw.model_copy(update={"volume": volume}) if draw.presentation == scope.presentation else draw
        for draw in preparation.draws
    )
    _, presentation = knowledge.presentations[scope.presentation]
    changed = preparation.model_copy(update={"draws": draws})
    what = f"draw of {presentation.title} into {preparation.title}"
    return Outcome(_with_preparation(plan, changed), "set", what=what, value=f"to {value_text(volume)}")


def _with_preparation(plan: Plan, changed: Preparation) -> Plan:
    preparations = tuple(changed if one.id == changed.id else one for one in plan.preparations)
    return plan.model_copy(update={"preparations": preparations})


def _in_texts(plan: Plan, op: SetValue) -> Outcome:
    text = None if op.value is None and op.field == "note" else read_text(op, MOST_TEXT)
    if op.field == "title" and not text:
        raise CannotDo("A plan needs a title.")
    return Outcome(
        plan.model_copy(update={op.field: text or None}), "set", what=f"{_small(LABELS[op.field])} of the plan"
    )


def _in_schedule(plan: Plan, op: SetValue, case: Case, knowledge: Knowledge) -> Outcome:
    if op.field in ("sessions", "score_on"):
        days = tuple(sorted(_days(op)))
        written = ", ".join(date_text(day) for day in days)
        if op.field == "sessions":
            return Outcome(resessioned(plan, days, case, knowledge), "set", what="the sessions", value=f"to {written}")
        for day in days:
            _check_near(day, case)
        changes: dict[str, Any] = {"score_on": tuple(dict.fromkeys(days))}
    else:
        changes, written = _one_day(op, case)
    schedule = plan.schedule.model_copy(update=changes)
    plan = plan.model_copy(update={"schedule": schedule})
    return Outcome(plan, "set", what=f"“{LABELS[op.field]}”", value=f"to {written}")


def _one_day(op: SetValue, case: Case) -> tuple[dict[str, Any], str]:
    if op.value is None:
        return {op.field: None}, "no day"
    day = read_date(LABELS[op.field], op.value)
    _check_near(day, case)
    return {op.field: day}, date_text(day)


def _days(op: SetValue) -> tuple[date, ...]:
    if not isinstance(op.value, tuple) or len(op.value) > MOST_SESSIONS:
        raise CannotDo(f"{LABELS[op.field]} are given as a list of {MOST_SESSIONS} dates at most.")
    return tuple(read_date(LABELS[op.field], text) for text in op.value)


def resessioned(plan: Plan, days: tuple[date, ...], case: Case, knowledge: Knowledge) -> Plan:
    """Return the plan on other days; the days to score and to look again follow from the protocol."""
    for day in days:
        _check_near(day, case)
    try:
        plan = with_sessions(plan, days, knowledge)
    except CannotBeEdited as refusal:
        raise CannotDo(str(refusal)) from refusal
    schedule = plan.schedule
    for follows in (*schedule.score_on, schedule.first_judged_on, schedule.review_on):
        if follows is not None:
            _check_near(follows, case)
    return plan


def _check_near(day: date, case: Case) -> None:
    if abs((day - case.as_of).days) > MOST_DAYS_FROM_ASSESSMENT:
        years = round(MOST_DAYS_FROM_ASSESSMENT / DAYS_A_YEAR)
        raise CannotDo(
            f"{date_text(day)} is more than {years} years from the assessment of {date_text(case.as_of)}. "
            "Choose a nearer day."
        )


def value_text(value: object, knowledge: Knowledge | None = None) -> str:
    """Return a value of a placement as people read it."""
    if isinstance(value, Volume):
        return volume_text(value)
    if isinstance(value, Length):
        return length_text(value)
    if isinstance(value, Angle):
        return angle_text(value)
    if isinstance(value, Quantity):
        return quantity_text(value.value, value.unit)
    name = PATTERNS.get(str(value), str(value))
    if knowledge is not None and name in knowledge.needles:
        return knowledge.needles[name].title
    return knowledge.techniques[name].title if knowledge is not None and name in knowledge.techniques else name


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
