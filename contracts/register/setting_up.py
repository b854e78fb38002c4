"""Setting an import up: the file, how it is read, its columns, what its texts mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.history import record
from accounts.models import Directorate
from accounts.verbs.recipe import Invalid, require
from contracts import permissions
from contracts import verbs as contract_verbs
from contracts.import_reading import SpreadsheetReading, uncheck
from contracts.journey import Journey
from contracts.models import Category, CategoryMapping, ColumnMapping, DirectorateMapping, RegisterImport
from contracts.register import reading
from contracts.register.fields import BY_NAME
from spreadsheets.mapping import normal

JOURNEY = Journey(RegisterImport, noun="register", prefix="register")
Status = RegisterImport.Status
BEFORE_APPLYING = (Status.READING, Status.CHECKED, Status.STOPPED, Status.FAILED)


def allow(by: Any) -> None:
    """Refuse a person who may not import; None is the command line, which the machine's owner may use."""
    if by is not None:
        require(permissions.may_import(by))


FILES = SpreadsheetReading(
    JOURNEY,
    open_table=reading.open_table,
    propose=reading.propose_columns,
    signature_of=lambda table: table.signature,
    mapping=ColumnMapping,
    what="the register",
    allow=allow,
)
start, set_reading = FILES.start, FILES.set_reading
table_of, guess_of = FILES.table_of, FILES.guess_of
candidates_of, encodings_of = FILES.candidates_of, FILES.encodings_of


def set_columns(register_import: RegisterImport, *, by: Any, columns: Mapping[str, int]) -> RegisterImport:
    """Read fields from these columns (field -> index from 0), and remember it for these headings."""
    allow(by)
    columns = {name: int(columns[name]) for name in BY_NAME if name in columns}
    if "title" not in columns and "description" not in columns:
        raise Invalid(
            [("title", "Select the column that holds the title, or the description, of a contract")]
        )
    return FILES.keep_columns(register_import, by=by, columns=columns)


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
        uncheck(register_import)
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


def note(act: str, register_import: RegisterImport, by: Any, summary_text: str) -> None:
    """Keep in the history what was done with an import."""
    JOURNEY.note(act, register_import, by, summary_text)
