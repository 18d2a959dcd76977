"""On which face the open assessment of a patient plans: the template, at a measured width or not, or the own one."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.assessments.saving import document_of, latest_signed, open_assessment
from mesoplan.clinic.courses import actions as courses
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import consents
from mesoplan.clinic.photos.models import Purpose
from mesoplan.domain.face import OwnFace
from mesoplan.workflow import WrongState

SIGNED = gettext_noop(
    "The last assessment is signed and does not change. Amend it or begin a new one, then use this face."
)


def face_in(document: Mapping[str, Any]) -> OwnFace | None:
    """The own face that a case is planned on."""
    said = document.get("patient", {}).get("face")
    return OwnFace.model_validate(said) if said else None


def choose(patient: Patient, face: OwnFace | None, by: User) -> None:
    """Plan the open assessment on this face, or on the template; where none was begun, begin it."""
    assessment = open_assessment(patient)
    if assessment is None and latest_signed(patient) is not None:
        raise WrongState(SIGNED)
    document = deepcopy(document_of(assessment, patient, timezone.localdate()))
    document["patient"].pop("face", None)
    if face is not None:
        document["patient"]["face"] = face.model_dump(mode="json")
    if assessment is None:
        courses.start_assessment(patient=patient, case=document, by=by)
    elif document != assessment.case:
        courses.choose_face(assessment=assessment, version=assessment.version, case=document, by=by)


def leave_unless_agreed(patient: Patient, by: User) -> None:
    """A face from photos leaves the open assessment where planning is no longer agreed to."""
    assessment = open_assessment(patient)
    face = face_in(assessment.case) if assessment else None
    if face and Purpose.PLANNING not in consents.standing(patient):
        choose(patient, None, by)
