"""Forms about delegations."""

from typing import cast

from django import forms

from accounts.calendar import today
from accounts.models import Directorate, Person, Post
from govuk.fields import DateField, MoneyField
from govuk.formats import day as show_day
from govuk.formats import money
from govuk.forms import GovukForm

PERSON, POST = "person", "post"


class PostField(forms.ModelChoiceField):
    """A choice of posts, each with its directorate and who holds it today."""

    def label_from_instance(self, obj):
        """Return "Head of Parks (Della Marsh), Neighbourhoods"."""
        return f"{obj.words}, {obj.directorate}"


class HolderForm(GovukForm):
    """To a person or a post, under which paragraph, for what and how long."""

    holder = forms.ChoiceField(
        label="Who may approve?",
        choices=[(PERSON, "A person"), (POST, "A post, whoever holds it")],
        widget=forms.RadioSelect,
    )
    given_to = forms.ModelChoiceField(
        Person.objects.none(), label="Person", required=False, empty_label="Select a person"
    )
    post = PostField(Post.objects.none(), label="Post", required=False, empty_label="Select a post")
    scheme_reference = forms.CharField(
        label="Reference in the scheme of delegation", max_length=120, help_text="For example: Scheme 4.2"
    )
    value_limit = MoneyField(
        label="For contracts worth up to", required=False, help_text="Leave it blank for no limit."
    )
    starts_on = DateField(label="First day")
    ends_on = DateField(
        label="Last day", required=False, help_text="This day still counts. Leave it blank for no end date."
    )
    nouns = {"holder": "person or a post", "value_limit": "limit"}
    widths = {"scheme_reference": "20"}
    choice_hints = {"holder": {POST: "It goes with the post when somebody else takes it over."}}
    reveals = {"holder": {PERSON: "given_to", POST: "post"}}

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        given_to = cast(forms.ModelChoiceField, self.fields["given_to"])
        given_to.queryset = Person.objects.active().exclude(pk=by.pk)
        post = cast(forms.ModelChoiceField, self.fields["post"])
        post.queryset = (
            Post.objects.open().select_related("directorate").with_holders().order_by("title", "pk")
        )
        self.fields["starts_on"].initial = today()

    def clean(self):
        """Need the person or the post of the choice made, and drop the other."""
        data = super().clean() or {}
        if data.get("holder") == PERSON:
            data["post"] = None
            if not data.get("given_to") and "given_to" not in self.errors:
                self.add_error("given_to", "Select a person")
        elif data.get("holder") == POST:
            data["given_to"] = None
            if not data.get("post") and "post" not in self.errors:
                self.add_error("post", "Select a post")
        return data

    @property
    def facts(self):
        """Return what the verbs of delegations take."""
        return {name: value for name, value in self.cleaned_data.items() if name != "holder"}


class DelegationForm(HolderForm):
    """To whom a director hands the authority to approve, for what and how long."""

    directorate = forms.ModelChoiceField(Directorate.objects.none(), empty_label=None)
    field_order = ["directorate"]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        mine = Directorate.objects.filter(pk__in=by.authority.directs)
        directorate = cast(forms.ModelChoiceField, self.fields["directorate"])
        directorate.queryset = mine
        directorate.initial = mine.first()


class HandOnForm(HolderForm):
    """To whom a delegate hands on what they hold, within its limits."""

    def __init__(self, *args, by, parent, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        # The verb refuses these too.
        for name, key in (("given_to", parent.given_by_id), ("post", parent.post_id)):
            choice = cast(forms.ModelChoiceField, self.fields[name])
            if choice.queryset is not None:
                choice.queryset = choice.queryset.exclude(pk=key)
        # Blank would mean more than is held.
        if parent.value_limit is not None:
            self.fields["value_limit"].required = True
            self.fields["value_limit"].help_text = f"{money(parent.value_limit)} or less: your own limit."
        if parent.ends_on is not None:
            self.fields["ends_on"].required = True
            self.fields[
                "ends_on"
            ].help_text = f"{show_day(parent.ends_on)} at the latest. This day still counts."
        self.fields["scheme_reference"].initial = parent.scheme_reference
        self.fields["value_limit"].initial = parent.value_limit
        self.fields["starts_on"].initial = max(today(), parent.starts_on)
        self.fields["ends_on"].initial = parent.ends_on
