"""All that the page of a forecast shows: the plan's own forecast, the one asked for, and why there may be none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext as _

from mesoplan.clinic.assessments.scoring_sheet import QUESTIONNAIRE
from mesoplan.clinic.courses.models import Course, Plan
from mesoplan.clinic.forecasts.charts import Chart, chart_of
from mesoplan.clinic.forecasts.computing import forecast_of, told_to_patient
from mesoplan.clinic.forecasts.course_plan import Sessions, aims_of, plan_of, sessions_of
from mesoplan.clinic.forecasts.course_scores import Scored, scales_of, scores_of, standing
from mesoplan.clinic.forecasts.course_value import CourseValue, course_value
from mesoplan.clinic.forecasts.figures import BandRow, Figures, SessionRow, band_rows, figures_of, session_rows
from mesoplan.clinic.forecasts.own_fit import with_own
from mesoplan.clinic.forecasts.score_form import short_title
from mesoplan.clinic.forecasts.what_if import PlanSays, Question, asked
from mesoplan.clinic.shell.writing import number_text, reader_language
from mesoplan.documents.leaflet_forecast import OfTen, forecast_paragraph
from mesoplan.documents.leaflet_wording import Voice
from mesoplan.domain import course as domain
from mesoplan.domain.errors import Problem
from mesoplan.domain.forecast import Forecast, WhatIf
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.course_reading import course_problems
from mesoplan.knowledge.schema.scales import Scale

HALF_LEFT = 0.5
OWN = WhatIf()


@dataclass(frozen=True)
class Dot:
    """One person of ten: there or not, and whether clinics differ about it."""

    x: int
    filled: bool
    within: bool


@dataclass(frozen=True)
class Sentence:
    """One sentence; `language` where it is that of the knowledge base, which may lack the reader's."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class ForPatient:
    """What a patient is told, in sentences and as ten dots."""

    sentences: tuple[Sentence, ...]
    dots: tuple[Dot, ...]


