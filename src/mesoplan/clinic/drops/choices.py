"""What can be chosen, as the reader calls it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from mesoplan.clinic.assessments.zones import REGIONS, place_of
from mesoplan.clinic.courses.figure_words import TARGET_WORDS
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.kernels import solutes
from mesoplan.knowledge.base import Knowledge

SEXES: dict[str, str | Promise] = {
    "female": gettext_lazy("female"),
    "male": gettext_lazy("male"),
    "": gettext_lazy("not said"),
}
TARGETS: Mapping[str, str | Promise] = TARGET_WORDS
PATTERNS: dict[str, str | Promise] = {
    "square": pgettext_lazy("lattice", "square"),
    "triangular": pgettext_lazy("lattice", "triangular"),
}
HANDS: dict[str, str | Promise] = {
    "free-hand": gettext_lazy("free hand"),
    "device": gettext_lazy("device"),
}
"""By id of the knowledge base, which has no titles of them in other languages."""
SOLUTES = tuple(solutes.SOLUTES)
BASES: dict[str, str | Promise] = {
    "sourced": gettext_lazy("from a source"),
    "derived": gettext_lazy("derived"),
    "assumed": gettext_lazy("assumed"),
}


@dataclass(frozen=True)
class Choice:
    """One entry of a list."""

    value: str
    title: str | Promise
    chosen: bool = False


def choices(words: Mapping[str, str | Promise], chosen: str) -> list[Choice]:
    """The list, with what the address holds even if there is no such thing: it stays until it is mended."""
    unknown = [] if chosen in words else [Choice(chosen, chosen, True)]
    return unknown + [Choice(value, title, value == chosen) for value, title in words.items()]


def zone_groups(chosen: str, knowledge: Knowledge) -> list[tuple[str | Promise, list[Choice]]]:
    """Zones by region, both sides of one as one."""
    groups: list[tuple[str | Promise, list[Choice]]] = []
    for region, title in REGIONS.items():
        zones = [zone for zone in knowledge.zones.values() if zone.region == region and zone.side != "left"]
        groups.append((title, [Choice(zone.id, place_of(zone), zone.id == chosen) for zone in zones]))
    return groups


def one_side(zone_id: str, knowledge: Knowledge) -> str:
    """The right side of a zone that has two, because the list names both as one."""
    right = f"{zone_id.removesuffix('-left')}-right"
    return right if zone_id.endswith("-left") and right in knowledge.zones else zone_id


def hand_title(hand_id: str) -> str:
    return str(HANDS.get(hand_id) or title_of("hand-tolerances", hand_id))


def solute_title(solute_id: str, knowledge: Knowledge) -> str:
    if solute_id in knowledge.compounds:
        return title_of("compounds", solute_id)
    return str(gettext_lazy("any small molecule"))
