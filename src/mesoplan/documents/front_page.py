"""Page 1, the one at the bench: patient, map, what is drawn, where it goes, how much that is, and when. Texts only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mesoplan.documents.citations import Citations, title_of
from mesoplan.domain.case import Answer, Case, HistoryEntry, Sex
from mesoplan.domain.evaluation import Dose, Evaluation, Interval, Landing, LimitState, Measure, MixtureResult
from mesoplan.domain.plan import Plan, Point, Preparation, Schedule, ZonePlacement
from mesoplan.domain.quantities import Volume
from mesoplan.domain.writing import (
    angle_text,
    area_text,
    count_text,
    date_text,
    length_text,
    number_text,
    quantity_text,
    range_text,
    unit_text,
    volume_text,
    weight_text,
    with_unit,
)
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.landing_words import layers_text

PREGNANCY = "pregnancy"
ZONE_STYLES = 8
"""Outlines (colour and dash) that maps and tables share, given to zones in the order of the plan."""

LIMIT_TICK = 0.86
"""Where on a dose bar the limit stands, so that an overrun can be seen."""

_AREA_SOURCES = {
    "template": "template",
    "template-scaled": "template, scaled",
    "own-face": "own face",
    "measured": "measured",
    "drawn": "drawn by hand",
}
_SKIN_SOURCES = {
    "measured": "measured on this patient",
    "sex-and-age": "sex and age",
    "all-studies": "all studies",
    "unknown": "not known",
}
_MEASURES = {
    Measure.POINT: "point",
    Measure.AREA: "cm²",
    Measure.SESSION: "session",
    Measure.COURSE: "course",
    Measure.BODY_WEIGHT: "kg of body weight",
    Measure.CONCENTRATION: "concentration",
    Measure.PUNCTURES: "punctures",
}


def patient_facts(case: Case, knowledge: Knowledge) -> list[dict[str, Any]]:
    """Return the patient strip: label and text; what was not asked says so."""
    patient = case.patient
    facts = [
        ("Sex", patient.sex.value if patient.sex else "not said"),
        ("Age", count_text(patient.age_on(case.as_of), "year", "years")),
        ("Weight", weight_text(patient.weight) if patient.weight else "not measured"),
        ("Phototype", patient.phototype.value if patient.phototype else "not assessed"),
        ("Allergies", _allergies(case, knowledge)),
    ]
    if patient.sex is not Sex.MALE:
        facts.append(("Pregnancy", _pregnancy(case)))
    facts.append(("Assessed", date_text(case.as_of)))
    return [{"label": label, "text": text, "long": label == "Allergies"} for label, text in facts]


def _allergies(case: Case, knowledge: Knowledge) -> str:
    names = [_history_text(entry, knowledge) for entry in case.allergies]
    return ", ".join(names) or "none recorded"


def _history_text(entry: HistoryEntry, knowledge: Knowledge) -> str:
    name = title_of(knowledge.terms, entry.id) if ":" not in entry.id else entry.id
    return f"{name} ({entry.on.year})" if entry.on else name


def _pregnancy(case: Case) -> str:
    if any(entry.id == PREGNANCY for entry in case.conditions):
        return "yes"
    answer = case.answers.get(PREGNANCY)
    return "not asked" if answer is None else {Answer.YES: "yes", Answer.NO: "no"}[answer]


def recipes(plan: Plan, evaluation: Evaluation, knowledge: Knowledge, citations: Citations) -> list[dict[str, Any]]:
    """Return each preparation: draws, syringes, what it is once made."""
    mixtures = {mixture.preparation: mixture for mixture in evaluation.mixtures}
    return [
        _recipe(preparation, letter, mixtures.get(preparation.id), knowledge, citations)
        for preparation, letter in zip(plan.preparations, letters(plan).values(), strict=True)
    ]


def letters(plan: Plan) -> dict[str, str]:
    """Return the letter by which the sheet calls each preparation."""
    return {preparation.id: chr(ord("A") + index) for index, preparation in enumerate(plan.preparations)}


def _recipe(
    preparation: Preparation, letter: str, mixture: MixtureResult | None, knowledge: Knowledge, citations: Citations
) -> dict[str, Any]:
    syringe = with_unit(number_text(preparation.syringe.value), preparation.syringe.unit)
    return {
        "letter": letter,
        "title": preparation.title,
        "draws": [
            {"volume": volume_text(draw.volume), "what": _presentation_text(draw.presentation, knowledge)}
            for draw in preparation.draws
        ],
        "made": volume_text(preparation.volume()),
        "syringes": f"{preparation.syringes} × {syringe}",
        "facts": _mixture_facts(mixture, knowledge) if mixture else [],
        "keys": citations.cite(mixture.sources) if mixture else "",
    }


def _presentation_text(presentation_id: str, knowledge: Knowledge) -> str:
    if presentation_id not in knowledge.presentations:
        return presentation_id
    return knowledge.presentations[presentation_id][1].title


def _mixture_facts(mixture: MixtureResult, knowledge: Knowledge) -> list[dict[str, str]]:
    concentrations = "; ".join(
        f"{title_of(knowledge.compounds, one.compound)} "
        + (quantity_text(one.value, one.unit) if one.value is not None else "strength not known")
        for one in mixture.concentrations
    )
    osmolarity = _interval_text(mixture.osmolarity, decimals=0)
    hours = mixture.use_within_h
    facts = [
        ("Contains", concentrations or "not computable"),
        ("Injected", volume_text(Volume(mixture.injected_ml))),
        ("Discarded", volume_text(Volume(mixture.discarded_ml))),
        ("Osmolarity", _figure(osmolarity, "calculated", mixture.osmolarity_note)),
        ("pH", _figure(_interval_text(mixture.ph, decimals=1), "", mixture.ph_note)),
        ("Use within", quantity_text(hours, "h") if hours is not None else "not known"),
    ]
    return [{"label": label, "text": text} for label, text in facts]


def _interval_text(interval: Interval | None, decimals: int) -> str | None:
    return range_text(interval.low, interval.high, interval.unit, decimals=decimals) if interval else None


def _figure(written: str | None, qualifier: str, note: str) -> str:
    """Return a figure with how it was found, or that it is not known and why."""
    head = f"{written} {qualifier}".strip() if written else "not known"
    return f"{head}; {note.rstrip('.')}" if note else head


def placement_rows(
    plan: Plan, evaluation: Evaluation, knowledge: Knowledge, citations: Citations
) -> tuple[list[dict[str, Any]], float]:
    """Return one row for each way of injecting a zone, and the depth [mm] at which the drawn depth axis ends.

    Syringes that take the points of a zone in turn, in the same way, share a row.
    """
    landings = {(landing.zone, landing.preparation): landing for landing in evaluation.landings}
    axis = _depth_axis_mm(evaluation.landings)
    styles = zone_styles(plan)
    rows = []
    for group in _alike(plan.placements):
        whole = group[0].model_copy(update={"points": _in_turn(group)})
        landing = landings.get((whole.zone, whole.preparation))
        named = " ".join(letters(plan)[one.preparation] for one in group)
        rows.append(_placement_row(whole, landing, styles, axis, knowledge, citations) | {"letter": named})
    return rows, axis


def _alike(placements: Sequence[ZonePlacement]) -> list[list[ZonePlacement]]:
    groups: dict[str, list[ZonePlacement]] = {}
    for placement in placements:
        same = placement.model_dump_json(exclude={"points", "preparation", "removed"})
        groups.setdefault(same, []).append(placement)
    return list(groups.values())


def _in_turn(group: Sequence[ZonePlacement]) -> tuple[Point, ...]:
    """Return the points of several syringes in the order of their numbers."""
    points = [point for placement in group for point in placement.points]
    return tuple(sorted(points, key=lambda point: (not point.id.isdigit(), int(point.id) if point.id.isdigit() else 0)))


def common_keys(rows: list[dict[str, Any]]) -> str:
    """Return the sources of the depths if all rows have the same, to be printed once; else nothing."""
    keys = {row["depth"]["keys"] for row in rows if row["depth"]}
    return keys.pop() if len(keys) == 1 else ""


def zone_styles(plan: Plan) -> dict[str, int]:
    """Return the outline style, counted from 0, of each zone in the order of the plan."""
    zones = dict.fromkeys(placement.zone for placement in plan.placements)
    return {zone: index % ZONE_STYLES for index, zone in enumerate(zones)}


def _depth_axis_mm(landings: tuple[Landing, ...]) -> float:
    deepest = [landing.depth_range_mm[1] for landing in landings]
    thickest = [landing.skin_mm[1] for landing in landings if landing.skin_mm]
    return max([1.0, *deepest, *thickest]) * 1.08


def _placement_row(
    placement: ZonePlacement,
    landing: Landing | None,
    styles: dict[str, int],
    axis_mm: float,
    knowledge: Knowledge,
    citations: Citations,
) -> dict[str, Any]:
    return {
        "style": styles[placement.zone],
        "zone": title_of(knowledge.zones, placement.zone),
        "points": number_text(len(placement.points)),
        "numbers": _point_numbers(placement),
        "area": area_text(placement.area, placement.area_error),
        "area_source": _AREA_SOURCES[placement.area_source],
        "needle": title_of(knowledge.needles, placement.needle),
        "technique": title_of(knowledge.techniques, placement.technique),
        "angle": angle_text(placement.angle),
        "inserted": length_text(placement.inserted),
        "volume": volume_text(placement.volume_per_point),
        "zone_volume": volume_text(placement.volume()),
        "spacing": length_text(placement.spacing) + (" on lines" if placement.pattern == "lines" else ""),
        "depth": _depth(landing, axis_mm, citations) if landing else None,
    }


def _point_numbers(placement: ZonePlacement) -> str:
    """Return “12–22” where the points of a zone are numbered in a row, else the first and the last id."""
    if not placement.points:
        return "none"
    first, last = placement.points[0].id, placement.points[-1].id
    return first if first == last else f"{first}–{last}"


def _depth(landing: Landing, axis_mm: float, citations: Citations) -> dict[str, Any]:
    low, high = landing.depth_range_mm
    skin = landing.skin_mm
    return {
        "text": number_text(landing.depth_mm, decimals=1),
        "range": range_text(low, high, "mm", decimals=1),
        "skin": _skin_text(landing),
        "layer": landing_text(landing),
        "bar": [landing.depth_mm / axis_mm, low / axis_mm, high / axis_mm],
        "skin_bar": [bound / axis_mm for bound in skin] if skin else None,
        "keys": citations.cite(landing.sources),
    }


def landing_text(landing: Landing) -> str:
    """Return "dermis 86 %, fat 14 %"; the layer in words where an evaluation was kept before there were chances."""
    return layers_text(landing.chances) if landing.chances else landing.landing.value.replace("_", " ")


def _skin_text(landing: Landing) -> str:
    if landing.skin_mm is None:
        return "skin thickness not known"
    return f"skin {range_text(*landing.skin_mm, 'mm', decimals=1)}, {_SKIN_SOURCES[landing.skin_from]}"


def dose_rows(evaluation: Evaluation, knowledge: Knowledge, citations: Citations) -> list[dict[str, Any]]:
    """Return each dose beside its limit, with the share of the bar that it fills."""
    rows = []
    last = None
    for dose in evaluation.doses:
        row = _dose_row(dose, knowledge, citations)
        row["first"] = dose.compound != last
        last = dose.compound
        rows.append(row)
    return rows


def _dose_row(dose: Dose, knowledge: Knowledge, citations: Citations) -> dict[str, Any]:
    measure = _MEASURES[dose.measure]
    where = f", {title_of(knowledge.zones, dose.zone)}" if dose.zone else ""
    limit = number_text(dose.limit) if dose.limit is not None else None
    share = dose.value / dose.limit if dose.value is not None and dose.limit else None
    basis = f"{dose.basis}, {'reviewed' if dose.reviewed else 'not yet reviewed'}" if dose.basis else ""
    return {
        "compound": title_of(knowledge.compounds, dose.compound),
        "measure": measure + where,
        "value": number_text(dose.value) if dose.value is not None else None,
        "limit": limit,
        "unit": unit_text(dose.unit),
        "state": dose.state.value,
        "word": {LimitState.NEAR: "near the limit", LimitState.OVER: "over the limit"}.get(dose.state, ""),
        "fill": None if share is None else min(share * LIMIT_TICK, 1.0),
        "tick": LIMIT_TICK,
        "basis": basis,
        "keys": citations.cite(dose.sources, reviewed=dose.reviewed),
    }


def schedule_facts(schedule: Schedule, evaluation: Evaluation) -> dict[str, Any]:
    """Return the dates of the course, each with its week counted from the first session."""
    first = schedule.sessions[0]
    burden = evaluation.burden
    return {
        "sessions": [
            {"number": str(index), "date": date_text(day), "week": str((day - first).days // 7)}
            for index, day in enumerate(schedule.sessions, start=1)
        ],
        "score": ", ".join(date_text(day) for day in schedule.score_on) or "not planned",
        "judged": date_text(schedule.first_judged_on) if schedule.first_judged_on else "not set",
        "review": date_text(schedule.review_on) if schedule.review_on else "not set",
        "burden": (
            f"{count_text(burden.punctures_per_session, 'puncture', 'punctures')} a session, "
            f"{number_text(burden.punctures_in_course)} in the course over "
            f"{quantity_text(burden.weeks, 'wk')}; "
            f"{volume_text(Volume(burden.injected_ml_per_session))} a session"
        ),
    }
