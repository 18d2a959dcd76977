"""Parts of a plan in words, for two people who changed the same one."""

from __future__ import annotations

from typing import Any

from mesoplan.domain.case import Case
from mesoplan.domain.edit_log import (
    Change,
    KeptClearChange,
    OutlineChange,
    PlacementChange,
    PointChange,
    PreparationChange,
    RemovedPlaceChange,
    ScheduleChange,
    Slot,
    TextChange,
)
from mesoplan.domain.plan import KeptClear, OnPatch, Outline, Point, Preparation, Schedule, ZonePlacement
from mesoplan.domain.writing import count_text, date_text, number_text, quantity_text, volume_text
from mesoplan.imaging.face_landmarks import landmark_on
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.operations.fields import LABELS
from mesoplan.planning.operations.values import value_text
from mesoplan.planning.placement import face_of, positions_mm

NOTHING = "not there"


def part_text(change: Change, knowledge: Knowledge) -> str:
    """Return what a change is about: “Volume per point of Forehead”."""
    if isinstance(change, ScheduleChange):
        return "Days of the course"
    if isinstance(change, TextChange):
        return LABELS[change.field]
    if isinstance(change, PreparationChange):
        return f"Preparation {change.preparation}"
    if isinstance(change, KeptClearChange):
        return f"Place kept clear {change.id}"
    title = knowledge.zones[change.zone].title
    if isinstance(change, PlacementChange):
        return title
    if isinstance(change, PointChange):
        return f"Point {change.id} of {title}"
    if isinstance(change, RemovedPlaceChange):
        return f"Removed place {change.id} of {title}"
    if isinstance(change, OutlineChange):
        return f"Outline of {title}"
    return f"{LABELS[change.field]} of {title}"


def side_text(change: Change, side: Any, case: Case, knowledge: Knowledge) -> str:
    """Return what stands, or stood, in the part that a change is about."""
    if isinstance(change, OutlineChange):
        return outline_text(side)
    return content_text(side, case, knowledge)


def outline_text(outline: Outline | None) -> str:
    """Return whose outline it is; the corners that are drawn say little in words."""
    return "template" if outline is None else f"drawn with {count_text(len(outline), 'corner', 'corners')}"


def content_text(content: Any, case: Case, knowledge: Knowledge) -> str:
    """Return what stands in a part, or `NOTHING`."""
    content = content.value if isinstance(content, Slot) else content
    if content is None:
        return NOTHING
    if isinstance(content, Point):
        return f"at {place_text(content, case)}{', locked' if content.locked else ''}"
    if isinstance(content, KeptClear):
        return kept_clear_text(content, case, knowledge)
    if isinstance(content, Preparation):
        drawn = ", ".join(
            f"{volume_text(draw.volume)} {knowledge.presentations[draw.presentation][1].title}"
            for draw in content.draws
        )
        syringes = count_text(content.syringes, "syringe", "syringes")
        return f"{drawn} in {syringes} of {quantity_text(content.syringe.value, 'mL')}"
    if isinstance(content, ZonePlacement):
        return count_text(len(content.points), "point", "points")
    if isinstance(content, Schedule):
        return ", ".join(date_text(day) for day in content.sessions)
    return value_text(content, knowledge)


def kept_clear_text(marked: KeptClear, case: Case, knowledge: Knowledge) -> str:
    """Return where a place is that is kept clear, and how far points keep off."""
    at = place_text(Point(id=marked.id, at=marked.at), case)
    return f"{quantity_text(marked.radius.value, 'mm')} around {at} in {knowledge.zones[marked.zone].title}"


def place_text(point: Point, case: Case) -> str:
    """Return where a point lies: from the midline and the pupils, or from the centre of its patch."""
    x, y, _ = positions_mm([point], case)[0].tolist()
    if isinstance(point.at, OnPatch):
        return f"{number_text(x, decimals=1)} and {quantity_text(y, 'mm', decimals=1)} from the centre"
    y -= float(landmark_on("mid-pupil", "right", face_of(case).vertices_mm)[1])
    across = f"{quantity_text(abs(x), 'mm', decimals=1)} {'left' if x > 0 else 'right'} of the midline"
    return f"{across}, {quantity_text(abs(y), 'mm', decimals=1)} {'above' if y > 0 else 'below'} the pupils"
