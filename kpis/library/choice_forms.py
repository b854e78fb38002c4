"""What is asked before a contract's measures come from other editions than its procurement date offers."""

from typing import Any

from django import forms
from django.db.models import Count, Q

from accounts.forms.seen import SeenMixin
from govuk.formats import plural
from govuk.forms import GovukForm
from kpis.library.framework_reading import offered_in_words
from kpis.library.models import Framework, Measure

OFFERED, CHOSEN = "offered", "chosen"


class ChoiceForm(SeenMixin, GovukForm):
    """Either what the procurement date offers, or editions chosen for the contract; always with a reason."""

    which = forms.ChoiceField(
        label="Where may this contract’s measures come from?",
        choices=[
            (OFFERED, "From what its procurement date offers"),
            (CHOSEN, "From frameworks chosen for it"),
        ],
        widget=forms.RadioSelect,
    )
    frameworks = forms.ModelMultipleChoiceField(
        label="Frameworks",
        queryset=Framework.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label="Reason", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Such as the edition named in the tender. Kept in the contract’s history.",
    )  # fmt: skip
    reveals = {"which": {CHOSEN: "frameworks"}}
    nouns = {"which": "where its measures may come from"}
    mark_optional = False

    def __init__(self, *args: Any, chosen: list[Framework], mark: int, **kwargs: Any) -> None:
        start = {"which": CHOSEN if chosen else OFFERED, "frameworks": chosen, "seen": mark}
        super().__init__(*args, initial=start, **kwargs)
        live = Count("measures", filter=Q(measures__status=Measure.Status.LIVE))
        counted = {one.pk: one.live_measures for one in Framework.objects.annotate(live_measures=live)}
        usable = list(Framework.objects.usable().exclude(offered=Framework.Offered.NEVER))
        # One that is chosen already may stay, whatever became of it since.
        offered = sorted({*usable, *chosen}, key=str)
        field: Any = self.fields["frameworks"]
        field.queryset = Framework.objects.filter(pk__in=[one.pk for one in offered])
        field.choices = [(one.pk, _label(one)) for one in offered]
        hints = {
            str(one.pk): f"{plural(counted[one.pk], 'live measure')}. For: {_lower(offered_in_words(one))}"
            for one in offered
        }
        self.choice_hints = {"frameworks": hints}  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        """Ask for at least one framework where some are to be chosen, and forget them where not."""
        typed = super().clean() or self.cleaned_data
        if typed.get("which") == CHOSEN:
            if "frameworks" in typed and not typed["frameworks"]:
                self.add_error("frameworks", "Select at least one framework")
        else:
            typed["frameworks"] = []
        return typed


def _label(framework: Framework) -> str:
    if framework.is_usable:
        return str(framework)
    if framework.status != Framework.Status.LIVE:
        return f"{framework} ({framework.get_status_display().lower()}: none of its measures can be proposed)"
    return f"{framework} (licence not confirmed: none of its measures can be proposed)"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
