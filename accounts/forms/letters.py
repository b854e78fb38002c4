"""Forms about letter texts."""

from django import forms

from accounts.forms.seen import SeenMixin
from govuk.forms import GovukForm


class LetterTextForm(SeenMixin, GovukForm):
    """The words of one kind of letter."""

    subject = forms.CharField(max_length=200)
    body = forms.CharField(label="Text", widget=forms.Textarea(attrs={"rows": 16}), max_length=10_000)
