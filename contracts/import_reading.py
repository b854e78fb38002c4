"""How an import of a spreadsheet is read: kept, guessed, shown, changed by the person; for every kind."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import models, transaction

from accounts.verbs.recipe import Invalid
from contracts.journey import Journey, bytes_of
from spreadsheets.errors import EncodingChoice, HeaderCandidate
from spreadsheets.reading import NeedsEncoding, NeedsHeader, NeedsSheet, SpreadsheetError, Table

# A row no file has: asking for it makes the reader list the rows there are.
NO_ROW = 10**9
ENDINGS = {".csv", ".xlsx", ".txt", ".tsv", ".xlsm"}


@dataclass(frozen=True)
class SpreadsheetReading:
    """What the kinds differ in: their journey, their reader, their columns, where a choice is remembered."""

    journey: Journey
    # (data, name=, encoding=, sheet=, header_row=) -> Table
    open_table: Callable[..., Table]
    # (table, columns as saved or None) -> field: column
    propose: Callable[[Table, Mapping[str, int] | None], dict[str, int]]
    signature_of: Callable[[Table], str]
    # The model that remembers columns by signature.
    mapping: type[models.Model]
    # "the register", "the table of measures", as in "Uploaded ... x.csv".
    what: str
    # Refuses a person who may not import.
    allow: Callable[[Any], None]

    def start(self, file: Any, *, by: Any, name: str, table: Table | None = None) -> Any:
        """Keep the file and return a new import, read as far as can be guessed (or as `table` was).

        Raises Refused, or Invalid with a sentence where the file is too large or no spreadsheet.
        """
        self.allow(by)
        name = Path(name).name[-250:]
        data = bytes_of(file)
        started: Any = self.journey.model(
            file_name=name, uploaded_by=by, sha256=hashlib.sha256(data).hexdigest()
        )
        try:
            self.guess(started, table or self.open_table(data, name=name))
        except (NeedsSheet, NeedsHeader, NeedsEncoding) as question:
            started.message = str(question)
        except SpreadsheetError as error:
            raise Invalid([("file", str(error))]) from None
        ending = Path(name).suffix.lower()
        with transaction.atomic():
            kept = f"{uuid.uuid4().hex}{ending if ending in ENDINGS else ''}"
            started.file.save(kept, ContentFile(data), save=False)
            started.save()
            self.journey.note("start", started, by, f"Uploaded {self.what} {name}")
        return started

    def data_of(self, standing: Any) -> bytes:
        """Return the bytes of the import's file."""
        with standing.file.open("rb") as file:
            return file.read()

    def table_of(self, standing: Any) -> Table:
        """Return the import's file as a table; raises a SpreadsheetError where it can't be read so."""
        return self.open_table(
            self.data_of(standing),
            name=standing.file_name,
            encoding=standing.encoding,
            sheet=standing.sheet,
            header_row=standing.header_row,
        )

    def guess_of(self, standing: Any, table: Table) -> Table:
        """Return the table with our own reasons for reading it so, where a person chose nothing else."""
        try:
            ours = self.open_table(self.data_of(standing), name=standing.file_name, sheet=standing.sheet)
        except SpreadsheetError:
            return table
        same = (ours.encoding, ours.header_row) == (table.encoding, table.header_row)
        return ours if same else table

    def candidates_of(self, standing: Any) -> tuple[HeaderCandidate, ...]:
        """Return the rows that could hold the headings: the first with anything in them, and the last."""
        try:
            self.open_table(
                self.data_of(standing),
                name=standing.file_name,
                encoding=standing.encoding,
                sheet=standing.sheet,
                header_row=NO_ROW,
            )
        except NeedsHeader as question:
            return question.candidates
        except SpreadsheetError:
            return ()
        return ()

    def letters_of(self, standing: Any) -> tuple[str, tuple[EncodingChoice, ...]]:
        """Return how the file's letters are read, whatever row holds the headings, and the other ways."""
        for candidate in self.candidates_of(standing)[:1]:
            table = self.open_table(
                self.data_of(standing),
                name=standing.file_name,
                encoding=standing.encoding,
                header_row=candidate.number,
            )
            return table.encoding or "", table.encodings
        return "", ()

    def encodings_of(self, standing: Any) -> tuple[EncodingChoice, ...]:
        """Return the ways the file's letters could be read, whatever row holds the headings."""
        return self.letters_of(standing)[1]

    def guess(self, standing: Any, table: Table) -> None:
        """Put on the import (unsaved) how its file was read, and the columns as saved or proposed."""
        standing.encoding = table.encoding or ""
        standing.sheet = table.sheet or ""
        standing.header_row = table.header_row
        standing.headers = [header.text for header in table.headers]
        standing.rows_total = len(table.rows)
        signature = self.signature_of(table)
        if standing.signature != signature:
            standing.signature = signature
            saved: Any = self.mapping._default_manager.filter(signature=signature).first()
            standing.columns = self.propose(table, saved.columns if saved else None)
            standing.answers = {}
        standing.message = ""

    def set_reading(
        self, standing: Any, *, by: Any, encoding: str = "", sheet: str = "", header_row: int | None = None
    ) -> Any:
        """Read the file this way, from now on; its check is undone. Raises Invalid where that can't be."""
        self.allow(by)
        with transaction.atomic():
            standing = self.journey.open_import(standing)
            standing.encoding, standing.sheet, standing.header_row = encoding, sheet, header_row
            try:
                self.guess(standing, self.table_of(standing))
            except (NeedsHeader, NeedsEncoding, NeedsSheet) as question:
                _ask_on(standing, question)
            except SpreadsheetError as error:
                raise Invalid(str(error)) from None
            standing.answers = {}
            uncheck(standing)
            standing.save()
        return standing

    def keep_columns(self, standing: Any, *, by: Any, columns: Mapping[str, int]) -> Any:
        """Read fields from these columns, and remember it for these headings; its check is undone."""
        with transaction.atomic():
            standing = self.journey.open_import(standing)
            standing.columns = dict(columns)
            uncheck(standing)
            standing.save()
            self.mapping._default_manager.update_or_create(
                signature=standing.signature,
                defaults={"columns": dict(columns), "headers": standing.headers, "saved_by": by},
            )
        return standing


def _ask_on(standing: Any, question: SpreadsheetError) -> None:
    """Keep what was answered and put the next question; a wrong answer is Invalid."""
    given = (
        ("header_row", NeedsHeader, standing.header_row),
        ("encoding", NeedsEncoding, standing.encoding),
        ("sheet", NeedsSheet, standing.sheet),
    )
    for name, kind, answered in given:
        if isinstance(question, kind) and answered:
            raise Invalid([(name, str(question))]) from None
    standing.message, standing.signature = str(question), ""


def uncheck(standing: Any) -> None:
    """Forget the check after a change to how the file is read; applied rows of a stopped run stay."""
    standing.status = "reading"
