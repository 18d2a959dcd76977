"""How numbers, quantities and dates are written for people, on pages and paper alike.

A leading zero always; a trailing zero never, except down to the step of the instrument (0.40 mL on a 0.01 mL syringe).
A value that is not zero is never written as 0. Spaces inside a figure do not break: narrow in thousands, full before a
unit. Months are in letters. Decimal sign and months are those of the reader's language, English where none is said.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from mesoplan.domain.quantities import Angle, Area, BodyWeight, Concentration, Length, Mass, Volume


class Language(StrEnum):
    """A language that pages and papers are written in."""

    ENGLISH = "en"
    FRENCH = "fr"
    ITALIAN = "it"
    SPANISH = "es"


FIXED_SPACE = "\u00a0"
NARROW_SPACE = "\u202f"
EN_DASH = "–"
MINUS = "−"

SYRINGE_STEP_ML = 0.01
_MOST_DECIMALS = 12
_MONTHS = {
    Language.ENGLISH: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    Language.FRENCH: "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    Language.ITALIAN: "gen feb mar apr mag giu lug ago set ott nov dic",
    Language.SPANISH: "ene feb mar abr may jun jul ago sept oct nov dic",
}
_LONG_MONTHS = {
    Language.ENGLISH: "January February March April May June July August September October November December",
    Language.FRENCH: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    Language.ITALIAN: "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    Language.SPANISH: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
_UNITS = {
    "cm2": "cm²", "mm2": "mm²", "mg/cm2": "mg/cm²", "mL/cm2": "mL/cm²", "U/cm2": "U/cm²", "deg": "°", "ml": "mL",
    "mg/ml": "mg/mL", "µg": "microgram", "ug": "microgram", "d": "days", "wk": "weeks", "mo": "months", "y": "years",
    "count": "", "ratio": "", "pH": "",
}  # fmt: skip
# Signs of units are alike everywhere; these are words.
_UNIT_WORDS = {
    Language.ENGLISH: {},
    Language.FRENCH: {
        "microgram": "microgrammes", "days": "jours", "weeks": "semaines", "months": "mois", "years": "ans",
    },
    Language.ITALIAN: {
        "microgram": "microgrammi", "days": "giorni", "weeks": "settimane", "months": "mesi", "years": "anni",
    },
    Language.SPANISH: {
        "microgram": "microgramos", "days": "días", "weeks": "semanas", "months": "meses", "years": "años",
    },
}  # fmt: skip


def unit_text(unit: str, *, language: Language = Language.ENGLISH) -> str:
    """Return a unit as people read it: “cm²”, “microgram”; empty for counts."""
    name = _UNITS.get(unit, unit)
    return _UNIT_WORDS[language].get(name, name)


def _exact(value: float) -> Decimal:
    return Decimal(repr(float(value)))


def _decimals_needed(value: float, digits: int) -> int:
    """Return the decimals that show `digits` significant digits of `value`."""
    number = _exact(value)
    return 0 if number == 0 else min(max(0, digits - 1 - number.adjusted()), _MOST_DECIMALS)


def _grouped(digits: str) -> str:
    whole, _, fraction = digits.partition(".")
    parts = [whole[max(0, end - 3) : end] for end in range(len(whole), 0, -3)][::-1]
    return NARROW_SPACE.join(parts) + (f".{fraction}" if fraction else "")


def _fixed(value: float, decimals: int) -> str:
    number = _exact(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    sign = MINUS if number < 0 else ""
    return sign + _grouped(f"{abs(number):f}")


def number_text(
    value: float, *, decimals: int | None = None, digits: int = 3, language: Language = Language.ENGLISH
) -> str:
    """Return a number as written, with the decimal sign of the language.

    With `decimals`, exactly so many, and more only where the value would else read as zero. Without, up to `digits`
    significant digits, whole numbers kept whole, no trailing zeros.
    """
    text = _with_point(value, decimals, digits)
    return text if language is Language.ENGLISH else text.replace(".", ",")


def _with_point(value: float, decimals: int | None, digits: int) -> str:
    if decimals is not None:
        text = _fixed(value, decimals)
        vanishes = value != 0 and not text.strip(f"{MINUS}0.")
        return _with_point(value, None, 1) if vanishes else text
    text = _fixed(value, _decimals_needed(value, digits))
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity_text(
    value: float, unit: str, *, decimals: int | None = None, language: Language = Language.ENGLISH
) -> str:
    """Return a number with its unit, such as “7.8 mg”."""
    return with_unit(number_text(value, decimals=decimals, language=language), unit, language=language)


def with_unit(number: str, unit: str, *, language: Language = Language.ENGLISH) -> str:
    """Return a written number and its unit as one piece."""
    name = unit_text(unit, language=language)
    if name == "°":
        return number + name
    return f"{number}{FIXED_SPACE}{name}" if name else number


def _step_decimals(step: float) -> int:
    exponent = _exact(step).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def volume_text(volume: Volume, step_ml: float = SYRINGE_STEP_ML, *, language: Language = Language.ENGLISH) -> str:
    """Return a volume to the syringe's step: “0.40 mL”. What is finer than the step is shown, not hidden."""
    rounded = _exact(volume.value).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
    finest = max(_step_decimals(step_ml), _step_decimals(float(rounded)) if rounded else 0)
    return quantity_text(volume.value, volume.unit, decimals=finest, language=language)


