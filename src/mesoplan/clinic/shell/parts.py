"""Values that the part templates draw: a number with its unit, a dose beside its limit, a figure with its
range."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mesoplan.clinic.shell.writing import decimal_sign, number_text, quantity_text, range_text

LIMIT_AT = 86.0  # percent of the bar at which the limit stands, so that an overrun can be seen
NEAR = 0.9
_PLAIN_NUMBER = re.compile(r"[-−]?\d+\.\d+")


@dataclass(frozen=True)
class UnitField:
    """A number to be typed or stepped. `text` is what stands in the field, also when it could not be read; `op` is the
    operation of the plan's editor, as JSON, that a change of it is."""

    name: str
    label: str
    unit: str
    text: str
    step: float
    low: float | None = None
    high: float | None = None
    error: str = ""
    changed_from: str = ""
    placeholder: str = ""
    op: str = ""

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def shown(self) -> str:
        """The text with the reader's decimal sign, if it is one number; whatever else was typed stands as it was."""
        return self.text.replace(".", decimal_sign()) if _PLAIN_NUMBER.fullmatch(self.text) else self.text

    @property
    def low_plain(self) -> str:
        return "" if self.low is None else f"{self.low:g}"

    @property
    def high_plain(self) -> str:
        return "" if self.high is None else f"{self.high:g}"

    @property
    def range_text(self) -> str:
        if self.low is not None and self.high is not None:
            return range_text(self.low, self.high, self.unit)
        if self.high is not None:
            return _("up to %(quantity)s") % {"quantity": quantity_text(self.high, self.unit)}
        if self.low is not None:
            return _("from %(quantity)s") % {"quantity": quantity_text(self.low, self.unit)}
        return ""


@dataclass(frozen=True)
class DoseBar:
    """An amount beside its limit. `limit` None means that nobody has published one, which is said, not
    hidden."""

    label: str
    value: float
    limit: float | None
    unit: str
    basis: str = ""
    source: Mapping[str, Any] | None = None

    @property
    def state(self) -> str:
        if self.limit is None:
            return "open"
        if self.value > self.limit:
            return "over"
        return "near" if self.value >= NEAR * self.limit else "below"

    @property
    def word(self) -> str:
        return {"over": _("over the limit"), "near": _("near the limit")}.get(self.state, "")

    @property
    def icon(self) -> str:
        return "block" if self.state == "over" else "warn"

    @property
    def value_text(self) -> str:
        return number_text(self.value) if self.limit is not None else quantity_text(self.value, self.unit)

    @property
    def limit_text(self) -> str:
        return "" if self.limit is None else quantity_text(self.limit, self.unit)

    @property
    def fill(self) -> float:
        """Percent of the bar's width. Without a limit a third is filled, because there is nothing to measure
        by."""
        if self.limit is None:
            return 33.0
        return min(100.0, LIMIT_AT * self.value / self.limit) if self.limit > 0 else (100.0 if self.value else 0.0)

    @property
    def spoken(self) -> str:
        if self.limit_text:
            said = _("%(amount)s of %(limit)s") % {"amount": self.value_text, "limit": self.limit_text}
        else:
            said = _("%(amount)s, no limit known") % {"amount": self.value_text}
        return ", ".join(part for part in (said, self.basis, self.word) if part)


@dataclass(frozen=True)
class Interval:
    """A computed figure with its range, or the word that says why there is none."""

    value: str = ""
    low: str = ""
    high: str = ""
    stale: bool = False
    unknown: str = ""
