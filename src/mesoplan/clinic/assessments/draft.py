"""The draft of a case: its document as far as it is filled. What was not asked is absent, never no.

The functions change the document they are given; a view works on a copy and saves it through an action.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from mesoplan.clinic.patients.models import Patient
from mesoplan.domain.case import Case
from mesoplan.domain.errors import InputError, Problem
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.case_reading import case_problems
from mesoplan.knowledge.codes import terms_named
from mesoplan.knowledge.schema.rules import Term
from mesoplan.knowledge.validation import build

Document = dict[str, Any]
Entry = dict[str, Any]

LISTS = ("conditions", "allergies", "medications", "procedures")
LIST_OF_KIND = {
    "condition": "conditions",
    "circumstance": "conditions",
    "allergy": "allergies",
    "medication": "medications",
    "procedure": "procedures",
}
SEXES = ("female", "male")


def new_document(patient: Patient, day: date, jurisdiction: str) -> Document:
    """What is known before anything was asked."""
    document: Document = {"start": day.isoformat(), "jurisdiction": jurisdiction, "patient": {}, "goals": []}
    keep_up(document, patient, day)
    return document


def carried_over(earlier: Document, patient: Patient, day: date) -> Document:
    """The next visit of a patient: what does not change from visit to visit, and what happened. Answers of no, weight
    and scores are asked again."""
    kept = ("jurisdiction", "goals", "areas", "thickness", *LISTS)
    document = {name: deepcopy(earlier[name]) for name in kept if name in earlier}
    said = earlier.get("patient", {})
    lasting = {name: said[name] for name in ("sex", "phototype", "face_width", "face") if name in said}
    document |= {"start": day.isoformat(), "patient": lasting}
    keep_up(document, patient, day)
    return document


def keep_up(document: Document, patient: Patient, day: date) -> None:
    """An open assessment is of the day of its last change; birth date and sex are those of the record."""
    document["as_of"] = day.isoformat()
    said = document.setdefault("patient", {})
    said["birth_date"] = patient.birth_date.isoformat()
    if patient.sex_at_birth in SEXES:
        said["sex"] = patient.sex_at_birth


def shifted(document: Document, to: date) -> Document:
    """The same case as if it had been recorded on another day: every date of it moves, the birth date does not."""
    days = to - date.fromisoformat(str(document["as_of"]))
    moved = deepcopy(document)
    dated = [moved] + [entry for name in (*LISTS, "scores", "thickness") for entry in moved.get(name, ())]
    for each in dated:
        for field in ("as_of", "start", "on"):
            if field in each:
                each[field] = _later(each[field], days)
    return moved


def _later(day: str, by: timedelta) -> str:
    return (date.fromisoformat(str(day)) + by).isoformat()


def entries(document: Document) -> list[Entry]:
    """All that the patient has or had, of the four lists."""
    return [entry for name in LISTS for entry in document.get(name, ())]


def entry_of(document: Document, reference: str) -> Entry | None:
    """The entry of a term or code, if it is listed."""
    return next((entry for entry in entries(document) if entry["id"] == reference), None)


def codes_meaning(document: Document, term: str, knowledge: Knowledge) -> tuple[str, ...]:
    """The listed codes that mean the term."""
    listed = (entry["id"] for entry in entries(document) if ":" in entry["id"])
    return tuple(code for code in listed if term in terms_named(code, knowledge))


def answer_of(document: Document, term: str, knowledge: Knowledge) -> str:
    """yes, no, or empty: not asked."""
    if entry_of(document, term) or codes_meaning(document, term, knowledge):
        return "yes"
    return str(document.get("answers", {}).get(term, ""))


def forget(document: Document, term: str) -> None:
    """Take an answer back: the question counts as not asked."""
    document.get("answers", {}).pop(term, None)
    for name in LISTS:
        if name in document:
            document[name] = [entry for entry in document[name] if entry["id"] != term]


def say_no(document: Document, term: str) -> None:
    forget(document, term)
    document.setdefault("answers", {})[term] = "no"


def say_yes(document: Document, term: Term) -> None:
    """Yes as an entry where date, place or words belong to it, else as an answer."""
    document.get("answers", {}).pop(term.id, None)
    if term.dated or term.kind not in ("condition", "circumstance"):
        if entry_of(document, term.id) is None:
            document.setdefault(LIST_OF_KIND[term.kind], []).append({"id": term.id})
    else:
        document.setdefault("answers", {})[term.id] = "yes"


def score_record(document: Document, scale: str) -> Entry | None:
    return next((record for record in document.get("scores", ()) if record["scale"] == scale), None)


def chosen_zones(document: Document) -> tuple[str, ...]:
    return tuple(dict.fromkeys(zone for goal in document.get("goals", ()) for zone in goal.get("zones", ())))


def aims_of(document: Document) -> tuple[str, ...]:
    return tuple(dict.fromkeys(goal["aim"] for goal in document.get("goals", ()) if goal.get("aim")))


def case_to_screen(document: Document, knowledge: Knowledge) -> Case | None:
    """The case as far as screening can read it. Goals that are not complete are left out, and with none the rules of
    the patient are read all the same."""
    whole = [goal for goal in document.get("goals", ()) if goal.get("aim") and goal.get("zones")]
    stand_in = [{"aim": next(iter(knowledge.aims)), "zones": [next(iter(knowledge.zones))]}]
    try:
        case = build(Case, {"id": "draft", **document, "goals": whole or stand_in}, "assessment")
    except InputError:
        return None
    return case if whole else case.model_copy(update={"goals": ()})


def case_of(document: Document, knowledge: Knowledge) -> tuple[Case | None, tuple[Problem, ...]]:
    """The case, if the document is one already, and what it still lacks."""
    whole = {"id": "draft", **document}
    try:
        case = build(Case, whole, "assessment")
    except InputError as refused:
        return None, refused.problems
    return case, tuple(case_problems(case, knowledge))