@dataclass
class Page:
    """One course on one day, on one of its scales."""

    course: Course
    knowledge: Knowledge
    today: date
    sent: QueryDict
    plan: Plan | None = None
    """The plan that is looked at; where none is given, the one in force or the draft."""
    scores: list[Scored] = field(init=False)

    def __post_init__(self) -> None:
        self.plan = self.plan or plan_of(self.course)
        self.scores = scores_of(self.course)

    @cached_property
    def sessions(self) -> Sessions:
        return sessions_of(self.plan, self.today) if self.plan else Sessions((), (), signed=False)

    @cached_property
    def aims(self) -> list[str]:
        return aims_of(self.course, self.plan, self.knowledge)

    @cached_property
    def scales(self) -> list[Scale]:
        """Scales that a course can be followed on, those that the aim names first; none that judges how life is."""
        named = [scale for aim in self.aims for scale in self.knowledge.aims[aim].score_with]
        filled = [scale.id for scale in scales_of(self.aims, self.knowledge)]
        found = [self.knowledge.scales[scale] for scale in dict.fromkeys([*named, *filled])]
        return [scale for scale in found if scale.kind != QUESTIONNAIRE] or found

    @cached_property
    def scale(self) -> Scale | None:
        wanted = self.sent.get("scale", "")
        return next((one for one in self.scales if one.id == wanted), next(iter(self.scales), None))

    @property
    def scale_choices(self) -> list[tuple[str, str]]:
        return [(one.id, short_title(one)) for one in self.scales]

    @property
    def scale_title(self) -> str:
        return short_title(self.scale) if self.scale else ""

    @cached_property
    def question(self) -> Question:
        return asked(self.sent, self._plan_says)

    @cached_property
    def _plan_says(self) -> PlanSays:
        assert self.scale is not None, "there is nothing to ask without a scale"  # noqa: S101
        held = self._value(domain.CourseGoal(share=HALF_LEFT)).course
        first = held.scores[0].value if held.scores else None
        baseline = not held.scores or held.scores[0].on <= held.start
        return PlanSays(
            interval_days=held.interval_days or 0,
            further=len(held.planned),
            goal_score=None if baseline or first is None else first / 2,
            highest=self.scale.highest,
        )

    def _value(self, goal: domain.CourseGoal) -> CourseValue:
        assert self.plan is not None and self.scale is not None, "asked only where both are there"  # noqa: S101, PT018
        return course_value(
            self.course,
            self.plan,
            self.sessions,
            self.scores,
            scale=self.scale,
            goal=goal,
            today=self.today,
            knowledge=self.knowledge,
        )

    @property
    def readable(self) -> bool:
        """Whether there is a plan with days, and a scale, so that something can be asked."""
        return self.plan is not None and self.scale is not None and bool(self.sessions.all)

    @cached_property
    def value(self) -> CourseValue | None:
        if not self.readable:
            return None
        found = self._value(self.question.goal)
        return replace(found, course=with_own(found.course, self.knowledge))

    @property
    def own_clinic(self) -> bool:
        """Whether what the clinic's own courses showed is read."""
        return self.value is not None and self.value.course.clinic is not None

    @cached_property
    def problems(self) -> Sequence[Problem]:
        return list(course_problems(self.value.course, self.knowledge, self.today)) if self.value else []

    @cached_property
    def own(self) -> Forecast | None:
        """The forecast of the plan itself; None where the course cannot be read."""
        return forecast_of(self.value.course, OWN) if self.value and not self.problems else None

    @cached_property
    def asked(self) -> Forecast | None:
        """That of another way to go on; None unless something was asked, or where there is no forecast at all."""
        if self.own is None or self.own.run is None or not self.question.differs or self.value is None:
            return None
        return forecast_of(self.value.course, self.question.what_if)

    @cached_property
    def as_planned(self) -> Forecast | None:
        """The plan to its last session and no further, as it is drawn; None where there is no forecast."""
        if self.value is None or not self.has_forecast:
            return None
        return forecast_of(self.value.course, WhatIf(further_sessions=self.question.plan.further))

    @cached_property
    def _asked_as_drawn(self) -> WhatIf:
        """What is asked, with as many sessions as the plan has, or as trials gave at such an interval."""
        what_if = self.question.what_if
        if what_if.further_sessions is not None or self.asked is None or self.asked.run is None:
            return what_if
        ahead = sum(not one.given for one in self.asked.run.sessions)
        return what_if.model_copy(update={"further_sessions": min(ahead, self.question.plan.further)})

    @cached_property
    def as_asked(self) -> Forecast | None:
        """The same for what is asked."""
        return forecast_of(self.value.course, self._asked_as_drawn) if self.asked and self.value else None

    @property
    def shown(self) -> Forecast | None:
        """What is drawn first."""
        return self.as_asked or self.as_planned

    @property
    def has_forecast(self) -> bool:
        return self.own is not None and self.own.run is not None

    @property
    def figures(self) -> Figures | None:
        return figures_of(self.own) if self.own and self.own.run else None

    @property
    def asked_figures(self) -> Figures | None:
        return figures_of(self.asked) if self.asked else None

    @property
    def flattened_figures(self) -> Figures | None:
        """Where the scores lie outside what the trials expect: the same when those are trusted less."""
        if self.own is None or self.own.flattened is None:
            return None
        return figures_of(self.own.model_copy(update={"run": self.own.flattened}))

    @property
    def rows(self) -> list[SessionRow]:
        if self.own is None or self.own.run is None:
            return []
        planned = len(self.sessions.all)
        return session_rows(self.own.run, self.asked.run if self.asked else None, planned)

    @property
    def bands(self) -> list[BandRow]:
        held = self.shown
        return (
            list(band_rows(held.run, held.unit, held.basis.followed_weeks)) if held and held.run and held.basis else []
        )

    @property
    def charts(self) -> list[Chart]:
        return list(self._charts())

    def _charts(self) -> Iterator[Chart]:
        if self.own is None or self.value is None:
            return
        if self.as_asked is not None:
            yield chart_of("asked", _("As asked"), self.as_asked)
        without_goal = self.own.model_copy(update={"goal": None})
        yield chart_of("own", _("As planned"), self.as_planned or without_goal)
        if self.own.flattened is not None:
            drawn = self.as_planned or self.own
            other = drawn.model_copy(update={"run": drawn.flattened, "flattened": None})
            yield chart_of("flattened", _("As planned, the trials trusted less"), other)

    @property
    def last_session(self) -> int:
        """The session that the patient's sentence speaks of: the last one of the plan, or of what is asked."""
        held = self.shown
        if self.asked is None or held is None or held.run is None or not held.run.sessions:
            return len(self.sessions.all)
        return held.run.sessions[-1].number

    @cached_property
    def told(self) -> OfTen | None:
        """How many of ten people like this one get there; None where there is no forecast."""
        if self.value is None or not self.has_forecast:
            return None
        what_if = self._asked_as_drawn if self.asked else OWN
        return told_to_patient(self.value.course, what_if, self.last_session)

    @property
    def for_patient(self) -> ForPatient | None:
        told = self.told
        return None if told is None else ForPatient(tuple(self._sentences(told)), tuple(_dots(told)))

    def _sentences(self, told: OfTen) -> Iterator[Sentence]:
        if self.question.goal.share == HALF_LEFT:
            voice = Voice(self.knowledge, reader_language(), {})
            for said in forecast_paragraph(told, voice).sentences:
                yield Sentence(said.text, said.language.value)
            return
        figures = {"reach": told.reach, "rest": 10 - told.reach, "session": told.session}
        reach = _("Of 10 people like you, %(reach)s get to this goal by session %(session)s and %(rest)s do not.")
        yield Sentence(reach % figures)
        width = _("It may be %(low)s of 10 in one clinic and %(high)s of 10 in the next.")
        yield Sentence(width % {"low": told.low, "high": told.high})

    @property
    def goal_words(self) -> str:
        """The goal as a score where it is one, for the head of the panel."""
        if self.own is None or self.own.goal is None:
            return ""
        if self.own.unit == "share":
            return _("%(percent)s %% of the first score") % {"percent": number_text(100 * self.own.goal, decimals=0)}
        return _("%(scale)s of %(score)s or less") % {
            "scale": self.scale_title,
            "score": number_text(self.own.goal, decimals=1),
        }

    @property
    def counted(self) -> int:
        """How many scores the forecast reads."""
        return len(standing(self.scores, self.scale)) if self.scale else 0


def _dots(told: OfTen) -> Iterator[Dot]:
    for number in range(1, 11):
        yield Dot(10 * number - 5, number <= told.reach, told.low < number <= told.high)
