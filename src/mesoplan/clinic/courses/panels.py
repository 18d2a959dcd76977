"""The panels of what is set: zones with their fields, recipe, days; and the table of all points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mesoplan.clinic.courses.maps import styles_of
from mesoplan.clinic.courses.plan_fields import (
    DRAW,
    ZONE_VALUES,
    by_zone,
    field_name,
    kept_value,
    unit_field,
    written,
)
from mesoplan.clinic.courses.plan_form import PlanForm, longest_inserted
from mesoplan.clinic.evidence.links import entry_link
from mesoplan.clinic.shell.parts import UnitField
from mesoplan.domain.case import Case
from mesoplan.domain.evaluation import Evaluation
from mesoplan.domain.plan import OnPatch, Plan, Preparation
from mesoplan.domain.writing import area_text, date_text, number_text, quantity_text, volume_text
from mesoplan.imaging.face_landmarks import landmark_mm
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.placement import face_scale, positions_mm
from mesoplan.planning.point_numbers import letters, numbered_points

AREA_WORDS = {
    "template": "template, not measured",
    "template-scaled": "template, scaled by the width of the face",
    "measured": "as typed",
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
    needle_changed: str
    needles: list[tuple[str, str]]
    syringes: str
    values: list[tuple[str, str]]
    open: bool
    changed: bool


def placement_panel(plan: Plan, proposed: Plan | None, form: PlanForm | None, knowledge: Knowledge) -> list[ZonePanel]:
    """One panel for each zone; the first is open, and every one in which something is to be mended."""
    styles, named = styles_of(plan), letters(plan)
    return [
        _zone(zone, index, styles[zone], plan, proposed, form, named, knowledge) for index, zone in enumerate(styles)
    ]


def _zone(
    zone: str,
    index: int,
    style: int,
    plan: Plan,
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
        )
        for value in ZONE_VALUES
    ]
    needle_was = before[0].needle if before else own[0].needle
    return ZonePanel(
        id=zone,
        title=knowledge.zones[zone].title,
        href=entry_link("zones", zone),
        style=style,
        points=sum(len(one.points) for one in own),
        area=area_text(own[0].area),
        area_words=AREA_WORDS[own[0].area_source],
        fields=fields,
        needle=needle,
        needle_title=knowledge.needles[own[0].needle].title,
        needle_changed=knowledge.needles[needle_was].title if needle_was != own[0].needle else "",
        needles=[(one.id, one.title) for one in knowledge.needles.values()],
        syringes=", ".join(named[one.preparation] for one in own) if len(own) > 1 else "",
        values=[(value.label, written(value, kept_value(value, own))) for value in ZONE_VALUES],
        open=index == 0 or any(field.error or field.changed_from for field in fields),
        changed=any(field.changed_from for field in fields) or needle_was != own[0].needle or not before,
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
    made: str
    injected: str
    fits: bool


def recipe_panel(
    plan: Plan, evaluation: Evaluation, proposed: Plan | None, form: PlanForm | None, knowledge: Knowledge
) -> list[RecipePanel]:
    named = letters(plan)
    before = {one.id: one for one in proposed.preparations} if proposed else {}
    return [
        _recipe(index, one, before.get(one.id), named[one.id], evaluation, form, knowledge)
        for index, one in enumerate(plan.preparations, start=1)
    ]


def _recipe(
    index: int,
    preparation: Preparation,
    before: Preparation | None,
    letter: str,
    evaluation: Evaluation,
    form: PlanForm | None,
    knowledge: Knowledge,
) -> RecipePanel:
    result = next(one for one in evaluation.mixtures if one.preparation == preparation.id)
    proposed = {draw.presentation: draw.volume.value for draw in before.draws} if before else {}
    typed = form.typed if form else None
    draws = []
    for place, draw in enumerate(preparation.draws, start=1):
        compound, presentation = knowledge.presentations[draw.presentation]
        name = f"draw_{index}_{place}"
        field = unit_field(
            DRAW, name, draw.volume.value, typed=typed, error=form.error_at(name) if form else "",
            proposed=proposed.get(draw.presentation), label=presentation.title,
        )  # fmt: skip
        draws.append(
            {
                "field": field,
                "volume": volume_text(draw.volume),
                "title": presentation.title,
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
        made=volume_text(preparation.volume()),
        injected=quantity_text(result.injected_ml, "mL", decimals=2),
        fits=result.made_ml + 1e-9 >= result.injected_ml,
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
    factor = face_scale(case).factor
    pupils_mm = float((landmark_mm("mid-pupil", "right", factor)[1] + landmark_mm("mid-pupil", "left", factor)[1]) / 2)
    rows = []
    for one in numbered_points(plan):
        x, y, _ = positions_mm([one.point], case)[0].tolist()
        flat = isinstance(one.point.at, OnPatch)
        rows.append(
            {
                "label": one.label,
                "zone": knowledge.zones[one.placement.zone].title,
                "volume": volume_text(one.placement.volume_per_point),
                "depth": f"{one.placement.angle.value:g}° × {number_text(one.placement.inserted.value, decimals=1)} mm",
                "across": _side(x, "of the centre" if flat else "of the midline", flat),
                "up": _height(y if flat else y - pupils_mm, "the centre" if flat else "the pupils"),
                "origin": one.point.origin,
            }
        )
    return rows


def _side(x_mm: float, of_what: str, flat: bool) -> str:
    """The patient's own side; on a flat patch the side of the drawing."""
    side = ("right" if x_mm > 0 else "left") if flat else ("right" if x_mm < 0 else "left")
    return f"{number_text(abs(x_mm), decimals=0)} mm {side} {of_what}"


def _height(y_mm: float, than: str) -> str:
    return f"{number_text(abs(y_mm), decimals=0)} mm {'above' if y_mm >= 0 else 'below'} {than}"
