"""Forms of the import's journey; most ask what the file itself gives rise to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from accounts.models import Directorate
from contracts.models import Category
from contracts.register.fields import FIELDS
from contracts.register.plan import Lookups
from govuk.forms import GovukForm
from spreadsheets.mapping import letter, normal
from spreadsheets.reading import EncodingChoice, HeaderCandidate, Row

SAMPLE = 40
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


class ReadingForm(GovukForm):
    """How the file is read: each question only where there is something to choose."""

    def __init__(
        self,
        *args: Any,
        encodings: Sequence[EncodingChoice] = (),
        sheets: Sequence[str] = (),
        candidates: Sequence[HeaderCandidate] = (),
        **kwargs: Any,
    ) -> None:
        self.choice_hints: dict[str, dict[str, str]] = {}  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        if sheets:
            self._ask("sheet", "Which sheet holds the register?", [(name, name) for name in sheets])
        if encodings:
            choices = [(one.encoding, one.label) for one in encodings]
            self._ask("encoding", "Which reads correctly?", choices)
            self.fields[
                "encoding"
            ].help_text = "Look at pound signs, dashes and accents in these lines of the file."
            self.choice_hints["encoding"] = {one.encoding: "  ·  ".join(one.samples) for one in encodings}
        if candidates:
            choices = [(str(one.number), f"Row {one.number}") for one in candidates]
            self._ask("header_row", "Which row holds the column headings?", choices)
            self.choice_hints["header_row"] = {
                str(one.number): " | ".join(cell[:20] for cell in one.cells if cell)[:150] or "(blank)"
                for one in candidates
            }

    def _ask(self, name: str, label: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
        self.refresh_messages(name)


class ColumnsForm(GovukForm):
    """Which column is which field."""

    mark_optional = False

    def __init__(self, *args: Any, headers: Sequence[str], rows: Sequence[Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Not in this file")]
        for index, heading in enumerate(headers):
            sample = _sample(rows, index)
            if heading or sample:
                example = f", for example “{sample}”" if sample else ", always blank here"
                choices.append((str(index), f"{letter(index)}: {heading or 'no heading'}{example}"))
        for field in FIELDS:
            self.fields[field.name] = forms.TypedChoiceField(
                label=field.label, choices=choices, required=False, coerce=int, empty_value=None
            )
        self.fields["title"].help_text = "Without a title, the description is used."
        self.refresh_messages()

    def clean(self) -> dict[str, Any]:
        """Refuse a column used twice, and a file without title and description."""
        cleaned = super().clean() or self.cleaned_data
        taken: dict[int, str] = {}
        for name, index in list(cleaned.items()):
            if index is None:
                continue
            if index in taken:
                self.add_error(name, f"This column is already used for “{self.fields[taken[index]].label}”")
            taken.setdefault(index, name)
        if cleaned.get("title") is None and cleaned.get("description") is None and not self.errors:
            self.add_error(
                "title", "Select the column that holds the title, or the description, of a contract"
            )
        return cleaned

    def columns(self) -> dict[str, int]:
        """Return field -> column of those chosen."""
        return {name: index for name, index in self.cleaned_data.items() if index is not None}


def _sample(rows: Sequence[Row], index: int) -> str:
    for row in rows:
        cell = row.cells[index] if index < len(row.cells) else None
        if cell is not None:
            text = " ".join(str(cell).split())
            return text if len(text) <= SAMPLE else text[: SAMPLE - 1] + "…"
    return ""


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
