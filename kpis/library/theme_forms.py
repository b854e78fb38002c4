"""What is asked of a theme or an outcome of an edition, and before one is removed."""

from typing import Any

from django import forms

from accounts.forms.seen import SeenMixin
from govuk.fields import WholeNumberField
from govuk.forms import GovukForm
from kpis.library.models import Framework, Outcome, Theme
from kpis.library.theme_verbs import OUTCOME_FIELDS, THEME_FIELDS


class HeadingForm(SeenMixin, GovukForm):
    """What themes and outcomes have alike; `places` is how many there will be, `row` the one changed."""

    fields_of: tuple[str, ...] = ()
    widths = {"code": "10", "position": "3"}
    nouns = {"position": "place", "about": "what it is about"}

    def __init__(
        self, *args: Any, places: int, row: Theme | Outcome | None = None, mark: int = 0, **kwargs: Any
    ) -> None:
        start = {name: getattr(row, name) for name in self.fields_of} if row else {"position": places}
        super().__init__(*args, initial={**start, "seen": mark}, **kwargs)
        self.places = places

    def clean_position(self) -> int:
        """Return a place that exists."""
        position = self.cleaned_data["position"]
        if not 1 <= position <= self.places:
            raise forms.ValidationError(f"Place must be between 1 and {self.places}")
        return position

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the verbs take, after `is_valid`."""
        return {name: self.cleaned_data[name] for name in self.fields_of}


class ThemeForm(HeadingForm):
    """A theme of an edition."""

    fields_of = THEME_FIELDS
    code = forms.CharField(label="Code", max_length=20, help_text="As the source has it, or a short one")
    title = forms.CharField(label="Title", max_length=150)
    heading = forms.CharField(
        label="Stands under", max_length=150, required=False,
        help_text="A mission or the like that several themes stand under, as the source has it",
    )  # fmt: skip
    about = forms.CharField(
        label="What it is about", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    position = WholeNumberField(label="Place", help_text="1 is the first theme of the edition.")


class OutcomeForm(HeadingForm):
    """An outcome of a theme."""

    fields_of = OUTCOME_FIELDS
    code = forms.CharField(label="Code", max_length=20, required=False, help_text="Where the source has one")
    title = forms.CharField(label="Title", max_length=250)
    about = forms.CharField(
        label="What it is about", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    position = WholeNumberField(label="Place", help_text="1 is the first outcome of the theme.")


class RemoveForm(GovukForm):
    """Why a theme or outcome is taken away."""

    note = forms.CharField(
        label="Reason", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept in the history of the framework.",
    )  # fmt: skip


def places_in(owner: Framework | Theme, row: Theme | Outcome | None = None) -> int:
    """Return how many themes or outcomes there will be once the form is saved."""
    count = owner.themes.count() if isinstance(owner, Framework) else owner.outcomes.count()
    return count + (row is None)
