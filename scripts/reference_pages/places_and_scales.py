"""Zones with their skin and what lies under it, scales with their formulas, and sources."""

from __future__ import annotations

from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.scales import Scale
from mesoplan.knowledge.schema.sources import Source
from mesoplan.knowledge.schema.zones import DangerStructure, Thickness, Zone
from scripts.reference_pages.markdown import (
    NOTHING,
    anchor,
    bullets,
    cell,
    checked,
    citation,
    figure,
    joined,
    links,
    names,
    page,
    section,
    statements,
    table,
    written,
)


def zones(knowledge: Knowledge) -> str:
    """Return the page of zones and danger structures."""
    parts = [section(f"{one.title} (`{one.id}`)", _zone(one)) for one in knowledge.zones.values()]
    structures = [section(f"{one.title} (`{one.id}`)", _structure(one)) for one in knowledge.danger_structures.values()]
    return page(
        "Zones and what lies under them",
        "Right and left are the patient's. Skin is epidermis and dermis together unless a layer is named.",
        "## Zones",
        *parts,
        "## Structures within reach of a needle",
        *structures,
    )


def _zone(zone: Zone) -> str:
    blocked = zone.blocked
    stop = (
        f"**No injection** (override: {blocked.override.value}). {cell(blocked.text)} {citation(blocked)}"
        if blocked
        else ""
    )
    surface = "on the face mesh" if zone.surface == "mesh" else "a flat patch with an area that is entered"
    codes = (
        "; ".join(f"{one.system.upper()} {one.code}" for one in zone.codes) or f"no code; {zone.parent or 'not known'}"
    )
    facts = [f"{zone.region}, {surface}; {codes}", f"skin: {figure(zone.skin_bounds)}"]
    if zone.usual_area:
        facts.append(f"usual area: {figure(zone.usual_area)}")
    facts += [
        f"most {cap.what.replace('-', ' ')}: {written(cap)} ({cap.over}). {cell(cap.text)} {citation(cap)}"
        for cap in zone.caps
    ]
    return joined(stop, bullets(facts), _thickness(zone.thickness), statements((*zone.vessels, *zone.nerves)))


def _thickness(studies: tuple[Thickness, ...]) -> str:
    rows = (
        [one.layer.replace("-", " "), written(one), f"{one.sd:g}" if one.sd else NOTHING, one.method.replace("-", " "),
         one.sex.value if one.sex else "both", f"{one.ages[0]}–{one.ages[1]}" if one.ages else "all",
         str(one.participants or NOTHING), links(one.sources), checked(one)]
        for one in studies
    )  # fmt: skip
    return table(("Layer", "Thickness", "SD", "Method", "Sex", "Age", "People", "Sources", "Checked"), rows)


def _structure(one: DangerStructure) -> str:
    path = " – ".join(f"{place.landmark} ({place.lateral_mm:g} lateral, {place.up_mm:g} up)" for place in one.path)
    facts = [
        f"{one.kind}, {one.shape}, {one.sides}; over it: {one.over}",
        f"place in mm from landmarks: {path}",
        f"reach: {figure(one.reach)}",
        f"greatest depth of the tip: {figure(one.ceiling) if one.ceiling else 'none set'}",
        *(f"measured depth: {figure(depth)}" for depth in one.depth),
    ]
    if one.blocks_families:
        facts.append(f"not to be injected there: {names(one.blocks_families)}")
    return joined(bullets(facts), statements(one.location))


def scales(knowledge: Knowledge) -> str:
    """Return the page of scales."""
    parts = [section(f"{one.title} (`{one.id}`)", _scale(one), level=2) for one in knowledge.scales.values()]
    return page(
        "Scales", "A score is the sum over its regions of weight × formula; it is computed from what is shown.", *parts
    )


def _scale(scale: Scale) -> str:
    weights = " + ".join(f"{region.weight:g} × {region.id}" for region in scale.regions)
    facts = [
        f"{scale.kind}; better is {scale.better}; from {scale.lowest:g} to {scale.highest:g} {citation(scale)}",
        f"in each region: `{scale.formula}`; over regions: {weights}",
        *([f"computed from the items of `{scale.items_of}`"] if scale.items_of else []),
        *(f"measurement error: {figure(one)}" for one in scale.error),
        *([f"noticeable change: {figure(scale.noticeable_change)}"] if scale.noticeable_change else []),
    ]
    items = table(
        ("Item", "What is scored", "Grades"),
        (
            [f"`{item.id}`", cell(item.title), cell("; ".join(f"{one.score} {one.label}" for one in item.grades))]
            for item in scale.items
        ),
    )
    regions = table(
        ("Region", "Name", "Weight", "Zones"),
        ([f"`{one.id}`", cell(one.title), f"{one.weight:g}", names(one.zones)] for one in scale.regions),
    )
    return joined(bullets(facts), items, regions, statements(scale.remarks))


def sources(knowledge: Knowledge) -> str:
    """Return the page of sources."""
    head = ("Id", "Title", "Kind", "Quality", "Year", "How much was read", "Where")
    return page(
        "Sources",
        "Quality: A a label, regulator, review or consensus; B a study or textbook; C other. "
        "“not read” means that the value was recalled, not seen.",
        table(head, (_source(one) for one in knowledge.sources.values())),
    )


def _source(source: Source) -> list[str]:
    where = f"[doi.org/{source.doi}](https://doi.org/{source.doi})" if source.doi else source.url
    return [
        f'<a id="{anchor(source.id)}"></a>{source.id}',
        cell(source.title),
        source.kind,
        source.quality,
        str(source.year or NOTHING),
        source.read,
        where or NOTHING,
    ]
