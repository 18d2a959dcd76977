"""What was changed from the proposal, row by row, and what each row does."""

from __future__ import annotations

from typing import Any

import pytest

from mesoplan.domain.plan import Plan
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.operations.differences import differences, taken_back
from mesoplan.planning.operations.effects import effect, effect_of, effect_text
from tests.imaging.outlines import stretched
from tests.planning.hand_made import melasma_case, melasma_plan, shipped
from tests.planning.operations.drafts import applied, point

VOLUME = {"op": "set", "scope": {"kind": "plan"}, "field": "volume_per_point", "value": 0.03, "unit": "mL"}
SHALLOWER = {"op": "set", "scope": {"kind": "zone", "zone": "chin"}, "field": "angle", "value": 5, "unit": "deg"}


def rows(after: Plan) -> list[tuple[str, str, str, str]]:
    found = differences(melasma_plan(), after, melasma_case(), shipped())
    return [(one.kind, one.what, one.before.replace("\u00a0", " "), one.now.replace("\u00a0", " ")) for one in found]


TABLE: list[tuple[dict[str, Any], tuple[str, str, str, str]]] = [
    (SHALLOWER, ("changed", "Angle of Chin", "20°", "5°")),
    ({"op": "remove", "points": ["3", "4"]}, ("removed", "2 points of Malar, right", "there", "removed")),
    ({"op": "lock", "points": ["40"]}, ("locked", "Point 40 of Forehead", "not locked", "locked")),
    (
        {"op": "renew", "zone": "forehead", "spacing": "8 mm"},
        ("renewed", "Lattice of Forehead", "31 points", "43 points"),
    ),
    ({"op": "add-zone", "zone": "nose"}, ("added", "Nose", "not in it", "21 points")),
    ({"op": "remove-zone", "zone": "chin"}, ("removed", "Chin", "17 points", "not in it")),
    (
        {"op": "reshape-zone", "zone": "chin", "corners": [one.model_dump() for one in stretched("chin", [1.0])]},
        ("changed", "Outline of Chin", "template, 18.0 cm²", "drawn with 16 corners, 18.1 cm²"),
    ),
    ({"op": "swap-date", "session": 3, "to": "2027-02-01"}, ("changed", "Session 3", "26 Jan 2027", "1 Feb 2027")),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "row"), TABLE, ids=[row[1] for _, row in TABLE])
def test_a_change_is_one_row(sent: dict[str, Any], row: tuple[str, str, str, str]) -> None:
    found = rows(applied(sent).plan)
    assert row in found


def test_nothing_changed_is_no_row() -> None:
    assert rows(melasma_plan()) == []


def test_a_moved_point_is_told_by_landmarks_and_distance() -> None:
    ((kind, what, before, now),) = rows(applied({"op": "shift", "points": ["40"], "right_mm": 3, "up_mm": 0}).plan)
    assert (kind, what) == ("moved", "Point 40 of Forehead")
    assert before.endswith("above the pupils")
    assert now.endswith("(3.0 mm away)")


def test_a_point_moved_after_the_lattice_was_renewed_is_not_called_lattice() -> None:
    plan = applied(
        {"op": "shift", "points": ["40"], "right_mm": 3, "up_mm": 0},
        {"op": "renew", "zone": "forehead", "spacing": "8 mm"},
    ).plan
    assert {(kind, what) for kind, what, _, _ in rows(plan)} == {
        ("changed", "Spacing of Forehead"),
        ("renewed", "Lattice of Forehead"),
        ("moved", "Point 40 of Forehead"),
    }


def test_a_row_can_be_taken_back_alone() -> None:
    plan = applied(VOLUME, {"op": "remove", "points": ["3", "4"]}).plan
    (removed,) = (one for one in differences(melasma_plan(), plan, melasma_case(), shipped()) if one.kind == "removed")
    back = taken_back(plan, removed)
    assert back == applied(VOLUME).plan


def test_taking_back_every_row_gives_the_proposal() -> None:
    plan = applied(VOLUME, SHALLOWER, {"op": "remove", "points": ["3"]}, {"op": "lock", "points": ["40"]}).plan
    for one in differences(melasma_plan(), plan, melasma_case(), shipped()):
        plan = taken_back(plan, one)
    assert plan == melasma_plan()


def test_an_effect_names_punctures_dose_and_findings() -> None:
    """72 points of 0.05 mL at 4 mg/mL are 14.4 mg; four points fewer are 13.6 mg."""
    plan = applied({"op": "remove", "points": ["1", "2", "3", "4"]}).plan
    before, now = (evaluate(melasma_case(), one, shipped()) for one in (melasma_plan(), plan))
    said = [line.replace("\u00a0", " ") for line in effect_text(effect(before, now), shipped())]
    assert said[:3] == [
        "punctures 72 → 68 (−4)",
        "injected 3.60 mL → 3.40 mL in a session",
        "Tranexamic acid 14.4 mg → 13.6 mg in a session",
    ]


def test_an_effect_tells_a_new_finding_from_one_that_only_has_other_figures() -> None:
    plan = applied({"op": "move", "point": "5", "to": point(melasma_plan(), "6").at.model_dump()}).plan
    found = effect(*(evaluate(melasma_case(), one, shipped()) for one in (melasma_plan(), plan)))
    assert [one.code for one in found.new] == ["point-too-close"]
    assert found.settled == ()
    back = effect(*(evaluate(melasma_case(), one, shipped()) for one in (plan, melasma_plan())))
    assert [one.code for one in back.settled] == ["point-too-close"]


def test_each_row_has_its_own_effect() -> None:
    plan = applied(VOLUME, SHALLOWER).plan
    now = evaluate(melasma_case(), plan, shipped())
    effects = {
        one.what: effect_of(one, plan, now, melasma_case(), shipped())
        for one in differences(melasma_plan(), plan, melasma_case(), shipped())
    }
    angle, volume = effects["Angle of Chin"], effects["Volume per point of Chin"]
    assert angle is not None
    assert volume is not None
    assert (angle.doses, angle.punctures) == ((), (72, 72))
    (dose,) = volume.doses
    assert dose.before is not None
    assert dose.now is not None
    assert dose.before - dose.now == pytest.approx(17 * 0.02 * 4)
