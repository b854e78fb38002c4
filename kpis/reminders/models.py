"""Reminder steps as data, and the claim that makes each go out once."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class ReminderStep(models.Model):
    """One step: how many working days from the due date, to whom, with which letter line, on or off."""

    class Subject(models.TextChoices):
        """What the step is about."""

        RETURN = "return", "Monthly return"
        APPROVAL = "approval", "KPI set waiting for approval"

    class Audience(models.TextChoices):
        """Who gets it."""

        MANAGER = "manager", "Contract manager and deputies"
        MANAGER_COMMISSIONER = "manager_commissioner", "Contract manager and deputies, copy to the commissioner"
        DIRECTOR_DIGEST = "director_digest", "Director, in the weekly digest"
        DECIDERS = "deciders", "Those who can decide"

    key = models.SlugField(max_length=40, unique=True)
    subject = models.CharField(max_length=10, choices=Subject.choices)
    # Working days from the due date: negative before, positive after; None = when the item opens.
    days = models.SmallIntegerField(null=True, blank=True)
    audience = models.CharField(max_length=20, choices=Audience.choices)
    line = models.CharField("the line in the digest", max_length=250)
    is_on = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["subject", "position"]

    def __str__(self):
        return self.key


class ReminderClaim(models.Model):
    """This step of this item was sent to this person, in this letter. The unique row is the claim."""

    step = models.ForeignKey(ReminderStep, on_delete=models.PROTECT, related_name="claims")
    subject_id = models.BigIntegerField()
    # A returned item starts its steps again under the next cycle.
    cycle = models.PositiveSmallIntegerField(default=1)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminders")
    letter = models.ForeignKey("accounts.Letter", null=True, on_delete=models.PROTECT, related_name="claims")
    owed_since = models.DateField()
    claimed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "subject_id", "cycle", "person"], name="reminder_claimed_once"
            )
        ]
        indexes = [models.Index(fields=["subject_id"], name="reminder_claim_subject")]

    def __str__(self):
        return f"{self.step} to {self.person}"
