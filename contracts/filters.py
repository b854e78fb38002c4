"""Searching, filtering and sorting the list of contracts."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict

from accounts.calendar import today
from accounts.models import Directorate, Person
from contracts.models import Category, Contract, ContractSupplier, Stage
from contracts.models.contract import ContractQuerySet
from govuk.forms import GovukForm
from spreadsheets.mapping import normal

MOST_WORDS = 8


def matching(contracts: QuerySet, text: str) -> QuerySet:
    """Return contracts in which title, reference, supplier or number match every word, in any case."""
    for word in text.split()[:MOST_WORDS]:
        # By what its suppliers of today are called, and by the names of those merged into them.
        supplied = ContractSupplier.objects.current().filter(
            Q(supplier__name__icontains=word) | Q(supplier__merged_names__name__icontains=word),
            contract=OuterRef("pk"),
        )
        found: Any = Q(title__icontains=word) | Q(supplier_text__icontains=word) | Exists(supplied)
        if key := normal(word):
            found |= Q(reference_key__contains=key)
        if word.isascii() and word.isdigit() and len(word) < 18:
            found |= Q(number=int(word))
        found |= Q(reference__icontains=word)
        contracts = contracts.filter(found)
    return contracts


class ContractFilterForm(GovukForm):
    """The boxes above the list; nothing in it is required."""

    mark_optional = False


class ContractFilter(django_filters.FilterSet):
    """What narrows the list. Choices hold only what the person's own contracts have."""

    q = django_filters.CharFilter(
        method="search", label="Title, reference, supplier or number", max_length=200
    )
    directorate = django_filters.ModelChoiceFilter(
        queryset=Directorate.objects.none(), label="Directorate", empty_label="All", null_value="none"
    )
    stage = django_filters.ChoiceFilter(choices=Stage.choices, label="Stage", empty_label="All")
    manager = django_filters.ModelChoiceFilter(
        queryset=Person.objects.none(),
        label="Contract manager",
        empty_label="All",
        null_label="Nobody yet",
        null_value="none",
    )
    category = django_filters.ModelChoiceFilter(
        queryset=Category.objects.none(),
        label="Category",
        empty_label="All",
        null_label="None given",
        null_value="none",
    )
    live = django_filters.BooleanFilter(method="live_today", label="Live today", widget=forms.CheckboxInput)

    class Meta:
        model = Contract
        fields = ("q", "directorate", "stage", "manager", "category", "live")
        form = ContractFilterForm

    def __init__(self, data, queryset, *, person):
        super().__init__(data or QueryDict(), queryset)
        seen = queryset.order_by()
        fields = self.form.fields
        held = person.authority
        directorates = Directorate.objects.filter(pk__in=seen.values("directorate"))
        fields["directorate"].queryset = directorates
        if held.sees_everything:
            fields["directorate"].null_label = "Not known"
        fields["manager"].queryset = Person.objects.filter(pk__in=seen.values("manager"))
        fields["category"].queryset = Category.objects.filter(pk__in=seen.values("category"))
        for name in ("directorate", "manager", "category"):
            # The filter made its choices before they were narrowed to what the person sees.
            fields[name].widget.choices = fields[name].choices

    def search(self, queryset, name, value):
        """Return the contracts that match the words."""
        return matching(queryset, value)

    def live_today(self, queryset, name, value):
        """Return the contracts live today where the box is ticked; all otherwise."""
        return queryset.live_on(today()) if value else queryset

    @property
    def is_narrowed(self) -> bool:
        """Return whether anything was asked for."""
        return any(self.data.get(name) for name in self.Meta.fields)


SORTS: Mapping[str, str] = {
    "title": "title",
    "supplier": "supplier_text",
    "value": "value",
    "end": "ends_on",
    "number": "number",
}


def sorted_by(contracts: ContractQuerySet, asked: str) -> ContractQuerySet:
    """Return the contracts in the order asked for ("-value" is largest first); unknown ends stand last."""
    field = SORTS.get(asked.removeprefix("-"))
    if field is None:
        return contracts.order_by("title", "number")
    order = F(field).desc(nulls_last=True) if asked.startswith("-") else F(field).asc(nulls_last=True)
    return contracts.order_by(order, "number")
