"""What is asked of a measure: its facts, and what becomes of it."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.models import ModelChoiceIterator

from accounts.forms.seen import SeenMixin
from govuk.forms import GovukForm, GovukModelForm
from kpis.library.measure_checks import FIXED_ONCE_USED, is_used
from kpis.library.models import Across, CouncilPriority, Framework, Kind, Measure, Outcome, RollUp, Theme
from kpis.library.verbs import FIELDS


def heading_of(row: Any) -> str:
    """Return what an option stands under: its edition, and an outcome's theme."""
    return f"{row.theme.framework}: {row.theme}" if isinstance(row, Outcome) else str(row.framework)


class ByEdition(ModelChoiceIterator):
    """Options under the edition they belong to; rows come ordered by edition."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for heading, rows in groupby(self.queryset, heading_of):
            yield (heading, [self.choice(row) for row in rows])


class GroupedChoiceField(forms.ModelChoiceField):
    """A choice among rows of several editions, each under its edition's name."""

    iterator = ByEdition


def themes_open_to(measure: Measure):
    """Return themes the measure may stand under: of its own edition once it is used."""
    themes = Theme.objects.select_related("framework").order_by(
        "framework__name", "framework__edition", "position", "pk"
    )
    if is_used(measure) or measure.contract_id:
        return themes.filter(framework=measure.framework_id)
    themes = themes.exclude(framework__offered=Framework.Offered.NEVER)
    kept = {measure.framework_id} if measure.pk else set()
    open_ones = Framework.objects.exclude(status=Framework.Status.RETIRED).values_list("pk", flat=True)
    return themes.filter(framework__in=kept | set(open_ones))


class ThemesField(forms.ModelMultipleChoiceField):
    """Themes of several editions to tick, each with its edition."""

    def label_from_instance(self, obj: Theme) -> str:  # type: ignore[override]
        """Return the theme with its edition."""
        return f"{obj} ({obj.framework})"


