"""Every pair rule, every prohibition and every provision of a jurisdiction, by the tables beside this file."""

from __future__ import annotations

import pytest

from mesoplan.domain.finding import Severity
from mesoplan.domain.quantities import Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.jurisdiction import Provision, profile
from mesoplan.planning.mixture import evaluate_preparation
from mesoplan.planning.pairs import pair_result
from mesoplan.planning.status import status_findings
from tests.planning.hand_made import prepared, weight
from tests.spec.tables import Row, in_words, rows

PAIRS = rows("pairs.yaml")
PROHIBITIONS = rows("prohibitions.yaml")
PROVISIONS = rows("provisions.yaml")
NO_STOCK = "no stock on record"


@pytest.mark.parametrize("row", PAIRS, ids=in_words)
def test_the_verdict_of_a_pair_whichever_comes_first(row: Row, knowledge: Knowledge) -> None:
    a, b = knowledge.compounds[row["a"]], knowledge.compounds[row["b"]]
    for first, second in ((a, b), (b, a)):
        found = pair_result(first, second, knowledge)
        assert (found.verdict.value, found.rule or "none") == (row["verdict"], row["rule"])
        assert bool(found.sources) is bool(found.rule)


@pytest.mark.parametrize("row", [row for row in PAIRS if row["finding"] != NO_STOCK], ids=in_words)
def test_what_is_said_of_a_pair_in_one_syringe(row: Row, knowledge: Knowledge) -> None:
    stocks = [knowledge.compounds[row[one]].presentations[0].id for one in ("a", "b")]
    for order in (stocks, stocks[::-1]):
        made = prepared(dict.fromkeys(order, 0.5), 1.0)
        _, findings = evaluate_preparation(made, Volume(0.9), knowledge, profile(knowledge, "us"))
        said = [weight(one) for one in findings if one.code.startswith("mix-pair-")]
        assert said == ([] if row["finding"] == "silent" else [row["finding"]])


def test_every_rule_on_a_pair_decides_a_row(knowledge: Knowledge) -> None:
    assert {row["rule"] for row in PAIRS} - {"none"} == set(knowledge.pairs)


def test_a_compound_without_a_stock_is_told_so(knowledge: Knowledge) -> None:
    for row in PAIRS:
        stocks = [knowledge.compounds[row[one]].presentations for one in ("a", "b")]
        assert (row["finding"] == NO_STOCK) is not all(stocks)


@pytest.mark.parametrize("row", PROHIBITIONS, ids=in_words)
def test_what_a_jurisdiction_prohibits(row: Row, knowledge: Knowledge) -> None:
    place = row["jurisdiction"]
    rules = profile(knowledge, place)
    found = status_findings([row["compound"]], row["aim"], place, rules, knowledge)
    said = {weight(one) for one in found if one.code == "compound-prohibited"}
    assert said == (set() if row["finding"] == "silent" else {row["finding"]})


def test_every_prohibition_has_a_row_for_each_compound_and_aim(knowledge: Knowledge) -> None:
    blocked = {(row["jurisdiction"], row["compound"], row["aim"]) for row in PROHIBITIONS if row["finding"] != "silent"}
    for place in (*knowledge.jurisdictions, "unknown"):
        for enacted in profile(knowledge, place).prohibitions:
            ban = enacted.item
            named = [
                one.id
                for one in knowledge.compounds.values()
                if one.id in ban.compounds or set(one.families) & set(ban.families)
            ]
            assert named
            for compound in named:
                assert any((place, compound, aim) in blocked for aim in (ban.aims or knowledge.aims)), (place, compound)


def in_table(provision: Provision[int] | Provision[float] | Provision[bool], value: str) -> str:
    return f"{value} (as {provision.rule})" if provision.borrowed else value


@pytest.mark.parametrize("row", PROVISIONS, ids=in_words)
def test_what_a_jurisdiction_allows(row: Row, knowledge: Knowledge) -> None:
    rules = profile(knowledge, row["jurisdiction"])
    mixing = "allowed" if rules.mixing_allowed.value else "not allowed"
    assert row["actives"] == in_table(rules.max_actives_per_syringe, f"{rules.max_actives_per_syringe.value}")
    assert row["mixing"] == in_table(rules.mixing_allowed, mixing)
    assert row["hours"] == in_table(rules.immediate_use_h, f"{rules.immediate_use_h.value:g}")


def test_every_jurisdiction_has_a_row(knowledge: Knowledge) -> None:
    assert {row["jurisdiction"] for row in PROVISIONS} == {*knowledge.jurisdictions, "unknown"}


def test_a_pair_that_blocks_names_its_rule(knowledge: Knowledge) -> None:
    made = prepared({"aminophylline-25": 0.5, "lidocaine-10": 0.5}, 1.0)
    _, findings = evaluate_preparation(made, Volume(0.9), knowledge, profile(knowledge, "us"))
    (found,) = (one for one in findings if one.code == "mix-pair-incompatible")
    assert (found.severity, found.rule) == (Severity.BLOCK, "pair-aminophylline-local-anaesthetic")
    assert found.subject.pair == ("aminophylline", "lidocaine")
