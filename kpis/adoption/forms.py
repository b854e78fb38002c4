"""Forms of adopting as signed: a file, its columns, the first month, answers, and a director's decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from contracts.import_forms import ColumnsForm
from govuk.fields import MonthField
from govuk.forms import GovukForm
from kpis.adoption.fields import FIELDS
from kpis.adoption.plan import LEAVE
from kpis.adoption.presenting import Question


class KPIsUploadForm(GovukForm):
    """One file."""

    file = forms.FileField(
        label="Workbook of signed KPIs",
        help_text="A CSV or Excel (.xlsx) file with a row for each KPI. Nothing is changed until you have "
        "seen what would be.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}),
    )
    nouns = {"file": "file"}


class KPIColumnsForm(ColumnsForm):
    """Which column is which field of a signed KPI."""

    listed = [(one.name, one.label, one.hint) for one in FIELDS]
    needs = ("kpi", "code")
    needed = "Select the column that holds the KPIs, or the codes of their measures"


class FirstMonthForm(GovukForm):
    """From which month on figures are returned here."""

    month = MonthField(
        label="What is the first month to be returned here?",
        help_text="Months before it were reported before this system: no return opens for them. The results "
        "in the workbook must be for months before it.",
    )
    nouns = {"month": "first month"}


class QuestionsForm(GovukForm):
    """Which contract each group of rows is."""

    mark_optional = False

    def __init__(self, *args: Any, questions: Iterable[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows: dict[str, str] = {}
        for one in questions:
            name = f"row_{one.row}"
            self.rows[name] = str(one.row)
            rows = "1 row" if one.rows == 1 else f"{one.rows} rows"
            self.fields[name] = forms.ChoiceField(
                label=f"{one.said or 'No name in the file'} (row {one.row}, {rows})",
                choices=[
                    *((str(key), words) for key, words in one.candidates),
                    (LEAVE, "None of these: leave it out"),
                ],
                widget=forms.RadioSelect,
                required=False,
                initial=one.answer,
            )
        self.refresh_messages()

    def answers(self) -> dict[str, str]:
        """Return row number -> a contract's number or "leave", of those answered."""
        return {
            row: self.cleaned_data[name] for name, row in self.rows.items() if self.cleaned_data.get(name)
        }


class ConfirmForm(GovukForm):
    """Confirming a part as a whole."""

    content_hash = forms.CharField(widget=forms.HiddenInput)
    left_out = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ReturnPartForm(GovukForm):
    """Returning a part as a whole."""

    content_hash = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why do you return it?",
        help_text="Whoever brought it in gets your words. Its sets are withdrawn, so that a better workbook "
        "can come.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    nouns = {"reason": "reason"}


class LeaveOutForm(GovukForm):
    """Leaving one contract out."""

    reason = forms.CharField(
        label="Why do you leave it out?",
        help_text="When you confirm the others, this contract’s KPIs are returned to its proposers with your "
        "words.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    nouns = {"reason": "reason"}
