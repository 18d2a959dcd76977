from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils import timezone

from mesoplan.clinic.audit.models import AppendOnly
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.privacy import Privacy
from mesoplan.workflow import PlanState

SHORTEST_OVERRIDE = 20
models.TextField.register_lookup(Length)


def all_or_none(*fields: str) -> Q:
    """Either every one of these fields is set or none is: the database refuses half a decision."""
    return Q(**{f"{field}__isnull": True for field in fields}) | Q(**{f"{field}__isnull": False for field in fields})


class Assessment(models.Model):
    """One visit's `case` document, edited until it is signed off. An amendment is a new assessment that names
    the old."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="assessments")
    case = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    amends = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="amended_by")
    amend_reason = models.TextField(null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "patient": Privacy.PERSONAL,
        "case": Privacy.CLINICAL,
        "version": Privacy.NONE,
        "recorded_at": Privacy.NONE,
        "recorded_by": Privacy.NONE,
        "changed_at": Privacy.NONE,
        "changed_by": Privacy.NONE,
        "signed_at": Privacy.NONE,
        "signed_by": Privacy.NONE,
        "amends": Privacy.NONE,
        "amend_reason": Privacy.CLINICAL,
    }

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=all_or_none("signed_at", "signed_by"), name="courses_assessment_signed_at_and_by"
            ),
            models.CheckConstraint(
                condition=all_or_none("recorded_at", "recorded_by"),
                name="courses_assessment_recorded_at_and_by",
            ),
            models.CheckConstraint(
                condition=all_or_none("changed_at", "changed_by"), name="courses_assessment_changed_at_and_by"
            ),
            models.CheckConstraint(
                condition=all_or_none("amends", "amend_reason"), name="courses_assessment_amends_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"assessment {self.pk}"


class Course(models.Model):
    """What is wanted for one patient, over all its sessions, plans and revisions."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="courses")
    goal = models.CharField(max_length=200)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "patient": Privacy.PERSONAL,
        "goal": Privacy.CLINICAL,
        "opened_at": Privacy.NONE,
        "opened_by": Privacy.NONE,
    }

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=all_or_none("opened_at", "opened_by"), name="courses_course_opened_at_and_by"
            ),
        ]

    def __str__(self) -> str:
        return f"course {self.pk}"


class ProposalSet(AppendOnly):
    """What was proposed from one version of an assessment, and by which knowledge and engine."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="proposal_sets")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="proposal_sets")
    assessment_version = models.PositiveIntegerField()
    proposals = models.JSONField()
    knowledge_release = models.CharField(max_length=40)
    knowledge_sha256 = models.CharField(max_length=64)
    engine = models.CharField(max_length=40)
    proposed_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "course": Privacy.NONE,
        "assessment": Privacy.NONE,
        "assessment_version": Privacy.NONE,
        "proposals": Privacy.CLINICAL,
        "knowledge_release": Privacy.NONE,
        "knowledge_sha256": Privacy.NONE,
        "engine": Privacy.NONE,
        "proposed_at": Privacy.NONE,
        "proposed_by": Privacy.NONE,
    }

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=all_or_none("proposed_at", "proposed_by"),
                name="courses_proposals_proposed_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"proposals {self.pk}"


class Plan(models.Model):
    """A draft that people work on, and its state once it is signed. `version` counts saves: the lock of two
    editors."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="plans")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="plans")
    proposal_set = models.ForeignKey(ProposalSet, null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    proposal_id = models.CharField(max_length=80, null=True, blank=True)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    state = models.CharField(max_length=12, choices=[(s.value, s.label) for s in PlanState], default=PlanState.DRAFT)
    plan = models.JSONField()
    evaluation = models.JSONField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    void_reason = models.TextField(null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "course": Privacy.NONE,
        "assessment": Privacy.NONE,
        "proposal_set": Privacy.NONE,
        "proposal_id": Privacy.NONE,
        "follows": Privacy.NONE,
        "state": Privacy.NONE,
        "plan": Privacy.CLINICAL,
        "evaluation": Privacy.CLINICAL,
        "version": Privacy.NONE,
        "started_at": Privacy.NONE,
        "started_by": Privacy.NONE,
        "changed_at": Privacy.NONE,
        "changed_by": Privacy.NONE,
        "voided_at": Privacy.NONE,
        "voided_by": Privacy.NONE,
        "void_reason": Privacy.CLINICAL,
    }

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in PlanState]), name="courses_plan_state_is_known"
            ),
            models.CheckConstraint(
                condition=all_or_none("proposal_set", "proposal_id"),
                name="courses_plan_from_a_proposal_or_not",
            ),
            models.CheckConstraint(
                condition=all_or_none("started_at", "started_by"), name="courses_plan_started_at_and_by"
            ),
            models.CheckConstraint(
                condition=all_or_none("changed_at", "changed_by"), name="courses_plan_changed_at_and_by"
            ),
            models.CheckConstraint(
                condition=all_or_none("voided_at", "voided_by", "void_reason"),
                name="courses_plan_voided_at_by_why",
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.VOID, voided_at__isnull=False)
                | (~Q(state=PlanState.VOID) & Q(voided_at__isnull=True)),
                name="courses_plan_void_says_why",
            ),
            models.UniqueConstraint(
                fields=["course"],
                condition=Q(state=PlanState.SIGNED),
                name="courses_one_plan_in_force_per_course",
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk}"

    @property
    def plan_state(self) -> PlanState:
        return PlanState(self.state)


