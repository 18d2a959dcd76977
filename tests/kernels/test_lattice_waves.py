"""A lattice summed over its own waves is the lattice summed over its depots."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.kernels.depot import injected_depot
from mesoplan.kernels.exposure import (
    Plane,
    by_solute,
    depot_kernel,
    depots_at,
    exposure_field,
    kernel_table,
    layer_midpoints_mm,
)
from mesoplan.kernels.lattice_coverage import Pattern, lattice_coverage
from mesoplan.kernels.lattice_waves import FADED, FINENESS, cell_mm, quarter_cell, quarter_cell_after
from mesoplan.kernels.solutes import SkinLayers
from mesoplan.kernels.uptake import depot_uptake

SKIN = SkinLayers(0.2, 1.9, 6.0)
DERMIS = layer_midpoints_mm(0.2, 1.9, 8)
PATTERNS: tuple[Pattern, ...] = ("square", "triangular")


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize(
    ("volume_ml", "depth_mm", "spacing_mm", "decay_per_mm2"),
    [
        (0.02, 1.0, 10.0, 2.8),
        (0.02, 1.0, 5.0, 0.3),
        (0.05, 3.0, 12.0, 9.0),
        (0.005, 0.8, 3.0, 20.0),
        (0.1, 1.5, 18.0, 1.0),
    ],
)
def test_the_share_above_a_level_is_that_of_kernels_added_up(
    pattern: Pattern, volume_ml: float, depth_mm: float, spacing_mm: float, decay_per_mm2: float
) -> None:
    layers = SKIN.layers(1.0 / decay_per_mm2, 1.0)
    top, bottom = (0.2, 1.9) if depth_mm < 1.9 else (1.9, 7.9)
    depot = injected_depot(volume_ml, depth_mm, 0.36, layer_top_mm=top, layer_bottom_mm=bottom)
    table = kernel_table([[depot_kernel(layers, depot, DERMIS)]])
    quarter = quarter_cell(layers, depot, spacing_mm, pattern, DERMIS, samples=24)
    for share in (0.25, 0.5, 1.0, 1.5):
        added = lattice_coverage(table, [0], [spacing_mm], pattern, share, samples=24, threads=1)[0, 0]
        assert (quarter >= share).mean() == pytest.approx(added, abs=0.005)


@given(
    volume_ml=st.floats(0.005, 0.2),
    spacing_mm=st.floats(1.0, 20.0),
    decay_per_mm2=st.floats(0.2, 34.0),
    pattern=st.sampled_from(PATTERNS),
)
def test_the_mean_is_one_and_nothing_is_below_zero(
    volume_ml: float, spacing_mm: float, decay_per_mm2: float, pattern: Pattern
) -> None:
    depot = injected_depot(volume_ml, 1.0, 0.36, layer_top_mm=0.2, layer_bottom_mm=1.9)
    quarter = quarter_cell(SKIN.layers(1 / decay_per_mm2, 1.0), depot, spacing_mm, pattern, DERMIS, samples=16)
    assert quarter.min() >= 0
    # What the cut of the waves takes below zero is put to zero.
    assert quarter.mean() == pytest.approx(1.0, abs=0.04)


def test_the_point_has_most_and_the_middle_between_points_least() -> None:
    depot = injected_depot(0.01, 1.0, 0.36, layer_top_mm=0.2, layer_bottom_mm=1.9)
    columns = quarter_cell(SKIN.layers(0.3, 1.0), depot, 12.0, "square", DERMIS, samples=8).mean(axis=2)
    assert columns[0, 0] > 1.5
    assert columns[-1, -1] < 0.01
    assert np.allclose(columns, columns.T)


def test_a_triangular_cell_holds_two_rows() -> None:
    assert cell_mm(10.0, "square") == (10.0, 10.0)
    assert cell_mm(10.0, "triangular")[1] == pytest.approx(17.32, abs=0.01)


@pytest.mark.parametrize("spacing_mm", [0.0, 0.4, -1.0, float("nan"), float("inf")])
def test_a_spacing_that_is_none_is_refused(spacing_mm: float) -> None:
    depot = injected_depot(0.01, 1.0, 0.36)
    with pytest.raises(ValueError, match="mm apart"):
        quarter_cell(SKIN.layers(0.3, 1.0), depot, spacing_mm, "square", DERMIS, samples=4)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize(("hours", "spacing_mm"), [(0.2, 6.0), (1.0, 10.0), (6.0, 4.0)])
def test_the_concentration_at_an_hour_is_that_of_kernels_added_up(
    pattern: Pattern, hours: float, spacing_mm: float
) -> None:
    layers = SKIN.layers(0.3, 0.8)
    depot = injected_depot(0.02, 1.0, 0.36, layer_top_mm=0.2, layer_bottom_mm=1.9)
    cell = quarter_cell_after(layers, depot, spacing_mm, pattern, DERMIS, [hours], samples=8)[0]
    apart = cell_mm(spacing_mm, pattern)[1] / (1 if pattern == "square" else 2)
    rows, columns = np.mgrid[-6:7, -6:7]
    shift = np.where(rows % 2, spacing_mm / 2, 0.0) if pattern == "triangular" else 0.0
    points = depots_at((columns * spacing_mm + shift).ravel(), (rows * apart).ravel())
    table = kernel_table([[depot_kernel(layers, depot, DERMIS, hours=hours)]])
    for row in range(0, 8, 3):
        step = spacing_mm / 16
        plane = Plane(step / 2, (row + 0.5) * apart / 16, step, 8, 1)
        added = by_solute(table, exposure_field(table, points, plane))[0, :, 0]
        assert cell[row] == pytest.approx(added, abs=0.004 * cell.max())


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("hours", [0.1, 2.0, 12.0])
def test_what_is_there_at_an_hour_is_what_the_blood_has_not_taken(pattern: Pattern, hours: float) -> None:
    """Waves over the plane and exponentials in time are two ways to one amount."""
    layers = SKIN.layers(0.3, 0.8)
    depot = injected_depot(0.02, 1.0, 0.36, layer_top_mm=0.2, layer_bottom_mm=1.9)
    depths = layer_midpoints_mm(0.2, 1.9, 60)
    cell = quarter_cell_after(layers, depot, 8.0, pattern, depths, [hours], samples=16)[0]
    wide, high = cell_mm(8.0, pattern)
    a_point_mm3 = wide * high * 1.7 / (1 if pattern == "square" else 2)
    held = float(depot_uptake(layers, depot, (0.2, 1.9)).amount_in_window(hours))
    assert cell.mean() * a_point_mm3 == pytest.approx(held, rel=2e-3)


def test_early_on_drops_that_do_not_touch_hold_no_more_than_was_injected() -> None:
    """Long chains a while after: edges are as sharp as the drop's own."""
    layers = SKIN.layers(0.002, 0.03)
    depot = injected_depot(0.02, 0.9, 0.36, layer_top_mm=0.2, layer_bottom_mm=1.9)
    cells = quarter_cell_after(layers, depot, 10.0, "square", DERMIS, [0.1, 0.5], samples=16) * depot.volume_mm3
    assert 0.9 < cells.max() < 1.005
    assert cells.min() >= 0


@pytest.mark.parametrize("pattern", PATTERNS)
def test_waves_take_over_from_drops_without_a_step(pattern: Pattern) -> None:
    layers = SKIN.layers(0.3, 0.8)
    depot = injected_depot(0.02, 1.0, 0.36, layer_top_mm=0.2, layer_bottom_mm=1.9)
    at = FADED / (min(layers.diffusivity_mm2_h) * (FINENESS / depot.radius_mm) ** 2)
    before, after = quarter_cell_after(layers, depot, 8.0, pattern, DERMIS, [at * 0.9999, at * 1.0001], samples=8)
    assert np.abs(before - after).max() < 1e-3 * after.max()


@pytest.mark.parametrize("hours", [[0.0], [1.0, -2.0], [float("nan")], [float("inf")]])
def test_a_time_that_is_not_after_the_injection_is_refused(hours: list[float]) -> None:
    depot = injected_depot(0.01, 1.0, 0.36)
    with pytest.raises(ValueError, match="after the injection"):
        quarter_cell_after(SKIN.layers(0.3, 1.0), depot, 8.0, "square", DERMIS, hours, samples=4)
