"""How figures and dates are written: a table to read, and what holds for every number."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesoplan.domain.quantities import Angle, Area, Concentration, Length, Mass, Volume
from mesoplan.domain.writing import (
    Language,
    angle_text,
    area_text,
    concentration_text,
    count_text,
    date_text,
    length_text,
    long_date_text,
    mass_text,
    moment_text,
    number_text,
    quantity_text,
    range_text,
    volume_text,
)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (volume_text(Volume(0.4)), "0.40 mL"),
        (volume_text(Volume(0.04)), "0.04 mL"),
        (volume_text(Volume(0.84)), "0.84 mL"),
        (volume_text(Volume(2)), "2.00 mL"),
        (volume_text(Volume(0.1 + 0.2)), "0.30 mL"),
        (volume_text(Volume(0.025)), "0.025 mL"),
        (volume_text(Volume(0.001)), "0.001 mL"),
        (volume_text(Volume(0.00001)), "0.00001 mL"),
        (volume_text(Volume(0)), "0.00 mL"),
        (volume_text(Volume(5), step_ml=0.2), "5.0 mL"),
        (length_text(Length(1)), "1.0 mm"),
        (length_text(Length(1.035)), "1.0 mm"),
        (length_text(Length(0.05)), "0.1 mm"),
        (area_text(Area(4.48)), "4.5 cm²"),
        (area_text(Area(19.2)), "19 cm²"),
        (angle_text(Angle(30)), "30°"),
        (mass_text(Mass(7.84)), "7.84 mg"),
        (mass_text(Mass(0.004)), "4 microgram"),
        (concentration_text(Concentration(4.0)), "4 mg/mL"),
        (quantity_text(0.41, "mg/cm2"), "0.41 mg/cm²"),
        (quantity_text(297.0, "mosm/L"), "297 mosm/L"),
        (range_text(0.7, 1.3, "mm"), "0.7–1.3 mm"),
        (range_text(1, 1.5, "mm"), "1.0–1.5 mm"),
        (range_text(14, 28, "d"), "14–28 days"),
        (range_text(6.4, 6.4, "pH"), "6.4"),
        (range_text(-2, -1, "mm"), "−2 – −1 mm"),
        (number_text(12345), "12 345"),
        (number_text(1234.5, decimals=1), "1 234.5"),
        (number_text(-0.5), "−0.5"),
        (number_text(100), "100"),
        (number_text(0.0004, decimals=2), "0.0004"),
        (count_text(1, "session", "sessions"), "1 session"),
        (count_text(6, "session", "sessions"), "6 sessions"),
        (date_text(date(2026, 11, 30)), "30 Nov 2026"),
        (date_text(date(2026, 3, 1)), "1 Mar 2026"),
        (
            moment_text(datetime(2026, 11, 23, 14, 40, tzinfo=timezone(timedelta(hours=1)))),
            "23 Nov 2026 14:40 (UTC+01:00)",
        ),
        (moment_text(datetime(2026, 11, 23, 4, 5, tzinfo=UTC)), "23 Nov 2026 04:05 (UTC)"),
    ],
)
def test_it_is_written_so(written: str, expected: str) -> None:
    assert plain(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (number_text(0.04, language=Language.FRENCH), "0,04"),
        (number_text(1234.5, digits=5, language=Language.ITALIAN), "1 234,5"),
        (number_text(12, language=Language.SPANISH), "12"),
        (volume_text(Volume(0.4), language=Language.SPANISH), "0,40 mL"),
        (date_text(date(2026, 11, 30), Language.FRENCH), "30 nov. 2026"),
        (date_text(date(2026, 7, 1), Language.ITALIAN), "1 lug 2026"),
        (date_text(date(2027, 1, 2), Language.SPANISH), "2 ene 2027"),
        (long_date_text(date(2026, 12, 1)), "1 December 2026"),
        (long_date_text(date(2026, 12, 1), Language.FRENCH), "1er décembre 2026"),
        (long_date_text(date(2026, 8, 2), Language.FRENCH), "2 août 2026"),
        (long_date_text(date(2026, 12, 1), Language.ITALIAN), "1 dicembre 2026"),
        (long_date_text(date(2026, 12, 1), Language.SPANISH), "1 de diciembre de 2026"),
    ],
)
def test_it_is_written_as_the_language_has_it(written: str, expected: str) -> None:
    assert plain(written) == expected


@pytest.mark.parametrize("language", Language)
def test_every_month_has_its_own_name(language: Language) -> None:
    days = [date(2026, month, 2) for month in range(1, 13)]
    for write in (date_text, long_date_text):
        assert len({write(day, language) for day in days}) == 12
        assert not any(" " in write(day, language) for day in days if write is long_date_text)


def test_a_figure_and_its_unit_do_not_part() -> None:
    assert " " not in volume_text(Volume(1234.5)) + range_text(1, 2, "mg/mL") + count_text(2, "point", "points")


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moment_text(datetime(2026, 11, 23, 14, 40))  # noqa: DTZ001 - the refusal is what is tested


def read_back(text: str) -> float:
    return float(plain(text).replace(" ", "").replace("−", "-"))


@given(st.floats(min_value=-1e6, max_value=1e6).filter(lambda value: value == 0 or abs(value) > 1e-9))
def test_what_is_not_zero_is_never_written_as_zero(value: float) -> None:
    for text in (number_text(value), number_text(value, decimals=2)):
        assert (read_back(text) == 0) == (value == 0)
        assert not text.lstrip("−").startswith(".")


@given(st.integers(min_value=0, max_value=100_000).map(lambda hundredths: hundredths / 100))
def test_volumes_on_the_syringes_step_are_written_exactly(ml: float) -> None:
    number = plain(volume_text(Volume(ml))).removesuffix(" mL")
    assert read_back(number) == ml
    assert len(number.partition(".")[2]) == 2


@given(st.floats(min_value=1e-6, max_value=1e5))
def test_three_digits_are_kept(value: float) -> None:
    assert read_back(number_text(value)) == pytest.approx(value, rel=0.006)
