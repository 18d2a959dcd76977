"""Where the drops of a zone land, laid out for pages: a section to scale, chances as a bar and in words, ceilings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mesoplan.clinic.courses.figure_words import LANDING_WORDS, LAYER_WORDS, SKIN_WORDS, TARGET_WORDS
from mesoplan.clinic.evidence.links import Link, entry_link, links_to_sources
from mesoplan.clinic.evidence.titles import title_marked, title_of
from mesoplan.clinic.shell.parts import Interval
from mesoplan.clinic.shell.writing import number_text, quantity_text, range_text, reader_language, with_unit
from mesoplan.documents.skin_section import SkinSection, section_of
from mesoplan.domain.evaluation import CeilingChance, CeilingKind, Evaluation, Landing, LayerChances
from mesoplan.domain.plan import Plan, ZonePlacement
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import HandTolerance
from mesoplan.planning.landing import hand
from mesoplan.planning.landing_words import whole_percents

WORTH_SAYING = 0.005
"""A chance below this is "under 1 %", and one so near to certainty is "over 99 %"."""

MOST_POINTS_NAMED = 12


@dataclass(frozen=True)
class LayerShare:
    """One layer of the bar beside the section: from above, in whole percent that are also its place and height."""

    name: str
    label: str
    percent: int
    y: int


@dataclass(frozen=True)
class PassedCeiling:
    """A depth that is not to be passed, and how often it is."""

    depth: str
    chance: str
    by: SafeString
    href: str
    points: str


@dataclass(frozen=True)
class LandingCard:
    """Where the tip lies, in figures and as a section of the skin to scale."""

    zones: list[str]
    angle: str
    inserted: str
    depth: Interval
    skin: str
    skin_from: str
    lands: str
    hand: str
    hand_href: str
    target: str
    reached: str
    layers: list[LayerShare]
    ceilings: list[PassedCeiling]
    section: SkinSection | None
    sources: list[Link]


def landing_cards(plan: Plan, evaluation: Evaluation, knowledge: Knowledge) -> list[LandingCard]:
    """One card for each needle position in one kind of skin; zones and syringes that land alike share it."""
    placements = {(one.zone, one.preparation): one for one in plan.placements}
    groups: dict[tuple[Any, ...], list[Landing]] = {}
    for landing in evaluation.landings:
        placement = placements[landing.zone, landing.preparation]
        alike = landing.model_copy(update={"zone": "x", "preparation": "x", "ceilings": ()}).model_dump_json()
        held = (placement.angle, placement.inserted, placement.needle, placement.technique, alike)
        groups.setdefault(held, []).append(landing)
    return [_landing(group, placements[group[0].zone, group[0].preparation], knowledge) for group in groups.values()]


def _landing(group: list[Landing], held: ZonePlacement, knowledge: Knowledge) -> LandingCard:
    landing, diameter = group[0], knowledge.needles[held.needle].outer_diameter
    angle, inserted, tolerance = held.angle.value, held.inserted.value, hand(knowledge, held.technique)
    low, high = (number_text(end, decimals=1) for end in landing.depth_range_mm)
    chances = landing.chances
    return LandingCard(
        zones=list(dict.fromkeys(title_of("zones", one.zone, knowledge) for one in group)),
        angle=with_unit(number_text(angle), "deg"),
        inserted=quantity_text(inserted, "mm", decimals=1),
        depth=Interval(quantity_text(landing.depth_mm, "mm", decimals=1), low, high),
        skin=range_text(*landing.skin_mm, "mm", decimals=1) if landing.skin_mm else _("not known"),
        skin_from=str(SKIN_WORDS[landing.skin_from]),
        lands=lands_text(landing),
        hand=_hand_text(tolerance) if chances else "",
        hand_href=entry_link("hand-tolerances", tolerance.id),
        target=str(TARGET_WORDS.get(landing.target or "", landing.target or "")),
        reached="" if chances is None or chances.target is None else chance_text(chances.target),
        layers=[] if chances is None else _bar(chances),
        ceilings=_ceilings(group, knowledge),
        section=section_of(landing, angle, inserted, diameter.high, reader_language()),
        sources=links_to_sources(landing.sources, knowledge),
    )


def _hand_text(tolerance: HandTolerance) -> str:
    return _("if 95 of 100 drops keep the angle to ± %(angle)s and the length to ± %(length)s; not measured") % {
        "angle": with_unit(number_text(tolerance.angle.high), "deg"),
        "length": quantity_text(tolerance.length.high, "mm", decimals=1),
    }


def chance_text(chance: float) -> str:
    """Return "8 %", "under 1 %" or "over 99 %"; nobody knows hands and skins well enough for 0 or 100."""
    if chance < WORTH_SAYING:
        return _("under %(chance)s") % {"chance": with_unit("1", "%")}
    if chance >= 1 - WORTH_SAYING:
        return _("over %(chance)s") % {"chance": with_unit("99", "%")}
    return with_unit(number_text(100 * chance, decimals=0), "%")


def lands_text(landing: Landing) -> str:
    """Return "dermis 38 % · fat 62 %"; the layer in words where an evaluation was kept before there were chances."""
    if landing.chances is None:
        return str(LANDING_WORDS[landing.landing])
    shown = [one for one in _bar(landing.chances) if one.percent > 0]
    if len(shown) == 1:
        return f"{shown[0].label} {chance_text(1.0)}"
    return " · ".join(f"{one.label} {with_unit(str(one.percent), '%')}" for one in shown)


def _bar(chances: LayerChances) -> list[LayerShare]:
    layers, above = [], 0
    for name, percent in whole_percents(chances).items():
        layers.append(LayerShare(name, str(LAYER_WORDS[name]), percent, above))
        above += percent
    return layers


def _ceilings(group: list[Landing], knowledge: Knowledge) -> list[PassedCeiling]:
    """The ceilings that are passed in one drop of a hundred or more, the most passed first; else the most passed."""
    found: dict[tuple[CeilingKind, str, float], CeilingChance] = {}
    for one in (ceiling for landing in group for ceiling in landing.ceilings):
        key = (one.kind, one.set_by, one.ceiling_mm)
        points = (*(found[key].points if key in found else ()), *one.points)
        found[key] = one.model_copy(update={"points": points})
    ordered = sorted(found.values(), key=lambda one: (-one.chance, one.ceiling_mm))
    worth = [one for one in ordered if one.chance >= WORTH_SAYING]
    return [_ceiling(one, knowledge) for one in (worth or ordered[:1])]


_KINDS = {CeilingKind.STRUCTURE: "danger-structures", CeilingKind.ZONE: "zones", CeilingKind.FACE: "checks"}


def _ceiling(one: CeilingChance, knowledge: Knowledge) -> PassedCeiling:
    kind = _KINDS[one.kind]
    return PassedCeiling(
        depth=quantity_text(one.ceiling_mm, "mm"),
        chance=chance_text(one.chance),
        by=title_marked(kind, one.set_by, knowledge),
        href=entry_link(kind, one.set_by),
        points=_points_text(one.points),
    )


def _points_text(points: tuple[str, ...]) -> str:
    if not points:
        return ""
    named = ", ".join(points[:MOST_POINTS_NAMED])
    more = len(points) - MOST_POINTS_NAMED
    if more > 0:
        return _("points %(points)s and %(more)s more") % {"points": named, "more": more}
    return ngettext("point %(points)s", "points %(points)s", len(points)) % {"points": named}
