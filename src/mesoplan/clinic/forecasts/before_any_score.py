"""What may be expected of a plan before anything was scored: from the trials alone, the same for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from mesoplan.clinic.forecasts.computing import told_before_any_score
from mesoplan.clinic.forecasts.course_value import interval_days_of, treatment_of
from mesoplan.clinic.forecasts.score_form import short_title
from mesoplan.clinic.shell.writing import range_text
from mesoplan.documents.leaflet_forecast import OfTen
from mesoplan.domain.course import Course, CourseGoal
from mesoplan.domain.plan import Plan
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.scales import Scale

ANY_DAY = date(2026, 1, 5)
"""Every such course starts on one day, so that what was computed for one plan is known for the next like it."""
HALF_LEFT = 0.5


@dataclass(frozen=True)
class BeforeAnyScore:
    """Of ten people so many halve their score by the last session; None where trials do not tell."""

    told: OfTen | None
    scale: str

    @property
    def how_many(self) -> str:
        if self.told is None:
            return ""
        if not self.told.reach:
            return _("fewer than 1 of 10")
        return _("about %(reach)s of 10") % {"reach": self.told.reach}

    @property
    def between_clinics(self) -> str:
        """The range over eight of ten clinics; empty where they agree."""
        if self.told is None or self.told.low == self.told.high:
            return ""
        return range_text(self.told.low, self.told.high, decimals=0)

    @property
    def words(self) -> str:
        """What these of ten are: a label of its own, beside the figure."""
        if self.told is None:
            return _("no trial follows such a course over time")
        told = _("at half their %(scale)s by session %(session)s, before any score")
        return told % {"scale": self.scale, "session": self.told.session}


def before_any_score(plan: Plan, knowledge: Knowledge) -> BeforeAnyScore:
    scale = _scale(plan.goal, knowledge)
    if scale is None:
        return BeforeAnyScore(None, "")
    content = plan.model_dump(mode="json")
    sessions, interval = len(plan.schedule.sessions), interval_days_of(content, plan.schedule.sessions, knowledge)
    course = Course(
        id="before-any-score",
        as_of=ANY_DAY,
        aim=plan.goal,
        treatment=treatment_of(content, knowledge),
        interval_days=interval,
        planned=tuple(ANY_DAY + timedelta(days=interval * number) for number in range(sessions)),
        scale=scale.id,
        goal=CourseGoal(share=HALF_LEFT),
    )
    return BeforeAnyScore(told_before_any_score(course, sessions), short_title(scale))


def _scale(aim: str, knowledge: Knowledge) -> Scale | None:
    named = [knowledge.scales[one] for one in knowledge.aims[aim].score_with] if aim in knowledge.aims else []
    return next((one for one in named if one.kind == "severity"), None)
