"""Forms about break points: their facts, what came of them, and taking them back."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

from django import forms

from accounts.calendar import add_months
from accounts.forms.seen import VersionMixin
from contracts.models import BreakPoint
from govuk.fields import DateField, WholeNumberField
from govuk.forms import GovukForm

Kind, Outcome = BreakPoint.Kind, BreakPoint.Outcome
LONGEST_NOTICE = 60
# No contract runs outside these years: a slip of the finger is told at once.
DAYS: dict[str, Any] = {"min_date": dt.date(1950, 1, 1), "max_date": dt.date(2199, 12, 31)}


def months_before(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months earlier, or the last day of a month that has no such day."""
    first = add_months(day.replace(day=1), -months)
    return first.replace(day=min(day.day, calendar.monthrange(first.year, first.month)[1]))


class BreakPointForm(VersionMixin, GovukForm):
    """The facts of a break point; the notice date is typed, or worked out from months of notice."""

    kind = forms.ChoiceField(
        label="What kind of chance is it?", choices=Kind.choices, widget=forms.RadioSelect
    )
    on = DateField(
        **DAYS,
        label="Date",
        help_text="The day the break or extension takes effect, the review is held, or the contract ends.",
    )
    notice_by = DateField(
        **DAYS,
        label="Notice by",
        required=False,
        help_text="The last day to give notice. Leave it blank if no notice is needed, or give months below.",
    )
    months_of_notice = WholeNumberField(
        label="Or months of notice",
        required=False,
        min_value=1,
        max_value=LONGEST_NOTICE,
        suffix="months",
        help_text="The notice date is then worked out from the date above.",
    )
    clause = forms.CharField(
        label="Clause of the contract", required=False, max_length=120, help_text="Such as 14.2"
    )
    could_ask = forms.CharField(
        label="What could be asked for",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The social value the council could ask for when this day comes.",
    )

    widths = {"clause": "20", "months_of_notice": "3"}
    nouns = {"kind": "what kind of chance it is", "on": "date", "notice_by": "notice date"}
    choice_hints = {
        "kind": {
            Kind.BREAK: "The council can leave the contract early.",
            Kind.EXTENSION: "The council decides whether the contract runs on.",
            Kind.REVIEW: "Terms are looked at again.",
            Kind.END: "The contract ends and another may follow.",
        }
    }

    def __init__(self, *args: Any, point: BreakPoint | None = None, **kwargs: Any) -> None:
        if point is not None:
            names = ("kind", "on", "notice_by", "clause", "could_ask", "version")
            kwargs.setdefault("initial", {name: getattr(point, name) for name in names})
        super().__init__(*args, **kwargs)
        self.fields["kind"].error_messages["required"] = "Select what kind of chance it is"

    def clean(self) -> dict[str, Any]:
        """Work the notice date out from months of notice; refuse two notice dates that differ."""
        data = super().clean() or self.cleaned_data
        on, notice_by, months = data.get("on"), data.get("notice_by"), data.get("months_of_notice")
        if on and months and "notice_by" not in self.errors:
            worked_out = months_before(on, months)
            if notice_by and notice_by != worked_out:
                self.add_error("months_of_notice", "Give the notice date or the months of notice, not both")
            data["notice_by"] = notice_by or worked_out
        elif on and notice_by and notice_by > on:
            self.add_error("notice_by", "The notice date must be the same as or before the date itself")
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the verbs are given."""
        return {name: self.cleaned_data[name] for name in ("kind", "on", "notice_by", "clause", "could_ask")}


class OutcomeForm(VersionMixin, GovukForm):
    """What came of a break point."""

    outcome = forms.ChoiceField(
        label="What came of it?",
        choices=[choice for choice in Outcome.choices if choice[0]],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what came of it"},
    )
    words = forms.CharField(
        label="In a sentence or two",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What was asked for and what was agreed, or why nothing was asked.",
        error_messages={"required": "Enter what came of it, in a sentence or two"},
    )
    nouns = {"outcome": "what came of it"}


class ReasonForm(VersionMixin, GovukForm):
    """Why something is taken back."""

    reason = forms.CharField(
        label="Why?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept in the contract’s history.",
    )
    nouns = {"reason": "a reason"}

    def __init__(self, *args: Any, required: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = required
