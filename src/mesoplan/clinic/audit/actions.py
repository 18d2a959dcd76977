"""Looking is an act too: who opened whose record is kept, once in a quarter of an hour."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.chain import record
from mesoplan.clinic.audit.models import AuditEntry

SAME_LOOK = timedelta(minutes=15)


@transaction.atomic
def note_seen(*, thing: str, patient: str, by: User) -> None:
    record(by=by, act="see", thing=thing, patient=patient)


def note_seen_once(*, thing: str, patient: str, by: User) -> None:
    """As `note_seen`, but turning a page back and forth leaves one entry. Asks before it opens a write."""
    recent = timezone.now() - SAME_LOOK
    if not AuditEntry.objects.filter(act="see", thing=thing, patient=patient, who=by.email, at__gt=recent).exists():
        note_seen(thing=thing, patient=patient, by=by)
