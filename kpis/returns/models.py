"""Monthly returns and the evidence that goes with them."""

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.calendar import add_months, months_between, today
from accounts.models import Versioned
from contracts.models import Contract
from govuk import formats

# A return covers this many months at most.
LONGEST = 6


class MonthlyReturnQuerySet(models.QuerySet):
    """Questions about monthly returns."""

    def visible_to(self, person):
        """Return the returns of contracts this person may read."""
        if person.authority.sees_everything:
            return self
        return self.filter(contract__in=Contract.objects.visible_to(person).values("number"))

    def to_fill_in_by(self, person):
        """Return the returns of this person's own contracts."""
        return self.filter(contract__in=Contract.objects.managed_by(person).values("number"))

    def owed(self):
        """Return returns somebody owes or owed here: not those excused, nor what was reported before."""
        return self.exclude(status=MonthlyReturn.Status.EXCUSED).exclude(before_system=True)

    def covering(self, month):
        """Return the returns whose figures are for a month, alone or with others of its half year."""
        return self.filter(
            reduce(or_, (Q(month=add_months(month, n), months_covered__gt=n) for n in range(LONGEST)))
        )

    def unfinished(self):
        """Return returns somebody still has to submit."""
        return self.filter(status__in=MonthlyReturn.UNFINISHED)

    def late_on(self, day):
        """Return returns that were due before a day and have never been submitted by then."""
        return self.owed().filter(due_on__lt=day, first_submitted_at=None)

    def with_contract(self):
        """Return the returns with contract and directorate fetched, for lists."""
        return self.select_related("contract", "contract__manager", "directorate", "kpi_set")


class MonthlyReturn(Versioned):
    """One contract's figures for a month, quarter or half year, opened by the clock from its KPI set."""

    class Status(models.TextChoices):
        """Where the return stands. Verified and closed returns are locked."""

        OPEN = "open", "To do"
        SUBMITTED = "submitted", "Submitted"
        SENT_BACK = "sent_back", "Sent back"
        VERIFIED = "verified", "Verified"
        CLOSED = "closed", "Closed, not sampled"
        REOPENED = "reopened", "Reopened for correction"
        EXCUSED = "excused", "Excused"

    UNFINISHED = ("open", "sent_back", "reopened")
    LOCKED = ("verified", "closed")

    contract = models.ForeignKey(
        "contracts.Contract", on_delete=models.PROTECT, related_name="monthly_returns"
    )
    month = models.DateField()
    # A quarterly return is stored under its last month, with 3 months covered.
    months_covered = models.PositiveSmallIntegerField(default=1)
    kpi_set = models.ForeignKey("kpis.KPISet", on_delete=models.PROTECT, related_name="monthly_returns")
    directorate = models.ForeignKey(
        "accounts.Directorate", on_delete=models.PROTECT, related_name="monthly_returns"
    )
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField(default=timezone.now)
    # Stored when the return opens; a later change of settings doesn't move it.
    due_on = models.DateField()
    awaiting_supplier_since = models.DateField(null=True, blank=True)
    awaiting_supplier_note = models.CharField(max_length=250, blank=True)
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="returns_submitted",
    )
    # Why it was last sent back or reopened, when, and how often: each time reminders start again.
    sent_back_reason = models.TextField(blank=True)
    sent_back_at = models.DateTimeField(null=True, blank=True)
    cycle = models.PositiveSmallIntegerField(default=1)
    # When the answer to a return that was sent back is due.
    due_again_on = models.DateField(null=True, blank=True)
    sample_reason = models.CharField(max_length=150, blank=True)
    sampled_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField("verified or closed at", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="returns_checked",
    )
    # Why nothing is owed for the month, and what had been entered before that was known (to be put back
    # should it be owed after all).
    excused_by = models.ForeignKey(
        "contracts.Suspension",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="excused_returns",
    )
    set_aside = models.JSONField(default=list, blank=True)
    # Its figures were reported before this system and came in when the KPIs were adopted as signed: counted
    # as reported, never as on time or late.
    before_system = models.BooleanField(default=False)
    additional_benefits = models.TextField("benefits beyond the commitments", blank=True)

    objects = MonthlyReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "contract"]
        indexes = [
            models.Index(fields=["status", "due_on"], name="return_status_due"),
            models.Index(fields=["directorate", "month"], name="return_directorate_month"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["contract", "month"], name="return_once_a_contract_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="return_month_is_a_first"),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "open",
                        "submitted",
                        "sent_back",
                        "verified",
                        "closed",
                        "reopened",
                        "excused",
                    ]
                ),
                name="return_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "verified", "closed"])
                | Q(first_submitted_at__isnull=False, submitted_at__isnull=False),
                name="return_submitted_has_time",
            ),
        ]

    def __str__(self):
        return f"{self.contract.title}, {self.period_words}"

    def get_absolute_url(self):
        """Return the address of the return's page."""
        return reverse("kpis:return-page", args=[self.contract_id, self.month_slug])

    @property
    def month_slug(self):
        """Return the month as it stands in addresses: 2026-05."""
        return f"{self.month:%Y-%m}"

    @property
    def first_month(self):
        """Return the first month its figures are for; the last is `month`."""
        return add_months(self.month, 1 - self.months_covered)

    @property
    def months(self):
        """Return every month its figures are for."""
        return months_between(self.first_month, self.month)

    @property
    def period_words(self):
        """Return the months its figures are for: "May 2026" or "April to June 2026"."""
        return formats.months(self.first_month, self.month)

    @property
    def span_word(self):
        """Return "month" or "period": what its target is for."""
        return "month" if self.months_covered == 1 else "period"

    @property
    def is_unfinished(self):
        """Return whether somebody still has to submit it."""
        return self.status in self.UNFINISHED

    @property
    def is_excused(self):
        """Return whether nobody owes it."""
        return self.status == self.Status.EXCUSED

    @property
    def is_locked(self):
        """Return whether its figures can only be changed by reopening it."""
        return self.status in self.LOCKED

    @property
    def current_due_on(self):
        """Return the day it is due now: the first due date, or the one set when it was sent back."""
        return self.due_again_on or self.due_on

    @property
    def is_overdue(self):
        """Return whether it should have been submitted before today."""
        return self.is_unfinished and not self.before_system and self.current_due_on < today()

    @property
    def was_on_time(self):
        """Return whether its first submission came by the due date; None while there is none.

        None as well for what was reported before this system: nobody here knows when that came.
        """
        if self.first_submitted_at is None or self.before_system:
            return None
        return timezone.localdate(self.first_submitted_at) <= self.due_on


