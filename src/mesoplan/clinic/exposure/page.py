"""What a page shows of a plan's exposure: figures by zone, the blood, the ranges, and the layer of colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.courses.faces import drawn_face
from mesoplan.clinic.courses.figure_words import TARGET_WORDS
from mesoplan.clinic.courses.plan_page import Shown
from mesoplan.clinic.evidence.links import Link, entry_link, links_to_sources
from mesoplan.clinic.evidence.titles import title_of
from mesoplan.clinic.exposure.histogram import histogram_words
from mesoplan.clinic.exposure.hours import AskedHours, hour_groups
from mesoplan.clinic.exposure.kernels import folder
from mesoplan.clinic.shell.parts import Interval
from mesoplan.clinic.shell.writing import number_text, quantity_text, range_text
from mesoplan.documents.exposure_histogram import Histogram, histogram_of
from mesoplan.domain.exposure import (
    FLAT_ENOUGH,
    BloodLevel,
    Exposure,
    ParameterRange,
    Spread,
    ZoneExposure,
    ZoneFigures,
)
from mesoplan.imaging.coverage_drawing import CoveredZone, covered_on_face_svg, covered_on_patch_svg
from mesoplan.imaging.face_view import View
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.plan_exposure import alike, covered_zones, plan_exposure

RANGE_WORDS = {
    "diffusion": gettext_lazy("spread in the deep dermis"),
    "clearance": gettext_lazy("clearance in the deep dermis"),
    "porosity": gettext_lazy("share of the tissue that the liquid fills"),
}
BASIS_WORDS = {
    "sourced": gettext_lazy("from a source"),
    "derived": gettext_lazy("derived"),
    "assumed": gettext_lazy("assumed"),
}


@dataclass(frozen=True)
class ZoneCard:
    """One zone with the compounds that have the same figures there, or why there are none."""

    title: str
    compounds: str
    layer: str
    points: int
    beside: int
    coverage: Interval
    hours: Interval
    mean: Interval | None
    histogram: Histogram | None
    said: str
    cold: str
    not_computed: str
    stretch: str


@dataclass(frozen=True)
class BloodRow:
    """One compound in the blood."""

    title: str
    href: str
    dose: str
    peak: Interval
    after: Interval
    rate: Interval
    toxic: str
    sources: list[Link]
    kinetics: str
    not_computed: str


def exposure_context(seen: Shown, asked: AskedHours, shown_compound: str = "") -> dict[str, Any]:
    """Figures and layer of a plan; `shown_compound` is the one whose colours are wanted where a zone has several."""
    knowledge, kept = knowledge_base.current(), folder()
    exposure = plan_exposure(seen.content, seen.case, knowledge, kept, hours=asked.hours)
    wanted = {one.zone: shown_compound for one in exposure.zones} if shown_compound else {}
    covered = covered_zones(exposure, seen.content, seen.case, knowledge, kept, shown=wanted, said=_cold_words)
    cards = list(_cards(exposure, knowledge))
    names = dict.fromkeys(one.compound for one in exposure.zones if one.figures is not None)
    return {
        "cards": cards,
        "computed": [card for card in cards if card.histogram],
        "blood": [_blood(one, knowledge) for one in exposure.blood],
        "ranges": [_range(one, knowledge) for one in exposure.ranges],
        "draws": number_text(exposure.draws),
        "by_hand": exposure.layer_by_hand,
        "layers": layers_of(covered, seen),
        "covered": covered,
        "choices": [(one, title_of("compounds", one, knowledge)) for one in names] if len(names) > 1 else [],
        "chosen": shown_compound,
        "share": number_text(100 * exposure.covered_from, decimals=0),
        "asked": asked,
        "hour_groups": hour_groups(exposure, knowledge),
    }


def hours_context(seen: Shown, asked: AskedHours) -> dict[str, Any]:
    """Concentrations at chosen hours alone."""
    knowledge = knowledge_base.current()
    if not asked.hours:
        return {"asked": asked}
    exposure = plan_exposure(seen.content, seen.case, knowledge, folder(), hours=asked.hours)
    return {"asked": asked, "hour_groups": hour_groups(exposure, knowledge)}


def layers_of(covered: tuple[CoveredZone, ...], seen: Shown) -> list[tuple[str, str]]:
    """The id of each drawing's group of colours, with what goes into it."""
    face = drawn_face(seen.case)
    on_face = [one for one in covered if one.plane.chart is not None]
    views = [(f"map-{view.value}-coverage", covered_on_face_svg(view, on_face, face)) for view in View]
    flat = [one for one in covered if one.plane.chart is None]
    patches = [(f"patch-{one.zone_id}-coverage", covered_on_patch_svg(one)) for one in flat]
    return [*(views if on_face else ()), *patches]


