"""What happened to a patient and what is planned, day by day; and which of these days the front desk sees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mesoplan.clinic.courses.models import Assessment, Plan, Revision
from mesoplan.clinic.forecasts.models import Score
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.shell.vocabulary import goal_in_words, title_of
from mesoplan.clinic.shell.writing import number_text
from mesoplan.domain.errors import InputError
from mesoplan.domain.plan import Schedule
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.scoring import score
from mesoplan.workflow import PlanState

ASSESSMENTS, PLAN, SESSIONS = "Assessments", "Plan signed", "Sessions"
TO_SCORE, JUDGED, REVIEW = "Days to score", "First judged", "Review day"
LANES = {
    ASSESSMENTS: gettext_lazy("Assessments"),
    PLAN: gettext_lazy("Plan signed"),
    SESSIONS: gettext_lazy("Sessions"),
    TO_SCORE: gettext_lazy("Days to score"),
    JUDGED: gettext_lazy("First judged"),
    REVIEW: gettext_lazy("Review day"),
}
"""What stands beside each lane; a lane of a scale is called after it."""


@dataclass(frozen=True)
class Event:
    """One thing on one day. `mark` is its shape on the line, `short` what stands beside the shape."""

    day: date
    lane: str
    mark: str
    words: str
    href: str
    short: str = ""


@dataclass(frozen=True)
class Planned:
    """The days of a plan in force, or of a draft while nothing is in force."""

    plan: Plan
    schedule: Schedule

    @property
    def in_force(self) -> bool:
        return self.plan.plan_state is PlanState.SIGNED


def planned_days(patient: Patient) -> list[Planned]:
    """The days of every plan in force, else those of the newest draft; none while no plan has days."""
    plans = Plan.objects.filter(course__patient=patient, state__in=[PlanState.SIGNED, PlanState.DRAFT])
    rows = list(plans.select_related("course").order_by("-changed_at", "-pk"))
    in_force = [row for row in rows if row.plan_state is PlanState.SIGNED]
    chosen = in_force or rows[:1]
    return [Planned(row, Schedule.model_validate(row.plan["schedule"])) for row in chosen if "schedule" in row.plan]


def events_of(
    assessments: Iterable[Assessment],
    revisions: Iterable[Revision],
    planned: Iterable[Planned],
    knowledge: Knowledge,
    recorded: Iterable[Score] = (),
) -> list[Event]:
    """Every event in the order of its day; on one day, what was found comes before what was decided."""
    planned = list(planned)
    found = [
        *_assessments(assessments),
        *_scores(assessments, knowledge),
        *(event for one in recorded for event in _recorded(one, knowledge)),
        *(_signed(one) for one in revisions),
        *(event for one in planned for event in _days(one, several=len(planned) > 1)),
    ]
    return sorted(found, key=lambda event: event.day)


def _assessments(rows: Iterable[Assessment]) -> Iterator[Event]:
    for row in rows:
        if hasattr(row, "amended_by"):
            words = _("Assessment, amended later")
        else:
            words = _("Assessment, signed") if row.signed_at else _("Assessment, open")
        yield Event(day_of(row.recorded_at), ASSESSMENTS, "assessment", words, _page(row))


def _scores(rows: Iterable[Assessment], knowledge: Knowledge) -> Iterator[Event]:
    """Each score once, although amendments and later visits carry it along; each scale in a lane of its own."""
    seen: dict[tuple[str, date], Event] = {}
    for row in rows:
        if not hasattr(row, "amended_by"):
            for record in row.case.get("scores", ()):
                for event in _values(record, _page(row), knowledge):
                    seen.setdefault((event.lane, event.day), event)
    yield from seen.values()


def _recorded(row: Score, knowledge: Knowledge) -> Iterator[Event]:
    """A score that was recorded for a course; one that is void has no place here."""
    if not hasattr(row, "voided"):
        record = {"scale": row.scale, "on": row.day.isoformat(), "items": row.items}
        yield from _values(record, reverse("forecasts:forecast", args=[row.course_id]), knowledge)


def _values(record: Mapping[str, Any], href: str, knowledge: Knowledge) -> Iterator[Event]:
    """The score of a record and of every scale that is computed from the same items; a half-filled one has none."""
    on = day_in(record.get("on"))
    for scale in knowledge.scales.values():
        if on is None or record.get("scale") not in (scale.id, scale.items_of):
            continue
        try:
            value = score(scale, record.get("items", {})).value
        except InputError:  # an open assessment may hold what its page asks to mend
            continue
        if value is not None:
            text, name = number_text(value), title_of("scales", scale.id).partition(",")[0]
            figures = {"scale": name, "value": text, "highest": number_text(scale.highest)}
            yield Event(on, name, "score", _("%(scale)s %(value)s of %(highest)s") % figures, href, text)


def _signed(revision: Revision) -> Event:
    plan, signature = revision.plan, revision.signature
    said = {
        PlanState.SUPERSEDED: _("Revision %(number)s signed, %(name)s, superseded later"),
        PlanState.VOID: _("Revision %(number)s signed, %(name)s, void later"),
    }
    words = said.get(plan.plan_state, _("Revision %(number)s signed, %(name)s"))
    words %= {"number": revision.number, "name": signature.printed_name}
    mark = "past" if plan.plan_state in said else "signed"
    return Event(day_of(signature.signed_at), PLAN, mark, words, _plan_page(plan), f"r{revision.number}")


def _days(planned: Planned, *, several: bool) -> Iterator[Event]:
    schedule, href = planned.schedule, _plan_page(planned.plan)
    end = f" · {goal_in_words(planned.plan.course.goal).text}" if several else ""
    said = _said_of_days(draft=not planned.in_force)
    count = len(schedule.sessions)
    for number, day in enumerate(schedule.sessions, start=1):
        words = said[SESSIONS] % {"number": number, "count": count}
        yield Event(day, SESSIONS, "session", words + end, href, str(number))
    for day in schedule.score_on:
        yield Event(day, TO_SCORE, "toscore", said[TO_SCORE] + end, href)
    if schedule.first_judged_on:
        yield Event(schedule.first_judged_on, JUDGED, "judged", said[JUDGED] + end, href)
    if schedule.review_on:
        yield Event(schedule.review_on, REVIEW, "review", said[REVIEW] + end, href)


def _said_of_days(*, draft: bool) -> Mapping[str, str]:
    if draft:
        return {
            SESSIONS: _("Session %(number)s of %(count)s, planned, in the draft"),
            TO_SCORE: _("Day to score, in the draft"),
            JUDGED: _("First judged, in the draft"),
            REVIEW: _("Review day, in the draft"),
        }
    return {
        SESSIONS: _("Session %(number)s of %(count)s, planned"),
        TO_SCORE: _("Day to score"),
        JUDGED: _("First judged"),
        REVIEW: _("Review day"),
    }


@dataclass(frozen=True)
class Appointment:
    """A day and what it is called where no clinical word is read."""

    day: date
    words: str


def appointments(planned: Iterable[Planned]) -> list[Appointment]:
    """The days on which the patient comes, from plans in force only: a draft binds nobody."""
    days: dict[date, str] = {}
    for one in planned:
        if not one.in_force:
            continue
        schedule, count = one.schedule, len(one.schedule.sessions)
        words = _("Session %(number)s of %(count)s")
        days |= {
            day: words % {"number": number, "count": count} for number, day in enumerate(schedule.sessions, start=1)
        }
        for day in (*schedule.score_on, schedule.review_on):
            if day is not None:
                days.setdefault(day, _("Visit"))
    return [Appointment(day, words) for day, words in sorted(days.items())]


def day_of(moment: datetime) -> date:
    """The day in the clinic's time zone."""
    return timezone.localtime(moment).date()


def day_in(text: object) -> date | None:
    """A day as a case document writes it; None while it is being typed."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _page(row: Assessment) -> str:
    return reverse("assessments:assessment", args=[row.pk])


def _plan_page(row: Plan) -> str:
    return reverse("courses:plan", args=[row.pk])
