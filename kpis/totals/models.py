"""Totals: one row a directorate, month and measure, recomputed from the readings it sums."""

from typing import Any

from django.db import models

from kpis.proposals.models import FIGURE

TOTAL: dict[str, Any] = {**FIGURE, "max_digits": 22, "default": 0}


class DirectorateMonth(models.Model):
    """The row one locks before recomputing a directorate's totals for a month."""

    directorate = models.ForeignKey("accounts.Directorate", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directorate", "month"], name="directorate_month_once")
        ]

    def __str__(self):
        return f"{self.directorate} {self.month:%Y-%m}"


class TotalRow(models.Model):
    """What one measure came to in one directorate and month.

    Amounts are exact sums over readings. Percentages carry numerators and denominators, never a summed
    percentage. `due` sums the targets of measures that add up.
    """

    directorate = models.ForeignKey("accounts.Directorate", on_delete=models.PROTECT, related_name="totals")
    month = models.DateField()
    measure = models.ForeignKey("kpis.Measure", on_delete=models.PROTECT, related_name="totals")
    due = models.DecimalField(**TOTAL)
    reported = models.DecimalField(**TOTAL)
    reported_numerator = models.DecimalField(**TOTAL)
    reported_denominator = models.DecimalField(**TOTAL)
    verified = models.DecimalField(**TOTAL)
    verified_numerator = models.DecimalField(**TOTAL)
    verified_denominator = models.DecimalField(**TOTAL)
    n_expected = models.PositiveIntegerField(default=0)
    n_reported = models.PositiveIntegerField(default=0)
    n_verified = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["directorate_id", "month", "measure_id"]
        constraints = [
            models.UniqueConstraint(fields=["directorate", "month", "measure"], name="total_row_once")
        ]
        indexes = [models.Index(fields=["month", "measure"], name="total_month_measure")]

    def __str__(self):
        return f"{self.measure} {self.month:%Y-%m}"
