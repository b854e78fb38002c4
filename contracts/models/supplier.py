"""Who the council buys from: organisations, what is known of their standing, and merges of duplicates."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone


class SupplierQuerySet(models.QuerySet):
    """Questions about suppliers."""

    def standing(self):
        """Return suppliers that were not merged into another."""
        return self.filter(merged_into=None)

    def visible_to(self, person):
        """Return suppliers, present and past, of contracts the person may read; all for those who see all."""
        if person.authority.sees_everything:
            return self
        from contracts.models.contract import Contract, ContractSupplier

        seen = Contract.objects.visible_to(person).values("number")
        return self.filter(pk__in=ContractSupplier.objects.filter(contract__in=seen).values("supplier"))


class Supplier(models.Model):
    """An organisation as first recorded. `name_key` (letters and digits, no Ltd) finds likely variants."""

    name = models.CharField(max_length=500)
    name_key = models.CharField(max_length=500, db_index=True, editable=False)
    # Text: leading zeros, IP, SC and NI forms. `company_key` is padded to 8, for matching only.
    company_number = models.CharField(max_length=40, blank=True)
    company_key = models.CharField(max_length=40, blank=True, db_index=True, editable=False)
    charity_number = models.CharField(max_length=40, blank=True)
    # The supplier it is a duplicate of: its contracts moved there, later imports of its name go there.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_names"
    )
    version = models.PositiveIntegerField(default=1)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["name"], name="supplier_name")]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="supplier_not_merged_into_itself")
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return the address of the supplier's page."""
        return reverse("reporting:supplier-page", args=[self.pk])

    @property
    def standing(self) -> "Supplier":
        """Return the supplier this one stands for now: itself, or what it was merged into, to the end."""
        one = self
        while one.merged_into is not None:
            one = one.merged_into
        return one


class SupplierStatus(models.Model):
    """What somebody said a supplier is, and how they know; the latest of a kind holds."""

    class Kind(models.TextChoices):
        """What is said."""

        SME = "sme", "Small or medium-sized (SME)"
        VCSE = "vcse", "Voluntary, community or social enterprise (VCSE)"
        LOCAL = "local", "Local"

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="statuses")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    # Blank takes an earlier answer back: not known.
    answer = models.CharField(
        max_length=3, choices=[("", "Not known"), ("yes", "Yes"), ("no", "No")], blank=True
    )
    source = models.CharField("how that is known", max_length=250)
    as_at = models.DateField("as at")
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["supplier", "kind", "-as_at", "-pk"]
        verbose_name_plural = "supplier statuses"
        indexes = [models.Index(fields=["supplier", "kind", "-as_at"], name="supplier_status_latest")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.get_answer_display()}"


class SupplierMerge(models.Model):
    """One duplicate merged into another supplier, and all that is needed to undo it."""

    kept = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="merged_by")
    reason = models.CharField(max_length=250, blank=True)
    # What was moved: {"links": [[link, ...]], "dropped": [...], "numbers": {...}}.
    moved = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="supplier_merged_once_at_a_time"
            )
        ]

    def __str__(self):
        return f"{self.merged} into {self.kept}"


class DistinctSuppliers(models.Model):
    """Two suppliers that look alike and are not the same: somebody said so. `first` has the lower key."""

    first = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "distinct suppliers"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_suppliers_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_suppliers_in_order"),
        ]

    def __str__(self):
        return f"{self.first} is not {self.second}"
