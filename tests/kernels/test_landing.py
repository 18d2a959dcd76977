"""Landing chances against drawing at random, against geometry where nothing strays, and against plain sense."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mesoplan.kernels.landing import (
    Border,
    MixedBorder,
    QuantileBorder,
    Tips,
    chance_past,
    landing_chances,
    likeliest_position,
)

DRAWS = 400_000


def drawn_chance(angle: float, length: float, angle_sd: float, length_sd: float, mean: float, sd: float) -> float:
    """The slow and obvious way: throw the needle and the skin many times and count."""
    rng = np.random.default_rng(20261123)
    angles = rng.normal(angle, angle_sd, DRAWS)
    borders = rng.normal(mean, sd, DRAWS)
    held = (angles >= 0) & (angles <= 90) & (borders > 0)
    depth = np.sin(np.radians(angles)) * np.maximum(rng.normal(length, length_sd, DRAWS), 0.0)
    return float((depth > borders)[held].mean())


@pytest.mark.parametrize(
    ("angle", "length", "angle_sd", "length_sd", "mean", "sd"),
    [
        (30, 4.0, 2.5, 0.25, 1.2, 0.2),
        (45, 2.0, 2.5, 0.25, 1.2, 0.0),
        (90, 1.5, 3.0, 0.3, 1.5, 0.3),
        (10, 0.5, 6.0, 0.3, 0.3, 0.2),
        (85, 2.0, 5.0, 0.2, 2.0, 0.01),
        (5, 0.3, 5.0, 0.4, 0.2, 0.2),
        (20, 3.0, 15.0, 0.0, 1.0, 0.0),
        (0, 4.0, 4.0, 0.3, 0.2, 0.05),
    ],
)
def test_chance_is_that_of_drawing(
    angle: float, length: float, angle_sd: float, length_sd: float, mean: float, sd: float
) -> None:
    chance = chance_past(Tips(angle, length, angle_sd, length_sd), Border(mean, sd))[0]
    wanted = drawn_chance(angle, length, angle_sd, length_sd, mean, sd)
    assert chance == pytest.approx(wanted, abs=4 * np.sqrt(0.25 / DRAWS))


@settings(max_examples=40, deadline=None)
@given(
    angle=st.floats(0, 90),
    length=st.floats(0, 8),
    angle_sd=st.floats(0, 15),
    length_sd=st.floats(0, 0.8),
    mean=st.floats(0.1, 4),
    sd=st.floats(0, 0.6),
)
@example(angle=0.0, length=0.0, angle_sd=0.0, length_sd=0.0, mean=1.0, sd=0.5)
@example(angle=30.0, length=0.0, angle_sd=5.0, length_sd=0.0, mean=0.1, sd=0.6)
def test_any_needle_and_skin_as_drawn(
    angle: float, length: float, angle_sd: float, length_sd: float, mean: float, sd: float
) -> None:
    spreads = [one if one > 1e-3 else 0.0 for one in (angle_sd, length_sd, sd)]
    tips = Tips(angle, length, spreads[0], spreads[1])
    near_step = chance_past(Tips(angle, length + 1e-6, spreads[0], spreads[1]), Border(mean, spreads[2]))[0]
    chance = chance_past(tips, Border(mean, spreads[2]))[0]
    drawn = drawn_chance(angle, length, spreads[0], spreads[1], mean, spreads[2])
    # Where nothing strays a border may be hit exactly; a micrometre tells which side is meant.
    assert min(chance, near_step) - 0.004 <= drawn <= max(chance, near_step) + 0.004


@pytest.mark.parametrize(
    ("angle", "length", "layer"),
    [(30, 0.3, "epidermis"), (30, 2.0, "dermis"), (30, 4.0, "fat"), (0, 13.0, "epidermis"), (90, 13.0, "fat")],
)
def test_needle_that_never_strays_lands_where_geometry_says(angle: float, length: float, layer: str) -> None:
    chances = landing_chances(Tips(angle, length, 0, 0), Border(0.2), Border(1.4))
    assert {name: getattr(chances, name)[0] for name in ("epidermis", "dermis", "fat")} == {
        name: float(name == layer) for name in ("epidermis", "dermis", "fat")
    }


def test_narrow_quantiles_agree_with_a_narrow_normal_and_a_jump_with_a_measured_depth() -> None:
    tips = Tips([20, 30, 45], 2.5, 2.5, 0.25)
    levels = np.linspace(0, 1, 201)
    depths = np.quantile(np.random.default_rng(3).normal(1.2, 0.2, 200_000), levels)
    by_quantiles = chance_past(tips, QuantileBorder(levels.tolist(), depths.tolist()))
    assert by_quantiles == pytest.approx(chance_past(tips, Border(1.2, 0.2)), abs=2e-3)
    jump = chance_past(tips, QuantileBorder([0, 1], [1.2, 1.2]))
    assert jump == pytest.approx(chance_past(tips, Border(1.2)), abs=1e-6)


def test_chances_add_up_and_a_ceiling_counts_at_its_points_only() -> None:
    tips = Tips([30, 60, 90], [1.0, 2.0, 4.0], 2.5, 0.25)
    chances = landing_chances(tips, Border(0.2, 0.03), Border(1.4, 0.28), ceiling_mm=[np.nan, 1.5, 2.5])
    assert chances.epidermis + chances.dermis + chances.fat == pytest.approx(np.ones(3), abs=1e-12)
    assert chances.past_ceiling is not None
    assert chances.past_ceiling[0] == 0
    assert chances.past_ceiling[1:] == pytest.approx(
        [chance_past(Tips(60, 2.0, 2.5, 0.25), Border(1.5))[0], 1.0], abs=1e-6
    )


@settings(max_examples=30, deadline=None)
@given(length=st.floats(0, 6), more=st.floats(0.01, 3), angle=st.floats(5, 90))
def test_a_longer_needle_is_never_likelier_to_stay_above_the_fat(length: float, more: float, angle: float) -> None:
    chance = chance_past(Tips(angle, [length, length + more], 2.5, 0.25), Border(1.4, 0.28))
    assert chance[1] >= chance[0] - 1e-6


def test_likeliest_position_is_the_one_that_trying_all_finds() -> None:
    angles, lengths = [10.0, 15.0, 30.0, 45.0, 90.0], [0.5, 1.0, 1.5, 2.0, 3.0, 4.0]
    epidermis, skin = Border(0.2, 0.03), Border(1.4, 0.28)
    found = likeliest_position(angles, lengths, (2.5, 0.25), (epidermis, skin))
    assert found is not None
    tried = {
        (angle, length): landing_chances(Tips(angle, length, 2.5, 0.25), epidermis, skin).dermis[0]
        for angle in angles
        for length in lengths
    }
    assert found.target_chance == pytest.approx(max(tried.values()), abs=2e-6)
    assert tried[found.angle_deg, found.inserted_mm] == pytest.approx(found.target_chance, abs=1e-6)


def test_no_position_where_all_pass_the_ceiling() -> None:
    deep = likeliest_position(
        [90.0], [4.0], (1.0, 0.1), (Border(1.4, 0.2), None), ceiling_mm=2.0, most_past_ceiling=0.1
    )
    assert deep is None


@pytest.mark.parametrize(
    ("tips", "border", "said"),
    [
        (Tips(float("nan"), 2, 1, 0.1), Border(1.4), "finite"),
        (Tips(30, float("inf"), 1, 0.1), Border(1.4), "finite"),
        (Tips(95, 2, 1, 0.1), Border(1.4), "between 0 and 90"),
        (Tips(30, -1, 1, 0.1), Border(1.4), "0 mm or more"),
        (Tips(30, 2, -1, 0.1), Border(1.4), "spread"),
        (Tips(30, 2, 1, 0.1), Border(0.0), "above 0 mm"),
        (Tips(30, 2, 1, 0.1), QuantileBorder([0, 0.5], [1, 2]), "rise from 0 to 1"),
        (Tips(30, 2, 1, 0.1), QuantileBorder([0, 1], [2, 1]), "do not fall"),
    ],
)
def test_what_makes_no_sense_is_refused(tips: Tips, border: Border | QuantileBorder, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        chance_past(tips, border)


def test_skin_that_is_thinner_than_its_epidermis_is_refused() -> None:
    with pytest.raises(ValueError, match="must be deeper"):
        landing_chances(Tips(30, 2, 1, 0.1), Border(0.3), Border(0.2))


def test_a_mixture_has_the_chances_of_its_parts_by_their_shares() -> None:
    tips = Tips([20.0, 45.0, 90.0], [2.0, 2.5, 1.0], 2.5, 0.25)
    parts: tuple[Border | QuantileBorder, ...] = (
        Border(1.0, 0.2),
        QuantileBorder((0.0, 1.0), (1.5, 2.5)),
        Border(1.9, 0.3),
    )
    shares = (0.5, 0.3, 0.2)
    wanted = np.sum([share * chance_past(tips, one) for share, one in zip(shares, parts, strict=True)], axis=0)
    assert chance_past(tips, MixedBorder(shares, parts)) == pytest.approx(wanted, abs=1e-12)
    alone = chance_past(tips, MixedBorder((1.0,), (parts[0],)))
    assert alone == pytest.approx(chance_past(tips, parts[0]), abs=1e-12)


@pytest.mark.parametrize("shares", [(), (0.5, 0.4), (1.0,), (1.2, -0.2)])
def test_a_mixture_whose_shares_are_none_is_refused(shares: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="as many borders as shares"):
        chance_past(Tips(30, 2, 1, 0.1), MixedBorder(shares, (Border(1.0, 0.1), Border(2.0, 0.1))))


def test_layers_of_a_mixture_are_told_apart_by_its_mean() -> None:
    skin = MixedBorder((0.5, 0.5), (Border(0.1), Border(2.0, 0.2)))
    found = landing_chances(Tips(90, 1.0, 2, 0.1), Border(0.2, 0.02), skin)
    assert found.epidermis + found.dermis + found.fat == pytest.approx(1.0)
    with pytest.raises(ValueError, match="must be deeper"):
        landing_chances(Tips(90, 1.0, 2, 0.1), Border(1.2), skin)
