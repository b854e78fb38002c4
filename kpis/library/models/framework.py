"""Frameworks as versioned data: themes and outcomes of one edition, where it holds, its licence."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone


class FrameworkQuerySet(models.QuerySet):
    """Questions about frameworks."""

    def usable(self):
        """Return editions contracts may use: live, and with the licence confirmed where one is needed."""
        return self.filter(
            Q(needs_licence=False) | Q(licence_confirmed_at__isnull=False), status=Framework.Status.LIVE
        )

    def offered_on(self, day):
        """Return editions offered to a contract whose procurement began on a day (None: not known)."""
        always = Q(offered=Framework.Offered.ALWAYS)
        if day is None:
            return self.usable().filter(always)
        within = (
            Q(offered=Framework.Offered.BY_DATE)
            & (Q(procured_from=None) | Q(procured_from__lte=day))
            & (Q(procured_until=None) | Q(procured_until__gte=day))
        )
        return self.usable().filter(always | within)


class Framework(models.Model):
    """One edition of a set of themes and measures, with source and licence.

    Editions of one framework share its name. An edition's measures are never edited into the next: a new
    edition is a row of its own, so that a contract stays on the one it was tendered under.
    """

    class Status(models.TextChoices):
        """Where an edition is in its life; retiring one never changes a contract that uses it."""

        DRAFT = "draft", "Draft"
        LIVE = "live", "Live"
        RETIRED = "retired", "Retired"

    class Offered(models.TextChoices):
        """Which contracts may propose its measures."""

        ALWAYS = "always", "Every contract"
        BY_DATE = "by_date", "Contracts whose procurement began between two dates"
        CHOSEN = "chosen", "Only contracts it is chosen for"
        # What contracts say in their own words: each measure belongs to one contract.
        NEVER = "never", "No contract; each measure was written for one"

    name = models.CharField(max_length=150)
    edition = models.CharField(max_length=60)
    about = models.TextField("what it is, and what is left to fill in", blank=True)
    source = models.CharField(max_length=300)
    source_url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=200)
    licence_url = models.URLField(max_length=500, blank=True)
    # Bundled sets have one; what the council made or imported has none.
    key = models.SlugField(max_length=60, blank=True, editable=False)
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.LIVE)
    offered = models.CharField("offered to", max_length=7, choices=Offered.choices, default=Offered.CHOSEN)
    procured_from = models.DateField("procurement began from", null=True, blank=True)
    procured_until = models.DateField("procurement began until", null=True, blank=True)
    previous = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="next_editions",
        verbose_name="the edition before",
    )  # fmt: skip
    needs_licence = models.BooleanField("the council needs a licence of its own", default=False)
    licence_note = models.CharField("the council's licence", max_length=300, blank=True)
    licence_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    licence_confirmed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        ordering = ["name", "edition"]
        constraints = [
            models.UniqueConstraint(fields=["name", "edition"], name="framework_edition_once"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "live", "retired"]), name="framework_status_known"
            ),
            models.CheckConstraint(
                condition=Q(procured_from=None)
                | Q(procured_until=None)
                | Q(procured_until__gte=F("procured_from")),
                name="framework_dates_in_order",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.name}, {self.edition}"

    def get_absolute_url(self):
        """Return the address of the edition's page."""
        return reverse("kpis:framework-page", args=[self.pk])

    @property
    def is_usable(self):
        """Return whether contracts may use it: live, and its licence confirmed where one is needed."""
        return self.status == self.Status.LIVE and self.is_licensed

    @property
    def is_licensed(self):
        """Return whether no licence is needed, or the council's is confirmed."""
        return not self.needs_licence or self.licence_confirmed_at is not None


class Theme(models.Model):
    """A heading of a framework."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="themes")
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=150)
    about = models.TextField(blank=True)
    # A mission or the like that several themes stand under; blank where there is none or none was seen.
    heading = models.CharField("stands under", max_length=150, blank=True)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["framework", "position"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="theme_code_once")]

    def __str__(self):
        return self.title


class Outcome(models.Model):
    """What a theme's measures are meant to bring about."""

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="outcomes")
    code = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=250)
    about = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["theme", "position"]

    def __str__(self):
        return f"{self.code} {self.title}" if self.code else self.title


class CouncilPriority(models.Model):
    """One of the council's own priorities, which measures of any framework point to."""

    title = models.CharField(max_length=150, unique=True)
    about = models.TextField(blank=True)
    is_active = models.BooleanField("a priority today", default=True)
    position = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "title"]
        verbose_name_plural = "council priorities"

    def __str__(self):
        return self.title


class FrameworkChoice(models.Model):
    """A framework chosen for one contract; a contract with choices is offered those and no others."""

    contract = models.ForeignKey(
        "contracts.Contract", on_delete=models.CASCADE, related_name="framework_choices"
    )
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="choices")
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    chosen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["contract_id", "framework__name", "framework__edition"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "framework"], name="framework_choice_once")
        ]

    def __str__(self):
        return f"{self.framework} for {self.contract}"
