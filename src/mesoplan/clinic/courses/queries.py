"""Reading courses, plans and signatures."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mesoplan.clinic.courses.models import Assessment, Plan, Revision, Signature
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.shell.writing import date_text
from mesoplan.workflow import PlanState, bound_hash


def drafts() -> QuerySet[Plan]:
    """Plans that wait for a signature, oldest change first."""
    return (
        Plan.objects.filter(state=PlanState.DRAFT)
        .select_related("course__patient", "changed_by")
        .order_by("changed_at")
    )


def assessments_without_plan() -> QuerySet[Assessment]:
    """Assessments from which no plan was started, and which no later assessment amends, oldest first."""
    planned = Plan.objects.filter(assessment=OuterRef("pk"))
    amended = Assessment.objects.filter(amends=OuterRef("pk"))
    rows = Assessment.objects.filter(~Exists(planned), ~Exists(amended))
    return rows.select_related("patient", "changed_by").order_by("changed_at")


def plan_in_force(patient: Patient) -> Plan | None:
    return Plan.objects.filter(course__patient=patient, state=PlanState.SIGNED).order_by("-changed_at").first()


def why_not_standing(signature: Signature) -> str | None:
    """Why a signature no longer stands, in words; None while everything that it binds is as it was."""
    revision = signature.revision
    if signature.bound_hash != revision.content_hash or revision.content_hash != hash_of(revision):
        return _("What is stored differs from what was signed. Do not use this plan; tell the manager.")
    patient = revision.plan.course.patient
    later = (
        Assessment.objects.filter(patient=patient, changed_at__gt=signature.signed_at).order_by("-changed_at").first()
    )
    if later is not None and later.case != revision.case:
        day = date_text(timezone.localtime(later.changed_at).date())
        return _("The assessment changed on %(day)s, after this was signed. Sign again.") % {"day": day}
    return None


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
