"""Shape of a depot: its volume is kept whatever the layer; the closed forms against plain sums."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.kernels.depot import ball_concentration, ball_exposure, injected_depot


@pytest.mark.parametrize(
    ("volume_ml", "depth_mm", "layer_mm", "is_ball", "height_mm"),
    [
        (0.01, 2.5, (0.0, math.inf), True, 2 * 1.9965),
        (0.1, 1.0, (0.0, math.inf), False, 1.0 + 4.3013),
        (0.01, 0.7, (0.2, 1.2), False, 1.0),
        (0.001, 0.7, (0.0, 1.4), False, 1.4),
        (0.0001, 0.7, (0.2, 1.2), True, 0.8602),
    ],
)
def test_ball_where_it_fits_else_wheal(
    volume_ml: float, depth_mm: float, layer_mm: tuple[float, float], is_ball: bool, height_mm: float
) -> None:
    depot = injected_depot(volume_ml, depth_mm, 0.3, layer_top_mm=layer_mm[0], layer_bottom_mm=layer_mm[1])
    assert depot.is_ball is is_ball
    assert depot.bottom_mm - depot.top_mm == pytest.approx(height_mm, abs=1e-4)
    assert depot.volume_mm3 == pytest.approx(volume_ml * 1000 / 0.3)


@given(
    volume_ml=st.floats(1e-4, 1.0),
    share=st.floats(0.01, 0.99),
    porosity=st.floats(0.05, 1.0),
    top=st.floats(0, 2),
    thick=st.floats(0.2, 10),
)
def test_no_depot_loses_volume_or_leaves_its_layer(
    volume_ml: float, share: float, porosity: float, top: float, thick: float
) -> None:
    depot = injected_depot(volume_ml, top + share * thick, porosity, layer_top_mm=top, layer_bottom_mm=top + thick)
    assert depot.top_mm >= top
    assert depot.bottom_mm <= top + thick
    depths = np.linspace(depot.top_mm, depot.bottom_mm, 20_001)
    cut = np.pi * depot.radius_at_mm((depths[1:] + depths[:-1]) / 2) ** 2
    assert cut.sum() * (depths[1] - depths[0]) == pytest.approx(volume_ml * 1000 / porosity, rel=1e-4)


@pytest.mark.parametrize(
    ("volume_ml", "depth_mm", "porosity", "said"),
    [
        (0.0, 1.0, 0.3, "leaves no depot"),
        (math.nan, 1.0, 0.3, "leaves no depot"),
        (math.inf, 1.0, 0.3, "leaves no depot"),
        (0.01, 1.0, 0.0, "porosity"),
        (0.01, 1.0, math.nan, "porosity"),
        (0.01, 0.0, 0.3, "not inside"),
        (0.01, math.nan, 0.3, "not inside"),
        (0.01, 9.0, 0.3, "not inside"),
    ],
)
def test_no_depot_of_nothing_or_nowhere(volume_ml: float, depth_mm: float, porosity: float, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        injected_depot(volume_ml, depth_mm, porosity, layer_bottom_mm=5.0)


@pytest.mark.parametrize(("spread", "cleared", "radius"), [(0.36, 1.0, 2.0), (0.01, 0.03, 0.5), (0.5, 0.001, 1.0)])
def test_closed_form_keeps_the_balance_and_is_the_integral_over_time(
    spread: float, cleared: float, radius: float
) -> None:
    r = np.linspace(0, radius + 40 * math.sqrt(spread / cleared), 400_001)
    shells = 4 * np.pi * r**2 * (r[1] - r[0])
    assert cleared * (ball_exposure(r, radius, spread, cleared) * shells).sum() == pytest.approx(1.0, abs=1e-5)
    here = np.array([0.0, 0.5 * radius, radius, 1.5 * radius])
    points, weights = np.polynomial.legendre.leggauss(60)
    panels = np.geomspace(1e-6, 40 / cleared, 40)
    total = np.zeros(4)
    for low, high in zip([0.0, *panels[:-1]], panels, strict=True):
        for point, weight in zip(points, weights, strict=True):
            hours = (low + high) / 2 + point * (high - low) / 2
            total += weight * (high - low) / 2 * ball_concentration(here, hours, radius, spread, cleared)
    assert total == pytest.approx(ball_exposure(here, radius, spread, cleared), rel=1e-5)
