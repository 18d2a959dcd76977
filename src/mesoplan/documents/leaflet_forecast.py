"""The forecast for the patient: of ten people, how many, how many not, and how far that may be off. Never a promise."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, model_validator

from mesoplan.documents.leaflet_blocks import Paragraph
from mesoplan.documents.leaflet_wording import Said, Voice
from mesoplan.domain.case import Value

TEN = 10


class OfTen(Value):
    """Of ten people like this patient so many bring their score down to half by a session, 0 being fewer than one.

    `low` and `high` hold eight of ten clinics.
    """

    reach: int = Field(ge=0, lt=TEN)
    low: int = Field(ge=0, le=TEN)
    high: int = Field(ge=0, le=TEN)
    session: int = Field(ge=1)

    @model_validator(mode="after")
    def _within_its_range(self) -> OfTen:
        if not self.low <= self.reach <= self.high:
            raise ValueError("reach lies outside of low to high")
        return self


def of_ten(chance: float, low: float, high: float, session: int) -> OfTen:
    """Return chances as people out of ten. Nobody is told "10 of 10": what is nearly sure counts as nine."""
    reach = min(TEN - 1, round(TEN * chance))
    return OfTen(reach=reach, low=min(reach, round(TEN * low)), high=max(reach, round(TEN * high)), session=session)


def forecast_paragraph(told: OfTen, voice: Voice) -> Paragraph:
    """Return how many reach half and how many do not, the width where there is one, and what makes it narrower."""
    return Paragraph(sentences=tuple(_sentences(told, voice)))


def _sentences(told: OfTen, voice: Voice) -> Iterator[Said]:
    if told.reach:
        yield voice.say("judge-forecast", of_ten=told.reach, session=told.session)
        yield voice.say("judge-forecast-rest", rest_of_ten=TEN - told.reach)
    else:
        yield voice.say("judge-forecast-few", session=told.session)
    if told.low < told.high:
        yield voice.say("judge-forecast-width", low_of_ten=told.low, high_of_ten=told.high)
    yield voice.say("judge-forecast-narrows")
