"""Forms about directorates and departments."""

from django import forms

from accounts.forms.seen import SeenMixin
from govuk.forms import GovukForm


class DirectorateForm(SeenMixin, GovukForm):
    """A directorate's name."""

    name = forms.CharField(label="Name of the directorate", max_length=120)
    widths = {"name": "20"}


class DepartmentForm(SeenMixin, GovukForm):
    """A department's name."""

    name = forms.CharField(label="Name of the department", max_length=150)
    widths = {"name": "20"}
