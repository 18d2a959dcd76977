"""What somebody chose and typed, read from the address: a setting, or what each field must hold instead.

The address holds all of it, so that a setting can be kept and sent to a colleague. It names no patient.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import cast

from django.utils.translation import gettext as _

from mesoplan.clinic.drops.choices import PATTERNS, SEXES, SOLUTES, TARGETS, one_side
from mesoplan.clinic.shell.numbers import Unreadable, read_number
from mesoplan.clinic.shell.writing import decimal_sign, number_text, quantity_text
from mesoplan.domain.case import Sex
from mesoplan.kernels.lattice_coverage import Pattern
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.protocols import TargetLayer
from mesoplan.planning.drop import skin_layers
from mesoplan.planning.drop_view import (
    AGE_YEARS,
    ANGLE_DEG,
    LEAST_INSERTED_MM,
    SKIN_MM,
    SPACING_MM,
    VOLUME_ML,
    DropSetting,
    skin_tried,
)
from mesoplan.planning.lattice_later import HOURS, MOST_HOURS, telling_hours

START = {
    "zone": "forehead", "sex": "female", "age": "40", "thickness": "", "target": "dermis",
    "technique": "", "needle": "30g-4", "hand": "free-hand", "angle": "30", "length": "4",
    "volume": "0.02", "solute": "tranexamic-acid", "spacing": "10", "pattern": "square", "hours": "",
}  # fmt: skip
"""What the page opens with, and what the address leaves out."""

ANY_NEEDLE_MM = 13.0
"""What a length is held to while the needle itself is not known."""

LONGEST = 40
"""More than so many letters nobody means to type into a field of this page."""


@dataclass(frozen=True)
class Slider:
    """A number to be slid or typed. `low` and `high` are allowed, `ends` are those of the slider."""

    name: str
    label: str
    unit: str
    text: str
    step: float
    low: float
    high: float
    ends: tuple[float, float]
    error: str = ""
    optional: bool = False
    instead: str = ""
    """What stands in an empty field."""

    @property
    def shown(self) -> str:
        """With the reader's decimal sign where it is one number; whatever else was typed stands as it was."""
        plain = self.text.replace(".", "", 1).isdigit()
        return self.text.replace(".", decimal_sign()) if plain else self.text

    @property
    def at(self) -> str:
        """Where the slider stands, as an attribute has it."""
        try:
            value = float(self.text.replace(",", "."))
        except ValueError:
            value = self.ends[0]
        return f"{min(max(value, self.ends[0]), self.ends[1]):g}"

    @property
    def first(self) -> str:
        return f"{self.ends[0]:g}"

    @property
    def last(self) -> str:
        return f"{self.ends[1]:g}"

    @property
    def allowed(self) -> str:
        said = {"low": number_text(self.low), "high": quantity_text(self.high, self.unit)}
        return _("%(low)s to %(high)s") % said

    @property
    def decimals(self) -> int:
        return len(f"{self.step:g}".partition(".")[2])


@dataclass(frozen=True)
class Tried:
    """What the address holds: texts as typed, errors by field, and the setting with the hours it is looked at where
    there are none."""

    texts: Mapping[str, str]
    errors: Mapping[str, str]
    setting: DropSetting | None
    sliders: Mapping[str, Slider]
    hours: tuple[float, ...] = ()


def read_setting(query: Mapping[str, str], knowledge: Knowledge) -> Tried:
    """Read every field; a field that is not there has its value of the start."""
    texts = {name: query.get(name, start).strip()[:LONGEST] for name, start in START.items()}
    texts["zone"] = one_side(texts["zone"], knowledge)
    errors = _wrong_choices(texts, knowledge)
    longest = knowledge.needles[texts["needle"]].length.high if texts["needle"] in knowledge.needles else ANY_NEEDLE_MM
    sliders, numbers = {}, {}
    for slider in sliders_of(texts, longest):
        try:
            numbers[slider.name] = _number(slider)
        except Unreadable as unreadable:
            errors[slider.name] = str(unreadable)
            slider = _with_error(slider, str(unreadable))
        sliders[slider.name] = slider
    sliders["hours"], hours = read_hours(texts)
    if sliders["hours"].error:
        errors["hours"] = sliders["hours"].error
    if errors:
        return Tried(texts, errors, None, sliders)
    setting = _setting(texts, numbers)
    try:
        skin_layers(skin_tried(setting, knowledge))
    except ValueError:
        told = _("Skin so thin would be all epidermis here. You wrote %(typed)s.") % {"typed": texts["thickness"]}
        sliders["thickness"] = _with_error(sliders["thickness"], told)
        return Tried(texts, {"thickness": told}, None, sliders)
    return Tried(texts, {}, setting, sliders, hours)


