"""A parted mixture is put into one syringe by choice: what it gains, what then speaks against it, and the way back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mesoplan.domain.case import Case
from mesoplan.domain.finding import Override, Severity
from mesoplan.domain.plan import Plan
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.case_reading import read_case
from mesoplan.planning.evaluate import evaluate
from mesoplan.planning.propose import propose
from mesoplan.planning.sharing import CannotBeShared, joined, joined_mixtures, parted, parts_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "melasma.yaml"
THREE = "melasma-tranexamic-acid-ascorbic-acid-glutathione"


@pytest.fixture(scope="module")
def case(knowledge: Knowledge) -> Case:
    return read_case(EXAMPLE.read_text(), EXAMPLE.name, knowledge, date(2026, 11, 23))


@pytest.fixture(scope="module")
def three_syringes(case: Case, knowledge: Knowledge) -> Plan:
    found = propose(case, knowledge).proposals
    return next(one.plan for one in found if one.protocol == THREE)


def test_joined_each_compound_gets_every_point_from_one_syringe(
    case: Case, three_syringes: Plan, knowledge: Knowledge
) -> None:
    assert [len(ids) for ids in parts_of(three_syringes, case, knowledge).values()] == [3]
    whole = joined(three_syringes, case, knowledge)
    assert len(whole.preparations) == 1
    assert whole.punctures() == three_syringes.punctures()
    apart = {
        dose.compound: dose.value for dose in evaluate(case, three_syringes, knowledge).doses if dose.measure == "area"
    }
    together = {dose.compound: dose.value for dose in evaluate(case, whole, knowledge).doses if dose.measure == "area"}
    assert all((together[one] or 0) > 2 * (value or 0) for one, value in apart.items())


def test_joined_it_is_blocked_until_a_dermatologist_gives_a_reason(
    case: Case, three_syringes: Plan, knowledge: Knowledge
) -> None:
    blocks = [
        finding
        for finding in evaluate(case, joined(three_syringes, case, knowledge), knowledge).findings
        if finding.severity is Severity.BLOCK
    ]
    assert {"mix-pair-trial-only"} <= {finding.code for finding in blocks}
    assert all(finding.override is Override.DERMATOLOGIST for finding in blocks)


def test_parted_again_it_is_what_was_proposed(case: Case, three_syringes: Plan, knowledge: Knowledge) -> None:
    whole = joined(three_syringes, case, knowledge)
    assert joined_mixtures(whole, case, knowledge)
    back = parted(whole, case, knowledge)
    assert {one.id for one in back.preparations} == {one.id for one in three_syringes.preparations}
    assert {(p.zone, p.preparation): p.points for p in back.placements} == {
        (p.zone, p.preparation): p.points for p in three_syringes.placements
    }


def test_a_plan_of_one_syringe_has_nothing_to_join_or_part(case: Case, knowledge: Knowledge) -> None:
    plan = propose(case, knowledge, top=1).proposals[0].plan
    with pytest.raises(CannotBeShared, match="several syringes"):
        joined(plan, case, knowledge)
    with pytest.raises(CannotBeShared, match="put into one syringe"):
        parted(plan, case, knowledge)
