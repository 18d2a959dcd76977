"""Techniques, needles, the hand, and the limits of mixtures."""

from __future__ import annotations

from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.citation import Figure
from scripts.reference_pages.markdown import NOTHING, cell, checked, joined, links, names, page, section, table, written


def instruments(knowledge: Knowledge) -> str:
    """Return the page of techniques, needles, the hand's tolerance, instruments, limits of mixtures and regimens."""
    techniques = (
        [f"`{one.id}`", cell(one.title), written(one.published_depth), written(one.angle), names(one.needles),
         ", ".join(one.regions), links(one.published_depth.sources), checked(one.published_depth)]
        for one in knowledge.techniques.values()
    )  # fmt: skip
    head = ("Id", "Name", "Published depth", "Angle", "Needles", "Regions", "Sources of the depth", "Checked")
    hands = joined(*(section(one.title, _figures(one)) for one in knowledge.hand_tolerances.values()))
    measuring = joined(*(section(f"{one.title} (`{one.id}`)", _figures(one)) for one in knowledge.instruments.values()))
    needles = joined(*(section(f"{one.title} (`{one.id}`)", _figures(one)) for one in knowledge.needles.values()))
    limits = joined(*(section(one.title, _figures(one)) for one in knowledge.mixing_limits.values()))
    searched = joined(*(section(one.title, _figures(one)) for one in knowledge.regimen_limits.values()))
    return page(
        "Techniques, needles, mixtures",
        "A technique's published depth is what its sources say; the depth of a plan is always computed.",
        section("Techniques", table(head, techniques), level=2),
        section("How far a hand strays", hands, level=2),
        section("Needles", needles, level=2),
        section("Instruments", measuring, level=2),
        section("Limits of a mixture", limits, level=2),
        section("Limits of the search for a regimen", searched, level=2),
    )


def _figures(entry: object) -> str:
    """Return every figure of an entry as a table."""
    figures = {name: value for name, value in vars(entry).items() if isinstance(value, Figure)}
    rows = (
        [name.replace("_", " "), written(one), cell(one.note or "") if one.note else NOTHING, links(one.sources),
         checked(one)]
        for name, one in figures.items()
    )  # fmt: skip
    return table(("What", "Value", "Note", "Sources", "Checked"), rows)
