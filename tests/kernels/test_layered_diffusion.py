"""Kernels of single depots against closed forms, against finite volumes, and against the balance of mass."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mesoplan.kernels.depot import Depot, ball_concentration, ball_exposure, injected_depot
from mesoplan.kernels.layered_diffusion import Layers, concentration_kernel, exposure_kernel
from mesoplan.kernels.uptake import depot_uptake, slowest_decay_per_mm
from tests.kernels.finite_volumes import ring_exposure

Floats = NDArray[np.floating[Any]]
SKIN = Layers((0.2, 1.0, 1.3, 2.5), (0.1, 0.3, 0.36, 0.2), (0.0, 2.0, 1.0, 0.3))
BALL = injected_depot(0.01, 2.5, 0.3)
UPTAKE = depot_uptake(SKIN, BALL)


def relative_error(found: Floats, wanted: Floats, radii_mm: Floats) -> float:
    """L2 over the volume: far rings are larger."""
    weight = radii_mm[:, None]
    return math.sqrt((weight * (found - wanted) ** 2).sum() / (weight * wanted**2).sum())


def mirrored(thickness_mm: float, depth_mm: float) -> list[float]:
    """Depths of a ball's mirror images at both borders of a slab."""
    return [2 * n * thickness_mm + sign * depth_mm for n in range(-6, 7) for sign in (1, -1)]


@pytest.mark.parametrize(("spread", "cleared"), [(0.36, 1.0), (0.08, 0.2), (0.01, 0.03)])
def test_exposure_in_uniform_skin_is_the_closed_form(spread: float, cleared: float) -> None:
    radii, depths = np.arange(0.0125, 8, 0.05), (np.arange(50) + 0.5) * 0.1
    found = exposure_kernel(Layers((5.0,), (spread,), (cleared,)), BALL, radii, depths)
    wanted = sum(
        ball_exposure(np.hypot(radii[:, None], depths - image), BALL.radius_mm, spread, cleared)
        for image in mirrored(5.0, 2.5)
    )
    assert relative_error(found, np.asarray(wanted), radii) < 2e-4


@pytest.mark.parametrize(
    ("spread", "cleared", "hours", "most"),
    [
        (0.36, 1.0, 0.1, 1e-6),
        (0.36, 1.0, 1.0, 1e-6),
        (0.36, 1.0, 4.0, 1e-6),
        # Edges far sharper than the depot: D t is 0.0006 to 0.0001 of the radius squared.
        (0.36, 1.0, 0.005, 3e-5),
        (0.01, 0.03, 0.25, 3e-5),
        (0.01, 0.03, 0.1, 1e-4),
        (0.01, 0.03, 0.05, 2e-4),
    ],
)
def test_concentration_in_uniform_skin_is_the_closed_form(
    spread: float, cleared: float, hours: float, most: float
) -> None:
    radii, depths = np.arange(0.0125, 10 if hours > 0.3 else 4, 0.05), (np.arange(50) + 0.5) * 0.1
    found = concentration_kernel(Layers((5.0,), (spread,), (cleared,)), BALL, radii, depths, hours)
    wanted = sum(
        ball_concentration(np.hypot(radii[:, None], depths - image), hours, BALL.radius_mm, spread, cleared)
        for image in mirrored(5.0, 2.5)
    )
    assert relative_error(found, np.asarray(wanted), radii) < most


@settings(max_examples=12, deadline=None)
@given(
    spread=st.floats(0.005, 1.0),
    per_mm=st.floats(0.7, 4.0),
    volume_ml=st.floats(0.001, 0.05),
    below=st.floats(1.02, 2.0),
)
def test_half_space_closed_form_for_any_ball(spread: float, per_mm: float, volume_ml: float, below: float) -> None:
    """Deep enough that the lower border is out of reach, so that one image above the surface is all."""
    cleared = spread * per_mm**2
    radius = injected_depot(volume_ml, 50.0, 0.3).radius_mm
    depot = injected_depot(volume_ml, below * radius, 0.3)
    depth = depot.bottom_mm + 10 / per_mm
    radii, depths = np.arange(0.02, radius + 6 / per_mm, 0.08), np.linspace(0, depot.bottom_mm + 2 / per_mm, 40)
    found = exposure_kernel(Layers((depth,), (spread,), (cleared,)), depot, radii, depths)
    middle = below * radius
    wanted = sum(
        ball_exposure(np.hypot(radii[:, None], depths - image), radius, spread, cleared) for image in (middle, -middle)
    )
    assert relative_error(found, np.asarray(wanted), radii) < 5e-4


@pytest.mark.parametrize(
    "depot",
    [
        BALL,
        injected_depot(0.01, 0.9, 0.3, layer_bottom_mm=2.0),
        injected_depot(0.02, 0.8, 0.3, layer_top_mm=0.2, layer_bottom_mm=1.2),
        injected_depot(0.1, 1.0, 0.3, layer_bottom_mm=5.0),
    ],
)
def test_layered_skin_as_finite_volumes_have_it(depot: Depot) -> None:
    radii, depths, wanted = ring_exposure(SKIN, depot, 7.0 if depot.radius_mm < 3 else 11.0, 0.025)
    found = exposure_kernel(SKIN, depot, radii, depths)
    assert relative_error(found, wanted, radii) < 2e-3


LAYER = st.tuples(st.floats(0.1, 3.0), st.floats(0.005, 0.6), st.floats(0.0, 3.0))


