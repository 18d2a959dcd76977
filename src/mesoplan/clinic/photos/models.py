from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mesoplan.clinic.courses.models import all_or_none
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.privacy import Privacy
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.domain.face import FaceView
from mesoplan.imaging.colour_card import CardKind

SHA256_LENGTH = 64


def new_address() -> str:
    """160 bits by chance: nobody comes to it by trying, and it says nothing of the person."""
    return secrets.token_hex(20)


class Purpose(models.TextChoices):
    """What the patient agreed to, each by itself."""

    PLANNING = "planning", _("Planning the treatment")
    BEFORE_AFTER = "before_after", _("Comparing before and after")
    TEACHING = "teaching", _("Teaching, outside of this clinic’s care")


# Teaching shows what is kept for care; it is no ground to keep a photo.
GROUNDS = (Purpose.PLANNING, Purpose.BEFORE_AFTER)


class View(models.TextChoices):
    """From where a photo is taken. An oblique shows the named side of the patient."""

    FRONT = FaceView.FRONT.value, pgettext_lazy("view of the face", "Front")
    RIGHT_OBLIQUE = FaceView.RIGHT_OBLIQUE.value, pgettext_lazy("view of the face", "Right oblique")
    LEFT_OBLIQUE = FaceView.LEFT_OBLIQUE.value, pgettext_lazy("view of the face", "Left oblique")


class Role(models.TextChoices):
    """What a file is of its photo. The first is as the photo came, turned upright and without metadata."""

    KEPT = "kept", "Kept"
    SHOWN = "shown", "Shown"
    THUMBNAIL = "thumbnail", "Thumbnail"


class ColourCard(models.TextChoices):
    """A card of known colours that is held beside the face."""

    NONE = "", pgettext_lazy("colour card", "None")
    COLOUR_CHECKER = CardKind.COLOUR_CHECKER.value, "ColorChecker 24"
    GREY = CardKind.GREY.value, _("Grey card 18 %")


class PhotoConsent(models.Model):
    """What a patient agreed to, on which day, until it was withdrawn."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="photo_consents")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    given_on = models.DateField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "patient": Privacy.PERSONAL,
        "purpose": Privacy.PERSONAL,
        "given_on": Privacy.PERSONAL,
        "recorded_at": Privacy.NONE,
        "recorded_by": Privacy.NONE,
        "withdrawn_on": Privacy.PERSONAL,
        "withdrawn_at": Privacy.NONE,
        "withdrawn_by": Privacy.NONE,
    }

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="photos_consent_purpose_is_known"),
            models.CheckConstraint(
                condition=all_or_none("withdrawn_on", "withdrawn_at", "withdrawn_by"),
                name="photos_consent_withdrawn_at_and_by",
            ),
            models.UniqueConstraint(
                fields=["patient", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="photos_one_standing_consent_each",
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class PhotoSet(models.Model):
    """The photos of one visit, taken in one go, and what is known of their scale."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="photo_sets")
    address = models.CharField(max_length=40, unique=True, default=new_address, editable=False)
    taken_on = models.DateField()
    sticker_mm = models.FloatField(null=True, blank=True)
    interpupillary_mm = models.FloatField(null=True, blank=True)
    colour_card = models.CharField(max_length=20, choices=ColourCard.choices, blank=True, default="")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "patient": Privacy.PERSONAL,
        "address": Privacy.PERSONAL,
        "taken_on": Privacy.CLINICAL,
        "sticker_mm": Privacy.NONE,
        "interpupillary_mm": Privacy.CLINICAL,
        "colour_card": Privacy.NONE,
        "added_at": Privacy.NONE,
        "added_by": Privacy.NONE,
    }

    class Meta:
        ordering = ["-taken_on", "-id"]

    def __str__(self) -> str:
        return f"photo set {self.pk}"

    @property
    def is_of_zone(self) -> bool:
        """Whether its photo shows a zone of neck or body; such a photo is a set of its own."""
        return any(photo.is_of_zone for photo in self.photos.all())


class Photo(models.Model):
    """One view of a set. `measurement` is what the nets found; else `refusal` says why there is none. `colours` are
    those of the skin, where a card says what they are; `card_clicks` are two opposite corners of a grey card.

    A photo of neck or body has the id of its zone for a view; `sticker_px` are the corners of the sticker on it, and
    `clicks` those of its outline.

    A deleted photo can be brought back for some minutes; then it is gone, with its files and all that was measured.
    """

    photo_set = models.ForeignKey(PhotoSet, on_delete=models.PROTECT, related_name="photos")
    view = models.CharField(max_length=20)
    address = models.CharField(max_length=40, unique=True, default=new_address, editable=False)
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    measurement = models.JSONField(null=True)
    colours = models.JSONField(null=True)
    refusal = models.CharField(max_length=40, blank=True)
    refusal_figure = models.FloatField(null=True)
    clicks = models.JSONField(default=list, blank=True)
    card_clicks = models.JSONField(default=list, blank=True)
    sticker_px = models.JSONField(null=True, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "photo_set": Privacy.PERSONAL,
        "view": Privacy.NONE,
        "address": Privacy.PERSONAL,
        "width_px": Privacy.NONE,
        "height_px": Privacy.NONE,
        "measurement": Privacy.PERSONAL,
        "colours": Privacy.CLINICAL,
        "refusal": Privacy.CLINICAL,
        "refusal_figure": Privacy.CLINICAL,
        "clicks": Privacy.PERSONAL,
        "card_clicks": Privacy.PERSONAL,
        "sticker_px": Privacy.PERSONAL,
        "added_at": Privacy.NONE,
        "added_by": Privacy.NONE,
        "deleted_at": Privacy.NONE,
        "deleted_by": Privacy.NONE,
    }

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(view__in=View.values) | Q(sticker_px__isnull=False), name="photos_photo_view_is_known"
            ),
            models.CheckConstraint(
                condition=all_or_none("deleted_at", "deleted_by"), name="photos_photo_deleted_at_and_by"
            ),
            models.UniqueConstraint(
                fields=["photo_set", "view"], condition=Q(deleted_at__isnull=True), name="photos_one_photo_of_a_view"
            ),
        ]

    def __str__(self) -> str:
        return f"photo {self.pk}"

    @property
    def is_of_zone(self) -> bool:
        """Whether it shows a zone of neck or body rather than the face."""
        return self.sticker_px is not None

    def get_view_display(self) -> str:
        """What it shows, in the reader's language."""
        return title_of("zones", self.view) if self.is_of_zone else str(View(self.view).label)


class PhotoFile(models.Model):
    """One file of a photo in the private folder: written once, and read only if it is what was written."""

    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="files")
    role = models.CharField(max_length=10, choices=Role.choices)
    name = models.CharField(max_length=48, unique=True)
    media_type = models.CharField(max_length=20)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=SHA256_LENGTH)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.NONE,
        "photo": Privacy.PERSONAL,
        "role": Privacy.NONE,
        "name": Privacy.PERSONAL,
        "media_type": Privacy.NONE,
        "size": Privacy.NONE,
        "sha256": Privacy.PERSONAL,
    }

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="photos_file_role_is_known"),
            models.UniqueConstraint(fields=["photo", "role"], name="photos_one_file_of_a_role"),
        ]

    def __str__(self) -> str:
        return f"photo file {self.pk}"
