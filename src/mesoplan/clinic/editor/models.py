from __future__ import annotations

from typing import ClassVar

from django.db import models

from mesoplan.clinic.courses.models import Plan
from mesoplan.clinic.privacy import Privacy


class EditStep(models.Model):
    """One step of a draft's log: what it changed, with the values before and after, so that it can be taken back.

    `version` is that of the draft which the step made; a version without a step was saved by a form.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="edit_steps")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    step = models.JSONField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "plan": Privacy.NONE,
        "number": Privacy.NONE,
        "version": Privacy.NONE,
        "step": Privacy.CLINICAL,
    }

    class Meta:
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="editor_one_step_of_each_number")]

    def __str__(self) -> str:
        return f"step {self.number} of plan {self.plan_id}"


class ReceivedBatch(models.Model):
    """The last batch that one open page sent, and what was answered: sent again, it is answered the same."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="received_batches")
    client = models.CharField(max_length=64)
    received = models.JSONField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "plan": Privacy.NONE,
        "client": Privacy.NONE,
        "received": Privacy.CLINICAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "client"], name="editor_one_last_batch_of_each_page")]

    def __str__(self) -> str:
        return f"last batch of {self.client}"
