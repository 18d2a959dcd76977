from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """A colour card of a set, and the colours of the skin that it tells."""

    dependencies = [("photos", "0001_first")]
    operations = [
        migrations.AddField(
            model_name="photo",
            name="colours",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="photoset",
            name="colour_card",
            field=models.CharField(
                blank=True,
                choices=[("", "None"), ("colorchecker-24", "ColorChecker 24")],
                default="",
                max_length=20,
            ),
        ),
    ]
