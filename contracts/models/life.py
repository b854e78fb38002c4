"""What happens to a contract while it runs: breaks and other chances to change it, suspensions, offers."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.calendar import today
from accounts.models import Versioned
from govuk.formats import day as show_day


class BreakPoint(Versioned):
    """A day on which a contract can be changed or left, and the last day to give notice of it."""

    class Kind(models.TextChoices):
        """What kind of chance it is."""

        BREAK = "break", "Break clause"
        EXTENSION = "extension", "Extension"
        REVIEW = "review", "Review"
        END = "end", "End and new contract"

    class Outcome(models.TextChoices):
        """What became of it."""

        OPEN = "", "Still ahead"
        KPIS_AGREED = "kpis_agreed", "Social value agreed"
        ASKED_REFUSED = "asked_refused", "Asked for, not agreed"
        NOT_ASKED = "not_asked", "Passed without asking"
        LEFT = "left", "Contract left or not extended"

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="break_points")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    on = models.DateField("date")
    notice_by = models.DateField("notice by", null=True, blank=True)
    clause = models.CharField("clause of the contract", max_length=120, blank=True)
    could_ask = models.TextField("what could be asked for", blank=True)
    outcome = models.CharField(max_length=13, choices=Outcome.choices, blank=True)
    outcome_words = models.TextField("what came of it", blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    outcome_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Recorded by mistake: stays in the history, counts nowhere.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["outcome", "notice_by"], name="break_point_notice")]
        constraints = [
            models.CheckConstraint(
                condition=Q(notice_by=None) | Q(notice_by__lte=F("on")), name="break_point_notice_before"
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} on {show_day(self.on)}"

    def get_absolute_url(self):
        """Return the address of the break points on the contract's page."""
        return reverse("reporting:contract-page", args=[self.contract_id]) + "#break-points"

    @property
    def act_by(self) -> dt.date:
        """Return the last day something can be done: the notice date, or the day itself."""
        return self.notice_by or self.on


class SuspensionQuerySet(models.QuerySet):
    """Questions about suspensions."""

    def standing(self):
        """Return suspensions that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def covering(self, month):
        """Return suspensions that hold in a month."""
        return self.standing().filter(Q(to_month=None) | Q(to_month__gte=month), from_month__lte=month)


class Suspension(models.Model):
    """Whole months in which nothing was to be delivered; their returns are excused by it."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="suspensions")
    from_month = models.DateField()
    # The last suspended month; None until the contract is taken up again.
    to_month = models.DateField(null=True, blank=True)
    reason = models.TextField()
    reference = models.CharField("agreement or letter", max_length=250, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    # Recorded by mistake: its months are owed after all.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        ordering = ["from_month", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(from_month__day=1), name="suspension_from_a_first"),
            models.CheckConstraint(
                condition=Q(to_month=None) | Q(to_month__day=1, to_month__gte=F("from_month")),
                name="suspension_to_a_first",
            ),
        ]

    def __str__(self):
        return f"{self.contract} suspended from {self.from_month:%B %Y}"

    def covers(self, month: dt.date) -> bool:
        """Return whether the contract was suspended by it in a month."""
        if self.withdrawn_at is not None or month < self.from_month:
            return False
        return self.to_month is None or month <= self.to_month


class Fund(models.Model):
    """Where cash contributions go, such as a neighbourhood fund."""

    name = models.CharField(max_length=120, unique=True)
    about = models.TextField(blank=True)
    is_open = models.BooleanField("takes contributions", default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Offer(Versioned):
    """What a supplier of a small contract gives instead of KPIs: help in kind, or money for a fund."""

    class Kind(models.TextChoices):
        """What is given."""

        IN_KIND = "in_kind", "Help in kind"
        CASH = "cash", "Cash contribution"

    class Status(models.TextChoices):
        """Where it stands."""

        PROMISED = "promised", "Promised"
        RECEIVED = "received", "Received"
        WITHDRAWN = "withdrawn", "Withdrawn"

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="offers")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    description = models.CharField("what is offered", max_length=250)
    amount = models.DecimalField("amount (£)", max_digits=12, decimal_places=2, null=True, blank=True)
    fund = models.ForeignKey(
        Fund, null=True, blank=True, on_delete=models.PROTECT, related_name="contributions"
    )
    ward = models.ForeignKey(
        "contracts.Ward", null=True, blank=True, on_delete=models.PROTECT, related_name="offers"
    )
    due_on = models.DateField("promised by", null=True, blank=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PROMISED)
    received_on = models.DateField("received on", null=True, blank=True)
    received_words = models.TextField("what was received, and how that is known", blank=True)
    # Where money came: how much, which may differ from what was promised.
    amount_received = models.DecimalField(
        "amount received (£)", max_digits=12, decimal_places=2, null=True, blank=True
    )
    withdrawn_reason = models.TextField("why it was withdrawn", blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["contract", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="cash") | Q(amount__gt=0), name="offer_of_cash_has_an_amount"
            ),
            models.CheckConstraint(
                condition=~Q(status="received") | Q(received_on__isnull=False), name="offer_received_on_a_day"
            ),
        ]

    def __str__(self):
        return self.description

    @property
    def is_late(self) -> bool:
        """Return whether it was promised by a day that has passed and has not come."""
        return self.status == self.Status.PROMISED and self.due_on is not None and self.due_on < today()
