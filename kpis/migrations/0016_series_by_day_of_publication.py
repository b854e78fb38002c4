"""Series of deflators stand latest first, those of an unknown day last, alike on every database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Changes no table."""

    dependencies = [("kpis", "0015_adopt_as_signed")]

    operations = [
        migrations.AlterModelOptions(
            name="deflatorseries",
            options={
                "ordering": [
                    models.OrderBy(models.F("published_on"), descending=True, nulls_last=True),
                    "name",
                ],
                "verbose_name_plural": "deflator series",
            },
        ),
    ]
