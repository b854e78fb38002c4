"""What is asked of an exception: why there are no KPIs, from which month, and when it is looked at again."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from contracts.models import Contract
from govuk import formats
from govuk.fields import DateField, MonthField
from govuk.forms import GovukForm
from kpis.proposals import exceptions
from kpis.proposals.models import KPISet
from kpis.proposals.months import usual_effective_month


class ExceptionForm(GovukForm):
    """Why a contract has no social value KPIs, and until when that stands."""

    nouns: ClassVar = {"review_on": "the day it is reviewed on", "reason": "why there are no KPIs"}
    mark_optional = False

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.ChoiceField(
        label="Why are there no social value KPIs?",
        choices=KPISet.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select why there are no KPIs"},
    )
    why = forms.CharField(
        label="The reasons, in your own words",
        max_length=exceptions.LONGEST,
        help_text="What was considered, and why it doesn’t fit. Once approved, everybody who sees the "
        "contract can read this, members too.",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Enter the reasons in your own words"},
    )
    effective_month = MonthField(
        label="No KPIs from",
        help_text="For example, 4 2027",
        error_messages={"required": "Enter the month from which there are no KPIs"},
    )
    review_on = DateField(
        label="When is this to be reviewed?", error_messages={"required": "Enter the day it is reviewed on"}
    )

    def __init__(self, *args: Any, contract: Contract, kpi_set: KPISet | None = None, **kwargs: Any) -> None:
        """Begin with what `kpi_set` says, else with what the exception in force says, for another year."""
        stands = kpi_set or exceptions.in_force_of(contract)
        super().__init__(
            *args,
            initial={
                "version": kpi_set.version if kpi_set else None,
                "reason": stands.reason if stands else "",
                "why": stands.why if stands else "",
                "effective_month": kpi_set.effective_month if kpi_set else usual_effective_month(contract),
                "review_on": kpi_set.review_on if kpi_set else exceptions.usual_review(contract),
            },
            **kwargs,
        )
        self.fields["review_on"].help_text = (
            f"Until then it stands; after that the contract counts as a gap. "
            f"{formats.day(exceptions.latest_review(contract))} at the latest."
        )

    @property
    def said(self) -> dict[str, Any]:
        """Return what was typed, for the verbs, after `is_valid`."""
        names = ("reason", "why", "effective_month", "review_on")
        return {name: self.cleaned_data[name] for name in names}
