"""Adds the reminder steps about exceptions that are to be reviewed."""

from django.db import migrations, models

from kpis.reminders.defaults import EXCEPTION_STEPS, load


def add_steps(apps, schema_editor):
    """Add the default steps about exceptions."""
    load(apps.get_model("kpis", "ReminderStep"), EXCEPTION_STEPS)


def take_away(apps, schema_editor):
    """Take away the steps nobody was reminded by yet; the others stay with what was sent."""
    steps = apps.get_model("kpis", "ReminderStep").objects.filter(subject="exception")
    steps.filter(claims=None).delete()


class Migration(migrations.Migration):
    """A council's own changes to the steps are kept."""

    dependencies = [("kpis", "0013_decisions_know_their_directorate")]

    operations = [
        migrations.AlterField(
            model_name="reminderstep",
            name="subject",
            field=models.CharField(
                choices=[
                    ("return", "Monthly return"),
                    ("approval", "KPI set waiting for approval"),
                    ("break_point", "Notice for a break point"),
                    ("exception", "Exception to be reviewed"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunPython(add_steps, take_away),
    ]
