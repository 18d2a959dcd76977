"""Numbers as people type them. The browser's twin (unitfield.js) is held to the same table by the browser tests."""

import pytest

from mesoplan.clinic.shell.numbers import Unreadable, read_number


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("0.04", "mL", 0.04),
        ("0,04", "mL", 0.04),
        (" .04 ", "mL", 0.04),
        ("0.04 mL", "mL", 0.04),
        ("0.04ml", "mL", 0.04),
        ("40 uL", "mL", 0.04),
        ("40 µL", "mL", 0.04),
        ("40 μL", "mL", 0.04),
        ("1 cm", "mm", 10.0),
        ("800 microgram", "mg", 0.8),
        ("30°", "°", 30.0),
        ("−2", "mm", -2.0),
    ],
)
def test_read(typed: str, unit: str, value: float) -> None:
    assert read_number(typed, label="Volume", unit=unit) == pytest.approx(value)


@pytest.mark.parametrize("typed", ["1,234.5", "1.234,5", "1 000", "abc", "4 kg", "0.04 0.05", "1e3", ".", "nan", "--1"])
def test_what_is_not_one_number_is_refused_with_what_was_typed(typed: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_number(typed, label="Volume per point", unit="mL")
    assert str(refusal.value) == f"Volume per point must be one number in mL, such as 0.5 or 0,5. You wrote {typed}."


@pytest.mark.parametrize("typed", ["abc", "2.5", "1e9", "nan"])
def test_a_count_is_told_to_be_whole(typed: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_number(typed, label="Sessions still to come", unit="", low=0, high=24, whole=True)
    assert str(refusal.value) == f"Sessions still to come must be a whole number. You wrote {typed}."


def test_what_has_no_unit_is_told_without_one() -> None:
    with pytest.raises(Unreadable) as refusal:
        read_number("abc", label="Goal: a score of", unit="")
    assert str(refusal.value) == "Goal: a score of must be one number, such as 0.5 or 0,5. You wrote abc."


@pytest.mark.parametrize(
    ("typed", "low", "high", "told"),
    [
        ("0.5", 0.01, 0.05, "Volume per point must be within 0.01–0.05\u00a0mL. You wrote 0.5."),
        ("0.5", None, 0.05, "Volume per point must be at most 0.05\u00a0mL. You wrote 0.5."),
        ("0", 0.01, None, "Volume per point must be at least 0.01\u00a0mL. You wrote 0."),
        ("", 0.01, 0.05, "Enter volume per point."),
    ],
)
def test_out_of_range(typed: str, low: float | None, high: float | None, told: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_number(typed, label="Volume per point", unit="mL", low=low, high=high)
    assert str(refusal.value) == told
