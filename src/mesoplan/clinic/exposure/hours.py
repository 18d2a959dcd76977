"""Concentrations at chosen hours on a page: what somebody typed, and the rows of the table that answer it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from mesoplan.clinic.evidence.titles import title_of
from mesoplan.clinic.shell.parts import Interval
from mesoplan.clinic.shell.writing import number_text, quantity_text
from mesoplan.documents.hour_lines import LEAST_MG_ML, LEAST_PERCENT
from mesoplan.domain.errors import InputError
from mesoplan.domain.exposure import Exposure, HourFigures, Spread, ZoneExposure
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.concentration_at_hours import LEAST_HOURS, LONGEST_HOURS, MOST_HOURS, hours_of
from mesoplan.planning.plan_exposure import alike

START = (0.5, 2.0, 8.0, 24.0)
LONGEST = 80
"""More than so many letters nobody means to type into the field."""

_BETWEEN = re.compile(r"[\s;]+|,\s+")


@dataclass(frozen=True)
class AskedHours:
    """What stands in the field, the hours that it means, and why it means none."""

    text: str
    hours: tuple[float, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class HourRow:
    """One hour of one zone; `means` holds a name where several compounds share the row."""

    after: str
    means: list[tuple[str, Interval]]
    of_injected: Interval
    left: Interval
    held: str
    highest: str


@dataclass(frozen=True)
class HourGroup:
    """One zone with the compounds that have the same figures there."""

    title: str
    compounds: str
    rows: list[HourRow]


def asked_hours(typed: str | None) -> AskedHours:
    """Hours with spaces between them, either decimal sign; nothing typed asks for none."""
    if typed is None:
        return AskedHours(_listed(START))
    told = typed.strip()
    try:
        if len(told) > LONGEST:
            raise InputError("exposure", [])
        hours = hours_of(list(_parts(told)))
    except InputError:
        sentence = _(
            "Hours must be 1 to %(most)s numbers from %(low)s to %(high)s, with spaces between. You wrote %(typed)s."
        )
        allowed = {"most": MOST_HOURS, "low": number_text(LEAST_HOURS), "high": number_text(LONGEST_HOURS)}
        return AskedHours(told[:LONGEST], error=sentence % {**allowed, "typed": told[:LONGEST] or "–"})
    return AskedHours(_listed(hours), hours)


def _listed(hours: tuple[float, ...]) -> str:
    return " ".join(number_text(one) for one in hours)


def _parts(text: str) -> Iterator[str]:
    for part in _BETWEEN.split(text):
        # "0,5" is half an hour; "2,8,24" and "0.5,2" are lists.
        if part.count(",") > 1 or ("," in part and "." in part):
            yield from part.split(",")
        elif part not in ("", "h"):
            yield part.removesuffix("h").replace(",", ".")


def hour_groups(exposure: Exposure, knowledge: Knowledge) -> list[HourGroup]:
    """Zones in the order of the plan; none without hours."""
    return [
        HourGroup(
            title=title_of("zones", group[0].zone, knowledge),
            compounds=", ".join(title_of("compounds", one.compound, knowledge) for one in group),
            rows=[_row(number, group, knowledge) for number in range(len(group[0].at_hours))],
        )
        for group in alike(exposure)
        if group[0].at_hours
    ]


def _row(number: int, group: list[ZoneExposure], knowledge: Knowledge) -> HourRow:
    first = group[0].at_hours[number]
    names = [title_of("compounds", one.compound, knowledge) if len(group) > 1 else "" for one in group]
    return HourRow(
        after=quantity_text(first.hours, "h"),
        means=[(name, _mean(one.at_hours[number])) for name, one in zip(names, group, strict=True)],
        of_injected=_percent(first.of_injected),
        left=_percent(first.left),
        held="" if first.half_or_more is None else f"{number_text(100 * first.half_or_more, decimals=0)} %",
        highest="" if first.highest is None else f"{number_text(first.highest.share, decimals=1)} ×",
    )


def _mean(figures: HourFigures) -> Interval:
    if figures.mean is None:
        return Interval(unknown=_("mg not known"))
    return _bounded(figures.mean, LEAST_MG_ML, figures.mean_unit)


def _percent(share: Spread) -> Interval:
    percent = Spread(low=100 * share.low, middle=100 * share.middle, high=100 * share.high)
    return _bounded(percent, LEAST_PERCENT, "%")


def _bounded(spread: Spread, least: float, unit: str) -> Interval:
    """A quantity with its interval, to two digits; less than the least is written so."""
    low, middle, high = (
        f"<{number_text(least)}" if one < least else number_text(one, digits=2)
        for one in (spread.low, spread.middle, spread.high)
    )
    found = Interval(value=f"{middle} {unit}", low=low, high=high)
    return replace(found, low="", high="") if low == middle == high else found
