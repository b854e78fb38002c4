"""Which KPIs a published notice named as the most material, as they stood that day."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Versioned


class Notice(Versioned):
    """A notice that names a contract's most material KPIs: contract details (UK7) or performance (UK9)."""

    class Kind(models.TextChoices):
        """Which notice."""

        DETAILS = "UK7", "Contract details notice (UK7)"
        PERFORMANCE = "UK9", "Contract performance notice (UK9)"

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="notices")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=3, choices=Kind.choices)
    published_on = models.DateField("published on", null=True, blank=True)
    reference = models.CharField("its number on Find a Tender", max_length=120, blank=True)
    why_these = models.TextField("why these are the most material", blank=True)
    # The contract has no KPIs: the sentence the notice gives instead.
    why_none = models.TextField("why there are no KPIs", blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["contract", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="notice_number_once"),
            models.CheckConstraint(condition=Q(kind__in=["UK7", "UK9"]), name="notice_kind_known"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}"

    @property
    def kind_words(self) -> str:
        """Return the kind within a sentence: "contract details notice (UK7)"."""
        label = self.get_kind_display()
        return f"{label[:1].lower()}{label[1:]}"


class NoticeKPI(models.Model):
    """One of a notice's most material KPIs: one of ours, or one held elsewhere, in the words of that day."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="kpis")
    kpi = models.ForeignKey(
        "kpis.KPI", null=True, blank=True, on_delete=models.PROTECT, related_name="named_in"
    )
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["notice", "position"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "position"], name="notice_kpi_place_once"),
            models.CheckConstraint(condition=Q(position__gte=1, position__lte=3), name="notice_names_three"),
        ]

    def __str__(self):
        return self.title
