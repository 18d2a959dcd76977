"""Coverage counted plainly, moves worked out anew, lattices laid out, intervals drawn."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mesoplan.kernels.coverage import (
    column_means,
    coverage,
    exposure_volume_histogram,
    extreme_spots,
    moves_gain,
)
from mesoplan.kernels.coverage_interval import (
    ParameterNodes,
    difference,
    interval,
    parameter_draws,
    parameter_nodes,
    read_between,
)
from mesoplan.kernels.depot import injected_depot
from mesoplan.kernels.exposure import (
    DepotKernel,
    Plane,
    by_solute,
    depot_kernel,
    depots_at,
    exposure_field,
    kernel_table,
    layer_midpoints_mm,
)
from mesoplan.kernels.lattice_coverage import Pattern, lattice_coverage
from mesoplan.kernels.layered_diffusion import Layers
from mesoplan.kernels.solutes import POROSITY, SOLUTES, SkinLayers, solute
from mesoplan.kernels.uptake import depot_uptake
from tests.kernels.finite_volumes import ring_exposure

Floats = NDArray[np.floating[Any]]
SKIN = SkinLayers(0.2, 1.6, 4.0)
DEPTHS = layer_midpoints_mm(0.2, 1.6, 16)
DEPOT = injected_depot(0.005, 0.9, 0.3, layer_top_mm=0.2, layer_bottom_mm=1.6)
TABLE = kernel_table([[depot_kernel(SKIN.layers(0.36, 1.0), DEPOT, DEPTHS)]])
PLANE = Plane(0.25, 0.25, 0.5, 60, 50)
RNG = np.random.default_rng(20261123)
PLACES = RNG.uniform(0, [[30.0], [25.0]], (2, 12))
DEPOTS = depots_at(PLACES[0], PLACES[1])
FIELD = exposure_field(TABLE, DEPOTS, PLANE)
ROUND = np.hypot(np.arange(60) - 30, np.arange(50)[:, None] - 25) < 22


def test_covered_fraction_is_what_counting_gives() -> None:
    found = coverage(TABLE, FIELD, ROUND, [0.25, 0.5, 1.0])
    values = by_solute(TABLE, FIELD)[ROUND][:, 0].astype(float)
    assert found.mean == pytest.approx(values.mean(), rel=1e-6)
    wanted = [(values >= share * values.mean()).mean() for share in (0.25, 0.5, 1.0)]
    assert found.reached[0] == pytest.approx(wanted, abs=2 / values.size)
    histogram = exposure_volume_histogram(TABLE, FIELD, ROUND, np.array([0.0, 0.25, 0.5, 1.0, 1e6]))
    assert histogram[0] == pytest.approx([1.0, *wanted, 0.0], abs=2 / values.size)
    assert np.all(np.diff(histogram[0]) <= 0)


def test_nothing_injected_covers_nothing_and_is_never_nan() -> None:
    empty = np.zeros_like(FIELD)
    assert not coverage(TABLE, empty, ROUND, [0.5]).reached.any()
    assert not exposure_volume_histogram(TABLE, empty, ROUND, np.array([0.5])).any()
    assert not column_means(TABLE, empty, ROUND)[0][ROUND].any()


def test_cold_and_hot_spots_are_inside_and_apart() -> None:
    shares = column_means(TABLE, FIELD, ROUND)[0]
    assert np.isnan(shares[~ROUND]).all()
    assert np.nanmean(shares) == pytest.approx(1.0)
    cold = extreme_spots(shares, PLANE, coldest=True, count=3, apart_mm=4.0)
    hot = extreme_spots(shares, PLANE, coldest=False, count=3, apart_mm=4.0)
    assert cold[0].share == np.nanmin(shares)
    assert hot[0].share == np.nanmax(shares)
    assert [spot.share for spot in cold] == sorted(spot.share for spot in cold)
    for first, second in ((0, 1), (0, 2), (1, 2)):
        assert np.hypot(cold[first].x_mm - cold[second].x_mm, cold[first].y_mm - cold[second].y_mm) >= 4.0
    nearest = np.hypot(PLACES[0] - hot[0].x_mm, PLACES[1] - hot[0].y_mm).min()
    assert nearest < 1.5


@settings(max_examples=20, deadline=None)
@given(point=st.integers(0, 11), x=st.floats(-15, 45), y=st.floats(-15, 40))
def test_a_tried_move_gains_what_doing_it_gains(point: int, x: float, y: float) -> None:
    level = coverage(TABLE, FIELD, ROUND, [0.5]).mean * 0.5
    gain = moves_gain(TABLE, FIELD, ROUND, DEPOTS, PLANE, level, ([point], [x], [y]))[0, 0]
    xs, ys = PLACES[0].copy(), PLACES[1].copy()
    xs[point], ys[point] = x, y
    moved = by_solute(TABLE, exposure_field(TABLE, depots_at(xs, ys), PLANE))[ROUND]
    before = by_solute(TABLE, FIELD)[ROUND]
    wanted = (moved >= np.float32(level)).mean() - (before >= np.float32(level)).mean()
    assert gain == pytest.approx(wanted, abs=3 / before.size)


@pytest.mark.parametrize("value", [0.1, 0.25, 0.5, 1.0])
def test_a_move_to_where_the_point_is_changes_nothing(value: float) -> None:
    """Not even where many columns lie exactly at the level."""
    field = np.full_like(FIELD, value)
    level, points = np.array([value]), np.arange(12)
    gains = moves_gain(TABLE, field, ROUND, DEPOTS, PLANE, level, (points, PLACES[0], PLACES[1]))
    assert not gains.any()


@pytest.mark.parametrize(
    ("pattern", "row_mm", "shift_mm"), [("square", 6.0, 0.0), ("triangular", 6.0 * 0.75**0.5, 3.0)]
)
def test_lattice_without_end_is_the_middle_of_a_large_one(pattern: Pattern, row_mm: float, shift_mm: float) -> None:
    x, y = np.meshgrid(np.arange(16) * 6.0, np.arange(20) * row_mm)
    x[1::2] += shift_mm
    cell = Plane(36.0 + 0.05, 8 * row_mm + row_mm / 40, 0.1, 60, 40)
    # 40 rows over two rows of the lattice; the columns are square only where rows are 6 mm apart.
    stretched = depots_at(x.ravel(), y.ravel())
    fields = [
        exposure_field(TABLE, stretched, Plane(cell.x0_mm, 8 * row_mm + (i + 0.5) * row_mm / 20, 0.1, 60, 1))
        for i in range(40)
    ]
    values = by_solute(TABLE, np.concatenate(fields))
    wanted = (values >= 0.5 * values.mean()).mean()
    found = lattice_coverage(TABLE, [0], [6.0], pattern, 0.5, samples=30)[0, 0]
    assert found == pytest.approx(wanted, abs=4e-3)


@pytest.mark.parametrize("spacing_mm", [5.0, 7.0, 9.0])
def test_coverage_in_layered_skin_is_that_of_finite_volumes(spacing_mm: float) -> None:
    """The same lattice from two kernels: this program's, and rings of skin solved directly."""
    layers = Layers((0.2, 0.3, 1.1, 1.4), (0.18, 0.36, 0.36, 0.18), (0.0, 2.0, 1.0, 0.3))
    radii, depths, rings = ring_exposure(layers, DEPOT, 8.0, 0.05)
    inside = (depths > 0.2) & (depths < 1.6)
    steps = np.arange(0.0, 7.9, 0.025)
    values = np.array([np.interp(steps, radii, rings[:, z]) for z in np.flatnonzero(inside)]).T
    values[-1] = 0.0
    by_rings = DepotKernel(values.astype(np.float32), depths[inside])
    found = depot_kernel(layers, DEPOT, depths[inside])
    covered = [
        lattice_coverage(kernel_table([[kernel]]), [0], [spacing_mm], "square", 0.5, samples=40)[0, 0]
        for kernel in (found, by_rings)
    ]
    assert covered[0] == pytest.approx(covered[1], abs=2e-3)


