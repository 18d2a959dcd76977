"""How thick this patient's skin is in a zone: measured, else by sex and age from studies, else the zone's bounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from mesoplan.domain.case import Case
from mesoplan.knowledge.schema.zones import Thickness, Zone

SkinFrom = Literal["measured", "sex-and-age", "all-studies", "unknown"]


@dataclass(frozen=True)
class Skin:
    """Thickness ranges in mm. `epidermis` is as wide as the methods disagree; never used to decide alone."""

    epidermis_mm: tuple[float, float] | None
    total_mm: tuple[float, float]
    origin: SkinFrom
    sources: tuple[str, ...]
    text: str


def skin_of(case: Case, zone: Zone, day: date) -> Skin:
    """Return the skin of `zone` in this patient.

    The range runs from the smallest (mean - 1 SD) to the largest (mean + 1 SD) over the studies that fit sex and age,
    because the methods differ by up to 1.8 times and none is held to be the right one.
    """
    epidermis, epidermis_sources = _layer(case, zone, "epidermis", day)
    measured = [one for one in case.thickness if one.zone == zone.id]
    if measured:
        last = max(measured, key=lambda one: one.on)
        value = last.thickness.value
        text = f"measured on this patient: {value:g} mm ({last.method})"
        return Skin(epidermis, (value, value), "measured", ("mesoplan-formulary-2026",), text)
    totals = _totals(case, zone, day)
    if not totals:
        bounds = zone.skin_bounds
        return Skin(epidermis, (bounds.low, bounds.high), "all-studies", bounds.sources, "bounds over all studies")
    low, high = min(one[0] for one in totals), max(one[1] for one in totals)
    sources = tuple(dict.fromkeys(source for one in totals for source in one[2]))
    count = len({one[2] for one in totals})
    sex = case.patient.sex.value if case.patient.sex else "either sex"
    text = f"{sex}, {case.patient.age_on(day)} years, {count} {'study' if count == 1 else 'studies'}"
    return Skin(epidermis, (low, high), "sex-and-age", (*sources, *epidermis_sources), text)


def _fits(row: Thickness, case: Case, day: date) -> bool:
    if row.sex is not None and case.patient.sex not in (None, row.sex):
        return False
    return row.ages is None or row.ages[0] <= case.patient.age_on(day) <= row.ages[1]


def _has_spread(row: Thickness) -> bool:
    """Return whether a row can bound the skin: a mean whose SD is not known is no range of zero width."""
    return row.kind == "range" or row.sd is not None


def _spread(row: Thickness) -> tuple[float, float]:
    if row.kind == "range":
        return row.low, row.high
    return max(0.0, row.low - (row.sd or 0.0)), row.high + (row.sd or 0.0)


def _layer(case: Case, zone: Zone, layer: str, day: date) -> tuple[tuple[float, float] | None, tuple[str, ...]]:
    rows = [row for row in zone.thickness if row.layer == layer and _fits(row, case, day)]
    if not rows:
        return None, ()
    spreads = [_spread(row) for row in rows]
    sources = tuple(dict.fromkeys(source for row in rows for source in row.sources))
    return (min(s[0] for s in spreads), max(s[1] for s in spreads)), sources


def _totals(case: Case, zone: Zone, day: date) -> list[tuple[float, float, tuple[str, ...]]]:
    """Return (low, high, sources) of the skin in each study: as given, or epidermis and dermis of one study added."""
    rows = [row for row in zone.thickness if _fits(row, case, day)]
    found = [(*_spread(row), row.sources) for row in rows if row.layer == "skin" and _has_spread(row)]
    for dermis in (row for row in rows if row.layer == "dermis" and _has_spread(row)):
        same = [
            r
            for r in rows
            if r.layer == "epidermis" and (r.sources, r.method, r.sex) == (dermis.sources, dermis.method, dermis.sex)
        ]
        if same:
            low, high = _spread(dermis)
            found.append((low + same[0].low, high + same[0].high, dermis.sources))
    return found
