"""What is bought, and how words in registers map to the council's own directorates and categories."""

from django.conf import settings
from django.db import models


class Category(models.Model):
    """A kind of spend the council compares contracts by, such as highways or home care."""

    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "categories"

    def __str__(self):
        return self.name


class DirectorateMapping(models.Model):
    """What a department text in a register means; made once, used by every later import."""

    # Lower-case letters and digits of the text; `text` is as first seen.
    key = models.CharField(max_length=250, unique=True)
    text = models.CharField(max_length=250)
    directorate = models.ForeignKey("accounts.Directorate", on_delete=models.PROTECT, related_name="mappings")
    department = models.ForeignKey(
        "accounts.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="mappings"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["text"]

    def __str__(self):
        return f"{self.text} = {self.directorate}"


class CategoryMapping(models.Model):
    """What a category text in a register means; made once, used by every later import."""

    key = models.CharField(max_length=250, unique=True)
    text = models.CharField(max_length=250)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="mappings")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["text"]

    def __str__(self):
        return f"{self.text} = {self.category}"
