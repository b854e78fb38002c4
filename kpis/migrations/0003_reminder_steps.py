"""Adds the default reminder steps, claims that a later step overtook, and pauses of reminders."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from kpis.reminders.defaults import FIRST_STEPS, load


def add_steps(apps, schema_editor):
    """Add the default steps."""
    load(apps.get_model("kpis", "ReminderStep"), FIRST_STEPS)


class Migration(migrations.Migration):
    """A council's own changes to the steps are kept."""

    dependencies = [
        ("kpis", "0002_starter_library"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReminderSnooze",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateField(verbose_name="no reminders until after")),
                ("reason", models.CharField(max_length=250)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "monthly_return",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snoozes",
                        to="kpis.monthlyreturn",
                    ),
                ),
            ],
            options={"ordering": ["-pk"]},
        ),
        migrations.AddField(
            model_name="reminderclaim", name="is_told", field=models.BooleanField(default=True)
        ),
        migrations.AlterField(
            model_name="reminderstep",
            name="days",
            field=models.SmallIntegerField(blank=True, null=True, verbose_name="working days"),
        ),
        migrations.AlterField(
            model_name="reminderstep",
            name="is_on",
            field=models.BooleanField(default=True, verbose_name="sent"),
        ),
        migrations.AddConstraint(
            model_name="reminderclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(is_told=False) | models.Q(letter__isnull=False),
                name="reminder_told_by_a_letter",
            ),
        ),
        migrations.RunPython(add_steps, migrations.RunPython.noop),
    ]
