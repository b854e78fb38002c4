"""Good practice notes and the council's own guidance pages."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone


class GoodPracticeNoteQuerySet(models.QuerySet):
    """Questions about good practice notes."""

    def standing(self):
        """Return notes that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def readable_by(self, person):
        """Return what a reader of the library may open: what stands, and what they withdrew or keep."""
        if person.authority.is_lead:
            return self
        return self.filter(Q(withdrawn_at=None) | Q(written_by=person))

    def with_names(self):
        """Return the notes with what a list of them names."""
        return self.select_related(
            "measure__framework", "measure__theme", "contract", "directorate", "written_by"
        )

    def matching(self, words):
        """Return notes in whose words, or whose measure's, every one of these is found.

        A contract's title is not looked through: it is not shown to everybody who reads the note.
        """
        found = self
        for word in words.split():
            found = found.filter(
                Q(title__icontains=word)
                | Q(text__icontains=word)
                | Q(measure__title__icontains=word)
                | Q(measure__code__icontains=word)
            )
        return found


class GoodPracticeNote(models.Model):
    """What worked, in somebody's own words: on a measure, on a contract, or on both."""

    title = models.CharField(max_length=150)
    text = models.TextField()
    measure = models.ForeignKey(
        "kpis.Measure", null=True, blank=True, on_delete=models.PROTECT, related_name="practice_notes"
    )
    contract = models.ForeignKey(
        "contracts.Contract", null=True, blank=True, on_delete=models.PROTECT, related_name="practice_notes"
    )
    # Where it was learnt: shown to everybody, also to those who may not open the contract.
    directorate = models.ForeignKey(
        "accounts.Directorate", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="practice_notes"
    )
    written_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = GoodPracticeNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(measure__isnull=False) | Q(contract__isnull=False),
                name="practice_note_is_on_something",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the address of the note's page."""
        return reverse("kpis:practice-note-page", args=[self.pk])


class GuidancePageQuerySet(models.QuerySet):
    """Questions about guidance pages."""

    def published(self):
        """Return the pages everybody with a post reads."""
        return self.filter(is_published=True)


class GuidancePage(models.Model):
    """One short page of the council's toolkit, in plain text with headings, lists and links (Markdown)."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=150)
    summary = models.CharField("in one sentence", max_length=250, blank=True)
    body = models.TextField()
    position = models.PositiveSmallIntegerField(default=1)
    is_published = models.BooleanField("published", default=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = GuidancePageQuerySet.as_manager()

    class Meta:
        ordering = ["position", "title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the address of the page."""
        return reverse("kpis:guidance-page", args=[self.slug])
