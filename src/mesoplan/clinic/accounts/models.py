from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mesoplan.clinic.privacy import Privacy
from mesoplan.workflow import Role


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    FRENCH = "fr", "Français"
    ITALIAN = "it", "Italiano"
    SPANISH = "es", "Español"


class Look(models.TextChoices):
    SYSTEM = "system", _("As this device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


# The labels stand in the workflow's tables and are marked there.
ROLES = [(role.value, _(role.label)) for role in Role]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Bare row with a hashed password. People are added by `accounts.actions.add_person`, which keeps the
        audit."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who logs in. `printed_name` is what stands on signed plans."""

    email = models.EmailField(unique=True)
    printed_name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=ROLES)
    # Nothing chosen: the language of the browser.
    language = models.CharField(max_length=5, choices=Language.choices, blank=True, default="")
    look = models.CharField(max_length=10, choices=Look.choices, default=Look.SYSTEM)
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["printed_name", "role"]

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "password": Privacy.PERSONAL,
        "last_login": Privacy.PERSONAL,
        "email": Privacy.PERSONAL,
        "printed_name": Privacy.PERSONAL,
        "role": Privacy.NONE,
        "language": Privacy.NONE,
        "look": Privacy.NONE,
        "is_active": Privacy.NONE,
        "added_at": Privacy.NONE,
    }

    class Meta:
        ordering = ["printed_name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_one_email_per_person"),
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="accounts_role_is_known"),
            models.CheckConstraint(condition=~Q(printed_name=""), name="accounts_printed_name_is_given"),
        ]

    def __str__(self) -> str:
        return self.printed_name

    @property
    def workflow_role(self) -> Role:
        return Role(self.role)


class RequiredFactor(models.Model):
    """A role that must log in with a second factor. Without a row it is each person's own choice."""

    role = models.CharField(max_length=20, unique=True, choices=ROLES)
    set_at = models.DateTimeField(default=timezone.now)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "role": Privacy.NONE,
        "set_at": Privacy.NONE,
        "set_by": Privacy.NONE,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="accounts_required_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.role
