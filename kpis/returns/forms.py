"""Forms of a monthly return: one KPI's figure, the grid's rows, evidence, what the supplier was asked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from accounts.calendar import today
from govuk.fields import DateField, FigureField, MoneyField, SignedFigureField, WholeNumberField
from govuk.formats import singular
from govuk.forms import GovukForm
from kpis.library.models import Cohort, Kind
from kpis.readings.models import Reading
from kpis.returns.models import Evidence
from kpis.returns.verbs import CONFIRMATIONS
from kpis.returns.verbs.figures import as_text

FIGURES = ("value", "numerator", "denominator", "date_value", "text_value")


def figure_fields(reading: Reading) -> dict[str, forms.Field]:
    """Return the fields a reading's figure is entered in, by name."""
    measure, terms = reading.measure, reading.terms
    unit = measure.unit
    if measure.kind == Kind.PERCENTAGE:
        return {
            "numerator": FigureField(label=measure.numerator_name or "What was counted", required=False),
            "denominator": FigureField(label=measure.denominator_name or "Out of how many", required=False),
        }
    if measure.kind == Kind.MILESTONE:
        return {"date_value": DateField(label="Date it was reached", required=False, max_date=today())}
    if measure.kind == Kind.TEXT:
        return {"text_value": forms.CharField(label="What was done", required=False, widget=forms.Textarea)}
    if measure.kind == Kind.YES_NO:
        return {
            "value": forms.TypedChoiceField(
                label=f"{terms.title}?",
                required=False,
                choices=[("1", "Yes"), ("0", "No")],
                widget=forms.RadioSelect,
                coerce=Decimal,
                empty_value=None,
            )
        }
    if measure.kind == Kind.MONEY:
        return {"value": MoneyField(label="Amount", required=False)}
    label = unit.name[:1].upper() + unit.name[1:]
    if measure.allows_negative:
        return {
            "value": SignedFigureField(
                label=label,
                required=False,
                suffix=unit.short,
                help_text="Where more was lost than gained, put a minus in front, like -3.",
            )
        }
    return {"value": FigureField(label=label, required=False, suffix=unit.short)}


def initial_of(reading: Reading, cohorts: list[Cohort]) -> dict[str, Any]:
    """Return what stands, for a form that is opened anew; "nothing to report" leaves the boxes empty."""
    counts = {row.cohort_id: row.count for row in reading.cohort_counts.all()}
    shown = {} if reading.nothing_to_report else {name: getattr(reading, name) for name in FIGURES}
    if reading.measure.kind == Kind.YES_NO and shown.get("value") is not None:
        shown["value"] = str(int(shown["value"]))
    return {
        **shown,
        "answer": "nothing" if reading.nothing_to_report else "figure",
        "nothing": reading.nothing_to_report,
        "comment": reading.comment,
        "version": reading.version,
        **{f"cohort_{cohort.pk}": counts.get(cohort.pk) for cohort in cohorts},
    }


class FigureForm(GovukForm):
    """One KPI's figure, with the version it was read at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    widths = {"value": "10", "numerator": "10", "denominator": "10"}

    def __init__(self, *args: Any, reading: Reading, cohorts: list[Cohort], **kwargs: Any):
        self.reading, self.cohorts = reading, cohorts
        kwargs.setdefault("initial", initial_of(reading, cohorts))
        super().__init__(*args, **kwargs)

    def is_nothing(self) -> bool:
        """Return whether the person said there is nothing to report."""
        return bool(self.cleaned_data.get("nothing"))

    def entry(self) -> dict[str, Any]:
        """Return what `save_reading` takes."""
        given = self.cleaned_data
        figures = (
            {}
            if self.is_nothing()
            else {
                name: given[name] for name in FIGURES if name in self.fields and given.get(name) is not None
            }
        )
        return {
            **figures,
            "nothing_to_report": self.is_nothing(),
            "comment": given.get("comment", ""),
            "version": given["version"],
        }

    def put_errors(self, errors: list[tuple[str, str]]) -> None:
        """Show a verb's errors by their fields, each sentence once."""
        for name, sentence in errors:
            where = name if name in self.fields else None
            if where == "answer" and name == "value":
                where = "value"
            self.add_error(where, sentence)


