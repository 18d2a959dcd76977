"""The strip that never scrolls away: who this is, and what of the latest assessment must always be in
sight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.patients.models import Patient
from mesoplan.workflow import Act, may


@dataclass(frozen=True)
class Strip:
    patient: Patient
    clinical: bool  # whether this person may see clinical facts
    assessed: bool = False
    weight: str = ""
    phototype: str = ""
    allergies: tuple[str, ...] = ()
    allergies_asked: bool = False
    pregnancy: str = ""  # yes, no, or empty: not asked
    asked_at: datetime | None = None


def strip_of(patient: Patient, user: User) -> Strip:
    """Contact for everyone; clinical facts, from the latest assessment, for those who may read them."""
    if not may(Act.VIEW_CLINICAL, user.workflow_role):
        return Strip(patient, clinical=False)
    latest = patient.assessments.first()
    if latest is None:
        return Strip(patient, clinical=True)
    said: Mapping[str, Any] = latest.case.get("patient", {})
    return Strip(
        patient,
        clinical=True,
        assessed=True,
        weight=str(said.get("weight") or ""),
        phototype=str(said.get("phototype") or ""),
        allergies=tuple(_allergies(latest.case)),
        allergies_asked=any(answer for term, answer in latest.case.get("answers", {}).items() if _is_allergy(term)),
        pregnancy=str(latest.case.get("answers", {}).get("pregnancy", "")),
        asked_at=latest.changed_at,
    )


def _allergies(case: Mapping[str, Any]) -> Iterator[str]:
    """Every allergy of a case, listed or answered with yes, each once."""
    for entry in case.get("allergies", ()):
        yield str(entry.get("note") or _title(str(entry.get("id", ""))))
    listed = {entry.get("id") for entry in case.get("allergies", ())}
    for term, answer in case.get("answers", {}).items():
        if answer == "yes" and term not in listed and _is_allergy(term):
            yield _title(term)


def _is_allergy(term: str) -> bool:
    terms = knowledge_base.current().terms
    return term in terms and terms[term].kind == "allergy"


def _title(term: str) -> str:
    """A term in words; a code that no term means stands as it was typed."""
    terms = knowledge_base.current().terms
    return terms[term].title.removeprefix("Allergy to ") if term in terms else term
