"""How thick this patient's skin is in a zone: measured, else by sex and age from studies, else the zone's bounds.

The same thickness is said twice. As a range (`total_mm`) it is what a reader is shown. As a distribution (`border`) it
is what chances of landing are computed from: every study that fits sex and age counts the same, however many people it
measured, because the methods differ by up to 1.8 times and none is held to be the right one. So the spread between
methods stays in the distribution, as two humps if need be, and is not averaged away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import hypot
from typing import Literal

from mesoplan.domain.case import Case, MeasuredThickness
from mesoplan.kernels.landing import Border, MixedBorder, QuantileBorder
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.zones import Thickness, Zone

SkinFrom = Literal["measured", "sex-and-age", "all-studies", "unknown"]

EPIDERMIS_WHERE_UNKNOWN_MM = (0.05, 0.22)
"""Outer bounds of facial epidermis over histology and ultrasound (knowledge sources S31, S35)."""

SKIN_READING = "skin-ultrasound"
"""The instrument of the knowledge base whose spread a measured thickness has, by whatever method it was measured."""

OneStudy = Border | QuantileBorder


@dataclass(frozen=True)
class Skin:
    """Thickness in mm. `epidermis_mm` is as wide as the methods disagree; never used to decide alone.

    Without a distribution given, every thickness of a range is as likely as the next.
    """

    epidermis_mm: tuple[float, float] | None
    total_mm: tuple[float, float]
    origin: SkinFrom
    sources: tuple[str, ...]
    text: str
    studied: MixedBorder | None = None
    epidermis_studied: MixedBorder | None = None

    @property
    def border(self) -> MixedBorder:
        """How deep the border of dermis and fat lies."""
        return self.studied or only(flat(*self.total_mm))

    @property
    def epidermis_border(self) -> MixedBorder:
        """How deep the border of epidermis and dermis lies."""
        return self.epidermis_studied or only(flat(*(self.epidermis_mm or EPIDERMIS_WHERE_UNKNOWN_MM)))


def flat(low: float, high: float) -> QuantileBorder:
    """Return a border of which only bounds are known: each depth [mm] between them is as likely as the next."""
    return QuantileBorder((0.0, 1.0), (low, high))


def only(border: OneStudy) -> MixedBorder:
    """Return one border that holds for everybody."""
    return MixedBorder((1.0,), (border,))


def skin_of(case: Case, zone: Zone, day: date, knowledge: Knowledge) -> Skin:
    """Return the skin of `zone` in this patient.

    The range runs from the smallest (mean - 1 SD) to the largest (mean + 1 SD) over the studies that fit sex and age;
    the distribution gives each of these studies the same share. A thickness measured on the patient replaces them, with
    the spread of the instrument. Where no study fits, every thickness within the zone's bounds is as likely.
    """
    rows = [row for row in zone.thickness if _fits(row, case, day)]
    epidermis, epidermis_sources = _layer(rows, "epidermis")
    upper = _mixture({row.sources: [_border(row)] for row in _of_layer(rows, "epidermis") if _has_spread(row)})
    measured = [one for one in case.thickness if one.zone == zone.id]
    if measured:
        return _measured(max(measured, key=lambda one: one.on), epidermis, upper, knowledge)
    totals = _totals(rows)
    if not totals:
        return replace(skin_of_anyone(zone), epidermis_mm=epidermis, epidermis_studied=upper)
    low, high = min(one[0] for one in totals), max(one[1] for one in totals)
    sources = tuple(dict.fromkeys(source for one in totals for source in one[2]))
    count = len({one[2] for one in totals})
    sex = case.patient.sex.value if case.patient.sex else "either sex"
    text = f"{sex}, {case.patient.age_on(day)} years, {count} {'study' if count == 1 else 'studies'}"
    every = (*sources, *epidermis_sources)
    return Skin(epidermis, (low, high), "sex-and-age", every, text, _mixture(_studies(rows)), upper)


def skin_of_anyone(zone: Zone) -> Skin:
    """Return the skin of a zone of a person of whom nothing is known: any thickness within the zone's bounds."""
    bounds = zone.skin_bounds
    return Skin(None, (bounds.low, bounds.high), "all-studies", bounds.sources, "bounds over all studies")


