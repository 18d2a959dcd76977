"""Addresses of settings: only what differs from the start, and what was pinned beside it; and that of a plan's zone."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

from mesoplan.clinic.drops.fields import START, plain
from mesoplan.domain.case import Case
from mesoplan.domain.plan import Plan, ZonePlacement
from mesoplan.kernels.solutes import SOLUTES
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.drop import solute_of

PINNED = "pin"
LONGEST_PIN = 600


def state_of(texts: Mapping[str, str]) -> str:
    """The setting as a query, without what the start has anyway."""
    return urlencode({name: texts[name] for name, start in START.items() if texts[name] != start})


def address_of(texts: Mapping[str, str], *, pinned: str | None = None, view: str = "drops:drops") -> str:
    """The page of a setting, beside a pinned one where there is one."""
    parts = [state_of(texts)] if state_of(texts) else []
    if pinned is not None:
        parts.append(urlencode({PINNED: pinned}))
    return reverse(view) + ("?" + "&".join(parts) if parts else "")


def pinned_query(query: Mapping[str, str]) -> dict[str, str] | None:
    """What was pinned, None where nothing is."""
    text = query.get(PINNED)
    if text is None or len(text) > LONGEST_PIN:
        return None
    return {name: value for name, value in parse_qsl(text) if name in START}


def address_of_zone(zone: str, plan: Plan, case: Case, knowledge: Knowledge) -> str:
    """The page with what a plan does in a zone, and its patient's sex, age and measured skin; it names nobody."""
    placement = next(one for one in plan.placements if one.zone == zone)
    measured = [one for one in case.thickness if one.zone == zone]
    texts = {
        "zone": zone,
        "sex": case.patient.sex.value if case.patient.sex else "",
        "age": str(case.patient.age_on(case.as_of)),
        "thickness": plain(max(measured, key=lambda one: one.on).thickness.value) if measured else "",
        "technique": placement.technique,
        "needle": placement.needle,
        "angle": plain(placement.angle.value),
        "length": plain(placement.inserted.value),
        "volume": plain(placement.volume_per_point.value),
        "spacing": plain(placement.spacing.value),
        "pattern": "triangular" if placement.pattern == "hexagonal" else "square",
        "solute": _solute(placement, plan, knowledge),
        "target": knowledge.protocols[plan.protocol].target if plan.protocol else START["target"],
    }
    return address_of({**START, **texts})


def _solute(placement: ZonePlacement, plan: Plan, knowledge: Knowledge) -> str:
    """What stands for the first of the compounds in the syringe whose spread can be told."""
    preparation = next(one for one in plan.preparations if one.id == placement.preparation)
    for draw in preparation.draws:
        try:
            found = solute_of(knowledge.presentations[draw.presentation][0].id, knowledge)
        except ValueError:
            continue
        if found in SOLUTES:
            return found
    return START["solute"]
