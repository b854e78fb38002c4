"""Reminder steps as data, the claim that makes each go out once, and pauses with a reason."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class ReminderStep(models.Model):
    """One step: how many working days from the due date, to whom, with which letter line, on or off."""

    class Subject(models.TextChoices):
        """What the step is about."""

        RETURN = "return", "Monthly return"
        APPROVAL = "approval", "KPI set waiting for approval"
        BREAK_POINT = "break_point", "Notice for a break point"
        EXCEPTION = "exception", "Exception to be reviewed"

    class Audience(models.TextChoices):
        """Who gets it."""

        MANAGER = "manager", "Contract manager and deputies"
        MANAGER_COMMISSIONER = (
            "manager_commissioner",
            "Contract manager and deputies, copy to the commissioner",
        )
        DIRECTOR_DIGEST = "director_digest", "Director, in the weekly digest"
        DECIDERS = "deciders", "Those who can decide"

    key = models.SlugField(max_length=40, unique=True)
    subject = models.CharField(max_length=12, choices=Subject.choices)
    # Working days from the due date (for approvals: from the submission; for break points: from the last
    # day for notice; for exceptions: from the day of review): negative before, positive after; None = when
    # the item opens.
    days = models.SmallIntegerField("working days", null=True, blank=True)
    audience = models.CharField(max_length=20, choices=Audience.choices)
    line = models.CharField("the line in the digest", max_length=250)
    is_on = models.BooleanField("sent", default=True)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["subject", "position"]

    def __str__(self):
        return f"{self.get_subject_display()}: {self.when}"

    @property
    def when(self):
        """Return when the step falls due, in words."""
        if self.days is None:
            return "when it opens"
        number = abs(self.days)
        days = "1 working day" if number == 1 else f"{number} working days"
        if self.subject == self.Subject.APPROVAL:
            return f"{days} after it was submitted"
        if self.subject == self.Subject.BREAK_POINT:
            return f"{days} before the last day for notice" if self.days else "on the last day for notice"
        if self.subject == self.Subject.EXCEPTION:
            after = "after" if self.days > 0 else "before"
            return f"{days} {after} the day of review" if self.days else "on the day of review"
        if self.days == 0:
            return "on the day it is due"
        return f"{days} {'before' if self.days < 0 else 'after'} it is due"


class ReminderClaim(models.Model):
    """This step of this item is done for this person. The unique row is the claim.

    Steps that a later one overtook are claimed without being told (`is_told` is false), so that somebody who
    was away for a week finds one line about an item, not four.
    """

    step = models.ForeignKey(ReminderStep, on_delete=models.PROTECT, related_name="claims")
    subject_id = models.BigIntegerField()
    # A returned item starts its steps again under the next cycle.
    cycle = models.PositiveSmallIntegerField(default=1)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminders")
    letter = models.ForeignKey("accounts.Letter", null=True, on_delete=models.PROTECT, related_name="claims")
    is_told = models.BooleanField(default=True)
    owed_since = models.DateField()
    claimed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "subject_id", "cycle", "person"], name="reminder_claimed_once"
            ),
            models.CheckConstraint(
                condition=Q(is_told=False) | Q(letter__isnull=False), name="reminder_told_by_a_letter"
            ),
        ]
        indexes = [models.Index(fields=["subject_id"], name="reminder_claim_subject")]

    def __str__(self):
        return f"{self.step} to {self.person}"


class ReminderSnoozeQuerySet(models.QuerySet):
    """Questions about pauses."""

    def in_force(self, day):
        """Return the pauses that hold on a day; the last day counts."""
        return self.filter(until__gte=day, ended_at=None)


class ReminderSnooze(models.Model):
    """Reminders about one return are held back until a day has passed, for a reason."""

    monthly_return = models.ForeignKey("kpis.MonthlyReturn", on_delete=models.PROTECT, related_name="snoozes")
    until = models.DateField("no reminders until after")
    reason = models.CharField(max_length=250)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ReminderSnoozeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.monthly_return}: no reminders until after {self.until:%Y-%m-%d}"
