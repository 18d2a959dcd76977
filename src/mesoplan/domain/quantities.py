"""Physical quantities, one type for each dimension, so that units cannot be mixed up.

A quantity holds one float in its canonical unit. Sums and comparisons exist only between equal types; the few products
that mean something clinically are methods with a name. Text is read by :meth:`Quantity.parse`, which knows the units
people write ("0,04 mL", "40 uL") and refuses every other.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

_NUMBER = re.compile(r"^\s*([+\-−]?\d+(?:[.,]\d+)?(?:[eE][+\-]?\d+)?)\s*([^\d\s].*?)?\s*$")


class UnitError(ValueError):
    """A text or number that is not a quantity of the wanted dimension."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number with its unit.

    Attributes
    ----------
    value : float
        Magnitude in the unit of the class (`unit`).
    """

    value: float
    unit: ClassVar[str] = ""
    accepted: ClassVar[dict[str, float]] = {}

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise UnitError(f"a quantity in {self.unit} must be a finite number")

    @classmethod
    def units(cls) -> dict[str, float]:
        """Return the units that can be read, each with its factor to the canonical one."""
        return {cls.unit: 1.0, **cls.accepted}

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "0.04 mL" or "0,04 mL"; the unit may not be left out."""
        found = _NUMBER.match(text)
        allowed = ", ".join(cls.units())
        if not found:
            raise UnitError(f"“{text}” is not a number with a unit (allowed units: {allowed})")
        number, unit = found.group(1).replace(",", ".").replace("−", "-"), found.group(2)
        if unit is None:
            raise UnitError(f"“{text}” has no unit (allowed units: {allowed})")
        return cls.of(float(number), unit)

    @classmethod
    def of(cls, value: float, unit: str) -> Self:
        """Build from a number in any unit that this dimension accepts."""
        factor = cls.units().get(unit)
        if factor is None:
            raise UnitError(f"unit “{unit}” is not one of: {', '.join(cls.units())}")
        return cls(value * factor)

    def __add__(self, other: Self) -> Self:
        self._check_same(other)
        return type(self)(self.value + other.value)

    def __sub__(self, other: Self) -> Self:
        self._check_same(other)
        return type(self)(self.value - other.value)

    def __mul__(self, factor: float) -> Self:
        if not isinstance(factor, int | float):
            raise TypeError(f"{type(self).__name__} x {type(factor).__name__} has no meaning here")
        return type(self)(self.value * factor)

    __rmul__ = __mul__

    def __lt__(self, other: Self) -> bool:
        self._check_same(other)
        return self.value < other.value

    def __le__(self, other: Self) -> bool:
        self._check_same(other)
        return self.value <= other.value

    def __gt__(self, other: Self) -> bool:
        return not self <= other

    def __ge__(self, other: Self) -> bool:
        return not self < other

    def _check_same(self, other: object) -> None:
        if type(other) is not type(self):
            raise TypeError(f"{type(self).__name__} cannot be combined with {type(other).__name__}")

    def __str__(self) -> str:
        return f"{self.value:.10g} {self.unit}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda quantity: {"value": quantity.value, "unit": quantity.unit}
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        units = list(cls.units())
        return {
            "description": f"A number with a unit ({', '.join(units)}): text such as “1.5 {cls.unit}”, or an object.",
            "anyOf": [
                {"type": "string", "examples": [f"1.5 {cls.unit}"]},
                {
                    "type": "object",
                    "properties": {"value": {"type": "number"}, "unit": {"enum": units}},
                    "required": ["value", "unit"],
                    "additionalProperties": False,
                },
            ],
        }

    @classmethod
    def _validate(cls, raw: object) -> Self:
        if isinstance(raw, cls):
            return raw
        if isinstance(raw, str):
            return cls.parse(raw)
        if isinstance(raw, dict) and set(raw) == {"value", "unit"}:
            value = raw["value"]
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise UnitError(f"“{value}” is not a number")
            return cls.of(float(value), str(raw["unit"]))
        raise UnitError(
            f"needs a number with a unit, such as “1.5 {cls.unit}” (allowed units: {', '.join(cls.units())})"
        )


class Volume(Quantity):
    """A volume of liquid in mL."""

    __slots__ = ()
    unit = "mL"
    accepted: ClassVar[dict[str, float]] = {"ml": 1.0, "uL": 1e-3, "µL": 1e-3, "L": 1e3}


class Mass(Quantity):
    """An amount of substance in mg."""

    __slots__ = ()
    unit = "mg"
    accepted: ClassVar[dict[str, float]] = {"g": 1e3, "ug": 1e-3, "µg": 1e-3, "microgram": 1e-3}

    def in_volume(self, volume: Volume) -> Concentration:
        """Return the concentration of this mass dissolved to `volume`."""
        return Concentration(self.value / volume.value)

    def over_area(self, area: Area) -> AreaDose:
        """Return the dose on each square centimetre."""
        return AreaDose(self.value / area.value)


class BodyWeight(Quantity):
    """A person's weight in kg."""

    __slots__ = ()
    unit = "kg"
    accepted: ClassVar[dict[str, float]] = {"lb": 0.45359237}


class Concentration(Quantity):
    """Mass in volume, mg/mL."""

    __slots__ = ()
    unit = "mg/mL"
    accepted: ClassVar[dict[str, float]] = {"mg/ml": 1.0, "g/L": 1.0, "% w/v": 10.0}

    def in_volume(self, volume: Volume) -> Mass:
        """Return the mass that `volume` of this solution holds."""
        return Mass(self.value * volume.value)


class Activity(Quantity):
    """Enzyme activity in the units of one product; never converted between products."""

    __slots__ = ()
    unit = "U"


class ActivityConcentration(Quantity):
    """Enzyme activity in volume, U/mL."""

    __slots__ = ()
    unit = "U/mL"

    def in_volume(self, volume: Volume) -> Activity:
        """Return the activity that `volume` of this solution holds."""
        return Activity(self.value * volume.value)


class Length(Quantity):
    """A length or depth in mm."""

    __slots__ = ()
    unit = "mm"
    accepted: ClassVar[dict[str, float]] = {"cm": 10.0, "um": 1e-3, "µm": 1e-3}


class Area(Quantity):
    """A skin area in cm²."""

    __slots__ = ()
    unit = "cm2"
    accepted: ClassVar[dict[str, float]] = {"cm²": 1.0, "mm2": 1e-2, "mm²": 1e-2}


class Angle(Quantity):
    """An angle in degrees between needle and skin surface."""

    __slots__ = ()
    unit = "deg"
    accepted: ClassVar[dict[str, float]] = {"°": 1.0}


class AreaDose(Quantity):
    """Mass on area, mg/cm²."""

    __slots__ = ()
    unit = "mg/cm2"
    accepted: ClassVar[dict[str, float]] = {"mg/cm²": 1.0}


class WeightDose(Quantity):
    """Mass for each kg of body weight, mg/kg."""

    __slots__ = ()
    unit = "mg/kg"


class Osmolarity(Quantity):
    """Osmolarity in mosm/L (calculated; osmolality is given per kg of water)."""

    __slots__ = ()
    unit = "mosm/L"
    accepted: ClassVar[dict[str, float]] = {"mOsm/L": 1.0}
