"""The values of a plan that a person sets, each as a field with its unit: what stands in it and how it is read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext

from mesoplan.clinic.shell.parts import UnitField
from mesoplan.clinic.shell.writing import decimal_sign, with_unit
from mesoplan.domain.edits import Scope
from mesoplan.domain.plan import Pattern, Plan, ZonePlacement
from mesoplan.domain.quantities import Angle, Length, Quantity, Volume


@dataclass(frozen=True)
class ZoneValue:
    """One value of a zone: its field, step, range and whether changing it sets the points anew."""

    name: str
    label: str | Promise
    kind: type[Quantity]
    step: float
    decimals: int
    low: float
    high: float
    renews: bool = False

    @property
    def op_field(self) -> str:
        """What operations call it: a draw is the volume of its scope."""
        return "volume" if self.name == "draw" else self.name

    @property
    def unit(self) -> str:
        return "°" if self.kind is Angle else self.kind.unit


ZONE_VALUES = (
    ZoneValue("spacing", gettext_lazy("Spacing"), Length, 0.5, 1, 1, 100, renews=True),
    ZoneValue("volume_per_point", gettext_lazy("Volume / point"), Volume, 0.01, 2, 0.001, 5),
    ZoneValue("angle", gettext_lazy("Angle"), Angle, 5, 0, 0, 90),
    ZoneValue("inserted", gettext_lazy("Inserted length"), Length, 0.5, 1, 0.1, 40),
    ZoneValue("edge_margin", gettext_lazy("Edge margin"), Length, 0.5, 1, 0, 50, renews=True),
    ZoneValue("lattice_angle", gettext_lazy("Turn of rows"), Angle, 5, 0, -90, 90, renews=True),
)
DRAW = ZoneValue("draw", gettext_lazy("Draw"), Volume, 0.01, 2, 0, 500)

PATTERN_WORDS: dict[Pattern, str | Promise] = {
    "hexagonal": gettext_lazy("Hexagonal"),
    "lines": gettext_lazy("Parallel lines"),
}

ALL_ZONES = "all"
"""Stands for the zone in the name of a field that goes to every zone; no zone has this id."""
SHARED_VALUES = tuple(value for value in ZONE_VALUES if not value.renews)


def number_shown(value: float, decimals: int) -> str:
    """The number as it stands in a field: to the step, and finer where it is finer, with the reader's decimal sign."""
    text = f"{value:.{decimals}f}"
    text = text if abs(float(text) - value) < 1e-9 else f"{value:.6g}"
    return text.replace(".", decimal_sign())


def field_name(value: ZoneValue, zone: str) -> str:
    return f"{value.name}_{zone}"


def kept_value(value: ZoneValue, placements: list[ZonePlacement]) -> float | None:
    """What all placements of a zone share; None where they differ."""
    found = {getattr(one, value.name).value for one in placements}
    return found.pop() if len(found) == 1 else None


def text_of(value: ZoneValue, number: float | None) -> str:
    return "" if number is None else number_shown(number, value.decimals)


def written(value: ZoneValue, number: float | None) -> str:
    return (
        pgettext("values", "mixed") if number is None else with_unit(number_shown(number, value.decimals), value.unit)
    )


def unit_field(
    value: ZoneValue,
    name: str,
    shown: float | None,
    *,
    typed: Mapping[str, Any] | None,
    error: str,
    proposed: float | None,
    high: float | None = None,
    label: str = "",
    scope: Scope | None = None,
) -> UnitField:
    """The field with what was typed, else what is kept; marked where it departs from the proposal."""
    text = typed.get(name, text_of(value, shown)) if typed is not None else text_of(value, shown)
    differs = proposed is not None and shown is not None and abs(proposed - shown) > 1e-9
    return UnitField(
        name=name,
        label=label or str(value.label),
        unit=value.unit,
        text=str(text),
        step=value.step,
        low=value.low,
        high=value.high if high is None else high,
        error=error,
        changed_from=written(value, proposed) if differs else "",
        placeholder=pgettext("values", "mixed") if shown is None else "",
        op="" if scope is None or value.renews else set_operation(value.op_field, scope),
    )


def set_operation(field: str, scope: Scope) -> str:
    """The operation that a change of a field is, without its value, as the editor's scripts send it."""
    return json.dumps({"op": "set", "scope": scope.model_dump(mode="json"), "field": field}, separators=(",", ":"))


def by_zone(plan: Plan, zone: str) -> list[ZonePlacement]:
    return [one for one in plan.placements if one.zone == zone]
