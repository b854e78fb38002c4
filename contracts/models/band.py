"""How a council grades its contracts: value bands and tiers, kept as data."""

from decimal import Decimal

from django.db import models


class ValueBandQuerySet(models.QuerySet):
    """Questions about value bands."""

    def band_of(self, value: Decimal | None):
        """Return the band a contract's whole value falls in; None where the value is not known."""
        if value is None:
            return None
        return self.filter(at_least__lte=value).order_by("-at_least").first()


class ValueBand(models.Model):
    """Contracts from one whole-life value (in £, without VAT) up to the next band's."""

    name = models.CharField(max_length=80, unique=True)
    at_least = models.DecimalField("from (£)", max_digits=16, decimal_places=2, unique=True)

    objects = ValueBandQuerySet.as_manager()

    class Meta:
        ordering = ["at_least"]
        constraints = [
            models.CheckConstraint(condition=models.Q(at_least__gte=0), name="value_band_from_nothing_up")
        ]

    def __str__(self):
        return self.name


class ContractTier(models.Model):
    """One of the grades the council ranks its contracts by, such as gold; the first is the highest."""

    name = models.CharField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class Proportionate(models.Model):
    """Data that holds for some contracts only: by tier, category and value band, each blank for all."""

    tier = models.ForeignKey(
        ContractTier, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    category = models.ForeignKey(
        "contracts.Category", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    band = models.ForeignKey(
        ValueBand, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name="value band",
    )  # fmt: skip

    class Meta:
        abstract = True

    @property
    def closeness(self) -> int:
        """Return how closely it is drawn: a tier counts most, then a category, then a value band."""
        return 4 * bool(self.tier_id) + 2 * bool(self.category_id) + bool(self.band_id)

    def fits(self, *, tier: str, category_id: int | None, band_id: int | None) -> bool:
        """Return whether it holds for a contract of this tier (by name), category and value band."""
        return (
            (self.tier is None or self.tier.name.casefold() == tier.casefold())
            and (self.category_id is None or self.category_id == category_id)
            and (self.band_id is None or self.band_id == band_id)
        )
