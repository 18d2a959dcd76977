"""The strip that never scrolls away: who this is, and what of the latest assessment must always be in
sight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.models import Assessment
from mesoplan.clinic.patients.models import Patient, Sex
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.clinic.shell.writing import quantity_text
from mesoplan.knowledge.titles import ALLERGY
from mesoplan.workflow import Act, may

SEXES = {
    Sex.FEMALE.value: gettext_lazy("female"),
    Sex.MALE.value: gettext_lazy("male"),
    Sex.INTERSEX.value: gettext_lazy("intersex"),
}


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
    asked_on: date | None = None
    """The day that the assessment is of, however much later it was entered."""

    @property
    def sex(self) -> str:
        """In the midst of a line; what was not asked is said."""
        return str(SEXES.get(self.patient.sex_at_birth) or _("sex not asked"))


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
        weight=_weight(said.get("weight")),
        phototype=str(said.get("phototype") or ""),
        allergies=tuple(_allergies(latest.case)),
        allergies_asked=any(answer for term, answer in latest.case.get("answers", {}).items() if _is_allergy(term)),
        pregnancy=str(latest.case.get("answers", {}).get("pregnancy", "")),
        asked_on=_asked_on(latest),
    )


def _asked_on(assessment: Assessment) -> date:
    """The day of the case. An answer has no day of its own: in an assessment that is still open, it is the day of the
    last change."""
    day = assessment.case.get("as_of")
    return date.fromisoformat(day) if day else timezone.localdate(assessment.changed_at)


def _weight(given: object) -> str:
    """ "62.5 kg" of a document as the reader writes it; what could not be read stands as it was typed."""
    number, _space, unit = str(given or "").partition(" ")
    try:
        return quantity_text(float(number), unit)
    except ValueError:
        return str(given or "")


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
    """What an allergy is to; a code that no term means stands as it was typed."""
    terms = knowledge_base.current().terms
    if term not in terms:
        return term
    return title_of("terms", term, "to" if terms[term].title.startswith(ALLERGY) else "title")
