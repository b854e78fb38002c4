"""What can be wrong with an uploaded file, each as a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class SpreadsheetError(Exception):
    """A file cannot be read as it is; str() is a sentence for the person who uploaded it."""


class OldExcel(SpreadsheetError):
    """An Excel file of before 2007 (.xls) or a binary workbook (.xlsb)."""


class PasswordProtected(SpreadsheetError):
    """A workbook that opens only with a password."""


class NotASpreadsheet(SpreadsheetError):
    """Something else: a PDF, a picture, a web page, another kind of archive."""


class EmptyFile(SpreadsheetError):
    """Nothing in the file at all."""


class TooBig(SpreadsheetError):
    """More bytes or cells than one upload may hold."""


class BrokenFile(SpreadsheetError):
    """The right kind of file, but damaged; the sentence says where if that is known."""


@dataclass(frozen=True)
class EncodingChoice:
    """One way to read the file's characters, with lines that show the difference."""

    encoding: str
    label: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class HeaderCandidate:
    """A row that may hold the headings; number is the row number a spreadsheet shows."""

    number: int
    cells: tuple[str, ...]


class NeedsSheet(SpreadsheetError):
    """Several sheets hold something: a person must say which."""

    def __init__(self, sheets: Sequence[str], sentence: str = "") -> None:
        self.sheets = tuple(sheets)
        names = ", ".join(f"“{name}”" for name in self.sheets)
        super().__init__(
            sentence or f"This workbook has more than one sheet: {names}. Choose the one to read."
        )


class NeedsHeader(SpreadsheetError):
    """No row is plainly the headings: a person must say which."""

    def __init__(self, candidates: Sequence[HeaderCandidate], sentence: str = "") -> None:
        self.candidates = tuple(candidates)
        super().__init__(
            sentence
            or "We could not tell which row holds the column headings. Choose the row, "
            "or add a row of headings to the file and upload it again."
        )


class NeedsColumns(SpreadsheetError):
    """No column holds what the rows are called by: a person must say which does."""

    def __init__(self, headings: Sequence[str], sentence: str) -> None:
        self.headings = list(headings)
        super().__init__(sentence)


class NeedsEncoding(SpreadsheetError):
    """The characters cannot be told, or not by the encoding that was chosen."""

    def __init__(self, choices: Sequence[EncodingChoice], sentence: str = "") -> None:
        self.choices = tuple(choices)
        super().__init__(
            sentence
            or "We could not tell how the letters in this file are stored. "
            "Choose the version whose pound signs and accents look right."
        )