def sliders_of(texts: Mapping[str, str], needle_mm: float) -> list[Slider]:
    """The numbers of the page in their order; the inserted length ends at that of the needle."""
    degree = "°"
    return [
        Slider("age", _("Age"), _("years"), texts["age"], 1, *AGE_YEARS, (18, 90)),
        Slider("thickness", _("Measured skin"), "mm", texts["thickness"], 0.05, *SKIN_MM, (0.5, 4), optional=True),
        Slider("angle", _("Angle"), degree, texts["angle"], 1, *ANGLE_DEG, (1, 90)),
        Slider(
            "length", _("Inserted"), "mm", texts["length"], 0.1, LEAST_INSERTED_MM, needle_mm, (0.5, needle_mm)
        ),
        Slider("volume", _("Volume of a point"), "mL", texts["volume"], 0.005, *VOLUME_ML, (0.005, 0.2)),
        Slider("spacing", _("Spacing"), "mm", texts["spacing"], 0.5, *SPACING_MM, (1, 25)),
    ]  # fmt: skip


def read_hours(texts: Mapping[str, str]) -> tuple[Slider, tuple[float, ...]]:
    """The field of the hours and what it holds: up to four times; those that tell most of the substance where none are
    typed."""
    typed = texts["hours"]
    telling = telling_hours(texts["solute"]) if texts["solute"] in SOLUTES else ()
    instead = " ".join(number_text(one) for one in telling)
    field = Slider("hours", _("Looked at after"), "h", typed, 0.1, *HOURS, HOURS, optional=True, instead=instead)
    if not typed:
        return field, telling
    try:
        hours = [read_number(one, label=field.label, unit="h") for one in typed.replace(";", " ").split()]
    except Unreadable:
        hours = []
    if 1 <= len(hours) <= MOST_HOURS and all(HOURS[0] <= one <= HOURS[1] for one in hours):
        return field, tuple(sorted(set(hours)))
    said = {"typed": typed, "most": MOST_HOURS, "allowed": field.allowed}
    told = _("Up to %(most)s times with spaces between them, each %(allowed)s. You wrote %(typed)s.") % said
    return _with_error(field, told), ()


def _with_error(slider: Slider, error: str) -> Slider:
    return Slider(**{**slider.__dict__, "error": error})


def _number(slider: Slider) -> float | None:
    """The value of a field, with the reason where a number is refused for what it would mean."""
    if slider.optional and not slider.text:
        return None
    value = read_number(slider.text, label=slider.label, unit=slider.unit)
    if slider.low <= value <= slider.high:
        return value
    said = {"allowed": slider.allowed, "typed": slider.text}
    if slider.name == "angle" and value == 0:
        raise Unreadable(_("At 0° the tip lies on the skin and nothing is injected. Allowed: %(allowed)s.") % said)
    if slider.name == "volume" and value == 0:
        raise Unreadable(_("Without a volume there is no drop. Allowed: %(allowed)s.") % said)
    if slider.name == "length" and value == 0:
        raise Unreadable(_("With 0 mm inserted the tip lies on the skin. Allowed: %(allowed)s.") % said)
    if slider.name == "length" and value > slider.high:
        said["needle"] = quantity_text(slider.high, "mm")
        raise Unreadable(_("This needle is %(needle)s long. You wrote %(typed)s. Allowed: %(allowed)s.") % said)
    raise Unreadable(_("You wrote %(typed)s. Allowed: %(allowed)s.") % said)


def _wrong_choices(texts: Mapping[str, str], knowledge: Knowledge) -> dict[str, str]:
    known: dict[str, Collection[str]] = {
        "zone": knowledge.zones,
        "needle": knowledge.needles,
        "hand": knowledge.hand_tolerances,
        "technique": {"", *knowledge.techniques},
        "sex": SEXES,
        "target": TARGETS,
        "pattern": PATTERNS,
        "solute": SOLUTES,
    }
    told = _("There is no “%(typed)s” here. Choose one of the list.")
    return {name: told % {"typed": texts[name]} for name, allowed in known.items() if texts[name] not in allowed}


def _setting(texts: Mapping[str, str], numbers: Mapping[str, float | None]) -> DropSetting:
    def number(name: str) -> float:
        return cast(float, numbers[name])

    return DropSetting(
        zone=texts["zone"],
        needle=texts["needle"],
        hand=texts["hand"],
        angle_deg=number("angle"),
        inserted_mm=number("length"),
        volume_ml=number("volume"),
        spacing_mm=number("spacing"),
        pattern=cast(Pattern, texts["pattern"]),
        solute=texts["solute"],
        target=cast(TargetLayer, texts["target"]),
        sex=Sex(texts["sex"]) if texts["sex"] else None,
        age=int(number("age")),
        thickness_mm=numbers["thickness"],
    )


def plain(value: float) -> str:
    """A number as the address has it."""
    return f"{value:.4g}"


def in_words(setting: DropSetting) -> str:
    """The setting in one line, for what was pinned: “30° × 4 mm, 0.02 mL each 10 mm”."""
    return _("%(angle)s × %(length)s, %(volume)s every %(spacing)s") % {
        "angle": quantity_text(setting.angle_deg, "deg"),
        "length": quantity_text(setting.inserted_mm, "mm"),
        "volume": quantity_text(setting.volume_ml, "mL"),
        "spacing": f"{number_text(setting.spacing_mm)} mm",
    }
