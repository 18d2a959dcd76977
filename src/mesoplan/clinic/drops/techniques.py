"""Techniques by name: their published numbers put into the fields, and where each really lands in this skin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from mesoplan.clinic.courses.figure_words import LAYER_WORDS
from mesoplan.clinic.drops.addresses import address_of
from mesoplan.clinic.drops.fields import START, plain, read_setting
from mesoplan.clinic.drops.figures import Share
from mesoplan.clinic.evidence.links import entry_link
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.clinic.shell.writing import number_text, quantity_text, range_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.drop_view import DropSetting, skin_tried
from mesoplan.planning.skin import Skin
from mesoplan.planning.technique_landing import TechniqueLanding, TechniqueWay, technique_landing, technique_landings

WAYS = {
    "published-depth": gettext_lazy("published depth"),
    "whole-needle": gettext_lazy("in to the hub"),
}


@dataclass(frozen=True)
class Way:
    """One way to hold the needle of a technique, and the chances of the layers."""

    how: str
    held: str
    depth: str
    shares: tuple[Share, ...]
    address: str


@dataclass(frozen=True)
class Row:
    """A technique as it is called, and where it lands."""

    title: str
    href: str
    published: str
    named: str
    needle: str
    ways: tuple[Way, ...]


def filled(query: Mapping[str, str], knowledge: Knowledge) -> dict[str, str]:
    """The query with a technique's published numbers, where somebody has chosen one to be filled in."""
    name = query.get("technique", "")
    if "fill" not in query or name not in knowledge.techniques:
        return dict(query)
    setting = read_setting({key: query[key] for key in ("zone", "sex", "age", "thickness") if key in query}, knowledge)
    if setting.setting is None:
        return dict(query)
    landing = technique_landing(knowledge.techniques[name], skin_tried(setting.setting, knowledge), knowledge)
    return {**query, **_numbers(landing, landing.ways[0], knowledge)}


def _numbers(landing: TechniqueLanding, way: TechniqueWay, knowledge: Knowledge) -> dict[str, str]:
    technique = knowledge.techniques[landing.technique]
    numbers = {"needle": landing.needle, "angle": plain(way.angle_deg), "length": plain(round(way.inserted_mm, 1))}
    for name, figure in (("volume", technique.volume_per_point), ("spacing", technique.spacing)):
        if figure is not None:
            numbers[name] = plain((figure.low + figure.high) / 2)
    return numbers


def technique_rows(setting: DropSetting, skin: Skin, texts: Mapping[str, str], knowledge: Knowledge) -> list[Row]:
    """Techniques that are published for the zone's region."""
    region = knowledge.zones[setting.zone].region
    return [
        _row(landing, texts, knowledge)
        for landing in technique_landings(skin, knowledge)
        if region in knowledge.techniques[landing.technique].regions
    ]


def _row(landing: TechniqueLanding, texts: Mapping[str, str], knowledge: Knowledge) -> Row:
    return Row(
        title=title_of("techniques", landing.technique),
        href=entry_link("techniques", landing.technique),
        published=range_text(*landing.published_mm, "mm"),
        named=", ".join(str(LAYER_WORDS[one]) for one in landing.named_layers),
        needle=title_of("needles", landing.needle),
        ways=tuple(_way(landing, way, texts, knowledge) for way in landing.ways),
    )


def _way(landing: TechniqueLanding, way: TechniqueWay, texts: Mapping[str, str], knowledge: Knowledge) -> Way:
    numbers = {**START, **texts, "technique": landing.technique, **_numbers(landing, way, knowledge)}
    return Way(
        how=str(WAYS[way.way]),
        held=f"{number_text(way.angle_deg, digits=2)}° × {quantity_text(way.inserted_mm, 'mm', decimals=1)}",
        depth=quantity_text(way.depth_mm, "mm", decimals=1),
        shares=Share.of_layers(way.odds),
        address=address_of(numbers),
    )
