"""Reading the audit: filtered entries, and what the last walk of the chain found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone

from mesoplan.clinic.audit.chain import ChainState, verify
from mesoplan.clinic.audit.models import AuditEntry

_KEY = "audit-chain"
_KEPT_SECONDS = 60 * 60


@dataclass(frozen=True)
class Walk:
    """What a walk of the whole chain found, and when."""

    state: ChainState
    at: datetime


def last_walk(*, again: bool = False) -> Walk:
    """The last walk of this hour; a new one if there is none or `again` is asked. Long chains take
    seconds."""
    kept = None if again else cache.get(_KEY)
    if isinstance(kept, Walk):
        return kept
    walk = Walk(verify(), timezone.now())
    cache.set(_KEY, walk, _KEPT_SECONDS)
    return walk


def entries(
    *, who: str = "", patient: str = "", act: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[AuditEntry]:
    """Newest first; `who` is part of a name or e-mail, days are of the clinic's time zone."""
    rows = AuditEntry.objects.all()
    if who:
        rows = rows.filter(who__icontains=who) | rows.filter(who_name__icontains=who)
    if patient:
        rows = rows.filter(patient=patient.upper())
    if act:
        rows = rows.filter(act=act)
    if since:
        rows = rows.filter(at__date__gte=since)
    if until:
        rows = rows.filter(at__date__lte=until)
    return rows


def acts() -> list[str]:
    """Every act that the audit holds, for the filter."""
    return list(AuditEntry.objects.order_by("act").values_list("act", flat=True).distinct())
