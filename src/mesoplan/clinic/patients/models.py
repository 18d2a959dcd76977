from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mesoplan.clinic.privacy import Privacy

_REF_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read for another


def new_ref() -> str:
    """A short name for addresses and prints that says nothing about the person: "P7K3F9QW"."""
    return "P" + "".join(secrets.choice(_REF_LETTERS) for _ in range(7))


class Sex(models.TextChoices):
    """Sex at birth, because skin thickness and doses depend on it."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    INTERSEX = "intersex", _("Intersex")
    UNKNOWN = "unknown", _("Not asked")


class Patient(models.Model):
    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    full_name = models.CharField(max_length=200)
    called = models.CharField(max_length=80, blank=True)
    birth_date = models.DateField()
    sex_at_birth = models.CharField(max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    record_number = models.CharField(max_length=40, blank=True)
    sort_key = models.CharField(max_length=200, db_index=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "ref": Privacy.PERSONAL,
        "full_name": Privacy.PERSONAL,
        "called": Privacy.PERSONAL,
        "birth_date": Privacy.PERSONAL,
        "sex_at_birth": Privacy.CLINICAL,
        "phone": Privacy.PERSONAL,
        "email": Privacy.PERSONAL,
        "record_number": Privacy.PERSONAL,
        "sort_key": Privacy.PERSONAL,
        "version": Privacy.NONE,
        "added_at": Privacy.NONE,
        "added_by": Privacy.NONE,
        "changed_at": Privacy.NONE,
        "changed_by": Privacy.NONE,
    }

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record_number"],
                condition=~Q(record_number=""),
                name="patients_one_record_number_each",
            ),
            models.CheckConstraint(condition=~Q(full_name=""), name="patients_full_name_is_given"),
            models.CheckConstraint(condition=Q(sex_at_birth__in=Sex.values), name="patients_sex_is_known"),
            models.CheckConstraint(
                condition=Q(changed_at__isnull=True, changed_by__isnull=True)
                | Q(changed_at__isnull=False, changed_by__isnull=False),
                name="patients_changed_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def initials(self) -> str:
        """For tab titles, which never carry the full name."""
        return "".join(word[0] for word in self.full_name.replace(",", " ").split()[:3]).upper()


class PatientWord(models.Model):
    """One folded word under which a patient is found. Written anew with every change of the patient."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=200)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "patient": Privacy.NONE,
        "word": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "word"], name="patients_each_word_once")]
        indexes = [models.Index(fields=["word", "patient"], name="patients_word")]

    def __str__(self) -> str:
        return self.word


@models.CharField.register_lookup
class BeginsWith(models.Lookup):
    """`word__begins="lef"` as a range that SQLite answers from the index; LIKE, escaped, on other
    databases."""

    lookup_name = "begins"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"({lhs} >= %s AND {lhs} < %s)", (*params, self.rhs, *params, f"{self.rhs}\U0010ffff")

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, params = self.process_lhs(compiler, connection)
        begun = str(self.rhs).replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        return f"{lhs} LIKE %s", (*params, f"{begun}%")
