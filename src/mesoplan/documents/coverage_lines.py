"""How evenly a plan reaches its layer, in the words of the plan sheet and of the command line."""

from __future__ import annotations

from typing import Any

from mesoplan.documents.citations import Citations, title_of
from mesoplan.documents.sheet import SheetMap
from mesoplan.domain.exposure import BloodLevel, Exposure, Spread, ZoneExposure
from mesoplan.domain.writing import number_text, quantity_text, range_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.plan_exposure import alike

LAYERS = {
    "epidermis": "epidermis",
    "upper-dermis": "upper dermis",
    "dermis": "dermis",
    "subcutis": "fat under the skin",
}


def percent_text(spread: Spread) -> str:
    """Return “52 % (24–81)”."""
    low, middle, high = (number_text(100 * one, decimals=0) for one in (spread.low, spread.middle, spread.high))
    return f"{middle} % ({low}–{high})"


def spread_text(spread: Spread, unit: str) -> str:
    """Return “1.2 h (0.4–3.1)”: two digits, for nobody knows more."""
    low, middle, high = (number_text(one, digits=2) for one in (spread.low, spread.middle, spread.high))
    return f"{middle} {unit} ({low}–{high})"


def layer_text(zone: ZoneExposure) -> str:
    """Return “upper dermis, 0.20–1.20 mm”."""
    word = LAYERS[zone.layer]
    return word if zone.layer_mm is None else f"{word}, {range_text(*zone.layer_mm, 'mm', decimals=2)}"


def coverage_section(
    exposure: Exposure | None, drawing: SheetMap | None, knowledge: Knowledge, citations: Citations
) -> dict[str, Any] | None:
    """Return the section of the sheet: a line a zone, a line a compound in the blood, what the intervals are over."""
    if exposure is None:
        return None
    lines = [_zone(group, knowledge) for group in alike(exposure)]
    half = number_text(100 * exposure.covered_from, decimals=0)
    note = (
        f"Covered is what gets at least {half} % of the layer's mean exposure in the zone. 90 % intervals over stated "
        "ranges of spread, clearance and porosity, most of them assumed. It predicts no effect."
    )
    return {
        "lines": lines,
        "blood": [_blood(one, knowledge, citations) for one in exposure.blood],
        "note": note,
        "map": None if drawing is None else {"title": drawing.title, "svg": drawing.svg},
    }


def _zone(group: list[ZoneExposure], knowledge: Knowledge) -> dict[str, str]:
    zone = group[0]
    compounds = ", ".join(title_of(knowledge.compounds, one.compound) for one in group)
    about = f"{title_of(knowledge.zones, zone.zone)}, {compounds}"
    if zone.figures is None:
        return {"about": about, "text": f"not computed: {zone.not_computed}"}
    figures = zone.figures
    text = f"{percent_text(figures.coverage)} of the {layer_text(zone)}"
    return {"about": about, "text": f"{text}; half is left after {spread_text(figures.hours_half, 'h')}"}


def _blood(level: BloodLevel, knowledge: Knowledge, citations: Citations) -> dict[str, str]:
    toxic, keys = "no toxic level was found in a source", ""
    if level.toxic_mg_l is not None:
        toxic = f"called toxic from {quantity_text(level.toxic_mg_l, 'mg/L')}"
        keys = citations.cite(level.sources, reviewed=False)
    peak = f"not computed: {level.not_computed}"
    if level.peak_mg_l is not None and level.peak_hours is not None:
        peak = f"peak {spread_text(level.peak_mg_l, 'mg/L')} after {spread_text(level.peak_hours, 'h')}"
    about = f"In the blood, {title_of(knowledge.compounds, level.compound)}"
    return {"about": about, "text": f"{peak}; {toxic}", "keys": keys}
