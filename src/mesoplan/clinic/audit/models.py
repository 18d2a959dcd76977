from __future__ import annotations

from typing import Any, ClassVar, NoReturn, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext

from mesoplan.clinic.audit.words import words_of, words_of_thing
from mesoplan.clinic.privacy import Privacy
from mesoplan.workflow import Role


class NeverChanged(Exception):
    """A record that is only ever added to was about to be changed or deleted. A bug, never a user's doing."""


Row = TypeVar("Row", bound=models.Model, covariant=True)


class AppendOnlyQuerySet(models.QuerySet[Row]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise NeverChanged(f"{self.model.__name__} rows are never changed.")

    def delete(self) -> NoReturn:
        raise NeverChanged(f"{self.model.__name__} rows are never deleted.")


class AppendOnlyManager(models.Manager[Row]):
    def get_queryset(self) -> AppendOnlyQuerySet[Row]:
        return AppendOnlyQuerySet(self.model, using=self._db)


class AppendOnly(models.Model):
    """Base of records that are written once. The tables also carry a trigger that refuses an UPDATE
    (migrations)."""

    objects = AppendOnlyManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise NeverChanged(f"{type(self).__name__} {self.pk} is never changed.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NeverChanged(f"{type(self).__name__} {self.pk} is never deleted.")


class AuditEntry(AppendOnly):
    """Who did or saw what. No foreign keys: the entry outlives what it speaks of.

    Each entry carries the hash of the one before it, so that a changed, removed or inserted entry breaks the
    chain.
    """

    number = models.BigIntegerField(unique=True)
    at = models.DateTimeField(db_index=True)
    who = models.CharField(max_length=254, db_index=True)
    who_name = models.CharField(max_length=120)
    role = models.CharField(max_length=20)
    act = models.CharField(max_length=40, db_index=True)
    thing = models.CharField(max_length=80)
    patient = models.CharField(max_length=12, blank=True, db_index=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    previous_hash = models.CharField(max_length=64, unique=True)
    entry_hash = models.CharField(max_length=64, unique=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "number": Privacy.NONE,
        "at": Privacy.NONE,
        "who": Privacy.PERSONAL,
        "who_name": Privacy.PERSONAL,
        "role": Privacy.NONE,
        "act": Privacy.NONE,
        "thing": Privacy.NONE,
        "patient": Privacy.PERSONAL,
        "before": Privacy.CLINICAL,
        "after": Privacy.CLINICAL,
        "previous_hash": Privacy.NONE,
        "entry_hash": Privacy.NONE,
    }

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["act", "thing", "-at"], name="audit_act_thing_at")]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="audit_numbers_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.act} {self.thing}"

    @property
    def words(self) -> str:
        """The act as people read it: "sign plan"."""
        return words_of(self.act)

    @property
    def who_words(self) -> str:
        """A name; an address where nobody of that name was known; or what stands for the clinic's own machine."""
        return self.who_name or (pgettext("audit", "system") if self.who == "system" else self.who)

    @property
    def thing_words(self) -> str:
        """What it was done to: "plan 12"."""
        return words_of_thing(self.thing)

    @property
    def role_label(self) -> str:
        """As it was then; a role that there no longer is keeps its name."""
        return gettext(Role(self.role).label) if self.role in list(Role) else self.role

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """What, before and after, for each value that the entry speaks of."""
        before, after = self.before or {}, self.after or {}
        return [(name.replace("_", " "), before.get(name), after.get(name)) for name in {**before, **after}]
