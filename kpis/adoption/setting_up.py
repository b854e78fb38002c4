"""Setting a workbook of signed KPIs up: the file, how it is read, its columns, the first month, answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.calendar import add_months, first_of_month, today
from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Stale, require
from contracts.import_reading import SpreadsheetReading, uncheck
from contracts.journey import Journey
from govuk import formats
from kpis.adoption import permissions, reading
from kpis.adoption.fields import BY_NAME
from kpis.adoption.models import AdoptionColumns, AdoptionImport
from kpis.adoption.plan import LEAVE, Plan, make_plan

JOURNEY = Journey(
    AdoptionImport, noun="workbook of signed KPIs", prefix="adoption", lines="contracts",
    total="contracts_total", done="contracts_done", to_write=("created",),
)  # fmt: skip
Status = AdoptionImport.Status
# How far back the first month returned here may lie: the clock opens what is owed since then.
MOST_BACK, MOST_AHEAD = 24, 12


def allow(by: Any) -> None:
    """Refuse a person who may not import; None is the command line, which the machine's owner may use."""
    if by is not None:
        require(permissions.may_import(by))


FILES = SpreadsheetReading(
    JOURNEY,
    open_table=reading.open_table,
    propose=reading.propose_columns,
    signature_of=reading.signature_of,
    mapping=AdoptionColumns,
    what="the workbook of signed KPIs",
    allow=allow,
)
start, table_of, guess_of = FILES.start, FILES.table_of, FILES.guess_of


def can_be_set(standing: AdoptionImport) -> bool:
    """Return whether how it is read may change: nothing of it is written yet."""
    return standing.contracts_done == 0 and standing.status in (
        Status.READING, Status.CHECKED, Status.STOPPED, Status.FAILED,
    )  # fmt: skip


def _open_to_set(standing: AdoptionImport) -> AdoptionImport:
    standing = JOURNEY.open_import(standing)
    if not can_be_set(standing):
        raise Stale("Part of this workbook was applied already, so how it is read can’t change any more.")
    return standing


def _keep_who(standing: AdoptionImport, by: Any) -> None:
    """Keep in the history who said how the workbook is read: what comes of it is theirs too."""
    JOURNEY.note("set_up", standing, by, f"Said how {standing.file_name} is read")


def hands_in(standing: AdoptionImport) -> set[int]:
    """Return the keys of everybody who uploaded, set up or applied it: none of them decides its sets."""
    acts = [f"{JOURNEY.prefix}.{act}" for act in ("start", "set_up", "apply")]
    rows = HistoryRow.objects.of(standing).filter(action__in=acts, actor__isnull=False)
    return {standing.uploaded_by_id, *rows.values_list("actor", flat=True)}


def set_reading(standing: AdoptionImport, *, by: Any, **how: Any) -> AdoptionImport:
    """Read the file this way, from now on; its check is undone. Raises Invalid where that can't be."""
    with transaction.atomic():
        _open_to_set(standing)
        _keep_who(standing, by)
        return FILES.set_reading(standing, by=by, **how)


def set_columns(standing: AdoptionImport, *, by: Any, columns: Mapping[str, int]) -> AdoptionImport:
    """Read fields from these columns (field -> index from 0), and remember it for these headings."""
    allow(by)
    columns = {name: int(columns[name]) for name in BY_NAME if name in columns}
    if "kpi" not in columns and "code" not in columns:
        raise Invalid([("kpi", "Select the column that holds the KPIs, or the codes of their measures")])
    if not {"number", "reference", "title"} & set(columns):
        raise Invalid([("reference", "Select a column that names the contracts: number, reference or title")])
    with transaction.atomic():
        _open_to_set(standing)
        _keep_who(standing, by)
        return FILES.keep_columns(standing, by=by, columns=columns)


def usual_first_month() -> dt.date:
    """Return the month taken where nobody says another: this one."""
    return first_of_month(today())


def check_first_month(month: dt.date) -> None:
    """Raise Invalid unless the month may be the first to be returned here."""
    this = first_of_month(today())
    if month.day != 1 or not add_months(this, -MOST_BACK) <= month <= add_months(this, MOST_AHEAD):
        raise Invalid(
            [
                (
                    "first_month",
                    f"The first month to be returned here must be between "
                    f"{formats.month(add_months(this, -MOST_BACK))} and "
                    f"{formats.month(add_months(this, MOST_AHEAD))}",
                )
            ]
        )


def set_first_month(standing: AdoptionImport, *, by: Any, month: dt.date) -> AdoptionImport:
    """Say from which month on figures are returned here; the check is undone. Raises Invalid."""
    allow(by)
    check_first_month(month)
    with transaction.atomic():
        standing = _open_to_set(standing)
        standing.first_month = month
        uncheck(standing)
        standing.save()
        _keep_who(standing, by)
    return standing


def set_answers(standing: AdoptionImport, *, by: Any, answers: Mapping[str, str]) -> AdoptionImport:
    """Keep which contract a row is (row number -> a contract's number, or "leave"); its check is undone."""
    allow(by)
    for row, answer in answers.items():
        if not row.isdigit() or not (answer == LEAVE or answer.isdigit()):
            raise Invalid([("", "Choose one of the contracts named, or leave it out")])
    with transaction.atomic():
        standing = _open_to_set(standing)
        standing.answers = {**standing.answers, **answers}
        uncheck(standing)
        standing.save()
        _keep_who(standing, by)
    return standing


def kpis_of(standing: AdoptionImport) -> reading.KPITable:
    """Return the workbook's rows as understood; raises a SpreadsheetError where they can't be."""
    return reading.read_table(table_of(standing), standing.columns, FILES.data_of(standing))


def plan_of(standing: AdoptionImport) -> Plan:
    """Return what would become of every row as things stand; writes nothing."""
    return make_plan(
        kpis_of(standing),
        first_month=standing.first_month or usual_first_month(),
        answers=standing.answers,
        sha256=standing.sha256,
        own=standing.pk,
    )
