"""Draws for a known volume: whole steps, wanted concentrations, the diluent, the syringes, and why."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesoplan.domain.plan import Preparation
from mesoplan.domain.quantities import Volume
from mesoplan.kernels.draw_volumes import is_whole_steps
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.citation import Basis, Figure, Unit
from mesoplan.knowledge.schema.protocols import Ingredient
from mesoplan.planning.jurisdiction import profile
from mesoplan.planning.mixture import evaluate_preparation
from mesoplan.planning.recipe import CannotBeDrawn, SyringePlan, make_up, why_made_up
from tests.planning.mixing_base import write_base

FINE, BODY, LABEL = 0.02, 0.1, 0.2


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return write_base(tmp_path_factory.mktemp("base"))


def figure(value: float, unit: Unit = "mg/mL") -> Figure:
    return Figure(value=value, unit=unit, basis=Basis.TRIAL, seen="seen", sources=("src",), review="not yet reviewed")


def plan(diluent: str | None = "saline", /, **wanted: float | None) -> SyringePlan:
    ingredients = tuple(
        Ingredient(
            compound=name.replace("_", "-"),
            presentation=f"{name.replace('_', '-')}-stock",
            concentration=None if value is None else figure(value, "U/mL" if name == "enzyme" else "mg/mL"),
        )
        for name, value in wanted.items()
    )
    stock = f"{diluent}-stock" if diluent else None
    return SyringePlan("prep", "The syringe", "mix", 1, ingredients, stock, ())


def drawn(prepared: Preparation) -> dict[str, float]:
    return {draw.presentation.removesuffix("-stock"): draw.volume.value for draw in prepared.draws}


DRAWS = [
    # wanted mg/mL, injected mL, point mL, draws, syringe mL, syringes
    ({"tranexamic_acid": 4}, 0.94, FINE, {"tranexamic-acid": 0.04, "saline": 0.96}, 1.0, 1),
    ({"tranexamic_acid": 4}, 1.15, FINE, {"tranexamic-acid": 0.05, "saline": 1.20}, 1.0, 2),
    ({"tranexamic_acid": 4}, 8.0, BODY, {"tranexamic-acid": 0.33, "saline": 7.92}, 2.0, 5),
    ({"tranexamic_acid": 100}, 0.9, FINE, {"tranexamic-acid": 0.95}, 1.0, 1),
    ({"tranexamic_acid": None}, 0.93, FINE, {"tranexamic-acid": 0.98}, 1.0, 1),
    ({"vitamin_mix": None}, 2.5, FINE, {"vitamin-mix": 2.65}, 1.0, 3),
    ({"deoxycholic_acid": None}, 10.0, LABEL, {"deoxycholic-acid": 10.15}, 5.0, 3),
    ({"enzyme": 75}, 1.5, BODY, {"enzyme": 0.77, "saline": 0.78}, 2.0, 1),
    ({"tranexamic_acid": 4, "vitamin_mix": None}, 0.93, FINE, {"tranexamic-acid": 0.04, "vitamin-mix": 0.96}, 1.0, 1),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "injected", "point", "draws", "size", "syringes"), DRAWS)
def test_draws(
    base: Knowledge,
    wanted: dict[str, float | None],
    injected: float,
    point: float,
    draws: dict[str, float],
    size: float,
    syringes: int,
) -> None:
    made = make_up(plan(**wanted), Volume(injected), base, Volume(point))
    assert (drawn(made), made.syringe.value, made.syringes) == (draws, size, syringes)


def osmolarity(base: Knowledge, made: Preparation) -> float:
    result, _ = evaluate_preparation(made, Volume(0.9), base, profile(base, "open"))
    assert result.osmolarity is not None
    return result.osmolarity.high


def test_ascorbate_30_is_made_up_with_water_because_saline_would_give_630(base: Knowledge) -> None:
    ascorbate = plan(ascorbic_acid=30)
    made = make_up(ascorbate, Volume(0.94), base)
    assert drawn(made) == {"ascorbic-acid": 0.06, "water": 0.94}
    assert osmolarity(base, made) == pytest.approx(341, abs=1)
    (reason,) = [one for one in why_made_up(ascorbate, made, Volume(0.94), base) if one.choice == "diluent"]
    assert reason.text == "Water makes up the volume, to 341 mosm/L; with Saline it would be 630."


def test_glutathione_40_needs_part_of_the_saline_replaced_and_stays_in_the_target(base: Knowledge) -> None:
    glutathione = plan(glutathione=40)
    made = make_up(glutathione, Volume(0.95), base)
    volumes = drawn(made)
    assert set(volumes) == {"glutathione", "saline", "water"}
    assert 345 <= osmolarity(base, made) <= 350
    (reason,) = [one for one in why_made_up(glutathione, made, Volume(0.95), base) if one.choice == "diluent"]
    assert "Water replaces part of Saline: 506 mosm/L become" in reason.text


def test_the_cocktail_stays_above_the_target_even_in_water_and_says_so(base: Knowledge) -> None:
    cocktail = plan(tranexamic_acid=4, ascorbic_acid=30, glutathione=20)
    made = make_up(cocktail, Volume(0.95), base)
    assert drawn(made) == {"tranexamic-acid": 0.04, "ascorbic-acid": 0.06, "glutathione": 0.1, "water": 0.8}
    texts = " ".join(one.text for one in why_made_up(cocktail, made, Volume(0.95), base))
    assert "to 496 mosm/L; with Saline it would be 743. No diluent brings it down to 280–350 mosm/L." in texts


def test_above_the_ceiling_whatever_the_diluent_is_said(base: Knowledge) -> None:
    strong = plan(ascorbic_acid=60)
    made = make_up(strong, Volume(0.95), base)
    texts = " ".join(one.text for one in why_made_up(strong, made, Volume(0.95), base))
    assert "above 600 mosm/L: a lower concentration or fewer ingredients are needed" in texts


def test_a_protocol_that_names_water_still_gets_saline_where_water_would_lyse(base: Knowledge) -> None:
    """A cocktail is made up with water; split off, tranexamic acid in water alone would have 25 mosm/L."""
    alone = plan("water", tranexamic_acid=4)
    made = make_up(alone, Volume(0.94), base)
    assert drawn(made) == {"tranexamic-acid": 0.04, "saline": 0.96}
    assert osmolarity(base, made) == pytest.approx(321, abs=1)
    cocktail = plan("water", tranexamic_acid=4, ascorbic_acid=30, glutathione=20)
    assert drawn(make_up(cocktail, Volume(0.95), base))["water"] == 0.8


def test_saline_stays_where_the_osmolarity_is_not_known(base: Knowledge) -> None:
    caffeine = plan(caffeine=10)
    made = make_up(caffeine, Volume(0.95), base)
    assert drawn(made) == {"caffeine": 0.5, "saline": 0.5}
    texts = " ".join(one.text for one in why_made_up(caffeine, made, Volume(0.95), base))
    assert "the osmolarity of Caffeine vial is not known" in texts


@pytest.mark.parametrize(
    ("asked", "injected", "word"),
    [
        (plan(tranexamic_acid=150), 1.0, "150 mg/mL is wanted and the stock holds 100 mg/mL"),
        (plan(unknown_extract=5), 1.0, "strength of “Unknown extract vial” is not known in mg/mL"),
        (plan(None, tranexamic_acid=4), 1.0, "names no diluent"),
        (plan(tranexamic_acid=0.0001), 1.0, "no draws in steps of 0.01 mL"),
        (plan(tranexamic_acid=60, ascorbic_acid=300), 1.0, "no draws"),
        (plan(tranexamic_acid=4), 0.0, "no volume is injected"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(
    base: Knowledge, asked: SyringePlan, injected: float, word: str
) -> None:
    with pytest.raises(CannotBeDrawn, match=word):
        make_up(asked, Volume(injected), base)


def test_every_choice_has_a_reason_with_a_source(base: Knowledge) -> None:
    asked = plan(tranexamic_acid=4)
    made = make_up(asked, Volume(1.15), base)
    why = why_made_up(asked, made, Volume(1.15), base)
    assert {one.choice for one in why} == {"volume", "syringe size", "concentration", "diluent", "containers"}
    assert all(one.sources for one in why)
    containers = [one.text for one in why if one.choice == "containers"]
    assert containers[0] == (
        "Tranexamic acid vial: 1\u00a0container of 10\u00a0mL opened; 9.95\u00a0mL is left in the container and "
        "discarded, because nothing says that it may be kept."
    )


WANTED = st.fixed_dictionaries(
    {},
    optional={
        "tranexamic_acid": st.sampled_from([2.0, 4.0, 5.0, 10.0, 20.0]),
        "ascorbic_acid": st.sampled_from([15.0, 30.0, 60.0]),
        "glutathione": st.sampled_from([10.0, 20.0, 40.0]),
        "enzyme": st.sampled_from([7.5, 15.0, 30.0]),
    },
).filter(bool)


@settings(max_examples=60, deadline=None)
@given(WANTED, st.floats(0.1, 12), st.sampled_from([0.02, 0.05, 0.1, 0.2, 0.5]))
def test_what_is_made_up_breaks_no_rule_that_evaluate_knows(
    base: Knowledge, wanted: dict[str, float], injected: float, point: float
) -> None:
    made = make_up(plan(**wanted), Volume(injected), base, Volume(point))
    assert all(is_whole_steps(draw.volume.value, 0.01) for draw in made.draws)
    assert made.volume().value == pytest.approx(sum(drawn(made).values()))
    result, findings = evaluate_preparation(made, Volume(injected), base, profile(base, "open"))
    assert not {"mix-volume-short", "mix-syringe-step", "mix-syringe-capacity"} & {one.code for one in findings}
    for one in result.concentrations:
        aim = wanted[one.compound.replace("-", "_")]
        assert one.value is not None
        assert 0.99 * aim - 1e-6 <= one.value <= aim * (1 + 1e-6)
    assert result.osmolarity is not None
    assert result.osmolarity.low >= 200 or "water" not in drawn(made)
