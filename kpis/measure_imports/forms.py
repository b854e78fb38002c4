"""Forms of the journey: a file, its columns, what its units mean, which edition it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from contracts.import_forms import ColumnsForm
from govuk.fields import DateField
from govuk.forms import GovukForm
from kpis.library.models import Framework, Kind
from kpis.measure_imports.fields import FIELDS
from kpis.measure_imports.meanings import NEW, Meanings, words_of
from kpis.measure_imports.terms import AREA, EDITION, LICENCE, NAME, SOURCE, WORDS, Terms
from kpis.proxies.models import Proxy

Offered = Framework.Offered
YES, NO = "yes", "no"


class MeasuresUploadForm(GovukForm):
    """One file."""

    file = forms.FileField(
        label="Table of measures",
        help_text="A CSV or Excel (.xlsx) file. Nothing is changed until you have seen what would be.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}),
    )
    nouns = {"file": "file"}


class MeasureColumnsForm(ColumnsForm):
    """Which column is which field of a measure or its £ value."""

    listed = [(one.name, one.label, one.hint) for one in FIELDS]
    needed = "Select the column that holds the measures, or their descriptions"


class MeaningsForm(GovukForm):
    """What the table's units and kinds of figure mean."""

    mark_optional = False

    def __init__(
        self,
        *args: Any,
        units: Iterable[tuple[str, int]],
        kinds: Iterable[tuple[str, int]],
        meanings: Meanings,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.unit_texts: dict[str, str] = {}
        self.kind_texts: dict[str, str] = {}
        known = [(unit.code, unit.name) for unit in meanings.units.values()]
        for number, (text, count) in enumerate(units):
            name = f"unit_{number}"
            self.unit_texts[name] = text
            rows = "1 row" if count == 1 else f"{count:,} rows"
            make = (NEW, f"Make a new unit, “{words_of(text)[:60]}”")
            found = meanings.unit(text)
            self.fields[name] = forms.ChoiceField(
                label=f"{text or 'No unit in the file'} ({rows})",
                choices=[make, *known] if text else [("", "Choose a unit"), *known, make],
                initial=found or (NEW if text else ""),
                error_messages={"required": "Select what these rows are counted in"},
            )
        for number, (text, count) in enumerate(kinds):
            name = f"kind_{number}"
            self.kind_texts[name] = text
            rows = "1 row" if count == 1 else f"{count:,} rows"
            self.fields[name] = forms.ChoiceField(
                label=f"{text} ({rows})", choices=Kind.choices, initial=meanings.kind(text) or Kind.COUNT
            )
        self.refresh_messages()

    @property
    def unit_fields(self) -> list[Any]:
        """Return the units' boxes."""
        return [self[name] for name in self.unit_texts]

    @property
    def kind_fields(self) -> list[Any]:
        """Return the kinds' boxes."""
        return [self[name] for name in self.kind_texts]

    def units(self) -> dict[str, str]:
        """Return text -> the code of a unit, or "new"."""
        return {text: self.cleaned_data[name] for name, text in self.unit_texts.items()}

    def kinds(self) -> dict[str, str]:
        """Return text -> kind."""
        return {text: self.cleaned_data[name] for name, text in self.kind_texts.items()}


class EditionForm(GovukForm):
    """Which edition the table is, from where, under which licence, for whom, and £ of when and where."""

    name = forms.CharField(label="Framework", max_length=NAME)
    edition = forms.CharField(
        label="Edition", max_length=EDITION, help_text="As its publisher calls it, such as 2026 or v3.1."
    )
    previous = forms.ChoiceField(label="The edition before")
    about = forms.CharField(label="What it is", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    source = forms.CharField(label="Source", max_length=SOURCE, help_text="Who published it, and when.")
    source_url = forms.URLField(label="Web address", max_length=500, required=False, assume_scheme="https")
    licence = forms.CharField(
        label="Licence", max_length=LICENCE, help_text="Such as Open Government Licence v3.0."
    )
    licence_url = forms.URLField(
        label="Web address of the licence", max_length=500, required=False, assume_scheme="https"
    )
    needs_licence = forms.ChoiceField(
        label="Does the council need a licence of its own to use it?",
        choices=[(YES, "Yes"), (NO, "No")],
        widget=forms.RadioSelect,
    )
    licence_note = forms.CharField(
        label="Which licence the council holds", max_length=WORDS, required=False,
        help_text="Its number, who granted it, until when. Nobody can propose these measures before it is "
        "confirmed.",
    )  # fmt: skip
    is_confirmed = forms.BooleanField(label="I confirm that the council holds this licence", required=False)
    offered = forms.ChoiceField(label="Offered to", choices=Offered.choices, widget=forms.RadioSelect)
    procured_from = DateField(label="Procurement began on or after", required=False)
    procured_until = DateField(label="Procurement began on or before", required=False)
    price_year = forms.IntegerField(
        label="Prices of the year, where no column says it", required=False, help_text="For example, 2024."
    )
    geography = forms.CharField(
        label="Area the £ values are for, where no column says it", max_length=AREA, required=False
    )
    stream = forms.ChoiceField(
        label="What the £ counts as, where no column says it", choices=Proxy.Stream.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    usual = forms.ChoiceField(
        label="Which £ value do new KPIs take?", widget=forms.RadioSelect, required=True,
    )  # fmt: skip
    widths = {"edition": "10", "price_year": "4"}
    nouns = {
        "needs_licence": "whether the council needs a licence of its own",
        "usual": "which £ value new KPIs take",
        "stream": "what the £ counts as",
    }

    def __init__(
        self, *args: Any, values: Mapping[str, str], columns: Mapping[str, int], may_confirm: bool,
        own: int | None, prices: tuple[int, int, str] | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        reveals: dict[str, dict[str, list[str]]] = {
            "needs_licence": {YES: ["licence_note", *(["is_confirmed"] if may_confirm else [])]},
            "offered": {Offered.BY_DATE.value: ["procured_from", "procured_until"]},
        }
        self.reveals = reveals  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        others = Framework.objects.exclude(pk=own or 0).exclude(status=Framework.Status.DRAFT)
        self.fields["previous"].choices = [  # type: ignore[attr-defined]
            ("auto", "The newest edition of the same framework, if there is one"),
            ("none", "None"),
            *((str(one.pk), str(one)) for one in others),
        ]
        names = sorted({one.name for one in others})
        self.fields["name"].help_text = (
            f"As in the library for a further edition. There are: {'; '.join(names)}." if names else ""
        )
        if not may_confirm:
            del self.fields["is_confirmed"]
            self.fields["licence_note"].help_text = (
                "Its number, who granted it, until when. Only the social value lead can confirm it: until "
                "then nobody can propose these measures."
            )
        for gone in ("price_year", "geography", "stream"):
            if not values:
                del self.fields[gone]
        if "geography" in columns and "geography" in self.fields:
            del self.fields["geography"]
        if prices and "price_year" in self.fields:
            row, year, said = prices
            self.fields["price_year"].help_text = f"A note in row {row} says {said} prices."
            if self.initial.get("price_year") is None and not self.initial.get("name"):
                self.initial["price_year"] = year
        self.year_fields: dict[str, str] = {}
        for name, heading in list(values.items())[1:]:
            key = f"price_year_{name}"
            self.year_fields[key] = name
            self.fields[key] = forms.IntegerField(
                label=f"Prices of “{heading}”, where they differ", required=False
            )
        if len(values) > 1:
            self.fields["usual"].choices = [*values.items(), ("", "None of them: it is chosen each time")]  # type: ignore[attr-defined]
            self.fields["usual"].required = False
        else:
            del self.fields["usual"]
        self.refresh_messages()

    def terms(self) -> Terms:
        """Return what was said."""
        given = self.cleaned_data
        needs = given["needs_licence"] == YES
        by_date = given["offered"] == Offered.BY_DATE

        def iso(name: str) -> str:
            return given[name].isoformat() if by_date and given.get(name) else ""

        def words(name: str) -> str:
            return " ".join((given.get(name) or "").split())

        return Terms(
            name=words("name"),
            edition=words("edition"),
            source=words("source"),
            source_url=words("source_url"),
            licence=words("licence"),
            licence_url=words("licence_url"),
            about=given.get("about") or "",
            needs_licence=needs,
            licence_note=(given.get("licence_note") or "").strip() if needs else "",
            is_confirmed=bool(needs and given.get("is_confirmed")),
            offered=given["offered"],
            procured_from=iso("procured_from"),
            procured_until=iso("procured_until"),
            previous=given["previous"],
            price_year=given.get("price_year"),
            price_years={
                name: given[key] for key, name in self.year_fields.items() if given.get(key) is not None
            },
            geography=(given.get("geography") or "").strip(),
            stream=given.get("stream") or Proxy.Stream.SOCIAL,
            usual=given["usual"] if "usual" in self.fields else "value",
        )


def initial_of(terms: Terms) -> dict[str, Any]:
    """Return the form's first answers from terms as kept."""
    from kpis.measure_imports.terms import day_of

    kept = terms.as_json()
    years = {f"price_year_{name}": year for name, year in terms.price_years.items()}
    return {
        **kept,
        **years,
        "needs_licence": (YES if terms.needs_licence else NO) if terms.name else "",
        "procured_from": day_of(terms.procured_from),
        "procured_until": day_of(terms.procured_until),
    }
