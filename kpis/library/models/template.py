"""Ready KPI sets to begin a proposal with."""

from django.db import models

from contracts.models import Proportionate
from kpis.library.models.measure import Measure


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
