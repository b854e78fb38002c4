"""The forms of gaps: why there is one, which directorate to take stock of, what narrows a list."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from accounts.calendar import today
from accounts.models import Directorate, Person
from contracts.models import Contract
from govuk.fields import DateField
from govuk.forms import GovukForm
from kpis.gaps.checks import problems, who_can_act
from kpis.gaps.models import GapNote
from kpis.gaps.weakness import Weakness

Reason, NextStep = GapNote.Reason, GapNote.NextStep


class PersonChoice(forms.ModelChoiceField):
    """Somebody by name."""

    def label_from_instance(self, obj):
        """Return the name alone."""
        return str(obj)


class GapForm(GovukForm):
    """Why a contract has no or weak KPIs, and what happens next."""

    nouns: ClassVar = {"reason": "why", "next_step": "what happens next"}
    mark_optional = False
    choice_hints: ClassVar = {
        "reason": {
            Reason.NO_GAP: "For contracts whose KPIs are fewer or older than usual for a good reason.",
            Reason.NOT_WRITTEN_DOWN: "The bid made promises, but they are not KPIs here yet.",
        }
    }

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.ChoiceField(
        label="Why are there no KPIs, or weak ones?",
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select why there are no KPIs, or weak ones"},
    )
    words = forms.CharField(
        label="In your own words",
        required=False,
        max_length=2000,
        help_text="Needed for another reason. Seen by those who work on the contract, not by executive and "
        "scrutiny members.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    next_step = forms.ChoiceField(
        label="What happens next?",
        choices=NextStep.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what happens next"},
    )
    who = PersonChoice(
        label="Who will do it",
        queryset=Person.objects.none(),
        required=False,
        empty_label="Select a name",
        help_text="Leave this and the date blank if nothing more is to be done.",
    )
    by_when = DateField(label="By when", required=False, help_text="For example, 30 9 2027")

    def __init__(
        self, *args: Any, contract: Contract, found: tuple[Weakness, ...], mark: int, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"seen": mark, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.found = found
        people: Any = self.fields["who"]
        people.queryset = who_can_act(contract)

    def clean(self) -> dict[str, Any]:
        """Add what fits together: words for another reason, who and when for a next step."""
        given = super().clean() or {}
        people: Any = self.fields["who"]
        for name, sentence in problems(given, self.found, today(), anybody=people.queryset.exists()):
            if name not in self.errors:
                self.add_error(name, sentence)
        return given


class StartForm(GovukForm):
    """Which directorate, and which of its contracts."""

    directorate = forms.ModelChoiceField(queryset=Directorate.objects.none(), empty_label="Select one")
    which = forms.ChoiceField(
        label="Which contracts?",
        choices=[
            ("gaps", "Live contracts with no KPIs or weak ones"),
            ("all", "Every live contract"),
        ],
        initial="gaps",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, directorates, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["directorate"]
        choice.queryset = directorates
        if len(directorates) == 1:
            choice.initial = directorates[0]


def all_of(directorates: dict[int | None, str]) -> list[tuple[str, str]]:
    """Return the choices of a filter by directorate, from names by key."""
    named = sorted(((str(pk), name) for pk, name in directorates.items()), key=lambda one: one[1])
    return [("", "All"), *named]


class ListForm(GovukForm):
    """What narrows a list; each box offers "" for all, and a value nobody offered counts as none."""

    mark_optional = False

    def __init__(self, data: Any, **choices: tuple[str, list[tuple[str, str]]]) -> None:
        super().__init__(data)
        for name, (label, offered) in choices.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=offered, required=False)
        # What nobody offered is not shown as an error beside a list that takes no notice of it.
        self.data = self.asked

    @property
    def asked(self) -> dict[str, str]:
        """Return what was asked for, "" where nothing known was."""
        known: dict[str, str] = {}
        for name, field in self.fields.items():
            value = self.data.get(name, "")
            choices = {str(key) for key, _ in field.choices}  # type: ignore[attr-defined]
            known[name] = value if value in choices else ""
        return known

    @property
    def is_narrowed(self) -> bool:
        """Return whether anything was asked for."""
        return any(self.asked.values())