def _measured(
    one: MeasuredThickness, epidermis: tuple[float, float] | None, upper: MixedBorder | None, knowledge: Knowledge
) -> Skin:
    value, reading = one.thickness.value, knowledge.instruments[SKIN_READING].spread
    return Skin(
        epidermis,
        (value, value),
        "measured",
        ("mesoplan-formulary-2026", *reading.sources),
        f"measured on this patient: {value:g} mm ({one.method})",
        only(Border(value, reading.high)),
        upper,
    )


def _fits(row: Thickness, case: Case, day: date) -> bool:
    if row.sex is not None and case.patient.sex not in (None, row.sex):
        return False
    return row.ages is None or row.ages[0] <= case.patient.age_on(day) <= row.ages[1]


def _of_layer(rows: Sequence[Thickness], layer: str) -> list[Thickness]:
    return [row for row in rows if row.layer == layer]


def _has_spread(row: Thickness) -> bool:
    """Return whether a row can bound the skin: a mean whose SD is not known is no range of zero width."""
    return row.kind == "range" or row.sd is not None


def _spread(row: Thickness) -> tuple[float, float]:
    if row.kind == "range":
        return row.low, row.high
    return max(0.0, row.low - (row.sd or 0.0)), row.high + (row.sd or 0.0)


def _border(row: Thickness, above: Thickness | None = None) -> OneStudy:
    """A study's border as it was given, under a layer of the same study if there is one above it."""
    low, high = row.low + (above.low if above else 0.0), row.high + (above.high if above else 0.0)
    if row.kind == "range":
        return flat(low, high)
    return Border(low, hypot(row.sd or 0.0, (above.sd or 0.0) if above else 0.0))


def _mixture(studies: dict[tuple[str, ...], list[OneStudy]]) -> MixedBorder | None:
    """Each study has the same share; what one study says of both sexes shares that."""
    parts = [(1 / len(studies) / len(borders), one) for borders in studies.values() for one in borders]
    return MixedBorder(*(tuple(column) for column in zip(*parts, strict=True))) if parts else None


def _layer(rows: Sequence[Thickness], layer: str) -> tuple[tuple[float, float] | None, tuple[str, ...]]:
    own = _of_layer(rows, layer)
    if not own:
        return None, ()
    spreads = [_spread(row) for row in own]
    sources = tuple(dict.fromkeys(source for row in own for source in row.sources))
    return (min(s[0] for s in spreads), max(s[1] for s in spreads)), sources


def _summed(rows: Sequence[Thickness]) -> Iterator[tuple[Thickness, Thickness]]:
    """Yield each study's dermis with its epidermis."""
    for dermis in (row for row in _of_layer(rows, "dermis") if _has_spread(row)):
        same = [
            r
            for r in _of_layer(rows, "epidermis")
            if (r.sources, r.method, r.sex) == (dermis.sources, dermis.method, dermis.sex)
        ]
        if same:
            yield dermis, same[0]


def _totals(rows: Sequence[Thickness]) -> list[tuple[float, float, tuple[str, ...]]]:
    """Return (low, high, sources) of the skin in each study: as given, or epidermis and dermis of one study added."""
    found = [(*_spread(row), row.sources) for row in _of_layer(rows, "skin") if _has_spread(row)]
    for dermis, epidermis in _summed(rows):
        low, high = _spread(dermis)
        found.append((low + epidermis.low, high + epidermis.high, dermis.sources))
    return found


def _studies(rows: Sequence[Thickness]) -> dict[tuple[str, ...], list[OneStudy]]:
    """Return what each study says of the whole skin; a study that gives it is not counted again by its layers."""
    found: dict[tuple[str, ...], list[OneStudy]] = {}
    for row in _of_layer(rows, "skin"):
        if _has_spread(row):
            found.setdefault(row.sources, []).append(_border(row))
    whole = set(found)
    for dermis, epidermis in _summed(rows):
        if dermis.sources not in whole:
            found.setdefault(dermis.sources, []).append(_border(dermis, epidermis))
    return found