def _cold_words(share: float) -> str:
    return _("gets %(percent)s %% of the mean") % {"percent": number_text(100 * share, decimals=0)}


def _cards(exposure: Exposure, knowledge: Knowledge) -> Iterator[ZoneCard]:
    """Compounds of one zone that spread alike are one card."""
    for group in alike(exposure):
        compounds = ", ".join(title_of("compounds", one.compound, knowledge) for one in group)
        yield _card(group[0], compounds, len(group) == 1, exposure.covered_from, knowledge)


def _card(zone: ZoneExposure, compounds: str, alone: bool, covered_from: float, knowledge: Knowledge) -> ZoneCard:
    figures = zone.figures
    return ZoneCard(
        title=title_of("zones", zone.zone, knowledge),
        compounds=compounds,
        layer=_layer(zone),
        points=zone.points,
        beside=zone.points_beside,
        coverage=percent(figures.coverage if figures else None),
        hours=interval(figures.hours_half if figures else None, "h"),
        mean=_mean(figures) if alone and figures else None,
        histogram=histogram_of(figures.histogram, covered_from) if figures else None,
        said=histogram_words(figures.histogram) if figures else "",
        cold=", ".join(f"{number_text(100 * one.share, decimals=0)} %" for one in figures.cold) if figures else "",
        not_computed=zone.not_computed or "",
        stretch=_stretch(zone),
    )


def _stretch(zone: ZoneExposure) -> str:
    """By how many per cent lengths are off where the zone is laid flat, where that is much."""
    low, high = zone.stretch
    off = max(1 - low, high - 1)
    return number_text(100 * off, decimals=0) if off > FLAT_ENOUGH else ""


def _layer(zone: ZoneExposure) -> str:
    word = str(TARGET_WORDS[zone.layer])
    return word if zone.layer_mm is None else f"{word}, {range_text(*zone.layer_mm, 'mm', decimals=2)}"


def _mean(figures: ZoneFigures) -> Interval | None:
    return interval(figures.mean_exposure, figures.mean_unit) if figures.mean_exposure else None


def percent(spread: Spread | None) -> Interval:
    """A fraction with its interval, in per cent."""
    if spread is None:
        return Interval(unknown=_("not computed"))
    low, middle, high = (number_text(100 * one, decimals=0) for one in (spread.low, spread.middle, spread.high))
    return Interval(value=f"{middle} %", low=low, high=high)


def interval(spread: Spread | None, unit: str) -> Interval:
    """A quantity with its interval, to two digits: nobody knows more."""
    if spread is None:
        return Interval(unknown=_("not computed"))
    low, middle, high = (number_text(one, digits=2) for one in (spread.low, spread.middle, spread.high))
    return Interval(value=f"{middle} {unit}", low=low, high=high)


def _blood(level: BloodLevel, knowledge: Knowledge) -> BloodRow:
    toxic = _("no toxic level was found in a source")
    if level.toxic_mg_l is not None:
        toxic = _("called toxic from %(level)s") % {"level": quantity_text(level.toxic_mg_l, "mg/L")}
    return BloodRow(
        title=title_of("compounds", level.compound, knowledge),
        href=entry_link("compounds", level.compound),
        dose="" if level.dose_mg is None else quantity_text(level.dose_mg, "mg"),
        peak=interval(level.peak_mg_l, "mg/L"),
        after=interval(level.peak_hours, "h"),
        rate=interval(level.rate_mg_h, "mg/h"),
        toxic=toxic,
        sources=links_to_sources(level.sources, knowledge),
        kinetics="; ".join(level.kinetics),
        not_computed=level.not_computed or "",
    )


def _range(one: ParameterRange, knowledge: Knowledge) -> dict[str, str]:
    known = one.solute in knowledge.compounds
    unit = {"mm2/h": "mm²/h", "1/h": "1/h"}.get(one.unit, "")
    return {
        "solute": title_of("compounds", one.solute, knowledge) if known else _("small molecule"),
        "what": str(RANGE_WORDS[one.what]),
        "within": range_text(one.low, one.high, unit),
        "basis": str(BASIS_WORDS[one.basis]),
        "source": one.source,
    }
