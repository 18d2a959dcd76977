"""The zones of the exposure sheet: a section of the skin, where drops land, how evenly the layer is reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mesoplan.documents.citations import Citations, title_of
from mesoplan.documents.coverage_lines import LAYERS, layer_text, percent_text, spread_text
from mesoplan.documents.exposure_histogram import histogram_of, histogram_svg
from mesoplan.documents.front_page import landing_text, letters, zone_styles
from mesoplan.documents.section_drawing import section_svg
from mesoplan.documents.skin_section import section_of
from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import CeilingChance, CeilingKind, Evaluation, Landing
from mesoplan.domain.exposure import FLAT_ENOUGH, Exposure, ExposureSpot, ZoneExposure, ZoneFigures
from mesoplan.domain.plan import Plan, ZonePlacement
from mesoplan.domain.writing import (
    angle_text,
    count_text,
    length_text,
    number_text,
    quantity_text,
    range_text,
    volume_text,
)
from mesoplan.kernels.depot import Depot
from mesoplan.kernels.solutes import POROSITY
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.citation import Entry
from mesoplan.planning.drop import depot_of
from mesoplan.planning.exposure_drops import layers_of
from mesoplan.planning.landing_words import percent_text as chance_text
from mesoplan.planning.plan_exposure import alike

MOST_POINTS_NAMED = 5
MOST_PLACES = 3

Held = tuple[ZonePlacement, Landing]


def exposed_zones(
    plan: Plan, case: Case, evaluation: Evaluation, exposure: Exposure, knowledge: Knowledge, citations: Citations
) -> list[dict[str, Any]]:
    """Return one card for each zone, and one more where its compounds spread in another way."""
    return [_card(group, plan, case, evaluation, exposure, knowledge, citations) for group in alike(exposure)]


def _card(
    group: list[ZoneExposure],
    plan: Plan,
    case: Case,
    evaluation: Evaluation,
    exposure: Exposure,
    knowledge: Knowledge,
    citations: Citations,
) -> dict[str, Any]:
    zone = group[0]
    held = _held(zone, plan, evaluation)
    figures = zone.figures
    histogram = None
    if figures is not None:
        lines = histogram_of(figures.histogram, exposure.covered_from)
        histogram = histogram_svg(lines, f"Part of the layer over times the mean: {_title(zone, knowledge)}")
    return {
        "style": zone_styles(plan)[zone.zone],
        "zone": _title(zone, knowledge),
        "compounds": ", ".join(title_of(knowledge.compounds, one.compound) for one in group),
        "section": _section(held, plan, case, knowledge),
        "histogram": histogram,
        "coverage": percent_text(figures.coverage) if figures else None,
        "of": f"of the {layer_text(zone)}",
        "not_computed": "" if figures else f"not computed: {zone.not_computed}",
        "facts": [
            {"label": label, "text": text, "keys": keys}
            for label, text, keys in (
                *_landed(held, plan, knowledge, citations),
                *(_reached(figures, alone=len(group) == 1) if figures else ()),
            )
        ],
        "notes": _notes(zone),
    }


def _title(zone: ZoneExposure, knowledge: Knowledge) -> str:
    return title_of(knowledge.zones, zone.zone)


def _held(zone: ZoneExposure, plan: Plan, evaluation: Evaluation) -> list[Held]:
    """Return each way in which the zone is injected with what the card is about, once."""
    landings = {(one.zone, one.preparation): one for one in evaluation.landings}
    found: dict[str, Held] = {}
    for placement in plan.placements:
        landing = landings.get((placement.zone, placement.preparation))
        if placement.zone == zone.zone and placement.preparation in zone.preparations and landing is not None:
            same = placement.model_dump_json(exclude={"points", "preparation", "removed"})
            found.setdefault(same, (placement, landing))
    return list(found.values())


def _section(held: Sequence[Held], plan: Plan, case: Case, knowledge: Knowledge) -> str | None:
    """Return the section of the first way in which the zone is injected; None where its skin is not known."""
    if not held:
        return None
    placement, landing = held[0]
    needle = knowledge.needles[placement.needle].outer_diameter.high
    drop = _drop(placement, landing, plan, case, knowledge)
    section = section_of(landing, placement.angle.value, placement.inserted.value, needle, drop=drop)
    if section is None:
        return None
    title = f"Section of the skin to scale: {title_of(knowledge.zones, placement.zone)}"
    return section_svg(section, drop, title)


def _drop(placement: ZonePlacement, landing: Landing, plan: Plan, case: Case, knowledge: Knowledge) -> Depot | None:
    """Return what one point fills, at the middle of the tissue's porosity; None where no depot can be told."""
    try:
        layers = layers_of(placement.zone, plan, case, knowledge)
        return depot_of(layers, landing.depth_mm, placement.volume_per_point.value, POROSITY.middle)
    except ValueError:
        return None


