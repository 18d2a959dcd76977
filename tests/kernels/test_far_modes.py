"""Tables summed by modes far from the depots against the same tables summed in full, and when they are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesoplan.kernels.depot import injected_depot
from mesoplan.kernels.exposure import (
    Depots,
    KernelTable,
    Plane,
    Singles,
    depot_kernel,
    depots_at,
    empty_field,
    exposure_field,
    kernel_table,
    layer_midpoints_mm,
)
from mesoplan.kernels.far_modes import LARGEST_ERROR, far_modes
from mesoplan.kernels.lanes import lanes_for, solutes_in_block
from mesoplan.kernels.solutes import SkinLayers

SKIN = SkinLayers(0.2, 1.6, 3.4)
SOLUTES = ((0.36, 1.0), (0.08, 0.2), (0.01, 0.03))
DEPTHS = layer_midpoints_mm(0.0, 5.0, 30)
PLANE = Plane(0.25, 0.25, 0.5, 61, 40)


def layered_table(
    volumes_ml: tuple[float, ...], solutes: int, depths: int = 30, hours: float | None = None
) -> KernelTable:
    """Drops of some volumes at 2.5 mm in skin of four layers."""
    middles = layer_midpoints_mm(0.0, 5.0, depths)
    return kernel_table(
        [
            [
                depot_kernel(SKIN.layers(*one), injected_depot(volume, 2.5, 0.3), middles, hours=hours)
                for one in SOLUTES[:solutes]
            ]
            for volume in volumes_ml
        ]
    )


TABLE = layered_table((0.01, 0.004), 3)


def in_full(table: KernelTable, depots: Depots, plane: Plane) -> Singles:
    """The same sum without modes: into an array that does not start on a line of the cache."""
    shape = (plane.rows, plane.columns, table.rows.shape[2])
    numbers = empty_field(table, Plane(0.0, 0.0, 1.0, plane.columns * plane.rows + 1, 1)).reshape(-1)
    return exposure_field(table, depots, plane, out=numbers[1 : 1 + np.prod(shape)].reshape(shape))


def apart(found: Singles, wanted: Singles) -> float:
    """Relative L2."""
    return float(np.linalg.norm(found - wanted) / np.linalg.norm(wanted))


@settings(max_examples=25, deadline=None)
@given(
    places=st.lists(
        st.tuples(st.floats(-12, 42), st.floats(-12, 32), st.floats(0.125, 3), st.integers(0, 1)),
        min_size=1,
        max_size=12,
    ),
    threads=st.integers(1, 3),
)
def test_sum_by_modes_is_the_sum_in_full(places: list[tuple[float, float, float, int]], threads: int) -> None:
    assert TABLE.far is not None
    x, y, doses, kinds = (np.array(column) for column in zip(*places, strict=True))
    depots = depots_at(x, y, doses, kinds)
    found, wanted = exposure_field(TABLE, depots, PLANE, threads=threads), in_full(TABLE, depots, PLANE)
    assert np.isfinite(found).all()
    # Of what one depot of its dose leaves: far from all depots there is little, and the error is no share of that.
    one = exposure_field(TABLE, depots_at(15.0, 10.0, 1.0, 1), PLANE)
    assert np.linalg.norm(found - wanted) <= 3 * LARGEST_ERROR * doses.sum() * np.linalg.norm(one)


@pytest.mark.parametrize("columns", [1, 2, 7, 8, 9, 16, 61])
def test_lines_of_any_length_are_written_whole(columns: int) -> None:
    plane = Plane(0.25, 0.25, 0.5, columns, 12)
    depots = depots_at([1.0, 0.3, 9.0], [2.0, 0.0, 5.5], [1.0, 2.0, 1.0], [0, 1, 0])
    out = empty_field(TABLE, plane)
    out[:] = np.nan
    assert exposure_field(TABLE, depots, plane, out=out) is out
    assert apart(out, in_full(TABLE, depots, plane)) < 1e-4


@pytest.mark.parametrize(("solutes", "depths"), [(1, 50), (1, 64), (2, 40), (3, 22), (3, 50)])
def test_any_number_of_solutes_and_depths(solutes: int, depths: int) -> None:
    table = layered_table((0.01,), solutes, depths)
    assert table.far is not None
    depots = depots_at([5.0, 11.0, 12.5], [6.0, 6.5, 14.0])
    assert apart(exposure_field(table, depots, PLANE), in_full(table, depots, PLANE)) < 1e-4


def test_concentration_at_an_hour_is_held_as_well() -> None:
    table = layered_table((0.01,), 3, hours=1.0)
    depots = depots_at([5.0, 11.0], [6.0, 6.5])
    assert apart(exposure_field(table, depots, PLANE), in_full(table, depots, PLANE)) < 1e-4


def test_no_depot_leaves_nothing() -> None:
    nothing = depots_at(np.zeros(0), np.zeros(0))
    assert not exposure_field(TABLE, nothing, PLANE).any()


def test_modes_hold_the_table_beyond_the_edge_of_the_drop_as_well_as_they_say() -> None:
    far = TABLE.far
    assert far is not None
    # 0.01 mL at a porosity of 0.3 is a ball of 2.0 mm.
    assert 1.75 <= far.near_mm <= 2.75
    assert np.array_equal(far.near, TABLE.rows[:, : far.near.shape[1]])
    assert not far.amounts[:, -1].any()


def test_a_narrow_table_and_one_of_many_shapes_are_summed_in_full() -> None:
    assert layered_table((0.01,), 1, 16).far is None
    noise = np.random.default_rng(3).random((1, 200, 96)).astype(np.float32)
    assert far_modes(noise, 3, 30, 0.025) is None


def test_a_table_of_nothing_leaves_nothing() -> None:
    empty = KernelTable(np.zeros((1, 100, 96), dtype=np.float32), 3, 30, 0.025)
    assert not exposure_field(empty, depots_at(5.0, 5.0), PLANE).any()


def test_blocks_of_lanes_know_their_solutes() -> None:
    assert lanes_for(150) == 160
    assert [solutes_in_block(block, 3, 50) for block in range(10)] == [
        [0],
        [0],
        [0],
        [0, 1],
        [1],
        [1],
        [1, 2],
        [2],
        [2],
        [2],
    ]
