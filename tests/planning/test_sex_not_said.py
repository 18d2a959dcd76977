"""A case without a sex: unknown is not taken for either; the skin is as thin and as thick as that of both."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mesoplan.domain.case import Case, Sex
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.case_reading import read_case
from mesoplan.planning.propose import propose
from mesoplan.planning.screen import screen
from mesoplan.planning.skin import skin_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "melasma.yaml"
DAY = date(2026, 12, 1)


def _case(knowledge: Knowledge, sex: Sex | None, answered: bool = True) -> Case:
    case = read_case(EXAMPLE.read_text(), EXAMPLE.name, knowledge)
    answers = case.answers if answered else {}
    return case.model_copy(update={"patient": case.patient.model_copy(update={"sex": sex}), "answers": answers})


def test_the_skin_spans_that_of_both_sexes(knowledge: Knowledge) -> None:
    zone = knowledge.zones["forehead"]
    both_and_neither = (Sex.FEMALE, Sex.MALE, None)
    woman, man, unsaid = (skin_of(_case(knowledge, sex), zone, DAY, knowledge).total_mm for sex in both_and_neither)
    assert unsaid == (min(woman[0], man[0]), max(woman[1], man[1]))
    assert woman != man


def test_pregnancy_is_asked_where_the_sex_is_not_said_but_not_of_a_man(knowledge: Knowledge) -> None:
    asked = {sex: _asks(_case(knowledge, sex, answered=False), knowledge) for sex in (Sex.FEMALE, Sex.MALE, None)}
    assert "pregnancy" in asked[Sex.FEMALE]
    assert "pregnancy" in asked[None]
    assert "pregnancy" not in asked[Sex.MALE]


def test_plans_are_proposed_all_the_same(knowledge: Knowledge) -> None:
    assert propose(_case(knowledge, None), knowledge).proposals


def _asks(case: Case, knowledge: Knowledge) -> set[str]:
    return {ask for finding in screen(case, knowledge) for ask in finding.asks}
