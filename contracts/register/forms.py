"""Forms of the import's journey; most ask what the file itself gives rise to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from accounts.models import Directorate
from contracts.import_forms import ColumnsForm
from contracts.models import Category
from contracts.register.fields import FIELDS
from contracts.register.plan import Lookups
from govuk.forms import GovukForm
from spreadsheets.mapping import normal

# More texts than this and those already known, and the rarer ones, are folded away.
SHOWN_AT_ONCE = 20


class UploadForm(GovukForm):
    """One file."""

    file = forms.FileField(
        label="Contracts register",
        help_text="A CSV or Excel (.xlsx) file, as you publish it. "
        "Nothing is changed until you have seen what would be.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}),
    )
    nouns = {"file": "file"}


class RegisterColumnsForm(ColumnsForm):
    """Which column is which field of a contract."""

    listed = [
        (one.name, one.label, "Without a title, the description is used." if one.name == "title" else "")
        for one in FIELDS
    ]
    needed = "Select the column that holds the title, or the description, of a contract"


class MappingForm(GovukForm):
    """What department and category texts mean; each can be left for later."""

    mark_optional = False

    def __init__(
        self,
        *args: Any,
        departments: Iterable[tuple[str, int]] = (),
        categories: Iterable[tuple[str, int]] = (),
        lookups: Lookups,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.directorate_texts: dict[str, str] = {}
        self.category_texts: dict[str, str] = {}
        # One list of choices for all boxes: a register may have hundreds of texts.
        self._directorates = {str(one.pk): one for one in Directorate.objects.open()}
        for number, (text, count) in enumerate(departments):
            known = lookups.directorates.get(normal(text)[:250])
            name = f"directorate_{number}"
            self.directorate_texts[name] = text
            self.fields[name] = _choice(self._directorates, text, count, known[0] if known else None)
        listed = list(Category.objects.all())
        self._categories = {str(one.pk): one for one in listed}
        for number, (text, count) in enumerate(categories if listed else ()):
            name = f"category_{number}"
            self.category_texts[name] = text
            meant = lookups.categories.get(normal(text)[:250])
            self.fields[name] = _choice(self._categories, text, count, meant)
        if any(not self.fields[name].initial for name in self.category_texts) or (
            not listed and list(categories)
        ):
            self.fields["make_categories"] = forms.BooleanField(
                label="Make a category of every category text that has none", required=False
            )
        self.refresh_messages()

    @property
    def directorate_fields(self) -> list[Any]:
        """Return the department texts' boxes to show: all, or of many those that most need an answer."""
        return self._directorate_fields()[0]

    @property
    def other_directorate_fields(self) -> list[Any]:
        """Return the boxes that are folded away where there are many: known ones and the rarer texts."""
        return self._directorate_fields()[1]

    def _directorate_fields(self) -> tuple[list[Any], list[Any]]:
        fields = [self[name] for name in self.directorate_texts]
        if len(fields) <= SHOWN_AT_ONCE:
            return fields, []
        unknown = [field for field in fields if not field.initial or field.errors]
        shown = unknown[:SHOWN_AT_ONCE]
        return shown, [field for field in fields if field not in shown]

    @property
    def category_fields(self) -> list[Any]:
        """Return the category texts' boxes."""
        return [self[name] for name in self.category_texts]

    def directorates(self) -> dict[str, Directorate]:
        """Return text -> directorate of those chosen."""
        return {
            text: self._directorates[self.cleaned_data[name]]
            for name, text in self.directorate_texts.items()
            if self.cleaned_data[name]
        }

    def categories(self) -> dict[str, Category]:
        """Return text -> category of those chosen."""
        return {
            text: self._categories[self.cleaned_data[name]]
            for name, text in self.category_texts.items()
            if self.cleaned_data[name]
        }


def _choice(known: Mapping[str, Any], text: str, count: int, initial: int | None) -> forms.ChoiceField:
    contracts = "1 row" if count == 1 else f"{count:,} rows"
    return forms.ChoiceField(
        choices=[("", "Leave for later"), *((key, str(one)) for key, one in known.items())],
        label=f"{text} ({contracts})",
        required=False,
        initial=str(initial or ""),
    )


class QuestionsForm(GovukForm):
    """Which contract each row is: a new one, one of those it could be, or left out."""

    mark_optional = False

    def __init__(self, *args: Any, rows: Iterable[Any], contracts: Mapping[int, Any], **kwargs: Any) -> None:
        self.choice_hints: dict[str, dict[str, str]] = {}  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        for row in rows:
            name = f"row_{row.row_number}"
            choices = [
                (str(number), f"It is contract {number}: {contracts[number].title}")
                for number in row.candidates if number in contracts
            ]  # fmt: skip
            self.choice_hints[name] = {
                str(number): facts_of(contracts[number]) for number in row.candidates if number in contracts
            }
            choices += [("new", "It is a new contract"), ("leave", "Leave it out of this import")]
            read = row.values.get("read", {})
            self.fields[name] = forms.ChoiceField(
                label=f"Row {row.row_number}: {read.get('title', '')}",
                help_text=described(read),
                choices=choices,
                required=False,
                widget=forms.RadioSelect,
            )
        self.refresh_messages()

    def answers(self) -> dict[int, str]:
        """Return row number -> answer of those given."""
        return {int(name.removeprefix("row_")): said for name, said in self.cleaned_data.items() if said}


def described(read: Mapping[str, str]) -> str:
    """Return reference, supplier and dates of what was read, in one line."""
    parts = [
        read.get("reference", ""),
        read.get("supplier_text", ""),
        _span(read.get("starts_on"), read.get("ends_on")),
    ]
    return " · ".join(part for part in parts if part)


def facts_of(contract: Any) -> str:
    """Return reference, supplier and dates of a contract, in one line."""
    start = contract.starts_on.isoformat() if contract.starts_on else ""
    end = contract.ends_on.isoformat() if contract.ends_on else ""
    return " · ".join(
        part for part in (contract.reference, contract.supplier_text, _span(start, end)) if part
    )


def _span(start: str | None, end: str | None) -> str:
    from datetime import date

    from govuk.formats import day

    def said(iso: str | None) -> str:
        return day(date.fromisoformat(iso)) if iso else ""

    if start and end:
        return f"{said(start)} to {said(end)}"
    return f"from {said(start)}" if start else f"until {said(end)}" if end else ""
