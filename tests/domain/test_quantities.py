"""Quantities: what can be read, what cannot be mixed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.domain.quantities import (
    Area,
    BodyWeight,
    Concentration,
    Length,
    Mass,
    Quantity,
    UnitError,
    Volume,
)

FINITE = st.floats(min_value=-1e6, max_value=1e6)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Volume, "0.04 mL", 0.04),
        (Volume, "0,04 mL", 0.04),
        (Volume, "40 uL", 0.04),
        (Volume, "40 µL", 0.04),
        (Mass, "20 mg", 20),
        (Mass, "1.2 g", 1200),
        (Concentration, "3 % w/v", 30),
        (Concentration, "4 mg/mL", 4),
        (Length, "1 cm", 10),
        (Area, "21.5 cm²", 21.5),
        (BodyWeight, "62 kg", 62),
    ],
)
def test_what_people_write_is_read(kind: type[Quantity], text: str, value: float) -> None:
    assert kind.parse(text).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        (Volume, "0.04", "has no unit"),
        (Volume, "0.04 mg", "unit “mg” is not one of: mL"),
        (Volume, "a little", "is not a number"),
        (Volume, "1.000,5 mL", "is not one of"),
        (Concentration, "4 %", "% w/v"),
        (Mass, "5 U", "unit “U” is not one of"),
        (Volume, "", "is not a number"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_is_allowed(kind: type[Quantity], text: str, says: str) -> None:
    with pytest.raises(UnitError, match=says):
        kind.parse(text)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_quantity_is_finite(value: float) -> None:
    with pytest.raises(UnitError, match="finite"):
        Volume(value)


def test_unlike_quantities_are_neither_added_nor_compared() -> None:
    with pytest.raises(TypeError):
        Volume(1) + Mass(1)  # type: ignore[operator]
    with pytest.raises(TypeError):
        _ = Volume(1) < Length(1)  # type: ignore[operator]
    with pytest.raises(TypeError):
        Volume(1) * Volume(1)  # type: ignore[operator]
    assert Volume(1) != Mass(1)  # type: ignore[comparison-overlap]


@given(FINITE, FINITE)
def test_sums_and_order_are_those_of_the_numbers(a: float, b: float) -> None:
    assert (Volume(a) + Volume(b)).value == a + b
    assert (Volume(a) - Volume(b)).value == a - b
    assert (Volume(a) < Volume(b)) == (a < b)
    assert (Volume(a) >= Volume(b)) == (a >= b)


@given(st.floats(0.01, 1000), st.floats(0.01, 100))
def test_concentration_times_volume_is_mass_and_back(concentration: float, volume: float) -> None:
    mass = Concentration(concentration).in_volume(Volume(volume))
    assert mass.in_volume(Volume(volume)).value == pytest.approx(concentration)
