"""Setting an import up: the file, how it is read, its columns, what its texts mean."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.history import record
from accounts.models import Directorate
from accounts.verbs.recipe import Invalid, require
from contracts import permissions
from contracts import verbs as contract_verbs
from contracts.journey import Journey, bytes_of
from contracts.models import Category, CategoryMapping, ColumnMapping, DirectorateMapping, RegisterImport
from contracts.register import reading
from contracts.register.fields import BY_NAME
from spreadsheets.errors import EncodingChoice, HeaderCandidate
from spreadsheets.mapping import normal
from spreadsheets.reading import NeedsEncoding, NeedsHeader, NeedsSheet, SpreadsheetError, Table

JOURNEY = Journey(RegisterImport, noun="register", prefix="register")
Status = RegisterImport.Status
# A row no file has: asking for it makes the reader list the rows there are.
NO_ROW = 10**9
BEFORE_APPLYING = (Status.READING, Status.CHECKED, Status.STOPPED, Status.FAILED)


def allow(by: Any) -> None:
    """Refuse a person who may not import; None is the command line, which the machine's owner may use."""
    if by is not None:
        require(permissions.may_import(by))


def start(file: Any, *, by: Any, name: str, table: Table | None = None) -> RegisterImport:
    """Keep the file and return a new import, read as far as can be guessed (or as `table` was).

    Raises Refused, or Invalid with a sentence where the file is too large or no spreadsheet.
    """
    allow(by)
    name = Path(name).name[-250:]
    data = bytes_of(file)
    register_import = RegisterImport(file_name=name, uploaded_by=by, sha256=hashlib.sha256(data).hexdigest())
    try:
        _guess(register_import, table or reading.open_table(data, name=name))
    except (NeedsSheet, NeedsHeader, NeedsEncoding) as question:
        register_import.message = str(question)
    except SpreadsheetError as error:
        raise Invalid([("file", str(error))]) from None
    with transaction.atomic():
        register_import.file.save(_safe(name), ContentFile(data), save=False)
        register_import.save()
        note("start", register_import, by, f"Uploaded the register {name}")
    return register_import


def _safe(name: str) -> str:
    ending = Path(name).suffix.lower()
    return f"{uuid.uuid4().hex}{ending if ending in {'.csv', '.xlsx', '.txt', '.tsv', '.xlsm'} else ''}"


def table_of(register_import: RegisterImport) -> Table:
    """Return the import's file as a table; raises a SpreadsheetError where it can't be read as it is set."""
    with register_import.file.open("rb") as file:
        return reading.open_table(
            file.read(),
            name=register_import.file_name,
            encoding=register_import.encoding,
            sheet=register_import.sheet,
            header_row=register_import.header_row,
        )


def guess_of(register_import: RegisterImport, table: Table) -> Table:
    """Return the table with our own reasons for reading it so, where a person chose nothing else."""
    with register_import.file.open("rb") as file:
        data = file.read()
    try:
        ours = reading.open_table(data, name=register_import.file_name, sheet=register_import.sheet)
    except SpreadsheetError:
        return table
    same = (ours.encoding, ours.header_row) == (table.encoding, table.header_row)
    return ours if same else table


def candidates_of(register_import: RegisterImport) -> tuple[HeaderCandidate, ...]:
    """Return the rows that could hold the headings: the first with anything in them, and the last."""
    try:
        with register_import.file.open("rb") as file:
            reading.open_table(
                file.read(),
                name=register_import.file_name,
                encoding=register_import.encoding,
                sheet=register_import.sheet,
                header_row=NO_ROW,
            )
    except NeedsHeader as question:
        return question.candidates
    except SpreadsheetError:
        return ()
    return ()


def encodings_of(register_import: RegisterImport) -> tuple[EncodingChoice, ...]:
    """Return the ways the file's letters could be read, whatever row holds the headings."""
    for candidate in candidates_of(register_import)[:1]:
        with register_import.file.open("rb") as file:
            return reading.open_table(
                file.read(),
                name=register_import.file_name,
                encoding=register_import.encoding,
                header_row=candidate.number,
            ).encodings
    return ()


def _guess(register_import: RegisterImport, table: Table) -> None:
    """Put on the import (unsaved) how its file was read, and the columns as saved or proposed."""
    register_import.encoding = table.encoding or ""
    register_import.sheet = table.sheet or ""
    register_import.header_row = table.header_row
    register_import.headers = [header.text for header in table.headers]
    register_import.rows_total = len(table.rows)
    if register_import.signature != table.signature:
        register_import.signature = table.signature
        saved = ColumnMapping.objects.filter(signature=table.signature).first()
        register_import.columns = reading.propose_columns(table, saved.columns if saved else None)
        register_import.answers = {}
    register_import.message = ""


