"""States of a plan, who may move them, and refusals: tables that pages, actions and the diagram all read.

Two questions are kept apart. *May this person?* is `check_may(act, role)`; *may this plan, as it stands?*
is `check_transition(state, move)`. Signing asks both: a nurse is told "Only a dermatologist can sign a plan",
a dermatologist in front of a void plan is told "A void plan cannot be signed".
"""

from mesoplan.workflow.acts import WHO_MAY, Act, Role, check_may, may, who_may
from mesoplan.workflow.binding import bound_hash, sha256_of
from mesoplan.workflow.refusals import NotPermitted, Overtaken, Refused, WrongState
from mesoplan.workflow.states import TRANSITIONS, Move, PlanState, check_transition, may_move

__all__ = [
    "TRANSITIONS",
    "WHO_MAY",
    "Act",
    "Move",
    "NotPermitted",
    "Overtaken",
    "PlanState",
    "Refused",
    "Role",
    "WrongState",
    "bound_hash",
    "check_may",
    "check_transition",
    "may",
    "may_move",
    "sha256_of",
    "who_may",
]
