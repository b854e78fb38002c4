"""Forms that imports of spreadsheets share: how the file is read, and which column is which field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from govuk.forms import GovukForm
from spreadsheets.mapping import letter
from spreadsheets.reading import EncodingChoice, HeaderCandidate, Row

SAMPLE = 40


class ReadingForm(GovukForm):
    """How the file is read: each question only where there is something to choose."""

    def __init__(
        self,
        *args: Any,
        holds: str = "the register",
        encodings: Sequence[EncodingChoice] = (),
        sheets: Sequence[str] = (),
        candidates: Sequence[HeaderCandidate] = (),
        may_lack_headings: bool = False,
        **kwargs: Any,
    ) -> None:
        self.choice_hints: dict[str, dict[str, str]] = {}  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        if sheets:
            self._ask("sheet", f"Which sheet holds {holds}?", [(name, name) for name in sheets])
        if encodings:
            choices = [(one.encoding, one.label) for one in encodings]
            self._ask("encoding", "Which reads correctly?", choices)
            self.fields[
                "encoding"
            ].help_text = "Look at pound signs, dashes and accents in these lines of the file."
            self.choice_hints["encoding"] = {one.encoding: "  ·  ".join(one.samples) for one in encodings}
        if candidates:
            choices = [(str(one.number), f"Row {one.number}") for one in candidates]
            if may_lack_headings:
                choices.append(("0", "This file has no row of headings"))
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
    # (field, its label, a hint or ""), in the order they are asked.
    listed: ClassVar[Sequence[tuple[str, str, str]]] = ()
    # One of these two must be there, and what is said where neither is.
    needs: ClassVar[tuple[str, str]] = ("title", "description")
    needed: ClassVar[str] = ""

    def __init__(self, *args: Any, headers: Sequence[str], rows: Sequence[Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Not in this file")]
        for index, heading in enumerate(headers):
            sample = _sample(rows, index)
            if heading or sample:
                example = f", for example “{sample}”" if sample else ", always blank here"
                choices.append((str(index), f"{letter(index)}: {heading or 'no heading'}{example}"))
        for name, label, hint in self.listed:
            self.fields[name] = forms.TypedChoiceField(
                label=label, choices=choices, required=False, coerce=int, empty_value=None, help_text=hint
            )
        self.refresh_messages()

    def clean(self) -> dict[str, Any]:
        """Refuse a column used twice, and a file without any of the needed columns."""
        cleaned = super().clean() or self.cleaned_data
        taken: dict[int, str] = {}
        for name, index in list(cleaned.items()):
            if index is None:
                continue
            if index in taken:
                self.add_error(name, f"This column is already used for “{self.fields[taken[index]].label}”")
            taken.setdefault(index, name)
        if all(cleaned.get(name) is None for name in self.needs) and not self.errors:
            self.add_error(self.needs[0], self.needed)
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
