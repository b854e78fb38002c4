"""The journey of one import: start, set how it is read, check, answer, apply, stop, carry on."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.history import record
from accounts.models import Directorate
from accounts.verbs.recipe import Invalid, Stale, lock, require
from contracts import permissions
from contracts import verbs as contract_verbs
from contracts.models import (
    Category,
    CategoryMapping,
    ColumnMapping,
    DirectorateMapping,
    RegisterImport,
    RegisterRow,
)
from contracts.register import reading, summaries
from contracts.register.applying import Applier
from contracts.register.fields import BY_NAME
from contracts.register.plan import Plan, make_plan
from spreadsheets.errors import EncodingChoice, HeaderCandidate
from spreadsheets.mapping import normal
from spreadsheets.reading import NeedsEncoding, NeedsHeader, NeedsSheet, SpreadsheetError, Table

log = logging.getLogger("socialvalue.register")

Status = RegisterImport.Status
Outcome = RegisterRow.Outcome
BATCH = 200
# A row no file has: asking for it makes the reader list the rows there are.
NO_ROW = 10**9
LEASE = dt.timedelta(seconds=90)
# Rows up to which checking and applying are done while the page waits.
AT_ONCE = 2000
TO_WRITE = (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED)
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
    data = _bytes(file)
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
        _record("start", register_import, by, f"Uploaded the register {name}")
    return register_import


def _bytes(file: Any) -> bytes:
    most = settings.MAX_UPLOAD_MEGABYTES * 1_000_000
    size = getattr(file, "size", None)
    data = (
        b"" if size is not None and size > most else file if isinstance(file, bytes) else file.read(most + 1)
    )
    if len(data) > most or (size or 0) > most:
        raise Invalid([("file", f"The file must be smaller than {settings.MAX_UPLOAD_MEGABYTES} MB")])
    return data


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
                file.read(), name=register_import.file_name, encoding=register_import.encoding,
                sheet=register_import.sheet, header_row=NO_ROW,
            )  # fmt: skip
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
                file.read(), name=register_import.file_name, encoding=register_import.encoding,
                header_row=candidate.number,
            ).encodings  # fmt: skip
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
        register_import = _open(register_import)
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
        register_import = _open(register_import)
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
        register_import = _open(register_import)
        for text, directorate in (directorates or {}).items():
            _map_directorate(text, directorate, by)
        for text, category in (categories or {}).items():
            key = normal(text)[:250]
            meant = CategoryMapping.objects.filter(key=key).first()
            if meant and meant.category_id == category.pk:
                continue
            meaning, _ = CategoryMapping.objects.update_or_create(
                key=key, defaults={"text": text[:250], "category": category, "made_by": by}
            )
            _mapped("category", meaning, by, text, category)
        _uncheck(register_import)
        register_import.save()
    return register_import


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
        action=f"contracts.map-{noun}", subject=subject, by=by,
        summary=f"“{text[:150]}” in a register means {meaning}",
    )  # fmt: skip


def plan_of(register_import: RegisterImport) -> Plan:
    """Return what would become of every row as things stand; writes nothing."""
    register = reading.read_register(table_of(register_import), register_import.columns)
    return make_plan(register, answers=register_import.answers)


def check(register_import: RegisterImport, *, by: Any = None, plan: Plan | None = None) -> RegisterImport:
    """Work out what would become of every row and keep that; nothing else changes.

    Rows that an earlier, stopped run applied keep what became of them. Where the file can't be read, the import
    is marked so, with the reason.
    """
    allow(by)
    try:
        plan = plan or plan_of(register_import)
    except SpreadsheetError as error:
        with transaction.atomic():
            register_import = _open(register_import, Status.CHECKING)
            register_import.status, register_import.message = Status.FAILED, str(error)
            register_import.worker_until = None
            register_import.save()
        return register_import
    with transaction.atomic():
        register_import = _open(register_import, Status.CHECKING)
        done = set(register_import.rows.filter(is_applied=True).values_list("row_number", flat=True))
        register_import.rows.filter(is_applied=False).delete()
        RegisterRow.objects.bulk_create(_rows(register_import, plan, done), batch_size=500)
        register_import.counts = {
            "warnings": [list(one) for one in plan.warnings],
            "unmapped_directorates": dict(plan.unmapped_directorates.most_common()),
            "unmapped_categories": dict(plan.unmapped_categories.most_common()),
        }
        waiting = register_import.rows.filter(outcome__in=TO_WRITE)
        register_import.rows_total = waiting.count()
        register_import.rows_done = waiting.filter(is_applied=True).count()
        register_import.checked_at = timezone.now()
        register_import.status, register_import.message = Status.CHECKED, ""
        register_import.worker_until = None
        _count(register_import)
        register_import.save()
    return register_import


def _rows(register_import: RegisterImport, plan: Plan, done: set[int]) -> Iterator[RegisterRow]:
    for one in plan.rows:
        if one.number in done:
            continue
        row = one.row
        yield RegisterRow(
            register_import=register_import,
            row_number=one.number,
            outcome=one.outcome,
            contract_id=one.contract,
            reasons=one.reasons,
            warnings=one.warnings,
            conflicts=one.conflicts,
            changes=one.changes,
            candidates=one.candidates,
            values={"cells": row.cells, "read": row.read} if row else {},
            row_hash=row.row_hash if row else "",
        )


def begin_checking(register_import: RegisterImport, *, by: Any) -> RegisterImport:
    """Check it now where it is short; otherwise hand it to a worker and return it marked as being checked."""
    allow(by)
    if register_import.rows_total <= AT_ONCE:
        return check(register_import, by=by)
    with transaction.atomic():
        register_import = _open(register_import)
        register_import.status, register_import.worker_until = Status.CHECKING, None
        register_import.save()
    wake(register_import)
    return register_import


def answer(register_import: RegisterImport, *, by: Any, answers: Mapping[int, str]) -> RegisterImport:
    """Take answers to "which contract is this row?" ("new", "leave" or a number) and check again with them.

    Raises Invalid, by row, where two rows are said to be the same contract or a number is none of those offered.
    """
    allow(by)
    offered = dict(register_import.rows.exclude(candidates=[]).values_list("row_number", "candidates"))
    errors, taken = [], {}
    for row, said in answers.items():
        if said in ("new", "leave"):
            continue
        if not said.isdigit() or int(said) not in offered.get(row, []):
            errors.append((f"row_{row}", f"Select what row {row} is from the list"))
        elif said in taken:
            errors.append((f"row_{row}", f"Rows {taken[said]} and {row} can’t both be contract {said}"))
        taken.setdefault(said, row)
    if errors:
        raise Invalid(errors)
    with transaction.atomic():
        register_import = _open(register_import)
        register_import.answers = {
            **register_import.answers,
            **{str(row): said for row, said in answers.items()},
        }
        register_import.save(update_fields=["answers"])
    return begin_checking(register_import, by=by)


def begin_applying(register_import: RegisterImport, *, by: Any) -> RegisterImport:
    """Mark the import as being applied and return it; `carry_on` then does the work.

    Raises Stale where another import is being applied, or one was since this was checked.
    """
    allow(by)
    try:
        with transaction.atomic():
            register_import = lock(RegisterImport, register_import.pk)
            if register_import.status not in (Status.CHECKED, Status.STOPPED):
                raise Stale(f"This import is now “{register_import.get_status_display().lower()}”.")
            _nobody_else(register_import)
            since = RegisterImport.objects.exclude(pk=register_import.pk).filter(
                finished_at__gt=register_import.checked_at
            )
            if since.exists():
                raise Stale("Another register was applied since this one was checked. Check it again first.")
            register_import.status, register_import.worker_until = Status.APPLYING, None
            register_import.message = ""
            register_import.save()
            _record("apply", register_import, by, f"Began to apply the register {register_import.file_name}")
    except IntegrityError:
        _nobody_else(register_import)
        raise
    return register_import


def _nobody_else(register_import: RegisterImport) -> None:
    other = RegisterImport.objects.filter(status=Status.APPLYING).exclude(pk=register_import.pk).first()
    if other:
        raise Stale(f"Another register, {other.file_name}, is being applied. Wait until it has finished: only one "
                    "can be applied at a time.")  # fmt: skip


def stop(register_import: RegisterImport, *, by: Any) -> RegisterImport:
    """Stop applying after the batch at work; rows applied stay applied, the others wait."""
    allow(by)
    with transaction.atomic():
        register_import = lock(RegisterImport, register_import.pk)
        if register_import.status != Status.APPLYING:
            raise Stale(f"This import is now “{register_import.get_status_display().lower()}”, so there is nothing "
                        "to stop.")  # fmt: skip
        register_import.status, register_import.worker_until = Status.STOPPED, None
        # Contracts were written: another import checked before this moment is out of date.
        register_import.finished_at = timezone.now()
        register_import.save()
        _record("stop", register_import, by, f"Stopped applying the register {register_import.file_name}")
    return register_import


def abandon(register_import: RegisterImport, *, by: Any) -> RegisterImport:
    """Give the import up: what it wrote stays, nothing more will be written."""
    allow(by)
    with transaction.atomic():
        register_import = _open(register_import, Status.CHECKING)
        register_import.status, register_import.worker_until = Status.ABANDONED, None
        register_import.save()
        _record("abandon", register_import, by, f"Abandoned the import of {register_import.file_name}")
    return register_import


def carry_on(import_id: int) -> RegisterImport | None:
    """Do what the import waits for, check or apply, until done or stopped; None where a worker is at it already.

    Each batch is one transaction with its progress: a killed worker loses at most the batch it was in.
    """
    token = uuid.uuid4().hex
    now = timezone.now()
    free = Q(worker_until=None) | Q(worker_until__lt=now)
    waiting = RegisterImport.objects.filter(free, pk=import_id, status__in=[Status.CHECKING, Status.APPLYING])
    if not waiting.update(worker_until=now + LEASE, worker=token):
        return None
    register_import = RegisterImport.objects.select_related("uploaded_by").get(pk=import_id)
    try:
        if register_import.status == Status.CHECKING:
            return check(register_import)
        applier = Applier(register_import)
        while _apply_batch(applier, token):
            pass
    except Exception:
        log.exception("Import %s stopped", import_id)
        _stop_broken(import_id, token)
    return RegisterImport.objects.get(pk=import_id)


def _apply_batch(applier: Applier, token: str) -> bool:
    """Apply the next rows; False when there are none, the import was stopped or another worker has it."""
    with transaction.atomic():
        register_import = lock(RegisterImport, applier.register_import.pk)
        if register_import.status != Status.APPLYING or register_import.worker != token:
            return False
        rows = list(
            register_import.rows.filter(is_applied=False, outcome__in=TO_WRITE).order_by("row_number")[:BATCH]
        )
        if rows:
            applier.apply(rows)
            register_import.rows_done += len(rows)
            register_import.worker_until = timezone.now() + LEASE
        else:
            _finish(register_import)
        register_import.save()
    return bool(rows)


def _finish(register_import: RegisterImport) -> None:
    register_import.status, register_import.worker_until = Status.APPLIED, None
    register_import.finished_at = timezone.now()
    _count(register_import)
    counts = register_import.counts
    by = register_import.uploaded_by
    _record("applied", register_import, by, f"Applied the register {register_import.file_name}: {counts['created']:,} "
            f"added, {counts['updated']:,} changed, {counts['rejected']:,} not used")  # fmt: skip


def _stop_broken(import_id: int, token: str) -> None:
    with transaction.atomic():
        register_import = lock(RegisterImport, import_id)
        if register_import.worker != token:
            return
        register_import.worker_until = None
        if register_import.status == Status.CHECKING:
            register_import.status = Status.FAILED
            register_import.message = (
                "The file could not be checked because something went wrong. Nothing was changed. Tell whoever runs "
                "this service."
            )
            register_import.save()
            return
        if register_import.status != Status.APPLYING:
            return
        register_import.status = Status.STOPPED
        register_import.finished_at = timezone.now()
        register_import.message = (
            f"It stopped after {register_import.rows_done:,} rows because something went wrong. What was applied is "
            "kept and nothing is applied twice: carry on, and if it stops again tell whoever runs this service."
        )
        register_import.save()


def carry_on_abandoned() -> int:
    """Take up imports nobody is at work on; return how many. Run every minute."""
    free = Q(worker_until=None) | Q(worker_until__lt=timezone.now())
    waiting = RegisterImport.objects.filter(free, status__in=[Status.CHECKING, Status.APPLYING])
    return sum(carry_on(pk) is not None for pk in waiting.values_list("pk", flat=True))


def wake(register_import: RegisterImport) -> None:
    """Ask a worker to take the import up; where no broker answers, the minute's sweep will."""
    from contracts.tasks import apply_register_import

    try:
        apply_register_import.delay(register_import.pk)
    except Exception:  # Any broker, any failure: the database holds the truth.
        log.warning("No worker could be woken for import %s", register_import.pk)


