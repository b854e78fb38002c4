"""Imports of published notices (OCDS): the package, what became of its contracts, where facts are from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from contracts.models.file_import import FileImport


class Buyer(models.Model):
    """A buyer as notices name it, and whether it is this council; said once, used by every later import."""

    # Lower-case letters and digits of the name.
    key = models.CharField(max_length=250, unique=True)
    name = models.CharField(max_length=250)
    # As in the notice, such as GB-PPON-PABC-1234-XYZ; blank where it had none.
    identifier = models.CharField(max_length=120, blank=True)
    is_ours = models.BooleanField(default=False)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class NoticeImport(FileImport):
    """One uploaded release or record package and the journey it is on."""

    file = models.FileField(upload_to="notices/%Y/%m/", max_length=300)
    # What the package says of itself: publisher, licence, kind (release or record), address.
    about = models.JSONField(default=dict)
    # Keys of the buyers whose contracts are brought in.
    buyers = models.JSONField(default=list)
    items_total = models.PositiveIntegerField(default=0)
    items_done = models.PositiveIntegerField(default=0)

    class Meta(FileImport.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="applying"), name="one_notice_import_applied_at_a_time"
            )
        ]


class NoticeItem(models.Model):
    """One contract of the package (or a procurement without contracts yet): what becomes of it, and why."""

    class Outcome(models.TextChoices):
        """What an item is; every item is exactly one of these."""

        CREATED = "created", "New contract"
        UPDATED = "updated", "Changed"
        UNCHANGED = "unchanged", "Unchanged"
        OTHER_BUYER = "other_buyer", "Another buyer's"
        REJECTED = "rejected", "Could not be used"

    notice_import = models.ForeignKey(NoticeImport, on_delete=models.CASCADE, related_name="items")
    item_number = models.PositiveIntegerField()
    ocid = models.CharField(max_length=120, blank=True)
    # Which of the process's contracts: the award or contract id; blank while there is none.
    part = models.CharField(max_length=120, blank=True)
    # Where in the package: positions of its releases, from 1.
    releases = models.JSONField(default=list)
    buyer_key = models.CharField(max_length=250, blank=True)
    outcome = models.CharField(max_length=11, choices=Outcome.choices)
    contract = models.ForeignKey(
        "contracts.Contract", null=True, on_delete=models.PROTECT, related_name="notice_items"
    )
    reasons = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    # Facts edited by hand since the last import that the notice would change: kept, listed.
    conflicts = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    candidates = models.JSONField(default=list)
    # `title`, `suppliers`, `read`: field -> text as understood; `sources`: field -> release id.
    values = models.JSONField(default=dict)
    is_applied = models.BooleanField(default=False)

    class Meta:
        ordering = ["item_number"]
        constraints = [
            models.UniqueConstraint(fields=["notice_import", "item_number"], name="notice_item_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["created", "updated", "unchanged", "other_buyer", "rejected"]),
                name="notice_item_outcome_known",
            ),
        ]

    def __str__(self):
        return f"{self.ocid} {self.part}".strip()


class PublishedRecord(models.Model):
    """What published notices last said of a contract, field by field, and which release said it."""

    contract = models.ForeignKey(
        "contracts.Contract", on_delete=models.CASCADE, related_name="published_records"
    )
    ocid = models.CharField(max_length=120)
    part = models.CharField(max_length=120, blank=True)
    # Field -> text as last imported; field -> {"release": id, "date": ..., "notice": address}.
    values = models.JSONField(default=dict)
    sources = models.JSONField(default=dict)
    # Release ids merged so far, with their dates: an older one never overwrites a newer.
    releases = models.JSONField(default=dict)
    notice_import = models.ForeignKey(NoticeImport, null=True, on_delete=models.SET_NULL, related_name="+")
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["contract", "pk"]
        constraints = [models.UniqueConstraint(fields=["ocid", "part"], name="published_record_once")]

    def __str__(self):
        return f"{self.ocid} {self.part}".strip()
