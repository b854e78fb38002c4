"""Proxies: what one unit is worth, from which source, in which year's prices; and deflators."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

PERCENT: dict[str, Any] = {"max_digits": 5, "decimal_places": 2, "null": True, "blank": True}
POUNDS: dict[str, Any] = {"max_digits": 18, "decimal_places": 4}


# All that may change of a proxy once it stands: whether new KPIs take it, and whether it is withdrawn.
MAY_CHANGE = frozenset({"is_usual", "withdrawn_at", "withdrawn_why"})


def _share(name: str) -> Q:
    return Q(**{name: None}) | Q(**{f"{name}__gte": 0, f"{name}__lte": 100})


class NeverEdited(Exception):
    """Something tried to change a £ value that stands: a mistake in the code; make a new row instead."""


class ProxyQuerySet(models.QuerySet):
    """Questions about proxies."""

    def update(self, **fields):
        """Return the number of rows changed; refuses to change anything that was approved with them."""
        fixed = set(fields) - MAY_CHANGE
        if fixed:
            raise NeverEdited(_never_edited(fixed))
        return super().update(**fields)

    def offered_on(self, day):
        """Return proxies that a KPI may take on a day: not withdrawn, and valid then."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_until=None) | Q(valid_until__gte=day),
            withdrawn_at=None,
        )

    def usual(self, measure, day):
        """Return the proxy a new KPI of the measure takes on a day; None where it has none."""
        return self.offered_on(day).filter(measure=measure, is_usual=True).first()


def _never_edited(fields) -> str:
    named = ", ".join(sorted(fields))
    return f"A £ value is never edited ({named}): add another that replaces it."


