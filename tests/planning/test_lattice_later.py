"""A lattice of drops some hours later: what is left, and how much of what was injected is where."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from mesoplan.kernels.coverage_interval import transport_draws
from mesoplan.kernels.solutes import solute
from mesoplan.kernels.uptake import depot_uptake
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.loader import load
from mesoplan.planning.drop import depot_of, skin_layers, target_window
from mesoplan.planning.drop_view import DropSetting, skin_tried
from mesoplan.planning.lattice_later import Later, lattice_later, telling_hours

SHALLOW = DropSetting(
    zone="forehead",
    needle="30g-4",
    hand="free-hand",
    angle_deg=12.0,
    inserted_mm=4.0,
    volume_ml=0.02,
    spacing_mm=8.0,
    pattern="square",
    solute="tranexamic-acid",
    target="dermis",
    sex=None,
    age=40,
)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def later(setting: DropSetting, knowledge: Knowledge, *hours: float) -> tuple[Later, ...]:
    return lattice_later(setting, skin_tried(setting, knowledge), hours)


@pytest.mark.parametrize(
    ("of", "hours"),
    [
        ("tranexamic-acid", (0.5, 1.0, 4.0, 8.0)),
        ("caffeine", (0.5, 1.0, 4.0, 8.0)),
        ("hyaluronic-acid", (8.0, 24.0, 72.0, 168.0)),
    ],
)
def test_a_solute_that_stays_longer_is_looked_at_later(of: str, hours: tuple[float, ...]) -> None:
    assert telling_hours(of) == hours


def test_the_intervals_are_those_of_each_draw_worked_out_by_itself(knowledge: Knowledge) -> None:
    hour, layers = 2.0, skin_layers(skin_tried(SHALLOW, knowledge))
    window = target_window("dermis", layers)
    left, mean = [], []
    for diffusivity, clearance, porosity in list(zip(*transport_draws(solute(SHALLOW.solute)), strict=True))[:150]:
        depot = depot_of(layers, SHALLOW.depth_mm, SHALLOW.volume_ml, float(porosity))
        uptake = depot_uptake(layers.layers(float(diffusivity), float(clearance)), depot, window)
        left.append(float(uptake.amount_left(hour)))
        mean.append(float(uptake.amount_in_window(hour)) * 20.0 / (8.0 * 8.0 * (window[1] - window[0])))
    found = later(SHALLOW, knowledge, hour)[0]
    for interval, direct in ((found.left, left), (found.mean, mean)):
        # Ends of an interval over 150 draws of 1,000 stray by some hundredths of its width.
        width = interval.high - interval.low
        for end, share in ((interval.low, 5), (interval.middle, 50), (interval.high, 95)):
            assert end == pytest.approx(np.percentile(direct, share), abs=0.1 * width)


def test_less_is_left_the_later_it_is_and_it_was_never_more_than_was_injected(knowledge: Knowledge) -> None:
    seen = later(SHALLOW, knowledge, 0.25, 1.0, 4.0, 16.0)
    for earlier, after in pairwise(seen):
        assert earlier.left.middle > after.left.middle
        assert earlier.mean.middle > after.mean.middle
        assert earlier.highest > after.highest
    first = seen[0]
    assert first.mean.high < first.highest < 0.4, "a drop fills the porous part of the skin alone"
    assert first.cell.shares.max() <= first.highest
    assert first.mean.low <= first.cell.shares.mean() <= first.mean.high


@pytest.mark.parametrize("hour", [0.1, 0.5, 2.0])
def test_of_drops_below_the_layer_the_highest_place_has_more_than_the_mean(knowledge: Knowledge, hour: float) -> None:
    """A slow solute soon after: what has come into the dermis lies within a hair of its border."""
    below = replace(SHALLOW, angle_deg=30.0, spacing_mm=10.0, solute="hyaluronic-acid")
    seen = later(below, knowledge, hour)[0]
    assert below.depth_mm > target_window("dermis", skin_layers(skin_tried(below, knowledge)))[1]
    assert seen.highest > seen.mean.middle


def test_the_field_spreads_while_it_goes(knowledge: Knowledge) -> None:
    early, late = later(SHALLOW, knowledge, 0.25, 8.0)
    unevenness = [one.cell.shares.max() / one.cell.shares.mean() for one in (early, late)]
    assert unevenness[0] > 1.15 * unevenness[1]


def test_points_twice_as_far_apart_leave_a_quarter(knowledge: Knowledge) -> None:
    near, far = (later(replace(SHALLOW, spacing_mm=apart), knowledge, 1.0)[0].mean for apart in (6.0, 12.0))
    assert far.middle == pytest.approx(near.middle / 4, rel=1e-6)


@pytest.mark.parametrize("hours", [(), (0.0,), (0.05,), (-1.0,), (2000.0,), (float("nan"),), (1.0,) * 5])
def test_hours_that_cannot_be_looked_at_are_refused(knowledge: Knowledge, hours: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="times of"):
        later(SHALLOW, knowledge, *hours)
