"""Writing the next entry of the audit, and proving that none was changed, removed or put in between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.models import AuditEntry
from mesoplan.workflow import sha256_of

BEGINNING = "0" * 64
_LOCK = 7_305_001  # any number that nothing else in this database locks


@dataclass(frozen=True)
class ChainState:
    """What `verify` found: how many entries stand, and the number of the first that does not (None: all
    stand)."""

    entries: int
    first_broken: int | None

    @property
    def whole(self) -> bool:
        return self.first_broken is None


def record(
    *,
    by: User | None,
    act: str,
    thing: str,
    patient: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    who: str = "",
) -> AuditEntry:
    """Append one entry. Call it inside the transaction of the change that it records.

    `by` is None only for what the system does or for a refused log-in; `who` is then the address tried.
    """
    with transaction.atomic():
        _one_writer_at_a_time()
        last = AuditEntry.objects.order_by("-number").values("number", "entry_hash").first()
        entry = AuditEntry(
            number=last["number"] + 1 if last else 1,
            at=timezone.now(),
            who=by.email if by else who or "system",
            who_name=by.printed_name if by else "",
            role=by.role if by else "",
            act=act,
            thing=thing,
            patient=patient,
            before=dict(before) if before is not None else None,
            after=dict(after) if after is not None else None,
            previous_hash=last["entry_hash"] if last else BEGINNING,
        )
        entry.entry_hash = hash_of(entry)
        entry.save()
    return entry


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over everything that the entry says and the hash of the entry before it."""
    return sha256_of(
        {
            "number": entry.number,
            "at": _instant(entry.at),
            "who": entry.who,
            "who_name": entry.who_name,
            "role": entry.role,
            "act": entry.act,
            "thing": entry.thing,
            "patient": entry.patient,
            "before": entry.before,
            "after": entry.after,
            "previous": entry.previous_hash,
        }
    )


def verify(entries: Iterable[AuditEntry] | None = None) -> ChainState:
    """Walk the chain from the first entry; reading is all it does."""
    rows = AuditEntry.objects.order_by("number").iterator(chunk_size=2000) if entries is None else entries
    previous, count = BEGINNING, 0
    for entry in rows:
        if entry.number != count + 1 or entry.previous_hash != previous or entry.entry_hash != hash_of(entry):
            return ChainState(entries=count, first_broken=count + 1)
        previous, count = entry.entry_hash, count + 1
    return ChainState(entries=count, first_broken=None)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _one_writer_at_a_time() -> None:
    """SQLite has one writer anyway (transaction_mode IMMEDIATE); PostgreSQL is told to wait for the other."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
