"""How long to wait after wrong passwords, counted from the audit: five are free, then the wait doubles to an
hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import ngettext

from mesoplan.clinic.audit.models import AuditEntry

REFUSED = "log_in_refused"
ACCEPTED = "log_in"
FREE_TRIES = 5
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(hours=12)


def thing_of(email: str) -> str:
    """The address as the audit names it; cut to what the column holds."""
    return f"log-in {email.strip().lower()}"[:80]


def waiting_time(email: str, now: datetime) -> timedelta:
    """What is left of the wait for this address; zero when another try is allowed."""
    tries = AuditEntry.objects.filter(thing=thing_of(email), at__gt=now - FORGOTTEN_AFTER).order_by("-number")
    refused: list[datetime] = []
    for act, at in tries.values_list("act", "at")[:40]:
        if act == ACCEPTED:
            break
        if act == REFUSED:
            refused.append(at)
    if len(refused) < FREE_TRIES:
        return timedelta(0)
    doubled: int = 2 ** (len(refused) - FREE_TRIES)
    wait = min(LONGEST_WAIT, FIRST_WAIT * doubled)
    return max(timedelta(0), refused[0] + wait - now)


def in_words(wait: timedelta) -> str:
    """ "40 seconds", "1 minute", "12 minutes", as after "in": rounded up, so that nobody comes back too early."""
    seconds = -int(-wait.total_seconds() // 1)
    if seconds < 60:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    minutes = -(-seconds // 60)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
