"""Refusals: an act is not allowed. The message is for the person who tried and is shown as it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Final

SAVED_MEANWHILE: Final = "%(who)s saved at %(time)s. Yours is kept here and was not saved."


class Refused(Exception):
    """An act that the workflow does not allow. `str()` of it is a sentence for the user, in English.

    Parameters
    ----------
    template : the sentence; where values are given, with places for them written %(name)s. Whoever shows it in
        another language translates this and fills it anew.
    values : what fills the places, as it is read.
    """

    def __init__(self, template: str, **values: str) -> None:
        self.template = template
        self.values = values
        super().__init__(template % values if values else template)


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
        super().__init__(SAVED_MEANWHILE, who=who, time=f"{at:%H:%M}")
