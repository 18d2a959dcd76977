"""The exposure of a plan as text for a terminal: a block for each zone, the blood, and what the intervals are over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mesoplan.cli.wrapping import INDENT, wrapped
from mesoplan.documents.coverage_lines import layer_text, percent_text, spread_text
from mesoplan.documents.hour_lines import COLUMNS, NOTE, hour_rows
from mesoplan.domain.exposure import FLAT_ENOUGH, BloodLevel, Exposure, HourFigures, ZoneExposure, ZoneFigures
from mesoplan.domain.plan import Plan
from mesoplan.domain.writing import count_text, number_text, range_text
from mesoplan.knowledge.base import Knowledge


def exposure_text(exposure: Exposure, plan: Plan, knowledge: Knowledge) -> str:
    """Return what `mesoplan exposure` prints."""
    lines = [*wrapped(f"{plan.title}: how evenly the layer is reached. {exposure.limits}")]
    if exposure.layer_by_hand:
        lines += wrapped("A plan by hand names no layer: the dermis was taken.")
    for zone in exposure.zones:
        lines += ["", *_zone(zone, exposure, knowledge)]
    if any(zone.at_hours for zone in exposure.zones):
        lines += ["", *wrapped(f"At chosen hours. {NOTE}")]
    if exposure.blood:
        lines += ["", "In the blood, one session", *(line for one in exposure.blood for line in _blood(one, knowledge))]
    if exposure.ranges:
        lines += ["", *wrapped(f"Intervals: 90 % over {number_text(exposure.draws)} draws of these ranges.")]
        for one in exposure.ranges:
            within = range_text(one.low, one.high, "" if one.unit == "1" else one.unit)
            lines += wrapped(f"{one.what} of {one.solute}: {within} ({one.basis}; {one.source})", 1)
    return "\n".join(lines)


def _zone(zone: ZoneExposure, exposure: Exposure, knowledge: Knowledge) -> Iterator[str]:
    compound = knowledge.compounds[zone.compound].title
    yield from wrapped(f"{knowledge.zones[zone.zone].title}, {compound}, {count_text(zone.points, 'point', 'points')}")
    if zone.figures is None or zone.layer_mm is None:
        yield from wrapped(f"not computed: {zone.not_computed}", 1)
        return
    yield from _figures(zone, zone.figures, exposure.covered_from)
    yield from _at_hours(zone.at_hours)


def _figures(zone: ZoneExposure, figures: ZoneFigures, covered_from: float) -> Iterator[str]:
    of_mean = f"at least {number_text(100 * covered_from, decimals=0)} % of its mean"
    yield from wrapped(f"{percent_text(figures.coverage)} of the {layer_text(zone)}, gets {of_mean}", 1)
    if figures.mean_exposure is not None:
        yield from wrapped(f"mean {spread_text(figures.mean_exposure, figures.mean_unit)}", 1)
    yield from wrapped(f"half is left after {spread_text(figures.hours_half, 'h')}", 1)
    steps = ", ".join(f"{one.share:g}: {100 * one.reached.middle:.0f} %" for one in figures.histogram)
    yield from wrapped(f"part that gets at least so many times the mean: {steps}", 1)
    if figures.cold:
        cold = ", ".join(f"{100 * one.share:.0f} %" for one in figures.cold)
        yield from wrapped(f"places inside of the edge margin that get least: {cold} of the mean", 1)
    if figures.hot:
        hot = ", ".join(f"{one.share:.1f}" for one in figures.hot)
        yield from wrapped(f"places that get more than twice the mean: {hot} times", 1)
    if zone.points_beside:
        beside = count_text(zone.points_beside, "point", "points")
        yield from wrapped(f"{beside} of adjoining zones counted too", 1)
    low, high = zone.stretch
    if max(1 - low, high - 1) > FLAT_ENOUGH:
        yield from wrapped(f"laid flat this skin is stretched to between {low:g} and {high:g}: figures are rough", 1)


def _at_hours(figures: Sequence[HourFigures]) -> Iterator[str]:
    """A table without the columns that nothing stands in; none without hours."""
    rows = [COLUMNS, *hour_rows(figures)] if figures else []
    columns = [column for column in zip(*rows, strict=True) if any(column[1:])]
    widths = [max(map(len, column)) for column in columns]
    for row in zip(*columns, strict=True):
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        yield (INDENT + "  ".join(cells)).rstrip()


def _blood(level: BloodLevel, knowledge: Knowledge) -> Iterator[str]:
    title = knowledge.compounds[level.compound].title
    dose = "" if level.dose_mg is None else f", {number_text(level.dose_mg, digits=3)} mg"
    toxic = (
        "no toxic level was found in a source"
        if level.toxic_mg_l is None
        else f"called toxic from {number_text(level.toxic_mg_l)} mg/L ({', '.join(level.sources)})"
    )
    if level.peak_mg_l is None or level.peak_hours is None or level.rate_mg_h is None:
        yield from wrapped(f"{title}{dose}: not computed: {level.not_computed}; {toxic}", 1)
        return
    yield from wrapped(
        f"{title}{dose}: peak {spread_text(level.peak_mg_l, 'mg/L')} after {spread_text(level.peak_hours, 'h')}, "
        f"taken up at most at {spread_text(level.rate_mg_h, 'mg/h')}; {toxic}",
        1,
    )
