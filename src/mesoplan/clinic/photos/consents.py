"""What a patient agrees to at this time."""

from __future__ import annotations

from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos.models import GROUNDS, PhotoConsent, Purpose


def standing(patient: Patient) -> dict[Purpose, PhotoConsent]:
    """The consents that were not withdrawn, by what they are for."""
    rows = patient.photo_consents.filter(withdrawn_at__isnull=True).select_related("recorded_by")
    found = {Purpose(row.purpose): row for row in rows}
    return {purpose: found[purpose] for purpose in Purpose if purpose in found}


def withdrawn(patient: Patient) -> list[PhotoConsent]:
    """What was agreed to once, the latest withdrawal first."""
    rows = patient.photo_consents.filter(withdrawn_at__isnull=False)
    return list(rows.select_related("recorded_by", "withdrawn_by").order_by("-withdrawn_at"))


def may_be_kept(patient: Patient) -> bool:
    """Whether photos of this patient may be taken, kept and shown."""
    return patient.photo_consents.filter(withdrawn_at__isnull=True, purpose__in=GROUNDS).exists()
