"""Every score of a course in the order of its days: those recorded for it, and those of the patient's assessments.

A score that stands in an assessment is read there and never entered again. Amended assessments are left out, because
their amendment carries the scores along.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mesoplan.clinic.courses.models import Assessment, Course
from mesoplan.clinic.forecasts.models import Score
from mesoplan.clinic.patients.timeline import day_in
from mesoplan.domain.errors import InputError
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.scales import Scale
from mesoplan.knowledge.scoring import Items, score


@dataclass(frozen=True)
class Scored:
    """The items of one scale on one day. `assessment` or `recorded` says where they stand."""

    day: date
    scale: str
    items: Items
    rater: str
    mode: str
    assessment: Assessment | None = None
    recorded: Score | None = None

    @property
    def void(self) -> bool:
        return self.recorded is not None and hasattr(self.recorded, "voided")

    def value_on(self, scale: Scale) -> float | None:
        """The value on the scale that was filled, or on one that is computed from its items; None for another."""
        if self.scale not in (scale.id, scale.items_of):
            return None
        try:
            return score(scale, self.items).value
        except InputError:  # a release that has other regions or grades
            return None


def scores_of(course: Course) -> list[Scored]:
    """All, the void ones too, by day."""
    recorded = Score.objects.filter(course=course).select_related("voided", "voided__voided_by", "recorded_by")
    found = [*_of_assessments(course), *(_recorded(one) for one in recorded)]
    return sorted(found, key=lambda one: one.day)


def standing(found: Iterable[Scored], scale: Scale) -> list[tuple[Scored, float]]:
    """Those that count on one scale, with their values. Scores of two scales never stand in one row."""
    valued = ((one, one.value_on(scale)) for one in found if not one.void)
    return [(one, value) for one, value in valued if value is not None]


def scales_of(aims: Iterable[str], knowledge: Knowledge) -> list[Scale]:
    """The scales of these aims as they are filled, each once: of a scale that is computed, the one it comes from."""
    named = [scale for aim in aims if aim in knowledge.aims for scale in knowledge.aims[aim].score_with]
    filled = dict.fromkeys(knowledge.scales[scale].items_of or scale for scale in named)
    return [knowledge.scales[scale] for scale in filled]


def _recorded(row: Score) -> Scored:
    return Scored(row.day, row.scale, row.items, row.rater, row.mode, recorded=row)


def _of_assessments(course: Course) -> Iterator[Scored]:
    """Of each scale and day once, from the latest assessment that holds it."""
    seen = set()
    for row in Assessment.objects.filter(patient=course.patient_id, amended_by__isnull=True):
        for record in row.case.get("scores", ()):
            one = _in_assessment(record, row)
            if one and (one.scale, one.day, one.mode) not in seen:
                seen.add((one.scale, one.day, one.mode))
                yield one


def _in_assessment(record: Mapping[str, Any], row: Assessment) -> Scored | None:
    """None while its day or scale is still being filled."""
    day = day_in(record.get("on"))
    if day is None or not record.get("scale"):
        return None
    items, rater, mode = record.get("items", {}), str(record.get("rater", "")), str(record.get("mode", "live"))
    return Scored(day, str(record["scale"]), items, rater, mode, assessment=row)
