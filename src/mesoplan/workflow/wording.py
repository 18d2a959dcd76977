"""Every text of the tables that reaches a person, for those who translate them. English is the text itself."""

from __future__ import annotations

from collections.abc import Iterator

from mesoplan.workflow.acts import Act, Role, refusal_of, who_may
from mesoplan.workflow.refusals import SAVED_MEANWHILE
from mesoplan.workflow.states import Move, PlanState, may_move, refusal_of_move


def texts() -> Iterator[str]:
    """Whole sentences and labels; each could be shown as it stands. Places to fill are written %(name)s."""
    yield from (role.label for role in Role)
    yield from (act.words for act in Act)
    yield from (state.label for state in PlanState)
    yield from (refusal_of(act) for act in Act if len(who_may(act)) < len(Role))
    yield from (refusal_of_move(state, move) for state in PlanState for move in Move if not may_move(state, move))
    yield SAVED_MEANWHILE