class Revision(AppendOnly):
    """What was signed, frozen: case, plan, evaluation, knowledge and engine, and the hash over them."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    case = models.JSONField()
    content = models.JSONField()
    evaluation = models.JSONField()
    knowledge_release = models.CharField(max_length=40)
    knowledge_sha256 = models.CharField(max_length=64)
    engine = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "plan": Privacy.NONE,
        "number": Privacy.NONE,
        "case": Privacy.CLINICAL,
        "content": Privacy.CLINICAL,
        "evaluation": Privacy.CLINICAL,
        "knowledge_release": Privacy.NONE,
        "knowledge_sha256": Privacy.NONE,
        "engine": Privacy.NONE,
        "content_hash": Privacy.NONE,
        "made_at": Privacy.NONE,
        "made_by": Privacy.NONE,
    }

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="courses_revision_number_once"),
            models.CheckConstraint(condition=all_or_none("made_at", "made_by"), name="courses_revision_made_at_and_by"),
        ]

    def __str__(self) -> str:
        return f"revision {self.number} of plan {self.plan_id}"


class Signature(AppendOnly):
    """A person's name under one revision. `bound_hash` repeats the revision's hash as it was when they
    signed."""

    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, related_name="signature")
    signed_at = models.DateTimeField(default=timezone.now)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    printed_name = models.CharField(max_length=120)
    role = models.CharField(max_length=20)
    meaning = models.TextField()
    bound_hash = models.CharField(max_length=64)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "revision": Privacy.NONE,
        "signed_at": Privacy.NONE,
        "signed_by": Privacy.NONE,
        "printed_name": Privacy.PERSONAL,
        "role": Privacy.NONE,
        "meaning": Privacy.NONE,
        "bound_hash": Privacy.NONE,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(printed_name=""), name="courses_signature_has_a_name"),
            models.CheckConstraint(condition=~Q(meaning=""), name="courses_signature_has_a_meaning"),
            models.CheckConstraint(
                condition=all_or_none("signed_at", "signed_by"), name="courses_signature_signed_at_and_by"
            ),
        ]

    def __str__(self) -> str:
        return f"signature under {self.revision_id}"


class PlannedDay(AppendOnly):
    """One day that a signed plan sets, copied out of its revision so that a day can be asked for without reading every
    plan. Whether it still holds is the plan's state."""

    class What(models.TextChoices):
        SESSION = "session", "Session"
        SCORE = "score", "Score"
        REVIEW = "review", "Review"

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    what = models.CharField(max_length=8, choices=What.choices)
    number = models.PositiveSmallIntegerField()
    count = models.PositiveSmallIntegerField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "revision": Privacy.NONE,
        "day": Privacy.CLINICAL,
        "what": Privacy.CLINICAL,
        "number": Privacy.CLINICAL,
        "count": Privacy.CLINICAL,
    }

    class Meta:
        ordering = ["day", "id"]
        indexes = [models.Index(fields=["day"], name="courses_planned_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["revision", "what", "number"], name="courses_planned_day_once"),
            models.CheckConstraint(
                condition=Q(what__in=["session", "score", "review"]), name="courses_planned_what_is_known"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=F("count")), name="courses_planned_number_of_count"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.number} of {self.count} on {self.day}"


class OverrideReason(AppendOnly):
    """Why somebody goes on in spite of a finding: a block that may be overridden, or a warning."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="override_reasons")
    rule = models.CharField(max_length=120)
    code = models.CharField(max_length=120)
    subject = models.JSONField(default=dict)
    severity = models.CharField(max_length=8, choices=[("block", "Block"), ("warn", "Warn")])
    reason = models.TextField()
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "plan": Privacy.NONE,
        "rule": Privacy.NONE,
        "code": Privacy.NONE,
        "subject": Privacy.CLINICAL,
        "severity": Privacy.NONE,
        "reason": Privacy.CLINICAL,
        "given_at": Privacy.NONE,
        "given_by": Privacy.NONE,
    }

    class Meta:
        ordering = ["-given_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(severity__in=["block", "warn"]), name="courses_override_severity_is_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="courses_override_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(severity="block") | Q(reason__length__gte=SHORTEST_OVERRIDE),
                name="courses_override_of_a_block_is_explained",
            ),
            models.CheckConstraint(
                condition=all_or_none("given_at", "given_by"), name="courses_override_given_at_and_by"
            ),
        ]

    def __str__(self) -> str:
        return f"override of {self.rule}"
