"""What of a drop lies in a layer, and how wide: against kernels that are added up over rings."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mesoplan.kernels.depot import Depot, injected_depot
from mesoplan.kernels.exposure import depot_kernel, layer_midpoints_mm
from mesoplan.kernels.layer_content import blurred_disc, depot_variance_mm2, layer_content
from mesoplan.kernels.solutes import SkinLayers
from mesoplan.kernels.uptake import depot_uptake

Floats = NDArray[np.floating[Any]]
SKIN = SkinLayers(0.1, 1.7, 8.0)
DERMIS = (0.1, 1.7)
WHEAL = injected_depot(0.05, 1.0, 0.36, layer_top_mm=0.1, layer_bottom_mm=1.7)
BALL = injected_depot(0.002, 0.9, 0.36, layer_top_mm=0.1, layer_bottom_mm=1.7)
IN_FAT = injected_depot(0.02, 4.0, 0.36, layer_top_mm=1.7, layer_bottom_mm=9.7)

CASES = [
    ("a wheal in the dermis, early", WHEAL, 0.3, 0.8, 0.2),
    ("a wheal in the dermis, late", WHEAL, 0.3, 0.8, 8.0),
    ("a wheal, long chains", WHEAL, 0.003, 0.04, 24.0),
    ("a small ball in the dermis", BALL, 0.3, 0.8, 1.0),
    ("a drop in the fat, seen from the dermis", IN_FAT, 0.3, 0.8, 4.0),
]


@pytest.mark.parametrize(("name", "depot", "spread", "clearance", "hours"), CASES, ids=[one[0] for one in CASES])
def test_content_and_width_are_those_of_the_kernel(
    name: str, depot: Depot, spread: float, clearance: float, hours: float
) -> None:
    layers = SKIN.layers(spread, clearance)
    kernel = depot_kernel(layers, depot, layer_midpoints_mm(*DERMIS, 48), hours=hours, tail_share=1e-7)
    radii = np.arange(len(kernel.values)) * kernel.step_mm
    ring = kernel.values.astype(float).mean(axis=1) * (DERMIS[1] - DERMIS[0]) * 2 * math.pi * radii * kernel.step_mm
    found = layer_content(layers, depot, DERMIS)
    assert float(found.content_after(hours)) == pytest.approx(ring.sum(), rel=1e-3)
    variance = float((ring * radii**2).sum() / ring.sum() / 2)
    assert float(found.variance_mm2(hours)) == pytest.approx(variance, rel=1e-3)
    # And the disc with the Gaussian holds as much within each distance.
    disc = min(depot.radius_mm * (math.sqrt(0.8) if depot.is_ball else 1.0), 2 * math.sqrt(variance))
    blurred = blurred_disc(radii, disc, max(math.sqrt(max(variance - disc**2 / 4, 0.0)), 0.05))
    held = np.cumsum(blurred * 2 * math.pi * radii * kernel.step_mm)
    assert np.abs(held - np.cumsum(ring) / ring.sum()).max() < 0.01


@settings(max_examples=25, deadline=None)
@given(spread=st.floats(0.001, 2.0), clearance=st.floats(0.02, 4.0), volume_ml=st.floats(0.002, 0.1))
def test_what_is_left_is_what_the_uptake_leaves_and_the_layer_holds_no_more(
    spread: float, clearance: float, volume_ml: float
) -> None:
    layers = SKIN.layers(spread, clearance)
    depot = injected_depot(volume_ml, 1.0, 0.36, layer_top_mm=0.1, layer_bottom_mm=1.7)
    hours = np.array([0.05, 0.5, 2.0, 8.0, 48.0])
    found = layer_content(layers, depot, DERMIS)
    left = depot_uptake(layers, depot).amount_left(hours)
    assert found.left_after(hours) == pytest.approx(left, abs=1e-9)
    assert layer_content(layers, depot, (0.0, 9.7)).content_after(hours) == pytest.approx(left, abs=1e-9)
    assert (found.content_after(hours) <= left + 1e-9).all()
    assert (np.diff(left) < 1e-9).all()


@settings(max_examples=20, deadline=None)
@given(spread=st.floats(0.01, 2.0), hours=st.floats(0.05, 24.0))
def test_where_layers_are_alike_the_variance_grows_by_two_d_t(spread: float, hours: float) -> None:
    alike = SkinLayers(0.1, 1.7, 8.0, relative_spread=(1.0,) * 4, relative_clearance=(1.0,) * 4)
    found = layer_content(alike.layers(spread, 0.1), WHEAL, DERMIS)
    assert float(found.variance_mm2(hours)) == pytest.approx(depot_variance_mm2(WHEAL) + 2 * spread * hours, rel=1e-5)


@settings(max_examples=40, deadline=None)
@given(disc=st.floats(0.5, 8.0), sigma=st.floats(0.1, 20.0))
def test_a_blurred_disc_holds_a_unit_with_both_variances(disc: float, sigma: float) -> None:
    radii = (np.arange(40_000) + 0.5) * (disc + 8 * sigma) / 40_000
    ring = blurred_disc(radii, disc, sigma) * 2 * math.pi * radii * (radii[1] - radii[0])
    assert ring.sum() == pytest.approx(1.0, abs=1e-4)
    assert (ring * radii**2).sum() / 2 == pytest.approx(disc**2 / 4 + sigma**2, rel=1e-3)


@pytest.mark.parametrize(("hours", "over"), [(0.5, 0.005), (2.0, 0.001)])
def test_early_on_nothing_holds_more_than_the_drop_did(hours: float, over: float) -> None:
    """Long chains: D t is 5e-6 and 2e-5 of the radius squared."""
    layers, depths = SKIN.layers(0.0005, 0.03), layer_midpoints_mm(0.2, 1.6, 8)
    held = depot_kernel(layers, WHEAL, depths, hours=hours).values.max() * WHEAL.volume_mm3
    assert 0.9 < held < 1 + over


@pytest.mark.parametrize("window", [(1.0, 1.0), (-0.1, 1.0), (0.0, 99.0)])
def test_a_layer_that_is_none_is_refused(window: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="not depths of these layers"):
        layer_content(SKIN.layers(0.3, 0.8), WHEAL, window)


def test_times_before_the_injection_are_refused() -> None:
    with pytest.raises(ValueError, match="0 h or more"):
        layer_content(SKIN.layers(0.3, 0.8), WHEAL, DERMIS).content_after(-1.0)
