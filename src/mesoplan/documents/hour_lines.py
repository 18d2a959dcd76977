"""Concentrations at chosen hours, in the words of the command line and of the exposure sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mesoplan.documents.citations import title_of
from mesoplan.domain.exposure import Exposure, HourFigures, Spread
from mesoplan.domain.writing import number_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.plan_exposure import alike

LEAST_MG_ML, LEAST_PERCENT = 0.0001, 0.01
"""What is less is written as less than that: nobody reads more zeros."""

COLUMNS = ("after", "mean, mg/mL", "of injected, %", "in the skin, %", "≥ half, %", "highest, ×")
NOTE = (
    "Mean concentration in the layer under the zone, also as a share of that injected, and the share of the zone's "
    "dose that skin and fat still hold, with 90 % intervals. For the middle of the ranges only: the part of the layer "
    "that holds at least half of that hour's mean, and the place that holds most in times that mean."
)


def hour_rows(figures: Sequence[HourFigures]) -> list[tuple[str, ...]]:
    """Return a row for each hour, under `COLUMNS`; an empty mean where the amount is not known in mg."""
    return [
        (
            f"{number_text(one.hours)} h",
            "" if one.mean is None else bounded_text(one.mean, LEAST_MG_ML),
            share_text(one.of_injected),
            share_text(one.left),
            "" if one.half_or_more is None else number_text(100 * one.half_or_more, decimals=0),
            "" if one.highest is None else number_text(one.highest.share, decimals=1),
        )
        for one in figures
    ]


def hour_section(exposure: Exposure, knowledge: Knowledge) -> dict[str, Any] | None:
    """Return the section of the exposure sheet; None where no hours were asked about.

    Compounds of one zone that spread alike share their rows; mg/mL are then each one's own and left out.
    """
    zones = []
    for group in alike(exposure):
        rows = hour_rows(group[0].at_hours)
        if rows:
            zones.append(
                {
                    "zone": title_of(knowledge.zones, group[0].zone),
                    "compounds": ", ".join(title_of(knowledge.compounds, one.compound) for one in group),
                    "rows": [(after, mean if len(group) == 1 else "", *rest) for after, mean, *rest in rows],
                }
            )
    return {"columns": COLUMNS, "zones": zones, "note": NOTE} if zones else None


def share_text(share: Spread) -> str:
    """Return “13 (3.8–19)”, in per cent."""
    percent = Spread(low=100 * share.low, middle=100 * share.middle, high=100 * share.high)
    return bounded_text(percent, LEAST_PERCENT)


def bounded_text(spread: Spread, least: float) -> str:
    """Return “0.51 (0.15–0.75)”, and “<0.0001” for what is less than the least that is written."""
    low, middle, high = (_number(one, least) for one in (spread.low, spread.middle, spread.high))
    return middle if low == middle == high else f"{middle} ({low}–{high})"


def _number(value: float, least: float) -> str:
    return f"<{number_text(least)}" if value < least else number_text(value, digits=2)
