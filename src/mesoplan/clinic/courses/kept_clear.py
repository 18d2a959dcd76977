"""Places of a plan that are kept clear: as the maps draw them, and as rows under the map with what can be done."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mesoplan.clinic.courses.places_in_words import across_text, height_text, pupils_mm
from mesoplan.clinic.evidence.titles import title_of
from mesoplan.clinic.shell.writing import length_text
from mesoplan.domain.case import Case
from mesoplan.domain.plan import KeptClear, OnPatch, Plan, Point
from mesoplan.domain.quantities import Length
from mesoplan.imaging.kept_clear_drawing import KeptMarks
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.plan_reading import KEPT_CLEAR_BOUNDS
from mesoplan.planning.placement import positions_mm

STEP_MM = 1.0


def kept_marks(plan: Plan, zone: str | None = None) -> list[KeptMarks]:
    """What is drawn on the face, or on one flat zone."""
    return [
        KeptMarks(one.at, one.radius.value, _("Kept clear, %(radius)s") % {"radius": length_text(one.radius)})
        for one in plan.kept_clear
        if (one.zone == zone if isinstance(one.at, OnPatch) else zone is None)
    ]


@dataclass(frozen=True)
class KeptRow:
    """One place, with the operations of its buttons as the editor's scripts send them; none at the end of a range."""

    zone: str
    radius: str
    across: str
    up: str
    open_again: str
    wider: str
    narrower: str


def kept_rows(plan: Plan, case: Case, knowledge: Knowledge) -> list[KeptRow]:
    """Every place that is kept clear, in the order in which they were marked."""
    return [_row(one, case, knowledge) for one in plan.kept_clear]


def _row(one: KeptClear, case: Case, knowledge: Knowledge) -> KeptRow:
    x, y, _z = positions_mm([Point(id=one.id, at=one.at)], case)[0].tolist()
    flat = isinstance(one.at, OnPatch)
    return KeptRow(
        zone=title_of("zones", one.zone, knowledge),
        radius=length_text(one.radius),
        across=across_text(x, flat=flat),
        up=height_text(y if flat else y - pupils_mm(case), flat=flat),
        open_again=json.dumps([{"op": "open-again", "places": [one.id]}]),
        wider=_with_radius(one, STEP_MM),
        narrower=_with_radius(one, -STEP_MM),
    )


def _with_radius(one: KeptClear, by_mm: float) -> str:
    radius = Length(round(one.radius.value + by_mm, 3))
    low, high = KEPT_CLEAR_BOUNDS
    if not low <= radius.value <= high:
        return ""
    return json.dumps([{"op": "keep-clear", "places": [one.id], "radius": f"{radius.value:g} mm"}])
