"""Batches come once and in order; undo gives back exactly what was, and overwrites nobody."""

from __future__ import annotations

from typing import Any

import pytest

from mesoplan.domain.edit_log import EditLog
from mesoplan.domain.plan import Plan
from mesoplan.planning.operations.log import Draft, redoable, undoable
from mesoplan.planning.operations.refusals import BatchRefused, ChangedSince, OperationRefused
from tests.planning.hand_made import melasma_plan
from tests.planning.operations.drafts import point, taken

UNDO, REDO = {"op": "undo"}, {"op": "redo"}


def moved(name: str, right_mm: float = 1.0) -> dict[str, Any]:
    return {"op": "shift", "points": [name], "right_mm": right_mm, "up_mm": 0}


def volume(millilitres: float, zone: str = "forehead") -> dict[str, Any]:
    scope = {"kind": "zone", "zone": zone}
    return {"op": "set", "scope": scope, "field": "volume_per_point", "value": millilitres, "unit": "mL"}


def text(error: BaseException) -> str:
    return str(error).replace("\u00a0", " ")


@pytest.fixture
def draft() -> Draft:
    return Draft(melasma_plan())


def test_a_repeated_batch_is_answered_alike_and_done_once(draft: Draft) -> None:
    first = taken(draft, "a", 1, moved("30"))
    again = taken(first.draft, "a", 1, moved("30"))
    assert (again.repeated, again.draft, again.answer) == (True, first.draft, first.answer)
    assert taken(first.draft, "a", 2, moved("31")).answer.number == 2


def test_an_undo_that_is_sent_twice_takes_back_one_step(draft: Draft) -> None:
    draft = taken(taken(draft, "a", 1, moved("30")).draft, "a", 2, moved("31")).draft
    once = taken(draft, "a", 3, UNDO).draft
    assert taken(once, "a", 3, UNDO).draft == once
    assert point(once.plan, "30").origin == "moved"


def test_an_older_batch_that_comes_again_changes_nothing(draft: Draft) -> None:
    draft = taken(taken(draft, "a", 1, moved("30")).draft, "a", 2, moved("31")).draft
    late = taken(draft, "a", 1, moved("30"))
    assert late.repeated
    assert late.draft == draft
    assert "nothing was done again" in late.answer.note


@pytest.mark.parametrize(("seq", "expected"), [(2, 1), (7, 1)])
def test_a_batch_out_of_order_says_which_is_expected(draft: Draft, seq: int, expected: int) -> None:
    with pytest.raises(BatchRefused, match=f"Send {expected} first") as refused:
        taken(draft, "a", seq, moved("30"))
    assert refused.value.expected == expected


def test_a_number_used_for_another_batch_is_refused(draft: Draft) -> None:
    draft = taken(draft, "a", 1, moved("30")).draft
    with pytest.raises(BatchRefused, match="saved with other content") as refused:
        taken(draft, "a", 1, moved("31"))
    assert refused.value.expected == 2


def test_a_refused_batch_leaves_no_trace_and_its_number_free(draft: Draft) -> None:
    with pytest.raises(OperationRefused):
        taken(draft, "a", 1, moved("99"))
    assert taken(draft, "a", 1, moved("30")).answer.number == 1


def test_what_changes_nothing_is_no_step(draft: Draft) -> None:
    same = taken(draft, "a", 1, volume(0.05))
    assert (same.draft.plan, same.draft.log.steps, same.answer.number) == (draft.plan, (), 0)


def test_undo_and_redo_go_back_and_forth(draft: Draft) -> None:
    steps = [moved("30"), {"op": "remove", "points": ["3", "40"]}, volume(0.03), {"op": "remove-zone", "zone": "chin"}]
    plans: list[Plan] = [draft.plan]
    for seq, op in enumerate(steps, start=1):
        draft = taken(draft, "a", seq, op).draft
        plans.append(draft.plan)
    seq = len(steps)
    for before in reversed(plans[:-1]):
        seq += 1
        draft = taken(draft, "a", seq, UNDO).draft
        assert draft.plan == before
    for after in plans[1:]:
        seq += 1
        draft = taken(draft, "a", seq, REDO).draft
        assert draft.plan == after


def test_the_steps_are_named(draft: Draft) -> None:
    draft = taken(taken(draft, "a", 1, moved("30")).draft, "a", 2, {"op": "remove", "points": ["3", "40"]}).draft
    last = undoable(draft.log, "Dr a")
    assert last is not None
    assert last.name.replace("\u00a0", " ") == "remove 2 points"
    back = taken(draft, "a", 3, UNDO)
    assert back.answer.note.replace("\u00a0", " ") == "Undone: remove 2 points."
    again = redoable(back.draft.log, "Dr a")
    assert again is not None
    assert again.number == last.number


def test_a_new_step_ends_what_could_be_done_again(draft: Draft) -> None:
    draft = taken(taken(draft, "a", 1, moved("30")).draft, "a", 2, UNDO).draft
    draft = taken(draft, "a", 3, moved("31")).draft
    assert redoable(draft.log, "Dr a") is None
    with pytest.raises(OperationRefused, match="Nothing is left to do again"):
        taken(draft, "a", 4, REDO)


