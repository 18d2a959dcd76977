from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from mesoplan.clinic.audit.models import AppendOnly
from mesoplan.clinic.courses.models import Course
from mesoplan.clinic.privacy import Privacy


class Score(AppendOnly):
    """A scale as it was scored at one visit of a course: its items, by whom, on which day, live or on photos.

    The items are those of the scale that is filled, so that every scale computed from them can be told. `rater` is the
    name of the person who scored; `rater_person` is set where that person has an account here.
    """

    class Mode(models.TextChoices):
        LIVE = "live", "Live"
        PHOTO = "photo", "On a photo"

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="scores")
    scale = models.CharField(max_length=80)
    items = models.JSONField()
    day = models.DateField()
    mode = models.CharField(max_length=5, choices=Mode.choices)
    rater = models.CharField(max_length=120)
    rater_person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "course": Privacy.NONE,
        "scale": Privacy.CLINICAL,
        "items": Privacy.CLINICAL,
        "day": Privacy.CLINICAL,
        "mode": Privacy.CLINICAL,
        "rater": Privacy.PERSONAL,
        "rater_person": Privacy.NONE,
        "recorded_at": Privacy.NONE,
        "recorded_by": Privacy.NONE,
    }

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(mode__in=["live", "photo"]), name="forecasts_score_mode_is_known"),
            models.CheckConstraint(condition=~Q(rater="") & ~Q(scale=""), name="forecasts_score_says_what_and_by_whom"),
        ]

    def __str__(self) -> str:
        return f"score {self.pk}"


class VoidedScore(AppendOnly):
    """That a score does not count, and why. The score itself stays as it was recorded."""

    score = models.OneToOneField(Score, on_delete=models.PROTECT, related_name="voided")
    reason = models.TextField()
    voided_at = models.DateTimeField(default=timezone.now)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "score": Privacy.NONE,
        "reason": Privacy.CLINICAL,
        "voided_at": Privacy.NONE,
        "voided_by": Privacy.NONE,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="forecasts_voided_score_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"void of score {self.score_id}"


class OwnFit(AppendOnly):
    """What the clinic's own courses said of it on one day: its effect and the error of its raters, group by group.

    `findings` is a `mesoplan.domain.clinic_fit.ClinicFindings`. The newest one of the present trial table is what
    forecasts read; the earlier ones stay, so that every forecast can be told from what it was made.
    """

    fitted_at = models.DateTimeField(default=timezone.now)
    fitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    table_sha256 = models.CharField(max_length=64)
    findings = models.JSONField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "fitted_at": Privacy.NONE,
        "fitted_by": Privacy.NONE,
        "table_sha256": Privacy.NONE,
        "findings": Privacy.CLINICAL,
    }

    class Meta:
        ordering = ["-fitted_at", "-id"]

    def __str__(self) -> str:
        return f"fit of own courses {self.pk}"
