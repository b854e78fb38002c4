"""Tables of measures can be imported as editions; codes of other people's tables may be longer than ours."""

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the imports, what is remembered of them, and longer codes."""

    dependencies = [
        ("kpis", "0010_bundled_library"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="measure",
            name="code",
            field=models.CharField(max_length=40),
        ),
        migrations.CreateModel(
            name="MeasureColumns",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("signature", models.CharField(max_length=64, unique=True)),
                ("columns", models.JSONField(default=dict)),
                ("headers", models.JSONField(default=list)),
                ("saved_at", models.DateTimeField(auto_now=True)),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MeasureImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=250)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("reading", "Being set up"),
                            ("checking", "Being checked"),
                            ("checked", "Ready to apply"),
                            ("applying", "Being applied"),
                            ("stopped", "Stopped"),
                            ("applied", "Applied"),
                            ("failed", "Could not be read"),
                            ("abandoned", "Abandoned"),
                        ],
                        default="reading",
                        max_length=10,
                    ),
                ),
                ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("counts", models.JSONField(default=dict)),
                ("answers", models.JSONField(default=dict)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("worker_until", models.DateTimeField(blank=True, null=True)),
                ("worker", models.CharField(blank=True, max_length=32)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("message", models.TextField(blank=True)),
                ("file", models.FileField(max_length=300, upload_to="measures/%Y/%m/")),
                ("encoding", models.CharField(blank=True, max_length=20)),
                ("sheet", models.CharField(blank=True, max_length=250)),
                ("header_row", models.PositiveIntegerField(blank=True, null=True)),
                ("headers", models.JSONField(default=list)),
                ("columns", models.JSONField(default=dict)),
                ("signature", models.CharField(blank=True, max_length=64)),
                ("units", models.JSONField(default=dict)),
                ("kinds", models.JSONField(default=dict)),
                ("terms", models.JSONField(default=dict)),
                ("rows_total", models.PositiveIntegerField(default=0)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                (
                    "framework",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="imports",
                        to="kpis.framework",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MeasureImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row_number", models.PositiveIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("empty", "Empty"),
                            ("created", "New measure"),
                            ("unchanged", "In the library already"),
                            ("repeated", "Repeated in the file"),
                            ("skipped", "Heading, total or note"),
                            ("rejected", "Could not be used"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reasons", models.JSONField(default=list)),
                ("warnings", models.JSONField(default=list)),
                ("values", models.JSONField(default=dict)),
                ("is_applied", models.BooleanField(default=False)),
                (
                    "measure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="import_rows",
                        to="kpis.measure",
                    ),
                ),
                (
                    "measure_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="kpis.measureimport",
                    ),
                ),
            ],
            options={
                "ordering": ["row_number"],
            },
        ),
        migrations.CreateModel(
            name="MeasureText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("noun", models.CharField(choices=[("unit", "Unit"), ("kind", "Kind")], max_length=4)),
                ("key", models.CharField(max_length=250)),
                ("text", models.CharField(max_length=250)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("count", "Number"),
                            ("money", "Money (£)"),
                            ("percentage", "Percentage"),
                            ("yes_no", "Yes or no"),
                            ("milestone", "Milestone date"),
                            ("text", "Text"),
                        ],
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="kpis.unit",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="measureimport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "applying")),
                fields=("status",),
                name="one_table_of_measures_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="measureimportrow",
            index=models.Index(fields=["measure_import", "outcome"], name="measure_row_outcome"),
        ),
        migrations.AddConstraint(
            model_name="measureimportrow",
            constraint=models.UniqueConstraint(
                fields=("measure_import", "row_number"), name="measure_row_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="measureimportrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["empty", "created", "unchanged", "repeated", "skipped", "rejected"])
                ),
                name="measure_row_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="measuretext",
            constraint=models.UniqueConstraint(fields=("noun", "key"), name="measure_text_once"),
        ),
    ]
