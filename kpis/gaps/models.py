"""Stock-takes: somebody looks at each contract of a directorate and says why it has no (or weak) KPIs."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Versioned
from govuk import formats


class StockTakeQuerySet(models.QuerySet):
    """Questions about stock-takes."""

    def visible_to(self, person):
        """Return the stock-takes a person may read: of the directorates whose contracts are open to them."""
        held = person.authority
        if held.sees_all_directorates:
            return self
        return self.filter(directorate__in=held.directorates_seen)

    def with_names(self):
        """Return the stock-takes with directorate and people fetched."""
        return self.select_related("directorate", "started_by", "closed_by")

    def open_ones(self):
        """Return those nobody has closed, the oldest first, each with `size` and `looked` counted."""
        return (
            self.filter(closed_at=None)
            .select_related("directorate", "started_by")
            .annotate(
                size=Count("contracts", distinct=True),
                # An answer is only taken for a contract of the stock-take (`verbs.say`).
                looked=Count("notes__contract", distinct=True),
            )
            .order_by("started_at", "pk")
        )


class StockTake(Versioned):
    """A sweep over a directorate's contracts, one by one; open until somebody closes it."""

    directorate = models.ForeignKey(
        "accounts.Directorate", on_delete=models.PROTECT, related_name="stock_takes"
    )
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    # Only contracts with a gap, or every live contract.
    gaps_only = models.BooleanField(default=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = StockTakeQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["directorate"], condition=Q(closed_at=None), name="stock_take_one_open_a_directorate"
            )
        ]

    def __str__(self):
        return f"Stock-take of {self.directorate}, {formats.month(self.started_at)}"

    def get_absolute_url(self):
        """Return the address of the stock-take's page."""
        return reverse("kpis:stock-take-page", args=[self.pk])

    @property
    def is_open(self):
        """Return whether contracts can still be looked at in it."""
        return self.closed_at is None


class StockTakeContract(models.Model):
    """A contract that belongs to a stock-take, fixed when it began; looked at or still to do."""

    stock_take = models.ForeignKey(StockTake, on_delete=models.CASCADE, related_name="contracts")
    contract = models.ForeignKey(
        "contracts.Contract", on_delete=models.PROTECT, related_name="stock_take_places"
    )
    position = models.PositiveIntegerField()
    # What was wrong when the stock-take began, as codes of `kpis.gaps.weakness`.
    found = models.JSONField(default=list)

    class Meta:
        ordering = ["stock_take", "position"]
        constraints = [
            models.UniqueConstraint(fields=["stock_take", "contract"], name="stock_take_contract_once")
        ]

    def __str__(self):
        return f"{self.contract} in {self.stock_take}"


class GapNoteQuerySet(models.QuerySet):
    """Questions about gap notes."""

    def latest_of(self, contracts):
        """Return the latest note of each of these contracts (numbers), of those asked."""
        last = self.filter(contract__in=contracts).order_by().values("contract").annotate(last=Max("pk"))
        return GapNote.objects.filter(pk__in=last.values("last")).select_related("who", "made_by")


class GapNote(models.Model):
    """Why a contract has no KPIs or weak ones, who puts it right and when; a contract's latest holds."""

    class Reason(models.TextChoices):
        """Why there is a gap."""

        BEFORE_POLICY = "before_policy", "Signed before the council asked for social value"
        NATIONAL_TERMS = "national_terms", "Bought on terms that leave no room for local KPIs"
        TOO_SMALL = "too_small", "Too small or too short"
        NOT_ASKED = "not_asked", "Not asked for at tender"
        NOT_WRITTEN_DOWN = "not_written_down", "Promised, but never made into KPIs"
        SUPPLIER = "supplier", "The supplier would not agree"
        NOBODY = "nobody", "Nobody is named to look after it"
        OTHER = "other", "Another reason"
        NO_GAP = "no_gap", "Its KPIs are right as they are"

    class NextStep(models.TextChoices):
        """What is to happen."""

        PROPOSE_NOW = "propose_now", "Propose KPIs now"
        AT_BREAK_POINT = "at_break_point", "Ask at the next break point"
        NEXT_CONTRACT = "next_contract", "Ask in the next contract"
        OFFER = "offer", "Ask for an offer in kind or cash"
        NOTHING = "nothing", "Nothing more to do"

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="gap_notes")
    stock_take = models.ForeignKey(
        StockTake, null=True, blank=True, on_delete=models.PROTECT, related_name="notes"
    )
    reason = models.CharField(max_length=16, choices=Reason.choices)
    words = models.TextField("in your own words", blank=True)
    next_step = models.CharField(max_length=14, choices=NextStep.choices)
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="gaps_to_close",
        verbose_name="who will do it",
    )
    by_when = models.DateField("by", null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = GapNoteQuerySet.as_manager()

    class Meta:
        ordering = ["contract", "-pk"]

    def __str__(self):
        return f"{self.contract}: {self.get_reason_display()}"
