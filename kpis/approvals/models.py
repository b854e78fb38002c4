"""Decisions on KPI sets: on exactly which content, by whom, on whose authority."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Decision(models.Model):
    """One decision on one submission. Never changed; a later decision is another row."""

    class Outcome(models.TextChoices):
        """What was decided."""

        APPROVED = "approved", "Approved"
        RETURNED = "returned", "Returned"

    submission = models.ForeignKey("kpis.SetSubmission", on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    content_hash = models.CharField(max_length=64)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions"
    )
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="decisions_in_their_name"
    )
    delegation = models.ForeignKey(
        "accounts.Delegation", null=True, on_delete=models.PROTECT, related_name="decisions"
    )
    decided_at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True)
    # Position of the KPI in the set (as text) -> reason it was returned for.
    reasons = models.JSONField(default=dict)

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["submission"], name="decision_once_a_submission")]

    def __str__(self):
        return f"{self.get_outcome_display()} {self.decided_at:%Y-%m-%d}"
