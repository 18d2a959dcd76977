"""Doses of a plan: what is added up, over what, and what cannot be computed. The limits have their own table."""

from __future__ import annotations

import pytest

from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Dose, LimitState, Measure
from mesoplan.domain.plan import Plan, Schedule
from mesoplan.domain.quantities import Area, BodyWeight
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.doses import doses_of
from tests.planning.hand_made import (
    START,
    changed,
    melasma_case,
    melasma_plan,
    of_code,
    plan_by_hand,
    rebuilt,
    weight,
    with_stock,
)

SIXTY = BodyWeight(60)


def doses(plan: Plan, knowledge: Knowledge, case: Case | None = None) -> dict[tuple[str, Measure], Dose]:
    found, _ = doses_of(plan, case or melasma_case(), knowledge)
    return {(dose.compound, dose.measure): dose for dose in found}


def test_worked_example_of_the_melasma_plan(knowledge: Knowledge) -> None:
    """72 points of 0.05 mL at 4 mg/mL: 0.2 mg in a point, 14.4 mg in a session, 43.2 mg in three sessions."""
    found = {measure: dose.value for (_, measure), dose in doses(melasma_plan(), knowledge).items()}
    assert melasma_plan().punctures() == 72
    assert found[Measure.POINT] == pytest.approx(0.2)
    assert found[Measure.SESSION] == pytest.approx(14.4)
    assert found[Measure.COURSE] == pytest.approx(43.2)
    assert found[Measure.CONCENTRATION] == pytest.approx(4)


def test_the_area_that_gets_most_is_the_one_shown(knowledge: Knowledge) -> None:
    first, second = plan_by_hand({"tranexamic-acid-10": 10.0}).placements[0], "flank-right"
    plan = plan_by_hand({"tranexamic-acid-10": 10.0})
    other = first.model_copy(update={"zone": second, "area": Area(100.0)})
    dose = doses(rebuilt(plan, placements=(first, other)), knowledge)["tranexamic-acid", Measure.AREA]
    assert dose.zone == second
    assert dose.value == pytest.approx(10 * 0.02 * 10 / 100)


def test_two_placements_in_one_zone_add_up_on_its_area(knowledge: Knowledge) -> None:
    plan = plan_by_hand({"tranexamic-acid-10": 10.0})
    made, placed = plan.preparations[0], plan.placements[0]
    twice = rebuilt(
        plan,
        preparations=(made, made.model_copy(update={"id": "b"})),
        placements=(placed, placed.model_copy(update={"preparation": "b"})),
    )
    one, two = (doses(each, knowledge)["tranexamic-acid", Measure.AREA].value for each in (plan, twice))
    assert one
    assert two == pytest.approx(2 * one)


def test_a_diluent_has_no_dose_and_a_buffer_has(knowledge: Knowledge) -> None:
    plan = plan_by_hand({"tranexamic-acid-100": 0.4, "sodium-bicarbonate-8.4": 0.1, "sodium-chloride-0.9": 9.5})
    assert {compound for compound, _ in doses(plan, knowledge)} == {"tranexamic-acid", "sodium-bicarbonate"}


def test_the_course_counts_every_session(knowledge: Knowledge) -> None:
    plan = plan_by_hand({"glutathione-200": 1.0, "sodium-chloride-0.9": 9.0})
    days = tuple(START.replace(day=day) for day in (1, 8, 15, 22))
    whole = rebuilt(plan, schedule=Schedule(sessions=days))
    session = doses(whole, knowledge)["glutathione", Measure.SESSION].value
    assert session
    assert doses(whole, knowledge)["glutathione", Measure.COURSE].value == pytest.approx(4 * session)


def test_an_unknown_strength_is_not_zero(knowledge: Knowledge) -> None:
    unknown = with_stock(knowledge, "tranexamic-acid", None)
    found, findings = doses_of(melasma_plan(), melasma_case(), unknown)
    assert {dose.state for dose in found} == {LimitState.NOT_COMPUTABLE}
    assert {dose.value for dose in found} == {None}
    assert {one.code for one in findings} == {"dose-not-computable"}


def test_without_a_weight_a_dose_for_each_kilogram_is_asked_for(knowledge: Knowledge) -> None:
    plan = plan_by_hand({"lidocaine-10": 10.0})
    found, findings = doses_of(plan, changed(melasma_case(), weight=None), knowledge)
    (dose,) = (one for one in found if one.measure is Measure.BODY_WEIGHT)
    assert (dose.value, dose.state) == (None, LimitState.NOT_COMPUTABLE)
    assert [weight(one) for one in of_code(findings, "dose-weight-missing")] == ["block never"]
    assert of_code(findings, "dose-not-computable") == []


@pytest.mark.parametrize(
    ("volume_ml", "said"),
    [
        (0.1, ["dose-anaesthetic-sum", "info"]),  # 10 mg of each in 60 kg
        (1.2, ["dose-anaesthetic-sum", "info"]),  # 67 % of lidocaine's 3 mg/kg and 29 % of procaine's 7 mg/kg
        (1.4, ["dose-over-limit", "block dermatologist"]),  # 78 % and 33 %
    ],
)
def test_local_anaesthetics_add_up(knowledge: Knowledge, volume_ml: float, said: list[str]) -> None:
    """Half a mL of each, 20 and 20 mg/mL, in ten points."""
    plan = plan_by_hand({"lidocaine-20": 5.0, "procaine-20": 5.0}, volume_ml=volume_ml)
    _, findings = doses_of(plan, changed(melasma_case(), weight=SIXTY), knowledge)
    (found,) = (one for one in findings if one.text.startswith("Local anaesthetics together"))
    assert [found.code, weight(found)] == said


def test_one_anaesthetic_has_nothing_to_be_added_to(knowledge: Knowledge) -> None:
    _, findings = doses_of(plan_by_hand({"lidocaine-20": 5.0}), changed(melasma_case(), weight=SIXTY), knowledge)
    assert of_code(findings, "dose-anaesthetic-sum") == []
