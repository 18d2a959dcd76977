"""The coverage of two plans of a course beside each other, read at the same draws."""

from __future__ import annotations

from dataclasses import dataclass

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.comparison.sides import Read
from mesoplan.clinic.evidence.titles import title_of
from mesoplan.clinic.exposure.kernels import folder
from mesoplan.clinic.exposure.page import percent
from mesoplan.clinic.shell.parts import Interval
from mesoplan.clinic.shell.writing import number_text
from mesoplan.domain.exposure import Exposure, Spread
from mesoplan.planning.plan_exposure import compare_exposures, plan_exposure


@dataclass(frozen=True)
class CoverageRow:
    """One compound in one zone of both plans."""

    title: str
    compound: str
    before: Interval
    now: Interval
    gained: Interval
    differs: bool


def coverage_rows(before: Read, now: Read) -> list[CoverageRow]:
    """Zones and compounds that both plans have figures of, in the order of the later."""
    knowledge, kept = knowledge_base.current(), folder()
    first, second = (plan_exposure(one.content, one.case, knowledge, kept) for one in (before, now))
    return [
        CoverageRow(
            title=title_of("zones", one.zone, knowledge),
            compound=title_of("compounds", one.compound, knowledge),
            before=percent(_coverage(first, one.zone, one.compound)),
            now=percent(_coverage(second, one.zone, one.compound)),
            gained=_points(one.gained),
            differs=one.differs,
        )
        for one in compare_exposures(first, second)
    ]


def _coverage(exposure: Exposure, zone: str, compound: str) -> Spread | None:
    found = (one.figures for one in exposure.zones if (one.zone, one.compound) == (zone, compound))
    return next((one.coverage for one in found if one is not None), None)


def _points(gained: Spread) -> Interval:
    """Percentage points with their sign."""
    low, middle, high = (_signed(100 * one) for one in (gained.low, gained.middle, gained.high))
    return Interval(value=middle, low=low, high=high)


def _signed(value: float) -> str:
    text = number_text(round(value, 1), decimals=1)
    return f"+{text}" if round(value, 1) > 0 else text
