"""Two compounds in one syringe: which rule stands, and what comes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.domain.evaluation import PairVerdict
from mesoplan.domain.finding import Override, Severity
from mesoplan.domain.quantities import Volume
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.jurisdiction import profile
from mesoplan.planning.mixture import evaluate_preparation
from mesoplan.planning.pairs import pair_result, pairs_in
from tests.planning.mixing_base import COMPOUNDS, preparation, write_base

VERDICTS = [
    # a, b, verdict, rule, why
    ("tranexamic-acid", "saline", "compatible", "txa-saline", "two named compounds"),
    ("ascorbic-acid", "water", "compatible", "aa-diluent", "a compound and a family"),
    ("tranexamic-acid", "ascorbic-acid", "used_in_trial", "txa-aa", "a trial injected them"),
    ("aminophylline", "lidocaine", "incompatible", "lipolytic-anaesthetic", "two families"),
    ("caffeine", "lidocaine", "compatible", "caffeine-anaesthetic", "compound and family beat two families"),
    ("caffeine", "procaine", "incompatible", "caffeine-procaine", "two named beat compound and family"),
    ("caffeine", "tranexamic-acid", "incompatible", "caffeine-txa-bad", "two of equal rank: the worst stands"),
    ("aminophylline", "vitamin-mix", "incompatible", "aminophylline-any", "any"),
    ("aminophylline", "saline", "compatible", "aminophylline-saline", "two named beat any"),
    ("aminophylline", "glutathione", "incompatible", "aminophylline-any", "a trial's use silences nothing"),
    ("deoxycholic-acid", "saline", "incompatible", "deoxycholic-any", "any means diluents too"),
    ("glutathione", "ascorbic-acid", "unknown", None, "nobody says anything"),
    ("glutathione", "saline", "unknown", None, "nobody says anything of a diluent"),
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return write_base(tmp_path_factory.mktemp("base"))


@pytest.mark.parametrize(("a", "b", "verdict", "rule", "why"), VERDICTS)
def test_which_rule_stands(base: Knowledge, a: str, b: str, verdict: str, rule: str | None, why: str) -> None:
    found = pair_result(base.compounds[a], base.compounds[b], base)
    assert (found.verdict, found.rule) == (verdict, rule), why


IDS = st.sampled_from(sorted(COMPOUNDS))


@given(IDS, IDS)
def test_the_order_of_two_compounds_does_not_matter(base: Knowledge, a: str, b: str) -> None:
    one = pair_result(base.compounds[a], base.compounds[b], base)
    other = pair_result(base.compounds[b], base.compounds[a], base)
    assert (one.verdict, one.rule, one.sources) == (other.verdict, other.rule, other.sources)


def test_every_pair_but_two_diluents_is_looked_up(base: Knowledge) -> None:
    mixed = preparation(tranexamic_acid=0.1, ascorbic_acid=0.1, saline=0.4, water=0.4)
    found = {(pair.a, pair.b) for pair in pairs_in(mixed, base)}
    assert found == {
        ("tranexamic-acid", "ascorbic-acid"),
        ("tranexamic-acid", "saline"),
        ("tranexamic-acid", "water"),
        ("ascorbic-acid", "saline"),
        ("ascorbic-acid", "water"),
    }


FINDINGS = [
    # what is mixed, code, severity, rule, override
    (
        {"aminophylline": 0.5, "lidocaine": 0.5},
        "mix-pair-incompatible",
        "block",
        "lipolytic-anaesthetic",
        "dermatologist",
    ),
    ({"deoxycholic_acid": 0.5, "saline": 0.5}, "mix-pair-incompatible", "block", "deoxycholic-any", "never"),
    ({"glutathione": 0.5, "ascorbic_acid": 0.5}, "mix-pair-unknown", "block", "mix-pair-unknown", "dermatologist"),
    ({"glutathione": 0.5, "saline": 0.5}, "mix-pair-unknown", "info", "mix-pair-unknown", None),
    ({"tranexamic_acid": 0.5, "ascorbic_acid": 0.5}, "mix-pair-trial-only", "warn", "txa-aa", None),
]


@pytest.mark.parametrize(("drawn", "code", "severity", "rule", "override"), FINDINGS)
def test_what_comes_of_a_pair(
    base: Knowledge, drawn: dict[str, float], code: str, severity: str, rule: str, override: str | None
) -> None:
    _, findings = evaluate_preparation(preparation(**drawn), Volume(0.9), base, profile(base, "open"))
    (found,) = [one for one in findings if one.code.startswith("mix-pair")]
    assert (found.code, found.severity, found.rule) == (code, Severity(severity), rule)
    assert found.override == (Override(override) if override else None)
    assert found.subject.pair == tuple(name.replace("_", "-") for name in drawn)
    assert found.sources == ("src",)


def test_a_compatible_pair_is_no_finding_and_stands_in_the_result(base: Knowledge) -> None:
    result, findings = evaluate_preparation(
        preparation(tranexamic_acid=0.5, lidocaine=0.5), Volume(0.9), base, profile(base, "open")
    )
    assert [pair.verdict for pair in result.pairs] == [PairVerdict.COMPATIBLE]
    assert not [one for one in findings if one.code.startswith("mix-pair")]


def test_a_mixture_of_four_names_every_pair_that_is_wrong(base: Knowledge) -> None:
    mixed = preparation(aminophylline=0.2, lidocaine=0.2, glutathione=0.2, ascorbic_acid=0.2)
    _, findings = evaluate_preparation(mixed, Volume(0.7), base, profile(base, "open"))
    assert len([one for one in findings if one.code == "mix-pair-incompatible"]) == 3
    assert len([one for one in findings if one.code == "mix-pair-unknown"]) == 3
