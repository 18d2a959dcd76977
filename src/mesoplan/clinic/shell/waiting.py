"""What waits for one person: what stops work, what is theirs to do, and the days that signed plans set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, islice
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.courses.models import Assessment, Plan, PlannedDay
from mesoplan.clinic.courses.queries import (
    assessments_without_plan,
    drafts,
    fallen_signatures,
    planned_between,
    scores_due,
)
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.patients.queries import without_contact
from mesoplan.clinic.shell.templatetags.vocabulary import goal_words
from mesoplan.clinic.shell.writing import date_text
from mesoplan.workflow import Act, may

SHOWN = 12
MOST_ALERTS = 50
MOST_DAYS = 60
AHEAD = timedelta(days=7)
SCORES_SINCE = timedelta(weeks=8)


@dataclass(frozen=True)
class Alert:
    """A plan on which nobody may go on as it stands."""

    plan: int
    name: str
    why: str
    next_session: date | None
    href: str


@dataclass(frozen=True)
class Alerts:
    rows: list[Alert]
    count: int
    more: bool  # there are others beyond the count

    @property
    def keys(self) -> str:
        """Which plans, for the page to say next time what it had shown."""
        return ",".join(str(row.plan) for row in self.rows)

    def new_since(self, keys: str) -> list[Alert]:
        known = set(keys.split(","))
        return [row for row in self.rows if str(row.plan) not in known]


@dataclass(frozen=True)
class Waits:
    """One thing in a list: whose, what, who touched it last, since when, and what opening it is called."""

    name: str
    what: str
    by: str
    since: datetime
    href: str
    act: str


@dataclass(frozen=True)
class Waiting:
    key: str
    title: str | Promise
    rows: list[Waits]
    count: int


@dataclass(frozen=True)
class Planned:
    """What is set for one patient on one day. `stands` is None for who reads nothing clinical."""

    name: str
    what: str
    revision: int | None
    stands: bool | None
    href: str


@dataclass(frozen=True)
class Day:
    day: date
    rows: list[Planned]


def alerts_for(person: User) -> Alerts:
    """None for who reads nothing clinical: why a plan stopped is clinical."""
    if not may(Act.VIEW_CLINICAL, person.workflow_role):
        return Alerts([], 0, more=False)
    found = list(islice(fallen_signatures(), MOST_ALERTS + 1))
    rows = [
        Alert(one.plan.pk, one.patient.full_name, one.why, one.next_session, _page_of(one.plan.pk))
        for one in found[:SHOWN]
    ]
    return Alerts(rows, min(len(found), MOST_ALERTS), more=len(found) > MOST_ALERTS)


def waiting_for(person: User) -> list[Waiting]:
    """The lists that this role may do something about, those with nothing in them left out."""
    made = (_list_of(key, title, rows, row_of) for key, title, rows, row_of in _lists(person))
    return [one for one in made if one.rows]


Rows = tuple[str, str | Promise, "QuerySet[Any]", Callable[[Any], Waits]]


def _lists(person: User) -> Iterator[Rows]:
    role = person.workflow_role
    if may(Act.SIGN_PLAN, role):
        yield "drafts", gettext_lazy("Plans to sign"), drafts(), _draft
    if may(Act.PREFILL_ASSESSMENT, role):
        yield "assessments", gettext_lazy("Assessed, no plan yet"), assessments_without_plan(), _assessed
        today = timezone.localdate()
        yield "scores", gettext_lazy("Scores due"), scores_due(today - SCORES_SINCE, today), _unscored
    if may(Act.EDIT_PATIENT_CONTACT, role) and not may(Act.VIEW_CLINICAL, role):
        yield "nocontact", gettext_lazy("No phone and no e-mail"), without_contact(), _unreachable


def _list_of(key: str, title: str | Promise, rows: QuerySet[Any], row_of: Callable[[Any], Waits]) -> Waiting:
    shown = [row_of(row) for row in rows[: SHOWN + 1]]
    # Counted only where the rows themselves do not tell.
    return Waiting(key, title, shown[:SHOWN], rows.count() if len(shown) > SHOWN else len(shown))


def _draft(plan: Plan) -> Waits:
    return Waits(
        plan.course.patient.full_name,
        goal_words(plan.course.goal),
        plan.changed_by.printed_name,
        plan.changed_at,
        _page_of(plan.pk),
        _("Open the plan"),
    )


def _assessed(row: Assessment) -> Waits:
    day = date_text(timezone.localtime(row.recorded_at).date())
    what = _("%(day)s, signed") if row.signed_at else _("%(day)s, open")
    href = reverse("assessments:assessment", args=[row.pk])
    by = row.changed_by.printed_name
    return Waits(row.patient.full_name, what % {"day": day}, by, row.changed_at, href, _("Open"))


def _unscored(row: PlannedDay) -> Waits:
    plan = row.revision.plan
    what = _("Score of %(day)s, not assessed since") % {"day": date_text(row.day)}
    since = timezone.make_aware(datetime.combine(row.day, time.min))
    return Waits(plan.course.patient.full_name, what, "", since, _page_of(plan.pk), _("Open the plan"))


def _unreachable(row: Patient) -> Waits:
    born = _("born %(day)s") % {"day": date_text(row.birth_date)}
    return Waits(row.full_name, born, "", row.added_at, reverse("edit_patient", args=[row.ref]), _("Edit contact"))


def days_for(person: User) -> list[Day]:
    """Today and the next seven days, in order; without clinical words for who reads none."""
    if not may(Act.VIEW_PATIENTS, person.workflow_role):
        return []
    today = timezone.localdate()
    # A plan may set three things for one day, which are shown as one.
    found = list(planned_between(today, today + AHEAD)[: 3 * MOST_DAYS])
    clinical = may(Act.VIEW_CLINICAL, person.workflow_role)
    rows = list(_clinical_rows(found) if clinical else _plain_rows(found))[:MOST_DAYS]
    return [Day(day, [row for _day, row in same]) for day, same in groupby(rows, key=lambda each: each[0])]


def _clinical_rows(found: Iterable[PlannedDay]) -> Iterator[tuple[date, Planned]]:
    found = list(found)
    fallen = {one.signature.revision_id for one in fallen_signatures({row.revision_id for row in found})}
    for (day, revision), same in groupby(found, key=lambda row: (row.day, row.revision)):
        yield (
            day,
            Planned(
                revision.plan.course.patient.full_name,
                ", ".join(_called(row) for row in same),
                revision.number,
                revision.pk not in fallen,
                _page_of(revision.plan_id),
            ),
        )


def _plain_rows(found: Iterable[PlannedDay]) -> Iterator[tuple[date, Planned]]:
    for (day, patient), _same in groupby(found, key=lambda row: (row.day, row.revision.plan.course.patient)):
        yield day, Planned(patient.full_name, "", None, None, reverse("patient", args=[patient.ref]))


def _called(row: PlannedDay) -> str:
    if row.what == PlannedDay.What.SESSION:
        return _("Session %(number)s of %(count)s") % {"number": row.number, "count": row.count}
    return pgettext("act", "Score") if row.what == PlannedDay.What.SCORE else _("Review the course")


def _page_of(plan: int) -> str:
    return reverse("courses:plan", args=[plan])
