"""Evaluation as a whole: everything that is wrong is said, once, by weight; the sums are right."""

from __future__ import annotations

from datetime import timedelta

from mesoplan import __version__
from mesoplan.domain.case import Case
from mesoplan.domain.plan import Plan, Schedule
from mesoplan.domain.quantities import Length, Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.evaluate import evaluate
from tests.planning.hand_made import (
    START,
    answering,
    at_first_zone,
    melasma_case,
    melasma_plan,
    plan_by_hand,
    rebuilt,
)


def codes(case: Case, plan: Plan, knowledge: Knowledge) -> list[str]:
    return [one.code for one in evaluate(case, plan, knowledge).findings]


def test_everything_wrong_is_said_and_not_the_first_thing_alone(knowledge: Knowledge) -> None:
    case = answering(melasma_case(), pregnancy="yes", keloid="yes", stroke=None)
    plan = at_first_zone(melasma_plan(), volume_per_point=Volume(0.3), inserted=Length(4.5), technique="mesoperfusion")
    plan = rebuilt(plan, schedule=Schedule(sessions=(START, START + timedelta(days=7))))
    said = codes(case, plan, knowledge)
    expected = {
        "screen-pregnancy", "screen-keloid", "screen-txa-thrombosis-history", "volume-face-point",
        "depth-needle-too-short", "technique-not-here", "mix-volume-short", "interval-short",
    }  # fmt: skip
    assert expected <= set(said)


def test_findings_stand_by_weight_and_none_stands_twice(knowledge: Knowledge) -> None:
    found = evaluate(answering(melasma_case(), pregnancy="yes", sunburn="yes"), melasma_plan(), knowledge).findings
    ranks = [one.severity.rank for one in found]
    assert ranks == sorted(ranks)
    assert len({one.model_dump_json() for one in found}) == len(found)


def test_the_burden_of_the_melasma_course(knowledge: Knowledge) -> None:
    """72 points of 0.05 mL in three sessions over eight weeks."""
    burden = evaluate(melasma_case(), melasma_plan(), knowledge).burden
    assert (burden.punctures_per_session, burden.sessions, burden.punctures_in_course) == (72, 3, 216)
    assert (burden.weeks, burden.injected_ml_per_session) == (8.0, 3.6)


def test_an_evaluation_names_what_it_rests_on(knowledge: Knowledge) -> None:
    found = evaluate(melasma_case(), melasma_plan(), knowledge)
    assert found.case == "melasma"
    assert (found.knowledge_release, found.knowledge_sha256) == (knowledge.release, knowledge.sha256)
    assert found.engine == f"mesoplan {__version__}"
    assert found.rules_read == len(knowledge.rules) + len(knowledge.checks) + len(knowledge.pairs)


def test_a_plan_by_hand_without_a_protocol_is_evaluated_by_the_same_functions(knowledge: Knowledge) -> None:
    plan = plan_by_hand({"caffeine-25": 0.5, "lidocaine-10": 0.5}, points=10)
    found = evaluate(melasma_case(), plan, knowledge)
    assert {one.target for one in found.landings} == {None}
    assert {"mix-pair-incompatible", "zone-not-in-goal"} <= {one.code for one in found.findings}


def test_a_zone_without_points_is_no_crash_and_gets_nothing(knowledge: Knowledge) -> None:
    found = evaluate(melasma_case(), plan_by_hand({"glutathione-200": 1.0}, points=()), knowledge)
    assert found.burden.punctures_per_session == 0
    assert {dose.value for dose in found.doses if dose.measure.value in ("session", "course")} == {0.0}


def test_rules_speak_of_the_first_session_and_not_of_the_wanted_start(knowledge: Knowledge) -> None:
    case = answering(melasma_case(), sunburn="no")
    young = case.model_copy(
        update={"patient": case.patient.model_copy(update={"birth_date": START.replace(year=START.year - 18, day=15)})}
    )
    assert "screen-age-under-18" in codes(young, melasma_plan(), knowledge)
    later = rebuilt(melasma_plan(), schedule=Schedule(sessions=(START.replace(day=15),)))
    assert "screen-age-under-18" not in codes(young, later, knowledge)
