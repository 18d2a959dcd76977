"""Read a case from text and check it against the knowledge base; a problem names file, field and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from mesoplan.domain.case import Answer, Case, HistoryEntry, ScoreRecord
from mesoplan.domain.errors import InputError, Problem
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.codes import EXAMPLES_OF_CODES, is_code, terms_named
from mesoplan.knowledge.nearest import allowed_text
from mesoplan.knowledge.validation import build
from mesoplan.knowledge.yaml_reading import read_text

KINDS_OF_LIST = {
    "conditions": ("condition", "circumstance"),
    "allergies": ("allergy",),
    "medications": ("medication",),
    "procedures": ("procedure", "circumstance"),
}
ASSESSED_BETWEEN = (date(2000, 1, 1), date(2199, 12, 31))
LATEST_START = timedelta(days=730)
AGE_YEARS = (0, 115)
WEIGHT_KG = (20.0, 350.0)
FACE_WIDTH_MM = (90.0, 190.0)
AREA_CM2 = (0.5, 4000.0)
THICKNESS_MM = (0.3, 8.0)


def read_case(text: str, file: str, knowledge: Knowledge, today: date | None = None) -> Case:
    """Return the case in a YAML or JSON text.

    Parameters
    ----------
    text : str
    file : str
        Its name, for errors.
    knowledge : Knowledge
    today : date, optional
        If given, an assessment dated after it is refused.

    Raises
    ------
    InputError
        With every problem found.
    """
    case = build(Case, read_text(text, file), file)
    problems = list(case_problems(case, knowledge, today))
    if problems:
        raise InputError(file, problems)
    return case


def case_problems(case: Case, knowledge: Knowledge, today: date | None = None) -> Iterator[Problem]:
    """Yield everything in a case that the knowledge base or good sense contradicts."""
    yield from _dates(case, today)
    yield from unknown("jurisdiction", case.jurisdiction, "jurisdictions", knowledge.jurisdictions)
    yield from _patient(case)
    yield from _goals(case, knowledge)
    yield from _history(case, knowledge)
    yield from _answers(case, knowledge)
    for index, record in enumerate(case.scores, start=1):
        yield from score_problems(record, knowledge, f"scores.{index}")
    yield from _zones(case, knowledge)


def unknown(field: str, name: str, kind: str, known: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem unless `name` is one of `known`."""
    ids = set(known)
    if name not in ids:
        yield Problem(field, f"“{name}” is not one of the {kind}; {allowed_text(name, ids)}")


def _dates(case: Case, today: date | None) -> Iterator[Problem]:
    if today is not None and case.as_of > today:
        yield Problem("as_of", f"{case.as_of} lies in the future (today is {today})")
    if not ASSESSED_BETWEEN[0] <= case.as_of <= ASSESSED_BETWEEN[1]:
        yield Problem("as_of", f"must be between {ASSESSED_BETWEEN[0]} and {ASSESSED_BETWEEN[1]} (given: {case.as_of})")
    if case.start < case.as_of:
        yield Problem("start", f"{case.start} lies before the assessment of {case.as_of}")
    elif case.start - case.as_of > LATEST_START:
        yield Problem(
            "start", f"{case.start} lies more than {LATEST_START.days} days after the assessment of {case.as_of}"
        )
    dated: list[tuple[str, date | None]] = [("patient.birth_date", case.patient.birth_date)]
    for name in KINDS_OF_LIST:
        dated += [(f"{name}.{index}.on", entry.on) for index, entry in enumerate(getattr(case, name), start=1)]
    dated += [(f"scores.{index}.on", record.on) for index, record in enumerate(case.scores, start=1)]
    dated += [(f"thickness.{index}.on", one.on) for index, one in enumerate(case.thickness, start=1)]
    for field, day in dated:
        if day is not None and day > case.as_of:
            yield Problem(field, f"{day} lies after the assessment of {case.as_of}")


def _within(field: str, value: float | None, bounds: tuple[float, float], unit: str) -> Iterator[Problem]:
    if value is not None and not bounds[0] <= value <= bounds[1]:
        yield Problem(field, f"must be between {bounds[0]:g} and {bounds[1]:g} {unit} (given: {value:g} {unit})")


