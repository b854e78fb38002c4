"""A row that two people may open at once: each change moves its version on by one."""

from django.db import models


class Versioned(models.Model):
    """A row whose edit pages carry the version they were read at."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
