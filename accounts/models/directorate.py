"""The parts of the council: directorates, and departments inside them."""

from django.db import models


class DirectorateQuerySet(models.QuerySet):
    """Questions about directorates."""

    def open(self):
        """Return directorates that still exist."""
        return self.filter(is_active=True)


class Directorate(models.Model):
    """A part of the council led by a Strategic Director. Closed, never deleted."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    is_active = models.BooleanField(default=True)

    objects = DirectorateQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Department(models.Model):
    """A team inside one directorate. Closed, never deleted."""

    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, related_name="departments")
    name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["directorate__name", "name"]
        constraints = [
            models.UniqueConstraint(fields=["directorate", "name"], name="department_once_a_directorate")
        ]

    def __str__(self):
        return self.name
