"""What is asked of a £ value, of an uplift, and of a series of deflators."""

from __future__ import annotations

from typing import Any

from django import forms

from govuk.fields import DateField, FigureField, MoneyField, WholeNumberField
from govuk.forms import GovukForm
from kpis.library.models import Direction, Measure
from kpis.proxies.lines import Figure, WrongLines, read_figures, read_indices, written
from kpis.proxies.models import DeflatorSeries, Proxy
from kpis.proxies.verbs import FIELDS
from kpis.proxies.words import by_year

ONE, BY_YEAR = "one", "by_year"
TO_THE_FOURTH = {"decimal_places": 4, "max_digits": 16}


def _share(label: str, hint: str = "") -> FigureField:
    return FigureField(
        label=label, help_text=hint, suffix="%", required=False, decimal_places=2, max_digits=5
    )


class ProxyForm(GovukForm):
    """A £ value: the figures, where they come from, and what the council takes off."""

    MAIN = (
        *("name", "how", "value", "low", "high", "by_year", "price_year", "stream", "geography", "is_local"),
        *("source", "source_url", "licence", "valid_from", "valid_until", "note"),
    )
    SHARES = ("deadweight", "displacement", "attribution", "lasts_years", "drop_off", "adjustments_why")

    name = forms.CharField(
        label="Name", max_length=150, help_text="For example, Government carbon values, November 2023"
    )
    how = forms.ChoiceField(
        label="Is the value the same for every year?",
        choices=[(ONE, "One value for all years"), (BY_YEAR, "A value for each calendar year")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether the value is the same for every year"},
    )
    value = MoneyField(label="£ of one unit", required=False, **TO_THE_FOURTH)
    low = MoneyField(label="Low", required=False, help_text="Where the source gives a range", **TO_THE_FOURTH)
    high = MoneyField(label="High", required=False, **TO_THE_FOURTH)
    by_year = forms.CharField(
        label="Values by year",
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="One line for each calendar year: year, value, low, high. Low and high may be left out. "
        "Write numbers without commas, for example 2026; 277.22; 138.61; 415.83. Years you leave out have no "
        "£ value",
    )
    price_year = WholeNumberField(label="Prices of the year", help_text="For example, 2022")
    stream = forms.ChoiceField(
        label="What it counts as", choices=Proxy.Stream.choices, widget=forms.RadioSelect, initial="social"
    )
    geography = forms.CharField(
        label="Area it is for", max_length=120, help_text="For example, United Kingdom, or the council’s area"
    )
    is_local = forms.BooleanField(label="Worked out for this council’s own area", required=False)
    source = forms.CharField(label="Source", max_length=300, help_text="Who published it, what, when, where")
    source_url = forms.URLField(
        label="Web address of the source", required=False, max_length=500, assume_scheme="https"
    )
    licence = forms.CharField(
        label="Licence", max_length=200, help_text="For example, Open Government Licence v3.0"
    )
    valid_from = DateField(label="First day it is valid", required=False)
    valid_until = DateField(label="Last day it is valid", required=False)
    note = forms.CharField(
        label="Note", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    deadweight = _share("Would have happened anyway", "Taken off")
    displacement = _share("Taken from elsewhere", "Taken off")
    attribution = _share("Share due to the contract", "Kept")
    lasts_years = WholeNumberField(label="Years the benefit lasts", initial=1)
    drop_off = _share("Falls each year after the first by")
    adjustments_why = forms.CharField(
        label="Where these shares come from",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    usual = forms.BooleanField(label="New KPIs of this measure take it", required=False)
    why = forms.CharField(
        label="Why it is replaced", max_length=250, widget=forms.Textarea(attrs={"rows": 2})
    )

    reveals = {"how": {ONE: ["value", "low", "high"], BY_YEAR: "by_year"}}
    nouns = {
        "how": "whether the value is the same for every year",
        "stream": "what it counts as",
        "price_year": "the year its prices are of",
        "geography": "the area it is for",
    }
    widths = {
        **dict.fromkeys(("value", "low", "high"), "10"),
        **dict.fromkeys(("price_year", "lasts_years", "deadweight", "displacement"), "4"),
        **dict.fromkeys(("attribution", "drop_off"), "4"),
    }
    choice_hints = {
        "stream": {
            "social": "Benefits to people, communities and nature",
            "local": "Pounds that stay in the area. Shown apart, never added to the others",
        }
    }

    def __init__(self, *args: Any, measure: Measure, replaces: Proxy | None = None, **kwargs: Any) -> None:
        initial = facts_of(replaces) if replaces else {"usual": not measure.proxies.filter(is_usual=True)}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["value"].label = f"£ of one unit ({measure.unit.name})"
        if measure.direction == Direction.LOWER:
            self.fields[
                "value"
            ].help_text = (
                "This measure counts a harm. Enter what one unit of it costs, above 0: it is taken off"
            )
        if replaces is None:
            del self.fields["why"]
        self.refresh_messages("value")

    def clean(self) -> dict[str, Any]:
        """Read the figures of the choice that was made; drop what stands beneath the other."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["figures"] = []
        if cleaned.get("how") == ONE and not {"value", "low", "high"} & set(self.errors):
            if cleaned.get("value") is None:
                self.add_error("value", "Enter the £ of one unit")
            else:
                one = Figure(None, cleaned["value"], cleaned.get("low"), cleaned.get("high"))
                cleaned["figures"] = [one]
        elif cleaned.get("how") == BY_YEAR:
            for name in ("value", "low", "high"):
                self.errors.pop(name, None)
            try:
                cleaned["figures"] = read_figures(cleaned.get("by_year") or "")
            except WrongLines as wrong:
                for sentence in wrong.sentences:
                    self.add_error("by_year", sentence)
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the verbs take, after `is_valid`."""
        taken = {name: self.cleaned_data[name] for name in FIELDS if name in self.fields}
        taken["values"], taken["usual"] = self.cleaned_data["figures"], self.cleaned_data["usual"]
        if "why" in self.fields:
            taken["why"] = self.cleaned_data["why"]
        return taken

    @property
    def shares(self) -> list[forms.BoundField]:
        """Return the fields of the council's adjustments, folded until needed."""
        return [self[name] for name in self.SHARES]

    @property
    def main(self) -> list[forms.BoundField]:
        """Return the fields asked for at once; those beneath a choice are drawn with it."""
        beneath = {"value", "low", "high", "by_year"}
        return [self[name] for name in self.MAIN if name not in beneath]

    @property
    def opens_shares(self) -> bool:
        """Return whether the folded part must stand open: something in it is wrong, or already set."""
        given = any(self.initial.get(name) not in (None, "", 1) for name in self.SHARES)
        return given or bool(set(self.SHARES) & set(self.errors if self.is_bound else ()))


def facts_of(proxy: Proxy) -> dict[str, Any]:
    """Return a proxy's facts as a form begins with them, for the one that replaces it."""
    facts = {name: getattr(proxy, name) for name in FIELDS if name in ProxyForm.base_fields}
    rows = by_year(proxy)
    facts["how"], facts["usual"] = (BY_YEAR if rows else ONE), proxy.is_usual
    if rows:
        facts["by_year"] = written([Figure(row.year, row.value, row.low, row.high) for row in rows])
    else:
        for row in proxy.values.all():
            facts |= {"value": _plain(row.value), "low": _plain(row.low), "high": _plain(row.high)}
    return facts


def _plain(amount: Any) -> str | None:
    """Return the amount as somebody would type it, to the last of its figures."""
    if amount is None:
        return None
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class WithdrawForm(GovukForm):
    """Why a £ value is withdrawn."""

    why = forms.CharField(
        label="Why it is withdrawn", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class ProxyFilter(GovukForm):
    """Words and standing to narrow the council's £ values by."""

    q = forms.CharField(label="Measure, name or source", required=False, max_length=100)
    which = forms.ChoiceField(
        label="Which",
        required=False,
        choices=[
            ("", "Offered for KPI sets"),
            ("local", "For this council’s own area"),
            ("old", "In old prices"),
            ("all", "All, withdrawn ones too"),
        ],
    )
    mark_optional = False


class UpliftForm(GovukForm):
    """By which deflators a £ value is said in the prices of which year."""

    series = forms.ModelChoiceField(
        label="Deflators", queryset=DeflatorSeries.objects.none(), empty_label="Select a series"
    )
    year = WholeNumberField(label="In the prices of", min_value=1900, max_value=2200)
    widths = {"year": "4"}
    nouns = {"series": "series of deflators", "year": "year"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["series"].queryset = DeflatorSeries.objects.filter(is_current=True)  # type: ignore[attr-defined]


class AddUpliftedForm(GovukForm):
    """Whether the uplifted value takes the old one's place, and what it is called."""

    name = forms.CharField(label="Name", max_length=150)
    place = forms.ChoiceField(
        label="What becomes of the old value?",
        choices=[
            ("replace", "The new one replaces it in KPI sets to come"),
            ("beside", "It stays, and the new one stands beside it"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what becomes of the old value"},
    )


class SeriesForm(GovukForm):
    """A series of deflators: where it comes from, and its indices pasted by line."""

    name = forms.CharField(label="Name", max_length=150, help_text="With the date of the publication")
    source = forms.CharField(label="Source", max_length=300)
    source_url = forms.URLField(
        label="Web address of the source", required=False, max_length=500, assume_scheme="https"
    )
    licence = forms.CharField(label="Licence", max_length=200)
    published_on = DateField(label="Published on", required=False)
    lines = forms.CharField(
        label="Indices",
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="One line for each calendar year: year, index. For example 2024, 100",
        error_messages={"required": "Enter the indices, one line for each year"},
    )

    def clean_lines(self) -> list[tuple[int, Any]]:
        """Return the indices as (year, index)."""
        try:
            return read_indices(self.cleaned_data["lines"])
        except WrongLines as wrong:
            raise forms.ValidationError(wrong.sentences) from None

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the verb takes, after `is_valid`."""
        facts = dict(self.cleaned_data)
        facts["indices"] = facts.pop("lines")
        return facts