def test_a_reload_keeps_the_list_of_the_person(draft: Draft) -> None:
    draft = taken(draft, "page-1", 1, moved("30"), by="Dr Moreau").draft
    reloaded = Draft(draft.plan, EditLog.model_validate_json(draft.log.model_dump_json()))
    assert reloaded.log == draft.log
    assert taken(reloaded, "page-2", 1, UNDO, by="Dr Moreau").draft.plan == melasma_plan()


def test_a_hundred_steps_are_kept(draft: Draft) -> None:
    start = draft.plan
    for number in range(1, 121):
        draft = taken(draft, "a", number, volume(0.02 + (number % 2) / 100)).draft
    for number in range(121, 241):
        draft = taken(draft, "a", number, UNDO).draft
    assert draft.plan == start
    with pytest.raises(OperationRefused, match="Nothing is left to undo"):
        taken(draft, "a", 241, UNDO)


def test_two_people_undo_their_own_steps(draft: Draft) -> None:
    draft = taken(draft, "a", 1, moved("30")).draft
    draft = taken(draft, "b", 1, moved("31")).draft
    draft = taken(draft, "a", 2, UNDO).draft
    assert point(draft.plan, "30") == point(melasma_plan(), "30")
    assert point(draft.plan, "31").origin == "moved"


def test_an_undo_of_what_a_colleague_changed_since_is_refused_with_both_shown(draft: Draft) -> None:
    draft = taken(draft, "a", 1, volume(0.03)).draft
    draft = taken(draft, "b", 1, volume(0.04)).draft
    with pytest.raises(ChangedSince) as refused:
        taken(draft, "a", 2, UNDO)
    assert text(refused.value) == (
        "“set volume per point of Forehead” cannot be undone: it was changed since. Volume per point of Forehead: "
        "yours 0.03 mL, now 0.04 mL by Dr b, “set volume per point of Forehead”."
    )


def test_an_undo_keeps_what_a_colleague_did_elsewhere_in_the_zone(draft: Draft) -> None:
    draft = taken(draft, "a", 1, {"op": "remove", "points": ["30"]}).draft
    draft = taken(draft, "b", 1, {"op": "remove", "points": ["26"]}, volume(0.04)).draft
    draft = taken(draft, "a", 2, UNDO).draft
    ids = [one.id for one in draft.plan.placements[2].points]
    assert "26" not in ids
    assert sorted(ids, key=int) == [str(one) for one in range(25, 56) if one != 26]


def test_an_undo_of_a_zone_that_a_colleague_filled_is_refused(draft: Draft) -> None:
    draft = taken(draft, "a", 1, {"op": "add-zone", "zone": "nose"}).draft
    draft = taken(draft, "b", 1, {"op": "remove", "points": ["73"]}).draft
    with pytest.raises(ChangedSince, match="Nose: yours 21\u00a0points, now 20\u00a0points by Dr b"):
        taken(draft, "a", 2, UNDO)


def test_an_undo_does_not_bring_back_a_number_that_was_given_again(draft: Draft) -> None:
    at = point(melasma_plan(), "30").at.model_dump()
    draft = taken(draft, "a", 1, {"op": "add", "zone": "forehead", "points": [{"at": at}]}).draft
    draft = taken(draft, "a", 2, {"op": "remove", "points": ["73"]}).draft
    other = {"op": "add", "zone": "chin", "points": [{"at": point(melasma_plan(), "60").at.model_dump()}]}
    draft = taken(draft, "b", 1, other).draft
    with pytest.raises(OperationRefused, match="Number 73 would name two points"):
        taken(draft, "a", 3, UNDO)


def test_a_page_that_had_not_been_told_overwrites_nothing(draft: Draft) -> None:
    draft = taken(draft, "b", 1, volume(0.04), base=0).draft
    with pytest.raises(ChangedSince) as refused:
        taken(draft, "a", 1, volume(0.03), base=0)
    assert text(refused.value) == (
        "Somebody changed this at the same time. Nothing was overwritten. Volume per point of Forehead: yours 0.03 mL, "
        "now 0.04 mL by Dr b, “set volume per point of Forehead”."
    )
    assert taken(draft, "a", 1, moved("30"), base=0).answer.number == 2, "another part is nobody's"
    assert taken(draft, "a", 1, volume(0.03), base=1).answer.number == 2, "who was told may change it"


def test_a_point_that_a_colleague_removed_is_refused_with_his_name(draft: Draft) -> None:
    draft = taken(draft, "b", 1, {"op": "remove", "points": ["30"]}).draft
    with pytest.raises(OperationRefused) as refused:
        taken(draft, "a", 1, moved("30"))
    assert text(refused.value) == (
        "Point 30 is not in the plan any more: removed. Dr b took it away (“remove 1 point”)."
    )
