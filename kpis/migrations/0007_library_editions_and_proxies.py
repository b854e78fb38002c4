"""Editions of frameworks, codes unique within one, proxies with their values, deflators, notes, guidance."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_departments_close"),
        ("contracts", "0004_checklist_questions"),
        ("kpis", "0006_kpi_templates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CouncilPriority",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=150, unique=True)),
                ("about", models.TextField(blank=True)),
                ("is_active", models.BooleanField(default=True, verbose_name="a priority today")),
                ("position", models.PositiveSmallIntegerField(default=1)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name_plural": "council priorities",
                "ordering": ["position", "title"],
            },
        ),
        migrations.CreateModel(
            name="DeflatorIndex",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("value", models.DecimalField(decimal_places=4, max_digits=12)),
            ],
            options={
                "verbose_name_plural": "deflator indices",
                "ordering": ["series_id", "year"],
            },
        ),
        migrations.CreateModel(
            name="DeflatorSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150, unique=True)),
                ("source", models.CharField(max_length=300)),
                ("source_url", models.URLField(blank=True, max_length=500)),
                ("licence", models.CharField(max_length=200)),
                ("published_on", models.DateField(blank=True, null=True)),
                ("key", models.SlugField(blank=True, editable=False, max_length=60)),
                ("is_current", models.BooleanField(default=True, verbose_name="offered for uplifts")),
            ],
            options={
                "verbose_name_plural": "deflator series",
                "ordering": ["-published_on", "name"],
            },
        ),
        migrations.CreateModel(
            name="FrameworkChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chosen_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["contract_id", "framework__name", "framework__edition"],
            },
        ),
        migrations.CreateModel(
            name="GoodPracticeNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=150)),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-written_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="GuidancePage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=150)),
                ("summary", models.CharField(blank=True, max_length=250, verbose_name="in one sentence")),
                ("body", models.TextField()),
                ("position", models.PositiveSmallIntegerField(default=1)),
                ("is_published", models.BooleanField(default=False, verbose_name="published")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["position", "title"],
            },
        ),
        migrations.CreateModel(
            name="Proxy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150)),
                (
                    "stream",
                    models.CharField(
                        choices=[("social", "Additional social value"), ("local", "Local economic value")],
                        default="social",
                        max_length=6,
                        verbose_name="counts as",
                    ),
                ),
                ("price_year", models.PositiveSmallIntegerField(verbose_name="prices of the year")),
                ("geography", models.CharField(max_length=120, verbose_name="area it is for")),
                (
                    "is_local",
                    models.BooleanField(default=False, verbose_name="worked out for this council's own area"),
                ),
                ("source", models.CharField(max_length=300)),
                ("source_url", models.URLField(blank=True, max_length=500)),
                ("licence", models.CharField(max_length=200)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "deadweight",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="would have happened anyway (%)",
                    ),
                ),
                (
                    "attribution",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="share due to the contract (%)",
                    ),
                ),
                (
                    "displacement",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="taken from elsewhere (%)",
                    ),
                ),
                (
                    "lasts_years",
                    models.PositiveSmallIntegerField(default=1, verbose_name="years the benefit lasts"),
                ),
                (
                    "drop_off",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="falls each year after the first by (%)",
                    ),
                ),
                (
                    "adjustments_why",
                    models.TextField(blank=True, verbose_name="where these shares come from"),
                ),
                ("note", models.TextField(blank=True)),
                ("uplift_working", models.TextField(blank=True)),
                ("is_usual", models.BooleanField(default=False, verbose_name="taken for new KPIs")),
                ("key", models.SlugField(blank=True, editable=False, max_length=60)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_why", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "verbose_name_plural": "proxies",
                "ordering": ["measure_id", "-is_usual", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ProxyValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="calendar year"),
                ),
                ("value", models.DecimalField(decimal_places=4, max_digits=18, verbose_name="£ per unit")),
                (
                    "low",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="low"
                    ),
                ),
                (
                    "high",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="high"
                    ),
                ),
            ],
            options={
                "ordering": ["proxy_id", "year"],
            },
        ),
        migrations.AlterModelOptions(
            name="measure",
            options={"ordering": ["framework", "theme__position", "code"]},
        ),
        migrations.AddField(
            model_name="framework",
            name="about",
            field=models.TextField(blank=True, verbose_name="what it is, and what is left to fill in"),
        ),
        migrations.AddField(
            model_name="framework",
            name="key",
            field=models.SlugField(blank=True, editable=False, max_length=60),
        ),
        migrations.AddField(
            model_name="framework",
            name="licence_confirmed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="framework",
            name="licence_confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="framework",
            name="licence_note",
            field=models.CharField(blank=True, max_length=300, verbose_name="the council's licence"),
        ),
        migrations.AddField(
            model_name="framework",
            name="licence_url",
            field=models.URLField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="framework",
            name="needs_licence",
            field=models.BooleanField(default=False, verbose_name="the council needs a licence of its own"),
        ),
        migrations.AddField(
            model_name="framework",
            name="offered",
            field=models.CharField(
                choices=[
                    ("always", "Every contract"),
                    ("by_date", "Contracts whose procurement began between two dates"),
                    ("chosen", "Only contracts it is chosen for"),
                ],
                default="chosen",
                max_length=7,
                verbose_name="offered to",
            ),
        ),
        migrations.AddField(
            model_name="framework",
            name="previous",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="next_editions",
                to="kpis.framework",
                verbose_name="the edition before",
            ),
        ),
        migrations.AddField(
            model_name="framework",
            name="procured_from",
            field=models.DateField(blank=True, null=True, verbose_name="procurement began from"),
        ),
        migrations.AddField(
            model_name="framework",
            name="procured_until",
            field=models.DateField(blank=True, null=True, verbose_name="procurement began until"),
        ),
        migrations.AddField(
            model_name="framework",
            name="status",
            field=models.CharField(
                choices=[("draft", "Draft"), ("live", "Live"), ("retired", "Retired")],
                default="live",
                max_length=7,
            ),
        ),
        migrations.AddField(
            model_name="framework",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="kpiset",
            name="template",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="kpi_sets",
                to="kpis.kpitemplate",
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="across",
            field=models.CharField(
                choices=[
                    ("sum", "Added up"),
                    ("average", "Weighted by the number of cases"),
                    ("maximum", "The highest"),
                    ("none", "Not combined: each contract for itself"),
                ],
                default="sum",
                max_length=7,
                verbose_name="across contracts",
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="also_under",
            field=models.ManyToManyField(blank=True, related_name="also_measures", to="kpis.theme"),
        ),
        migrations.AddField(
            model_name="measure",
            name="can_be_negative",
            field=models.BooleanField(
                default=False, verbose_name="a figure can be below 0, such as jobs lost"
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="framework",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="measures",
                to="kpis.framework",
            ),
        ),
        migrations.AddField(
            model_name="outcome",
            name="about",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="outcome",
            name="code",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="theme",
            name="heading",
            field=models.CharField(blank=True, max_length=150, verbose_name="stands under"),
        ),
        migrations.AlterField(
            model_name="framework",
            name="source_url",
            field=models.URLField(blank=True, max_length=500),
        ),
        migrations.AlterField(
            model_name="measure",
            name="code",
            field=models.CharField(max_length=20),
        ),
        migrations.AlterField(
            model_name="measure",
            name="record_only",
            field=models.BooleanField(default=False, verbose_name="recorded, never given a £ value"),
        ),
        migrations.AddConstraint(
            model_name="framework",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "live", "retired"])),
                name="framework_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="framework",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("procured_from", None),
                    ("procured_until", None),
                    ("procured_until__gte", models.F("procured_from")),
                    _connector="OR",
                ),
                name="framework_dates_in_order",
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="priorities",
            field=models.ManyToManyField(blank=True, related_name="measures", to="kpis.councilpriority"),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.UniqueConstraint(
                fields=("framework", "code"), name="measure_code_once_an_edition"
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "live", "retired"])), name="measure_status_known"
            ),
        ),
        migrations.AddField(
            model_name="deflatorindex",
            name="series",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="indices", to="kpis.deflatorseries"
            ),
        ),
        migrations.AddField(
            model_name="frameworkchoice",
            name="chosen_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="frameworkchoice",
            name="contract",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="framework_choices",
                to="contracts.contract",
            ),
        ),
        migrations.AddField(
            model_name="frameworkchoice",
            name="framework",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="choices", to="kpis.framework"
            ),
        ),
        migrations.AddField(
            model_name="goodpracticenote",
            name="contract",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="practice_notes",
                to="contracts.contract",
            ),
        ),
        migrations.AddField(
            model_name="goodpracticenote",
            name="directorate",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.directorate",
            ),
        ),
        migrations.AddField(
            model_name="goodpracticenote",
            name="measure",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="practice_notes",
                to="kpis.measure",
            ),
        ),
        migrations.AddField(
            model_name="goodpracticenote",
            name="written_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="practice_notes",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="guidancepage",
            name="changed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="proxy",
            name="added_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="proxy",
            name="deflators",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kpis.deflatorseries",
            ),
        ),
        migrations.AddField(
            model_name="proxy",
            name="measure",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="proxies", to="kpis.measure"
            ),
        ),
        migrations.AddField(
            model_name="proxy",
            name="replaces",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="kpis.proxy",
            ),
        ),
        migrations.AddField(
            model_name="proxy",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kpis.unit"
            ),
        ),
        migrations.AddField(
            model_name="kpiterms",
            name="proxy",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="terms",
                to="kpis.proxy",
            ),
        ),
        migrations.AddField(
            model_name="proxyvalue",
            name="proxy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="values", to="kpis.proxy"
            ),
        ),
        migrations.AddConstraint(
            model_name="deflatorindex",
            constraint=models.UniqueConstraint(fields=("series", "year"), name="deflator_once_a_year"),
        ),
        migrations.AddConstraint(
            model_name="deflatorindex",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gt", 0)), name="deflator_above_nothing"
            ),
        ),
        migrations.AddConstraint(
            model_name="frameworkchoice",
            constraint=models.UniqueConstraint(
                fields=("contract", "framework"), name="framework_choice_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="goodpracticenote",
            constraint=models.CheckConstraint(
                condition=models.Q(("measure__isnull", False), ("contract__isnull", False), _connector="OR"),
                name="practice_note_is_on_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="proxy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_usual", True)), fields=("measure",), name="proxy_usual_once_a_measure"
            ),
        ),
        migrations.AddConstraint(
            model_name="proxy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deadweight", None),
                    models.Q(("deadweight__gte", 0), ("deadweight__lte", 100)),
                    _connector="OR",
                ),
                name="proxy_deadweight_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="proxy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("attribution", None),
                    models.Q(("attribution__gte", 0), ("attribution__lte", 100)),
                    _connector="OR",
                ),
                name="proxy_attribution_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="proxy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("displacement", None),
                    models.Q(("displacement__gte", 0), ("displacement__lte", 100)),
                    _connector="OR",
                ),
                name="proxy_displacement_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="proxy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("drop_off", None),
                    models.Q(("drop_off__gte", 0), ("drop_off__lte", 100)),
                    _connector="OR",
                ),
                name="proxy_drop_off_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="proxy",
            constraint=models.CheckConstraint(
                condition=models.Q(("lasts_years__gte", 1)), name="proxy_lasts_a_year_at_least"
            ),
        ),
        migrations.AddConstraint(
            model_name="proxy",
            constraint=models.CheckConstraint(
                condition=models.Q(("stream__in", ["social", "local"])), name="proxy_stream_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="proxy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_until", None),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="proxy_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="proxyvalue",
            constraint=models.UniqueConstraint(fields=("proxy", "year"), name="proxy_value_once_a_year"),
        ),
        migrations.AddConstraint(
            model_name="proxyvalue",
            constraint=models.UniqueConstraint(
                condition=models.Q(("year", None)), fields=("proxy",), name="proxy_value_for_all_years_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="proxyvalue",
            constraint=models.CheckConstraint(
                condition=models.Q(("low", None), ("low__lte", models.F("value")), _connector="OR"),
                name="proxy_value_low_is_lower",
            ),
        ),
        migrations.AddConstraint(
            model_name="proxyvalue",
            constraint=models.CheckConstraint(
                condition=models.Q(("high", None), ("high__gte", models.F("value")), _connector="OR"),
                name="proxy_value_high_is_higher",
            ),
        ),
    ]
