from django.db import migrations

from mesoplan.clinic.audit.triggers import never_changed


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_first")]

    operations = [never_changed("evidence_valuereview")]
