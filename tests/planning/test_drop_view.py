"""One needle in one zone: where the tip may end, and how it would be held instead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mesoplan.domain.case import Sex
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.loader import load
from mesoplan.planning.drop import skin_layers
from mesoplan.planning.drop_uptake import stay_of
from mesoplan.planning.drop_view import DropSetting, tip_view
from mesoplan.planning.lattice_view import (
    LEVELS,
    coverage_gained,
    lattice_interval,
    lattice_nodes,
    lattice_view,
)

FOREHEAD = DropSetting(
    zone="forehead",
    needle="30g-4",
    hand="free-hand",
    angle_deg=30.0,
    inserted_mm=4.0,
    volume_ml=0.02,
    spacing_mm=10.0,
    pattern="square",
    solute="tranexamic-acid",
    target="dermis",
    sex=Sex.FEMALE,
    age=40,
)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def test_30g_at_30_degrees_on_a_forehead_ends_in_the_fat(knowledge: Knowledge) -> None:
    tip = tip_view(FOREHEAD, knowledge)
    assert FOREHEAD.depth_mm == pytest.approx(2.0)
    assert tip.odds.fat > 0.7
    assert tip.odds.epidermis + tip.odds.dermis + tip.odds.fat == pytest.approx(1.0)
    assert tip.likely_mm[0] < 2.0 < tip.likely_mm[1]


def test_the_other_position_has_a_greater_chance_and_the_chance_it_says(knowledge: Knowledge) -> None:
    tip = tip_view(FOREHEAD, knowledge)
    assert tip.instead is not None
    held = replace(FOREHEAD, angle_deg=tip.instead.angle_deg, inserted_mm=tip.instead.inserted_mm)
    assert tip.odds.target is not None
    assert tip.instead.target_chance > tip.odds.target
    assert tip_view(held, knowledge).odds.target == pytest.approx(tip.instead.target_chance, abs=1e-6)


def test_the_zones_limit_is_passed_with_a_chance_and_kept_by_the_other_position(knowledge: Knowledge) -> None:
    deep = replace(FOREHEAD, angle_deg=90.0, target="subcutis")
    tip = tip_view(deep, knowledge)
    assert tip.ceiling_mm == 3.0
    assert tip.odds.past_ceiling is not None
    assert tip.odds.past_ceiling > 0.9
    assert tip.instead is None or tip.instead.past_ceiling <= 0.05


def test_the_density_of_tips_adds_up_to_all_of_them(knowledge: Knowledge) -> None:
    tip = tip_view(FOREHEAD, knowledge)
    assert float(tip.tip_per_mm.sum() * tip.depths_mm[0]) == pytest.approx(1.0, abs=0.01)
    assert np.all(np.diff(tip.fat_from) >= -1e-9)


def test_a_measured_thickness_replaces_the_studies(knowledge: Knowledge) -> None:
    thick = tip_view(replace(FOREHEAD, thickness_mm=3.0), knowledge)
    assert thick.skin.origin == "measured"
    assert thick.odds.dermis > 0.95


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"angle_deg": 0.0}, "an angle of 0"),
        ({"angle_deg": float("nan")}, "an angle of nan"),
        ({"inserted_mm": 0.0}, "an inserted length of 0"),
        ({"volume_ml": 0.0}, "a volume of 0"),
        ({"spacing_mm": 0.5}, "a spacing of 0.5"),
        ({"age": 5}, "an age of 5"),
        ({"thickness_mm": 20.0}, "a thickness of skin of 20"),
        ({"solute": "gold"}, "no solute 'gold'"),
    ],
)
def test_a_setting_that_nothing_can_be_drawn_of_is_refused(wrong: dict[str, float], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        replace(FOREHEAD, **wrong)  # type: ignore[arg-type]


def test_more_than_the_needle_has_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(ValueError, match="a needle of 4 mm cannot be inserted 6 mm"):
        tip_view(replace(FOREHEAD, inserted_mm=6.0), knowledge)


def test_the_interval_holds_the_middle_and_the_histogram_falls(knowledge: Knowledge) -> None:
    skin = tip_view(FOREHEAD, knowledge).skin
    view, found = lattice_view(FOREHEAD, skin), lattice_interval(FOREHEAD, lattice_nodes(FOREHEAD, skin_layers(skin)))
    assert found.coverage.low < view.coverage < found.coverage.high
    assert len(view.reached) == len(LEVELS)
    assert np.all(np.diff(view.reached) <= 0)
    assert np.all(found.low <= found.high)
    assert view.cell.shares.mean() == pytest.approx(1.0, abs=0.01)


def test_closer_points_cover_more_and_are_told_apart_over_the_same_draws(knowledge: Knowledge) -> None:
    layers = skin_layers(tip_view(FOREHEAD, knowledge).skin)
    closer, same = replace(FOREHEAD, spacing_mm=5.0), replace(FOREHEAD, spacing_mm=10.1)
    far = (FOREHEAD, lattice_nodes(FOREHEAD, layers))
    gained, differs = coverage_gained(far, (closer, lattice_nodes(closer, layers)))
    assert differs
    assert gained.low > 0
    assert not coverage_gained(far, far)[1]
    assert abs(coverage_gained(far, (same, lattice_nodes(same, layers)))[0].middle) < 0.05


def test_two_substances_are_not_compared_draw_by_draw(knowledge: Knowledge) -> None:
    layers = skin_layers(tip_view(FOREHEAD, knowledge).skin)
    slow = replace(FOREHEAD, solute="hyaluronic-acid")
    with pytest.raises(ValueError, match="two solutes"):
        coverage_gained((FOREHEAD, lattice_nodes(FOREHEAD, layers)), (slow, lattice_nodes(slow, layers)))


def test_hyaluronic_acid_stays_longer_and_has_no_level_in_blood(knowledge: Knowledge) -> None:
    layers = skin_layers(tip_view(FOREHEAD, knowledge).skin)
    small, large = stay_of(FOREHEAD, layers), stay_of(replace(FOREHEAD, solute="hyaluronic-acid"), layers)
    assert large.half_hours.low > small.half_hours.high
    assert small.peak_per_mg is not None
    assert 0 < small.peak_per_mg.low < small.peak_per_mg.high
    assert large.peak_per_mg is None