class ReturnSubmission(models.Model):
    """A submission kept whole: what was said, by whom, confirmed in which words."""

    monthly_return = models.ForeignKey(MonthlyReturn, on_delete=models.PROTECT, related_name="submissions")
    ordinal = models.PositiveSmallIntegerField()
    content = models.JSONField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["monthly_return_id", "-ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["monthly_return", "ordinal"], name="return_submission_ordinal_once"
            )
        ]

    def __str__(self):
        return f"{self.monthly_return}, submission {self.ordinal}"


class Evidence(models.Model):
    """A file that supports figures of one return. Withdrawn, never silently removed."""

    class Kind(models.TextChoices):
        """What the file is."""

        STARTERS = "starters", "Anonymised list of starters"
        TRAINING = "training", "Training provider's confirmation"
        TIMESHEET = "timesheet", "Sign-in sheet or host's letter"
        LEDGER = "ledger", "Spend or ledger extract"
        CALCULATION = "calculation", "Calculation"
        TRANSFER_NOTE = "transfer_note", "Waste transfer notes"
        RECEIPT = "receipt", "Receipt or letter of thanks"
        OTHER = "other", "Something else"

    class Verdict(models.TextChoices):
        """What the lead made of it."""

        UNSEEN = "", "Not yet checked"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    monthly_return = models.ForeignKey(MonthlyReturn, on_delete=models.PROTECT, related_name="evidence")
    readings = models.ManyToManyField("kpis.Reading", related_name="evidence")
    kind = models.CharField("what it is", max_length=13, choices=Kind.choices)
    description = models.CharField(max_length=250, blank=True)
    file = models.FileField(upload_to="evidence/%Y/%m/", max_length=300)
    file_name = models.CharField(max_length=250)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    is_restricted = models.BooleanField("about identifiable people", default=False)
    restricted_reason = models.CharField("why it is restricted", max_length=250, blank=True)
    keep_until = models.DateField(null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evidence_added"
    )
    added_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=250, blank=True)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)

    class Meta:
        ordering = ["added_at", "pk"]
        verbose_name_plural = "evidence"

    def __str__(self):
        return self.file_name

    @property
    def is_withdrawn(self):
        """Return whether it no longer counts."""
        return self.withdrawn_at is not None
