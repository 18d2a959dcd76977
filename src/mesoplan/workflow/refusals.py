"""Refusals: an act is not allowed. The message is for the person who tried and is shown as it stands."""

from __future__ import annotations

from datetime import datetime


class Refused(Exception):
    """An act that the workflow does not allow. `str()` of it is a sentence for the user."""


class NotPermitted(Refused):
    """This role may never do this act."""


class WrongState(Refused):
    """The thing is in a state from which the act does not lead anywhere."""


class Overtaken(Refused):
    """Somebody else saved since this person opened the thing. Nothing was overwritten.

    Parameters
    ----------
    who : printed name of the person whose version stands.
    at : when they saved; the caller gives local time of the clinic.
    """

    def __init__(self, who: str, at: datetime) -> None:
        self.who = who
        self.at = at
        super().__init__(f"{who} saved at {at:%H:%M}. Yours is kept here and was not saved.")
