"""Where the drops of a plan land and how evenly they reach their layer, on paper: a sheet beside the plan sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mesoplan.documents.citations import Citations, title_of
from mesoplan.documents.coverage_lines import spread_text
from mesoplan.documents.exposed_zones import exposed_zones
from mesoplan.documents.front_page import patient_facts
from mesoplan.documents.hour_lines import hour_section
from mesoplan.documents.plan_sheet import head_of, in_groups
from mesoplan.documents.section_drawing import LAYER_COLOURS
from mesoplan.documents.sheet import Paper, SheetHeader, SheetMap
from mesoplan.documents.typesetting import typeset
from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.exposure import BloodLevel, Exposure, ParameterRange
from mesoplan.domain.plan import Plan
from mesoplan.domain.quantities import Angle, Length
from mesoplan.domain.writing import angle_text, length_text, number_text, quantity_text, range_text
from mesoplan.imaging.coverage_drawing import MOST_SHARE, colour_of
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.landing import hand

TEMPLATE = "exposure_sheet.typ"

_RANGES = {
    "diffusion": "spread in the deep dermis",
    "clearance": "clearance in the deep dermis",
    "porosity": "share of the tissue that the liquid fills",
}
_BASES = {"sourced": "from a source", "derived": "derived", "assumed": "assumed"}
_UNITS = {"mm2/h": "mm²/h", "1/h": "1/h"}
_COLOURS = 24
"""Steps of the colour bar."""


def exposure_sheet(
    *,
    plan: Plan,
    case: Case,
    evaluation: Evaluation,
    exposure: Exposure,
    knowledge: Knowledge,
    header: SheetHeader,
    maps: Sequence[SheetMap] = (),
    paper: Paper = Paper.A4,
) -> bytes:
    """Return the exposure sheet as PDF.

    Parameters
    ----------
    plan, case, evaluation, exposure, knowledge
        What is printed; evaluation and exposure are those of this plan for this case.
    header : SheetHeader
        As on the plan sheet.
    maps : sequence of SheetMap
        Drawings in the colours of coverage, the largest first; those without colours are left out.
    paper : Paper
        A4 or Letter.
    """
    return typeset(TEMPLATE, exposure_data(plan, case, evaluation, exposure, knowledge, header, maps), paper)


def exposure_data(
    plan: Plan,
    case: Case,
    evaluation: Evaluation,
    exposure: Exposure,
    knowledge: Knowledge,
    header: SheetHeader,
    maps: Sequence[SheetMap],
) -> dict[str, Any]:
    """Return all that the template prints, as written. Sources are numbered in the order of reading."""
    citations = Citations(knowledge)
    zones = exposed_zones(plan, case, evaluation, exposure, knowledge, citations)
    blood = [_blood(one, knowledge, citations) for one in exposure.blood]
    hands = _hands(plan, knowledge, citations)
    return {
        "head": head_of(plan, case, evaluation, knowledge, header),
        "front": {"patient": patient_facts(case, knowledge)},
        "maps": [
            {"title": one.title, "svg": one.svg, "width_mm": one.width_mm} for one in maps if "data-covered" in one.svg
        ],
        "colours": [colour_of(MOST_SHARE * step / (_COLOURS - 1)) for step in range(_COLOURS)],
        "layers": [{"name": name, "colour": colour} for name, colour in LAYER_COLOURS],
        "covered_from": number_text(100 * exposure.covered_from, decimals=0),
        "layer_by_hand": exposure.layer_by_hand,
        "zones": zones,
        "hours": hour_section(exposure, knowledge),
        "blood": blood,
        "draws": number_text(exposure.draws),
        "ranges": _ranges(exposure.ranges, knowledge),
        "kinetics": [
            {"about": f"{title_of(knowledge.compounds, one.compound)}, in the body", "text": "; ".join(one.kinetics)}
            for one in exposure.blood
            if one.kinetics
        ],
        "hands": hands,
        "limits": exposure.limits,
        "back": {"sources": citations.listed(), "sources_standing": citations.standing_of_all()},
        "computed": {
            "release": exposure.knowledge_release,
            "hash": in_groups(exposure.knowledge_sha256),
            "engine": exposure.engine,
        },
    }


def _blood(level: BloodLevel, knowledge: Knowledge, citations: Citations) -> dict[str, str]:
    toxic, keys = "no toxic level was found in a source", ""
    if level.toxic_mg_l is not None:
        toxic = f"called toxic from {quantity_text(level.toxic_mg_l, 'mg/L')}"
        keys = citations.cite(level.sources)
    return {
        "compound": title_of(knowledge.compounds, level.compound),
        "dose": "not known" if level.dose_mg is None else quantity_text(level.dose_mg, "mg"),
        "peak": "" if level.peak_mg_l is None else spread_text(level.peak_mg_l, "mg/L"),
        "after": "" if level.peak_hours is None else spread_text(level.peak_hours, "h"),
        "rate": "" if level.rate_mg_h is None else spread_text(level.rate_mg_h, "mg/h"),
        "not_computed": f"not computed: {level.not_computed}" if level.peak_mg_l is None else "",
        "toxic": toxic,
        "keys": keys,
    }


def _ranges(ranges: Sequence[ParameterRange], knowledge: Knowledge) -> list[dict[str, str]]:
    """Return each range once, with the solutes that it was taken for; the tissue's own is of all of them."""
    solutes: dict[tuple[str, str, str, str], list[str]] = {}
    for one in ranges:
        within = range_text(one.low, one.high, _UNITS.get(one.unit, ""))
        known = one.solute in knowledge.compounds
        name = title_of(knowledge.compounds, one.solute) if known else "Small molecule"
        solutes.setdefault((one.what, within, _BASES[one.basis], one.source), []).append(name)
    return [
        {
            "about": _RANGES[what].capitalize() if what == "porosity" else f"{', '.join(names)}: {_RANGES[what]}",
            "within": within,
            "source": source if source.startswith(basis) else f"{basis}; {source}",
        }
        for (what, within, basis, source), names in solutes.items()
    ]


def _hands(plan: Plan, knowledge: Knowledge, citations: Citations) -> list[dict[str, str]]:
    """Return how far the hand was taken to stray, once for each kind of hand in the plan."""
    tolerances = {one.id: one for one in (hand(knowledge, placement.technique) for placement in plan.placements)}
    return [
        {
            "about": one.title,
            "text": f"95 of 100 drops keep the angle to ± {angle_text(Angle(one.angle.high))} and the inserted length "
            f"to ± {length_text(Length(one.length.high))}",
            "keys": citations.cite((*one.angle.sources, *one.length.sources)),
        }
        for one in tolerances.values()
    ]
