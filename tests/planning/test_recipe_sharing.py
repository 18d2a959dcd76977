"""Which ingredients of a protocol's mixture share a syringe, and what is said where they do not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesoplan.domain.evaluation import PairVerdict
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.citation import Basis, Figure
from mesoplan.knowledge.schema.protocols import Ingredient, Mixture
from mesoplan.planning.jurisdiction import profile
from mesoplan.planning.pairs import pair_result
from mesoplan.planning.recipe import Recipe, compose
from tests.planning.mixing_base import COMPOUNDS, write_base


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return write_base(tmp_path_factory.mktemp("base"))


def mixture(*compounds: str) -> Mixture:
    one = Figure(value=1, unit="mg/mL", basis=Basis.TRIAL, seen="seen", sources=("src",), review="not yet reviewed")
    ingredients = tuple(
        Ingredient(compound=name, presentation=f"{name}-stock", concentration=one) for name in compounds
    )
    return Mixture(id="mix", title="The mixture", ingredients=ingredients, diluent="saline-stock")


def syringes(recipe: Recipe) -> list[list[str]]:
    return [[one.compound for one in syringe.ingredients] for syringe in recipe.syringes]


SHARING = [
    # jurisdiction, ingredients, syringes, word of the reason
    ("open", ["tranexamic-acid"], [["tranexamic-acid"]], None),
    ("open", ["tranexamic-acid", "lidocaine"], [["tranexamic-acid", "lidocaine"]], "One syringe"),
    ("strict", ["tranexamic-acid", "lidocaine"], [["tranexamic-acid"], ["lidocaine"]], "Only a pharmacy mixes"),
    ("silent", ["tranexamic-acid", "lidocaine"], [["tranexamic-acid"], ["lidocaine"]], "Only a pharmacy mixes"),
    ("open", ["glutathione", "ascorbic-acid"], [["glutathione"], ["ascorbic-acid"]], "no data counts as incompatible"),
    ("open", ["tranexamic-acid", "ascorbic-acid"], [["tranexamic-acid"], ["ascorbic-acid"]], "not of stability"),
    ("open", ["caffeine", "procaine"], [["caffeine"], ["procaine"]], "separate syringes"),
    (
        "open",
        ["tranexamic-acid", "ascorbic-acid", "lidocaine"],
        [["tranexamic-acid", "lidocaine"], ["ascorbic-acid"]],
        "not of stability",
    ),
    ("pair", ["lidocaine", "bicarbonate"], [["lidocaine"], ["bicarbonate"]], "no data"),
    ("pair", ["tranexamic-acid", "bicarbonate"], [["tranexamic-acid", "bicarbonate"]], "One syringe"),
]  # fmt: skip


@pytest.mark.parametrize(("jurisdiction", "ingredients", "expected", "reason"), SHARING)
def test_who_shares_a_syringe(
    base: Knowledge, jurisdiction: str, ingredients: list[str], expected: list[list[str]], reason: str | None
) -> None:
    recipe = compose([mixture(*ingredients)], base, profile(base, jurisdiction))
    assert syringes(recipe) == expected
    texts = " ".join(one.text for one in recipe.why)
    assert (reason is None and not texts) or (reason is not None and reason in texts)
    assert all(one.sources for one in recipe.why)


def test_the_published_cocktail_is_split_in_three_because_a_trial_shows_use_and_not_stability(base: Knowledge) -> None:
    recipe = compose([mixture("tranexamic-acid", "ascorbic-acid", "glutathione")], base, profile(base, "open"))
    assert syringes(recipe) == [["tranexamic-acid"], ["ascorbic-acid"], ["glutathione"]]
    assert [one.parts for one in recipe.syringes] == [3, 3, 3]
    texts = [one.text for one in recipe.why]
    assert sum("evidence of use and not of stability" in text for text in texts) == 2
    assert sum("no data" in text for text in texts) == 1


def test_a_count_that_the_jurisdiction_sets_splits_even_compatible_ingredients(base: Knowledge) -> None:
    rules = profile(base, "open")
    one_only = type(rules.max_actives_per_syringe)(1, "One at a time.", "open", False, ("src",))
    recipe = compose(
        [mixture("tranexamic-acid", "lidocaine")],
        base,
        type(rules)(**{**rules.__dict__, "max_actives_per_syringe": one_only}),
    )
    assert syringes(recipe) == [["tranexamic-acid"], ["lidocaine"]]
    assert "One at a time." in recipe.why[0].text


def test_a_mixture_that_stays_whole_keeps_its_name_and_parts_are_named_after_their_compounds(base: Knowledge) -> None:
    whole = compose([mixture("tranexamic-acid", "lidocaine")], base, profile(base, "open"))
    assert [(one.id, one.title) for one in whole.syringes] == [("mix", "The mixture")]
    parts = compose([mixture("tranexamic-acid", "ascorbic-acid")], base, profile(base, "open"))
    assert [one.id for one in parts.syringes] == ["mix-tranexamic-acid", "mix-ascorbic-acid"]


ACTIVES = [name for name, facts in COMPOUNDS.items() if facts[0] != "diluent"]


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(ACTIVES), min_size=1, max_size=5, unique=True),
    st.sampled_from(["open", "pair", "strict", "silent", "unknown"]),
)
def test_no_syringe_holds_a_pair_that_is_not_known_to_be_compatible(
    base: Knowledge, ingredients: list[str], jurisdiction: str
) -> None:
    rules = profile(base, jurisdiction)
    recipe = compose([mixture(*ingredients)], base, rules)
    assert sorted(name for group in syringes(recipe) for name in group) == sorted(ingredients)
    for group in syringes(recipe):
        assert len(group) == 1 or rules.mixing_allowed.value
        actives = [name for name in group if COMPOUNDS[name][0] != "buffer"]
        assert len(actives) <= rules.max_actives_per_syringe.value
        for first in group:
            for second in group:
                verdict = pair_result(base.compounds[first], base.compounds[second], base).verdict
                assert first == second or verdict is PairVerdict.COMPATIBLE
    assert len(recipe.syringes) == 1 or recipe.why
