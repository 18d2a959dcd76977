"""Concentration at chosen hours of a real plan: against the full sum of kernels, the balance of mass, bad hours."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mesoplan.domain.errors import InputError
from mesoplan.domain.exposure import Exposure, HourFigures
from mesoplan.domain.plan import Plan
from mesoplan.domain.quantities import Angle, Length
from mesoplan.imaging.patch_placement import patch_of_area
from mesoplan.imaging.unfolded_zone import unfolded_patch
from mesoplan.kernels.coverage import coverage
from mesoplan.kernels.coverage_interval import four_nearest, transport_draws
from mesoplan.kernels.exposure import Plane, depot_kernel, depots_at, exposure_field, kernel_table, layer_midpoints_mm
from mesoplan.kernels.solutes import SkinLayers, Solute
from mesoplan.kernels.uptake import depot_uptake
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.concentration_at_hours import hours_of, over_draws, scaled_hours, under_zone, volume_mm3
from mesoplan.planning.drop import depot_of
from mesoplan.planning.exposure_drops import Drop, Ground, drops_of, ground_of
from mesoplan.planning.exposure_figures import DECAYS, POROSITIES, Sources, draws_of, nodes_of
from mesoplan.planning.placement import face_of
from mesoplan.planning.plan_exposure import plan_exposure, sources_of, transport
from tests.planning.hand_made import melasma_case, plan_by_hand, with_stock
from tests.planning.test_plan_exposure import CAFFEINE, on_face

Floats = NDArray[np.floating[Any]]
SMALL, CHAINS = transport("small-molecule"), transport("hyaluronic-acid")
HOURS = (0.5, 2.0, 8.0, 24.0)


@pytest.fixture(scope="module")
def malar() -> Plan:
    return on_face("malar-right")


def of(plan: Plan, knowledge: Knowledge, *hours: float) -> Exposure:
    return plan_exposure(plan, melasma_case(), knowledge, None, hours=hours)


def at_hours(plan: Plan, knowledge: Knowledge, *hours: float) -> tuple[HourFigures, ...]:
    (zone,) = of(plan, knowledge, *hours).zones
    assert zone.not_computed is None
    return zone.at_hours


# The slow way ---------------------------------------------------------------------------------------------------------


def full_sum(sources: Sources, ground: Ground, draw: tuple[float, float, float], hours: float) -> Floats:
    """Concentration of one draw of D, k and porosity at every column and slice."""
    spread, clearance, porosity = draw
    skin, depths = ground.layers.layers(spread, clearance), layer_midpoints_mm(*ground.window, 32)
    kernels = [
        [depot_kernel(skin, depot_of(ground.layers, one.depth_mm, one.volume_ml, porosity), depths, hours=hours)]
        for one in sources.kinds
    ]
    table, grid = kernel_table(kernels), ground.plane.grid
    plane = Plane(grid.x0_mm, grid.y0_mm, grid.spacing_mm, grid.columns, grid.rows)
    depots = depots_at(np.array(sources.x_mm), np.array(sources.y_mm), np.array(sources.dose), np.array(sources.kind))
    field = exposure_field(table, depots, plane, threads=1)
    return coverage(table, field, ground.plane.inside, [0.5], threads=1).mean


def at_the_middle(sources: Sources, ground: Ground, solute: Solute, hours: float) -> float:
    """The mean that a plan's figures are read from, at the middle of the ranges."""
    curve = under_zone(sources, ground, solute)[DECAYS // 2, POROSITIES // 2] / volume_mm3(ground)
    first, weights = four_nearest(scaled_hours(solute), np.array([hours * solute.clearance_per_h.middle]))
    return float(np.exp((np.log(curve[first]) * weights).sum()))


@pytest.mark.parametrize(("solute", "hours"), [(SMALL, 0.5), (SMALL, 2.0), (SMALL, 8.0), (CHAINS, 2.0), (CHAINS, 24.0)])
def test_the_mean_of_a_zone_of_the_face_is_that_of_the_full_sum(
    malar: Plan, knowledge: Knowledge, solute: Solute, hours: float
) -> None:
    """Twelve points in a small zone: much of each drop leaves it sideways."""
    ground = ground_of("malar-right", malar, melasma_case(), knowledge)
    drops = drops_of("tranexamic-acid", "malar-right", malar, knowledge)
    sources, _, _ = sources_of(drops, ground.plane, face_of(melasma_case()))
    middle = nodes_of(solute).porosity[POROSITIES // 2]
    draw = (solute.diffusivity_mm2_h.middle, solute.clearance_per_h.middle, float(middle))
    summed = float(full_sum(sources, ground, draw, hours)[0])
    assert at_the_middle(sources, ground, solute, hours) == pytest.approx(summed, rel=0.005)


SKIN = SkinLayers(0.1, 1.7, 15.0)
RNG = np.random.default_rng(11)
SCATTERED = Sources(
    (Drop(1.0, 0.03), Drop(3.0, 0.01)),
    tuple(RNG.uniform(-20, 20, 14).tolist()),
    tuple(RNG.uniform(-20, 20, 14).tolist()),
    (0, 1) * 7,
    tuple(RNG.uniform(0.2, 1.0, 14).tolist()),
)


@pytest.mark.parametrize("draw", [3, 17, 40])
def test_read_at_a_draw_it_is_that_of_the_full_sum(draw: int) -> None:
    """Two kinds of drop of many doses, in the dermis and in the fat, some at the edge."""
    ground = Ground(SKIN, (0.1, 1.7), unfolded_patch(patch_of_area(16.0), None), 3.0)
    read = over_draws(under_zone(SCATTERED, ground, SMALL), draws_of(SMALL), SMALL, np.array(HOURS))
    drawn = tuple(float(one[draw]) for one in transport_draws(SMALL))
    for number, hours in enumerate(HOURS):
        summed = float(full_sum(SCATTERED, ground, drawn, hours)[0])  # type: ignore[arg-type]
        if summed * volume_mm3(ground) > 1e-5:
            assert read[draw, number] / volume_mm3(ground) == pytest.approx(summed, rel=0.02)


@pytest.mark.parametrize(("porosity", "decay"), [(0, 1), (2, 3), (4, 5)])
def test_over_all_depths_and_the_whole_plane_lies_what_the_uptake_leaves(porosity: int, decay: int) -> None:
    ground = Ground(SKIN, (0.0, 16.7), unfolded_patch(patch_of_area(400.0), None), 3.0)
    nodes = nodes_of(SMALL)
    k_per_d = float(nodes.decay_per_mm2[decay])
    times = scaled_hours(SMALL) / k_per_d
    found = under_zone(SCATTERED, ground, SMALL)[decay, porosity]
    left = np.zeros_like(found)
    for kind, drop in enumerate(SCATTERED.kinds):
        depot = depot_of(SKIN, drop.depth_mm, drop.volume_ml, float(nodes.porosity[porosity]))
        dose = sum(one for one, of_kind in zip(SCATTERED.dose, SCATTERED.kind, strict=True) if of_kind == kind)
        left += dose * depot_uptake(SKIN.layers(1.0, k_per_d), depot).amount_left(times)
    # 200 mm of skin, seen for as long as nothing has come to its edge.
    near = 4 * np.sqrt(2 * times) < 75
    assert found[near] == pytest.approx(left[near], rel=0.004, abs=1e-9)


def test_the_full_sum_over_all_depths_holds_what_the_uptake_leaves() -> None:
    ground = Ground(SKIN, (0.0, 16.7), unfolded_patch(patch_of_area(60.0), None), 3.0)
    one = Sources((Drop(1.0, 0.03),), (0.0,), (0.0,), (0,), (1.0,))
    summed = full_sum(one, ground, (0.3, 0.8, 0.36), 2.0)[0] * volume_mm3(ground)
    left = depot_uptake(SKIN.layers(0.3, 0.8), depot_of(SKIN, 1.0, 0.03, 0.36)).amount_left(2.0)
    assert float(summed) == pytest.approx(float(left), rel=0.01)


# Plans ----------------------------------------------------------------------------------------------------------------


def test_each_hour_has_its_figures_with_intervals(malar: Plan, knowledge: Knowledge) -> None:
    found = at_hours(malar, knowledge, *HOURS)
    assert [one.hours for one in found] == list(HOURS)
    for one in found:
        assert one.mean is not None
        assert one.mean_unit == "mg/mL"
        assert 0 <= one.of_injected.low <= one.of_injected.middle <= one.of_injected.high < 1
        assert one.mean.middle == pytest.approx(4.0 * one.of_injected.middle, rel=1e-6)  # 4 mg/mL are injected
        assert one.half_or_more is not None
        assert 0.4 < one.half_or_more < 1
        assert one.highest is not None
        assert 1 < one.highest.share < 3
    assert found[0].left.middle > found[0].of_injected.middle
    assert "NaN" not in of(malar, knowledge, *HOURS).model_dump_json()


def test_without_hours_nothing_is_worked_out_and_the_figures_are_the_same(malar: Plan, knowledge: Knowledge) -> None:
    asked, bare = of(malar, knowledge, 2.0).zones[0], of(malar, knowledge).zones[0]
    assert bare.at_hours == ()
    assert asked.model_copy(update={"at_hours": ()}) == bare


def test_half_is_left_at_the_hours_that_the_figures_give(malar: Plan, knowledge: Knowledge) -> None:
    figures = of(malar, knowledge).zones[0].figures
    assert figures is not None
    (at_half,) = at_hours(malar, knowledge, figures.hours_half.middle)
    assert at_half.left.middle == pytest.approx(0.5, abs=0.01)


def test_what_is_gone_has_no_place_that_holds_most(malar: Plan, knowledge: Knowledge) -> None:
    (week,) = at_hours(malar, knowledge, 168.0)
    assert (week.highest, week.half_or_more) == (None, None)
    assert week.of_injected.middle == 0.0
    assert week.left.high < 1e-4


def test_an_amount_that_is_not_known_in_mg_gives_a_share_and_no_0(knowledge: Knowledge) -> None:
    plan = plan_by_hand(CAFFEINE, points=9, volume_ml=0.05, area_cm2=20.0)
    (known,), (unknown,) = (at_hours(plan, one, 1.0) for one in (knowledge, with_stock(knowledge, "caffeine", None)))
    assert unknown.mean is None
    assert unknown.of_injected.middle == pytest.approx(known.of_injected.middle, rel=1e-6)
    assert known.mean is not None


def test_what_cannot_be_computed_has_no_hours_and_says_why(knowledge: Knowledge) -> None:
    flat = plan_by_hand(CAFFEINE, points=6, angle=Angle(0.0))
    (zone,) = of(flat, knowledge, 1.0).zones
    assert zone.at_hours == ()
    assert "not in the skin" in (zone.not_computed or "")


def test_more_points_hold_more(malar: Plan, knowledge: Knowledge) -> None:
    (placement,) = malar.placements
    half = malar.model_copy(update={"placements": (placement.model_copy(update={"points": placement.points[::2]}),)})
    (all_points,), (some,) = (at_hours(one, knowledge, 2.0) for one in (malar, half))
    assert 0.4 < some.of_injected.middle / all_points.of_injected.middle < 0.65
    assert some.left == all_points.left


def test_the_place_that_holds_most_is_where_points_crowd(knowledge: Knowledge) -> None:
    plan = plan_by_hand(CAFFEINE, points=12, volume_ml=0.02, area_cm2=60.0)
    (placement,) = plan.placements
    crowd = tuple(one.model_copy(update={"at": placement.points[5].at}) for one in placement.points[:3])
    crowded = plan.model_copy(
        update={"placements": (placement.model_copy(update={"points": (*placement.points[3:], *crowd)}),)}
    )
    (found,) = at_hours(crowded, knowledge, 1.0)
    assert found.highest is not None
    at, wanted = found.highest.at, placement.points[5].at
    assert np.hypot(at.x_mm - wanted.x_mm, at.y_mm - wanted.y_mm) < 4.0  # type: ignore[union-attr]


@settings(max_examples=8, deadline=None)
@given(
    earlier=st.floats(0.05, 60.0),
    times=st.floats(1.2, 2.8),
    strength=st.sampled_from([5.0, 12.5, 50.0]),
    inserted=st.sampled_from([2.0, 3.0]),
)
def test_it_falls_with_time_and_grows_with_the_dose(
    knowledge: Knowledge, earlier: float, times: float, strength: float, inserted: float
) -> None:
    """Drops in the dermis, and the dermis looked at: nothing can come back into it faster than it goes."""
    plan = plan_by_hand(CAFFEINE, points=9, volume_ml=0.05, area_cm2=20.0, inserted=Length(inserted))
    as_shipped, other = (
        at_hours(plan, one, earlier, earlier * times)
        for one in (knowledge, with_stock(knowledge, "caffeine", strength))
    )
    for before, after in (as_shipped, other):
        for name in ("of_injected", "left"):
            one, two = getattr(before, name), getattr(after, name)
            assert (two.low, two.middle, two.high) <= (one.low, one.middle, one.high)
            assert two.high < one.high
    for first, second in zip(as_shipped, other, strict=True):
        assert first.mean is not None
        assert second.mean is not None
        assert second.mean.high == pytest.approx(first.mean.high * strength / 25.0, rel=1e-6)
        assert second.of_injected.high == pytest.approx(first.of_injected.high, rel=1e-6)


# Hours ----------------------------------------------------------------------------------------------------------------


def test_hours_come_once_and_in_order() -> None:
    assert hours_of(["8", "0.5", 8.0, "24"]) == (0.5, 8.0, 24.0)
    assert hours_of([0.05, 168]) == (0.05, 168.0)


BAD: list[tuple[str, list[Any], str]] = [
    ("none", [], "0 were given"),
    ("zero", [0], "“0” is not a number of hours"),
    ("before the injection", [-1.0], "“-1.0”"),
    ("not a number", [float("nan")], "“nan”"),
    ("without end", ["inf"], "“inf”"),
    ("a word", ["soon"], "“soon” is not a number of hours; allowed: 0.05 to 168"),
    ("nothing typed", [""], "“”"),
    ("long after", [1e9], "“1000000000.0”"),
    ("seven", [1, 2, 3, 4, 5, 6, 7], "7 were given; allowed: 1 to 6"),
]


@pytest.mark.parametrize(("name", "parts", "said"), BAD, ids=[one[0] for one in BAD])
def test_bad_hours_are_refused_by_name(name: str, parts: list[Any], said: str) -> None:
    with pytest.raises(InputError) as refused:
        hours_of(parts)
    (problem,) = refused.value.problems
    assert problem.field == "hours"
    assert said in problem.text
