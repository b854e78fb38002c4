"""Setting an import of measures up: the file, how it is read, its columns, its units, which edition it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.verbs.recipe import Invalid, Stale, require
from contracts.import_reading import SpreadsheetReading, uncheck
from contracts.journey import Journey
from kpis.library.models import Unit
from kpis.library.permissions import may_keep
from kpis.measure_imports import guessing, meanings, permissions, reading
from kpis.measure_imports.cells import text_key
from kpis.measure_imports.fields import BY_NAME, VALUES
from kpis.measure_imports.models import MeasureColumns, MeasureImport
from kpis.measure_imports.plan import Plan, came_from, make_plan
from kpis.measure_imports.terms import Terms, taken
from spreadsheets.reading import SpreadsheetError

JOURNEY = Journey(MeasureImport, noun="table of measures", prefix="measures", to_write=("created",))
Status = MeasureImport.Status


def allow(by: Any) -> None:
    """Refuse a person who may not import; None is the command line, which the machine's owner may use."""
    if by is not None:
        require(permissions.may_import(by))


FILES = SpreadsheetReading(
    JOURNEY,
    open_table=reading.open_table,
    propose=guessing.propose_columns,
    signature_of=guessing.signature_of,
    mapping=MeasureColumns,
    what="the table of measures",
    allow=allow,
)
start = FILES.start
table_of, guess_of = FILES.table_of, FILES.guess_of
candidates_of, encodings_of = FILES.candidates_of, FILES.encodings_of


def can_be_set(measure_import: MeasureImport) -> bool:
    """Return whether how it is read may change: nothing of it is written yet."""
    return measure_import.framework_id is None and measure_import.status in (
        Status.READING, Status.CHECKED, Status.STOPPED, Status.FAILED,
    )  # fmt: skip


def open_to_set(measure_import: MeasureImport) -> MeasureImport:
    """Return the import locked; raise Stale where part of it was applied, or nothing can change any more."""
    measure_import = JOURNEY.open_import(measure_import)
    if not can_be_set(measure_import):
        raise Stale("Part of this table is in the library already, so how it is read can’t change any more.")
    return measure_import


def set_reading(measure_import: MeasureImport, *, by: Any, **how: Any) -> MeasureImport:
    """Read the file this way, from now on; its check is undone. Raises Invalid where that can't be."""
    with transaction.atomic():
        open_to_set(measure_import)
        return FILES.set_reading(measure_import, by=by, **how)


def set_columns(measure_import: MeasureImport, *, by: Any, columns: Mapping[str, int]) -> MeasureImport:
    """Read fields from these columns (field -> index from 0), and remember it for these headings."""
    allow(by)
    columns = {name: int(columns[name]) for name in BY_NAME if name in columns}
    if "title" not in columns and "description" not in columns:
        raise Invalid([("title", "Select the column that holds the measures, or their descriptions")])
    with transaction.atomic():
        open_to_set(measure_import)
        return FILES.keep_columns(measure_import, by=by, columns=columns)


def set_meanings(
    measure_import: MeasureImport,
    *,
    by: Any,
    units: Mapping[str, str],
    kinds: Mapping[str, str] | None = None,
) -> MeasureImport:
    """Keep what texts of units (text -> code of a unit, or "new") and kinds mean; for later imports too.

    A unit that is to be made is made when the table is applied, and remembered then.
    """
    allow(by)
    kinds = kinds or {}
    known = {unit.code: unit for unit in Unit.objects.all()}
    wrong = [(text, code) for text, code in units.items() if code != meanings.NEW and code not in known]
    if wrong:
        raise Invalid([("", f"There is no unit “{code}” for “{text}”") for text, code in wrong])
    with transaction.atomic():
        measure_import = open_to_set(measure_import)
        measure_import.units = {
            **measure_import.units, **{text_key(text): code for text, code in units.items()}
        }  # fmt: skip
        measure_import.kinds = {
            **measure_import.kinds, **{text_key(text): kind for text, kind in kinds.items()}
        }  # fmt: skip
        meanings.remember(
            by=by,
            units={
                text_key(text): (text, known[code])
                for text, code in units.items() if text and code in known
            },
            kinds={text_key(text): (text, kind) for text, kind in kinds.items()},
        )  # fmt: skip
        uncheck(measure_import)
        measure_import.save()
    return measure_import


def set_terms(measure_import: MeasureImport, *, by: Any, terms: Terms) -> MeasureImport:
    """Say which edition it is and what holds for all its rows; its check is undone.

    Raises Invalid, by field, where something is missing, or where the edition is in the library from
    something else than this file.
    """
    allow(by)
    errors = terms.check()
    if terms.is_confirmed and by is not None and not may_keep(by):
        errors.append(("is_confirmed", "Only the social value lead can confirm that the council is licensed"))
    if errors:
        raise Invalid(errors)
    standing = terms.standing(measure_import.framework_id)
    if standing is not None:
        source = came_from(standing)
        if source is None or source.sha256 != measure_import.sha256:
            raise taken(standing, source.file_name if source else "")
    with transaction.atomic():
        measure_import = open_to_set(measure_import)
        terms.confirmed_by = by.pk if terms.is_confirmed and by is not None else None
        measure_import.terms = terms.as_json()
        plan = plan_of(measure_import)
        note = plan.table.prices
        if plan.undated:
            raise Invalid(
                [
                    (
                        "price_year",
                        f"Enter the year whose prices these are: the table does not say it for row "
                        f"{plan.undated[0]}"
                        + (f" and {len(plan.undated) - 1:,} more" if len(plan.undated) > 1 else "")
                        + (f". A note in row {note[0]} says {note[2]} prices" if note else ""),
                    )
                ]
            )
        uncheck(measure_import)
        measure_import.save()
    return measure_import


def measures_of(measure_import: MeasureImport) -> reading.MeasureTable:
    """Return the import's rows as understood; raises a SpreadsheetError where they can't be."""
    return reading.read_table(table_of(measure_import), measure_import.columns)


def prices_of(measure_import: MeasureImport) -> tuple[int, int, str] | None:
    """Return what a note in the file says of its prices: (row, year, words); None where none does."""
    try:
        return measures_of(measure_import).prices
    except SpreadsheetError:
        return None


def plan_of(measure_import: MeasureImport) -> Plan:
    """Return what would become of every row as things stand; writes nothing."""
    return make_plan(
        measures_of(measure_import),
        terms=Terms.of(measure_import.terms),
        meanings=meanings.Meanings(measure_import.units, measure_import.kinds),
        sha256=measure_import.sha256,
        own=measure_import.framework_id,
    )


def value_columns(measure_import: MeasureImport) -> dict[str, str]:
    """Return field -> heading (or letter) of the columns of £ values."""
    columns = measure_import.columns
    return {name: measure_import.heading_of(columns[name]) for name in VALUES if name in columns}
