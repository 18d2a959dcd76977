"""Screening as a whole: order, what is read before a plan, whom a finding is about. The rules have their own tables."""

from __future__ import annotations

from dataclasses import replace

from mesoplan.domain.case import HistoryEntry
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.facts import Facts
from mesoplan.planning.screen import Scope, scope_of_goals, screen, screen_plan
from tests.planning.hand_made import START, answering, changed, melasma_case, of_code


def scope(**pairs: str) -> Scope:
    """Return a scope of compounds and where they go: `scope(caffeine="abdomen")`."""
    named = {compound.replace("_", "-"): zone for compound, zone in pairs.items()}
    return Scope(
        aims=frozenset({"cellulite"}),
        zones=tuple(dict.fromkeys(named.values())),
        compounds=frozenset(named),
        pairs=frozenset(named.items()),
    )


def test_a_patient_with_nothing_against_has_no_findings(knowledge: Knowledge) -> None:
    assert screen(melasma_case(), knowledge) == []


def test_findings_come_by_weight(knowledge: Knowledge) -> None:
    found = screen(answering(melasma_case(), keloid="yes", pregnancy="yes", sunburn="yes"), knowledge)
    assert [one.code for one in found] == ["screen-pregnancy", "wait-sunburn", "screen-keloid"]


def test_a_case_that_was_asked_nothing_is_asked_every_question_that_a_rule_about_the_patient_reads(
    knowledge: Knowledge,
) -> None:
    found = screen(changed(melasma_case(), answers={}), knowledge)
    asked = {ask for one in found for ask in one.asks}
    assert {"pregnancy", "anticoagulant", "keloid", "peel-superficial"} <= asked
    assert not {"g6pd-deficiency", "allergy-fish", "varicose-veins-area"} & asked
    assert all(one.text.startswith("Not asked: ") for one in found)


def test_a_rule_on_a_compound_and_a_place_reads_the_two_together(knowledge: Knowledge) -> None:
    facts = Facts(melasma_case(), knowledge, START)
    both = scope(caffeine="abdomen", tranexamic_acid="forehead")
    assert of_code(screen_plan(facts, both), "face-lipolytic") == []
    crossed = scope(caffeine="forehead", tranexamic_acid="abdomen")
    (found,) = of_code(screen_plan(facts, crossed), "face-lipolytic")
    assert (found.subject.compound, found.subject.zone) == ("caffeine", "forehead")


def test_a_finding_names_its_compound_only_where_there_is_one(knowledge: Knowledge) -> None:
    facts = Facts(answering(melasma_case(), epilepsy="yes"), knowledge, START)
    (one,) = of_code(screen_plan(facts, scope(caffeine="abdomen")), "screen-xanthine-epilepsy")
    assert one.subject.compound == "caffeine"
    both = scope(caffeine="abdomen", aminophylline="abdomen")
    (two,) = of_code(screen_plan(facts, both), "screen-xanthine-epilepsy")
    assert two.subject.compound is None


def test_a_code_that_no_term_means_is_said_to_be_unread(knowledge: Knowledge) -> None:
    case = changed(melasma_case(), medications=(HistoryEntry(id="atc:V03AX99"),))
    (found,) = screen(case, knowledge)
    assert (found.code, found.text.split(":")[:2]) == ("code-not-read", ["atc", "V03AX99"])


def test_the_scope_of_a_case_is_that_of_all_its_goals() -> None:
    found = scope_of_goals(melasma_case())
    assert found.zones == ("malar-right", "malar-left", "forehead", "chin")
    assert found.aims == {"melasma"}


def test_a_deep_technique_on_the_body_says_nothing_of_a_face_that_gets_papules(knowledge: Knowledge) -> None:
    """A rule of a technique and a region speaks only where that technique is used in that region."""
    case = melasma_case()
    both = scope(tranexamic_acid="malar-right", caffeine="abdomen")
    techniques = frozenset({"papule-intradermal", "point-by-point"})
    apart = frozenset({("papule-intradermal", "malar-right"), ("point-by-point", "abdomen")})
    met = frozenset({("point-by-point", "malar-right")})
    facts = Facts(case, knowledge, case.start)
    rules = [
        {one.rule for one in screen_plan(facts, replace(both, techniques=techniques, techniques_at=where))}
        for where in (apart, met)
    ]
    assert "face-deep-technique" not in rules[0]
    assert "face-deep-technique" in rules[1]
