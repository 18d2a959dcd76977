from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils import timezone

from mesoplan.clinic.audit.models import AppendOnly
from mesoplan.clinic.privacy import Privacy

SHORTEST_DISAGREEMENT = 20
SHA256_LENGTH = 64
models.TextField.register_lookup(Length)
models.CharField.register_lookup(Length)


class Verdict(models.TextChoices):
    CONFIRM = "confirm", "Confirm"
    DISAGREE = "disagree", "Disagree"
    TAKEN_BACK = "taken_back", "Taken back"


class ValueReview(AppendOnly):
    """What one person of this clinic found when they read the source of one released value.

    The released data are not touched. `path` is the place of the value in its entry, empty for the whole entry;
    `value_sha256` is the value as it stood, so that the review lapses when the value changes.
    """

    kind = models.CharField(max_length=40)
    entry_id = models.CharField(max_length=80)
    path = models.CharField(max_length=200, blank=True)
    value_sha256 = models.CharField(max_length=SHA256_LENGTH)
    knowledge_release = models.CharField(max_length=40)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    takes_back = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="taken_back_by"
    )
    reviewed_at = models.DateTimeField(default=timezone.now)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "kind": Privacy.NONE,
        "entry_id": Privacy.NONE,
        "path": Privacy.NONE,
        "value_sha256": Privacy.NONE,
        "knowledge_release": Privacy.NONE,
        "verdict": Privacy.NONE,
        "reason": Privacy.CLINICAL,
        "takes_back": Privacy.NONE,
        "reviewed_at": Privacy.NONE,
        "reviewed_by": Privacy.NONE,
    }

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["kind", "entry_id"], name="evidence_review_of_entry")]
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="evidence_review_verdict_is_known"),
            models.CheckConstraint(
                condition=~Q(kind="") & ~Q(entry_id="") & ~Q(knowledge_release=""),
                name="evidence_review_names_its_value",
            ),
            models.CheckConstraint(
                condition=Q(value_sha256__length=SHA256_LENGTH), name="evidence_review_holds_the_whole_hash"
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.DISAGREE) | Q(reason__length__gte=SHORTEST_DISAGREEMENT),
                name="evidence_disagreement_is_explained",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.TAKEN_BACK, takes_back__isnull=False)
                | (~Q(verdict=Verdict.TAKEN_BACK) & Q(takes_back__isnull=True)),
                name="evidence_taken_back_names_what",
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"
