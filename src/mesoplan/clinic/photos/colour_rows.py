"""The table of the colours of the skin on the page of a set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mesoplan.clinic.photos import skin_colours, words
from mesoplan.clinic.photos.models import Photo
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, face_zone_ids


@dataclass(frozen=True)
class ColourRow:
    """A zone in the table of colours."""

    colour: skin_colours.ColourOfZone

    @property
    def title(self) -> str:
        return title_of("zones", self.colour.zone_id)

    @property
    def ita(self) -> str:
        return words.with_error(*self.colour.ita_deg)

    @property
    def melanin(self) -> str:
        return words.with_error(*self.colour.melanin)

    @property
    def erythema(self) -> str:
        return words.with_error(*self.colour.erythema)

    @property
    def view(self) -> str:
        return str(self.colour.view.label)


def colour_rows(photos: Sequence[Photo]) -> list[ColourRow]:
    return [ColourRow(zone) for zone in skin_colours.zones_of(photos)]


def titles_without(rows: Iterable[ColourRow]) -> list[str]:
    """Zones that take an injection and have no colour."""
    done = {row.colour.zone_id for row in rows} | set(NO_INJECTION_ZONES)
    return [title_of("zones", zone) for zone in face_zone_ids() if zone not in done]
