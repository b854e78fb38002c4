"""Forms of checking: a return's verified figures and verdicts on its evidence, and drawing a sample."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from accounts.calendar import add_months, today
from govuk.fields import FigureField, MoneyField, MonthField, SignedFigureField
from govuk.forms import GovukForm
from kpis.library.models import Kind
from kpis.readings.models import Reading
from kpis.returns.models import Evidence

UNCOUNTED = {Kind.TEXT, Kind.MILESTONE}


class VerifyForm(GovukForm):
    """Each figure as it is to stand, prefilled with what was reported, and a verdict on each file."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label="Note on how it was checked",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
    )

    def __init__(self, *args: Any, readings: list[Reading], evidence: list[Evidence], **kwargs: Any):
        self.readings, self.evidence = readings, evidence
        super().__init__(*args, **kwargs)
        for reading in readings:
            self._add(reading)
        for item in evidence:
            self.fields[f"verdict_{item.pk}"] = forms.ChoiceField(
                label=f"Verdict on {item.file_name}",
                choices=Evidence.Verdict.choices,
                required=False,
                initial=item.verdict,
            )
        note = self.fields.pop("note")
        self.fields["note"] = note
        self.refresh_messages()
        self.widths = {name: "10" for name in self.fields if name.startswith(("amount_", "of_"))}  # type: ignore[misc]
        self.mark_optional = False  # type: ignore[misc]

    def _add(self, reading: Reading) -> None:
        title, key = reading.terms.title, reading.pk
        if reading.measure.kind in UNCOUNTED:
            return
        if reading.measure.is_percentage:
            self.fields[f"amount_{key}"] = FigureField(
                label=f"{title}, counted", required=True, initial=reading.reported_numerator
            )
            self.fields[f"of_{key}"] = FigureField(
                label=f"{title}, out of", required=True, initial=reading.reported_denominator
            )
        elif reading.measure.kind == Kind.YES_NO:
            self.fields[f"amount_{key}"] = forms.TypedChoiceField(
                label=title,
                choices=[("1", "Yes"), ("0", "No")],
                coerce=Decimal,
                initial=str(int(reading.reported_value or 0)),
            )
        elif reading.measure.kind == Kind.MONEY:
            self.fields[f"amount_{key}"] = MoneyField(
                label=title, required=True, initial=reading.reported_value
            )
        else:
            amount = SignedFigureField if reading.measure.allows_negative else FigureField
            self.fields[f"amount_{key}"] = amount(label=title, required=True, initial=reading.reported_value)
        self.fields[f"reason_{key}"] = forms.CharField(
            label=f"{title}: why it differs", required=False, max_length=500
        )

    def fields_of(self, reading: Reading) -> list:
        """Return the bound fields of one reading."""
        names = [f"amount_{reading.pk}", f"of_{reading.pk}", f"reason_{reading.pk}"]
        return [self[name] for name in names if name in self.fields]

    def amounts(self) -> dict[int, tuple[Any, str]]:
        """Return what `verify` takes: every figure, with its reason."""
        given = self.cleaned_data
        found: dict[int, tuple[Any, str]] = {}
        for reading in self.readings:
            amount: Decimal | None = given.get(f"amount_{reading.pk}")
            if amount is None:
                continue
            part = (amount, given[f"of_{reading.pk}"]) if reading.measure.is_percentage else amount
            found[reading.pk] = (part, given.get(f"reason_{reading.pk}", ""))
        return found

    def verdicts(self) -> dict[int, str]:
        """Return the verdicts given."""
        return {item.pk: self.cleaned_data.get(f"verdict_{item.pk}", "") for item in self.evidence}


class SampleForm(GovukForm):
    """Which month to draw from, by which seed."""

    month = MonthField(label="Month")
    seed = forms.CharField(
        label="Seed",
        max_length=64,
        help_text="Any word or number chosen before you look at the returns, such as a date. "
        "Anybody who has it can repeat the draw.",
    )
    share = FigureField(
        label="Share to draw", suffix="%", initial=Decimal(10), max_digits=5, decimal_places=2
    )

    widths = {"seed": "20", "share": "4"}

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("initial", {"month": add_months(today(), -1)})
        super().__init__(*args, **kwargs)
