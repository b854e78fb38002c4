"""What can be measured: units, groups of people, measures with their counting rule and evidence."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from contracts.models import Contract
from kpis.library.models.framework import CouncilPriority, Framework, Outcome, Theme


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


class Across(models.TextChoices):
    """How contracts' figures come to one figure of the council's."""

    SUM = "sum", "Added up"
    AVERAGE = "average", "Weighted by the number of cases"
    MAXIMUM = "maximum", "The highest"
    NONE = "none", "Not combined: each contract for itself"


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

    def visible_to(self, person):
        """Return what a reader of the library may see: drafts only where they keep it.

        What a contract wrote in its own words is for those who see the contract.
        """
        if person.authority.is_lead:
            return self
        seen = models.Q(contract=None)
        seen |= models.Q(contract__in=Contract.objects.visible_to(person).order_by().values("pk"))
        return self.exclude(status=Measure.Status.DRAFT).filter(seen)

    def shared(self):
        """Return measures that are not one contract's own words."""
        return self.filter(contract=None)

    def of_contract(self, contract):
        """Return measures the contract wrote in its own words."""
        return self.filter(contract=contract)

    def in_order(self):
        """Return them by edition, theme and code."""
        return self.order_by(
            "framework__name", "framework__edition", "framework", "theme__position", "theme", "code"
        )

    def matching(self, words):
        """Return measures in whose words every one of these is found, in the singular or the plural."""
        found = self
        for word in words.split():
            stem = stem_of(word)
            found = found.filter(
                models.Q(title__icontains=stem)
                | models.Q(code__icontains=word)
                | models.Q(counting_rule__icontains=stem)
                | models.Q(theme__title__icontains=stem)
                | models.Q(outcome__title__icontains=stem)
                | models.Q(unit__name__icontains=stem)
                | models.Q(framework__name__icontains=stem)
                | models.Q(framework__edition__icontains=word)
            )
        return found


def stem_of(word):
    """Return what a word's singular and plural share: "compan" for "companies", "tree" for "trees"."""
    plain = word.casefold()
    if plain == "children":
        return "child"
    for ending, dropped in ENDINGS:
        if plain.endswith(ending) and len(plain) - dropped >= 3:
            return word[: len(word) - dropped]
    return word


# Longest first. "ss" and "us" are no plurals: "business" and "bonus" stay whole.
ENDINGS = (
    ("sses", 2),
    ("ches", 2),
    ("shes", 2),
    ("ies", 3),
    ("xes", 2),
    ("ss", 0),
    ("us", 0),
    ("s", 1),
    ("y", 1),
)


class Measure(models.Model):
    """One thing that can be measured, with its counting rule and the evidence expected."""

    class Status(models.TextChoices):
        """Where a measure is in its life; retiring one never changes a past entry."""

        DRAFT = "draft", "Draft"
        LIVE = "live", "Live"
        RETIRED = "retired", "Retired"

    # Always its theme's framework: held here so that a code is unique within an edition, not beyond.
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="measures")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="measures")
    outcome = models.ForeignKey(
        Outcome, null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    # Headings of other frameworks it also counts under, so that one figure serves several reports.
    also_under = models.ManyToManyField(Theme, blank=True, related_name="also_measures")
    priorities = models.ManyToManyField(CouncilPriority, blank=True, related_name="measures")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COUNT)
    direction = models.CharField(max_length=6, choices=Direction.choices, default=Direction.HIGHER)
    roll_up = models.CharField("over time", max_length=8, choices=RollUp.choices, default=RollUp.SUM)
    across = models.CharField("across contracts", max_length=7, choices=Across.choices, default=Across.SUM)
    can_be_negative = models.BooleanField("a figure can be below 0, such as jobs lost", default=False)
    numerator_name = models.CharField("what is counted (above the line)", max_length=150, blank=True)
    denominator_name = models.CharField("out of what (below the line)", max_length=150, blank=True)
    counting_rule = models.TextField()
    evidence_expected = models.TextField()
    # The measure as a whole is about a small group of people: suppressed below the small number.
    cohort = models.ForeignKey(
        Cohort, null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    cohort_splits = models.ManyToManyField(Cohort, blank=True, related_name="split_measures")
    record_only = models.BooleanField("recorded, never given a £ value", default=False)
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.LIVE)
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # The contract whose own words it is; blank for what any contract may be offered.
    contract = models.ForeignKey(
        "contracts.Contract", null=True, blank=True, on_delete=models.PROTECT, related_name="own_measures"
    )

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["framework", "theme__position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="measure_code_once_an_edition"),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "live", "retired"]), name="measure_status_known"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    def get_absolute_url(self):
        """Return the address of the measure's page."""
        return reverse("kpis:measure-page", args=[self.pk])

    @property
    def is_percentage(self):
        """Return whether its figure is a numerator and a denominator."""
        return self.kind == Kind.PERCENTAGE

    @property
    def can_be_priced(self):
        """Return whether units of it can be multiplied by a £ value: numbers or sums that add up.

        A percentage is never valued as if it were a count, and a level that is held (people employed this
        month) would be counted again each month. Pounds are added up over contracts, so what isn't to be
        added up over them has none.
        """
        adds_up = self.roll_up == RollUp.SUM and self.across == Across.SUM
        return self.kind in {Kind.COUNT, Kind.MONEY} and adds_up and not self.record_only

    @property
    def allows_negative(self):
        """Return whether a figure of it may be below 0: money, and numbers said to be so."""
        return self.kind == Kind.MONEY or (self.kind == Kind.COUNT and self.can_be_negative)

    @property
    def is_number(self):
        """Return whether its figure is an amount that targets can be set for."""
        return self.kind in {Kind.COUNT, Kind.MONEY, Kind.PERCENTAGE}
