"""What is told about a photo: why it is not kept or not measured, what its scale rests on, which face is used."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mesoplan.clinic.photos.measuring import SetFace, ZoneOfFace
from mesoplan.clinic.photos.models import View
from mesoplan.clinic.photos.skin_colours import CardRead, Document
from mesoplan.clinic.shell.writing import date_text, number_text, quantity_text, with_unit
from mesoplan.domain.face import FaceSource, OwnFace, ScaleBasis
from mesoplan.imaging.card_finding import CardRefusal
from mesoplan.imaging.clicked_face import ClickRefusal
from mesoplan.imaging.colour_card import CardKind
from mesoplan.imaging.own_face import ViewRefusal
from mesoplan.imaging.photo_face import LEAST_FACE_PX, FaceRefusal
from mesoplan.imaging.photo_scale import PhotoScale, PhotoScaleSource
from mesoplan.imaging.photo_zones import MOST_RELATIVE_ERROR

# What is said of a file by the reader of pictures, in its English, and to a person in theirs.
_NOT_READ = (
    (r"is empty;.*", gettext_lazy("The file is empty. Choose a JPEG, PNG or WebP.")),
    (r"is larger than (\d+) MB.*", gettext_lazy("The file is larger than %(0)s MB. Save it smaller.")),
    (r"is an AVIF picture;.*", gettext_lazy("This is an AVIF picture. Choose a JPEG, PNG or WebP.")),
    (
        r"is a HEIC picture or a film.*",
        gettext_lazy("This is a HEIC picture or a film. Set the camera to “most compatible”, or choose a JPEG."),
    ),
    (r"is an SVG drawing;.*", gettext_lazy("This is an SVG drawing. Choose a JPEG, PNG or WebP.")),
    (r"is a PDF;.*", gettext_lazy("This is a PDF. Choose a JPEG, PNG or WebP.")),
    (r"is a GIF;.*", gettext_lazy("This is a GIF. Choose a JPEG, PNG or WebP.")),
    (r"is a BMP picture;.*", gettext_lazy("This is a BMP picture. Choose a JPEG, PNG or WebP.")),
    (r"is a TIFF or raw picture;.*", gettext_lazy("This is a TIFF or raw picture. Choose a JPEG, PNG or WebP.")),
    (r"is a ZIP archive;.*", gettext_lazy("This is a ZIP archive. Choose a JPEG, PNG or WebP.")),
    (r"is no picture;.*", gettext_lazy("This file is no picture. Choose a JPEG, PNG or WebP.")),
    (r"is damaged or cut off.*", gettext_lazy("The file is damaged or cut off. Take it from the camera again.")),
    (r"is animated.*", gettext_lazy("The picture is animated. Take one picture.")),
    (r"has (?:16|more than 8) bits.*", gettext_lazy("The picture has more than 8 bits a colour. Save it with 8.")),
    (
        r"has (\d+) × (\d+) pixels: save it with (\d+).*",
        gettext_lazy("The picture has %(0)s × %(1)s pixels. Save it with %(2)s megapixels or fewer."),
    ),
    (
        r"is made for printing.*",
        gettext_lazy("The picture is made for printing (CMYK), so its colours are not a camera’s. Save it as RGB."),
    ),
)
_NOT_MEASURED = {
    FaceRefusal.NO_FACE: gettext_lazy("No face was found. Take it from the front, alone, in even light."),
    FaceRefusal.SEVERAL_FACES: gettext_lazy(
        "More than one face was found, so it is not kept. Take or cut out one person."
    ),
    FaceRefusal.TOO_SMALL: gettext_lazy("The face is %(figure)s pixels long; %(needed)s are needed. Go nearer."),
    FaceRefusal.CUT_OFF: gettext_lazy("The face is cut off. Take it with room around it."),
    FaceRefusal.LYING: gettext_lazy("The head leans too far or is upside down. Turn the picture upright."),
    FaceRefusal.TURNED: gettext_lazy("The face is turned %(figure)s° away. Up to 45° can be measured."),
    FaceRefusal.DARK: gettext_lazy("The face is too dark to be measured. More light, or a longer exposure."),
    FaceRefusal.BRIGHT: gettext_lazy("Half of the face is white. Less light, or a shorter exposure."),
    FaceRefusal.BLURRED: gettext_lazy("The face is blurred. Hold the camera still and focus on the eyes."),
    FaceRefusal.EYES: gettext_lazy(
        "The eyes are not those of most adults: a print, a painting, lenses or half-closed eyes may be why. "
        "Measure the distance of the pupils, or use a sticker."
    ),
    FaceRefusal.NO_STICKER: gettext_lazy(
        "No sticker of that kind was found, or it is turned away. Lay it flat on the skin, or leave its size empty."
    ),
}


def not_read(told: str) -> str:
    """Why a file is not taken, in the reader's language."""
    for pattern, text in _NOT_READ:
        found = re.fullmatch(pattern, told, re.DOTALL)
        if found:
            return str(text) % {str(number): value for number, value in enumerate(found.groups())}
    return told