class Proxy(models.Model):
    """What one unit of a measure is worth in £.

    A row is never edited once it stands: a correction, an uplift or a new year's value is another row that
    replaces it. So whatever was approved with a proxy keeps it. The value is one for all years, or one for
    each calendar year (`values`).
    """

    class Stream(models.TextChoices):
        """Local economic value is shown apart from additional social value; the two are never one sum."""

        SOCIAL = "social", "Additional social value"
        LOCAL = "local", "Local economic value"

    measure = models.ForeignKey("kpis.Measure", on_delete=models.PROTECT, related_name="proxies")
    name = models.CharField(max_length=150)
    # The measure's unit when the proxy was made: what a "unit" in "£ per unit" is.
    unit = models.ForeignKey("kpis.Unit", on_delete=models.PROTECT, related_name="+")
    stream = models.CharField("counts as", max_length=6, choices=Stream.choices, default=Stream.SOCIAL)
    price_year = models.PositiveSmallIntegerField("prices of the year")
    geography = models.CharField("area it is for", max_length=120)
    is_local = models.BooleanField("worked out for this council's own area", default=False)
    source = models.CharField(max_length=300)
    source_url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=200)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    # Where the council sets them; blank takes nothing off.
    deadweight = models.DecimalField("would have happened anyway (%)", **PERCENT)
    attribution = models.DecimalField("share due to the contract (%)", **PERCENT)
    displacement = models.DecimalField("taken from elsewhere (%)", **PERCENT)
    lasts_years = models.PositiveSmallIntegerField("years the benefit lasts", default=1)
    drop_off = models.DecimalField("falls each year after the first by (%)", **PERCENT)
    adjustments_why = models.TextField("where these shares come from", blank=True)
    note = models.TextField(blank=True)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    # Where it was uplifted: the working in words, and the series of deflators used.
    uplift_working = models.TextField(blank=True)
    deflators = models.ForeignKey(
        "kpis.DeflatorSeries", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # What a new KPI of the measure takes unless another is chosen.
    is_usual = models.BooleanField("taken for new KPIs", default=False)
    key = models.SlugField(max_length=60, blank=True, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    objects = ProxyQuerySet.as_manager()

    class Meta:
        ordering = ["measure_id", "-is_usual", "-pk"]
        verbose_name_plural = "proxies"
        constraints = [
            models.UniqueConstraint(
                fields=["measure"], condition=Q(is_usual=True), name="proxy_usual_once_a_measure"
            ),
            models.CheckConstraint(condition=_share("deadweight"), name="proxy_deadweight_is_a_share"),
            models.CheckConstraint(condition=_share("attribution"), name="proxy_attribution_is_a_share"),
            models.CheckConstraint(condition=_share("displacement"), name="proxy_displacement_is_a_share"),
            models.CheckConstraint(condition=_share("drop_off"), name="proxy_drop_off_is_a_share"),
            models.CheckConstraint(condition=Q(lasts_years__gte=1), name="proxy_lasts_a_year_at_least"),
            models.CheckConstraint(condition=Q(stream__in=["social", "local"]), name="proxy_stream_known"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="proxy_dates_in_order",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """Keep a new row, or a change of what may change of one that stands; raises NeverEdited else."""
        stands = Proxy.objects.filter(pk=self.pk).first() if self.pk and not self._state.adding else None
        if stands is not None:
            fixed = {
                column.attname
                for column in self._meta.concrete_fields
                if column.name not in MAY_CHANGE
                and getattr(self, column.attname) != getattr(stands, column.attname)
            }
            if fixed:
                raise NeverEdited(_never_edited(fixed))
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        """Return the address of the proxy's page."""
        return reverse("kpis:proxy-page", args=[self.measure_id, self.pk])

    @property
    def is_withdrawn(self) -> bool:
        """Return whether new KPI sets may no longer take it; sets that have it keep it."""
        return self.withdrawn_at is not None

    def is_offered_on(self, day) -> bool:
        """Return whether a KPI may take it on a day: the same rule as `offered_on`."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or self.valid_until >= day) and not self.is_withdrawn

    @property
    def kept(self) -> Decimal:
        """Return the share of the first year's value that counts, 0 to 1, exact."""
        share = Decimal(1)
        for off in (self.deadweight, self.displacement):
            if off is not None:
                share *= (100 - off) / 100
        if self.attribution is not None:
            share *= self.attribution / 100
        return share

    @property
    def lasting(self) -> Decimal:
        """Return how many first years' worth of benefit a unit brings: 1 + (1-d) + (1-d)^2 ..., exact."""
        stays = Decimal(1) - (self.drop_off or Decimal(0)) / 100
        return sum((stays**year for year in range(self.lasts_years)), Decimal(0))

    @property
    def factor(self) -> Decimal:
        """Return what the £ value of a unit is multiplied by for all the council's adjustments, exact."""
        return self.kept * self.lasting

    def value_in(self, year: int) -> ProxyValue | None:
        """Return the value for a calendar year: the year's own, or the one for all years; None where none.

        A proxy by year says nothing of other years: they stay without a £ value. Reads `values.all()`, so
        prefetch them for many.
        """
        every = {row.year: row for row in self.values.all()}
        return every.get(None) or every.get(year)


class ProxyValueQuerySet(models.QuerySet):
    """The £ of proxies; none of them changes once it stands."""

    def update(self, **fields):
        """Refuse: a figure that stands is replaced, with its proxy, by another."""
        raise NeverEdited(_never_edited(fields))


class ProxyValue(models.Model):
    """The £ of one unit, with its range: for one calendar year, or for all (year blank)."""

    proxy = models.ForeignKey(Proxy, on_delete=models.CASCADE, related_name="values")
    year = models.PositiveSmallIntegerField("calendar year", null=True, blank=True)
    value = models.DecimalField("£ per unit", **POUNDS)
    low = models.DecimalField("low", null=True, blank=True, **POUNDS)
    high = models.DecimalField("high", null=True, blank=True, **POUNDS)

    objects = ProxyValueQuerySet.as_manager()

    class Meta:
        ordering = ["proxy_id", "year"]
        constraints = [
            models.UniqueConstraint(fields=["proxy", "year"], name="proxy_value_once_a_year"),
            models.UniqueConstraint(
                fields=["proxy"], condition=Q(year=None), name="proxy_value_for_all_years_once"
            ),
            models.CheckConstraint(
                condition=Q(low=None) | Q(low__lte=F("value")), name="proxy_value_low_is_lower"
            ),
            models.CheckConstraint(
                condition=Q(high=None) | Q(high__gte=F("value")), name="proxy_value_high_is_higher"
            ),
        ]

    def __str__(self):
        return f"£{self.value} ({self.year or 'all years'})"

    def save(self, *args, **kwargs):
        """Keep a new figure; raises NeverEdited for one that stands, or another year of a proxy in use."""
        if self.pk and not self._state.adding:
            raise NeverEdited(_never_edited({"value", "low", "high"}))
        self._refuse_while_used()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Take the figure away where no KPI counts by its proxy; raises NeverEdited else."""
        self._refuse_while_used()
        return super().delete(*args, **kwargs)

    def _refuse_while_used(self):
        if self.proxy.terms.exists():
            raise NeverEdited(_never_edited({f"the value of {self.year or 'all years'}"}))


class DeflatorSeries(models.Model):
    """A published series of deflators, by which prices of one year are said in another's."""

    name = models.CharField(max_length=150, unique=True)
    source = models.CharField(max_length=300)
    source_url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=200)
    published_on = models.DateField(null=True, blank=True)
    key = models.SlugField(max_length=60, blank=True, editable=False)
    is_current = models.BooleanField("offered for uplifts", default=True)

    class Meta:
        # A day nobody knows comes last, on every database.
        ordering = [models.F("published_on").desc(nulls_last=True), "name"]
        verbose_name_plural = "deflator series"

    def __str__(self):
        return self.name


class DeflatorIndex(models.Model):
    """The index of one calendar year."""

    series = models.ForeignKey(DeflatorSeries, on_delete=models.CASCADE, related_name="indices")
    year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=12, decimal_places=4)

    class Meta:
        ordering = ["series_id", "year"]
        verbose_name_plural = "deflator indices"
        constraints = [
            models.UniqueConstraint(fields=["series", "year"], name="deflator_once_a_year"),
            models.CheckConstraint(condition=Q(value__gt=0), name="deflator_above_nothing"),
        ]

    def __str__(self):
        return f"{self.year}: {self.value}"
