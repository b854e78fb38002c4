"""An import of a table of measures: the file, how it was read, and what became of each row."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from contracts.models.file_import import ColumnsKept, SpreadsheetImport
from kpis.library.models import Framework, Kind, Measure, Unit
from spreadsheets.mapping import letter


class MeasureColumns(ColumnsKept):
    """Which column of a table of measures is which field."""

    def __str__(self):
        return f"Mapping of {len(self.headers)} headings of measures"


class MeasureText(models.Model):
    """What a table's text for a unit or a kind means, said once for every later import."""

    class Noun(models.TextChoices):
        """What the text is about."""

        UNIT = "unit", "Unit"
        KIND = "kind", "Kind"

    noun = models.CharField(max_length=4, choices=Noun.choices)
    # Letters and digits only, as texts are compared.
    key = models.CharField(max_length=250)
    text = models.CharField(max_length=250)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["noun", "key"], name="measure_text_once")]

    def __str__(self):
        return f"“{self.text}” means {self.unit or self.get_kind_display()}"


class MeasureImport(SpreadsheetImport):
    """One uploaded table of measures and the journey it is on; it becomes one edition of a framework."""

    file = models.FileField(upload_to="measures/%Y/%m/", max_length=300)
    # Text of a unit or kind (as compared) -> the code of a unit or kind, or "new".
    units = models.JSONField(default=dict)
    kinds = models.JSONField(default=dict)
    # Which edition it is and what holds for all its rows: see `kpis.measure_imports.terms`.
    terms = models.JSONField(default=dict)
    # The edition it makes; empty until it is being applied.
    framework = models.ForeignKey(
        Framework, null=True, blank=True, on_delete=models.SET_NULL, related_name="imports"
    )

    class Meta(SpreadsheetImport.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="applying"), name="one_table_of_measures_at_a_time"
            )
        ]

    def heading_of(self, index: int) -> str:
        """Return a column's heading, or its letter where it has none."""
        text = self.headers[index] if index < len(self.headers) else ""
        return text or f"Column {letter(index)}"


class MeasureImportRow(models.Model):
    """One row of the file: what will become (or became) of it, and why."""

    class Outcome(models.TextChoices):
        """What a row is; every row read is exactly one of these."""

        EMPTY = "empty", "Empty"
        CREATED = "created", "New measure"
        UNCHANGED = "unchanged", "In the library already"
        REPEATED = "repeated", "Repeated in the file"
        SKIPPED = "skipped", "Heading, total or note"
        REJECTED = "rejected", "Could not be used"

    measure_import = models.ForeignKey(MeasureImport, on_delete=models.CASCADE, related_name="rows")
    row_number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    measure = models.ForeignKey(Measure, null=True, on_delete=models.SET_NULL, related_name="import_rows")
    reasons = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    # `cells`: the row as the file has it; `read`: field -> text as understood.
    values = models.JSONField(default=dict)
    is_applied = models.BooleanField(default=False)

    class Meta:
        ordering = ["row_number"]
        constraints = [
            models.UniqueConstraint(fields=["measure_import", "row_number"], name="measure_row_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["empty", "created", "unchanged", "repeated", "skipped", "rejected"]),
                name="measure_row_outcome_known",
            ),
        ]
        indexes = [models.Index(fields=["measure_import", "outcome"], name="measure_row_outcome")]

    def __str__(self):
        return f"Row {self.row_number}"