def _patient(case: Case) -> Iterator[Problem]:
    patient = case.patient
    if patient.birth_date <= case.as_of:
        yield from _within("patient.birth_date", float(patient.age_on(case.as_of)), AGE_YEARS, "years")
    yield from _within("patient.weight", patient.weight.value if patient.weight else None, WEIGHT_KG, "kg")
    yield from _within(
        "patient.face_width", patient.face_width.value if patient.face_width else None, FACE_WIDTH_MM, "mm"
    )


def _goals(case: Case, knowledge: Knowledge) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    for index, goal in enumerate(case.goals, start=1):
        yield from unknown(f"goals.{index}.aim", goal.aim, "aims", knowledge.aims)
        for place, zone in enumerate(goal.zones, start=1):
            field = f"goals.{index}.zones.{place}"
            yield from unknown(field, zone, "zones", knowledge.zones)
            if (goal.aim, zone) in seen:
                yield Problem(
                    field,
                    f"zone “{zone}” is named twice for the aim “{goal.aim}” (also in goal {seen[goal.aim, zone]})",
                )
            seen[goal.aim, zone] = index


def _history(case: Case, knowledge: Knowledge) -> Iterator[Problem]:
    for name, kinds in KINDS_OF_LIST.items():
        for index, entry in enumerate(getattr(case, name), start=1):
            yield from _history_entry(entry, f"{name}.{index}", kinds, knowledge)


def _history_entry(entry: HistoryEntry, field: str, kinds: tuple[str, ...], knowledge: Knowledge) -> Iterator[Problem]:
    for place, zone in enumerate(entry.zones or (), start=1):
        yield from unknown(f"{field}.zones.{place}", zone, "zones", knowledge.zones)
    if ":" in entry.id:
        if not is_code(entry.id):
            text = f"“{entry.id}” is not a code as its system writes it; allowed: such as {EXAMPLES_OF_CODES}"
            yield Problem(f"{field}.id", text)
        return
    fitting = {term.id for term in knowledge.terms.values() if term.kind in kinds}
    if entry.id in knowledge.terms and entry.id not in fitting:
        kind = knowledge.terms[entry.id].kind
        yield Problem(f"{field}.id", f"“{entry.id}” is a {kind}; this list holds: {', '.join(kinds)}")
    else:
        yield from unknown(f"{field}.id", entry.id, "terms", fitting)


def _answers(case: Case, knowledge: Knowledge) -> Iterator[Problem]:
    listed = {term: entry.id for entry in case.history() for term in terms_named(entry.id, knowledge)}
    for term, answer in case.answers.items():
        yield from unknown(f"answers.{term}", term, "terms", knowledge.terms)
        if answer is Answer.NO and term in listed:
            text = f"answered no, yet listed in the history as “{listed[term]}”; remove one of the two"
            yield Problem(f"answers.{term}", text)


def score_problems(record: ScoreRecord, knowledge: Knowledge, field: str) -> Iterator[Problem]:
    """Yield what is wrong with a score's items: unknown scale, region or item, or a grade that the item has not."""
    yield from unknown(f"{field}.scale", record.scale, "scales", knowledge.scales)
    if record.scale not in knowledge.scales:
        return
    scale = knowledge.scales[record.scale]
    if scale.items_of is not None:
        text = f"is computed from the items of “{scale.items_of}”; record those (allowed: {scale.items_of})"
        yield Problem(f"{field}.scale", text)
        return
    regions = {region.id for region in scale.regions}
    grades = {item.id: {grade.score for grade in item.grades} for item in scale.items}
    for region, items in record.items.items():
        yield from unknown(f"{field}.items.{region}", region, "regions", regions)
        for item, score in items.items():
            place = f"{field}.items.{region}.{item}"
            yield from unknown(place, item, "items", grades)
            if item in grades and score not in grades[item]:
                yield Problem(place, f"{score} is not a grade; allowed: {', '.join(map(str, sorted(grades[item])))}")


def _zones(case: Case, knowledge: Knowledge) -> Iterator[Problem]:
    for zone, area in case.areas.items():
        yield from unknown(f"areas.{zone}", zone, "zones", knowledge.zones)
        yield from _within(f"areas.{zone}", area.value, AREA_CM2, "cm²")
    for index, one in enumerate(case.thickness, start=1):
        yield from unknown(f"thickness.{index}.zone", one.zone, "zones", knowledge.zones)
        yield from _within(f"thickness.{index}.thickness", one.thickness.value, THICKNESS_MM, "mm")