def set_reading(
    register_import: RegisterImport,
    *,
    by: Any,
    encoding: str = "",
    sheet: str = "",
    header_row: int | None = None,
) -> RegisterImport:
    """Read the file this way, from now on; its check is undone. Raises Invalid where that does not work."""
    allow(by)
    with transaction.atomic():
        register_import = open_import(register_import)
        register_import.encoding, register_import.sheet = encoding, sheet
        register_import.header_row = header_row
        try:
            _guess(register_import, table_of(register_import))
        except (NeedsHeader, NeedsEncoding, NeedsSheet) as question:
            _ask_on(register_import, question)
        except SpreadsheetError as error:
            raise Invalid(str(error)) from None
        register_import.answers = {}
        _uncheck(register_import)
        register_import.save()
    return register_import


def _ask_on(register_import: RegisterImport, question: SpreadsheetError) -> None:
    """Keep what was answered and put the next question; a wrong answer is Invalid."""
    given = (
        ("header_row", NeedsHeader, register_import.header_row),
        ("encoding", NeedsEncoding, register_import.encoding),
        ("sheet", NeedsSheet, register_import.sheet),
    )
    for name, kind, answered in given:
        if isinstance(question, kind) and answered:
            raise Invalid([(name, str(question))]) from None
    register_import.message, register_import.signature = str(question), ""


def set_columns(register_import: RegisterImport, *, by: Any, columns: Mapping[str, int]) -> RegisterImport:
    """Read fields from these columns (field -> index from 0), and remember it for these headings."""
    allow(by)
    columns = {name: int(columns[name]) for name in BY_NAME if name in columns}
    if "title" not in columns and "description" not in columns:
        raise Invalid(
            [("title", "Select the column that holds the title, or the description, of a contract")]
        )
    with transaction.atomic():
        register_import = open_import(register_import)
        register_import.columns = columns
        _uncheck(register_import)
        register_import.save()
        ColumnMapping.objects.update_or_create(
            signature=register_import.signature,
            defaults={"columns": columns, "headers": register_import.headers, "saved_by": by},
        )
    return register_import


def set_directorates(
    register_import: RegisterImport,
    *,
    by: Any,
    directorates: Mapping[str, Directorate] | None = None,
    categories: Mapping[str, Category] | None = None,
) -> RegisterImport:
    """Keep what these texts mean, for this import and every later one.

    Contracts that wait for a directorate with the same text get theirs at once.
    """
    allow(by)
    with transaction.atomic():
        register_import = open_import(register_import)
        keep_meanings(by=by, directorates=directorates or {}, categories=categories or {})
        _uncheck(register_import)
        register_import.save()
    return register_import


def keep_meanings(
    *, by: Any, directorates: Mapping[str, Directorate], categories: Mapping[str, Category]
) -> None:
    """Keep what texts mean, in the caller's transaction: for this import and every later one."""
    for text, directorate in directorates.items():
        _map_directorate(text, directorate, by)
    for text, category in categories.items():
        key = normal(text)[:250]
        meant = CategoryMapping.objects.filter(key=key).first()
        if meant and meant.category_id == category.pk:
            continue
        meaning, _ = CategoryMapping.objects.update_or_create(
            key=key, defaults={"text": text[:250], "category": category, "made_by": by}
        )
        _mapped("category", meaning, by, text, category)


def _map_directorate(text: str, directorate: Directorate, by: Any) -> None:
    standing = DirectorateMapping.objects.filter(key=normal(text)[:250]).first()
    if standing and standing.directorate_id == directorate.pk:
        return
    if by is not None:
        contract_verbs.set_directorate(text, directorate, by=by)
        return
    facts = {"text": text[:250], "directorate": directorate, "department": None}
    mapping, _ = DirectorateMapping.objects.update_or_create(key=normal(text)[:250], defaults=facts)
    _mapped("directorate", mapping, by, text, directorate)


def _mapped(noun: str, subject: Any, by: Any, text: str, meaning: Any) -> None:
    record(
        action=f"contracts.map-{noun}",
        subject=subject,
        by=by,
        summary=f"“{text[:150]}” in a register means {meaning}",
    )


def open_import(register_import: RegisterImport, *also: str) -> RegisterImport:
    """Return the import locked, where it can still be changed; raise Stale otherwise."""
    return JOURNEY.open_import(register_import, *also)


def _uncheck(register_import: RegisterImport) -> None:
    """Forget the check after a change to how the file is read; applied rows of a stopped run stay."""
    register_import.status = Status.READING


def note(act: str, register_import: RegisterImport, by: Any, summary_text: str) -> None:
    """Keep in the history what was done with an import."""
    JOURNEY.note(act, register_import, by, summary_text)
