from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

VIEWS = ["front", "right-oblique", "left-oblique"]


class Migration(migrations.Migration):
    """A photo of a zone of neck or body, with where its sticker lies."""

    dependencies = [("photos", "0003_grey_card")]
    operations = [
        migrations.AddField(
            model_name="photo",
            name="sticker_px",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AlterField(model_name="photo", name="view", field=models.CharField(max_length=20)),
        migrations.RemoveConstraint(model_name="photo", name="photos_photo_view_is_known"),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=Q(view__in=VIEWS) | Q(sticker_px__isnull=False), name="photos_photo_view_is_known"
            ),
        ),
    ]
