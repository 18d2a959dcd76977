"""The colour of the skin of a photo, as it is stored beside what was measured of the face: by a card, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from mesoplan.clinic.photos.models import Photo, View
from mesoplan.imaging.card_finding import CardRefusal, CardRefused
from mesoplan.imaging.colour_card import (
    CardKind,
    ColourCorrection,
    colour_checker_correction,
    grey_card_correction,
)
from mesoplan.imaging.face_zones import NO_INJECTION_ZONES, face_zone_ids
from mesoplan.imaging.photo_zones import MeasuredFace
from mesoplan.imaging.picture_reading import Picture
from mesoplan.imaging.skin_colour import Measured, NotMeasurable, ZoneColour, zone_colours
from mesoplan.workflow import WrongState

Document = dict[str, Any]
Value = tuple[float, float]
Corners = Sequence[Sequence[float]]
_DECIMALS = 1
NO_GREY_CARD = gettext_noop(
    "There is no grey card to be marked on this photo: none was chosen for its set, or its face is not measured."
)


@dataclass(frozen=True)
class ColourOfZone:
    """Typology angle, melanin and erythema index of a zone, each with its error, and the view that tells them."""

    zone_id: str
    ita_deg: Value
    melanin: Value
    erythema: Value
    view: View


@dataclass(frozen=True)
class CardRead:
    """How well the card of one photo was read, or why it was not."""

    view: View
    kind: CardKind = CardKind.COLOUR_CHECKER
    patches: int = 0
    residual: float = 0.0
    refusal: str = ""


def colours_of(picture: Picture, face: MeasuredFace, kind: CardKind, corners: Corners = ()) -> Document | None:
    """What is stored of a photo in which there should be a card; nothing before a grey card is marked."""
    if kind is CardKind.GREY and not corners:
        return None
    try:
        card = _correction(picture, kind, corners)
    except CardRefused as refused:
        return {"card": kind.value, "refusal": refused.code.value}
    zones = {zone.zone_id: _document_of(zone) for zone in zone_colours(picture, face, card)}
    known = {zone: told for zone, told in zones.items() if told and zone not in NO_INJECTION_ZONES}
    return {"card": card.kind.value, "patches": card.used, "residual": round(card.residual, 2), "zones": known}


def takes_grey_card(photo: Photo) -> bool:
    """Whether a grey card is to be marked on it."""
    return photo.photo_set.colour_card == CardKind.GREY and photo.measurement is not None


def check_takes_grey_card(photo: Photo) -> None:
    if not takes_grey_card(photo):
        raise WrongState(NO_GREY_CARD)


def is_read(colours: Document | None) -> bool:
    """Whether a card was read, so that there may be colours."""
    return bool(colours) and "refusal" not in (colours or {})


def correction_of(photo: Photo, picture: Picture) -> ColourCorrection | None:
    """The correction by the card that was read in this photo."""
    if photo.colours is None or not is_read(photo.colours):
        return None
    return _correction(picture, CardKind(photo.colours["card"]), photo.card_clicks)


def _correction(picture: Picture, kind: CardKind, corners: Corners) -> ColourCorrection:
    if kind is CardKind.COLOUR_CHECKER:
        return colour_checker_correction(picture)
    (left, right), (top, bottom) = (sorted(along) for along in zip(*corners, strict=True))
    if right - left < 1 or bottom - top < 1:
        raise CardRefused(CardRefusal.NOT_FOUND, "the corners lie on one line: mark two that are opposite")
    return grey_card_correction(picture, (left, top, right - left, bottom - top))


def cards_of(photos: Sequence[Photo]) -> list[CardRead]:
    """What became of the card of each photo that should show one."""
    read = []
    for photo in photos:
        if photo.colours:
            told = photo.colours
            kind = CardKind(told.get("card", CardKind.COLOUR_CHECKER))
            figures = told.get("patches", 0), told.get("residual", 0.0), told.get("refusal", "")
            read.append(CardRead(View(photo.view), kind, *figures))
    return read


def zones_of(photos: Sequence[Photo]) -> list[ColourOfZone]:
    """Each zone from the photo whose angle is known best."""
    found = [_best(zone, photos) for zone in face_zone_ids()]
    return [zone for zone in found if zone]


def _best(zone_id: str, photos: Sequence[Photo]) -> ColourOfZone | None:
    told = [(photo, (photo.colours or {}).get("zones", {}).get(zone_id)) for photo in photos]
    known = [
        ColourOfZone(zone_id, tuple(each["ita"]), tuple(each["mi"]), tuple(each["ei"]), View(photo.view))
        for photo, each in told
        if each
    ]
    return min(known, key=lambda one: one.ita_deg[1], default=None)


def _document_of(zone: ZoneColour) -> Document | None:
    pairs = {"ita": zone.ita_deg, "mi": zone.melanin_index, "ei": zone.erythema_index}
    if any(isinstance(pair, NotMeasurable) for pair in pairs.values()):
        return None
    return {name: _rounded(pair) for name, pair in pairs.items() if isinstance(pair, Measured)}


def _rounded(pair: Measured) -> list[float]:
    return [round(pair.value, _DECIMALS), round(pair.error, _DECIMALS)]
