"""Osmolarity: stocks against hand calculation, mixtures against a slow reference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.kernels.osmolarity import mixture_osmolarity_mosm_l, stock_osmolarity_mosm_l

STOCKS = [
    # stock, strength mg/mL, molar mass g/mol, particles, mosm/L
    ("tranexamic acid 100 mg/mL", 100, 157.2, 1, 636),
    ("sodium ascorbate 500 mg/mL as ascorbic acid", 500, 176.13, 2, 5678),
    ("ascorbate 100 mg/mL", 100, 176.13, 2, 1136),
    ("sodium glutathione 200 mg/mL", 200, 307.3, 2, 1302),
    ("sodium chloride 0.9 %", 9, 58.44, 2, 308),
    ("sodium bicarbonate 8.4 %", 84, 84.0, 2, 2000),
    ("nothing dissolved", 0, 18.0, 1, 0),
]
TXA, ASCORBATE, GLUTATHIONE, SALINE, WATER = 636.0, 5680.0, 1300.0, 308.0, 0.0


@pytest.mark.parametrize(("stock", "strength", "molar_mass", "particles", "expected"), STOCKS)
def test_stock_from_molar_mass(
    stock: str, strength: float, molar_mass: float, particles: float, expected: float
) -> None:
    assert stock_osmolarity_mosm_l(strength, molar_mass, particles) == pytest.approx(expected, abs=0.6), stock


@pytest.mark.parametrize(("strength", "molar_mass", "particles"), [(-1, 100, 1), (1, 0, 1), (1, 100, 0), (1, -5, 1)])
def test_stock_refuses_figures_without_meaning(strength: float, molar_mass: float, particles: float) -> None:
    with pytest.raises(ValueError, match="must"):
        stock_osmolarity_mosm_l(strength, molar_mass, particles)


def mixed(volumes_ml: list[float], stocks: list[float]) -> float:
    low, high = mixture_osmolarity_mosm_l(np.array(volumes_ml), np.column_stack([stocks, stocks]))
    assert low == pytest.approx(high)
    return low


def test_worked_check_melasma_cocktail_is_743_in_saline_and_496_in_water() -> None:
    """TXA 4, ascorbate 30, GSH 20 mg/mL from stocks of 100, 500 and 200 mg/mL."""
    draws = [0.04, 0.06, 0.10, 0.80]
    assert mixed(draws, [TXA, ASCORBATE, GLUTATHIONE, SALINE]) == pytest.approx(743, abs=0.5)
    assert mixed(draws, [TXA, ASCORBATE, GLUTATHIONE, WATER]) == pytest.approx(496, abs=0.5)


def test_worked_check_ascorbate_30_is_630_in_saline_and_341_in_water() -> None:
    assert mixed([0.06, 0.94], [ASCORBATE, SALINE]) == pytest.approx(630, abs=0.5)
    assert mixed([0.06, 0.94], [ASCORBATE, WATER]) == pytest.approx(341, abs=0.5)


def test_a_stock_known_as_a_range_gives_a_range() -> None:
    low, high = mixture_osmolarity_mosm_l(np.array([1.0, 1.0]), np.array([[280.0, 320.0], [300.0, 300.0]]))
    assert (low, high) == pytest.approx((290, 310))


@pytest.mark.parametrize(
    ("volumes", "stocks"),
    [([-0.1, 1.0], [[1, 1], [1, 1]]), ([0.0], [[1, 1]]), ([], np.empty((0, 2))), ([1.0], [[1, 1], [2, 2]])],
)
def test_mixture_refuses_what_cannot_be_mixed(volumes: list[float], stocks: list[list[float]]) -> None:
    with pytest.raises(ValueError, match=r"volumes|needs"):
        mixture_osmolarity_mosm_l(np.array(volumes, dtype=float), np.array(stocks, dtype=float))


PARTS = st.lists(st.tuples(st.floats(0.01, 20), st.floats(0, 6000), st.floats(0, 500)), min_size=1, max_size=6)


@given(PARTS)
def test_mixture_agrees_with_adding_up_particles_one_by_one(parts: list[tuple[float, float, float]]) -> None:
    mosm_low = mosm_high = total = 0.0
    for volume_ml, low, width in parts:
        mosm_low += volume_ml * low
        mosm_high += volume_ml * (low + width)
        total += volume_ml
    volumes = np.array([volume for volume, _, _ in parts])
    bounds = np.array([(low, low + width) for _, low, width in parts])
    assert mixture_osmolarity_mosm_l(volumes, bounds) == pytest.approx((mosm_low / total, mosm_high / total))


@given(PARTS)
def test_mixture_lies_between_its_weakest_and_strongest_stock(parts: list[tuple[float, float, float]]) -> None:
    bounds = np.array([(low, low + width) for _, low, width in parts])
    low, high = mixture_osmolarity_mosm_l(np.array([volume for volume, _, _ in parts]), bounds)
    assert bounds.min() - 1e-6 <= low <= high + 1e-6
    assert high <= bounds.max() + 1e-6
