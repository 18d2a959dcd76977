"""Numbers, quantities and days in the language of the reader: `domain.writing` with the language of the request.

Pages write with these. What is stored, or handed to the engine, is written by `domain.writing` in English.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from django.utils.translation import get_language

from mesoplan.domain import writing
from mesoplan.domain.quantities import Angle, Area, BodyWeight, Concentration, Length, Mass, Volume
from mesoplan.domain.writing import SYRINGE_STEP_ML, Language


def reader_language() -> Language:
    """The language of the page that is being made; English where it is none of those that texts exist in."""
    return _language_of(get_language() or "")


@cache
def _language_of(code: str) -> Language:
    """Kept, because one page asks a thousand times."""
    active = code.partition("-")[0]
    return Language(active) if active in list(Language) else Language.ENGLISH


def decimal_sign() -> str:
    return "." if reader_language() is Language.ENGLISH else ","


def unit_text(unit: str) -> str:
    return writing.unit_text(unit, language=reader_language())


def number_text(value: float, *, decimals: int | None = None, digits: int = 3) -> str:
    return writing.number_text(value, decimals=decimals, digits=digits, language=reader_language())


def quantity_text(value: float, unit: str, *, decimals: int | None = None) -> str:
    return writing.quantity_text(value, unit, decimals=decimals, language=reader_language())


def with_unit(number: str, unit: str) -> str:
    return writing.with_unit(number, unit, language=reader_language())


def volume_text(volume: Volume, step_ml: float = SYRINGE_STEP_ML) -> str:
    return writing.volume_text(volume, step_ml, language=reader_language())


def length_text(length: Length) -> str:
    return writing.length_text(length, language=reader_language())


def area_text(area: Area, error: Area | None = None) -> str:
    return writing.area_text(area, error, language=reader_language())


def angle_text(angle: Angle) -> str:
    return writing.angle_text(angle, language=reader_language())


def weight_text(weight: BodyWeight) -> str:
    return writing.weight_text(weight, language=reader_language())


def mass_text(mass: Mass) -> str:
    return writing.mass_text(mass, language=reader_language())


def concentration_text(concentration: Concentration) -> str:
    return writing.concentration_text(concentration, language=reader_language())


def range_text(low: float, high: float, unit: str = "", *, decimals: int | None = None) -> str:
    return writing.range_text(low, high, unit, decimals=decimals, language=reader_language())


def date_text(day: date) -> str:
    return writing.date_text(day, reader_language())


def long_date_text(day: date) -> str:
    return writing.long_date_text(day, reader_language())


def moment_text(moment: datetime) -> str:
    return writing.moment_text(moment, reader_language())
