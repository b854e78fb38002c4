"""Readings: what one KPI came to in one month; every figure after submission is kept."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Versioned
from kpis.proposals.models import FIGURE


class ReadingQuerySet(models.QuerySet):
    """Questions about readings."""

    def reported(self):
        """Return readings with a submitted figure."""
        return self.filter(reported_at__isnull=False)

    def verified(self):
        """Return readings with a verified figure."""
        return self.filter(verified_at__isnull=False)

    def of_kpi(self, kpi):
        """Return the readings of one KPI across all its sets, oldest first."""
        return self.filter(kpi=kpi).order_by("month")


class Reading(Versioned):
    """One KPI in one month, under the terms in force that month.

    `value` (or `numerator` and `denominator`) is what the contract manager is working on; `reported_...` is
    what was last submitted; `verified_...` what the lead confirmed. Blank is blank, never 0; "nothing to
    report" is an explicit 0.
    """

    monthly_return = models.ForeignKey(
        "kpis.MonthlyReturn", on_delete=models.PROTECT, related_name="readings"
    )
    kpi = models.ForeignKey("kpis.KPI", on_delete=models.PROTECT, related_name="readings")
    terms = models.ForeignKey("kpis.KPITerms", on_delete=models.PROTECT, related_name="readings")
    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="readings")
    month = models.DateField()
    # Frozen at opening: a contract that moves later leaves its past figures where they were.
    directorate = models.ForeignKey("accounts.Directorate", on_delete=models.PROTECT, related_name="readings")
    measure = models.ForeignKey("kpis.Measure", on_delete=models.PROTECT, related_name="readings")
    # The month's target under the terms in force; None where the KPI has no amount (text, milestone).
    target = models.DecimalField(null=True, blank=True, **FIGURE)

    value = models.DecimalField(null=True, blank=True, **FIGURE)
    numerator = models.DecimalField(null=True, blank=True, **FIGURE)
    denominator = models.DecimalField(null=True, blank=True, **FIGURE)
    date_value = models.DateField(null=True, blank=True)
    text_value = models.TextField(blank=True)
    nothing_to_report = models.BooleanField(default=False)
    comment = models.TextField(blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="readings_saved",
    )
    saved_at = models.DateTimeField(null=True, blank=True)
    # Everybody who saved a value: none of them may verify it.
    editors = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="readings_edited")

    reported_value = models.DecimalField(null=True, blank=True, **FIGURE)
    reported_numerator = models.DecimalField(null=True, blank=True, **FIGURE)
    reported_denominator = models.DecimalField(null=True, blank=True, **FIGURE)
    reported_at = models.DateTimeField(null=True, blank=True)
    verified_value = models.DecimalField(null=True, blank=True, **FIGURE)
    verified_numerator = models.DecimalField(null=True, blank=True, **FIGURE)
    verified_denominator = models.DecimalField(null=True, blank=True, **FIGURE)
    verified_at = models.DateTimeField(null=True, blank=True)
    verification_note = models.TextField(blank=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["month", "terms__position", "pk"]
        indexes = [
            models.Index(fields=["directorate", "month", "measure"], name="reading_totals"),
            models.Index(fields=["kpi", "month"], name="reading_kpi_month"),
            models.Index(fields=["contract", "month"], name="reading_contract_month"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["monthly_return", "kpi"], name="reading_once_a_return"),
            models.UniqueConstraint(fields=["kpi", "month"], name="reading_once_a_kpi_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="reading_month_is_a_first"),
        ]

    def __str__(self):
        return f"{self.terms.title}, {self.month:%Y-%m}"

    @property
    def is_done(self):
        """Return whether something was entered: a figure, or "nothing to report"."""
        if self.nothing_to_report:
            return True
        kind = self.measure.kind
        if kind == "percentage":
            return self.numerator is not None and self.denominator is not None
        if kind == "milestone":
            return self.date_value is not None
        if kind == "text":
            return bool(self.text_value)
        return self.value is not None

    @property
    def is_started(self):
        """Return whether anything at all was saved."""
        return self.saved_at is not None


class CohortCount(models.Model):
    """How many of a reading's people belong to one cohort. A split never exceeds the value."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="cohort_counts")
    cohort = models.ForeignKey("kpis.Cohort", on_delete=models.PROTECT, related_name="counts")
    count = models.PositiveIntegerField()
    reported_count = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reading", "cohort"], name="cohort_count_once_a_reading")
        ]

    def __str__(self):
        return f"{self.cohort}: {self.count}"


class ReadingVersion(models.Model):
    """A figure as it stood from a moment on: added at each submission, verification and correction."""

    class Act(models.TextChoices):
        """What made the figure change."""

        SUBMITTED = "submitted", "Submitted"
        VERIFIED = "verified", "Verified"
        REOPENED = "reopened", "Reopened"

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="versions")
    act = models.CharField(max_length=9, choices=Act.choices)
    recorded_at = models.DateTimeField(default=timezone.now, db_index=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reported_value = models.DecimalField(null=True, blank=True, **FIGURE)
    reported_numerator = models.DecimalField(null=True, blank=True, **FIGURE)
    reported_denominator = models.DecimalField(null=True, blank=True, **FIGURE)
    verified_value = models.DecimalField(null=True, blank=True, **FIGURE)
    verified_numerator = models.DecimalField(null=True, blank=True, **FIGURE)
    verified_denominator = models.DecimalField(null=True, blank=True, **FIGURE)
    nothing_to_report = models.BooleanField(default=False)
    text_value = models.TextField(blank=True)
    date_value = models.DateField(null=True, blank=True)
    comment = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    cohort_counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["reading_id", "-pk"]

    def __str__(self):
        return f"{self.reading}: {self.get_act_display()}"
