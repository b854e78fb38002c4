"""What is asked for a measure in a contract's own words."""

from __future__ import annotations

from typing import Any

from django import forms

from govuk.forms import GovukForm
from kpis.library.measure_checks import ONLY_FOR
from kpis.library.models import Direction, Kind, Unit

ADDS, LEVEL = "adds", "level"
SEEN = "seen"


class OwnWordsForm(GovukForm):
    """Title, what is counted and how, which way is better, and the evidence that shows it."""

    title = forms.CharField(
        label="What is promised, in plain words", max_length=200,
        help_text="For example, “Benches in parks repaired with reclaimed timber”",
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="What the figure is",
        choices=[pair for pair in Kind.choices if pair[0] != Kind.TEXT],
        widget=forms.RadioSelect,
        initial=Kind.COUNT,
    )
    unit = forms.ModelChoiceField(
        label="What is counted",
        queryset=Unit.objects.exclude(code__in=[*ONLY_FOR, "words"]),
        required=False,
        empty_label="Select what is counted",
        help_text="If it is not in the list, select “items” and say in the counting rule what one is",
    )
    numerator_name = forms.CharField(label="What is counted (above the line)", required=False, max_length=150)
    denominator_name = forms.CharField(label="Out of what (below the line)", required=False, max_length=150)
    direction = forms.ChoiceField(
        label="Which way is better",
        choices=Direction.choices,
        widget=forms.RadioSelect,
        initial=Direction.HIGHER,
    )
    over_time = forms.ChoiceField(
        label="How months come to one figure",
        choices=[(ADDS, "They add up"), (LEVEL, "Each month is a level to hold")],
        widget=forms.RadioSelect,
        initial=ADDS,
    )
    counting_rule = forms.CharField(
        label="How is it counted?",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What counts as one, what does not, and in which month. Somebody else should come to the "
        "same figure",
    )
    evidence_expected = forms.CharField(
        label="What evidence will show it?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example, timesheets, payroll, photographs with dates, delivery notes",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    mark_optional = False
    nouns = {
        "title": "what is promised",
        "unit": "what is counted",
        "counting_rule": "how it is counted",
        "evidence_expected": "the evidence that will show it",
        "numerator_name": "what is counted",
        "denominator_name": "what it is out of",
        "over_time": "how months come to one figure",
    }
    reveals = {
        "kind": {
            Kind.COUNT.value: "unit",
            Kind.PERCENTAGE.value: ["numerator_name", "denominator_name"],
        }
    }
    choice_hints = {
        "over_time": {
            ADDS: "For what is done and counted once, such as hours given",
            LEVEL: "For how things stand each month, such as people employed, and for every percentage",
        }
    }

    def clean(self) -> dict[str, Any]:
        """Ask for what is counted where it is a number: the other kinds say it themselves."""
        typed = super().clean() or self.cleaned_data
        kind = typed.get("kind")
        of_kind = {one: code for code, one in ONLY_FOR.items()}
        if kind in of_kind:
            typed["unit"] = Unit.objects.filter(code=of_kind[kind]).first()
        if kind and not typed.get("unit") and "unit" not in self.errors:
            self.add_error("unit", "Select what is counted")
        return typed

    @property
    def has_seen(self) -> bool:
        """Return whether what the library has near it was shown already."""
        return bool(self.cleaned_data.get(SEEN))

    def now_seen(self) -> None:
        """Let the next sending of the form go through: what is near has been shown."""
        self.data = {**self.data.dict(), self.add_prefix(SEEN): "1"}  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the verb takes, after `is_valid`."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in {SEEN, "over_time"}}
        return {**given, "adds_up": self.cleaned_data["over_time"] == ADDS}
