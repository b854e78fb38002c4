"""A workbook of signed contracts' KPIs, what becomes of each row, and what each director confirms of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from contracts.models.file_import import ColumnsKept, SpreadsheetImport


class AdoptionColumns(ColumnsKept):
    """Which column of a workbook of signed KPIs is which field."""

    def __str__(self):
        return f"Mapping of {len(self.headers)} headings of signed KPIs"


class AdoptionImport(SpreadsheetImport):
    """One uploaded workbook of signed contracts' KPIs and the journey it is on: a batch."""

    file = models.FileField(upload_to="adoption/%Y/%m/", max_length=300)
    # The first month returned here; months before it were reported before this system.
    first_month = models.DateField(null=True, blank=True)
    # Applied contract by contract: how many there are, and how many are done.
    contracts_total = models.PositiveIntegerField(default=0)
    contracts_done = models.PositiveIntegerField(default=0)

    class Meta(SpreadsheetImport.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="applying"), name="one_adoption_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(first_month=None) | Q(first_month__day=1), name="adoption_month_is_a_first"
            ),
        ]


class AdoptionRow(models.Model):
    """One row of the workbook: what will become (or became) of it, and why."""

    class Outcome(models.TextChoices):
        """What a row is; every row read is exactly one of these."""

        EMPTY = "empty", "Empty"
        CREATED = "created", "Taken"
        REPEATED = "repeated", "Repeated in the file"
        REJECTED = "rejected", "Could not be used"

    adoption_import = models.ForeignKey(AdoptionImport, on_delete=models.CASCADE, related_name="rows")
    row_number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    contract = models.ForeignKey(
        "contracts.Contract", null=True, on_delete=models.SET_NULL, related_name="adoption_rows"
    )
    reasons = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    # `cells`: the row as the file has it; `read`: field -> text as understood.
    values = models.JSONField(default=dict)

    class Meta:
        ordering = ["row_number"]
        constraints = [
            models.UniqueConstraint(fields=["adoption_import", "row_number"], name="adoption_row_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["empty", "created", "repeated", "rejected"]),
                name="adoption_row_outcome_known",
            ),
        ]
        indexes = [models.Index(fields=["adoption_import", "outcome"], name="adoption_row_outcome")]

    def __str__(self):
        return f"Row {self.row_number}"


class AdoptionContract(models.Model):
    """One contract of the workbook whose rows can all be used: what is applied as one."""

    adoption_import = models.ForeignKey(AdoptionImport, on_delete=models.CASCADE, related_name="contracts")
    # Its first row in the file.
    row_number = models.PositiveIntegerField()
    contract = models.ForeignKey("contracts.Contract", on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=8, default="created")
    # Its KPIs and past results as checked, ready to be written: see `kpis.adoption.plan`.
    plan = models.JSONField(default=dict)
    is_applied = models.BooleanField(default=False)
    # Why it could not be applied after all: somebody was quicker.
    said = models.TextField(blank=True)

    class Meta:
        ordering = ["row_number"]
        constraints = [
            models.UniqueConstraint(fields=["adoption_import", "contract"], name="adoption_contract_once")
        ]

    def __str__(self):
        return f"{self.contract}"


class AdoptionPart(models.Model):
    """What one directorate has of a batch, confirmed as a whole by its director."""

    class Status(models.TextChoices):
        """Where the part stands. The values are those of every journey: see `contracts.journey`."""

        BUILDING = "reading", "Being put together"
        WAITING = "checked", "Waiting to be confirmed"
        CONFIRMING = "applying", "Being confirmed"
        STOPPED = "stopped", "Stopped"
        CONFIRMED = "applied", "Confirmed"
        RETURNED = "abandoned", "Returned"

    adoption_import = models.ForeignKey(AdoptionImport, on_delete=models.PROTECT, related_name="parts")
    directorate = models.ForeignKey(
        "accounts.Directorate", on_delete=models.PROTECT, related_name="adoption_parts"
    )
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.BUILDING)
    # Over the submissions and past results of all its contracts; a confirmation quotes it.
    content_hash = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    waiting_since = models.DateTimeField(null=True, blank=True)
    # Who is confirming, or did so last, and by what right in the words of that day.
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    authority = models.CharField(max_length=400, blank=True)
    note = models.TextField(blank=True)
    reason = models.TextField("why it was returned", blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    worker_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=32, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["-adoption_import", "directorate"]
        constraints = [
            models.UniqueConstraint(
                fields=["adoption_import", "directorate"], name="adoption_part_once_a_directorate"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["reading", "checked", "applying", "stopped", "applied", "abandoned"]),
                name="adoption_part_status_known",
            ),
        ]

    def __str__(self):
        return f"Batch {self.adoption_import_id}, {self.directorate}"

    def get_absolute_url(self):
        """Return the address of the part's page."""
        return reverse("kpis:adoption-part-page", args=[self.pk])

    @property
    def is_at_work(self) -> bool:
        """Return whether a worker holds the part now."""
        return self.worker_until is not None and self.worker_until > timezone.now()

    @property
    def can_be_decided(self) -> bool:
        """Return whether somebody may confirm or return it now."""
        return self.status in {self.Status.WAITING, self.Status.STOPPED}


class AdoptedSet(models.Model):
    """One contract's KPI set in a part, with its past results as they will be recorded."""

    class Outcome(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "Waiting"
        CHOSEN = "chosen", "Being adopted"
        LEAVING = "leaving", "Being left out"
        ADOPTED = "adopted", "Adopted"
        LEFT_OUT = "left_out", "Left out"
        REFUSED = "refused", "Could not be adopted"
        ORDINARY = "ordinary", "Decided by itself"

    part = models.ForeignKey(AdoptionPart, on_delete=models.PROTECT, related_name="lines")
    row_number = models.PositiveIntegerField()
    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="+")
    kpi_set = models.OneToOneField("kpis.KPISet", on_delete=models.PROTECT, related_name="adopted")
    # Hash of the submission, the past results, and their hash.
    content_hash = models.CharField(max_length=64)
    results = models.JSONField(default=list)
    results_hash = models.CharField(max_length=64)
    # KPIs, own words, results, warnings: what the totals of the part add up.
    counts = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING)
    is_applied = models.BooleanField(default=False)
    results_written_at = models.DateTimeField(null=True, blank=True)
    # Why it is to be left out once the part is confirmed; blank where it isn't.
    leave_reason = models.TextField(blank=True)
    # Why it was left out, could not be adopted, or is decided by itself.
    said = models.TextField(blank=True)

    class Meta:
        ordering = ["row_number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    outcome__in=[
                        "waiting", "chosen", "leaving", "adopted", "left_out", "refused", "ordinary",
                    ]
                ),
                name="adopted_set_outcome_known",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["part", "outcome"], name="adopted_set_outcome")]

    def __str__(self):
        return f"{self.kpi_set} of {self.contract}"