class ReadingForm(FigureForm):
    """The page of one KPI: its figure or nothing to report, who is in it, a comment, a file."""

    answer = forms.ChoiceField(
        label="What do you have to report?",
        widget=forms.RadioSelect,
        choices=[("figure", "A figure"), ("nothing", "Nothing to report")],
    )
    comment = forms.CharField(
        label="Comment",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        help_text="Needed when the figure to date is behind its target.",
    )
    file = forms.FileField(
        label="Add evidence",
        required=False,
        help_text="PDF, Excel, Word, CSV, picture or email. Leave out names wherever you can.",
    )
    kind = forms.ChoiceField(
        label="What the file is", required=False, choices=[("", "Select"), *Evidence.Kind.choices]
    )
    description = forms.CharField(label="What it shows", required=False, max_length=250)
    is_restricted = forms.BooleanField(
        label="It is about people who can be identified",
        required=False,
    )
    restricted_reason = forms.CharField(
        label="Why it has to be kept restricted", required=False, max_length=250
    )

    counted = ("comment",)
    evidence_fields = ("file", "kind", "description", "is_restricted", "restricted_reason")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        figures = figure_fields(self.reading)
        splits = {
            f"cohort_{cohort.pk}": WholeNumberField(
                label=f"Of these, {cohort.name}", required=False, min_value=0
            )
            for cohort in self.cohorts
        }
        order = ["version", "answer", *figures, *splits, "comment", *self.evidence_fields]
        self.fields.update({**figures, **splits})
        self.fields = {name: self.fields[name] for name in order}
        self.reveals = {"answer": {"figure": [*figures, *splits]}}  # type: ignore[misc]
        self.widths = {**self.widths, **dict.fromkeys(splits, "4")}  # type: ignore[misc]
        self.refresh_messages()

    def is_nothing(self) -> bool:
        """Return whether the person said there is nothing to report."""
        return self.cleaned_data.get("answer") == "nothing"

    def entry(self) -> dict[str, Any]:
        """Return what `save_reading` takes, splits included."""
        given = self.cleaned_data
        counts = (
            {}
            if self.is_nothing()
            else {cohort.pk: given.get(f"cohort_{cohort.pk}") for cohort in self.cohorts}
        )
        return {**super().entry(), "cohort_counts": counts}

    def evidence(self) -> dict[str, Any] | None:
        """Return what `add_evidence` takes, or None where no file was chosen."""
        if not self.cleaned_data.get("file"):
            return None
        return {name: self.cleaned_data[name] for name in self.evidence_fields}


class GridForm(FigureForm):
    """One row of the quick month."""

    nothing = forms.BooleanField(label="Nothing to report", required=False)
    comment = forms.CharField(
        label="Comment", required=False, widget=forms.Textarea(attrs={"rows": 1}), max_length=4000
    )

    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        figures = figure_fields(self.reading)
        self.fields.update(figures)
        self.fields = {name: self.fields[name] for name in ["version", *figures, "nothing", "comment"]}
        # Every message names its KPI: the summary lists those of all rows together.
        self.refresh_messages()
        self.figure_names = list(figures)

    @property
    def boxes(self):
        """Return the bound fields of the figure."""
        return [self[name] for name in self.figure_names]

    def put_errors(self, errors: list[tuple[str, str]]) -> None:
        """Show a verb's errors, each naming its KPI."""
        super().put_errors([(name, f"{self.reading.terms.title}: {sentence}") for name, sentence in errors])


class EvidenceForm(GovukForm):
    """A file and what it supports."""

    file = forms.FileField(
        label="File",
        help_text="PDF, Excel, Word, CSV, picture or email. Leave out names wherever you can.",
    )
    kind = forms.ChoiceField(label="What the file is", choices=[("", "Select"), *Evidence.Kind.choices])
    readings = forms.ModelMultipleChoiceField(
        label="Which KPIs does it support?",
        queryset=Reading.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select the KPIs the file supports"},
    )
    description = forms.CharField(label="What it shows", required=False, max_length=250)
    is_restricted = forms.BooleanField(label="It is about people who can be identified", required=False)
    restricted_reason = forms.CharField(
        label="Why it has to be kept restricted", required=False, max_length=250
    )

    def __init__(self, *args: Any, readings, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["readings"]
        field.queryset = readings  # type: ignore[attr-defined]
        field.label_from_instance = lambda reading: reading.terms.title  # type: ignore[attr-defined]


class ReasonForm(GovukForm):
    """One reason, asked for in the words of the act."""

    reason = forms.CharField(label="Reason", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, label: str, hint: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].help_text = hint
        self.fields["reason"].error_messages["required"] = f"{label.rstrip('?')}: enter a reason"


class SupplierForm(GovukForm):
    """What was asked of the supplier."""

    note = forms.CharField(
        label="What did you ask the supplier for?",
        max_length=250,
        help_text="For example: timesheets for the two apprentices, asked by email on 3 June.",
        error_messages={"required": "Say what you asked the supplier for"},
    )


class BenefitsForm(GovukForm):
    """What was delivered beyond the commitments."""

    text = forms.CharField(
        label="Benefits beyond the commitments",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
        help_text="What the supplier delivered in the time of this return that no KPI of this contract asks "
        "for. It is shown apart and never counted towards a target.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    # The words as they were read: a colleague who saves a figure moves the version, but not these.
    read = forms.CharField(widget=forms.HiddenInput, required=False)

    counted = ("text",)


class SubmitForm(GovukForm):
    """What the person who submits confirms."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    checked = forms.BooleanField(label=CONFIRMATIONS["checked"])
    period = forms.BooleanField(label=CONFIRMATIONS["period"])
    commitment = forms.BooleanField(label=CONFIRMATIONS["commitment"])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in CONFIRMATIONS:
            self.fields[name].error_messages["required"] = f"Confirm: {CONFIRMATIONS[name]}"


def stands(reading: Reading) -> str:
    """Return what somebody else saved, as a sentence shown beside one's own entry."""
    figure = "nothing to report" if reading.nothing_to_report else as_text(reading) or "no figure"
    if reading.nothing_to_report or reading.measure.kind != Kind.COUNT:
        return figure
    unit = reading.measure.unit.short
    return f"{figure} {singular(unit) if figure == '1' else unit}"
