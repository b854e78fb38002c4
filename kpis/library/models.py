"""Frameworks as versioned data: themes, outcomes, measures; the units and cohorts they count in."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from contracts.models import Proportionate


class Kind(models.TextChoices):
    """What a measure's figure is."""

    COUNT = "count", "Number"
    MONEY = "money", "Money (£)"
    PERCENTAGE = "percentage", "Percentage"
    YES_NO = "yes_no", "Yes or no"
    MILESTONE = "milestone", "Milestone date"
    TEXT = "text", "Text"


class Direction(models.TextChoices):
    """Which way is better."""

    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"


class RollUp(models.TextChoices):
    """How a KPI's months come to one figure to date."""

    SUM = "sum", "Sum of the months"
    LATEST = "latest", "Latest month"
    AVERAGE = "average", "Weighted average"
    MAXIMUM = "maximum", "Highest month"


class Unit(models.Model):
    """What is counted. Units never mix in a total."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField("name, in the plural", max_length=80)
    short = models.CharField("as in a table's header", max_length=30)
    # Decimal places a figure may have.
    places = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Framework(models.Model):
    """A set of themes and measures of one edition, with source and licence."""

    name = models.CharField(max_length=150)
    edition = models.CharField(max_length=60)
    source = models.CharField(max_length=300)
    source_url = models.URLField(blank=True)
    licence = models.CharField(max_length=200)

    class Meta:
        ordering = ["name", "edition"]
        constraints = [models.UniqueConstraint(fields=["name", "edition"], name="framework_edition_once")]

    def __str__(self):
        return f"{self.name}, {self.edition}"


class Theme(models.Model):
    """A heading of a framework."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="themes")
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=150)
    about = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["framework", "position"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="theme_code_once")]

    def __str__(self):
        return self.title


class Outcome(models.Model):
    """What a theme's measures are meant to bring about."""

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="outcomes")
    title = models.CharField(max_length=250)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["theme", "position"]

    def __str__(self):
        return self.title


class Cohort(models.Model):
    """A group of people a measure may be counted for, such as Our Children. Counts, never names."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    definition = models.TextField()
    age_range = models.CharField(max_length=60, blank=True)
    evidence_rule = models.TextField(blank=True)
    is_our_children = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self):
        return settings.WORDS["our_children"] if self.is_our_children else self.name


class MeasureQuerySet(models.QuerySet):
    """Questions about measures."""

    def live(self):
        """Return measures that may be proposed."""
        return self.filter(status=Measure.Status.LIVE)

    def matching(self, words):
        """Return measures in whose words every one of these is found."""
        found = self
        for word in words.split():
            found = found.filter(
                models.Q(title__icontains=word)
                | models.Q(code__icontains=word)
                | models.Q(counting_rule__icontains=word)
                | models.Q(theme__title__icontains=word)
                | models.Q(unit__name__icontains=word)
            )
        return found


class Measure(models.Model):
    """One thing that can be measured, with its counting rule and the evidence expected."""

    class Status(models.TextChoices):
        """Where a measure is in its life; retiring one never changes a past entry."""

        DRAFT = "draft", "Draft"
        LIVE = "live", "Live"
        RETIRED = "retired", "Retired"

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="measures")
    outcome = models.ForeignKey(
        Outcome, null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COUNT)
    direction = models.CharField(max_length=6, choices=Direction.choices, default=Direction.HIGHER)
    roll_up = models.CharField("over time", max_length=8, choices=RollUp.choices, default=RollUp.SUM)
    numerator_name = models.CharField("what is counted (above the line)", max_length=150, blank=True)
    denominator_name = models.CharField("out of what (below the line)", max_length=150, blank=True)
    counting_rule = models.TextField()
    evidence_expected = models.TextField()
    # The measure as a whole is about a small group of people: suppressed below the small number.
    cohort = models.ForeignKey(
        Cohort, null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    cohort_splits = models.ManyToManyField(Cohort, blank=True, related_name="split_measures")
    record_only = models.BooleanField("recorded, without a £ value", default=True)
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.LIVE)
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["theme__position", "code"]

    def __str__(self):
        return f"{self.code} {self.title}"

    def get_absolute_url(self):
        """Return the address of the measure's page."""
        return reverse("kpis:measure-page", args=[self.code])

    @property
    def is_percentage(self):
        """Return whether its figure is a numerator and a denominator."""
        return self.kind == Kind.PERCENTAGE

    @property
    def is_number(self):
        """Return whether its figure is an amount that targets can be set for."""
        return self.kind in {Kind.COUNT, Kind.MONEY, Kind.PERCENTAGE}


class KPITemplate(Proportionate):
    """A ready KPI set for contracts of a tier, category or value band; used at the start of a proposal."""

    name = models.CharField(max_length=120, unique=True)
    about = models.TextField("when to use it", blank=True)
    is_active = models.BooleanField("offered", default=True)
    key = models.SlugField(max_length=60, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        verbose_name = "KPI template"

    def __str__(self):
        return self.name


class TemplateItem(models.Model):
    """One measure of a template, with what to start from."""

    template = models.ForeignKey(KPITemplate, on_delete=models.CASCADE, related_name="items")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="template_items")
    position = models.PositiveSmallIntegerField(default=1)
    # A suggestion for each £1 million of the contract's whole value; for levels to hold, the level itself.
    suggested_target = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    why = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["template", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["template", "measure"], name="template_measure_once")]

    def __str__(self):
        return f"{self.measure} in {self.template}"
