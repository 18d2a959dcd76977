"""Zones as they are chosen: by name, right and left side by side, in the order of the body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.imaging.zone_map import Figure, FigureWords, figure_svg, figures_for
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.zones import Zone

REGIONS = {
    "face": gettext_lazy("Face"),
    "submental": gettext_lazy("Under the chin"),
    "neck": gettext_lazy("Neck"),
    "body": gettext_lazy("Body"),
}
FRONT, BACK = pgettext_lazy("view of the body", "Front"), pgettext_lazy("view of the body", "Back")
SIDES = {"right": pgettext_lazy("right side", "R"), "left": pgettext_lazy("left side", "L")}


@dataclass(frozen=True)
class ZoneBox:
    id: str
    label: str
    side: str
    chosen: bool


@dataclass(frozen=True)
class ZoneRow:
    """A place: one box, or one for each side of the patient."""

    title: str
    boxes: tuple[ZoneBox, ...]


@dataclass(frozen=True)
class ZoneGroup:
    title: str
    rows: tuple[ZoneRow, ...]


@dataclass(frozen=True)
class ZonePicker:
    """What can be chosen under one field: zones that a protocol reaches first, the rest folded away."""

    name: str
    groups: tuple[ZoneGroup, ...]
    others: tuple[ZoneGroup, ...]
    chosen: tuple[str, ...]
    maps: tuple[SafeString, ...] = ()


def picker(name: str, chosen: Iterable[str], knowledge: Knowledge, aim: str = "") -> ZonePicker:
    """The zones for an aim; without an aim, all of them. A chosen zone is never folded away."""
    ticked = set(chosen)
    reached = reached_by(aim, knowledge) if aim else frozenset(knowledge.zones)
    near = [zone for zone in knowledge.zones.values() if zone.id in reached | ticked]
    far = [zone for zone in knowledge.zones.values() if zone.id not in reached | ticked]
    titles = tuple(title_of("zones", zone) for zone in chosen)
    maps = zone_maps(name, frozenset(zone.id for zone in near), get_language() or "") if aim else ()
    return ZonePicker(name, _groups(near, ticked), _groups(far, ticked), titles, maps)


@lru_cache(maxsize=256)
def zone_maps(name: str, zones: frozenset[str], language: str) -> tuple[SafeString, ...]:
    """Drawings of what can be chosen under a field; the same for everybody who reads the language."""
    captions = {Figure.HEAD: "", Figure.FRONT: str(FRONT), Figure.BACK: str(BACK)}
    titles = {zone: title_of("zones", zone) for zone in sorted(zones)}
    shading = reverse("courses:head", args=["front"])
    return tuple(
        # Names are escaped where they are drawn; all else of it is the project's own.
        mark_safe(  # noqa: S308
            figure_svg(
                figure,
                titles,
                FigureWords(str(SIDES["right"]), str(SIDES["left"]), captions[figure]),
                shading_href=shading,
                uid=f"{name}-{figure.value}",
            )
        )
        for figure in figures_for(zones)
    )


def reached_by(aim: str, knowledge: Knowledge) -> frozenset[str]:
    """Zones that at least one protocol of the aim is for."""
    return frozenset(
        zone.id
        for protocol in knowledge.protocols.values()
        if protocol.aim == aim
        for zone in knowledge.zones.values()
        if (zone.id in protocol.zones or not protocol.zones) and zone.region in protocol.regions
    )


def _groups(zones: list[Zone], ticked: set[str]) -> tuple[ZoneGroup, ...]:
    groups = []
    sides = {side: str(letter) for side, letter in SIDES.items()}
    for region, title in REGIONS.items():
        rows: dict[str, list[ZoneBox]] = {}
        for zone in zones:
            if zone.region == region:
                rows.setdefault(place_of(zone), []).append(_box(zone, sides, ticked))
        if rows:
            groups.append(ZoneGroup(str(title), tuple(ZoneRow(place, tuple(boxes)) for place, boxes in rows.items())))
    return tuple(groups)


def place_of(zone: Zone) -> str:
    """ "Malar" of "Malar, right"."""
    return title_of("zones", zone.id, "place" if zone.side in SIDES else "title")


def _box(zone: Zone, sides: Mapping[str, str], ticked: set[str]) -> ZoneBox:
    return ZoneBox(zone.id, title_of("zones", zone.id), sides.get(zone.side, ""), zone.id in ticked)
