"""What is told about a photo of a zone: why it is not taken, why its outline gives no area, and the area itself."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mesoplan.clinic.photos.words import percent_text
from mesoplan.clinic.shell.writing import number_text, with_unit
from mesoplan.imaging.patch_area import CORNERS, MOST_STICKER_TURN_DEG, PatchArea, PatchRefusal, PatchRefused
from mesoplan.imaging.photo_scale import LEAST_STICKER_PX
from mesoplan.imaging.photo_zones import MOST_RELATIVE_ERROR

_REFUSED = {
    PatchRefusal.NO_STICKER: gettext_lazy(
        "No sticker was found, so the photo is not kept. One whole ArUco marker of the series 4×4 (50) with its white "
        "border has to lie flat on the skin."
    ),
    PatchRefusal.SEVERAL_STICKERS: gettext_lazy("%(figure)s stickers were found. Leave one on the skin."),
    PatchRefusal.STICKER_SMALL: gettext_lazy(
        "The sticker is %(figure)s pixels long; %(pixels)s are needed. Go nearer, or use a larger one."
    ),
    PatchRefusal.STICKER_TURNED: gettext_lazy(
        "The sticker is turned %(figure)s° away; up to %(degrees)s° can be measured. Hold the camera straight over it."
    ),
    PatchRefusal.CORNERS: gettext_lazy("An outline has %(least)s to %(most)s corners."),
    PatchRefusal.NOT_A_NUMBER: gettext_lazy("A corner is not a number. Set it again."),
    PatchRefusal.CROSSING: gettext_lazy(
        "The outline crosses itself. Take corners back and set them in order around the zone."
    ),
    PatchRefusal.TOO_FAR: gettext_lazy(
        "The outline reaches beyond where the plane of the sticker is seen. Put the sticker in the middle of the zone."
    ),
    PatchRefusal.TOO_ROUND: gettext_lazy(
        "The outline reaches around the body. Put the sticker in the middle of the zone and hold the camera straight "
        "over it, or outline less."
    ),
    PatchRefusal.UNSURE: gettext_lazy(
        "The area may be off by %(share)s; up to %(most_share)s is taken. Put a larger sticker in the middle of the "
        "zone, or outline less."
    ),
}


def not_outlined(refused: PatchRefused) -> str:
    """Why a photo or an outline gives no area, in the reader's language."""
    figure = refused.figure or 0.0
    figures = {
        "figure": number_text(figure, decimals=0),
        "share": percent_text(figure),
        "most_share": percent_text(MOST_RELATIVE_ERROR),
        "pixels": number_text(LEAST_STICKER_PX, decimals=0),
        "degrees": number_text(MOST_STICKER_TURN_DEG, decimals=0),
        "least": CORNERS[0],
        "most": CORNERS[1],
    }
    return str(_REFUSED[refused.code]) % figures


def outlined_area(area: PatchArea) -> str:
    """ "412 ± 35 cm²"."""
    pair = f"{number_text(area.area_cm2, digits=3)} ± {number_text(area.error_cm2, digits=2)}"
    return with_unit(pair, "cm²")


def parts_of_error(area: PatchArea) -> list[dict[str, str]]:
    """What the error is made of, the largest first."""
    parts = [
        (area.bend_error, _("skin that bends away reads too small")),
        (area.sticker_error, _("size and tilt of the sticker, and how far the outline lies from it")),
        (area.hand_error, _("corners as they were set")),
    ]
    return [{"share": percent_text(share), "words": words} for share, words in sorted(parts, reverse=True)]


def corner_titles() -> list[str]:
    return [_("Corner %(number)s") % {"number": number} for number in range(1, CORNERS[1] + 1)]