def test_closer_lattices_cover_more_and_dense_ones_all() -> None:
    spacings = np.array([0.5, 2.0, 4.0, 6.0, 8.0, 12.0, 30.0])
    covered = lattice_coverage(TABLE, np.zeros(7, dtype=int), spacings, "square", 0.5, samples=16)[:, 0]
    assert covered[0] == 1.0
    assert np.all(np.diff(covered) <= 0.01)
    assert covered[-1] < 0.1


def test_what_reads_between_nodes_is_near_what_is_worked_out_there() -> None:
    one = solute("caffeine")
    nodes = parameter_nodes(one, decays=9, porosities=4)

    def covered(decay: float, porosity: float) -> float:
        depot = injected_depot(0.01, 0.9, porosity, layer_top_mm=0.2, layer_bottom_mm=1.6)
        table = kernel_table([[depot_kernel(SKIN.layers(1.0, decay), depot, DEPTHS)]])
        return float(lattice_coverage(table, [0], [8.0], "square", 0.5, samples=20)[0, 0])

    values = np.array([[covered(decay, porosity) for porosity in nodes.porosity] for decay in nodes.decay_per_mm2])
    decays, porosities = parameter_draws(one, 1000)
    read = read_between(nodes, values, decays, porosities)
    straight = np.array([covered(decays[i], porosities[i]) for i in range(8)])
    assert np.abs(read[:8] - straight).mean() < 0.01
    found = interval(read)
    assert found.low < found.middle < found.high
    assert found.high - found.low > 0.2


