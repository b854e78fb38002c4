"""What is asked of one of the council's priorities."""

from typing import Any

from django import forms

from accounts.forms.seen import VersionMixin
from govuk.fields import WholeNumberField
from govuk.forms import GovukForm
from kpis.library.models import CouncilPriority
from kpis.library.priority_verbs import FIELDS


class PriorityForm(VersionMixin, GovukForm):
    """A priority's words and its place in the list."""

    title = forms.CharField(label="Title", max_length=150)
    about = forms.CharField(
        label="What it means", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="In the words of the council plan, with the plan’s name and page.",
    )  # fmt: skip
    position = WholeNumberField(label="Place", min_value=1, max_value=999, help_text="1 is the first.")
    widths = {"position": "3"}
    nouns = {"position": "place", "about": "what it means"}

    def __init__(self, *args: Any, priority: CouncilPriority | None = None, **kwargs: Any) -> None:
        start: dict[str, Any] = {"position": CouncilPriority.objects.count() + 1}
        if priority is not None:
            start = {name: getattr(priority, name) for name in FIELDS} | {"version": priority.version}
        super().__init__(*args, initial=start, **kwargs)

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the verbs take, after `is_valid`."""
        return {name: self.cleaned_data[name] for name in FIELDS}
