"""Narrowing the lists of this floor."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q

from accounts.forms.people import role_choices
from accounts.models import Appointment, Delegation, Directorate, HistoryRow, Person
from govuk.fields import DateField
from govuk.formats import day as show_day
from govuk.forms import GovukForm

ACTIVE, INVITED, LEFT = "active", "invited", "left"


class FilterForm(GovukForm):
    """A form of filters: nothing in it is required, so nothing says "(optional)"."""

    mark_optional = False


class PersonFilter(django_filters.FilterSet):
    """People by words, post, directorate and whether they can sign in."""

    q = django_filters.CharFilter(label="Name, email or job title", method="by_words")
    role = django_filters.ChoiceFilter(label="Role", method="by_role", empty_label=None)
    directorate = django_filters.ModelChoiceFilter(
        queryset=Directorate.objects.all(), label="Directorate", method="by_directorate", empty_label="Any"
    )
    state = django_filters.ChoiceFilter(
        label="State",
        method="by_state",
        empty_label="Any",
        choices=[(ACTIVE, "Active"), (INVITED, "Invited"), (LEFT, "Deactivated")],
    )

    class Meta:
        model = Person
        fields: list[str] = []
        form = FilterForm

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["role"].extra["choices"] = role_choices("Any")

    def by_words(self, people, name, value):
        """Return people every word of the search is found in."""
        for word in value.split()[:6]:
            people = people.filter(
                Q(full_name__icontains=word) | Q(email__icontains=word) | Q(about__icontains=word)
            )
        return people

    def by_role(self, people, name, value):
        """Return people who hold the post today."""
        return people.filter(Exists(self._held(role=value)))

    def by_directorate(self, people, name, value):
        """Return people who hold a post in the directorate today (the chosen one, where one is chosen)."""
        role = self.form.cleaned_data.get("role")
        return people.filter(Exists(self._held(directorate=value, **({"role": role} if role else {}))))

    def by_state(self, people, name, value):
        """Return people who can sign in, those who have not accepted yet, or those who left."""
        waiting = Q(invitation__isnull=False, invitation__accepted_at=None)
        if value == LEFT:
            return people.filter(is_active=False)
        people = people.filter(is_active=True)
        return people.filter(waiting) if value == INVITED else people.exclude(waiting)

    def _held(self, **which):
        return Appointment.objects.in_force().filter(person=OuterRef("pk"), **which)


class HistoryFilter(django_filters.FilterSet):
    """History by who acted and when."""

    actor = django_filters.ModelChoiceFilter(
        queryset=Person.objects.all(), label="Who", empty_label="Anybody"
    )
    since = django_filters.Filter(field_name="at__date", lookup_expr="gte", label="From")
    until = django_filters.Filter(field_name="at__date", lookup_expr="lte", label="To")

    class Meta:
        model = HistoryRow
        fields: list[str] = []
        form = FilterForm

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("since", "until"):
            self.filters[name].field_class = DateField


class OutboxFilter(django_filters.FilterSet):
    """Letters by where they are."""

    state = django_filters.ChoiceFilter(
        label="Show",
        method="by_state",
        empty_label="Waiting and failed",
        choices=[("waiting", "Waiting"), ("failed", "Failed"), ("sent", "Sent")],
        widget=forms.Select,
    )

    class Meta:
        fields: list[str] = []
        form = FilterForm

    def by_state(self, letters, name, value):
        """Return letters in that state."""
        if value == "sent":
            return letters.exclude(sent_at=None)
        if value == "failed":
            return letters.exclude(given_up_at=None)
        return letters.waiting()


class GivenField(django_filters.fields.ModelChoiceField):
    """A choice of delegations, each by who holds it and since when."""

    def label_from_instance(self, obj):
        """Return "Head of Parks, from 1 May 2026"."""
        return f"{obj.holder}, from {show_day(obj.starts_on)}"


class GivenFilter(django_filters.ModelChoiceFilter):
    """Rows of history by the delegation they were made under."""

    field_class = GivenField


class InMyNameFilter(django_filters.FilterSet):
    """Decisions by the delegation they were made under, and when."""

    delegation = GivenFilter(queryset=Delegation.objects.none(), label="Delegation", empty_label="Any")
    since = django_filters.Filter(field_name="at__date", lookup_expr="gte", label="From")
    until = django_filters.Filter(field_name="at__date", lookup_expr="lte", label="To")

    class Meta:
        model = HistoryRow
        fields: list[str] = []
        form = FilterForm

    def __init__(self, *args, given, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["delegation"].queryset = given
        for name in ("since", "until"):
            self.filters[name].field_class = DateField
