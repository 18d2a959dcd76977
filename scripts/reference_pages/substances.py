"""Compounds with their presentations and limits, and protocols."""

from __future__ import annotations

from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import Compound, Evidence, Limit, Presentation
from mesoplan.knowledge.schema.protocols import Mixture, Protocol
from scripts.reference_pages.markdown import (
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


def compounds(knowledge: Knowledge) -> str:
    """Return the page of compounds."""
    parts = [section(f"{one.title} (`{one.id}`)", _compound(one), level=2) for one in knowledge.compounds.values()]
    text = f"All {len(knowledge.compounds)} compounds, blocked ones included. Unknown is said, never taken as zero."
    return page("Compounds", text, *parts)


def _compound(compound: Compound) -> str:
    blocked = compound.blocked
    stop = (
        f"**Blocked** (override: {blocked.override.value}). {cell(blocked.text)} {citation(blocked)}" if blocked else ""
    )
    facts = [
        f"{compound.group}; {compound.role.value}, dosed in {compound.amount_unit}",
        f"families: {names(compound.families)}",
        *(
            [f"working concentration: {figure(compound.working_concentration)}"]
            if compound.working_concentration
            else []
        ),
        *([f"called toxic in blood from: {figure(compound.toxic_level)}"] if compound.toxic_level else []),
        *(f"{one.system.upper()} {one.code}" for one in compound.codes),
    ]
    status = table(
        ("Where", "Status", "What is known", "Sources", "Checked"),
        (
            [place, one.status.replace("_", " "), cell(one.text), links(one.sources), checked(one)]
            for place, one in compound.status.items()
        ),
    )
    return joined(
        stop,
        bullets(facts),
        section("Presentations", _presentations(compound.presentations)),
        section("Limits", _limits(compound.limits) or "No limit is known."),
        section("Status", status),
        section("Routes", statements(compound.routes)),
        section("Contraindications", statements(compound.contraindications)),
        section("Interactions", statements(compound.interactions)),
        section("Adverse effects", statements(compound.adverse_effects)),
        section("Evidence", evidence(compound.evidence)),
    )


def _presentations(presentations: tuple[Presentation, ...]) -> str:
    rows = (
        [f"`{one.id}`", cell(one.title), written(one.strength) if one.strength else "dosed by volume",
         written(one.container), written(one.ph) if one.ph else "not known", one.single_dose]
        for one in presentations
    )  # fmt: skip
    return table(("Id", "What it is", "Strength", "Container", "pH", "Single dose"), rows)


def _limits(limits: tuple[Limit, ...]) -> str:
    rows = (
        [one.measure.value.replace("_", " "), written(one), one.over, ", ".join(one.regions) or "everywhere",
         links(one.sources), checked(one)]
        for one in limits
    )  # fmt: skip
    return table(("For each", "Limit", "Over it", "Where", "Sources", "Checked"), rows)


def evidence(found: tuple[Evidence, ...]) -> str:
    """Return evidence for and against, as it stands."""
    rows = (
        [
            one.direction,
            one.level,
            str(one.participants or "not known"),
            cell(one.text),
            links(one.sources),
            checked(one),
        ]
        for one in found
    )
    return table(("Direction", "Level", "Participants", "What was found", "Sources", "Checked"), rows)


def protocols(knowledge: Knowledge) -> str:
    """Return the page of protocols, by aim."""
    parts = []
    for aim in knowledge.aims.values():
        own = [one for one in knowledge.protocols.values() if one.aim == aim.id]
        about = joined(f"{cell(aim.summary.text)} {citation(aim.summary)}", statements(aim.timeline))
        body = joined(about, *(_protocol(one) for one in own)) if own else joined(about, "No protocol.")
        parts.append(section(f"{aim.title} (`{aim.id}`)", body, level=2))
    return page("Protocols", "Each as it would be given; the planner makes it individual.", *parts)


def _protocol(protocol: Protocol) -> str:
    figures = {
        "Volume of a point": protocol.volume_per_point,
        "Spacing": protocol.spacing,
        "Edge margin": protocol.edge_margin,
        "Interval": protocol.interval,
        "Sessions": protocol.sessions,
        "Look again after sessions": protocol.review_after,
        "Judged from week": protocol.judge_from,
    }
    facts = table(
        ("What", "Value", "Sources", "Checked"),
        ([name, written(one), links(one.sources), checked(one)] for name, one in figures.items()),
    )
    where = names(protocol.zones) if protocol.zones else f"all zones of {', '.join(protocol.regions)}"
    about = [
        f"technique `{protocol.technique}`, needle `{protocol.needle}`, target {protocol.target.replace('-', ' ')}",
        f"zones: {where}; scales: {names(protocol.score_with)}",
        *(_mixture(one) for one in protocol.mixtures),
    ]
    if protocol.only_in:
        about.append(f"only in {names(protocol.only_in)}")
    body = joined(
        f"{cell(protocol.summary.text)} {citation(protocol.summary)}",
        bullets(about),
        facts,
        section("Why", statements(protocol.why), level=4),
        section("Evidence", evidence(protocol.evidence), level=4),
    )
    return section(f"{protocol.title} (`{protocol.id}`)", body)


def _mixture(mixture: Mixture) -> str:
    parts = [
        f"`{one.compound}` from `{one.presentation}` "
        + (f"at {figure(one.concentration)}" if one.concentration else "as supplied")
        for one in mixture.ingredients
    ]
    diluent = f", made up with `{mixture.diluent}`" if mixture.diluent else ""
    return f"{cell(mixture.title)}: {'; '.join(parts)}{diluent}"
