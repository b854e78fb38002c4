"""Sample draws: which returns were picked for checking, by a seed an auditor can repeat."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class SampleDraw(models.Model):
    """One draw among a month's submitted returns."""

    month = models.DateField()
    seed = models.CharField(max_length=64)
    share = models.DecimalField("share drawn (%)", max_digits=5, decimal_places=2)
    # Numbers of the returns it chose from and of those it drew, so that the draw can be repeated.
    among = models.JSONField(default=list)
    drawn = models.JSONField(default=list)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"Sample of {self.month:%Y-%m}"
