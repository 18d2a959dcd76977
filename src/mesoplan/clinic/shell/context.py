"""What the frame of every page needs: the rooms open to this person, which of them this is, whether it is a
demo."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mesoplan.clinic.accounts.models import Look, User
from mesoplan.clinic.accounts.sessions import as_told
from mesoplan.workflow import Act, may


@dataclass(frozen=True)
class Room:
    title: str | Promise
    view: str  # name of the page that opens it
    path: str  # every page of the room begins with this
    icon: str
    act: Act | None  # None: open to everyone who logs in


ROOMS = (
    Room(_("Today"), "today", "/today", "today", None),
    Room(_("Patients"), "patients", "/patients", "patients", Act.VIEW_PATIENTS),
    Room(_("Where drops land"), "drops:drops", "/drops", "drops", Act.VIEW_CLINICAL),
    Room(_("Evidence"), "evidence:evidence", "/evidence", "evidence", Act.VIEW_EVIDENCE),
    Room(pgettext_lazy("room", "Audit"), "audit", "/audit", "audit", Act.VIEW_AUDIT),
    Room(_("Settings"), "settings", "/settings", "settings", Act.MANAGE_PEOPLE),
)


def rooms_for(user: User) -> list[Room]:
    """Rooms that a role may never enter are absent, not grey."""
    return [room for room in ROOMS if room.act is None or may(room.act, user.workflow_role)]


def shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    known = isinstance(user, User)
    return {
        "demo": settings.DEMO,
        "rooms": [{"room": room, "current": request.path.startswith(room.path)} for room in rooms_for(user)]
        if isinstance(user, User)
        else [],
        "look": user.look if isinstance(user, User) else Look.SYSTEM,
        "looks": Look.choices if known else [],
        "session_left": as_told(request, int(time.time())) if known else {},
    }
