"""What lies between two depths is a part of what is left in the skin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesoplan.kernels.depot import injected_depot
from mesoplan.kernels.solutes import SkinLayers
from mesoplan.kernels.uptake import depot_uptake

SKIN = SkinLayers(0.2, 1.9, 6.0)
DEPOT = injected_depot(0.02, 1.0, 0.36, layer_top_mm=0.2, layer_bottom_mm=1.9)
HOURS = np.array([0.0, 0.1, 1.0, 8.0, 48.0])


def test_from_the_surface_to_the_bottom_lies_all_that_is_left() -> None:
    uptake = depot_uptake(SKIN.layers(0.3, 0.8), DEPOT, (0.0, 7.9))
    assert uptake.amount_in_window(HOURS) == pytest.approx(uptake.amount_left(HOURS), abs=1e-9)


def test_at_the_injection_all_lies_in_the_depot() -> None:
    layers = SKIN.layers(0.3, 0.8)
    inside = depot_uptake(layers, DEPOT, (DEPOT.top_mm, DEPOT.bottom_mm))
    assert float(inside.amount_in_window(0.0)) == pytest.approx(1.0, abs=2e-3)
    below = depot_uptake(layers, DEPOT, (DEPOT.bottom_mm + 0.5, 7.9))
    assert abs(float(below.amount_in_window(0.0))) < 1e-3
    assert float(below.amount_in_window(1.0)) > 1e-3


@settings(max_examples=20)
@given(border_mm=st.floats(0.05, 7.8), diffusivity=st.floats(0.05, 2.0), clearance=st.floats(0.05, 4.0))
def test_two_windows_hold_what_one_over_both_holds(border_mm: float, diffusivity: float, clearance: float) -> None:
    layers = SKIN.layers(diffusivity, clearance)
    upper, lower = (
        depot_uptake(layers, DEPOT, window).amount_in_window(HOURS) for window in ((0.0, border_mm), (border_mm, 7.9))
    )
    assert upper + lower == pytest.approx(depot_uptake(layers, DEPOT).amount_left(HOURS), abs=1e-9)


@pytest.mark.parametrize("window", [(1.0, 1.0), (-0.1, 1.0), (2.0, 1.0), (0.0, 9.0), (0.0, float("nan"))])
def test_depths_that_are_none_of_the_layers_are_refused(window: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="not depths of these layers"):
        depot_uptake(SKIN.layers(0.3, 0.8), DEPOT, window)


def test_where_no_depths_were_asked_about_there_is_no_answer() -> None:
    with pytest.raises(ValueError, match="no depths"):
        depot_uptake(SKIN.layers(0.3, 0.8), DEPOT).amount_in_window(1.0)
