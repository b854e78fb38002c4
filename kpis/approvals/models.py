"""Decisions on KPI sets: on exactly which content, by whom, on whose authority; and what was asked before."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Decision(models.Model):
    """One directorate's decision on one submission. Never changed; a later decision is another row.

    A joint contract's submission is approved once each of its directorates approved it.
    """

    class Outcome(models.TextChoices):
        """What was decided."""

        APPROVED = "approved", "Approved"
        RETURNED = "returned", "Returned"

    submission = models.ForeignKey("kpis.SetSubmission", on_delete=models.PROTECT, related_name="decisions")
    # The directorate it was decided for, as it was then.
    directorate = models.ForeignKey(
        "accounts.Directorate", null=True, on_delete=models.PROTECT, related_name="decisions"
    )
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
    # By what right, in the words of that day: posts, names and limits may be others tomorrow.
    authority = models.CharField(max_length=400, blank=True)
    decided_at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True)
    # Position of the KPI in the set (as text) -> reason it was returned for.
    reasons = models.JSONField(default=dict)
    # Why it was approved although a challenge had no answer yet.
    override_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "directorate"], name="decision_once_a_submission_and_directorate"
            ),
            models.UniqueConstraint(
                fields=["submission"], condition=Q(directorate=None), name="decision_once_a_submission"
            ),
        ]

    def __str__(self):
        return f"{self.get_outcome_display()} {self.decided_at:%Y-%m-%d}"


class ChallengeQuerySet(models.QuerySet):
    """Questions about challenges."""

    def unanswered(self):
        """Return challenges that still wait for an answer."""
        return self.filter(answered_at=None, withdrawn_at=None)


class Challenge(models.Model):
    """What the social value group asks about a set before it is decided, and the proposers' answer."""

    kpi_set = models.ForeignKey("kpis.KPISet", on_delete=models.PROTECT, related_name="challenges")
    # What was read when it was asked.
    submission = models.ForeignKey("kpis.SetSubmission", on_delete=models.PROTECT, related_name="challenges")
    # The KPI it is about, or none for the set as a whole.
    kpi = models.ForeignKey(
        "kpis.KPI", null=True, blank=True, on_delete=models.PROTECT, related_name="challenges"
    )
    comment = models.TextField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="challenges_asked"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="challenge_answer_has_time",
            )
        ]

    def __str__(self):
        return self.comment[:60]

    @property
    def is_open(self):
        """Return whether it still waits for an answer."""
        return self.answered_at is None and self.withdrawn_at is None
