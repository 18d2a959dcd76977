"""The questions that the page can be asked: another interval, more or fewer sessions, none at all, another goal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mesoplan.clinic.shell.numbers import Unreadable, read_number
from mesoplan.clinic.shell.parts import UnitField
from mesoplan.domain.course import CourseGoal
from mesoplan.domain.forecast import WhatIf

INTERVAL_DAYS: Final = (7, 90)
FURTHER: Final = (0, 24)
FALL: Final = (5, 95)
HALF: Final = 50


@dataclass(frozen=True)
class PlanSays:
    """What the plan itself says, which every question starts from. Without a baseline the goal is a score."""

    interval_days: int
    further: int
    goal_score: float | None
    highest: float


@dataclass
class Question:
    """What was asked. `mends` says which fields could not be read; they count as the plan has them."""

    plan: PlanSays
    what_if: WhatIf
    goal: CourseGoal
    typed: dict[str, str]
    mends: dict[str, str] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        """Whether anything but the goal is other than in the plan."""
        return self.what_if != WhatIf()

    @property
    def stop(self) -> bool:
        return self.what_if.stop

    @property
    def interval(self) -> UnitField:
        unit, step = pgettext("unit", "days"), 7
        return self._field("interval", _("Between sessions"), unit, step, INTERVAL_DAYS, f"{self.plan.interval_days}")

    @property
    def further(self) -> UnitField:
        return self._field("further", _("Sessions still to come"), "", 1, FURTHER, f"{self.plan.further}")

    @property
    def goal_field(self) -> UnitField:
        if self.plan.goal_score is None:
            return self._field("goal", _("Goal: a fall by"), "%", 5, FALL, f"{HALF}")
        bounds = (0.0, self.plan.highest)
        return self._field("goal", _("Goal: a score of"), "", 0.5, bounds, f"{self.plan.goal_score:g}")

    def _field(self, name: str, label: str, unit: str, step: float, bounds: tuple[float, float], own: str) -> UnitField:
        text = self.typed.get(name) or own
        return UnitField(name, label, unit, text, step, *bounds, error=self.mends.get(name, ""))


def asked(sent: QueryDict, plan: PlanSays) -> Question:
    """Read what the page sends; what cannot be read is told at its field, and the plan's own stands for it."""
    typed = {name: text for name in ("interval", "further", "goal") if (text := sent.get(name, "").strip())}
    question = Question(plan, WhatIf(), CourseGoal(share=1 - HALF / 100), typed)
    interval = _whole(question, question.interval, INTERVAL_DAYS)
    further = _whole(question, question.further, FURTHER)
    question.what_if = WhatIf(
        interval_days=interval if interval != plan.interval_days else None,
        further_sessions=further if further != plan.further else None,
        stop=sent.get("stop") == "1",
    )
    question.goal = _goal(question)
    return question


def _goal(question: Question) -> CourseGoal:
    shown = question.goal_field
    if question.plan.goal_score is None:
        fall = _number(question, shown, FALL)
        return CourseGoal(share=1 - (HALF if fall is None else fall) / 100)
    wanted = _number(question, shown, (0.0, question.plan.highest))
    return CourseGoal(score=question.plan.goal_score if wanted is None else wanted)


def _whole(question: Question, shown: UnitField, bounds: tuple[int, int]) -> int | None:
    value = _number(question, shown, bounds, whole=True)
    return None if value is None else round(value)


def _number(question: Question, shown: UnitField, bounds: tuple[float, float], *, whole: bool = False) -> float | None:
    if shown.name not in question.typed:
        return None
    try:
        return read_number(shown.text, label=shown.label, unit=shown.unit, low=bounds[0], high=bounds[1], whole=whole)
    except Unreadable as refused:
        question.mends[shown.name] = str(refused)
        return None
