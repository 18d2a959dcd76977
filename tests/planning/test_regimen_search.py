"""The search for a regimen: all that keep to the bounds, those that none beats, and the one that is chosen."""

from __future__ import annotations

import doctest
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.kernels.coverage_interval import Interval
from mesoplan.kernels.solutes import POROSITY, SkinLayers, solute
from mesoplan.planning.ideal_lattices import NotInTable, drops_of, read_lattices, shipped_table
from mesoplan.planning.regimen_choice import choose, covers_more, covers_no_less, front, interval_of_gain, reaches
from mesoplan.planning.regimen_search import DRAWS, Bounds, Depth, Question, Regimen, SearchZone, regimens, shared_draws

SHALLOW, DEEPER = Depth(20.0, 1.5, 0.51, 0.8), Depth(30.0, 2.0, 1.0, 0.6)
CHEEK = SearchZone(40.0, SkinLayers(0.2, 1.5, 15.0), (SHALLOW,))
BACK = SearchZone(80.0, SkinLayers(0.15, 3.0, 15.0), (SHALLOW, DEEPER), most_volume_ml=0.04)
ASKED = Question(
    target="upper-dermis",
    zones=(CHEEK, BACK),
    solutes=("small-molecule",),
    volumes_ml=(0.02, 0.03, 0.05),
    spacings_mm=(8.0, 10.0, 12.0, 16.0),
    patterns=("triangular", "square"),
)


def like(punctures: float, injected_ml: float, coverage: float, spread: float = 0.1) -> Regimen:
    """A regimen with these figures, its coverage spread evenly about the middle."""
    covered = np.clip(np.linspace(coverage - spread, coverage + spread, DRAWS), 0.0, 1.0)
    low, middle, high = np.percentile(covered, (5, 50, 95))
    return Regimen(
        volume_ml=0.05,
        spacing_mm=10.0,
        pattern="triangular",
        punctures=punctures,
        injected_ml=injected_ml,
        covered=covered,
        coverage=Interval(float(low), float(middle), float(high)),
        filled=1.0,
        chance=0.8,
        depths=(SHALLOW,),
    )


def slow_front(found: list[Regimen]) -> list[Regimen]:
    """Each against each, in words."""
    kept = []
    for number, one in enumerate(found):
        beaten = False
        for at, other in enumerate(found):
            no_worse = (
                round(other.punctures, 6) <= round(one.punctures, 6)
                and round(other.injected_ml, 6) <= round(one.injected_ml, 6)
                and other.percent >= one.percent
            )
            same = other.costs == one.costs
            if (no_worse and not same) or (same and at < number):
                beaten = True
        if not beaten:
            kept.append(one)
    return sorted(kept, key=lambda one: one.costs)


COUNTS = st.integers(1, 6)


@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS), max_size=25))
def test_the_front_is_that_of_the_slow_reference(figures: list[tuple[int, int, int]]) -> None:
    found = [like(10.0 * punctures, volume / 2, covered / 10) for punctures, volume, covered in figures]
    kept = front(found)
    assert [id(one) for one in kept] == [id(one) for one in slow_front(found)]


def test_the_front_of_a_search_is_that_of_the_slow_reference() -> None:
    found = regimens(ASKED)
    assert [id(one) for one in front(found)] == [id(one) for one in slow_front(found)]
    assert len(front(found)) >= 4


@pytest.mark.parametrize(
    ("figures", "kept"),
    [
        ([(50, 2.0, 0.8), (60, 2.0, 0.8)], [50]),
        ([(50, 2.0, 0.8), (60, 2.0, 0.9)], [50, 60]),
        ([(50, 2.5, 0.8), (60, 2.0, 0.8)], [50, 60]),
        ([(50, 2.0, 0.8), (50, 2.0, 0.8)], [50]),
        ([(60, 3.0, 0.7), (50, 2.0, 0.8), (40, 1.0, 0.9)], [40]),
        ([], []),
    ],
)
def test_fewer_punctures_less_volume_more_covered(figures: list[tuple[float, float, float]], kept: list[int]) -> None:
    assert [one.punctures for one in front([like(*one) for one in figures])] == kept


