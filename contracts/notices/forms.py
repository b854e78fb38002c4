"""Forms of the journey: a file, who we are, what may be a contract we have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from contracts.register.forms import described, facts_of
from govuk.forms import GovukForm


class NoticeUploadForm(GovukForm):
    """One file."""

    file = forms.FileField(
        label="Published notices",
        help_text="An OCDS release package, record package or list of releases, as Contracts Finder and "
        "Find a Tender give them (.json). Nothing is changed until you have seen what would be.",
        widget=forms.FileInput(attrs={"accept": ".json,.jsonl,application/json"}),
    )
    nouns = {"file": "file"}


class BuyersForm(GovukForm):
    """Which of the buyers in the file are this council."""

    buyers = forms.MultipleChoiceField(
        label="Which of these buyers are this council?",
        help_text="Only their contracts are brought in. What you choose is remembered, by name and "
        "identifier.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one buyer that is this council"},
    )

    def __init__(self, *args: Any, listed: Iterable[Mapping[str, Any]], **kwargs: Any) -> None:
        self.choice_hints: dict[str, dict[str, str]] = {"buyers": {}}  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        listed = list(listed)
        self.fields["buyers"].choices = [(one["key"], one["name"]) for one in listed]  # type: ignore[attr-defined]
        for one in listed:
            count = f"{one['items']:,} {'contract' if one['items'] == 1 else 'contracts'}"
            self.choice_hints["buyers"][one["key"]] = " · ".join(
                part for part in (count, one["identifier"]) if part
            )


class NoticeQuestionsForm(GovukForm):
    """Which contract each one of the file is: a new one, one of those it could be, or left out."""

    mark_optional = False

    def __init__(self, *args: Any, items: Iterable[Any], contracts: Mapping[int, Any], **kwargs: Any) -> None:
        self.choice_hints: dict[str, dict[str, str]] = {}  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        for item in items:
            name = f"item_{item.item_number}"
            there = [contracts[number] for number in item.candidates if number in contracts]
            choices = [(str(one.pk), f"It is contract {one.pk}: {one.title}") for one in there]
            self.choice_hints[name] = {str(one.pk): facts_of(one) for one in there}
            choices += [("new", "It is a new contract"), ("leave", "Leave it out of this import")]
            read = item.values.get("read", {})
            self.fields[name] = forms.ChoiceField(
                label=f"{item.item_number}: {read.get('title', '')}",
                help_text=described(read),
                choices=choices,
                required=False,
                widget=forms.RadioSelect,
            )
        self.refresh_messages()

    def answers(self) -> dict[int, str]:
        """Return item number -> answer of those given."""
        return {int(name.removeprefix("item_")): said for name, said in self.cleaned_data.items() if said}