def not_measured(code: str, figure: float | None) -> str:
    """Why a face is not measured, and what to do."""
    if code not in list(FaceRefusal):
        return code
    given = number_text(figure or 0, decimals=0)
    return str(_NOT_MEASURED[FaceRefusal(code)]) % {"figure": given, "needed": number_text(LEAST_FACE_PX, decimals=0)}


def scale_words(scale: PhotoScale) -> str:
    """What the millimetres rest on."""
    length = quantity_text(scale.known_mm, "mm")
    return {
        PhotoScaleSource.STICKER: _("a sticker of %(length)s on the skin"),
        PhotoScaleSource.INTERPUPILLARY: _("the measured distance of the pupils, %(length)s"),
        PhotoScaleSource.IRIS: _("the iris, %(length)s wide in the mean of adults"),
        PhotoScaleSource.POPULATION: _("nothing of this face: %(length)s between the pupils is the mean of adults"),
    }[scale.source] % {"length": length}


def basis_words(basis: ScaleBasis) -> str:
    """The same in short, for a line."""
    return {
        ScaleBasis.STICKER: _("scale by sticker"),
        ScaleBasis.INTERPUPILLARY: _("scale by measured pupils"),
        ScaleBasis.FACE_WIDTH: _("scale by measured width"),
        ScaleBasis.IRIS: _("scale by iris"),
        ScaleBasis.POPULATION: _("scale by the mean of adults"),
    }[basis]


def percent_text(share: float) -> str:
    return with_unit(number_text(100 * share, digits=2), "%")


def area_words(zone: ZoneOfFace) -> str:
    """ "19.2 ± 3.6 cm²", or nothing."""
    if zone.area_cm2 is None or zone.error_cm2 is None:
        return ""
    pair = f"{number_text(zone.area_cm2, decimals=1)} ± {number_text(zone.error_cm2, decimals=1)}"
    return with_unit(pair, "cm²")


def reason_words(zone: ZoneOfFace, views: Collection[View], *, by_hand: bool) -> str:
    """Why a zone has no area, and what would give it one."""
    if zone.shown_from is not None and by_hand:
        return _("not seen from the front, and six points give no other view")
    if zone.shown_from is View.RIGHT_OBLIQUE and View.RIGHT_OBLIQUE not in views:
        return _("seen by a right oblique only")
    if zone.shown_from is View.LEFT_OBLIQUE and View.LEFT_OBLIQUE not in views:
        return _("seen by a left oblique only")
    return _("may be off by more than %(share)s, too much to dose by") % {"share": percent_text(MOST_RELATIVE_ERROR)}


CLICKS_REFUSED = {
    ClickRefusal.NOT_A_NUMBER: gettext_lazy("A point could not be read. Set all six again."),
    ClickRefusal.TOO_NEAR: gettext_lazy("The eyes are too near each other in this photo. Take a larger one."),
    ClickRefusal.SIDES: gettext_lazy(
        "Right and left are swapped: the patient’s right eye is on the left of the photo."
    ),
    ClickRefusal.ORDER: gettext_lazy(
        "The points are not in their order: eyes from the patient’s right to left, then the foot of the nose, then the "
        "chin. Set them again."
    ),
    ClickRefusal.TURNED: gettext_lazy(
        "By these points the face does not look at the camera. Set them again, on a photo from the front."
    ),
    ClickRefusal.NO_FACE: gettext_lazy(
        "These points are too far off those of a face. Set them again, on a photo from the front with the mouth closed."
    ),
}
SIX_POINTS = (
    gettext_lazy("Outer corner of the right eye"),
    gettext_lazy("Inner corner of the right eye"),
    gettext_lazy("Inner corner of the left eye"),
    gettext_lazy("Outer corner of the left eye"),
    gettext_lazy("Foot of the nose, above the lip"),
    gettext_lazy("Lowest point of the chin"),
)
"""What is set one after the other, in the order of `clicked_face.LANDMARKS`."""


