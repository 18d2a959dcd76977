"""What is typed about photos and consents. Numbers as people write them, days by the browser's own field."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from mesoplan.clinic.photos.models import ColourCard, PhotoSet, Purpose
from mesoplan.clinic.photos.preparing import Scale
from mesoplan.clinic.shell.numbers import Unreadable, read_number
from mesoplan.clinic.shell.parts import UnitField
from mesoplan.clinic.shell.writing import date_text
from mesoplan.imaging.face_scale import INTERPUPILLARY_BOUNDS_MM
from mesoplan.imaging.photo_scale import STICKER_BOUNDS_MM

_BOUNDS = {"sticker_mm": STICKER_BOUNDS_MM, "interpupillary_mm": INTERPUPILLARY_BOUNDS_MM}


@dataclass(frozen=True)
class ScaleForm:
    """Side of a sticker, distance of the pupils: both may be left empty."""

    typed: dict[str, str] = field(default_factory=dict)
    mends: dict[str, str] = field(default_factory=dict)
    scale: Scale = field(default_factory=Scale)

    @property
    def cards(self) -> list[ColourCard]:
        return list(ColourCard)

    @property
    def fields(self) -> list[UnitField]:
        labels = {"sticker_mm": _("Side of the sticker"), "interpupillary_mm": _("Distance of the pupils")}
        return [
            UnitField(
                name=name,
                label=labels[name],
                unit="mm",
                text=self.typed.get(name, ""),
                step=0.5,
                low=low,
                high=high,
                error=self.mends.get(name, ""),
                placeholder=_("not measured"),
            )
            for name, (low, high) in _BOUNDS.items()
        ]


def scale_form(sent: QueryDict) -> ScaleForm:
    typed = {name: sent.get(name, "").strip() for name in _BOUNDS}
    labels = {"sticker_mm": _("Side of the sticker"), "interpupillary_mm": _("Distance of the pupils")}
    read: dict[str, float] = {}
    mends: dict[str, str] = {}
    for name, text in typed.items():
        low, high = _BOUNDS[name]
        if not text:
            continue
        try:
            read[name] = read_number(text, label=labels[name], unit="mm", low=low, high=high)
        except Unreadable as unreadable:
            mends[name] = str(unreadable)
    card = sent.get("colour_card", "")
    scale = Scale(read.get("sticker_mm"), read.get("interpupillary_mm"), card if card in ColourCard.values else "")
    return ScaleForm(typed, mends, scale)


def scale_form_of(photo_set: PhotoSet) -> ScaleForm:
    """The form as the set has it."""
    known = {"sticker_mm": photo_set.sticker_mm, "interpupillary_mm": photo_set.interpupillary_mm}
    typed = {name: f"{value:g}" for name, value in known.items() if value is not None}
    return ScaleForm(typed, {}, Scale(photo_set.sticker_mm, photo_set.interpupillary_mm, photo_set.colour_card))


@dataclass(frozen=True)
class DayForm:
    """A day that is not in the future."""

    name: str
    typed: str
    day: date | None = None
    mend: str = ""


def day_form(name: str, typed: str, today: date) -> DayForm:
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        told = _("Enter a day, such as %(example)s. You wrote “%(typed)s”.")
        return DayForm(name, typed, mend=told % {"example": date_text(today), "typed": typed})
    if day > today:
        told = _("The day must be today, %(today)s, or earlier. You wrote %(typed)s.")
        return DayForm(name, typed, mend=told % {"today": date_text(today), "typed": date_text(day)})
    return DayForm(name, typed, day)


def purposes_in(sent: QueryDict) -> list[Purpose]:
    return [purpose for purpose in Purpose if purpose.value in sent.getlist("purposes")]
