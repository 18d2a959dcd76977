"""Apply a batch of operations to a plan: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from mesoplan.domain.case import Case
from mesoplan.domain.edit_log import Change
from mesoplan.domain.edits import (
    AddPoints,
    AddZone,
    KeepClear,
    LockPoints,
    MakeUpAgain,
    MovePoint,
    OpenAgain,
    Operation,
    RemovePoints,
    RemoveZone,
    RenewLattice,
    ReshapeZone,
    SetValue,
    ShiftPoints,
    Stopped,
    SwapDate,
)
from mesoplan.domain.plan import Plan, ZonePlacement
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.operations.changes import changes_between
from mesoplan.planning.operations.course import add_zone, make_up_again, remove_zone, swap_date
from mesoplan.planning.operations.kept_clear import keep_clear, open_again
from mesoplan.planning.operations.lattice import renew
from mesoplan.planning.operations.outcome import Outcome, words_of
from mesoplan.planning.operations.points import add_points, lock_points, move_point, remove_points, shift_points
from mesoplan.planning.operations.refusals import CannotDo, OperationRefused
from mesoplan.planning.operations.reshape import reshape_zone
from mesoplan.planning.operations.values import set_value

_DONE_BY: dict[type[Any], Callable[[Plan, Any, Case, Knowledge], Outcome]] = {
    MovePoint: move_point,
    ShiftPoints: shift_points,
    AddPoints: add_points,
    RemovePoints: remove_points,
    LockPoints: lock_points,
    SetValue: set_value,
    RenewLattice: renew,
    AddZone: add_zone,
    RemoveZone: remove_zone,
    ReshapeZone: reshape_zone,
    KeepClear: keep_clear,
    OpenAgain: open_again,
    MakeUpAgain: make_up_again,
    SwapDate: swap_date,
}


@dataclass(frozen=True)
class Applied:
    """A plan after a batch.

    Attributes
    ----------
    plan : Plan
    changes : tuple of Change
        Every part that differs, before and after: `reversed_changes` of them is the way back.
    name : str
        For the list of undo: “move 3 points”.
    note : str
        What was done, in sentences.
    stopped : tuple of Stopped
        Points that did not get as far as they were sent, with where they are.
    added : tuple of str
        Ids of new points.
    """

    plan: Plan
    changes: tuple[Change, ...]
    name: str
    note: str
    stopped: tuple[Stopped, ...]
    added: tuple[str, ...]


def apply(plan: Plan, operations: Sequence[Operation], case: Case, knowledge: Knowledge) -> Applied:
    """Return the plan with all operations applied in order.

    Raises
    ------
    OperationRefused
        For the first operation that cannot be; the plan is as it was.
    """
    now = plan
    outcomes: list[Outcome] = []
    for index, op in enumerate(operations):
        try:
            outcome = _done(now, op, case, knowledge)
            now = checked(outcome.plan, plan)
        except CannotDo as why:
            raise OperationRefused(index, len(operations), op.op, why) from why
        outcomes.append(outcome)
    words = words_of(outcomes)
    remarks = dict.fromkeys(remark for outcome in outcomes for remark in outcome.remarks)
    # A point that was moved on after it had stopped is where the last move left it.
    stopped = {one.point: one for outcome in outcomes for one in outcome.stopped}
    return Applied(
        plan=now,
        changes=changes_between(plan, now),
        name=words.name,
        note=" ".join([words.done, *remarks]),
        stopped=tuple(stopped.values()),
        added=tuple(point for one in outcomes if one.verb == "add" for point in one.points),
    )


def _done(plan: Plan, op: Operation, case: Case, knowledge: Knowledge) -> Outcome:
    handler = _DONE_BY.get(type(op))
    if handler is None:
        raise CannotDo(f"{op.op.capitalize()} stands alone: send it as a batch of its own.")
    return handler(plan, op, case, knowledge)


def checked(plan: Plan, before: Plan) -> Plan:
    """Return the plan, read as a new one is where it differs from `before`.

    Raises
    ------
    CannotDo
        If it is not a plan any more, or a number names two points that it did not name before.
    """
    known = {id(one) for one in before.placements}
    try:
        placements = tuple(one if id(one) in known else _read(ZonePlacement, one) for one in plan.placements)
        found: Plan = _read(Plan, plan.model_copy(update={"placements": placements}))
    except ValidationError as refusal:
        raise CannotDo(f"{refusal.errors()[0]['msg'].removeprefix('Value error, ')}.") from refusal
    _refuse_shared_numbers(found, before)
    return found


def _read(kind: type[Any], value: Any) -> Any:
    return kind(**{name: getattr(value, name) for name in kind.model_fields})


def _refuse_shared_numbers(plan: Plan, before: Plan) -> None:
    twice = _shared_numbers(plan) - _shared_numbers(before)
    if twice:
        raise CannotDo(f"Number {', '.join(sorted(twice))} would name two points.", points=tuple(sorted(twice)))


def _shared_numbers(plan: Plan) -> set[str]:
    ids = [point.id for placement in plan.placements for point in placement.points]
    if len(set(ids)) == len(ids):
        return set()
    return {one for one in ids if ids.count(one) > 1}
