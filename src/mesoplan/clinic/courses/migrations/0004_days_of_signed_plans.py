from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def copy_days(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Plans signed before there was the table: their days as they stand in the frozen revisions."""
    day_model = apps.get_model("courses", "PlannedDay")
    for pk, content in apps.get_model("courses", "Revision").objects.values_list("pk", "content").iterator(200):
        schedule = content.get("schedule", {})
        review = schedule.get("review_on")
        named = {
            "session": schedule.get("sessions", []),
            "score": schedule.get("score_on", []),
            "review": [review] if review else [],
        }
        day_model.objects.bulk_create(
            day_model(revision_id=pk, day=day, what=what, number=number, count=len(days))
            for what, days in named.items()
            for number, day in enumerate(days, start=1)
        )


class Migration(migrations.Migration):
    dependencies = [("courses", "0003_planned_days")]

    operations = [migrations.RunPython(copy_days, migrations.RunPython.noop)]
