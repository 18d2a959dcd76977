"""What the templates of the page read, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.assessments.zones import place_of
from mesoplan.clinic.courses.landing_cards import chance_text
from mesoplan.clinic.drops.addresses import PINNED, address_of, pinned_query, state_of
from mesoplan.clinic.drops.choices import (
    BASES,
    PATTERNS,
    SEXES,
    SOLUTES,
    TARGETS,
    choices,
    hand_title,
    solute_title,
    zone_groups,
)
from mesoplan.clinic.drops.fields import Tried, in_words, plain
from mesoplan.clinic.drops.figures import Share, share_shown, shown
from mesoplan.clinic.drops.lattice_drawing import chart_of, legend, patch_of
from mesoplan.clinic.drops.section import section_of
from mesoplan.clinic.drops.techniques import technique_rows
from mesoplan.clinic.evidence.links import entry_link
from mesoplan.clinic.shell.parts import Interval as Shown
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.clinic.shell.writing import number_text, quantity_text, range_text
from mesoplan.kernels.solutes import POROSITY, solute
from mesoplan.knowledge.schema.protocols import Technique
from mesoplan.planning.drop import depot_of, skin_layers, target_window
from mesoplan.planning.drop_uptake import stay_of
from mesoplan.planning.drop_view import DropSetting, TipView, skin_tried, tip_view
from mesoplan.planning.lattice_view import lattice_interval, lattice_nodes, lattice_view

SKIN_FROM = {
    "measured": lambda: _("as measured, with the spread of the instrument"),
    "sex-and-age": lambda: _("studies of this sex and age"),
    "all-studies": lambda: _("bounds over all studies"),
    "unknown": lambda: _("outer bounds; no study of this zone"),
}


def form_context(tried: Tried, query: Mapping[str, str]) -> dict[str, Any]:
    """The fields as they stand."""
    knowledge, texts = knowledge_base.current(), tried.texts
    needles = {name: title_of("needles", name) for name in _by_gauge(knowledge.needles)}
    return {
        "texts": texts,
        "errors": tried.errors,
        "sliders": tried.sliders,
        "zones": zone_groups(texts["zone"], knowledge),
        "sexes": choices(SEXES, texts["sex"]),
        "targets": choices(TARGETS, texts["target"]),
        "patterns": choices(PATTERNS, texts["pattern"]),
        "techniques": choices(
            {"": _("free: by angle and length"), **{one: title_of("techniques", one) for one in knowledge.techniques}},
            texts["technique"],
        ),
        "needles": choices(needles, texts["needle"]),
        "hands": choices({one: hand_title(one) for one in knowledge.hand_tolerances}, texts["hand"]),
        "solutes": choices({one: solute_title(one, knowledge) for one in SOLUTES}, texts["solute"]),
        "pin": query.get(PINNED, ""),
        "is_pinned": pinned_query(query) is not None,
        "pin_address": address_of(texts, pinned=state_of(texts)),
        "unpin_address": address_of(texts),
    }


def _by_gauge(needles: Mapping[str, Any]) -> list[str]:
    return sorted(needles, key=lambda one: (-needles[one].gauge.high, needles[one].length.high))


@dataclass(frozen=True)
class Instead:
    """How else the needle could be held, and the address that does so."""

    held: str
    chance: str
    address: str
    is_now: bool


def drop_context(tried: Tried, query: Mapping[str, str]) -> dict[str, Any]:
    """Section, chances, and the position with the greatest chance."""
    setting = _set(tried)
    knowledge = knowledge_base.current()
    tip, needle = tip_view(setting, knowledge), knowledge.needles[setting.needle]
    layers = skin_layers(tip.skin)
    low, high = (number_text(one, decimals=1) for one in tip.likely_mm)
    return {
        "setting": setting,
        "section": section_of(
            setting,
            tip,
            depot_of(layers, setting.depth_mm, setting.volume_ml, POROSITY.middle),
            (needle.outer_diameter.high, needle.length.high),
            target_window(setting.target, layers),
        ),
        "zone_title": place_of(knowledge.zones[setting.zone]),
        "needle_title": title_of("needles", setting.needle),
        "held": _held(setting.angle_deg, setting.inserted_mm),
        "angle_text": f"{number_text(setting.angle_deg)}°",
        "volume_text": quantity_text(setting.volume_ml, "mL"),
        "setting_title": in_words(setting),
        "depth": Shown(quantity_text(setting.depth_mm, "mm", decimals=1), low, high),
        "skin": range_text(*tip.skin.total_mm, "mm", decimals=1),
        "skin_from": SKIN_FROM[tip.skin.origin](),
        "shares": Share.of_layers(tip.odds),
        "target_title": TARGETS[setting.target],
        "target_chance": chance_text(tip.odds.target or 0.0),
        "ceiling": _ceiling(tip),
        "instead": _instead(setting, tip, tried, query),
        "notes": _notes(setting, tip, tried),
        "blocked": knowledge.zones[setting.zone].blocked,
        "zone_link": entry_link("zones", setting.zone),
        "needle_link": entry_link("needles", setting.needle),
        "hand_link": entry_link("hand-tolerances", setting.hand),
        "reach_address": address_of(tried.texts, pinned=query.get(PINNED), view="drops:reach"),
        "later_address": address_of(tried.texts, view="drops:later"),
        "texts": tried.texts,
        "is_pinned": pinned_query(query) is not None,
    }


def _set(tried: Tried) -> DropSetting:
    if tried.setting is None:
        raise AssertionError("pictures are drawn of settings that can be read")
    return tried.setting


def _held(angle_deg: float, inserted_mm: float) -> str:
    return f"{number_text(angle_deg)}° × {quantity_text(inserted_mm, 'mm', decimals=1)}"


def _instead(setting: DropSetting, tip: TipView, tried: Tried, query: Mapping[str, str]) -> Instead | None:
    there = tip.instead
    if there is None:
        return None
    return Instead(
        held=_held(there.angle_deg, there.inserted_mm),
        chance=chance_text(there.target_chance),
        address=address_of(
            {**tried.texts, "angle": plain(there.angle_deg), "length": plain(there.inserted_mm)},
            pinned=query.get(PINNED),
        ),
        is_now=(there.angle_deg, there.inserted_mm) == (setting.angle_deg, setting.inserted_mm),
    )


def _ceiling(tip: TipView) -> dict[str, str] | None:
    if tip.ceiling_mm is None:
        return None
    return {
        "depth": quantity_text(tip.ceiling_mm, "mm", decimals=1),
        "chance": chance_text(tip.odds.past_ceiling or 0.0),
    }


def _notes(setting: DropSetting, tip: TipView, tried: Tried) -> list[str]:
    """What the drawing does not say by itself."""
    knowledge, notes = knowledge_base.current(), []
    needle = knowledge.needles[setting.needle]
    if setting.inserted_mm < needle.shortest_inserted.high:
        least = quantity_text(needle.shortest_inserted.high, "mm", decimals=1)
        notes.append(
            _("With less than %(least)s inserted the bevel is not under the skin: liquid runs back.") % {"least": least}
        )
    if tip.ceiling_mm is not None and setting.depth_mm > tip.ceiling_mm:
        ceiling = quantity_text(tip.ceiling_mm, "mm", decimals=1)
        notes.append(
            _("The tip passes the depth of %(ceiling)s that no plan may pass in this zone.") % {"ceiling": ceiling}
        )
    technique = knowledge.techniques[tried.texts["technique"]] if tried.texts["technique"] else None
    if technique is not None and not _as_published(setting, technique):
        said = {
            "technique": title_of("techniques", technique.id),
            "depth": range_text(technique.published_depth.low, technique.published_depth.high, "mm"),
            "angle": range_text(technique.angle.low, technique.angle.high, "deg"),
        }
        notes.append(_("%(technique)s is published as %(depth)s deep at %(angle)s; what is set lies outside.") % said)
    return notes


def _as_published(setting: DropSetting, technique: Technique) -> bool:
    depth, angle = technique.published_depth, technique.angle
    is_deep = depth.low - 0.05 <= setting.depth_mm <= depth.high + 0.05
    return is_deep and angle.low <= setting.angle_deg <= angle.high


def reach_context(setting: DropSetting, *, with_interval: bool) -> dict[str, Any]:
    """The lattice; with intervals it takes longer, and comes as a second answer."""
    skin = skin_tried(setting, knowledge_base.current())
    view = lattice_view(setting, skin)
    found = lattice_interval(setting, lattice_nodes(setting, view.layers)) if with_interval else None
    stay = stay_of(setting, view.layers) if with_interval else None
    return {
        "lattice": view,
        "patch": patch_of(setting, view),
        "legend": legend(),
        "chart": chart_of(view, found),
        "coverage": share_shown(found.coverage) if found else None,
        "coverage_about": chance_text(view.coverage),
        "drop_words": _drop_words(setting, view),
        "half_hours": shown(stay.half_hours, "h") if stay else None,
        "after_a_day": share_shown(stay.after_a_day) if stay else None,
        "peak": _peak(stay.peak_per_mg, setting) if stay else None,
    }


def ground_context(tried: Tried) -> dict[str, Any]:
    """What does not change while a slider is moved: techniques in this skin, and what all of it rests on."""
    setting, knowledge = _set(tried), knowledge_base.current()
    return {
        "technique_rows": technique_rows(setting, skin_tried(setting, knowledge), tried.texts, knowledge),
        "parameters": _parameters(setting),
        "solute_title": solute_title(setting.solute, knowledge),
    }


def _drop_words(setting: DropSetting, view: Any) -> str:
    depot = view.depot
    said = {
        "volume": quantity_text(setting.volume_ml, "mL"),
        "wide": quantity_text(2 * depot.radius_mm, "mm", decimals=1),
        "high": quantity_text(depot.bottom_mm - depot.top_mm, "mm", decimals=1),
    }
    if depot.is_ball:
        return _("%(volume)s is a ball %(wide)s wide") % said
    return _("%(volume)s is a wheal %(wide)s wide and %(high)s high") % said


def _peak(found: Any, setting: DropSetting) -> dict[str, Any] | None:
    if found is None:
        return None
    compounds = knowledge_base.current().compounds
    toxic = compounds[setting.solute].toxic_level if setting.solute in compounds else None
    return {
        "figure": shown(found, "mg/L"),
        "toxic": None if toxic is None else quantity_text(toxic.low, toxic.unit),
        "toxic_link": entry_link("compounds", setting.solute),
    }


def _parameters(setting: DropSetting) -> list[dict[str, Any]]:
    """What the reach rests on, each with its ground."""
    known = solute(setting.solute)
    named = [
        (_("Diffusion in the deep dermis"), known.diffusivity_mm2_h, "mm²/h"),
        (_("Clearance in the deep dermis"), known.clearance_per_h, "1/h"),
        (_("Porosity: share of tissue that liquid fills"), POROSITY, ""),
    ]
    if known.body is not None:
        named += [
            (_("Body: volume of distribution"), known.body.volume_l, "L"),
            (_("Body: clearance"), known.body.clearance_l_h, "L/h"),
        ]
    return [
        {"title": title, "range": range_text(one.low, one.high, unit), "basis": BASES[one.basis], "source": one.source}
        for title, one, unit in named
    ]
