"""A measure always belongs to an edition."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """After 0008 has filled it."""

    dependencies = [("kpis", "0008_measures_know_their_edition")]
    operations = [
        migrations.AlterField(
            model_name="measure",
            name="framework",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="measures", to="kpis.framework"
            ),
        ),
    ]
