"""Forms about directorates and departments."""

from django import forms

from govuk.forms import GovukForm


class DirectorateForm(GovukForm):
    """A directorate's name."""

    name = forms.CharField(label="Name of the directorate", max_length=120)
    widths = {"name": "20"}


class DepartmentForm(GovukForm):
    """A department's name."""

    name = forms.CharField(label="Name of the department", max_length=150)
    widths = {"name": "20"}
