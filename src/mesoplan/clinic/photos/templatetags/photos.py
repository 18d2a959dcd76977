"""What other pages show of photos: a section of the patient's page, and the line of the assessment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import consents, words
from mesoplan.clinic.photos.page import sets_of
from mesoplan.clinic.photos.planning_face import face_in
from mesoplan.workflow import Act, may

register = template.Library()


@register.inclusion_tag("photos/section.html")
def photos_of(patient: Patient, user: User) -> dict[str, Any]:
    """The latest visits with photos; for whoever may see them."""
    return {"patient": patient, "user": user, "sets": sets_of(patient), "shown": consents.may_be_kept(patient)}


@register.inclusion_tag("photos/face_line.html")
def face_line(case: Mapping[str, Any], patient: Patient, user: User, changes: bool = False) -> dict[str, Any]:
    """Which face plans of this case are made on."""
    face = face_in(case)
    return {
        "patient": patient,
        "own": face is not None,
        "words": words.face_words(face, width_known=bool(case.get("patient", {}).get("face_width"))),
        "patient_may_see": may(Act.SEE_PHOTOS, user.workflow_role),
        "changes": changes and may(Act.PREFILL_ASSESSMENT, user.workflow_role),
    }


@register.inclusion_tag("photos/to_template.html", takes_context=True)
def back_to_template(context: Mapping[str, Any], case: Mapping[str, Any], patient: Patient) -> dict[str, Any]:
    """The form that the line's button sends; it cannot stand inside of the assessment's own."""
    return {"patient": patient, "own": face_in(case) is not None, "csrf_token": context.get("csrf_token")}
