"""Exceptions, challenges, decisions by directorate, own words, and what was reported before this system."""

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds columns and tables only; nothing that stands changes."""

    dependencies = [
        ("accounts", "0004_posts_hold_delegations"),
        ("contracts", "0004_checklist_questions"),
        ("kpis", "0011_measure_imports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Challenge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("comment", models.TextField()),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="DecisionAsked",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="decision",
            name="decision_once_a_submission",
        ),
        migrations.AddField(
            model_name="decision",
            name="authority",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name="decision",
            name="directorate",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="accounts.directorate",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="override_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="kpiset",
            name="copied_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="kpis.kpiset",
            ),
        ),
        migrations.AddField(
            model_name="kpiset",
            name="kind",
            field=models.CharField(
                choices=[("kpis", "KPI set"), ("exception", "Exception")], default="kpis", max_length=9
            ),
        ),
        migrations.AddField(
            model_name="kpiset",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("earlier", "It was tendered before the council asked for social value"),
                    ("small", "It is too small or too short"),
                    ("elsewhere", "Its social value is promised under another contract"),
                    ("in_kind", "An offer in kind or in cash was taken instead"),
                    ("unsuited", "Nothing would be relevant and proportionate to what is bought"),
                    ("other", "Another reason"),
                ],
                max_length=9,
                verbose_name="why there are no KPIs",
            ),
        ),
        migrations.AddField(
            model_name="kpiset",
            name="returns_from",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="kpiset",
            name="review_on",
            field=models.DateField(blank=True, null=True, verbose_name="to be reviewed on"),
        ),
        migrations.AddField(
            model_name="kpiset",
            name="signed_document",
            field=models.CharField(blank=True, max_length=250, verbose_name="signed document"),
        ),
        migrations.AddField(
            model_name="measure",
            name="contract",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="own_measures",
                to="contracts.contract",
            ),
        ),
        migrations.AddField(
            model_name="monthlyreturn",
            name="before_system",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="framework",
            name="offered",
            field=models.CharField(
                choices=[
                    ("always", "Every contract"),
                    ("by_date", "Contracts whose procurement began between two dates"),
                    ("chosen", "Only contracts it is chosen for"),
                    ("never", "No contract; each measure was written for one"),
                ],
                default="chosen",
                max_length=7,
                verbose_name="offered to",
            ),
        ),
        migrations.AlterField(
            model_name="kpiterms",
            name="profile",
            field=models.CharField(
                choices=[
                    ("flat", "The same each month"),
                    ("by_term", "By school term, each due in its last month"),
                    ("by_hand", "Month by month"),
                ],
                default="flat",
                max_length=7,
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                fields=("submission", "directorate"), name="decision_once_a_submission_and_directorate"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("directorate", None)),
                fields=("submission",),
                name="decision_once_a_submission",
            ),
        ),
        migrations.AddConstraint(
            model_name="kpiset",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["kpis", "exception"])), name="kpi_set_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="kpiset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "exception"), ("status__in", ["submitted", "approved"]), _negated=True),
                    models.Q(("review_on__isnull", False), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="kpi_set_exception_is_reviewed",
            ),
        ),
        migrations.AddConstraint(
            model_name="kpiset",
            constraint=models.CheckConstraint(
                condition=models.Q(("returns_from", None), ("returns_from__day", 1), _connector="OR"),
                name="kpi_set_returns_from_a_first",
            ),
        ),
        migrations.AddField(
            model_name="challenge",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="challenge",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="challenges_asked",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="challenge",
            name="kpi",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="challenges",
                to="kpis.kpi",
            ),
        ),
        migrations.AddField(
            model_name="challenge",
            name="kpi_set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="challenges", to="kpis.kpiset"
            ),
        ),
        migrations.AddField(
            model_name="challenge",
            name="submission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="challenges",
                to="kpis.setsubmission",
            ),
        ),
        migrations.AddField(
            model_name="challenge",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decisionasked",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="decisionasked",
            name="submission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="asked", to="kpis.setsubmission"
            ),
        ),
        migrations.AddConstraint(
            model_name="challenge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at", None)),
                    models.Q(("answered_at__isnull", False), models.Q(("answer", ""), _negated=True)),
                    _connector="OR",
                ),
                name="challenge_answer_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="decisionasked",
            constraint=models.UniqueConstraint(
                fields=("submission", "person"), name="decision_asked_once_a_person"
            ),
        ),
    ]
