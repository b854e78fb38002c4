"""What is asked of suppliers: by what the list is narrowed, facts, status, which of two is kept."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Directorate
from contracts.models import Supplier, SupplierStatus
from contracts.suppliers.listing import KINDS, SHORT, UNKNOWN
from govuk.fields import DateField
from govuk.forms import GovukForm

Kind = SupplierStatus.Kind


class SupplierFilterForm(GovukForm):
    """The boxes above the list; nothing in it is required."""

    mark_optional = False

    q = forms.CharField(label="Name or number", required=False, max_length=200)
    directorate = forms.ModelChoiceField(
        label="Directorate", queryset=Directorate.objects.none(), required=False, empty_label="All"
    )

    def __init__(self, *args: Any, directorates: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in KINDS:
            self.fields[str(kind)] = forms.ChoiceField(
                label=SHORT[kind],
                required=False,
                choices=[("", "All"), ("yes", "Yes"), ("no", "No"), (UNKNOWN, "Not known")],
            )
        self.fields["directorate"].queryset = Directorate.objects.filter(  # type: ignore[attr-defined]
            pk__in=directorates
        )
        self.refresh_messages()

    @property
    def is_narrowed(self) -> bool:
        """Return whether anything was asked for."""
        return any(self.data.get(name) for name in self.fields)


class SupplierForm(GovukForm):
    """A supplier's name and numbers."""

    name = forms.CharField(
        label="Name",
        max_length=500,
        help_text="As it calls itself. A register that still writes the old name keeps finding it.",
    )
    company_number = forms.CharField(
        label="Company number",
        max_length=40,
        required=False,
        help_text="8 digits, or 2 letters and 6 digits, from Companies House",
    )
    charity_number = forms.CharField(label="Charity number", max_length=40, required=False)
    note = forms.CharField(
        label="Why", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    widths = {"company_number": "10", "charity_number": "10"}


class StatusForm(GovukForm):
    """What a supplier is, how that is known, and when it was so."""

    kind = forms.ChoiceField(label="What are you saying?", choices=Kind.choices, widget=forms.RadioSelect)
    answer = forms.ChoiceField(
        label="Is it?",
        choices=[("yes", "Yes"), ("no", "No"), (UNKNOWN, "Not known")],
        widget=forms.RadioSelect,
    )
    source = forms.CharField(
        label="How is that known?",
        max_length=250,
        help_text="For example: Companies House accounts 2025, Charity Commission register, their own word",
    )
    as_at = DateField(label="As at", help_text="The day it was so. What was said with the latest date holds.")

    nouns = {
        "kind": "which status you are talking of",
        "answer": "an answer: yes, no or not known",
        "source": "how that is known",
        "as_at": "the day it was so",
    }
    choice_hints = {
        "kind": {
            Kind.SME: "Fewer than 250 people, and turnover or balance sheet within the limits",
            Kind.LOCAL: "As the council defines local",
        },
        "answer": {UNKNOWN: "Takes an earlier answer back"},
    }


class MergeForm(GovukForm):
    """Which of two suppliers is kept, and how it is known that they are the same."""

    keep = forms.ChoiceField(label="Which one is kept?", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="How do you know that they are the same?",
        max_length=250,
        help_text="For example: same company number at Companies House",
    )
    first_version = forms.IntegerField(widget=forms.HiddenInput)
    second_version = forms.IntegerField(widget=forms.HiddenInput)

    nouns = {"keep": "which one is kept", "reason": "how you know that they are the same"}

    def __init__(
        self, *args: Any, first: Supplier, second: Supplier, hints: dict[str, str], **kwargs: Any
    ) -> None:
        self.choice_hints = {"keep": hints}  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        keep: Any = self.fields["keep"]
        keep.choices = [(str(one.pk), f"{one.name} ({one.pk})") for one in (first, second)]
        self.fields["first_version"].initial = first.version
        self.fields["second_version"].initial = second.version