def _landed(
    held: Sequence[Held], plan: Plan, knowledge: Knowledge, citations: Citations
) -> Iterator[tuple[str, str, str]]:
    for placement, landing in held:
        letter = f" {letters(plan)[placement.preparation]}" if len(held) > 1 else ""
        needle = title_of(knowledge.needles, placement.needle)
        way = f"{angle_text(placement.angle)}, {length_text(placement.inserted)} inserted"
        volume = volume_text(placement.volume_per_point)
        low, high = landing.depth_range_mm
        depth = f"{number_text(landing.depth_mm, decimals=1)} mm ({range_text(low, high, decimals=1)})"
        points = count_text(len(placement.points), "point", "points")
        yield f"Needle{letter}", f"{needle}, {way}, {volume} a point, {points}", ""
        aimed = ""
        if landing.chances is not None and landing.chances.target is not None:
            target = landing.target or ""
            aimed = f"; {LAYERS.get(target, target)} {chance_text(landing.chances.target)}"
        yield f"Tip{letter}", f"{depth}: {landing_text(landing)}{aimed}", citations.cite(landing.sources)
        if landing.ceilings:
            yield f"Ceiling{letter}", _ceiling(landing.ceilings, knowledge), ""


def _ceiling(ceilings: Sequence[CeilingChance], knowledge: Knowledge) -> str:
    """Return the ceiling that is passed most often; of several, the least deep."""
    one = min(ceilings, key=lambda each: (-each.chance, each.ceiling_mm))
    shelves: dict[CeilingKind, Mapping[str, Entry]] = {
        CeilingKind.STRUCTURE: knowledge.danger_structures,
        CeilingKind.ZONE: knowledge.zones,
        CeilingKind.FACE: knowledge.checks,
    }
    named = ", ".join(one.points[:MOST_POINTS_NAMED]) + (" …" if len(one.points) > MOST_POINTS_NAMED else "")
    at = f", points {named}" if one.points else ""
    depth = quantity_text(one.ceiling_mm, "mm")
    return f"{depth} passed by {chance_text(one.chance)} of drops ({title_of(shelves[one.kind], one.set_by)}{at})"


def _reached(figures: ZoneFigures, *, alone: bool) -> Iterator[tuple[str, str, str]]:
    mean = ""
    if alone and figures.mean_exposure is not None:
        mean = f"; mean {spread_text(figures.mean_exposure, figures.mean_unit)}"
    yield "Skin", f"half is left after {spread_text(figures.hours_half, 'h')}{mean}", ""
    places = [("least", figures.cold), ("most", figures.hot)]
    said = "; ".join(f"{word} {_shares(spots)}" for word, spots in places if spots)
    if said:
        yield "Places", f"{said} of the mean", ""


def _shares(spots: Sequence[ExposureSpot]) -> str:
    """Return the first shares, the most extreme, each once: many places get the same."""
    said = dict.fromkeys(f"{number_text(100 * one.share, decimals=0)} %" for one in spots)
    return ", ".join(list(said)[:MOST_PLACES])


def _notes(zone: ZoneExposure) -> list[str]:
    said = []
    if zone.points_beside:
        said.append(f"{count_text(zone.points_beside, 'point', 'points')} of adjoining zones counted too.")
    off = max(1 - zone.stretch[0], zone.stretch[1] - 1)
    if off > FLAT_ENOUGH:
        percent = number_text(100 * off, decimals=0)
        said.append(f"This zone does not lie flat: lengths are off by up to {percent} %, so its coverage is rough.")
    return said
