"""The panels of what is set: zones with their fields, recipe, days; and the table of all points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mesoplan.clinic.courses.figures import MixtureCard, mixture_cards
from mesoplan.clinic.courses.landing_cards import LandingCard, landing_cards
from mesoplan.clinic.courses.maps import styles_of
from mesoplan.clinic.courses.places_in_words import across_text, height_text, pupils_mm
from mesoplan.clinic.courses.plan_fields import (
    ALL_ZONES,
    DRAW,
    PATTERN_WORDS,
    SHARED_VALUES,
    ZONE_VALUES,
    by_zone,
    field_name,
    kept_value,
    set_operation,
    unit_field,
    written,
)
from mesoplan.clinic.courses.plan_form import PlanForm, longest_inserted
from mesoplan.clinic.drops.addresses import address_of_zone
from mesoplan.clinic.evidence.links import entry_link
from mesoplan.clinic.evidence.titles import title_of
from mesoplan.clinic.shell.parts import UnitField
from mesoplan.clinic.shell.writing import area_text, date_text, number_text, quantity_text, volume_text
from mesoplan.domain.case import Case
from mesoplan.domain.edits import DrawScope, PlanScope, PreparationScope, ZoneScope
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.plan import OnPatch, Plan, Preparation
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.placement import positions_mm
from mesoplan.planning.point_numbers import letters, numbered_points

AREA_WORDS = {
    "template": gettext_lazy("template, not measured"),
    "template-scaled": gettext_lazy("template, scaled by the width of the face"),
    "own-face": gettext_lazy("the patient’s own face"),
    "measured": gettext_lazy("as typed"),
    "drawn": gettext_lazy("outline drawn by hand"),
}


@dataclass(frozen=True)
class ZonePanel:
    """One zone of the plan, as set."""

    id: str
    title: str
    href: str
    style: int
    points: int
    area: str
    area_words: str
    fields: list[UnitField]
    needle: str
    needle_title: str
    needle_op: str
    needle_changed: str
    needles: list[tuple[str, str]]
    pattern: str
    pattern_changed: str
    patterns: list[tuple[str, str]]
    syringes: str
    values: list[tuple[str, str]]
    landings: list[LandingCard]
    play: str
    open: bool
    changed: bool


@dataclass(frozen=True)
class AllZones:
    """What is set for every zone at once."""

    fields: list[UnitField]
    open: bool


def all_zones_panel(plan: Plan, form: PlanForm | None) -> AllZones | None:
    """Fields whose value goes to every zone; None where there is one zone only."""
    if len({one.zone for one in plan.placements}) < 2:
        return None
    typed, every = form.typed if form else None, list(plan.placements)
    fields = [
        unit_field(
            value,
            field_name(value, ALL_ZONES),
            kept_value(value, every),
            typed=typed,
            error=form.error_at(field_name(value, ALL_ZONES)) if form else "",
            proposed=None,
            scope=PlanScope(),
        )
        for value in SHARED_VALUES
    ]
    return AllZones(fields, open=any(field.error for field in fields))


def placement_panel(
    plan: Plan, case: Case, evaluation: Evaluation, proposed: Plan | None, form: PlanForm | None, knowledge: Knowledge
) -> list[ZonePanel]:
    """One panel for each zone; the first is open, and every one in which something is to be mended."""
    styles, named = styles_of(plan), letters(plan)
    return [
        _zone(zone, index, styles[zone], plan, case, evaluation, proposed, form, named, knowledge)
        for index, zone in enumerate(styles)
    ]


def _landings(zone: str, plan: Plan, evaluation: Evaluation, knowledge: Knowledge) -> list[LandingCard]:
    own = tuple(one for one in evaluation.landings if one.zone == zone)
    return landing_cards(plan, evaluation.model_copy(update={"landings": own}), knowledge)


def _zone(
    zone: str,
    index: int,
    style: int,
    plan: Plan,
    case: Case,
    evaluation: Evaluation,
    proposed: Plan | None,
    form: PlanForm | None,
    named: Mapping[str, str],
    knowledge: Knowledge,
) -> ZonePanel:
    own, before = by_zone(plan, zone), by_zone(proposed, zone) if proposed else []
    typed = form.typed if form else None
    needle = (typed or {}).get(f"needle_{zone}", own[0].needle)
    fields = [
        unit_field(
            value,
            field_name(value, zone),
            kept_value(value, own),
            typed=typed,
            error=form.error_at(field_name(value, zone)) if form else "",
            proposed=kept_value(value, before) if before else None,
            high=longest_inserted(needle, knowledge) if value.name == "inserted" else None,
            scope=ZoneScope(zone=zone),
        )
        for value in ZONE_VALUES
    ]
    needle_was = before[0].needle if before else own[0].needle
    return ZonePanel(
        id=zone,
        title=title_of("zones", zone, knowledge),
        href=entry_link("zones", zone),
        style=style,
        points=sum(len(one.points) for one in own),
        area=area_text(own[0].area, own[0].area_error),
        area_words=str(AREA_WORDS[own[0].area_source]),
        fields=fields,
        needle=needle,
        needle_title=title_of("needles", own[0].needle, knowledge),
        needle_op=set_operation("needle", ZoneScope(zone=zone)),
        needle_changed=title_of("needles", needle_was, knowledge) if needle_was != own[0].needle else "",
        needles=[(one, title_of("needles", one, knowledge)) for one in knowledge.needles],
        pattern=(typed or {}).get(f"pattern_{zone}", own[0].pattern),
        pattern_changed=str(PATTERN_WORDS[before[0].pattern]) if before and before[0].pattern != own[0].pattern else "",
        patterns=[(name, str(words)) for name, words in PATTERN_WORDS.items()],
        syringes=", ".join(named[one.preparation] for one in own) if len(own) > 1 else "",
        values=[
            *((str(value.label), written(value, kept_value(value, own))) for value in ZONE_VALUES),
            (_("Pattern"), str(PATTERN_WORDS[own[0].pattern])),
        ],
        landings=_landings(zone, plan, evaluation, knowledge),
        play=address_of_zone(zone, plan, case, knowledge),
        open=any(field.error for field in fields) or (index == 0 and not (form and form.errors)),
        changed=any(field.changed_from for field in fields)
        or bool(before and before[0].pattern != own[0].pattern)
        or needle_was != own[0].needle
        or not before,
    )


@dataclass(frozen=True)
class RecipePanel:
    """One preparation, as set."""

    index: int
    title: str
    letter: str
    draws: list[dict[str, Any]]
    syringe: str
    syringes: str
    syringes_error: str
    syringes_op: str
    made: str
    injected: str
    fits: bool
    mixture: MixtureCard


def recipe_panel(
    plan: Plan, evaluation: Evaluation, proposed: Plan | None, form: PlanForm | None, knowledge: Knowledge
) -> list[RecipePanel]:
    named = letters(plan)
    before = {one.id: one for one in proposed.preparations} if proposed else {}
    mixtures = mixture_cards(plan, evaluation, named, knowledge)
    return [
        _recipe(index, one, before.get(one.id), named[one.id], evaluation, form, mixture, knowledge)
        for index, (one, mixture) in enumerate(zip(plan.preparations, mixtures, strict=True), start=1)
    ]


def _recipe(
    index: int,
    preparation: Preparation,
    before: Preparation | None,
    letter: str,
    evaluation: Evaluation,
    form: PlanForm | None,
    mixture: MixtureCard,
    knowledge: Knowledge,
) -> RecipePanel:
    result = next(one for one in evaluation.mixtures if one.preparation == preparation.id)
    proposed = {draw.presentation: draw.volume.value for draw in before.draws} if before else {}
    typed = form.typed if form else None
    draws = []
    for place, draw in enumerate(preparation.draws, start=1):
        compound, _presentation = knowledge.presentations[draw.presentation]
        name = f"draw_{index}_{place}"
        field = unit_field(
            DRAW, name, draw.volume.value, typed=typed, error=form.error_at(name) if form else "",
            proposed=proposed.get(draw.presentation), label=title_of("presentations", draw.presentation, knowledge),
            scope=DrawScope(preparation=preparation.id, presentation=draw.presentation),
        )  # fmt: skip
        draws.append(
            {
                "field": field,
                "volume": volume_text(draw.volume),
                "title": title_of("presentations", draw.presentation, knowledge),
                "href": entry_link("compounds", compound.id),
            }
        )
    count = f"syringes_{index}"
    return RecipePanel(
        index=index,
        title=preparation.title,
        letter=letter,
        draws=draws,
        syringe=quantity_text(preparation.syringe.value, "mL"),
        syringes=(typed or {}).get(count, str(preparation.syringes)),
        syringes_error=form.error_at(count) if form else "",
        syringes_op=set_operation("syringes", PreparationScope(preparation=preparation.id)),
        made=volume_text(preparation.volume()),
        injected=quantity_text(result.injected_ml, "mL", decimals=2),
        fits=result.made_ml + 1e-9 >= result.injected_ml,
        mixture=mixture,
    )


def schedule_panel(plan: Plan, form: PlanForm | None) -> dict[str, Any]:
    """The days as fields, and what follows from them."""
    schedule, typed = plan.schedule, form.typed if form else {}
    first = schedule.sessions[0]
    sessions = [
        {
            "number": number,
            "name": f"session_{number}",
            "value": typed.get(f"session_{number}", day.isoformat()),
            "text": date_text(day),
            "week": (day - first).days // 7,
            "error": form.error_at(f"session_{number}") if form else "",
        }
        for number, day in enumerate(schedule.sessions, start=1)
    ]
    return {
        "sessions": sessions,
        "new": typed.get("session_new", ""),
        "new_error": form.error_at("session_new") if form else "",
        "scores": ", ".join(date_text(day) for day in schedule.score_on),
        "judged": date_text(schedule.first_judged_on) if schedule.first_judged_on else "",
        "review": date_text(schedule.review_on) if schedule.review_on else "",
    }


def point_rows(plan: Plan, case: Case, knowledge: Knowledge) -> list[dict[str, str]]:
    """Every point with its number, zone and place in words, as the twin of the map."""
    pupils, rows = pupils_mm(case), []
    for one in numbered_points(plan):
        x, y, _z = positions_mm([one.point], case)[0].tolist()
        flat = isinstance(one.point.at, OnPatch)
        rows.append(
            {
                "id": one.point.id,
                "label": one.label,
                "zone": title_of("zones", one.placement.zone, knowledge),
                "volume": volume_text(one.placement.volume_per_point),
                "depth": f"{one.placement.angle.value:g}° × {number_text(one.placement.inserted.value, decimals=1)} mm",
                "across": across_text(x, flat=flat),
                "up": height_text(y if flat else y - pupils, flat=flat),
                "origin": str(ORIGIN_WORDS[one.point.origin]),
            }
        )
    return rows


ORIGIN_WORDS = {
    "lattice": gettext_lazy("lattice"),
    "added": gettext_lazy("added"),
    "moved": gettext_lazy("moved"),
}
