"""Cases and plans made by hand: a case that was asked everything and answered no, and a plan changed field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from mesoplan.domain.case import Answer, Case, HistoryEntry
from mesoplan.domain.finding import Finding
from mesoplan.domain.plan import Draw, OnPatch, Plan, Point, Preparation, Schedule, ZonePlacement
from mesoplan.domain.quantities import Angle, Area, Length, Volume
from mesoplan.knowledge.base import Knowledge, Shelf
from mesoplan.knowledge.case_reading import read_case
from mesoplan.knowledge.loader import load
from mesoplan.knowledge.schema.compounds import Compound
from mesoplan.planning.propose import propose

EXAMPLES = Path(__file__).parents[2] / "examples"
START = date(2026, 12, 1)
MELASMA_PROTOCOL = "melasma-tranexamic-acid-monthly"
LISTS = {"condition": "conditions", "allergy": "allergies", "medication": "medications", "procedure": "procedures"}


@cache
def shipped() -> Knowledge:
    """Return the knowledge base as shipped, read once."""
    return load()


@cache
def melasma_case() -> Case:
    """Return the melasma example: a woman of 41, three zones of the face, jurisdiction us, every term answered no."""
    file = EXAMPLES / "melasma.yaml"
    return asked_everything(read_case(file.read_text(encoding="utf-8"), file.name, shipped()))


def asked_everything(case: Case) -> Case:
    """Return the case with every term of the knowledge base answered no."""
    return case.model_copy(update={"answers": dict.fromkeys(shipped().terms, Answer.NO)})


def changed(case: Case, **changes: Any) -> Case:
    """Return the case with other fields; fields of the patient are named as such (`sex`, `birth_date`, `weight`)."""
    fields = set(type(case.patient).model_fields)
    patient = case.patient.model_copy(update={name: changes.pop(name) for name in fields & set(changes)})
    return case.model_copy(update={"patient": patient, **changes})


def answering(case: Case, **answers: str | None) -> Case:
    """Return the case with other answers: `answering(case, pregnancy="yes", stroke=None)`; None = not asked."""
    found = dict(case.answers)
    for name, answer in answers.items():
        term = name.replace("_", "-")
        found.pop(term, None)
        if answer is not None:
            found[term] = Answer(answer)
    return case.model_copy(update={"answers": found})


def with_event(case: Case, term: str, on: date | None, zones: tuple[str, ...] | None = None) -> Case:
    """Return the case with a dated event in the list that fits its kind, no longer answered no."""
    name = LISTS[shipped().terms[term].kind]
    entry = HistoryEntry(id=term, on=on, zones=zones)
    case = answering(case, **{term: None})
    return case.model_copy(update={name: (*getattr(case, name), entry)})


@cache
def melasma_plan() -> Plan:
    """Return the plan proposed for that case: tranexamic acid, monthly."""
    found = propose(melasma_case(), shipped())
    (proposal,) = (one for one in found.proposals if one.protocol == MELASMA_PROTOCOL)
    return proposal.plan


def at_first_zone(plan: Plan, **changes: Any) -> Plan:
    """Return the plan with other values in its first placement."""
    first, *others = plan.placements
    data = {name: getattr(first, name) for name in type(first).model_fields} | changes
    return rebuilt(plan, placements=(ZonePlacement(**data), *others))


def rebuilt(plan: Plan, **changes: Any) -> Plan:
    """Return the plan with other fields, checked as a new plan is."""
    return Plan(**({name: getattr(plan, name) for name in type(plan).model_fields} | changes))


def patch_points(count: int, spacing_mm: float = 5.0) -> tuple[Point, ...]:
    """Return points in rows on a flat patch, about its centre."""
    side = int(count**0.5) + 1
    places = [(column - side / 2, row - side / 2) for row in range(side) for column in range(side)][:count]
    return tuple(
        Point(id=f"{number}", at=OnPatch(x_mm=x * spacing_mm, y_mm=y * spacing_mm))
        for number, (x, y) in enumerate(places, start=1)
    )


def prepared(drawn_ml: dict[str, float], syringe_ml: float = 10.0, syringes: int = 1) -> Preparation:
    """Return a preparation from presentation ids and mL."""
    draws = tuple(Draw(presentation=one, volume=Volume(ml)) for one, ml in drawn_ml.items())
    return Preparation(id="a", title="A", draws=draws, syringe=Volume(syringe_ml), syringes=syringes)


def plan_by_hand(
    drawn_ml: dict[str, float],
    *,
    zone: str = "abdomen",
    goal: str = "cellulite",
    points: int | Sequence[Point] = 10,
    volume_ml: float = 0.02,
    area_cm2: float = 400.0,
    technique: str = "papule-intradermal",
    case: str = "melasma",
    **changes: Any,
) -> Plan:
    """Return a plan of one syringe in one zone that no protocol made."""
    spots = patch_points(points) if isinstance(points, int) else tuple(points)
    placement = {
        "zone": zone, "preparation": "a", "area": Area(area_cm2), "area_source": "measured", "technique": technique,
        "needle": "30g-4", "angle": Angle(20.0), "inserted": Length(2.0), "volume_per_point": Volume(volume_ml),
        "spacing": Length(5.0), "points": spots,
    }  # fmt: skip
    fields = set(ZonePlacement.model_fields)
    placement |= {name: changes.pop(name) for name in fields & set(changes)}
    return Plan(
        case=case,
        goal=goal,
        title="By hand",
        preparations=(prepared(drawn_ml, **changes),),
        placements=(ZonePlacement.model_validate(placement),),
        schedule=Schedule(sessions=(START,)),
    )


def with_compound(knowledge: Knowledge, compound: Compound) -> Knowledge:
    """Return the knowledge base with one compound replaced."""
    compounds = Shelf("compounds", {**knowledge.compounds, compound.id: compound})
    return replace(knowledge, compounds=compounds)


def with_stock(knowledge: Knowledge, compound_id: str, strength: float | None) -> Knowledge:
    """Return the knowledge base with another strength of a compound's first stock; None = not known."""
    compound = knowledge.compounds[compound_id]
    first, *others = compound.presentations
    assert first.strength is not None
    figure = None if strength is None else first.strength.model_copy(update={"value": strength})
    stocks = (first.model_copy(update={"strength": figure}), *others)
    return with_compound(knowledge, compound.model_copy(update={"presentations": stocks}))


def of_code(findings: Sequence[Finding], code: str) -> list[Finding]:
    """Return the findings of one rule or check."""
    return [finding for finding in findings if finding.code == code]


def weight(finding: Finding) -> str:
    """Return "block never", "wait", "warn", "info"."""
    return f"{finding.severity.value} {finding.override.value}" if finding.override else finding.severity.value
