"""An import of a contracts register: the file, how it was read, and what became of each row."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from contracts.models.file_import import ColumnsKept, SpreadsheetImport


class ColumnMapping(ColumnsKept):
    """Which column of a register is which field."""

    def __str__(self):
        return f"Mapping of {len(self.headers)} headers"


class RegisterImport(SpreadsheetImport):
    """One uploaded register and the journey it is on."""

    file = models.FileField(upload_to="registers/%Y/%m/", max_length=300)

    class Meta(SpreadsheetImport.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="applying"), name="one_register_applied_at_a_time"
            )
        ]


class RegisterRow(models.Model):
    """One row of the file: what will become (or became) of it, and why."""

    class Outcome(models.TextChoices):
        """What a row is; every row read is exactly one of these."""

        EMPTY = "empty", "Empty"
        CREATED = "created", "New contract"
        UPDATED = "updated", "Changed"
        UNCHANGED = "unchanged", "Unchanged"
        REPEATED = "repeated", "Repeated in the file"
        REJECTED = "rejected", "Could not be used"

    register_import = models.ForeignKey(RegisterImport, on_delete=models.CASCADE, related_name="rows")
    row_number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    contract = models.ForeignKey(
        "contracts.Contract", null=True, on_delete=models.PROTECT, related_name="register_rows"
    )
    reasons = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    # Fields edited by hand since the last import that the file would change: kept, listed.
    conflicts = models.JSONField(default=list)
    # What changes, as [field, was, is] in words.
    changes = models.JSONField(default=list)
    # Contracts the row could be, where that has to be asked.
    candidates = models.JSONField(default=list)
    # `cells`: the row as the file has it; `read`: field -> text as understood.
    values = models.JSONField(default=dict)
    row_hash = models.CharField(max_length=64, blank=True)
    is_applied = models.BooleanField(default=False)

    class Meta:
        ordering = ["row_number"]
        constraints = [
            models.UniqueConstraint(fields=["register_import", "row_number"], name="register_row_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["empty", "created", "updated", "unchanged", "repeated", "rejected"]),
                name="register_row_outcome_known",
            ),
        ]
        indexes = [models.Index(fields=["register_import", "outcome"], name="register_row_outcome")]

    def __str__(self):
        return f"Row {self.row_number}"


class ImportedRow(models.Model):
    """What the register last said of a contract: a re-import changes only what differs from this."""

    contract = models.OneToOneField("contracts.Contract", on_delete=models.CASCADE, related_name="imported")
    register_import = models.ForeignKey(
        RegisterImport, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    row_number = models.PositiveIntegerField()
    # Hashes of the whole row as last imported, of its cells in use, of reference + supplier + title + dates.
    row_hash = models.CharField(max_length=64, db_index=True)
    values_hash = models.CharField(max_length=64, blank=True)
    match_key = models.CharField(max_length=64, db_index=True)
    values = models.JSONField(default=dict)
    imported_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"Register row of {self.contract_id}"