@settings(max_examples=12, deadline=None)
@given(layers=st.lists(LAYER, min_size=1, max_size=5), share=st.floats(0.05, 0.95), volume_ml=st.floats(0.001, 0.1))
def test_what_is_cleared_and_what_is_left_is_what_was_injected(
    layers: list[tuple[float, float, float]], share: float, volume_ml: float
) -> None:
    thickness, spread, cleared = (tuple(column) for column in zip(*layers, strict=True))
    if max(cleared) < 0.01:
        cleared = (*cleared[:-1], 0.01)
    skin = Layers(thickness, spread, cleared)
    depot = injected_depot(volume_ml, share * skin.depth_mm, 0.3, layer_bottom_mm=skin.depth_mm)
    uptake = depot_uptake(skin, depot)
    assert uptake.taken_up == pytest.approx(1.0, abs=1e-3)
    assert uptake.amount_left(0.0) == pytest.approx(1.0, abs=1e-3)
    half = uptake.hours_until_left(0.5)
    assert uptake.amount_left(half) == pytest.approx(0.5, abs=1e-6)
    times = np.linspace(0, half, 4001)
    flow = uptake.flow_per_h(times)
    cleared_so_far = ((flow[1:] + flow[:-1]) / 2).sum() * times[1]
    assert cleared_so_far == pytest.approx(0.5, abs=2e-3)


def test_field_and_blood_agree_on_the_clearance() -> None:
    """The clearance of the whole field, summed over rings, is the dose; its volume is the mean stay."""
    radii = (np.arange(2400) + 0.5) * 0.005
    nodes, weights = np.polynomial.legendre.leggauss(24)
    cleared = stay = 0.0
    top = 0.0
    for thick, k in zip(SKIN.thickness_mm, SKIN.clearance_per_h, strict=True):
        for low, high in ((top, top + thick / 2), (top + thick / 2, top + thick)):
            depths = (low + high) / 2 + nodes * (high - low) / 2
            field = exposure_kernel(SKIN, BALL, radii, depths) @ (weights * (high - low) / 2)
            whole = float((2 * np.pi * radii * 0.005) @ field)
            cleared, stay = cleared + k * whole, stay + whole
        top += thick
    assert cleared == pytest.approx(1.0, abs=1e-3)
    assert stay == pytest.approx(depot_uptake(SKIN, BALL).mean_residence_h, rel=1e-3)


def test_blood_of_a_one_compartment_body_as_stepped() -> None:
    uptake = depot_uptake(SKIN, BALL)
    hours = np.linspace(0, 24, 48_001)
    flow, step = uptake.flow_per_h(hours), hours[1]
    amount = [0.0]
    for now, then in pairwise(flow):
        amount.append((amount[-1] * (1 - 0.15 * step) + step * (now + then) / 2) / (1 + 0.15 * step))
    assert uptake.in_blood_per_l(hours, 40.0, 0.3) == pytest.approx(np.array(amount) / 40.0, abs=1e-8)


@settings(max_examples=20, deadline=None)
@given(hours=st.floats(0, 1e5), elimination=st.floats(1e-3, 1e3))
def test_blood_is_a_number_at_any_time(hours: float, elimination: float) -> None:
    level = float(UPTAKE.in_blood_per_l(hours, 10.0, elimination))
    assert -1e-9 <= level <= 0.1


def test_blood_at_no_time_is_refused() -> None:
    for hours in (math.nan, -1.0, math.inf):
        with pytest.raises(ValueError, match="finite and 0 h or more"):
            UPTAKE.in_blood_per_l(hours, 10.0, 0.3)
    with pytest.raises(ValueError, match="above 0"):
        UPTAKE.in_blood_per_l(1.0, math.nan, 0.3)


def test_uniform_skin_leaves_as_one_exponential() -> None:
    uptake = depot_uptake(Layers((5.0,), (0.3,), (0.7,)), BALL)
    assert uptake.mean_residence_h == pytest.approx(1 / 0.7, rel=1e-6)
    assert uptake.amount_left([0.0, 1.0, 5.0]) == pytest.approx(np.exp([0.0, -0.7, -3.5]), rel=1e-6)
    assert slowest_decay_per_mm(Layers((5.0,), (0.3,), (0.7,))) == pytest.approx(math.sqrt(0.7 / 0.3), rel=1e-6)


@pytest.mark.parametrize(
    ("thickness", "spread", "cleared", "said"),
    [
        ((1.0,), (0.3,), (0.0,), "above 0 in at least one"),
        ((1.0, 2.0), (0.3,), (1.0,), "each layer needs"),
        ((), (), (), "each layer needs"),
        ((1.0,), (math.nan,), (1.0,), "finite"),
        ((0.0,), (0.3,), (1.0,), "above 0"),
        ((1.0,), (0.3,), (-1.0,), "0 or more"),
    ],
)
def test_layers_without_an_answer_are_refused(
    thickness: tuple[float, ...], spread: tuple[float, ...], cleared: tuple[float, ...], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        Layers(thickness, spread, cleared)


def test_a_depot_below_the_skin_a_depth_outside_and_a_time_before_are_refused() -> None:
    thin = Layers((1.0,), (0.3,), (1.0,))
    with pytest.raises(ValueError, match="the layers end at"):
        exposure_kernel(thin, BALL, np.array([0.0]), np.array([0.5]))
    with pytest.raises(ValueError, match="depths must lie"):
        exposure_kernel(SKIN, BALL, np.array([0.0]), np.array([math.nan]))
    with pytest.raises(ValueError, match="not after"):
        concentration_kernel(SKIN, BALL, np.array([0.0]), np.array([0.5]), 0.0)