def not_together(face: SetFace) -> str:
    """Why photos do not make one face."""
    figure = re.search(r"\d+", face.refusal_text)
    return {
        ViewRefusal.NO_FRONT: _("No photo that could be measured is from the front. Take one, face to the camera."),
        ViewRefusal.SAME_VIEW: _("Two photos show the same view. Keep one of each."),
        ViewRefusal.OTHER_MODEL: _("The photos were read by different models. Measure them again, all of them."),
        ViewRefusal.DIFFERENT: _(
            "The faces on these photos are %(figure)s mm off each other. "
            "Take all of one person, one after the other, with the same calm face."
        ),
        ViewRefusal.MOUTH: _("The mouth is open on one photo and not on another. Take all with the same calm face."),
    }[face.refusal or ViewRefusal.NO_FRONT] % {"figure": figure.group() if figure else "–"}


def face_words(face: OwnFace | None, *, width_known: bool) -> str:
    """Which face plans are made on."""
    if face is None:
        return _("Template by measured width") if width_known else _("Template, nothing measured")
    said = {"day": date_text(face.on), "basis": basis_words(face.scale)}
    if face.source is FaceSource.CLICKS:
        return _("Own face of %(day)s, from six points, %(basis)s") % said
    count = len({zone.view for zone in face.zones.values()})
    told = ngettext(
        "Own face of %(day)s, from %(count)s photo, %(basis)s",
        "Own face of %(day)s, from %(count)s photos, %(basis)s",
        count,
    )
    return told % {**said, "count": count}


_CARD_REFUSED = {
    CardRefusal.NOT_FOUND: gettext_lazy(
        "%(view)s: no ColorChecker was found. Hold it whole, flat and without glare beside the face."
    ),
    CardRefusal.CLIPPED: gettext_lazy(
        "%(view)s: too many patches of the card are clipped. Take it with less light and no glare."
    ),
    CardRefusal.NOT_A_CARD: gettext_lazy("%(view)s: the card is no ColorChecker 24, or not all of it is seen."),
    CardRefusal.UNEVEN: gettext_lazy("%(view)s: glare or shadow lies on the card. Hold it flat in even light."),
    CardRefusal.OUTSIDE: gettext_lazy("%(view)s: the card is not all in the picture."),
}


_GREY_REFUSED = {
    CardRefusal.NOT_FOUND: gettext_lazy(
        "What is marked is too small to be read. Mark more of the grey card, or go nearer with the camera."
    ),
    CardRefusal.CLIPPED: gettext_lazy("The grey card is clipped, too bright or too dark. Take it with other light."),
    CardRefusal.UNEVEN: gettext_lazy(
        "What is marked is not of one colour. Mark the grey card alone, without its edge, glare or shadow."
    ),
    CardRefusal.OUTSIDE: gettext_lazy("What is marked is not all in the picture."),
}
CARD_CORNERS = (gettext_lazy("One corner of the grey card"), gettext_lazy("The corner opposite to it"))
"""What is set one after the other on a photo with a grey card."""


def card_not_taken(colours: Document) -> str:
    """Why what is marked as a grey card cannot be used."""
    return str(_GREY_REFUSED[CardRefusal(colours["refusal"])])


def card_words(card: CardRead) -> str:
    """How well a card was read, or why it was not and what to do."""
    if card.kind is CardKind.GREY:
        if card.refusal:
            told = card_not_taken({"refusal": card.refusal})
            return _("%(view)s: %(told)s") % {"view": card.view.label, "told": told}
        told = _(
            "%(view)s: grey card, white balance and brightness only, so the errors are wider than by a ColorChecker."
        )
        return told % {"view": card.view.label}
    if card.refusal:
        return str(_CARD_REFUSED[CardRefusal(card.refusal)]) % {"view": card.view.label}
    told = _("%(view)s: ColorChecker, %(count)s of 24 patches used, %(residual)s units of L*a*b* off in the mean.")
    figures = {"count": card.patches, "residual": number_text(card.residual, decimals=1)}
    return told % {"view": card.view.label, **figures}


def with_error(value: float, error: float) -> str:
    """ "41.2 ± 1.3"."""
    return f"{number_text(value, decimals=1)} ± {number_text(error, decimals=1)}"
