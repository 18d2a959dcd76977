"""Reading courses, plans and signatures."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from mesoplan.clinic.courses.models import Assessment, Plan, PlannedDay, Revision, Signature
from mesoplan.clinic.forecasts.models import Score
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.shell.writing import date_text
from mesoplan.workflow import PlanState, bound_hash

AT_ONCE = 50


@dataclass(frozen=True)
class Fallen:
    """A signature under a plan in force that no longer stands, and why; the plan's next session, if one is set."""

    signature: Signature
    why: str
    next_session: date | None

    @property
    def plan(self) -> Plan:
        return self.signature.revision.plan

    @property
    def patient(self) -> Patient:
        return self.plan.course.patient


def drafts() -> QuerySet[Plan]:
    """Plans that wait for a signature, oldest change first."""
    return (
        Plan.objects.filter(state=PlanState.DRAFT)
        .select_related("course__patient", "changed_by")
        .defer("plan", "evaluation")
        .order_by("changed_at")
    )


def assessments_without_plan() -> QuerySet[Assessment]:
    """Assessments from which no plan was started, and which no later assessment amends, oldest first."""
    planned = Plan.objects.filter(assessment=OuterRef("pk"))
    amended = Assessment.objects.filter(amends=OuterRef("pk"))
    rows = Assessment.objects.filter(~Exists(planned), ~Exists(amended))
    return rows.select_related("patient", "changed_by").defer("case").order_by("changed_at")


def plan_in_force(patient: Patient) -> Plan | None:
    return Plan.objects.filter(course__patient=patient, state=PlanState.SIGNED).order_by("-changed_at").first()


def planned_between(first: date, last: date) -> QuerySet[PlannedDay]:
    """What plans in force set for these days, in the order of the days and of the patients' names."""
    rows = PlannedDay.objects.filter(day__range=(first, last), revision__plan__state=PlanState.SIGNED)
    patient = "revision__plan__course__patient"
    return (
        rows.select_related(patient)
        .only(
            *("day", "what", "number", "count", "revision__number", "revision__plan__state"),
            *(f"{patient}__ref", f"{patient}__full_name", f"{patient}__birth_date"),
        )
        .order_by("day", f"{patient}__sort_key", f"{patient}__id", "revision", "id")
    )


def scores_due(since: date, before: date) -> QuerySet[PlannedDay]:
    """Days to score in [since, before) of plans in force, after which no assessment of the patient was changed and
    nothing was scored for the course."""
    rows = planned_between(since, before).filter(day__lt=before, what=PlannedDay.What.SCORE)
    later = Assessment.objects.filter(
        patient=OuterRef("revision__plan__course__patient"), changed_at__gte=OuterRef("day")
    )
    scored = Score.objects.filter(
        course=OuterRef("revision__plan__course"), day__gte=OuterRef("day"), voided__isnull=True
    )
    return rows.filter(~Exists(later), ~Exists(scored))


def fallen_signatures(revisions: Collection[int] | None = None) -> Iterator[Fallen]:
    """Signatures under plans in force that no longer stand, those first whose next session is soonest.

    Found by what the database can tell: hashes that differ, or an assessment that was changed after signing and is
    another one. What is stored is hashed anew by `why_not_standing`, where one plan is opened or printed.
    """
    doubtful = _doubtful(revisions)
    keys = list(doubtful.values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        rows = list(doubtful.filter(pk__in=keys[start : start + AT_ONCE]))
        later = Assessment.objects.in_bulk([row.later for row in rows if row.later])
        for row in rows:
            why = _why(row, later.get(row.later))
            if why:
                yield Fallen(row, why, row.next_session)


def _doubtful(revisions: Collection[int] | None) -> QuerySet[Any]:
    """Signatures with `later`, the last assessment that was changed since, and `next_session`."""
    changed = Assessment.objects.filter(
        patient=OuterRef("revision__plan__course__patient"), changed_at__gt=OuterRef("signed_at")
    )
    ahead = PlannedDay.objects.filter(
        revision=OuterRef("revision"), what=PlannedDay.What.SESSION, day__gte=timezone.localdate()
    )
    rows = Signature.objects.filter(revision__plan__state=PlanState.SIGNED)
    if revisions is not None:
        rows = rows.filter(revision__in=revisions)
    return (
        rows.annotate(later=Subquery(changed.order_by("-changed_at").values("pk")[:1]))
        .filter(Q(later__isnull=False) | ~Q(bound_hash=F("revision__content_hash")))
        .annotate(next_session=Subquery(ahead.order_by("day").values("day")[:1]))
        .select_related("revision__plan__course__patient")
        .defer("revision__content", "revision__evaluation", "revision__plan__plan", "revision__plan__evaluation")
        .order_by(F("next_session").asc(nulls_last=True), "signed_at", "pk")
    )


def why_not_standing(signature: Signature) -> str | None:
    """Why a signature no longer stands, in words; None while everything that it binds is as it was."""
    revision = signature.revision
    changed = Assessment.objects.filter(patient=revision.plan.course.patient, changed_at__gt=signature.signed_at)
    if revision.content_hash != hash_of(revision):
        return _differs()
    return _why(signature, changed.order_by("-changed_at").first())


def _why(signature: Signature, later: Assessment | None) -> str | None:
    if signature.bound_hash != signature.revision.content_hash:
        return _differs()
    if later is None or later.case == signature.revision.case:
        return None
    day = date_text(timezone.localtime(later.changed_at).date())
    return _("The assessment changed on %(day)s, after this was signed. Sign again.") % {"day": day}


def _differs() -> str:
    return _("What is stored differs from what was signed. Do not use this plan; tell the manager.")


def hash_of(revision: Revision) -> str:
    """The hash computed again from what is stored."""
    return bound_hash(
        case=revision.case,
        plan=revision.content,
        evaluation=revision.evaluation,
        knowledge_release=revision.knowledge_release,
        knowledge_sha256=revision.knowledge_sha256,
        engine=revision.engine,
    )
