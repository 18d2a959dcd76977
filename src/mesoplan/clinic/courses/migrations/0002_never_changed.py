from django.db import migrations

from mesoplan.clinic.audit.triggers import never_changed


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_first")]

    operations = [
        never_changed("courses_revision", "courses_signature", "courses_proposalset", "courses_overridereason")
    ]
