"""Forms about named posts and who holds them."""

from typing import cast

from django import forms

from accounts.calendar import today
from accounts.forms.seen import SeenMixin
from accounts.models import Directorate, Person
from govuk.fields import DateField
from govuk.forms import GovukForm


class PostForm(GovukForm):
    """A new post."""

    title = forms.CharField(label="Title of the post", max_length=150, help_text="For example: Head of Parks")
    directorate = forms.ModelChoiceField(
        Directorate.objects.none(), label="Directorate", empty_label="Select a directorate"
    )
    nouns = {"title": "title of the post"}
    widths = {"title": "20"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        directorate = cast(forms.ModelChoiceField, self.fields["directorate"])
        directorate.queryset = Directorate.objects.open()


class PostNameForm(SeenMixin, GovukForm):
    """Another title for a post."""

    title = forms.CharField(label="Title of the post", max_length=150)
    note = forms.CharField(label="Why", required=False, max_length=500, help_text="Kept in the history.")
    widths = {"title": "20"}


class PlaceForm(GovukForm):
    """Who holds a post, from when to when."""

    person = forms.ModelChoiceField(Person.objects.none(), label="Person", empty_label="Select a person")
    starts_on = DateField(label="First day")
    ends_on = DateField(
        label="Last day", required=False, help_text="This day still counts. Leave it blank for no end date."
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        # Nobody places themselves: the verb refuses it too.
        person = cast(forms.ModelChoiceField, self.fields["person"])
        person.queryset = Person.objects.active().exclude(pk=by.pk)
        self.fields["starts_on"].initial = today()