def test_every_regimen_within_the_bounds_is_found_with_its_figures() -> None:
    """One zone and one draw at a time, one lattice at a time."""
    found = {(one.volume_ml, one.spacing_mm, one.pattern): one for one in regimens(ASKED)}
    assert len(found) == 3 * 4 * 2
    decays, porosities = shared_draws("small-molecule")
    one = found[0.05, 12.0, "square"]
    assert one.punctures == pytest.approx(120 * 100 / 144)
    assert one.injected_ml == pytest.approx((40 * 0.05 + 80 * 0.04) * 100 / 144)
    for draw in range(0, DRAWS, 16):
        expected = 0.0
        for zone, volume, share in ((CHEEK, 0.05, 40 / 120), (BACK, 0.04, 80 / 120)):
            drops = drops_of([volume], decays[draw : draw + 1], porosities[draw : draw + 1])
            depth = zone.depths[0].depth_mm
            layers = zone.layers
            expected += (
                share * read_lattices(shipped_table(), "upper-dermis", "square", layers, depth, drops, [12.0])[0, 0]
            )
        assert one.covered[draw] == pytest.approx(expected, abs=1e-6)
    assert one.coverage.middle == pytest.approx(float(np.median(one.covered)))


@pytest.mark.parametrize(
    ("bounds", "holds"),
    [
        (Bounds(most_punctures=100), lambda one: one.punctures <= 100),
        (Bounds(most_ml=4.0), lambda one: one.injected_ml <= 4.0),
        (Bounds(most_ml_per_cm2=0.05), lambda one: one.volume_ml / one.spacing_mm**2 <= 0.05 / 100 * 1.16),
        (Bounds(least_ml_per_cm2=0.04), lambda one: one.volume_ml / one.spacing_mm**2 >= 0.04 / 100 * 0.86),
    ],
)
def test_no_regimen_passes_a_bound(bounds: Bounds, holds: object) -> None:
    found = regimens(replace(ASKED, bounds=bounds))
    assert 0 < len(found) < 24
    assert all(holds(one) for one in found)  # type: ignore[operator]


def test_the_protocols_own_scheme_is_never_shut_out_by_its_own_dose() -> None:
    own = replace(ASKED, volumes_ml=(0.05,), spacings_mm=(10.0,), zones=(CHEEK,), patterns=("triangular",))
    (one,) = regimens(own)
    dose = one.injected_ml / 40.0
    assert regimens(replace(own, bounds=Bounds(most_ml_per_cm2=dose, least_ml_per_cm2=dose, most_ml=one.injected_ml)))


def test_what_no_point_fills_is_not_covered_costs_nothing_and_is_not_asked_for() -> None:
    whole, most = (regimens(replace(ASKED, zones=(replace(CHEEK, filled=share),))) for share in (1.0, 0.75))
    for one, part in zip(whole, most, strict=True):
        np.testing.assert_allclose(part.covered, 0.75 * one.covered)
        assert part.punctures == pytest.approx(0.75 * one.punctures)
        assert part.injected_ml == pytest.approx(0.75 * one.injected_ml)
        assert part.chance == pytest.approx(one.chance)
        assert reaches(part, 0.8) == reaches(one, 0.8)


def test_several_syringes_in_turn_leave_each_compound_a_wider_lattice() -> None:
    one, three = (regimens(replace(ASKED, syringes=count)) for count in (1, 3))
    assert all(less.coverage.middle <= more.coverage.middle for less, more in zip(three, one, strict=True))
    wide = regimens(replace(ASKED, spacings_mm=(10.0 * math.sqrt(3),)))
    narrow = regimens(replace(ASKED, spacings_mm=(10.0,), syringes=3))
    for less, more in zip(narrow, wide, strict=True):
        np.testing.assert_allclose(less.covered, more.covered, atol=1e-6)


def test_the_solute_that_covers_least_counts() -> None:
    both = regimens(replace(ASKED, solutes=("small-molecule", "hyaluronic-acid")))
    for solute_id in ("small-molecule", "hyaluronic-acid"):
        alone = regimens(replace(ASKED, solutes=(solute_id,)))
        assert all(np.all(two.covered <= one.covered + 1e-9) for two, one in zip(both, alone, strict=True))


def test_of_several_depths_the_one_that_is_likeliest_to_cover_is_taken() -> None:
    """In thin skin a drop fills the dermis wherever its tip is, so the chance decides."""
    found = regimens(replace(ASKED, zones=(replace(CHEEK, depths=(DEEPER, SHALLOW)),)))
    assert {one.depths for one in found} == {(SHALLOW,)}
    assert {one.chance for one in found} == {0.8}


