"""What is asked of an offer, of its receipt, of a fund."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q

from accounts.forms.seen import SeenMixin, VersionMixin
from contracts.models import Fund, Offer, Ward
from contracts.offers.verbs import FIELDS
from govuk.fields import DateField, MoneyField
from govuk.forms import GovukForm

# No contract runs outside these years: a slip of the finger is told at once.
DAYS: dict[str, Any] = {"min_date": dt.date(1950, 1, 1), "max_date": dt.date(2199, 12, 31)}
AMOUNT: dict[str, Any] = {"max_digits": 12}


class OfferForm(VersionMixin, GovukForm):
    """What a supplier offers; money needs an amount and a fund."""

    kind = forms.ChoiceField(label="What is offered?", choices=Offer.Kind.choices, widget=forms.RadioSelect)
    description = forms.CharField(
        label="Description",
        max_length=250,
        help_text="Such as “A day’s painting at the community centre” or “For the youth club’s new kitchen”.",
    )
    amount = MoneyField(
        **AMOUNT, label="Amount", required=False,
        help_text="Needed for cash. For help in kind, what it is worth, if you know.",
    )  # fmt: skip
    fund = forms.ModelChoiceField(
        label="Fund it goes to", queryset=Fund.objects.none(), required=False, empty_label="None"
    )
    ward = forms.ModelChoiceField(
        label="Ward it is for", queryset=Ward.objects.all(), required=False, empty_label="The whole area"
    )
    due_on = DateField(**DAYS, label="Promised by", required=False)
    reveals = {"kind": {Offer.Kind.CASH: "fund"}}
    nouns = {"kind": "what is offered", "fund": "fund it goes to"}

    def __init__(self, *args: Any, offer: Offer | None = None, **kwargs: Any) -> None:
        if offer is not None:
            facts = {name: getattr(offer, name) for name in FIELDS}
            kwargs.setdefault("initial", {**facts, "version": offer.version})
        super().__init__(*args, **kwargs)
        # A closed fund stays choosable for what goes to it already.
        funds = Fund.objects.filter(Q(is_open=True) | Q(pk=offer.fund_id if offer else None))
        fields: dict[str, Any] = self.fields
        fields["fund"].queryset = funds
        if not Ward.objects.exists():
            del fields["ward"]

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the verbs take, after `is_valid`."""
        return {name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data}


class ReceiveForm(VersionMixin, GovukForm):
    """When it came, what came, and how that is known."""

    received_on = DateField(**DAYS, label="Received on")
    amount_received = MoneyField(**AMOUNT, label="Amount received")
    received_words = forms.CharField(
        label="What was received, and how that is known",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Such as “12 chairs, seen at the hall on 3 May” or “Paid in, receipt 4471”.",
    )
    nouns = {"received_on": "the day it was received"}

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        start = {"version": offer.version, "amount_received": offer.amount}
        super().__init__(*args, initial=start, **kwargs)
        if offer.kind != Offer.Kind.CASH:
            del self.fields["amount_received"]


class WithdrawForm(VersionMixin, GovukForm):
    """Why an offer no longer stands."""

    note = forms.CharField(label="Reason", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class FundForm(SeenMixin, GovukForm):
    """A fund's name, what it is for, and whether it takes contributions."""

    name = forms.CharField(label="Name", max_length=120)
    about = forms.CharField(
        label="What it is for", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_open = forms.BooleanField(label="It takes contributions", required=False)
