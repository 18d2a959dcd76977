"""The scores of a course as the table of its page has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mesoplan.clinic.courses.addresses import assessment_address
from mesoplan.clinic.forecasts.course_scores import Scored
from mesoplan.clinic.forecasts.models import VoidedScore
from mesoplan.clinic.forecasts.score_form import short_title
from mesoplan.clinic.shell.writing import number_text
from mesoplan.knowledge.base import Knowledge


@dataclass(frozen=True)
class ScoreValue:
    """One scale that the items give: "MASI", "15.9" of "48"."""

    scale: str
    value: str
    highest: str


@dataclass(frozen=True)
class ScoreRow:
    """One score: where it stands, and by whom and how it was judged. `recorded` is the id of one that can be voided."""

    scored: Scored
    values: tuple[ScoreValue, ...]

    @property
    def href(self) -> str:
        """The assessment that holds it; empty for one that was recorded for the course."""
        held = self.scored.assessment
        return assessment_address(held, "scores") if held else ""

    @property
    def recorded(self) -> int | None:
        return self.scored.recorded.pk if self.scored.recorded else None

    @property
    def voided(self) -> VoidedScore | None:
        return self.scored.recorded.voided if self.scored.recorded and self.scored.void else None


def rows_of(found: Iterable[Scored], knowledge: Knowledge) -> list[ScoreRow]:
    """Newest first. A score that is still being filled has no value and is left out."""
    rows = [ScoreRow(one, _values(one, knowledge)) for one in found]
    return [row for row in reversed(rows) if row.values]


def _values(scored: Scored, knowledge: Knowledge) -> tuple[ScoreValue, ...]:
    given = ((scale, scored.value_on(scale)) for scale in knowledge.scales.values())
    return tuple(
        ScoreValue(short_title(scale), number_text(value), number_text(scale.highest))
        for scale, value in given
        if value is not None
    )
