"""Every write to a patient. Each leaves its audit entry in the same transaction."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.chain import record
from mesoplan.clinic.patients.models import Patient, PatientWord
from mesoplan.clinic.patients.queries import search_words, sort_key_of
from mesoplan.workflow import Act, Overtaken, check_may

CONTACT_FIELDS = ("full_name", "called", "birth_date", "sex_at_birth", "phone", "email", "record_number")


class Contact(TypedDict, total=False):
    """What is kept of a person apart from clinical records."""

    full_name: str
    called: str
    birth_date: date
    sex_at_birth: str
    phone: str
    email: str
    record_number: str


@transaction.atomic
def add_patient(*, by: User, **contact: Unpack[Contact]) -> Patient:
    check_may(Act.ADD_PATIENT, by.workflow_role)
    patient = Patient(added_by=by, **contact)
    patient.sort_key = sort_key_of(patient.full_name)
    patient.save()
    _index(patient)
    record(
        by=by,
        act="add_patient",
        thing=f"patient {patient.ref}",
        patient=patient.ref,
        after=_as_record(patient),
    )
    return patient


@transaction.atomic
def edit_patient_contact(*, patient: Patient, version: int, by: User, **contact: Unpack[Contact]) -> Patient:
    """Change name and contact. `version` is the one that the person saw; another one in the database is
    `Overtaken`."""
    check_may(Act.EDIT_PATIENT_CONTACT, by.workflow_role)
    rows = Patient.objects.select_for_update(of=("self",)).select_related("changed_by", "added_by")
    stored = rows.get(pk=patient.pk)
    if stored.version != version:
        raise Overtaken(
            str(stored.changed_by or stored.added_by),
            timezone.localtime(stored.changed_at or stored.added_at),
        )
    before = _as_record(stored)
    for field, value in contact.items():
        setattr(stored, field, value)
    stored.sort_key = sort_key_of(stored.full_name)
    stored.version = version + 1
    stored.changed_at, stored.changed_by = timezone.now(), by
    stored.save()
    _index(stored)
    after = _as_record(stored)
    changed = {field for field in after if after[field] != before[field]}
    record(
        by=by,
        act="edit_patient_contact",
        thing=f"patient {stored.ref}",
        patient=stored.ref,
        before={field: before[field] for field in sorted(changed)},
        after={field: after[field] for field in sorted(changed)},
    )
    return stored


def _index(patient: Patient) -> None:
    """Write the words under which the patient is found; only those that differ."""
    wanted = search_words(patient)
    kept = set(patient.words.values_list("word", flat=True))
    patient.words.filter(word__in=kept - wanted).delete()
    PatientWord.objects.bulk_create(PatientWord(patient=patient, word=word) for word in sorted(wanted - kept))


def _as_record(patient: Patient) -> dict[str, Any]:
    values = {field: getattr(patient, field) for field in CONTACT_FIELDS}
    return values | {"birth_date": patient.birth_date.isoformat()}
