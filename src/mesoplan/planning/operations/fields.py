"""The fields that can be set: their range and unit, and how a value that came in is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mesoplan.domain.edits import SetValue
from mesoplan.domain.quantities import Angle, Length, Quantity, UnitError, Volume
from mesoplan.domain.writing import date_text, number_text, quantity_text
from mesoplan.knowledge.plan_reading import KEPT_CLEAR_BOUNDS, POSITIVE_BOUNDS, ZERO_OR_MORE_BOUNDS
from mesoplan.planning.operations.refusals import CannotDo

YEARS = (2000, 2199)


@dataclass(frozen=True)
class Measure:
    """A field that holds a quantity."""

    label: str
    kind: type[Quantity]
    low: float
    high: float

    def check(self, value: Quantity) -> None:
        """Refuse what is out of range."""
        if not self.low <= value.value <= self.high:
            allowed = f"between {number_text(self.low)} and {quantity_text(self.high, value.unit)}"
            written = quantity_text(value.value, value.unit)
            raise CannotDo(f"{self.label} must be {allowed}. You wrote {written}.", allowed=(allowed,))

    def read(self, op: SetValue) -> Quantity:
        """Return the quantity that an operation gives."""
        value, unit = op.value, op.unit
        if isinstance(value, tuple) or value is None:
            raise CannotDo(
                f"{self.label} is one number with its unit, such as {quantity_text(self.low, self.kind.unit)}."
            )
        try:
            if isinstance(value, str):
                quantity = self.kind.parse(value if unit is None else f"{value} {unit}")
            elif unit is None:
                raise CannotDo(
                    f"{self.label}: {number_text(value)} has no unit. Allowed: {', '.join(self.kind.units())}."
                )
            else:
                quantity = self.kind.of(float(value), unit)
        except UnitError as refusal:
            raise CannotDo(f"{self.label}: {refusal}.", allowed=tuple(self.kind.units())) from refusal
        self.check(quantity)
        return quantity


def _bounded(label: str, kind: type[Quantity], name: str) -> Measure:
    return Measure(label, kind, *(POSITIVE_BOUNDS | ZERO_OR_MORE_BOUNDS)[name])


MEASURES = {
    "volume_per_point": _bounded("Volume per point", Volume, "volume_per_point"),
    "angle": _bounded("Angle", Angle, "angle"),
    "inserted": _bounded("Inserted length", Length, "inserted"),
    "spacing": _bounded("Spacing", Length, "spacing"),
    "edge_margin": _bounded("Edge margin", Length, "edge_margin"),
    "lattice_angle": Measure("Turn of the rows", Angle, -90.0, 90.0),
}
RADIUS = Measure("Radius of a place kept clear", Length, *KEPT_CLEAR_BOUNDS)
SYRINGE = Measure("Syringe", Volume, 0.3, 60.0)
DRAW = Measure("Draw", Volume, 0.001, 500.0)

LABELS = {name: measure.label for name, measure in MEASURES.items()} | {
    "needle": "Needle", "technique": "Technique", "area": "Area", "area_source": "Source of the area",
    "area_error": "Area may be off by", "pattern": "Pattern",
    "syringe": "Syringe", "syringes": "Number of syringes", "volume": "Draw", "title": "Title", "note": "Note",
    "sessions": "Sessions", "score_on": "Days to score", "first_judged_on": "First judged",
    "review_on": "Looked at again",
}  # fmt: skip


def read_whole(op: SetValue, low: int, high: int) -> int:
    """Return a whole number in range."""
    value = op.value
    if not isinstance(value, int | float) or not low <= value <= high or value != int(value):
        raise CannotDo(f"{LABELS[op.field]} must be a whole number from {low} to {high}. You wrote {op.value}.")
    return int(value)


def read_text(op: SetValue, most: int) -> str:
    """Return text that is not too long."""
    if not isinstance(op.value, str) or len(op.value) > most:
        raise CannotDo(f"{LABELS[op.field]} is text of {most} characters at most.")
    return op.value.strip()


def read_name(op: SetValue, allowed: Iterable[str]) -> str:
    """Return an id that is known."""
    names = tuple(allowed)
    if op.value not in names:
        raise CannotDo(f"{LABELS[op.field]} “{op.value}” is not known. Allowed: {', '.join(names)}.", allowed=names)
    return str(op.value)


def read_date(label: str, text: object) -> date:
    """Return a day written as 2026-11-30."""
    try:
        day = date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        day = None
    if day is None:
        raise CannotDo(f"{label}: “{text}” is not a date. Write it as 2026-11-30.")
    first, last = date(YEARS[0], 1, 1), date(YEARS[1], 12, 31)
    if not first <= day <= last:
        raise CannotDo(f"{label}: {date_text(day)} is not between {date_text(first)} and {date_text(last)}.")
    return day
