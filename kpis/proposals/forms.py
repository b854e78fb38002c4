"""What is asked for a KPI and for a set: target and end first, everything else inherited until opened."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms

from accounts.calendar import first_of_month, months_between, today
from accounts.history import history_of
from accounts.verbs.recipe import Invalid, Stale
from contracts.models import ProportionateRule
from govuk import formats
from govuk.fields import FigureField, MoneyField, MonthField
from govuk.forms import GovukForm
from kpis.library.models import Cohort, Direction, Kind, Measure
from kpis.proposals import priced, targets
from kpis.proposals.models import KPISet, KPITerms
from kpis.proxies import words
from kpis.proxies.models import Proxy

MOST_MONTHS = 240
# What the choice of no £ value is sent as: blank leaves the KPI as it is.
NO_VALUE = "none"


def put_on(form: forms.Form, refusal: Invalid) -> None:
    """Put each error beside its field; an error of a field the form has not goes to the top."""
    for field, sentence in refusal.errors:
        form.add_error(field if field in form.fields else None, sentence)


def keep_what_was_typed(form: forms.Form, stale: Stale, kpi_set: KPISet) -> int:
    """Put what happened meanwhile on the form, ready to be sent again; return the status."""
    kpi_set.refresh_from_db()
    latest = history_of(kpi_set).first()
    told = f" Last change: {latest.summary}, by {latest.actor}." if latest else ""
    form.add_error(None, f"{stale}{told} What you typed is still here.")
    form.data = {**form.data.dict(), form.add_prefix("version"): kpi_set.version}  # type: ignore[attr-defined]
    return 409


class DescribeForm(GovukForm):
    """From which month the set takes effect, how often figures come, why, and what the supplier agreed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    effective_month = MonthField(
        label="Takes effect from",
        help_text="For example, 4 2026",
        error_messages={"required": "Enter the month from which the KPIs take effect"},
    )
    returns_every = forms.TypedChoiceField(
        label="How often figures are returned",
        choices=ProportionateRule.Often.choices,
        coerce=int,
        widget=forms.RadioSelect,
        help_text="Quarters and half years are those of the financial year, from April",
        error_messages={"required": "Select how often figures are returned"},
    )
    why = forms.CharField(
        label="Why these KPIs, or why they change",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    supplier_agreed = forms.CharField(
        label="Supplier’s agreement and variation reference",
        required=False,
        max_length=250,
        help_text="A changed target binds the supplier only once they agree to it. For example, "
        "“Agreed by email 3 May 2026, variation 4”",
    )

    def __init__(self, *args, kpi_set: KPISet, **kwargs):
        super().__init__(
            *args,
            initial={
                "version": kpi_set.version,
                "effective_month": kpi_set.effective_month,
                "returns_every": kpi_set.returns_every,
                "why": kpi_set.why,
                "supplier_agreed": kpi_set.supplier_agreed,
            },
            **kwargs,
        )


class NoteForm(GovukForm):
    """An optional note that goes with an act."""

    note = forms.CharField(
        label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, label="Note", hint="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].label = label
        self.fields["note"].help_text = hint


class SubmitForm(NoteForm):
    """A note for the decider, with the version of the set that was checked."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def _about_value(proxy: Proxy, keeps: bool) -> str:
    """Return a £ value's area, range, source and standing as the hint beneath its choice."""
    local = ", worked out for this council’s own area" if proxy.is_local else ""
    ranges = [words.unit_range(row) for row in words.ends(proxy)]
    return ". ".join(
        filter(
            None,
            (
                f"{proxy.geography}{local}",
                f"Range {'; '.join(ranges)}" if all(ranges) else "",
                proxy.source,
                "Usual for new KPIs" if proxy.is_usual else "",
                ("No longer offered; this KPI may keep it" if keeps else "No longer offered: choose another")
                if not proxy.is_offered_on(today())
                else "",
            ),
        )
    )


class KPIForm(GovukForm):
    """One KPI: target and last month; the rest stands behind "More about this KPI"."""

    FIRST = ("target", "ends_month")
    MORE = (
        *("title", "starts_month", "baseline", "cohort", "proxy"),
        *("counting_rule", "evidence_expected", "why"),
    )

    version = forms.IntegerField(widget=forms.HiddenInput)
    ends_month = MonthField(
        label="Last month", help_text="The contract’s last month, unless the promise ends earlier"
    )
    title = forms.CharField(
        label="Title in this contract’s words", max_length=200, required=False, widget=forms.TextInput
    )
    starts_month = MonthField(label="First month", required=False)
    profile = forms.ChoiceField(
        label="How is the target spread over the months?",
        choices=KPITerms.Profile.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    cohort = forms.ModelChoiceField(
        label="Only for one group of people",
        queryset=Cohort.objects.all(),
        required=False,
        empty_label="No, for everybody",
    )
    proxy = forms.ChoiceField(label="What is one unit worth?", required=False, widget=forms.RadioSelect)
    counting_rule = forms.CharField(
        label="Counting rule", required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    evidence_expected = forms.CharField(
        label="Evidence expected", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    green_from = FigureField(
        label="On track from",
        suffix="% of the target to date",
        required=False,
        decimal_places=2,
        max_digits=6,
    )
    amber_from = FigureField(
        label="Watch from",
        suffix="% of the target to date",
        required=False,
        decimal_places=2,
        max_digits=6,
        help_text="Below this the KPI is behind",
    )
    why = forms.CharField(
        label="Why this KPI, or why it changes",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    # Everything but target and last month is inherited: "(optional)" on each would be noise.
    mark_optional = False
    widths = {"target": "10", "baseline": "10", "green_from": "4", "amber_from": "4"}
    choice_hints = {
        "profile": {
            "flat": "The service spreads it evenly",
            "by_term": "Shared over autumn, spring and summer terms, due in December, March and July",
            "by_hand": "You enter an amount for each month, below",
        }
    }

    def __init__(
        self, *args, measure: Measure, kpi_set: KPISet, initial: dict, amounts=None, kept=None, **kwargs
    ):
        self.measure, self.kpi_set = measure, kpi_set
        self.kept = kept or {}
        super().__init__(*args, initial={"version": kpi_set.version, **initial}, **kwargs)
        if targets.has_amount(measure) and measure.kind != Kind.YES_NO:
            self.fields["target"] = self._amount_field(
                self._target_label(), self._target_hint(), required=True
            )
            self.fields["baseline"] = self._amount_field(
                "Baseline", "What it comes to today, before this promise", required=False
            )
        else:
            for name in ("profile", "green_from", "amber_from"):
                del self.fields[name]
        self._offer_profiles()
        self._offer_values()
        if measure.cohort_id:
            self.fields["cohort"].help_text = f"This measure is about {measure.cohort}"
        self.month_names: dict[dt.date, str] = {}
        if "profile" in self.fields:
            self._add_months(amounts or {})
        # The list of errors above the page follows this order.
        self.order_fields(["version", *self.FIRST, *self.MORE])
        self.refresh_messages()

    def _offer_profiles(self):
        """Leave school terms out where a level is held: nothing is shared over them then."""
        if "profile" in self.fields and not targets.adds_up(self.measure):
            field: Any = self.fields["profile"]
            field.choices = [pair for pair in field.choices if pair[0] != KPITerms.Profile.BY_TERM]

    def _offer_values(self):
        """Offer the measure's £ values, the local beside the national, and none; ask nothing without any."""
        chosen = self.initial.get("proxy")
        self.proxies = {str(one.pk): one for one in priced.choices(self.kpi_set, self.measure, chosen)}
        if not self.proxies:
            del self.fields["proxy"]
            return
        field: Any = self.fields["proxy"]
        first, last = self.initial.get("starts_month"), self.initial.get("ends_month")
        years = range(first.year, last.year + 1) if first and last else ()
        field.choices = [
            *[(key, f"{one.name}: {words.per_unit(one, years)}") for key, one in self.proxies.items()],
            (NO_VALUE, "No £ value"),
        ]
        kept = priced.kept_by(self.kpi_set)
        self.initial["proxy"] = str(chosen.pk) if chosen else NO_VALUE
        hints = {
            key: _about_value(one, (self.measure.pk, one.pk) in kept) for key, one in self.proxies.items()
        }
        hints[NO_VALUE] = "It is counted, and shown among the KPIs without a £ value"
        self.choice_hints = {**self.choice_hints, "proxy": hints}  # type: ignore[misc]

    def _amount_field(self, label, hint, *, required):
        if self.measure.kind == Kind.MONEY:
            return MoneyField(label=label, help_text=hint, required=required)
        suffix = "%" if self.measure.kind == Kind.PERCENTAGE else self.measure.unit.short
        return FigureField(
            label=label, help_text=hint, suffix=suffix, decimal_places=4, max_digits=14, required=required
        )

    def _target_label(self):
        return "Target" if not targets.adds_up(self.measure) else "Target for the whole life of this KPI"

    def _target_hint(self):
        if targets.adds_up(self.measure):
            most = "No more than this, " if self.measure.direction == Direction.LOWER else ""
            return f"{most}in total, from the first month to the last".capitalize()
        if self.measure.kind == Kind.PERCENTAGE:
            return (
                f"{self.measure.numerator_name} as a percentage of {self.measure.denominator_name}, "
                "each month"
            ).capitalize()
        return "The level to hold each month"

    def _add_months(self, amounts):
        """Add a box for each month that is still open, from the months as typed or as they stand."""
        first = self._month_typed("starts_month") or self.kpi_set.effective_month
        last = self._month_typed("ends_month")
        if not (first and last) or last < first:
            return
        for month in months_between(first, last)[:MOST_MONTHS]:
            if month in self.kept:
                continue
            name = f"month_{month:%Y-%m}"
            field = self._amount_field(formats.month(month), "", required=False)
            field.initial = amounts.get(month)
            self.fields[name] = field
            self.month_names[month] = name

    def _month_typed(self, name):
        if self.is_bound:
            try:
                field = self.fields[name]
                value = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
                found = field.clean(value)
                if found:
                    return first_of_month(found)
            except forms.ValidationError:
                pass
        return self.initial.get(name)

    @property
    def years(self):
        """Return [(financial year, what was due already, [bound fields])] for the month grid."""
        found: dict[str, tuple[list[Decimal], list]] = {}
        for month, amount in self.kept.items():
            found.setdefault(formats.financial_year(month), ([], []))[0].append(amount)
        for month, name in self.month_names.items():
            found.setdefault(formats.financial_year(month), ([], []))[1].append(self[name])
        adds = targets.adds_up(self.measure)
        return [
            (year, sum(kept, Decimal(0)) if kept and adds else None, boxes)
            for year, (kept, boxes) in sorted(found.items())
            if boxes
        ]

    @property
    def first_fields(self):
        """Return the fields asked for at once."""
        return [self[name] for name in self.FIRST if name in self.fields]

    @property
    def more_fields(self):
        """Return the fields that are inherited until somebody opens them."""
        return [self[name] for name in self.MORE if name in self.fields]

    @property
    def cut_points(self):
        """Return the fields of the two cut points."""
        return [self[name] for name in ("green_from", "amber_from") if name in self.fields]

    @property
    def opens_more(self):
        """Return whether the folded part must stand open: something in it is wrong, or was set by hand."""
        shut = {*self.FIRST, "version", "__all__"}
        spread = (None, "", KPITerms.Profile.FLAT, KPITerms.Profile.BY_TERM)
        by_hand = self["profile"].value() not in spread if "profile" in self.fields else False
        return by_hand or bool(set(self.errors) - shut if self.is_bound else False)

    @property
    def values(self):
        """Return what the verbs take, after `is_valid`: fields, and `monthly` for a profile by hand."""
        typed = dict(self.cleaned_data)
        monthly = {month: typed.pop(name, None) for month, name in self.month_names.items()}
        typed.pop("version", None)
        for name in ("title", "counting_rule", "evidence_expected", "profile", "green_from", "amber_from"):
            if typed.get(name) in ("", None):
                typed.pop(name, None)
                if name in self.initial and name not in self.errors and self.initial[name]:
                    typed[name] = self.initial[name]
        if "proxy" in self.fields:
            typed["proxy"] = self.proxies.get(typed.get("proxy") or self.initial["proxy"])
        else:
            typed.pop("proxy", None)
        if not typed.get("starts_month"):
            typed["starts_month"] = self.initial.get("starts_month") or self.kpi_set.effective_month
        if typed.get("profile") == KPITerms.Profile.BY_HAND:
            typed["monthly"] = {month: amount for month, amount in monthly.items() if amount is not None}
        return typed
