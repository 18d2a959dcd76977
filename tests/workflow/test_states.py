"""How a plan moves, spelled out by hand."""

from datetime import UTC, datetime

import pytest

from mesoplan.workflow import Act, Move, Overtaken, PlanState, Refused, WrongState, check_transition, may_move

#                edit     override  sign      replace       void
TABLE = {
    "draft":      ("draft", "draft", "signed", None,         "void"),
    "signed":     (None,    None,    None,     "superseded", "void"),
    "superseded": (None,    None,    None,     None,         None),
    "void":       (None,    None,    None,     None,         None),
}  # fmt: skip
MOVES = ("edit", "override", "sign", "replace", "void")
CELLS = [(state, move, after) for state, row in TABLE.items() for move, after in zip(MOVES, row, strict=True)]


def test_the_table_names_every_state_and_every_move() -> None:
    assert set(TABLE) == {state.value for state in PlanState}
    assert set(MOVES) == {move.value for move in Move}


@pytest.mark.parametrize(("state", "move", "after"), CELLS)
def test_where_a_move_leads(state: str, move: str, after: str | None) -> None:
    assert may_move(PlanState(state), Move(move)) is (after is not None)
    if after is None:
        with pytest.raises(WrongState, match=f"^A {state} plan cannot be .+[.] .+[.]$"):
            check_transition(PlanState(state), Move(move))
    else:
        assert check_transition(PlanState(state), Move(move)) == after


def test_every_move_belongs_to_an_act_of_the_table() -> None:
    assert {move: move.act for move in Move} == {
        Move.EDIT: Act.EDIT_PLAN,
        Move.OVERRIDE: Act.OVERRIDE_BLOCK,
        Move.SIGN: Act.SIGN_PLAN,
        Move.REPLACE: Act.SIGN_PLAN,
        Move.VOID: Act.VOID_PLAN,
    }


def test_every_state_has_a_kind_of_chip() -> None:
    assert {state.value: state.kind for state in PlanState} == {
        "draft": "wait",
        "signed": "done",
        "superseded": "neutral",
        "void": "neutral",
    }


def test_overtaken_names_who_and_when() -> None:
    refusal = Overtaken("Dr A. Moreau", datetime(2026, 11, 23, 14, 31, tzinfo=UTC))
    assert isinstance(refusal, Refused)
    assert str(refusal) == "Dr A. Moreau saved at 14:31. Yours is kept here and was not saved."