def length_text(length: Length, *, language: Language = Language.ENGLISH) -> str:
    """Return a length or depth to a tenth of a millimetre: “1.0 mm”."""
    return quantity_text(length.value, length.unit, decimals=1, language=language)


def area_text(area: Area, error: Area | None = None, *, language: Language = Language.ENGLISH) -> str:
    """Return a skin area: “4.5 cm²”, from 10 cm² on in whole cm²; with what it may be off by, “14 ± 3 cm²”."""
    decimals = 0 if area.value >= 10 else 1
    text = quantity_text(area.value, area.unit, decimals=decimals, language=language)
    if error is None:
        return text
    return f"{number_text(area.value, decimals=decimals, language=language)} ± " + quantity_text(
        error.value, area.unit, decimals=decimals, language=language
    )


def angle_text(angle: Angle, *, language: Language = Language.ENGLISH) -> str:
    """Return an angle: “30°”."""
    return quantity_text(angle.value, angle.unit, language=language)


def weight_text(weight: BodyWeight, *, language: Language = Language.ENGLISH) -> str:
    """Return a body weight: “62 kg”."""
    return quantity_text(weight.value, weight.unit, language=language)


def mass_text(mass: Mass, *, language: Language = Language.ENGLISH) -> str:
    """Return a drug's amount: “7.84 mg”; below 0.01 mg in microgram, so that no zeros have to be counted."""
    if 0 < abs(mass.value) < 0.01:
        return quantity_text(mass.value * 1000, "microgram", language=language)
    return quantity_text(mass.value, mass.unit, language=language)


def concentration_text(concentration: Concentration, *, language: Language = Language.ENGLISH) -> str:
    """Return a concentration: “4 mg/mL”."""
    return quantity_text(concentration.value, concentration.unit, language=language)


def range_text(
    low: float, high: float, unit: str = "", *, decimals: int | None = None, language: Language = Language.ENGLISH
) -> str:
    """Return “0.7–1.3 mm”: both ends with the same decimals, one number where they are the same."""
    if decimals is None:
        written = (number_text(low), number_text(high))
        decimals = max(len(text.partition(".")[2]) for text in written)
    first, last = (number_text(end, decimals=decimals, language=language) for end in (low, high))
    if first == last:
        return with_unit(first, unit, language=language)
    dash = f"{NARROW_SPACE}{EN_DASH}{NARROW_SPACE}" if last.startswith(MINUS) else EN_DASH
    return with_unit(f"{first}{dash}{last}", unit, language=language)


def count_text(count: int, one: str, many: str) -> str:
    """Return “1 session”, “6 sessions”; both forms are given, none is built."""
    return f"{_fixed(count, 0)}{FIXED_SPACE}{one if count == 1 else many}"


def date_text(day: date, language: Language = Language.ENGLISH) -> str:
    """Return “30 Nov 2026”, “30 nov. 2026”."""
    return f"{day.day} {_MONTHS[language].split()[day.month - 1]} {day.year}"


def long_date_text(day: date, language: Language = Language.ENGLISH) -> str:
    """Return “1 November 2026”, “1er novembre 2026”, “1 de noviembre de 2026”; its parts do not break apart."""
    number = "1er" if language is Language.FRENCH and day.day == 1 else str(day.day)
    of = f"{FIXED_SPACE}de{FIXED_SPACE}" if language is Language.SPANISH else FIXED_SPACE
    return of.join((number, _LONG_MONTHS[language].split()[day.month - 1], str(day.year)))


def moment_text(moment: datetime, language: Language = Language.ENGLISH) -> str:
    """Return “23 Nov 2026 14:40 (UTC+01:00)”: 24-hour time with its distance from UTC.

    Raises
    ------
    ValueError
        If the moment has no time zone.
    """
    offset = moment.strftime("%z")
    if not offset:
        raise ValueError("a moment that is printed needs a time zone")
    zone = "UTC" if offset == "+0000" else f"UTC{offset[0].replace('-', MINUS)}{offset[1:3]}:{offset[3:5]}"
    return f"{date_text(moment, language)} {moment.hour:02d}:{moment.minute:02d} ({zone})"
