"""Whatever case can be read is answered: with proposals, with what stands against them, never with a crash."""

from __future__ import annotations

from hypothesis import given, settings

from mesoplan.domain.case import Case
from mesoplan.domain.finding import Severity
from mesoplan.domain.proposal import Proposals
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.case_reading import case_problems, read_case
from mesoplan.planning.propose import propose
from tests.properties.any_case import any_cases


@settings(max_examples=60)
@given(case=any_cases())
def test_a_case_is_answered_and_never_with_a_crash(knowledge: Knowledge, case: Case) -> None:
    assert list(case_problems(case, knowledge)) == []
    found = propose(case, knowledge)
    assert [goal.goal for goal in found.goals] == [goal.aim for goal in case.goals]
    for goal in found.goals:
        assert bool(goal.proposals) is (goal.none_because is None)
    for declined in found.declined:
        assert declined.findings
    for proposal in found.proposals:
        assert not [one for one in proposal.evaluation.findings if one.severity is Severity.BLOCK]
    considered = [one.protocol for one in found.proposals] + [one.protocol for one in found.declined]
    aims = [goal.aim for goal in case.goals]
    assert sorted(considered) == sorted(one.id for one in knowledge.protocols.values() if one.aim in aims)


@settings(max_examples=20)
@given(case=any_cases())
def test_a_case_and_its_answer_survive_being_written_and_read(knowledge: Knowledge, case: Case) -> None:
    assert read_case(case.model_dump_json(), "case.json", knowledge) == case
    found = propose(case, knowledge)
    assert Proposals.model_validate_json(found.model_dump_json()) == found
