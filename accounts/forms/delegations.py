"""Forms about delegations."""

from typing import cast

from django import forms

from accounts.calendar import today
from accounts.models import Directorate, Person
from govuk.fields import DateField, MoneyField
from govuk.forms import GovukForm


class DelegationForm(GovukForm):
    """To whom a director hands the authority to approve, for what and how long."""

    directorate = forms.ModelChoiceField(Directorate.objects.none(), empty_label=None)
    given_to = forms.ModelChoiceField(
        Person.objects.none(), label="Who may approve in your name?", empty_label="Select a person"
    )
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
    nouns = {"given_to": "person", "value_limit": "limit"}
    widths = {"scheme_reference": "20"}

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Directorate.objects.filter(pk__in=by.authority.directs)
        directorate = cast(forms.ModelChoiceField, self.fields["directorate"])
        directorate.queryset = mine
        directorate.initial = mine.first()
        given_to = cast(forms.ModelChoiceField, self.fields["given_to"])
        given_to.queryset = Person.objects.active().exclude(pk=by.pk)
        self.fields["starts_on"].initial = today()