def test_reading_between_nodes_gives_cubics_back() -> None:
    nodes = ParameterNodes(np.geomspace(0.1, 10, 7), np.geomspace(0.2, 0.6, 5))
    a, b = np.log(nodes.decay_per_mm2)[:, None], np.log(nodes.porosity)
    values = 0.5 + 0.01 * a**3 - 0.05 * a * b
    at, of = np.array([0.1, 0.37, 9.9, 99.0]), np.array([0.2, 0.33, 0.59, 0.9])
    held = np.log(np.minimum(at, 10.0)), np.log(np.minimum(of, 0.6))
    assert read_between(nodes, values, at, of) == pytest.approx(0.5 + 0.01 * held[0] ** 3 - 0.05 * held[0] * held[1])


def test_two_plans_differ_only_where_the_draws_say_so() -> None:
    first = np.linspace(0.3, 0.8, 1000)
    assert difference(first, first + 0.05)[1]
    assert not difference(first, first + np.linspace(-0.1, 0.2, 1000))[1]


def test_same_draws_every_time_within_the_ranges() -> None:
    one = solute("hyaluronic-acid")
    decays, porosities = parameter_draws(one, 500)
    assert np.array_equal(decays, parameter_draws(one, 500)[0])
    assert decays.min() >= one.clearance_per_h.low / one.diffusivity_mm2_h.high
    assert decays.max() <= one.clearance_per_h.high / one.diffusivity_mm2_h.low
    assert POROSITY.low <= porosities.min() <= porosities.max() <= POROSITY.high


def test_every_solute_says_where_its_ranges_come_from_and_leaves_the_skin() -> None:
    for name, one in SOLUTES.items():
        for known in (one.diffusivity_mm2_h, one.clearance_per_h):
            assert 0 < known.low < known.high, name
            assert known.basis == "assumed" or "doi:" in known.source or "label" in known.source, name
        layers = SKIN.layers(one.diffusivity_mm2_h.middle, one.clearance_per_h.middle)
        assert depot_uptake(layers, DEPOT).taken_up == pytest.approx(1.0, abs=1e-3), name


def test_bad_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="no solute 'snake-oil'; there are ascorbic-acid"):
        solute("snake-oil")
    with pytest.raises(ValueError, match="above 0"):
        coverage(TABLE, FIELD, ROUND, [float("nan")])
    with pytest.raises(ValueError, match="holds no column"):
        coverage(TABLE, FIELD, np.zeros_like(ROUND), [0.5])
    with pytest.raises(ValueError, match=r"0\.5 mm apart"):
        lattice_coverage(TABLE, [0], [0.2], "square", 0.5)
    with pytest.raises(ValueError, match="not among the 1"):
        lattice_coverage(TABLE, [3], [5.0], "square", 0.5)
    with pytest.raises(ValueError, match="not among the 12"):
        moves_gain(TABLE, FIELD, ROUND, DEPOTS, PLANE, np.array([1.0]), ([12], [0.0], [0.0]))
    with pytest.raises(ValueError, match="finite place"):
        moves_gain(TABLE, FIELD, ROUND, DEPOTS, PLANE, np.array([1.0]), ([0], [float("nan")], [0.0]))
    with pytest.raises(ValueError, match="finite values"):
        interval(np.array([0.1, float("nan")]))
    with pytest.raises(ValueError, match="thicker than its epidermis"):
        SkinLayers(0.2, 0.2, 4.0).layers(0.3, 1.0)
