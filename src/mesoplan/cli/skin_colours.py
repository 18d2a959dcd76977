"""What `mesoplan zones` prints of the colour of skin, where a ColorChecker is in the photo."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mesoplan.cli.wrapping import wrapped
from mesoplan.imaging.card_finding import CardRefused
from mesoplan.imaging.colour_card import ColourCorrection, colour_checker_correction
from mesoplan.imaging.photo_zones import MeasuredFace
from mesoplan.imaging.picture_reading import Picture
from mesoplan.imaging.skin_colour import WITHOUT_CARD, Measured, NotMeasurable, ZoneColour, zone_colours
from mesoplan.knowledge.base import Knowledge

COLUMN, LEAST_COLUMN = 18, 22
HEADINGS = ("Typology angle", "Melanin index", "Erythema index")
CAUTION = (
    "Indices are those of a camera, by its red and green light; they follow one patient under one camera and are not "
    "those of a reflectance meter. Errors were measured on rendered faces and charts under synthetic cameras."
)


def card_in(picture: Picture) -> ColourCorrection | str:
    """The correction by the ColorChecker in a photo, or why there is none."""
    try:
        return colour_checker_correction(picture)
    except CardRefused as refused:
        return str(refused)


def colours_text(
    picture: Picture, face: MeasuredFace, card: ColourCorrection | str | None, knowledge: Knowledge
) -> str:
    """A line for each zone, or why there is no colour."""
    if not isinstance(card, ColourCorrection):
        why = card or "--card looks for a ColorChecker 24 in the photo"
        return "\n".join(wrapped(f"Colour of the skin: {WITHOUT_CARD}. {why[0].upper()}{why[1:]}.", hang=0))
    zones = zone_colours(picture, face, card)
    titles = [knowledge.zones[zone.zone_id].title for zone in zones]
    column = max(LEAST_COLUMN, *map(len, titles)) + 2
    head = f"Colour of the skin by ColorChecker: {card.used} of 24 patches, off by {card.residual:.1f} units of L*a*b*."
    rows = [f"{title:{column}}{_row(zone)}".rstrip() for title, zone in zip(titles, zones, strict=True)]
    names = f"{'Zone':{column}}" + "".join(f"{name:{COLUMN}}" for name in HEADINGS)
    return "\n".join([*wrapped(head), "", names.rstrip(), *rows, "", *wrapped(CAUTION, hang=0)])


def _row(zone: ZoneColour) -> str:
    if isinstance(zone.ita_deg, NotMeasurable):
        return f"not measurable: {zone.ita_deg.reason}"
    values = (_text(zone.ita_deg, "°"), _text(zone.melanin_index), _text(zone.erythema_index))
    return "".join(f"{value:{COLUMN}}" for value in values)


def _text(value: Measured | NotMeasurable, unit: str = "") -> str:
    if isinstance(value, NotMeasurable):
        return value.reason
    return f"{value.value:.1f} ± {value.error:.1f}{unit}".replace("-", "−")


def colours_json(picture: Picture, face: MeasuredFace, card: ColourCorrection | str | None) -> dict[str, Any]:
    """The same with every figure."""
    found = card if isinstance(card, ColourCorrection) else None
    zones = [_zone_json(zone) for zone in zone_colours(picture, face, found)]
    if found is None:
        return {"card": None, "why": card or WITHOUT_CARD, "zones": zones}
    return {
        "card": {
            "kind": found.kind.value,
            "patches_used": found.used,
            "clipped": list(found.clipped),
            "residual": round(found.residual, 2),
        },
        "zones": zones,
        "caution": CAUTION,
    }


def _zone_json(zone: ZoneColour) -> dict[str, Any]:
    values = {"ita_deg": zone.ita_deg, "melanin_index": zone.melanin_index, "erythema_index": zone.erythema_index}
    named = zip(("l", "a", "b"), zone.lab, strict=True) if not isinstance(zone.lab, NotMeasurable) else ()
    return {
        "zone": zone.zone_id,
        **{name: _value_json(value) for name, value in values.items()},
        "lab": {name: _value_json(value) for name, value in named} or None,
        "pixels": zone.pixels,
    }


def _value_json(value: Measured | NotMeasurable) -> dict[str, Any]:
    if isinstance(value, NotMeasurable):
        return {"not_measurable": value.reason}
    return {name: round(number, 2) for name, number in asdict(value).items()}
