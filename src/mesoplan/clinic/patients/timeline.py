"""What happened to a patient and what is planned, day by day; and which of these days the front desk sees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from mesoplan.clinic.courses.models import Assessment, Plan, Revision
from mesoplan.clinic.patients.models import Patient
from mesoplan.domain.errors import InputError
from mesoplan.domain.plan import Schedule
from mesoplan.domain.writing import number_text
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.scoring import score
from mesoplan.workflow import PlanState

ASSESSMENTS, PLAN, SESSIONS = "Assessments", "Plan signed", "Sessions"
TO_SCORE, JUDGED, REVIEW = "Days to score", "First judged", "Review day"


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
    assessments: Iterable[Assessment], revisions: Iterable[Revision], planned: Iterable[Planned], knowledge: Knowledge
) -> list[Event]:
    """Every event in the order of its day; on one day, what was found comes before what was decided."""
    planned = list(planned)
    found = [
        *_assessments(assessments),
        *_scores(assessments, knowledge),
        *(_signed(one) for one in revisions),
        *(event for one in planned for event in _days(one, several=len(planned) > 1)),
    ]
    return sorted(found, key=lambda event: event.day)


def _assessments(rows: Iterable[Assessment]) -> Iterator[Event]:
    for row in rows:
        state = "amended later" if hasattr(row, "amended_by") else "signed" if row.signed_at else "open"
        yield Event(day_of(row.recorded_at), ASSESSMENTS, "assessment", f"Assessment, {state}", _page(row))


def _scores(rows: Iterable[Assessment], knowledge: Knowledge) -> Iterator[Event]:
    """Each score once, although amendments and later visits carry it along; each scale in a lane of its own."""
    seen: dict[tuple[str, date], Event] = {}
    for row in rows:
        if not hasattr(row, "amended_by"):
            for record in row.case.get("scores", ()):
                for event in _values(record, row, knowledge):
                    seen.setdefault((event.lane, event.day), event)
    yield from seen.values()


def _values(record: Mapping[str, Any], row: Assessment, knowledge: Knowledge) -> Iterator[Event]:
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
            text, name = number_text(value), scale.title.partition(",")[0]
            yield Event(on, name, "score", f"{name} {text} of {number_text(scale.highest)}", _page(row), text)


def _signed(revision: Revision) -> Event:
    plan, signature = revision.plan, revision.signature
    state = {PlanState.SUPERSEDED: ", superseded later", PlanState.VOID: ", void later"}.get(plan.plan_state, "")
    words = f"Revision {revision.number} signed, {signature.printed_name}{state}"
    mark = "past" if state else "signed"
    return Event(day_of(signature.signed_at), PLAN, mark, words, _plan_page(plan), f"r{revision.number}")


def _days(planned: Planned, *, several: bool) -> Iterator[Event]:
    schedule, href = planned.schedule, _plan_page(planned.plan)
    draft = "" if planned.in_force else ", in the draft"
    end = f"{draft} · {planned.plan.course.goal}" if several else draft
    count = len(schedule.sessions)
    for number, day in enumerate(schedule.sessions, start=1):
        yield Event(day, SESSIONS, "session", f"Session {number} of {count}, planned{end}", href, str(number))
    for day in schedule.score_on:
        yield Event(day, TO_SCORE, "toscore", f"Day to score{end}", href)
    if schedule.first_judged_on:
        yield Event(schedule.first_judged_on, JUDGED, "judged", f"First judged{end}", href)
    if schedule.review_on:
        yield Event(schedule.review_on, REVIEW, "review", f"Review day{end}", href)


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
        days |= {day: f"Session {number} of {count}" for number, day in enumerate(schedule.sessions, start=1)}
        for day in (*schedule.score_on, schedule.review_on):
            if day is not None:
                days.setdefault(day, "Visit")
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
