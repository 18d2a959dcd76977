"""Numbers as people type them: either decimal sign, the unit in full if they like. The twin of
unitfield.js."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from mesoplan.clinic.shell.writing import quantity_text, range_text

_FACTORS: dict[str, dict[str, float]] = {
    "mL": {"ul": 0.001, "µl": 0.001, "μl": 0.001, "ml": 1, "l": 1000},
    "mm": {"mm": 1, "cm": 10, "µm": 0.001, "μm": 0.001, "um": 0.001},
    "mg": {"mg": 1, "g": 1000, "µg": 0.001, "μg": 0.001, "ug": 0.001, "microgram": 0.001},
    "°": {"°": 1, "deg": 1},
}
_TYPED = re.compile(r"([+\-−]?\d*[.,]?\d*)\s*([^\d\s.,]*)")


class Unreadable(ValueError):
    """What was typed is not a number in this unit, or lies outside its range. The message is for the
    field."""


def read_number(
    text: str, *, label: str, unit: str, low: float | None = None, high: float | None = None, whole: bool = False
) -> float:
    """ "0,04" or "40 uL" as 0.04 for a field in mL. A count is `whole` and has no unit of its own.

    Raises
    ------
    Unreadable
        With what the field must hold and what was typed.
    """
    typed = text.strip()
    if not typed:
        raise Unreadable(_("Enter %(label)s.") % {"label": label[0].lower() + label[1:]})
    found = _TYPED.fullmatch(typed)
    factor = _factor(found.group(2), unit) if found else None
    if found is None or factor is None or not any(sign.isdigit() for sign in found.group(1)):
        raise Unreadable(_no_number(unit, whole=whole) % {"label": label, "unit": unit, "typed": typed})
    value = float(found.group(1).replace("−", "-").replace(",", ".")) * factor
    if whole and not value.is_integer():
        raise Unreadable(_no_number(unit, whole=True) % {"label": label, "typed": typed})
    if (low is not None and value < low) or (high is not None and value > high):
        raise Unreadable(_out_of_range(low, high, unit, label=label, typed=typed))
    return value


def _no_number(unit: str, *, whole: bool) -> str:
    if whole:
        return _("%(label)s must be a whole number. You wrote %(typed)s.")
    if unit:
        return _("%(label)s must be one number in %(unit)s, such as 0.5 or 0,5. You wrote %(typed)s.")
    return _("%(label)s must be one number, such as 0.5 or 0,5. You wrote %(typed)s.")


def _factor(typed_unit: str, unit: str) -> float | None:
    if not typed_unit or typed_unit.lower() == unit.lower():
        return 1.0
    return _FACTORS.get(unit, {}).get(typed_unit.lower())


def _out_of_range(low: float | None, high: float | None, unit: str, **said: str) -> str:
    if low is not None and high is not None:
        told = _("%(label)s must be within %(range)s. You wrote %(typed)s.")
        return told % {**said, "range": range_text(low, high, unit)}
    if high is not None:
        told = _("%(label)s must be at most %(limit)s. You wrote %(typed)s.")
        return told % {**said, "limit": quantity_text(high, unit)}
    told = _("%(label)s must be at least %(limit)s. You wrote %(typed)s.")
    return told % {**said, "limit": quantity_text(low or 0.0, unit)}
