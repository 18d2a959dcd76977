"""Fields of many depots against the closed form added up plainly, and what is refused."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mesoplan.kernels.coverage import coverage
from mesoplan.kernels.depot import ball_concentration, ball_exposure, injected_depot
from mesoplan.kernels.exposure import (
    DepotKernel,
    Depots,
    KernelTable,
    Plane,
    by_solute,
    depot_kernel,
    depots_at,
    exposure_field,
    kernel_table,
    layer_midpoints_mm,
)
from mesoplan.kernels.kernel_store import kept_kernel, kernel_name
from mesoplan.kernels.layered_diffusion import Layers

Floats = NDArray[np.floating[Any]]
BALL = injected_depot(0.01, 2.5, 0.3)
DEPTHS = layer_midpoints_mm(0.0, 5.0, 16)
PLANE = Plane(0.25, 0.25, 0.5, 60, 50)


FOUR = depots_at([6.1, 8.0, 20.0, 0.3], [6.0, 6.5, 15.2, 24.0], doses=[1.0, 2.0, 0.5, 1.0])
"""Two balls overlap and one lies at the edge."""


def closed_sum(of_a_ball: Callable[[Floats], Floats]) -> Floats:
    """The four in a slab of 5 mm: a closed form of the distance from a ball's middle, with the balls' images."""
    x, y = 0.25 + 0.5 * np.arange(60), (0.25 + 0.5 * np.arange(50))[:, None]
    wanted = np.zeros((50, 60, len(DEPTHS)))
    for px, py, dose in zip(FOUR.x_mm, FOUR.y_mm, FOUR.doses, strict=True):
        away = np.hypot(x - px, y - py)[..., None]
        for image in (10 * n + sign * 2.5 for n in range(-2, 3) for sign in (1, -1)):
            wanted += dose * of_a_ball(np.hypot(away, DEPTHS - image))
    return wanted


def plain_sum(table: KernelTable, depots: Depots, plane: Plane) -> Floats:
    """One depot after the other, each read off the table with NumPy."""
    x = plane.x0_mm + np.arange(plane.columns) * plane.spacing_mm
    y = plane.y0_mm + np.arange(plane.rows)[:, None] * plane.spacing_mm
    total = np.zeros((plane.rows, plane.columns, table.rows.shape[2]))
    radii = np.arange(table.rows.shape[1]) * table.step_mm
    for px, py, kind, dose in zip(depots.x_mm, depots.y_mm, depots.kinds, depots.doses, strict=True):
        away = np.hypot(x - px, y - py)
        for lane in range(total.shape[2]):
            total[:, :, lane] += dose * np.interp(away, radii, table.rows[kind, :, lane].astype(float))
    return total


def made_up_table(kinds: int, solutes: int) -> KernelTable:
    """Smooth kernels that end at 0, without the cost of real ones."""
    radii = np.arange(200) * 0.025
    shapes = []
    for kind in range(kinds):
        row = []
        for solute in range(solutes):
            values = np.exp(-((radii[:, None] / (1 + kind + 0.3 * solute)) ** 2)) * (1 + DEPTHS)
            values[-1] = 0.0
            row.append(DepotKernel(values.astype(np.float32), DEPTHS))
        shapes.append(row)
    return kernel_table(shapes)


@pytest.mark.parametrize(("spread", "cleared"), [(0.36, 1.0), (0.01, 0.03)])
def test_plan_in_uniform_skin_is_the_closed_form(spread: float, cleared: float) -> None:
    kernel = depot_kernel(Layers((5.0,), (spread,), (cleared,)), BALL, DEPTHS)
    found = by_solute(kernel_table([[kernel]]), exposure_field(kernel_table([[kernel]]), FOUR, PLANE))[:, :, 0]
    wanted = closed_sum(lambda away: ball_exposure(away, BALL.radius_mm, spread, cleared))
    assert np.linalg.norm(found - wanted) < 5e-4 * np.linalg.norm(wanted)
    for share in (0.25, 0.5, 1.0):
        covered = (found >= share * found.mean()).mean() - (wanted >= share * wanted.mean()).mean()
        assert abs(covered) < 1e-3


@pytest.mark.parametrize(("spread", "cleared", "hours"), [(0.36, 1.0, 0.5), (0.01, 0.03, 1.0), (0.01, 0.03, 0.25)])
def test_plan_at_an_hour_is_the_closed_form(spread: float, cleared: float, hours: float) -> None:
    """Early on edges are sharp, and rows of the table lie closer together."""
    kernel = depot_kernel(Layers((5.0,), (spread,), (cleared,)), BALL, DEPTHS, hours=hours)
    found = by_solute(kernel_table([[kernel]]), exposure_field(kernel_table([[kernel]]), FOUR, PLANE))[:, :, 0]
    wanted = closed_sum(lambda away: ball_concentration(away, hours, BALL.radius_mm, spread, cleared))
    assert np.linalg.norm(found - wanted) < 2e-4 * np.linalg.norm(wanted)


def test_kernels_with_rows_closer_together_share_a_table_with_others() -> None:
    rows = made_up_table(1, 2).rows
    kernels = [DepotKernel(rows[0, :, 16 * one : 16 * one + 16], DEPTHS) for one in range(2)]
    finer = DepotKernel(kernels[1].values, DEPTHS, 0.0125)
    table = kernel_table([[kernels[0], finer]])
    assert table.step_mm == 0.0125
    depots = depots_at([10.0, 11.3], [8.0, 9.1])
    both = by_solute(table, exposure_field(table, depots, PLANE))
    alone = kernel_table([[kernels[0]]])
    assert both[:, :, 0] == pytest.approx(by_solute(alone, exposure_field(alone, depots, PLANE))[:, :, 0], abs=1e-5)
    with pytest.raises(ValueError, match="cannot be read"):
        kernel_table([[kernels[0], DepotKernel(kernels[1].values, DEPTHS, 0.02)]])


@settings(max_examples=10, deadline=None)
@given(
    places=st.lists(st.tuples(st.floats(-8, 40), st.floats(-8, 35), st.floats(0, 3), st.integers(0, 1)), max_size=10),
    threads=st.integers(1, 3),
)
def test_compiled_sum_is_the_plain_sum(places: list[tuple[float, float, float, int]], threads: int) -> None:
    table = made_up_table(2, 1)
    columns = [np.array(column) for column in zip(*places, strict=True)] or [np.zeros(0)] * 4
    depots = depots_at(columns[0], columns[1], columns[2], columns[3])
    found = exposure_field(table, depots, PLANE, threads=threads)
    assert found == pytest.approx(plain_sum(table, depots, PLANE), abs=2e-4)


def test_a_thousand_depots_at_one_place_are_a_thousand_times_one() -> None:
    table = made_up_table(1, 1)
    one = exposure_field(table, depots_at(10.0, 10.0), PLANE)
    many = exposure_field(table, depots_at(np.full(1000, 10.0), 10.0), PLANE)
    assert many == pytest.approx(1000 * one, rel=1e-4)
    assert np.isfinite(many).all()


def test_no_depot_leaves_nothing_and_the_given_array_is_written() -> None:
    table = made_up_table(1, 1)
    out = np.full((50, 60, 16), np.nan, dtype=np.float32)
    field = exposure_field(table, depots_at(np.zeros(0), np.zeros(0)), PLANE, out=out)
    assert field is out
    assert not field.any()


def test_kernel_kept_in_a_folder_is_the_same_and_a_damaged_one_is_made_anew(tmp_path: Path) -> None:
    layers = Layers((2.0,), (0.36,), (1.0,))
    depot = injected_depot(0.002, 1.0, 0.3, layer_bottom_mm=2.0)
    depths = layer_midpoints_mm(0.0, 2.0, 4)
    made = kept_kernel(tmp_path, layers, depot, depths)
    (file,) = tmp_path.iterdir()
    assert file.name == f"{kernel_name(layers, depot, depths)}.npy"
    written = file.stat().st_mtime_ns
    assert np.array_equal(kept_kernel(tmp_path, layers, depot, depths).values, made.values)
    assert file.stat().st_mtime_ns == written
    for damage in (b"", b"no kernel at all", file.read_bytes()[:200]):
        file.write_bytes(damage)
        assert np.array_equal(kept_kernel(tmp_path, layers, depot, depths).values, made.values)


def test_names_of_kernels_tell_skin_depot_depths_and_time_apart() -> None:
    layers, other = Layers((2.0,), (0.36,), (1.0,)), Layers((2.0,), (0.36,), (1.1,))
    small, large = injected_depot(0.002, 1.0, 0.3), injected_depot(0.003, 1.0, 0.3)
    depths = layer_midpoints_mm(0.0, 2.0, 4)
    names = {
        kernel_name(layers, small, depths),
        kernel_name(other, small, depths),
        kernel_name(layers, large, depths),
        kernel_name(layers, small, depths[:3]),
        kernel_name(layers, small, depths, 1.0),
    }
    assert len(names) == 5


@pytest.mark.parametrize(
    ("x", "dose", "said"),
    [(math.nan, 1.0, "finite"), (1.0, math.inf, "finite"), (1.0, -1.0, "0 or more")],
)
def test_depots_nowhere_or_of_less_than_nothing_are_refused(x: float, dose: float, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        depots_at(x, 0.0, dose)


def test_planes_tables_and_kinds_that_do_not_fit_are_refused() -> None:
    table = made_up_table(1, 1)
    with pytest.raises(ValueError, match="not among the 1"):
        exposure_field(table, depots_at(0.0, 0.0, kinds=1), PLANE)
    with pytest.raises(ValueError, match="to write into"):
        exposure_field(table, depots_at(0.0, 0.0), PLANE, out=np.zeros((2, 2, 16), dtype=np.float32))
    with pytest.raises(ValueError, match="distance apart"):
        Plane(0.0, 0.0, 0.0, 10, 10)
    with pytest.raises(ValueError, match="at least one column"):
        Plane(0.0, 0.0, 1.0, 0, 10)
    with pytest.raises(ValueError, match="kernel of each solute"):
        kernel_table([])
    with pytest.raises(ValueError, match="at most 20,000"):
        depots_at(np.zeros(20_001), 0.0)


def test_arrays_with_gaps_and_fields_of_another_table_are_refused() -> None:
    table = made_up_table(1, 1)
    gaps = np.zeros((50, 60, 32), dtype=np.float32)[:, :, ::2]
    with pytest.raises(ValueError, match="without gaps"):
        exposure_field(table, depots_at(0.0, 0.0), PLANE, out=gaps)
    inside = np.ones((50, 60), dtype=bool)
    with pytest.raises(ValueError, match="has 16 lanes"):
        coverage(table, np.zeros((50, 60, 32), dtype=np.float32), inside, [0.5])
    with pytest.raises(ValueError, match="without gaps"):
        coverage(table, gaps, inside, [0.5])


@pytest.mark.parametrize("hours", [0.0, -1.0, math.nan, math.inf])
def test_a_time_that_is_not_after_the_injection_is_refused(hours: float) -> None:
    with pytest.raises(ValueError, match="not after the injection"):
        depot_kernel(Layers((5.0,), (0.36,), (1.0,)), BALL, DEPTHS, hours=hours)
