"""States of a plan and the table of moves between them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mesoplan.workflow.acts import Act
from mesoplan.workflow.refusals import WrongState


class PlanState(StrEnum):
    DRAFT = "draft"
    SIGNED = "signed"
    SUPERSEDED = "superseded"
    VOID = "void"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def kind(self) -> str:
        """Which colour a state chip takes: wait, warn, done or neutral."""
        return _KIND[self]


class Move(StrEnum):
    """What can happen to a plan. `REPLACE` happens to the plan in force when a later one of its course is
    signed."""

    EDIT = "edit"
    OVERRIDE = "override"
    SIGN = "sign"
    REPLACE = "replace"
    VOID = "void"

    @property
    def act(self) -> Act:
        """The act that a person needs to be allowed for this move."""
        return _ACT[self]


_KIND: Final[Mapping[PlanState, str]] = MappingProxyType(
    {
        PlanState.DRAFT: "wait",
        PlanState.SIGNED: "done",
        PlanState.SUPERSEDED: "neutral",
        PlanState.VOID: "neutral",
    }
)

_ACT: Final[Mapping[Move, Act]] = MappingProxyType(
    {
        Move.EDIT: Act.EDIT_PLAN,
        Move.OVERRIDE: Act.OVERRIDE_BLOCK,
        Move.SIGN: Act.SIGN_PLAN,
        Move.REPLACE: Act.SIGN_PLAN,
        Move.VOID: Act.VOID_PLAN,
    }
)

# (state, move) -> state after it; a pair that is not here is refused. A signed plan stays in force until the
# signature
# under a later one replaces it, so that there is never a moment without a plan in force.
TRANSITIONS: Final[Mapping[tuple[PlanState, Move], PlanState]] = MappingProxyType(
    {
        (PlanState.DRAFT, Move.EDIT): PlanState.DRAFT,
        (PlanState.DRAFT, Move.OVERRIDE): PlanState.DRAFT,
        (PlanState.DRAFT, Move.SIGN): PlanState.SIGNED,
        (PlanState.DRAFT, Move.VOID): PlanState.VOID,
        (PlanState.SIGNED, Move.REPLACE): PlanState.SUPERSEDED,
        (PlanState.SIGNED, Move.VOID): PlanState.VOID,
    }
)

_PARTICIPLE: Final[Mapping[Move, str]] = MappingProxyType(
    {
        Move.EDIT: "changed",
        Move.OVERRIDE: "given an override",
        Move.SIGN: "signed",
        Move.REPLACE: "replaced",
        Move.VOID: "voided",
    }
)

_WHAT_NOW: Final[Mapping[PlanState, str]] = MappingProxyType(
    {
        PlanState.DRAFT: "Sign it first.",
        PlanState.SIGNED: "Start a new revision from it.",
        PlanState.SUPERSEDED: "Open the plan that replaced it.",
        PlanState.VOID: "Start another plan from the proposals.",
    }
)


def check_transition(state: PlanState, move: Move) -> PlanState:
    """State after `move`, or `WrongState` with a sentence that says what can be done instead."""
    after = TRANSITIONS.get((state, move))
    if after is None:
        raise WrongState(refusal_of_move(state, move))
    return after


def refusal_of_move(state: PlanState, move: Move) -> str:
    """What somebody is told who tries a move that leads nowhere from this state."""
    return f"A {state.value} plan cannot be {_PARTICIPLE[move]}. {_WHAT_NOW[state]}"


def may_move(state: PlanState, move: Move) -> bool:
    """The same rule as `check_transition`, as a bool."""
    try:
        check_transition(state, move)
    except WrongState:
        return False
    return True
