"""What every import of a file is: the file, where it stands, what it came to, and who is at work on it."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class FileImport(models.Model):
    """One uploaded file and the journey it is on (`contracts.journey`); the kinds add how theirs is read."""

    class Status(models.TextChoices):
        """Where the import stands."""

        READING = "reading", "Being set up"
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Ready to apply"
        APPLYING = "applying", "Being applied"
        STOPPED = "stopped", "Stopped"
        APPLIED = "applied", "Applied"
        FAILED = "failed", "Could not be read"
        ABANDONED = "abandoned", "Abandoned"

    file_name = models.CharField(max_length=250)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.READING)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    # What it comes to: how many of each outcome, `warnings` of the whole file, questions and conflicts.
    counts = models.JSONField(default=dict)
    # Answers to "which contract is this?": number of row or item -> "new", "leave" or a contract's number.
    answers = models.JSONField(default=dict)
    # When it was last checked: another import applied since makes the check stale.
    checked_at = models.DateTimeField(null=True, blank=True)
    # A worker renews this while it works; when it is past, another may take the import up again.
    worker_until = models.DateTimeField(null=True, blank=True)
    # Which worker that is: one that lost its lease finds another's name here and stops.
    worker = models.CharField(max_length=32, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    message = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["-pk"]

    def __str__(self):
        return self.file_name

    @property
    def is_open(self) -> bool:
        """Return whether something can still be done with it."""
        return self.status not in {self.Status.APPLIED, self.Status.ABANDONED}

    @property
    def is_at_work(self) -> bool:
        """Return whether a worker holds the import now."""
        return self.worker_until is not None and self.worker_until > timezone.now()


class SpreadsheetImport(FileImport):
    """An import of a CSV file or a workbook: also how the table in it is read."""

    # Guessed, shown, changed by the person. Heading row 0: the file has none.
    encoding = models.CharField(max_length=20, blank=True)
    sheet = models.CharField(max_length=250, blank=True)
    header_row = models.PositiveIntegerField(null=True, blank=True)
    headers = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    signature = models.CharField(max_length=64, blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)

    class Meta(FileImport.Meta):
        abstract = True


class ColumnsKept(models.Model):
    """Which column is which field, for one set of headings; a changed set is another signature."""

    signature = models.CharField(max_length=64, unique=True)
    # Field name -> column index (from 0).
    columns = models.JSONField(default=dict)
    headers = models.JSONField(default=list)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
