"""Forms about letter texts."""

from django import forms

from govuk.forms import GovukForm


class LetterTextForm(GovukForm):
    """The words of one kind of letter."""

    subject = forms.CharField(max_length=200)
    body = forms.CharField(label="Text", widget=forms.Textarea(attrs={"rows": 16}), max_length=10_000)