def test_the_draws_are_always_the_same_and_spread_over_the_ranges() -> None:
    for solute_id in ("small-molecule", "hyaluronic-acid"):
        held = solute(solute_id)
        decays, porosities = shared_draws(solute_id)
        assert np.all((porosities > POROSITY.low) & (porosities < POROSITY.high))
        low = held.clearance_per_h.low / held.diffusivity_mm2_h.high
        high = held.clearance_per_h.high / held.diffusivity_mm2_h.low
        assert np.all((decays > low) & (decays < high))
        # Of evenly spread ones as many lie in each quarter of the range.
        quarters = np.floor(4 * np.log(porosities / POROSITY.low) / np.log(POROSITY.high / POROSITY.low))
        assert all(abs(int((quarters == one).sum()) - DRAWS // 4) <= 2 for one in range(4))
    again = shared_draws.__wrapped__("small-molecule")
    np.testing.assert_array_equal(again[0], shared_draws("small-molecule")[0])


@pytest.mark.parametrize(
    ("own", "others", "wanted", "chosen"),
    [
        # Own scheme reaches what is wanted: only fewer punctures at no less coverage may replace it.
        ((72, 3.6, 0.90), [(60, 3.6, 0.90), (50, 3.6, 0.86)], 0.8, (60, 0.90)),
        ((72, 3.6, 0.90), [(60, 3.6, 0.85)], 0.8, (72, 0.90)),
        ((72, 3.6, 0.90), [(90, 3.6, 0.99)], 0.8, (72, 0.90)),
        # It does not: the fewest punctures that reach it and are told apart.
        ((72, 3.6, 0.60), [(80, 3.6, 0.85), (90, 3.6, 0.95)], 0.8, (80, 0.85)),
        ((72, 3.6, 0.60), [(80, 3.6, 0.79)], 0.8, (72, 0.60)),
        ((72, 3.6, 0.795), [(80, 3.6, 0.81)], 0.8, (72, 0.795)),
        ((72, 3.6, 0.60), [], 0.8, (72, 0.60)),
    ],
)
def test_the_tested_scheme_stays_unless_another_is_told_apart_from_it(
    own: tuple[float, float, float],
    others: list[tuple[float, float, float]],
    wanted: float,
    chosen: tuple[float, float],
) -> None:
    found = choose(like(*own), [like(*one) for one in others], wanted)
    assert (found.punctures, round(found.coverage.middle, 3)) == pytest.approx(chosen)


def test_a_gain_that_hangs_on_the_draw_is_none() -> None:
    first, second = like(72, 3.6, 0.6, spread=0.3), like(80, 3.6, 0.7, spread=0.05)
    gained = interval_of_gain(first, second)
    assert gained.low < 0 < gained.high
    assert not covers_more(first, second)
    assert not covers_no_less(first, second)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"volumes_ml": (0.0,)}, "above 0"),
        ({"volumes_ml": (math.nan,)}, "above 0"),
        ({"spacings_mm": (0.4,)}, "0.5 mm apart"),
        ({"spacings_mm": (math.inf,)}, "0.5 mm apart"),
        ({"zones": ()}, "a zone"),
        ({"zones": (replace(CHEEK, depths=()),)}, "a depth"),
        ({"zones": (replace(CHEEK, area_cm2=-1.0),)}, "above 0"),
        ({"zones": (replace(CHEEK, filled=0.0),)}, "a share of a zone"),
        ({"zones": (replace(CHEEK, filled=1.1),)}, "a share of a zone"),
        ({"solutes": ()}, "a solute"),
        ({"solutes": ("gold",)}, "gold"),
        ({"syringes": 0}, "a syringe"),
    ],
)
def test_a_question_that_cannot_be_searched_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        regimens(replace(ASKED, **changes))  # type: ignore[arg-type]


def test_a_tip_in_the_fat_has_no_coverage_of_the_dermis() -> None:
    with pytest.raises(NotInTable, match="below the skin"):
        regimens(replace(ASKED, zones=(replace(CHEEK, depths=(Depth(90.0, 4.0, 4.0, 0.0),)),)))


def test_the_page_on_searching_prints_what_it_says() -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "search-a-regimen.md"
    found = doctest.testfile(str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert found.attempted > 10
    assert found.failed == 0
