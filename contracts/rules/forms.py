"""What is asked of a rule, a value band, a tier, and before one is removed."""

from typing import Any

from django import forms

from accounts.forms.seen import SeenMixin
from contracts.models import ContractTier, ProportionateRule, ValueBand
from contracts.rules.verbs import FIELDS
from govuk.fields import FigureField, MoneyField, WholeNumberField
from govuk.forms import GovukForm, GovukModelForm

MOST_KPIS = 200


class DrawnForm(SeenMixin, GovukModelForm):
    """For which contracts something holds: by tier, category and value band, each of them or every."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields  # type: ignore[assignment]
        for name, words in (("tier", "Every tier"), ("category", "Every category"), ("band", "Every value")):
            fields[name].empty_label = words

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the verbs take, after `is_valid`."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def _post_clean(self) -> None:
        """Leave the row as it is: the verbs change it."""


class RuleForm(DrawnForm):
    """For which contracts a rule is, and what it asks."""

    nouns = {
        "weighting_at_least": "social value weighting",
        "kpis_at_least": "the smallest number of KPIs",
        "kpis_at_most": "the largest number of KPIs",
    }
    widths = {"weighting_at_least": "4", "kpis_at_least": "3", "kpis_at_most": "3"}
    weighting_at_least = FigureField(
        label="Social value weighting, at least", suffix="%", required=False, max_digits=5,
        decimal_places=2, min_value=0, max_value=100,
        help_text="Of the tender’s marks. Leave it blank where none is asked.",
    )  # fmt: skip
    kpis_at_least = WholeNumberField(label="KPIs, at least", min_value=0, max_value=MOST_KPIS, initial=1)
    kpis_at_most = WholeNumberField(
        label="KPIs, at most", required=False, min_value=0, max_value=MOST_KPIS,
        help_text="More than this is remarked on, never refused.",
    )  # fmt: skip

    class Meta:
        model = ProportionateRule
        fields = list(FIELDS)
        widgets = {"returns_every": forms.RadioSelect, "note": forms.Textarea(attrs={"rows": 4})}
        labels = {
            "tier": "Tier",
            "category": "Category",
            "band": "Value band",
            "returns_every": "How often figures are returned",
            "offer_instead": "An offer in kind or cash is enough instead of KPIs",
        }
        help_texts = {
            "returns_every": "Holds for KPI sets begun from now on. Sets begun before keep their rhythm.",
            "note": "Everybody who signs in can read it.",
        }


class BandForm(SeenMixin, GovukForm):
    """A value band's name and where it begins."""

    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="As people read it, such as “£1 million to under £5 million”.",
    )
    at_least = MoneyField(
        label="From",
        max_digits=16,
        help_text="Over the contract’s whole life, without VAT. The band ends where the next begins.",
    )
    nouns = {"at_least": "value the band begins at"}


class TierForm(SeenMixin, GovukForm):
    """A tier's name and place."""

    name = forms.CharField(label="Name", max_length=40)
    position = WholeNumberField(label="Place", help_text="1 is the highest tier.")
    nouns = {"position": "place of the tier"}
    widths = {"name": "20", "position": "2"}

    def __init__(self, *args: Any, tier: ContractTier | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = ContractTier.objects.count() + (tier is None)
        if tier is not None:
            self.fields["name"].help_text = "A new name goes to every contract of this tier."

    def clean_position(self) -> int:
        """Return a place that exists."""
        position = self.cleaned_data["position"]
        if not 1 <= position <= self.places:
            raise forms.ValidationError(f"Place of the tier must be between 1 and {self.places}")
        return position


class RemoveForm(GovukForm):
    """Why something is taken away."""

    note = forms.CharField(
        label="Reason", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept in the history.",
    )  # fmt: skip


def start_of(grade: ValueBand | ContractTier, mark: int) -> dict[str, Any]:
    """Return what the form of a band or tier begins with."""
    facts = {"name": grade.name, "seen": mark}
    if isinstance(grade, ValueBand):
        return {**facts, "at_least": grade.at_least}
    return {**facts, "position": grade.position}
