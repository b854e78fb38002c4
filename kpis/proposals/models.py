"""KPI sets: what was promised, in which words, from which month, and what exactly was sent for approval."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Versioned
from contracts.models import Contract, ProportionateRule
from kpis.library.models import Direction, Kind

# The figures of this floor: up to 14 digits before the point and 4 behind it.
FIGURE: dict[str, Any] = {"max_digits": 18, "decimal_places": 4}


def _at_work(person) -> Q:
    """Return the condition "they propose, decide or manage here", for sets; partners decide too."""
    held = person.authority
    decides = held.leads | held.delegated
    partners = Contract.partner_directorates.through.objects.filter(directorate__in=decides)
    return (
        Q(contract__directorate__in=held.commissions | decides)
        | Q(contract__in=Contract.objects.managed_by(person).values("number"))
        | Q(contract__in=partners.values("contract"))
    )


class KPISetQuerySet(models.QuerySet):
    """Questions about KPI sets."""

    def in_force(self, month):
        """Return approved sets that hold for a month: for each contract the latest effective by then."""
        later = KPISet.objects.filter(
            contract=models.OuterRef("contract"),
            status=KPISet.Status.APPROVED,
            effective_month__lte=month,
        ).filter(
            Q(effective_month__gt=models.OuterRef("effective_month"))
            | Q(effective_month=models.OuterRef("effective_month"), number__gt=models.OuterRef("number"))
        )
        return self.filter(~models.Exists(later), status=KPISet.Status.APPROVED, effective_month__lte=month)

    def visible_to(self, person):
        """Return the sets a person may read: approved ones of contracts they see, all of their own work.

        Drafts, waiting, returned and withdrawn sets are for those who propose in its directorate or decide in
        it or in a partner's, the contract's manager and deputies, the lead and administrators: members and
        scrutiny never see them.
        """
        if person.authority.sees_everything:
            return self
        seen = Contract.objects.visible_to(person)
        return self.filter(
            Q(status=KPISet.Status.APPROVED) | _at_work(person), contract__in=seen.values("number")
        )

    def worked_on_by(self, person):
        """Return the sets whose drafts, questions and history a person may read, approved or not."""
        if person.authority.sees_everything:
            return self
        seen = Contract.objects.visible_to(person)
        return self.filter(_at_work(person), contract__in=seen.values("number"))

    def with_kpis(self):
        """Return sets that promise KPIs, without exceptions, which say why there are none."""
        return self.filter(kind=KPISet.Kind.KPIS)

    def exceptions(self):
        """Return exceptions: why a contract has no KPIs, to be reviewed on a date."""
        return self.filter(kind=KPISet.Kind.EXCEPTION)

    def standing_on(self, day):
        """Return exceptions whose day of review has not passed on a day; not whether another set followed."""
        return self.exceptions().filter(review_on__gte=day)

    def open_or_waiting(self):
        """Return sets that are not finished: draft, waiting for approval or returned."""
        return self.filter(status__in=[KPISet.Status.DRAFT, KPISet.Status.SUBMITTED, KPISet.Status.RETURNED])

    def pending(self):
        """Return sets that wait for a decision of their own.

        Those that came in as signed wait with their batch, which is one thing to decide: see `kpis.adoption`.
        """
        return self.filter(status=KPISet.Status.SUBMITTED, adoption=None)

    def with_contract(self):
        """Return the sets with contract, directorate and people fetched, for lists."""
        return self.select_related(
            "contract", "contract__directorate", "contract__manager", "contract__commissioner", "submitted_by"
        )


class KPISet(Versioned):
    """A contract's KPIs, proposed, approved and changed together under one number."""

    class Kind(models.TextChoices):
        """Whether KPIs are promised, or why there are none: both are proposed and decided alike."""

        KPIS = "kpis", "KPI set"
        EXCEPTION = "exception", "Exception"

    class Reason(models.TextChoices):
        """Why a contract has no social value KPIs."""

        EARLIER = "earlier", "It was tendered before the council asked for social value"
        SMALL = "small", "It is too small or too short"
        ELSEWHERE = "elsewhere", "Its social value is promised under another contract"
        IN_KIND = "in_kind", "An offer in kind or in cash was taken instead"
        UNSUITED = "unsuited", "Nothing would be relevant and proportionate to what is bought"
        OTHER = "other", "Another reason"

    class Status(models.TextChoices):
        """Where the set stands. Which approved set is in force follows from the month."""

        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Waiting for approval"
        RETURNED = "returned", "Returned"
        APPROVED = "approved", "Approved"
        WITHDRAWN = "withdrawn", "Withdrawn"

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="kpi_sets")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=9, choices=Kind.choices, default=Kind.KPIS)
    # Of an exception only: why in one of a few words, and the day it is looked at again.
    reason = models.CharField("why there are no KPIs", max_length=9, choices=Reason.choices, blank=True)
    review_on = models.DateField("to be reviewed on", null=True, blank=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.DRAFT)
    # First month it holds for: asked for by the proposer, fixed at approval.
    effective_month = models.DateField(null=True, blank=True)
    # How often figures are returned, in months: from the council's rules when the set is begun.
    returns_every = models.PositiveSmallIntegerField(
        "returns", choices=ProportionateRule.Often.choices, default=ProportionateRule.Often.MONTHLY
    )
    # The ready set it was begun from, where it was.
    template = models.ForeignKey(
        "kpis.KPITemplate", null=True, blank=True, on_delete=models.PROTECT, related_name="kpi_sets"
    )
    # The contract's set it was begun as a copy of, where it was.
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    # The first month returned here, where the months before were reported before this system.
    returns_from = models.DateField(null=True, blank=True)
    # Decided with this part of a batch, where it came in as signed; the part is in `kpis.adoption`.
    adoption = models.ForeignKey(
        "kpis.AdoptionPart", null=True, blank=True, on_delete=models.PROTECT, related_name="kpi_sets"
    )
    # Of what was adopted as signed: the document it stands in, with its date.
    signed_document = models.CharField("signed document", max_length=250, blank=True)
    why = models.TextField("reasons", blank=True)
    supplier_agreed = models.CharField(
        "supplier's agreement and variation reference", max_length=250, blank=True
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="kpi_sets_started"
    )
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="kpi_sets_submitted",
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # Hash of the content as last submitted; a decision quotes it.
    content_hash = models.CharField(max_length=64, blank=True)
    # Everybody who changed the content: none of them may approve it.
    editors = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="kpi_sets_edited")

    objects = KPISetQuerySet.as_manager()

    class Meta:
        ordering = ["contract", "-number"]
        verbose_name = "KPI set"
        indexes = [models.Index(fields=["status", "contract"], name="kpi_set_status_contract")]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="kpi_set_number_once"),
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(status__in=["draft", "submitted", "returned"]),
                name="kpi_set_one_pending_a_contract",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "submitted", "returned", "approved", "withdrawn"]),
                name="kpi_set_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(effective_month__isnull=False, decided_at__isnull=False),
                name="kpi_set_approved_has_month",
            ),
            models.CheckConstraint(
                condition=Q(effective_month=None) | Q(effective_month__day=1),
                name="kpi_set_month_is_a_first",
            ),
            models.CheckConstraint(condition=Q(returns_every__in=[1, 3, 6]), name="kpi_set_returns_known"),
            models.CheckConstraint(condition=Q(kind__in=["kpis", "exception"]), name="kpi_set_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind="exception", status__in=["submitted", "approved"])
                | Q(review_on__isnull=False) & ~Q(reason=""),
                name="kpi_set_exception_is_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(returns_from=None) | Q(returns_from__day=1), name="kpi_set_returns_from_a_first"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self):
        """Return the address of the set's page."""
        return reverse("kpis:kpi-set-page", args=[self.contract_id, self.number])

    @property
    def is_exception(self):
        """Return whether it says why there are no KPIs."""
        return self.kind == self.Kind.EXCEPTION

    def is_to_be_reviewed_on(self, day):
        """Return whether it is an approved exception whose day of review has passed on a day."""
        approved = self.is_exception and self.status == self.Status.APPROVED
        return approved and self.review_on is not None and self.review_on < day

    @property
    def is_open(self):
        """Return whether its content may still be changed."""
        return self.status in {self.Status.DRAFT, self.Status.RETURNED}


class KPI(models.Model):
    """What continues across sets: same contract, measure, unit, direction and kind."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="kpis")
    measure = models.ForeignKey("kpis.Measure", on_delete=models.PROTECT, related_name="kpis")
    unit = models.ForeignKey("kpis.Unit", on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=6, choices=Direction.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "KPI"
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "measure", "unit", "direction", "kind"], name="kpi_identity_once"
            )
        ]

    def __str__(self):
        return self.measure.title


class KPITerms(models.Model):
    """One KPI in one set: the promise in full. Frozen once the set is submitted."""

    class Profile(models.TextChoices):
        """How the target is spread over the months."""

        FLAT = "flat", "The same each month"
        BY_TERM = "by_term", "By school term, each due in its last month"
        BY_HAND = "by_hand", "Month by month"

    kpi_set = models.ForeignKey(KPISet, on_delete=models.CASCADE, related_name="terms")
    kpi = models.ForeignKey(KPI, on_delete=models.PROTECT, related_name="terms")
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField("in this contract's words", max_length=200)
    # Whole life of the KPI for measures that add up; the level to hold for others (percentages 0-100).
    target = models.DecimalField(**FIGURE)
    starts_month = models.DateField("first month")
    ends_month = models.DateField("last month")
    baseline = models.DecimalField(null=True, blank=True, **FIGURE)
    profile = models.CharField(max_length=7, choices=Profile.choices, default=Profile.FLAT)
    cohort = models.ForeignKey(
        "kpis.Cohort", null=True, blank=True, on_delete=models.PROTECT, related_name="terms"
    )
    counting_rule = models.TextField()
    evidence_expected = models.TextField()
    green_from = models.DecimalField(
        "on track from (%)", max_digits=6, decimal_places=2, default=Decimal(100)
    )
    amber_from = models.DecimalField("watch from (%)", max_digits=6, decimal_places=2, default=Decimal(90))
    # What a unit is worth in £ for as long as these terms hold; blank for a KPI without a £ value.
    proxy = models.ForeignKey(
        "kpis.Proxy", null=True, blank=True, on_delete=models.PROTECT, related_name="terms"
    )
    why = models.TextField(blank=True)

    class Meta:
        ordering = ["kpi_set_id", "position", "pk"]
        verbose_name_plural = "KPI terms"
        constraints = [
            models.UniqueConstraint(fields=["kpi_set", "kpi"], name="kpi_once_a_set"),
            models.CheckConstraint(
                condition=Q(ends_month__gte=F("starts_month")), name="kpi_terms_end_after_start"
            ),
            models.CheckConstraint(
                condition=Q(starts_month__day=1, ends_month__day=1), name="kpi_terms_months_are_firsts"
            ),
            models.CheckConstraint(
                condition=Q(amber_from__lte=F("green_from")), name="kpi_terms_amber_below_green"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def measure(self):
        """Return the measure it counts by."""
        return self.kpi.measure

    @property
    def adds_up(self):
        """Return whether its monthly targets sum to the target."""
        return self.kpi.measure.roll_up == "sum" and not self.kpi.measure.is_percentage

    def covers(self, month: dt.date) -> bool:
        """Return whether the KPI is to be reported in a month."""
        return self.starts_month <= month <= self.ends_month


class MonthlyTarget(models.Model):
    """What one KPI's target comes to in one month."""

    terms = models.ForeignKey(KPITerms, on_delete=models.CASCADE, related_name="monthly_targets")
    month = models.DateField()
    amount = models.DecimalField(**FIGURE)

    class Meta:
        ordering = ["terms_id", "month"]
        constraints = [
            models.UniqueConstraint(fields=["terms", "month"], name="monthly_target_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="monthly_target_month_is_a_first"),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m}: {self.amount}"


class SetSubmission(models.Model):
    """Exactly what was sent for approval, kept whole; `content` hashes to `content_hash`."""

    kpi_set = models.ForeignKey(KPISet, on_delete=models.PROTECT, related_name="submissions")
    ordinal = models.PositiveSmallIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["kpi_set_id", "-ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["kpi_set", "ordinal"], name="set_submission_ordinal_once")
        ]

    def __str__(self):
        return f"{self.kpi_set}, submission {self.ordinal}"


class DecisionAsked(models.Model):
    """Somebody was asked by letter to decide a submission; who may decide can change while it waits."""

    submission = models.ForeignKey(SetSubmission, on_delete=models.PROTECT, related_name="asked")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "person"], name="decision_asked_once_a_person")
        ]

    def __str__(self):
        return f"{self.person} asked about {self.submission}"