def summary(register_import: RegisterImport) -> dict[str, Any]:
    """Return what the import comes to; see `contracts.register.summaries`."""
    return summaries.of_import(register_import)


def _count(register_import: RegisterImport) -> None:
    """Put the counts on the import, from its rows."""
    found = summaries.of_import(register_import)
    numbers = {
        name: found[name] for name in ("rows_read", "empty", "created", "updated", "unchanged", "questions")
    }
    register_import.counts = {
        **register_import.counts,
        **numbers,
        "repeated": len(found["repeated"]),
        "rejected": len(found["rejected"]),
        "conflicts": len(found["conflicts"]),
        "noticed": len(found["warnings"]),
    }


def _open(register_import: RegisterImport, *also: str) -> RegisterImport:
    """Return the import locked, where it can still be changed; raise Stale otherwise."""
    register_import = lock(RegisterImport, register_import.pk)
    if register_import.status not in (*BEFORE_APPLYING, *also):
        raise Stale(
            f"This import is now “{register_import.get_status_display().lower()}”, so that can’t be changed."
        )
    return register_import


def _uncheck(register_import: RegisterImport) -> None:
    """Forget the check after a change to how the file is read; applied rows of a stopped run stay."""
    register_import.status = Status.READING


def _record(act: str, register_import: RegisterImport, by: Any, summary_text: str) -> None:
    record(action=f"register.{act}", subject=register_import, by=by, summary=summary_text)
