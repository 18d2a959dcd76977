"""A form that was sent after its session had ended: kept sealed for half an hour and shown again after log-in.

Nothing of it is done until the same person sends it once more.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from mesoplan.clinic.accounts.sealing import Unreadable, seal, unseal
from mesoplan.clinic.accounts.sessions import ENDED_FOR

KEPT: Final = "kept_form"
PURPOSE: Final = "kept form"
SECONDS = 30 * 60
MOST_CHARACTERS = 200_000
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the name of a field


@dataclass(frozen=True)
class KeptForm:
    """What somebody sent, and where to. Passwords and files are never kept: they are named in `left_out`."""

    who: int
    path: str
    page: str
    fields: list[tuple[str, str]]
    left_out: list[str]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What a person typed, under readable names."""
        return [(name.replace("_", " ").replace("-", " "), value) for name, value in self.fields if value.strip()]


def keep(request: HttpRequest) -> bool:
    """Keep the form of this request for the person whose session has ended. False: it was not kept, because
    nobody is known whose it could be or because it is too long."""
    who = request.session.get(ENDED_FOR)
    if who is None:
        return False
    secret = [name for name in request.POST if "password" in name.lower()]
    pairs = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in (_TOKEN, *secret)
        for value in values
        if isinstance(value, str)
    ]
    kept = {
        "who": who,
        "path": request.get_full_path(),
        "page": _page_of(request),
        "fields": pairs,
        "left_out": [*secret, *request.FILES],
    }
    text = json.dumps(kept)
    if len(text) > MOST_CHARACTERS:
        return False
    request.session[KEPT] = seal(text, purpose=PURPOSE)
    return True


def is_kept(session: SessionBase) -> bool:
    return KEPT in session


def kept_for(session: SessionBase, who: int) -> KeptForm | None:
    """What is kept for this person; what is another's or too old is dropped."""
    if KEPT not in session:
        return None
    try:
        kept = json.loads(unseal(session[KEPT], purpose=PURPOSE, not_older_than=SECONDS))
    except Unreadable:
        kept = None
    if kept is None or kept["who"] != who:
        drop(session)
        return None
    return KeptForm(who, kept["path"], kept["page"], [(n, v) for n, v in kept["fields"]], kept["left_out"])


def drop_when_sent(request: HttpRequest) -> None:
    """The same form has come again, to the same address: it is not offered a second time."""
    if KEPT in request.session and request.method == "POST" and request.user.is_authenticated:
        form = kept_for(request.session, request.user.pk)
        if form and form.path == request.get_full_path():
            drop(request.session)


def drop(session: SessionBase) -> None:
    session.pop(KEPT, None)


def _page_of(request: HttpRequest) -> str:
    """The page on which the form stood, if the browser says so and it is one of ours."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host():
        return ""
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")
