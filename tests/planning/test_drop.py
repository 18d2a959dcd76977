"""From a plan's words to what the kernels take: solute, layers, the layer that counts, depot."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.kernels.solutes import SOLUTES, SkinLayers
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import TargetLayer
from mesoplan.planning.drop import FAT_MM, depot_of, skin_layers, solute_of, target_window
from mesoplan.planning.landing import target_window_mm
from mesoplan.planning.skin import Skin

CHEEK = Skin((0.1, 0.2), (1.2, 2.2), "sex-and-age", ("S31",), "a cheek")
LAYERS = SkinLayers(0.15, 1.7, FAT_MM)
TARGETS: tuple[TargetLayer, ...] = ("epidermis", "upper-dermis", "dermis", "subcutis")


@pytest.mark.parametrize(
    ("compound", "solute"),
    [
        ("tranexamic-acid", "tranexamic-acid"),
        ("hyaluronic-acid", "hyaluronic-acid"),
        ("caffeine", "caffeine"),
        ("glutathione", "small-molecule"),
        ("dexpanthenol", "small-molecule"),
        ("aminophylline", "small-molecule"),
    ],
)
def test_the_solute_that_stands_for_a_compound(knowledge: Knowledge, compound: str, solute: str) -> None:
    assert solute_of(compound, knowledge) == solute


@pytest.mark.parametrize(
    ("compound", "reason"),
    [
        ("platelet-rich-plasma", "platelets"),
        ("polynucleotide", "gel of long chains"),
        ("revitalising-mix", "very different sizes"),
        ("deoxycholic-acid", "micelles"),
        ("hyaluronidase", "enzymes"),
        ("dutasteride", "above 500 g/mol"),
        ("corticosteroids", "molar mass is not known"),
        ("sodium-chloride", "only carries"),
    ],
)
def test_what_nobody_can_tell_is_refused_with_the_reason(knowledge: Knowledge, compound: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        solute_of(compound, knowledge)


def test_every_compound_has_a_solute_or_a_reason(knowledge: Knowledge) -> None:
    def answer(compound: str) -> str:
        try:
            return solute_of(compound, knowledge)
        except ValueError as refused:
            return str(refused)

    answers = {compound: answer(compound) for compound in knowledge.compounds}
    assert {one for one, said in answers.items() if said not in SOLUTES and "cannot be told" not in said} == set()
    assert {"small-molecule", "hyaluronic-acid"} < set(answers.values())


def test_the_skin_is_taken_at_its_middle() -> None:
    assert skin_layers(CHEEK) == LAYERS
    unknown = Skin(None, (1.2, 2.2), "all-studies", ("S31",), "a cheek")
    assert skin_layers(unknown).epidermis_mm == pytest.approx(0.135)


def test_skin_thinner_than_its_epidermis_is_refused() -> None:
    with pytest.raises(ValueError, match=r"skin of 0\.1 mm is not thicker than its epidermis of 0\.15 mm"):
        skin_layers(Skin((0.1, 0.2), (0.1, 0.1), "measured", (), "too thin"))


@pytest.mark.parametrize("target", TARGETS)
def test_the_layer_that_counts_is_the_one_that_is_aimed_at(target: TargetLayer) -> None:
    flat = Skin((LAYERS.epidermis_mm,) * 2, (LAYERS.skin_mm,) * 2, "measured", (), "of one thickness")
    assert target_window(target, LAYERS) == pytest.approx(target_window_mm(target, flat))


DEPOTS = [
    # depth, volume: top, bottom, ball
    (0.9, 0.0003, (0.9 - 0.5232, 0.9 + 0.5232, True)),
    (0.9, 0.05, (0.15, 1.7, False)),
    (0.05, 0.0003, (0.15, 0.15 + 0.5232, False)),
    (1.7, 0.05, (0.15, 1.7, False)),
    (1.71, 0.05, (1.7, 1.71 + 2.8794, False)),
    (6.0, 0.05, (6.0 - 2.8794, 6.0 + 2.8794, True)),
]


@pytest.mark.parametrize(("depth", "volume", "expected"), DEPOTS)
def test_the_depot_stays_in_the_layer_that_holds_it(
    depth: float, volume: float, expected: tuple[float, float, bool]
) -> None:
    depot = depot_of(LAYERS, depth, volume, 0.5)
    assert (depot.top_mm, depot.bottom_mm) == pytest.approx(expected[:2], abs=1e-4)
    assert depot.is_ball is expected[2]


@given(depth=st.floats(0.001, 16.6), volume=st.floats(0.0001, 0.5), porosity=st.floats(0.2, 0.65))
def test_no_depot_loses_volume_or_leaves_the_modelled_skin(depth: float, volume: float, porosity: float) -> None:
    depot = depot_of(LAYERS, depth, volume, porosity)
    assert depot.volume_mm3 == pytest.approx(1000 * volume / porosity)
    assert LAYERS.epidermis_mm <= depot.top_mm < depot.bottom_mm <= LAYERS.skin_mm + FAT_MM
    assert (depot.top_mm >= LAYERS.skin_mm) is (depth > LAYERS.skin_mm)


@pytest.mark.parametrize(
    ("depth", "volume", "reason"),
    [
        (0.0, 0.05, "not in the skin"),
        (math.nan, 0.05, "not in the skin"),
        (16.7, 0.05, "below the 16.7 mm"),
        (0.9, 0.0, "must be above 0 mL"),
        (0.9, math.nan, "must be above 0 mL"),
    ],
)
def test_what_makes_no_depot_is_refused_with_the_reason(depth: float, volume: float, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        depot_of(LAYERS, depth, volume, 0.5)
