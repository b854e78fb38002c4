"""What is asked of an edition of a framework, of its life, its licence and the edition after it."""

from typing import Any

from django import forms

from accounts.forms.seen import VersionMixin
from govuk.forms import GovukForm, GovukModelForm
from kpis.library.framework_verbs import FIELDS
from kpis.library.models import Framework

OFFERED_HINTS = {
    Framework.Offered.ALWAYS.value: "Whenever its procurement began, also where that is not known",
    Framework.Offered.BY_DATE.value: "A contract stays on the edition it was tendered under",
    Framework.Offered.CHOSEN.value: "Somebody who may change the contract chooses it, with a reason",
}


class FrameworkForm(VersionMixin, GovukModelForm):
    """The facts of an edition; its themes and measures are kept on pages of their own."""

    source_url = forms.URLField(
        label="Web address of the source", required=False, max_length=500, assume_scheme="https"
    )
    licence_url = forms.URLField(
        label="Web address of the licence", required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = Framework
        fields = list(FIELDS)
        widgets = {"about": forms.Textarea(attrs={"rows": 5}), "offered": forms.RadioSelect}
        labels = {
            "source": "Source",
            "licence": "Licence",
            "about": "What it is, and what is left to fill in",
            "needs_licence": "The council needs a licence of its own to use it",
            "offered": "Which contracts may propose its measures?",
            "procured_from": "Procurement began on or after",
            "procured_until": "Procurement began on or before",
            "previous": "The edition before",
        }
        help_texts = {
            "name": "The same for every edition",
            "edition": "Such as “2025” or “Version 3”",
            "source": "Who published it, in which document, when",
            "licence": "Such as “Open Government Licence v3.0” or “By subscription”",
            "needs_licence": "Nobody can propose its measures until the licence is confirmed",
            "procured_until": "Leave it blank while no edition comes after it",
        }

    nouns = {
        "offered": "which contracts may propose its measures",
        "about": "what it is",
        "procured_from": "first day",
        "procured_until": "last day",
    }
    choice_hints = {"offered": OFFERED_HINTS}
    reveals = {"offered": {Framework.Offered.BY_DATE.value: ["procured_from", "procured_until"]}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields  # type: ignore[assignment]
        before = Framework.objects.exclude(pk=self.instance.pk)
        fields["previous"].queryset = before.exclude(offered=Framework.Offered.NEVER)
        # What holds contracts' own words is made by the service, never by hand.
        fields["offered"].choices = [
            pair for pair in fields["offered"].choices if pair[0] != Framework.Offered.NEVER
        ]
        fields["previous"].empty_label = "None: it is the first"
        if self.instance.pk:
            self.initial["version"] = self.instance.version

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the verbs take, after `is_valid`."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    def _post_clean(self) -> None:
        """Leave the edition as it is: the verbs change it."""


class StatusForm(VersionMixin, GovukForm):
    """Why an edition is made live, retired or brought back."""

    note = forms.CharField(
        label="Reason", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept in the history.",
    )  # fmt: skip


class LicenceForm(VersionMixin, GovukForm):
    """What the council's licence is, for whoever looks it up later."""

    licence_note = forms.CharField(
        label="The council’s licence", max_length=300,
        help_text="Its number, who granted it, from when until when. Readers of the library see it.",
    )  # fmt: skip
    confirm = forms.BooleanField(
        label="The council holds this licence, and it covers keeping and using the measures in this service"
    )
    nouns = {"licence_note": "the licence’s number, or who granted it and when"}


class WithdrawLicenceForm(VersionMixin, GovukForm):
    """Why the confirmation is taken back."""

    note = forms.CharField(label="Reason", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class EditionForm(GovukForm):
    """The edition to begin and what of the one before comes along."""

    name = forms.CharField(label="Name", max_length=150, help_text="The same for every edition")
    edition = forms.CharField(label="New edition", max_length=60, help_text="Such as “2026” or “Version 4”")
    source = forms.CharField(
        label="Source", max_length=300, help_text="Who published the new edition, in which document, when"
    )
    what = forms.ChoiceField(
        label="What to copy",
        choices=[("measures", "Themes, outcomes and measures"), ("headings", "Themes and outcomes only")],
        widget=forms.RadioSelect,
        initial="measures",
    )
    choice_hints = {
        "what": {
            "measures": "Retired measures stay behind, and so do £ values: say anew what each is worth",
            "headings": "To import or add the measures of the new edition yourself",
        }
    }
    nouns = {"what": "what to copy"}

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the verb takes, after `is_valid`."""
        given = self.cleaned_data
        return {
            "name": given["name"],
            "edition": given["edition"],
            "source": given["source"],
            "with_measures": given["what"] == "measures",
        }
