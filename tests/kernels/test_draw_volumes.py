"""Draws in whole steps: the smallest that meet the concentrations, against a search one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesoplan.kernels.draw_volumes import is_whole_steps, smallest_draws, steps_at_least, water_steps


@pytest.mark.parametrize(
    ("volume_ml", "shown"),
    [
        (0.01, True),
        (0.29, True),
        (1.15, True),
        (12.34, True),
        (0.005, False),
        (0.123, False),
        (0.0, False),
        (-0.01, False),
    ],
)
def test_what_a_syringe_in_hundredths_shows(volume_ml: float, shown: bool) -> None:
    assert is_whole_steps(volume_ml, 0.01) is shown


@pytest.mark.parametrize(("volume_ml", "steps"), [(1.15, 115), (1.151, 116), (0.07 * 3, 21), (0.0, 0)])
def test_fewest_steps_that_reach_a_volume(volume_ml: float, steps: int) -> None:
    assert steps_at_least(volume_ml, 0.01) == steps


def test_tranexamic_acid_4_from_100_needs_a_multiple_of_a_quarter_millilitre() -> None:
    found = smallest_draws(np.array([0.04]), 106, 1000, 0.01)
    assert found is not None
    total, draws = found
    assert (total, draws.tolist()) == (125, [5])


@pytest.mark.parametrize("share", [0.0, -0.1, 1.5])
def test_a_share_without_meaning_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        smallest_draws(np.array([share]), 1, 10, 0.01)


def test_no_total_within_the_bounds() -> None:
    assert smallest_draws(np.array([0.04]), 102, 124, 0.01) is None
    assert smallest_draws(np.array([0.6, 0.6]), 1, 500, 0.01) is None


def _one_by_one(shares: list[float], least: int, most: int, tolerance: float) -> int | None:
    for total in range(max(least, 1), most + 1):
        draws = [int(share * total + 1e-6) for share in shares]
        near = all(n / total >= share * (1 - tolerance - 1e-6) for n, share in zip(draws, shares, strict=True))
        if near and min(draws) >= 1 and sum(draws) <= total:
            return total
    return None


SHARES = st.lists(st.floats(0.01, 1.0), min_size=1, max_size=4)


@settings(max_examples=60)
@given(SHARES, st.integers(1, 300), st.integers(0, 300))
def test_draws_meet_the_tolerance_and_are_the_smallest(shares: list[float], least: int, room: int) -> None:
    found = smallest_draws(np.array(shares), least, least + room, 0.01)
    expected = _one_by_one(shares, least, least + room, 0.01)
    assert (found[0] if found else None) == expected
    if found:
        total, draws = found
        assert draws.min() >= 1
        assert draws.sum() <= total
        assert np.allclose(draws / total, shares, rtol=0.0101)
        assert bool((draws / total <= np.array(shares) * 1.0001 + 1e-6).all())


@given(
    st.floats(0, 400), st.integers(1, 200), st.integers(0, 200), st.floats(100, 400), st.floats(200, 280)
)  # fmt: skip
def test_water_is_the_least_that_reaches_the_target_and_never_goes_below_the_floor(
    other_mosm_l: float, diluent: int, other_steps: int, own_mosm_l: float, floor: float
) -> None:
    total, target = diluent + other_steps, 350.0
    other = other_mosm_l * other_steps * 4

    def mixed(water: int) -> float:
        return (other + (diluent - water) * own_mosm_l) / total

    steps = water_steps((other, other), diluent, total, (own_mosm_l, own_mosm_l), (0.0, 0.0), target, floor)
    assert 0 <= steps <= diluent
    assert steps == 0 or mixed(steps) >= floor - 1e-3
    assert steps == 0 or mixed(steps - 1) > target - 1e-3
    more = steps + 1
    assert mixed(steps) <= target + 1e-3 or more > diluent or mixed(more) < floor + 1e-3


def test_no_water_where_it_would_not_help() -> None:
    assert water_steps((0.0, 0.0), 100, 100, (308.0, 308.0), (0.0, 0.0), 350.0, 200.0) == 0
    assert water_steps((9e5, 9e5), 0, 100, (308.0, 308.0), (0.0, 0.0), 350.0, 200.0) == 0
    assert water_steps((9e5, 9e5), 50, 100, (308.0, 308.0), (400.0, 400.0), 350.0, 200.0) == 0
