from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """A grey card, whose place is marked on each photo."""

    dependencies = [("photos", "0002_colour_card")]
    operations = [
        migrations.AddField(
            model_name="photo",
            name="card_clicks",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AlterField(
            model_name="photoset",
            name="colour_card",
            field=models.CharField(
                blank=True,
                choices=[("", "None"), ("colorchecker-24", "ColorChecker 24"), ("grey-card", "Grey card 18 %")],
                default="",
                max_length=20,
            ),
        ),
    ]