class MeasureForm(SeenMixin, GovukModelForm):
    """A measure's facts; those that say what a figure means are locked once contracts count by them."""

    theme = GroupedChoiceField(label="Theme", queryset=Theme.objects.none(), empty_label="Select a theme")
    outcome = GroupedChoiceField(
        label="Outcome it is meant to bring about",
        queryset=Outcome.objects.none(),
        required=False,
        empty_label="None of these",
    )
    also_under = ThemesField(
        label="Themes of other editions it also counts under",
        queryset=Theme.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="So that one figure serves several reports. Leave all blank for none",
    )
    status = forms.ChoiceField(
        label="Who can use it",
        widget=forms.RadioSelect,
        initial=Measure.Status.LIVE,
        choices=[
            (Measure.Status.LIVE, "Contracts can propose it at once"),
            (Measure.Status.DRAFT, "Nobody yet: keep it as a draft"),
        ],
    )

    class Meta:
        model = Measure
        fields = list(FIELDS)
        widgets = {
            "counting_rule": forms.Textarea(attrs={"rows": 5}),
            "evidence_expected": forms.Textarea(attrs={"rows": 3}),
            "cohort_splits": forms.CheckboxSelectMultiple,
            "priorities": forms.CheckboxSelectMultiple,
            "kind": forms.RadioSelect,
            "direction": forms.RadioSelect,
            "roll_up": forms.RadioSelect,
            "across": forms.RadioSelect,
        }
        labels = {
            "title": "Title, in plain words",
            "cohort": "Only about one group of people",
            "cohort_splits": "Groups that may be counted within it",
            "numerator_name": "What is counted (above the line)",
            "denominator_name": "Out of what (below the line)",
            "kind": "What the figure is",
            "unit": "Unit",
            "direction": "Which way is better",
            "roll_up": "How a KPI’s months come to one figure",
            "across": "How contracts’ figures come to one figure of the council’s",
            "can_be_negative": "A figure can be below 0, such as jobs lost",
            "record_only": "It is recorded, and never given a £ value",
            "priorities": "Council priorities it serves",
        }
        help_texts = {
            "code": "Unique within its edition, for example CB-01 or 4.2",
            "cohort": "Its figures are hidden from outsiders where they are small",
        }

    nouns = {
        "numerator_name": "what is counted",
        "denominator_name": "what it is out of",
        "unit": "unit",
        "title": "title",
        "evidence_expected": "the evidence expected",
        "outcome": "outcome",
        "roll_up": "how months come to one figure",
        "across": "how contracts come to one figure",
    }
    widths = {"code": "10"}
    reveals = {"kind": {Kind.PERCENTAGE.value: ["numerator_name", "denominator_name"]}}
    choice_hints = {
        "roll_up": {
            RollUp.SUM.value: "For what is done and counted once, such as hours given",
            RollUp.LATEST.value: "For a level that is held, such as people employed",
            RollUp.AVERAGE.value: "For percentages only",
        },
        "across": {
            Across.AVERAGE.value: "For percentages only",
            Across.NONE.value: "Reports show each contract, and no total",
        },
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cohort"].empty_label = "No, about everybody"  # type: ignore[attr-defined]
        self.fields["unit"].empty_label = "Select a unit"  # type: ignore[attr-defined]
        themes = themes_open_to(self.instance)
        self.fields["theme"].queryset = themes  # type: ignore[attr-defined]
        self.fields["outcome"].queryset = (  # type: ignore[attr-defined]
            Outcome.objects.filter(theme__in=themes.order_by().values("pk"))
            .select_related("theme__framework")
            .order_by("theme__framework__name", "theme__framework__edition", "theme__position", "position")
        )
        also = Q() if not self.instance.pk else ~Q(framework=self.instance.framework_id)
        also &= ~Q(framework__status=Framework.Status.RETIRED) & ~Q(
            framework__offered=Framework.Offered.NEVER
        )
        if self.instance.pk:
            also |= Q(pk__in=self.instance.also_under.values("pk"))
        self.fields["also_under"].queryset = (  # type: ignore[attr-defined]
            Theme.objects.filter(also)
            .select_related("framework")
            .order_by("framework__name", "framework__edition", "position", "pk")
        )
        self._choose_priorities()
        if self.instance.pk:
            del self.fields["status"]
        if is_used(self.instance):
            for name in FIXED_ONCE_USED:
                self.fields[name].disabled = True
        self.refresh_messages()

    def _choose_priorities(self):
        offered = Q(is_active=True)
        if self.instance.pk:
            offered |= Q(pk__in=self.instance.priorities.values("pk"))
        today = CouncilPriority.objects.filter(offered)
        self.fields["priorities"].queryset = today  # type: ignore[attr-defined]
        if not today.exists():
            del self.fields["priorities"]

    def clean_code(self) -> str:
        """Return the code without spaces around it, as the edition writes it."""
        return self.cleaned_data["code"].strip()

    @property
    def facts(self):
        """Return what the verbs take, after `is_valid`."""
        given = {name: self.cleaned_data[name] for name in FIELDS if name in self.fields}
        if "status" in self.fields:
            given["status"] = self.cleaned_data["status"]
        return given

    def _post_clean(self):
        """Leave the measure as it is: the verbs change it."""


class RetireForm(GovukForm):
    """Why a measure is retired, and what takes its place."""

    replaced_by = GroupedChoiceField(
        label="Measure to use instead", queryset=Measure.objects.none(), required=False, empty_label="None"
    )
    note = forms.CharField(label="Reason", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, measure, **kwargs):
        super().__init__(*args, **kwargs)
        # Of the same framework, whichever edition, or counting in the same unit.
        others = Measure.objects.live().shared().exclude(pk=measure.pk)
        others = others.filter(framework__name=measure.framework.name) | others.filter(
            unit=measure.unit_id, framework__status=Framework.Status.LIVE
        )
        self.fields["replaced_by"].queryset = others.select_related("framework").order_by(  # type: ignore[attr-defined]
            "framework__name", "framework__edition", "code"
        )
        if measure.status == Measure.Status.RETIRED:
            del self.fields["replaced_by"]
