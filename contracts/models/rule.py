"""What the council asks of contracts in proportion to their size: data, never code."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from contracts.models.band import Proportionate


def _or_none_at_all(name: str) -> Coalesce:
    """Return the key, 0 where there is none: to a unique index, nothing would never equal nothing."""
    return Coalesce(models.F(name), models.Value(0), output_field=models.BigIntegerField())


class ProportionateRule(Proportionate):
    """What is asked of the contracts it fits; the closest drawn rule holds."""

    class Often(models.IntegerChoices):
        """How often figures are returned, in months."""

        MONTHLY = 1, "Monthly"
        QUARTERLY = 3, "Quarterly"
        HALF_YEARLY = 6, "Every six months"

    key = models.SlugField(max_length=60, blank=True, editable=False)
    weighting_at_least = models.DecimalField(
        "social value weighting, at least (%)", max_digits=5, decimal_places=2, null=True, blank=True
    )
    kpis_at_least = models.PositiveSmallIntegerField("KPIs, at least", default=1)
    kpis_at_most = models.PositiveSmallIntegerField("KPIs, at most", null=True, blank=True)
    returns_every = models.PositiveSmallIntegerField("returns", choices=Often.choices, default=Often.MONTHLY)
    # A small contract may give help in kind or cash instead of KPIs.
    offer_instead = models.BooleanField("an offer in kind or cash is enough", default=False)
    note = models.TextField("why, and where the council decided it", blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["tier__position", "category__name", "band__at_least", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(returns_every__in=[1, 3, 6]), name="proportionate_rule_returns_known"
            ),
            models.CheckConstraint(
                condition=Q(kpis_at_most=None) | Q(kpis_at_most__gte=models.F("kpis_at_least")),
                name="proportionate_rule_kpis_in_order",
            ),
            models.UniqueConstraint(
                *map(_or_none_at_all, ("tier", "category", "band")), name="proportionate_rule_once"
            ),
        ]

    def __str__(self):
        parts = [str(one) for one in (self.tier, self.category, self.band) if one is not None]
        return ", ".join(parts) or "Every other contract"
