"""Adds the reminder steps before a break point's last day for notice."""

from django.db import migrations, models

from kpis.reminders.defaults import BREAK_POINT_STEPS, load


def add_steps(apps, schema_editor):
    """Add the default steps about break points."""
    load(apps.get_model("kpis", "ReminderStep"), BREAK_POINT_STEPS)


class Migration(migrations.Migration):
    """A council's own changes to the steps are kept."""

    dependencies = [("kpis", "0004_stock_takes_notices_templates")]

    operations = [
        migrations.AlterField(
            model_name="reminderstep",
            name="subject",
            field=models.CharField(
                choices=[
                    ("return", "Monthly return"),
                    ("approval", "KPI set waiting for approval"),
                    ("break_point", "Notice for a break point"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunPython(add_steps, migrations.RunPython.noop),
    ]
