"""The area of a zone out of a photo becomes that of the open assessment, and its note says where it came from."""

from __future__ import annotations

from copy import deepcopy

from django.utils import timezone
from django.utils.translation import gettext_noop

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.assessments.fields import LONGEST_NOTE
from mesoplan.clinic.assessments.saving import document_of, latest_signed, open_assessment
from mesoplan.clinic.courses import actions as courses
from mesoplan.clinic.photos.models import Photo
from mesoplan.domain.writing import date_text
from mesoplan.imaging.patch_area import PatchArea
from mesoplan.knowledge.case_reading import AREA_CM2
from mesoplan.workflow import WrongState

SIGNED = gettext_noop(
    "The last assessment is signed and does not change. Amend it or begin a new one, then use this area."
)
OUT_OF_BOUNDS = gettext_noop("This area is not one that a plan takes. Outline the place again.")
NOTE_FULL = gettext_noop("The note of the assessment has no room for where the area came from. Shorten it first.")


def write(photo: Photo, area: PatchArea, by: User) -> None:
    """Put the area where a typed one stands; where no assessment was begun, begin it."""
    patient = photo.photo_set.patient
    assessment = open_assessment(patient)
    if assessment is None and latest_signed(patient) is not None:
        raise WrongState(SIGNED)
    low, high = AREA_CM2
    if not low <= area.area_cm2 <= high:
        raise WrongState(OUT_OF_BOUNDS)
    document = deepcopy(document_of(assessment, patient, timezone.localdate()))
    document.setdefault("areas", {})[photo.view] = f"{float(f'{area.area_cm2:.3g}'):g} cm2"
    document["note"] = _noted(str(document.get("note", "")), photo, area)
    if assessment is None:
        courses.start_assessment(patient=patient, case=document, by=by)
    elif document != assessment.case:
        courses.save_assessment(assessment=assessment, version=assessment.version, case=document, by=by)


def _noted(note: str, photo: Photo, area: PatchArea) -> str:
    """The note with one line for the zone; an earlier one of it goes. Kept in English, as all that is stored."""
    title = knowledge_base.current().zones[photo.view].title
    start = f"Area of {title}: "
    kept = [line for line in note.splitlines() if not line.startswith(start)]
    source = (
        f"from a photo of {date_text(photo.photo_set.taken_on)} with a sticker of {photo.photo_set.sticker_mm:g} mm"
    )
    told = "\n".join([*kept, f"{start}{area.area_cm2:.3g} ± {area.error_cm2:.2g} cm², {source}."]).strip()
    if len(told) > LONGEST_NOTE:
        raise WrongState(NOTE_FULL)
    return told
