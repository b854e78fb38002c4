"""What is asked of a measure, and by what the library is narrowed."""

from django import forms

from accounts.forms.seen import SeenMixin
from govuk.forms import GovukForm, GovukModelForm
from kpis.library.models import Kind, Measure, Theme
from kpis.library.verbs import FIELDS, FIXED_ONCE_USED, is_used


class MeasureForm(SeenMixin, GovukModelForm):
    """A measure's facts; those that say what a figure means are locked once contracts count by them."""

    class Meta:
        model = Measure
        fields = list(FIELDS)
        widgets = {
            "counting_rule": forms.Textarea(attrs={"rows": 5}),
            "evidence_expected": forms.Textarea(attrs={"rows": 3}),
            "cohort_splits": forms.CheckboxSelectMultiple,
            "kind": forms.RadioSelect,
            "direction": forms.RadioSelect,
            "roll_up": forms.RadioSelect,
        }
        labels = {
            "cohort": "Only about one group of people",
            "cohort_splits": "Groups that may be counted within it",
            "numerator_name": "For a percentage: what is counted (above the line)",
            "denominator_name": "For a percentage: out of what (below the line)",
            "kind": "What the figure is",
            "direction": "Which way is better",
        }
        help_texts = {
            "code": "Letters, figures and hyphens, for example CB-01",
            "cohort": "Its figures are hidden from outsiders where they are small",
        }

    nouns = {"numerator_name": "what is counted", "denominator_name": "what it is out of"}
    widths = {"code": "10"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cohort"].empty_label = "No, about everybody"  # type: ignore[attr-defined]
        self.fields["code"] = forms.SlugField(
            label="Code",
            max_length=20,
            initial=self.instance.code,
            help_text=self.fields["code"].help_text,
            error_messages={"invalid": "Code must have only letters, figures and hyphens, like CB-01"},
        )
        if is_used(self.instance):
            for name in FIXED_ONCE_USED:
                self.fields[name].disabled = True
        self.refresh_messages()

    @property
    def facts(self):
        """Return what the verbs take, after `is_valid`."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    def _post_clean(self):
        """Leave the measure as it is: the verbs change it."""


class RetireForm(GovukForm):
    """Why a measure is retired, and what takes its place."""

    replaced_by = forms.ModelChoiceField(
        label="Measure to use instead", queryset=Measure.objects.none(), required=False, empty_label="None"
    )
    note = forms.CharField(label="Reason", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, measure, **kwargs):
        super().__init__(*args, **kwargs)
        others = Measure.objects.live().exclude(pk=measure.pk)
        self.fields["replaced_by"].queryset = others  # type: ignore[attr-defined]
        if measure.status == Measure.Status.RETIRED:
            del self.fields["replaced_by"]


class LibraryFilter(GovukForm):
    """Words, theme and kind to narrow the library by."""

    q = forms.CharField(label="Search measures", required=False, max_length=100)
    theme = forms.ModelChoiceField(
        label="Theme", queryset=Theme.objects.all(), required=False, empty_label="All themes"
    )
    kind = forms.ChoiceField(label="Kind", choices=[("", "All kinds"), *Kind.choices], required=False)
    retired = forms.BooleanField(label="Show retired measures", required=False)
    mark_optional = False
