"""How long a session lasts: until an hour without use, and twelve hours after log-in whatever happened since."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.middleware.csrf import get_token

BEGAN: Final = "began"
SEEN: Final = "seen"
ENDED_FOR: Final = "ended_for"  # in the empty session afterwards: whose the one before it was
UNATTENDED: Final = "X-Unattended"  # the page asks by itself: nobody used anything
STEP = 60  # seconds between two notes that a session is alive, so that reading pages writes next to nothing
WARN_SECONDS = 120


def note_use(session: SessionBase, now: int, *, attended: bool = True, at_once: bool = False) -> None:
    """Somebody did something; the first time begins the session."""
    session.setdefault(BEGAN, now)
    seen = session.setdefault(SEEN, now)
    if attended and (at_once or now - seen >= STEP):
        session[SEEN] = now


def seconds_left(session: SessionBase, now: int) -> int:
    """Below zero: it is over."""
    return min(ends_idle(session, now), ends_at_last(session, now))


def ends_idle(session: SessionBase, now: int) -> int:
    return int(session.get(SEEN, now)) + int(settings.SESSION_IDLE_SECONDS) - now


def ends_at_last(session: SessionBase, now: int) -> int:
    return int(session.get(BEGAN, now)) + int(settings.SESSION_LONGEST_SECONDS) - now


def was_ended(session: SessionBase) -> bool:
    """Nobody logged out: time did."""
    return ENDED_FOR in session


def as_told(request: HttpRequest, now: int) -> dict[str, Any]:
    """What the page needs to warn in time, to extend, and to go on after another log-in."""
    if not request.user.is_authenticated:
        return {"ends_in": 0}
    return {
        "ends_in": max(0, seconds_left(request.session, now)),
        "extendable": ends_at_last(request.session, now) > ends_idle(request.session, now),
        "who": request.user.pk,
        "token": get_token(request),
    }
