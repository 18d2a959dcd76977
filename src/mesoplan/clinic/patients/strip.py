"""The strip that never scrolls away: who this is, and what of the latest assessment must always be in
sight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
        allergies=tuple(_named(entry) for entry in latest.case.get("allergies", ())),
        pregnancy=str(latest.case.get("answers", {}).get("pregnancy", "")),
        asked_at=latest.changed_at,
    )


def _named(entry: Mapping[str, Any]) -> str:
    """An allergy by its note if there is one, else by its term."""
    return str(entry.get("note") or entry.get("id", ""))
