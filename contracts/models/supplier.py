"""Who the council buys from."""

from django.db import models


class Supplier(models.Model):
    """An organisation as first recorded. `name_key` (letters and digits, no Ltd) finds likely variants."""

    name = models.CharField(max_length=500)
    name_key = models.CharField(max_length=500, db_index=True, editable=False)
    # Text: leading zeros, IP, SC and NI forms. `company_key` is padded to 8, for matching only.
    company_number = models.CharField(max_length=40, blank=True)
    company_key = models.CharField(max_length=40, blank=True, db_index=True, editable=False)
    charity_number = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["name"], name="supplier_name")]

    def __str__(self):
        return self.name
