"""KPIs of contracts signed already can be adopted from a workbook, confirmed by each director as a whole."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_posts_hold_delegations"),
        ("contracts", "0004_checklist_questions"),
        ("kpis", "0014_exception_reviews"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AdoptionColumns",
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
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AdoptionImport",
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
                ("encoding", models.CharField(blank=True, max_length=20)),
                ("sheet", models.CharField(blank=True, max_length=250)),
                ("header_row", models.PositiveIntegerField(blank=True, null=True)),
                ("headers", models.JSONField(default=list)),
                ("columns", models.JSONField(default=dict)),
                ("signature", models.CharField(blank=True, max_length=64)),
                ("rows_total", models.PositiveIntegerField(default=0)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("file", models.FileField(max_length=300, upload_to="adoption/%Y/%m/")),
                ("first_month", models.DateField(blank=True, null=True)),
                ("contracts_total", models.PositiveIntegerField(default=0)),
                ("contracts_done", models.PositiveIntegerField(default=0)),
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
            name="AdoptionContract",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row_number", models.PositiveIntegerField()),
                ("outcome", models.CharField(default="created", max_length=8)),
                ("plan", models.JSONField(default=dict)),
                ("is_applied", models.BooleanField(default=False)),
                ("said", models.TextField(blank=True)),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contracts.contract"
                    ),
                ),
                (
                    "adoption_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contracts",
                        to="kpis.adoptionimport",
                    ),
                ),
            ],
            options={
                "ordering": ["row_number"],
            },
        ),
        migrations.CreateModel(
            name="AdoptionPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("reading", "Being put together"),
                            ("checked", "Waiting to be confirmed"),
                            ("applying", "Being confirmed"),
                            ("stopped", "Stopped"),
                            ("applied", "Confirmed"),
                            ("abandoned", "Returned"),
                        ],
                        default="reading",
                        max_length=9,
                    ),
                ),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                ("counts", models.JSONField(default=dict)),
                ("waiting_since", models.DateTimeField(blank=True, null=True)),
                ("authority", models.CharField(blank=True, max_length=400)),
                ("note", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True, verbose_name="why it was returned")),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("worker_until", models.DateTimeField(blank=True, null=True)),
                ("worker", models.CharField(blank=True, max_length=32)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("message", models.TextField(blank=True)),
                (
                    "adoption_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="kpis.adoptionimport",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "directorate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adoption_parts",
                        to="accounts.directorate",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-adoption_import", "directorate"],
            },
        ),
        migrations.CreateModel(
            name="AdoptedSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row_number", models.PositiveIntegerField()),
                ("content_hash", models.CharField(max_length=64)),
                ("results", models.JSONField(default=list)),
                ("results_hash", models.CharField(max_length=64)),
                ("counts", models.JSONField(default=dict)),
                ("warnings", models.JSONField(default=list)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("chosen", "Being adopted"),
                            ("leaving", "Being left out"),
                            ("adopted", "Adopted"),
                            ("left_out", "Left out"),
                            ("refused", "Could not be adopted"),
                            ("ordinary", "Decided by itself"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("is_applied", models.BooleanField(default=False)),
                ("results_written_at", models.DateTimeField(blank=True, null=True)),
                ("leave_reason", models.TextField(blank=True)),
                ("said", models.TextField(blank=True)),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contracts.contract"
                    ),
                ),
                (
                    "kpi_set",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="adopted", to="kpis.kpiset"
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="kpis.adoptionpart",
                    ),
                ),
            ],
            options={
                "ordering": ["row_number"],
            },
        ),
        migrations.AddField(
            model_name="kpiset",
            name="adoption",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="kpi_sets",
                to="kpis.adoptionpart",
            ),
        ),
        migrations.CreateModel(
            name="AdoptionRow",
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
                            ("created", "Taken"),
                            ("repeated", "Repeated in the file"),
                            ("rejected", "Could not be used"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reasons", models.JSONField(default=list)),
                ("warnings", models.JSONField(default=list)),
                ("values", models.JSONField(default=dict)),
                (
                    "adoption_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="kpis.adoptionimport",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="adoption_rows",
                        to="contracts.contract",
                    ),
                ),
            ],
            options={
                "ordering": ["row_number"],
            },
        ),
        migrations.AddConstraint(
            model_name="adoptionimport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "applying")), fields=("status",), name="one_adoption_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="adoptionimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_month", None), ("first_month__day", 1), _connector="OR"),
                name="adoption_month_is_a_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="adoptioncontract",
            constraint=models.UniqueConstraint(
                fields=("adoption_import", "contract"), name="adoption_contract_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="adoptionpart",
            constraint=models.UniqueConstraint(
                fields=("adoption_import", "directorate"), name="adoption_part_once_a_directorate"
            ),
        ),
        migrations.AddConstraint(
            model_name="adoptionpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["reading", "checked", "applying", "stopped", "applied", "abandoned"])
                ),
                name="adoption_part_status_known",
            ),
        ),
        migrations.AddIndex(
            model_name="adoptedset",
            index=models.Index(fields=["part", "outcome"], name="adopted_set_outcome"),
        ),
        migrations.AddConstraint(
            model_name="adoptedset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        ["waiting", "chosen", "leaving", "adopted", "left_out", "refused", "ordinary"],
                    )
                ),
                name="adopted_set_outcome_known",
            ),
        ),
        migrations.AddIndex(
            model_name="adoptionrow",
            index=models.Index(fields=["adoption_import", "outcome"], name="adoption_row_outcome"),
        ),
        migrations.AddConstraint(
            model_name="adoptionrow",
            constraint=models.UniqueConstraint(
                fields=("adoption_import", "row_number"), name="adoption_row_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="adoptionrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["empty", "created", "repeated", "rejected"])),
                name="adoption_row_outcome_known",
            ),
        ),
    ]
