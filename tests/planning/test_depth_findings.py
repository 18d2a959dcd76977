"""What is said of a depth: chances in one sentence, and nothing of what the planner itself chooses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesoplan.domain.case import Case, Goal
from mesoplan.domain.evaluation import CeilingKind, Evaluation, Landing, LandingClass
from mesoplan.domain.finding import Finding, Severity
from mesoplan.domain.plan import Plan
from mesoplan.domain.quantities import Angle, Length
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.depth_findings import depth_findings
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.propose import propose
from tests.planning.hand_made import (
    asked_everything,
    at_first_zone,
    changed,
    melasma_case,
    melasma_plan,
    rebuilt,
    shipped,
)

CHANCE_CODES = ("depth-outside-target", "depth-not-assessable", "depth-ceiling-chance")


def held(degrees: float, mm: float, *, aimed: bool = True) -> tuple[Plan, Case]:
    plan = at_first_zone(melasma_plan(), angle=Angle(degrees), inserted=Length(mm))
    return (plan if aimed else rebuilt(plan, protocol=None)), melasma_case()


def said(plan: Plan, case: Case, code: str) -> list[Finding]:
    """The findings of one code on the first zone, every space as people type it."""
    zone = plan.placements[0].zone
    found = [one for one in evaluate(case, plan, shipped()).findings if (one.code, one.subject.zone) == (code, zone)]
    return [one.model_copy(update={"text": one.text.replace("\u00a0", " ")}) for one in found]


AIMED = [
    # degrees, mm inserted in the cheek -> whether too few drops reach the upper dermis, and what is said of the layers
    (10, 2.0, None),
    (15, 1.5, None),
    (15, 4.0, "fat"),
    (30, 4.0, "fat"),
    (90, 4.0, "dermis 1 %, fat 99 %"),
    (0, 4.0, "epidermis"),
]


@pytest.mark.parametrize(("degrees", "mm", "expected"), AIMED)
def test_a_target_that_too_few_drops_reach_is_named_with_its_chance(
    degrees: float, mm: float, expected: str | None
) -> None:
    found = said(*held(degrees, mm), "depth-outside-target")
    assert bool(found) is (expected is not None)
    for one in found:
        assert one.severity is Severity.WARN
        assert " % of drops reach the upper dermis that is aimed at; " in one.text
        assert expected is not None
        assert expected in one.text
        assert f"At {degrees:g}° and {mm:g} mm inserted the tip lies" in one.text


UNAIMED = [(10, 2.0, False), (90, 4.0, False), (30, 3.0, True), (45, 2.0, True)]


@pytest.mark.parametrize(("degrees", "mm", "cannot_be_told"), UNAIMED)
def test_without_a_target_a_layer_that_cannot_be_told_is_said(degrees: float, mm: float, cannot_be_told: bool) -> None:
    found = said(*held(degrees, mm, aimed=False), "depth-not-assessable")
    assert bool(found) is cannot_be_told
    assert all("so the layer cannot be told" in one.text and "fat" in one.text for one in found)


def test_a_ceiling_that_is_kept_by_intent_and_passed_by_hand_is_said_with_its_points() -> None:
    """Over the foramen under the eye 2 mm stand: 1.9 mm are meant, and the hand passes them in some drops."""
    plan, case = held(90, 1.9)
    (one,) = said(plan, case, "depth-ceiling-chance")
    landing = evaluate(case, plan, shipped()).landings[0]
    (over,) = (one for one in landing.ceilings if one.set_by == "infraorbital-foramen")
    assert (over.ceiling_mm, over.kind) == (2.0, CeilingKind.STRUCTURE)
    assert 0.2 < over.chance < 0.5
    assert over.points
    assert set(over.points) < {point.id for point in plan.placements[0].points}
    assert f"{100 * over.chance:.0f} % of drops at point" in one.text
    assert "pass 2 mm, over: " in one.text
    assert one.subject.points == over.points
    assert one.severity is Severity.WARN
    assert said(plan, case, "point-in-danger-zone")[0].severity is Severity.INFO


def test_a_ceiling_that_the_intent_passes_is_the_other_finding() -> None:
    plan, case = held(90, 2.5)
    assert said(plan, case, "point-in-danger-zone")[0].severity is Severity.BLOCK
    assert not any("foramen" in one.text for one in said(plan, case, "depth-ceiling-chance"))


def test_ceilings_are_those_of_structures_zone_and_face(knowledge: Knowledge) -> None:
    landing = next(
        one for one in evaluate(melasma_case(), melasma_plan(), knowledge).landings if one.zone == "forehead"
    )
    by = {(one.kind, one.set_by): one for one in landing.ceilings}
    assert by[CeilingKind.FACE, "depth-face-deep"].ceiling_mm == 3.0
    assert by[CeilingKind.ZONE, "forehead"].ceiling_mm == 3.0
    assert by[CeilingKind.STRUCTURE, "supraorbital-artery"].points
    assert [one.ceiling_mm for one in landing.ceilings] == sorted(one.ceiling_mm for one in landing.ceilings)
    assert all(one.chance < 0.05 for one in landing.ceilings), "the planner keeps them"


AIMS = [
    ("melasma", ("malar-right", "forehead", "chin", "nose")),
    ("fine-lines", ("periorbital-right", "forehead", "nasolabial-left")),
    ("texture", ("temple-right", "glabella", "jaw-left", "malar-left")),
    ("hydration", ("infraorbital-right", "perioral", "lateral-cheek-right")),
]


@pytest.mark.parametrize(("aim", "zones"), AIMS)
def test_nothing_is_said_of_a_depth_that_the_planner_chose(aim: str, zones: tuple[str, ...]) -> None:
    goal = Goal.model_validate(melasma_case().goals[0].model_dump() | {"aim": aim, "zones": zones})
    case = asked_everything(changed(melasma_case(), goals=(goal,)))
    proposals = propose(case, shipped()).proposals
    assert proposals
    for one in proposals:
        assert [found.text for found in one.evaluation.findings if found.code in CHANCE_CODES] == []


@settings(max_examples=25, deadline=None)
@given(degrees=st.integers(0, 18).map(lambda n: 5.0 * n), mm=st.integers(1, 26).map(lambda n: n / 2))
def test_the_landing_of_any_needle_adds_up_and_is_never_a_nan(degrees: float, mm: float) -> None:
    plan, case = held(degrees, mm)
    for landing in evaluate(case, plan, shipped()).landings:
        chances = landing.chances
        assert chances is not None
        assert chances.epidermis + chances.dermis + chances.fat == pytest.approx(1.0, abs=1e-9)
        values = [chances.epidermis, chances.dermis, chances.fat, chances.target, *(c.chance for c in landing.ceilings)]
        assert all(value is not None and 0 <= value <= 1 for value in values)


def test_an_evaluation_that_was_kept_before_chances_is_read() -> None:
    kept = evaluate(melasma_case(), melasma_plan(), shipped()).model_dump(mode="json")
    for landing in kept["landings"]:
        del landing["chances"], landing["ceilings"]
    found = Evaluation.model_validate(kept)
    assert {one.chances for one in found.landings} == {None}
    assert {one.ceilings for one in found.landings} == {()}
    assert {one.landing for one in found.landings} <= set(LandingClass)


def test_a_landing_without_chances_says_that_nothing_is_known(knowledge: Knowledge) -> None:
    plan = melasma_plan()
    landing: Landing = evaluate(melasma_case(), plan, knowledge).landings[0]
    bare = landing.model_copy(update={"chances": None, "ceilings": (), "skin_mm": None})
    assert [one.code for one in depth_findings(plan.placements[0], bare, knowledge)] == ["depth-not-assessable"]
