"""Check a table of measures and, with --apply, bring it in as an edition: the same work as the pages do."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from accounts.verbs.recipe import Invalid
from contracts.import_command import SpreadsheetCommand
from govuk.formats import plural
from kpis.library.models import Unit
from kpis.measure_imports import guessing, meanings, reading, summaries, verbs
from kpis.measure_imports.cells import text_key
from kpis.measure_imports.fields import BY_NAME, VALUES
from kpis.measure_imports.models import MeasureColumns, MeasureImport
from kpis.measure_imports.plan import Plan, came_from, make_plan
from kpis.measure_imports.terms import Terms, taken
from spreadsheets.mapping import normal
from spreadsheets.reading import Table

_LETTERS = re.compile(r"[A-Za-z]{1,2}")


class Command(SpreadsheetCommand):
    """`manage.py import_measures FILE --framework NAME --edition NAME [--apply]`; else nothing is written."""

    verbs, noun = verbs, "table of measures"
    lines, total, done = "rows", "rows_total", "rows_done"
    column_is, may_lack_headings = "HEADING or letter", True
    help = "Check a table of measures (CSV or XLSX) and list every problem; with --apply, bring it in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the edition and the answers to what can't be guessed."""
        self.add_common_arguments(parser, file="the table of measures, CSV or XLSX")
        parser.add_argument("--framework", required=True, metavar="NAME", help="the framework it belongs to")
        parser.add_argument("--edition", required=True, metavar="NAME", help="which edition of it this is")
        parser.add_argument(
            "--licence", default="", metavar="TEXT",
            help="the licence it may be used under; without one it waits for its licence to be confirmed",
        )  # fmt: skip
        parser.add_argument("--source", default="", metavar="TEXT", help="who published it, and when")
        self.add_reading_arguments(parser)
        parser.add_argument(
            "--column", action="append", default=[], metavar="FIELD=HEADING",
            help=f"read a field from the column of this heading or letter ({', '.join(BY_NAME)}); FIELD= "
            "reads it from none",
        )  # fmt: skip
        parser.add_argument(
            "--unit", action="append", default=[], metavar="TEXT=CODE",
            help="what a unit's text means: the code of a unit, or new; =CODE for rows without a unit",
        )  # fmt: skip
        parser.add_argument(
            "--price-year", type=int, metavar="YEAR", help="whose prices the £ values are in, where not said"
        )

    def bring_in(self, options: dict[str, Any]) -> dict[str, Any]:
        """Do the work and return its summary."""
        path = Path(options["file"])
        data = self.bytes_of(path)
        by = self.person(options["by"])
        if options["header_row"] is not None and options["header_row"] < 0:
            self.fail("The row of the headings is a number from 1, or 0 for none.", "--header-row")
        table = self.open_file(data, options, reading.open_table)
        columns = self._columns(table, options["column"])
        units = self._units(options["unit"])
        terms = self._terms(options, columns)
        measures = reading.read_table(table, columns)
        self._ask_units(measures, units)
        if standing := self._standing(terms, data):
            source = came_from(standing)
            if source is None or source.sha256 != _sha(data):
                self.fail(str(taken(standing, source.file_name if source else "")), "--edition")
        meant = {text_key(text): code for text, code in units.items()}
        under_way = MeasureImport.objects.filter(status=MeasureImport.Status.APPLYING).first()
        if options["apply"] and under_way is not None:
            return self.take_up(under_way, data)
        plan = make_plan(measures, terms=terms, meanings=meanings.Meanings(meant), sha256=_sha(data))
        self._ask_year(plan)
        found = summaries.of_plan(plan, terms)
        if plan.standing is not None:
            source = came_from(plan.standing)
            return {**found, "applied": True, "import": source.pk if source else None}
        if not options["apply"]:
            return found
        started = verbs.start(data, by=by, name=path.name, table=table)
        started = verbs.set_columns(started, by=by, columns=columns)
        started = verbs.set_meanings(started, by=by, units=units)
        started = verbs.set_terms(started, by=by, terms=terms)
        started = verbs.check(started, by=by)
        started = verbs.begin_applying(started, by=by)
        verbs.carry_on(started.pk)
        return self.finished(started)

    def _columns(self, table: Table, given: list[str]) -> dict[str, int]:
        saved = MeasureColumns.objects.filter(signature=guessing.signature_of(table)).first()
        columns = guessing.propose_columns(table, saved.columns if saved else None)
        by_key = {header.key: header.index for header in reversed(table.headers) if header.key}
        for text in given:
            name, sign, heading = text.partition("=")
            name, heading = name.strip(), heading.strip()
            if not sign or name not in BY_NAME:
                self.fail(f'Write --column "FIELD=HEADING" with one of: {", ".join(BY_NAME)}.', "--column")
            columns.pop(name, None)
            if not heading:
                continue
            index = by_key.get(normal(heading))
            if index is None and _LETTERS.fullmatch(heading):
                letters = {header.letter: header.index for header in table.headers}
                index = letters.get(heading.upper())
            if index is None:
                headings = [header.text or header.letter for header in table.headers]
                self.fail(f"No column is headed {heading!r}, or has that letter.", "--column", headings)
            # A column is one field: what was only proposed for it gives way.
            columns = {field: at for field, at in columns.items() if at != index}
            columns[name] = index
        return columns

    def _units(self, given: list[str]) -> dict[str, str]:
        known = set(Unit.objects.values_list("code", flat=True))
        found = {}
        for text in given:
            words, sign, code = text.rpartition("=")
            if not sign or (code.strip() not in known and code.strip() != meanings.NEW):
                codes = sorted(known)
                self.fail(
                    f'Write --unit "TEXT=CODE", not {text!r}, with new or one of: {", ".join(codes)}.',
                    "--unit", codes,
                )  # fmt: skip
            found[words.strip()] = code.strip()
        return found

    def _terms(self, options: dict[str, Any], columns: dict[str, int]) -> Terms:
        several = sum(name in columns for name in VALUES) > 1
        terms = Terms(
            name=options["framework"].strip(),
            edition=options["edition"].strip(),
            source=options["source"].strip(),
            licence=options["licence"].strip(),
            needs_licence=not options["licence"].strip(),
            price_year=options["price_year"],
            usual="" if several else "value",
        )
        if errors := terms.check():
            raise Invalid(errors)
        return terms

    def _standing(self, terms: Terms, data: bytes) -> Any:
        """Return the edition in the library, except where a run with this file was cut short making it."""
        own = MeasureImport.objects.filter(
            sha256=_sha(data), status=MeasureImport.Status.APPLYING, framework__isnull=False
        ).first()
        return terms.standing(own.framework_id if own else None)

    def _ask_units(self, measures: reading.MeasureTable, units: dict[str, str]) -> None:
        meant = meanings.Meanings({text_key(text): code for text, code in units.items()})
        without = [
            row.number for row in measures.rows
            if not (row.skipped or row.reasons or row.read["unit"])
            and not meant.unit("", meant.kind_of_row(row))
        ]  # fmt: skip
        if without:
            codes = sorted(meant.units)
            self.fail(
                f"{plural(len(without), 'row')} without a unit, the first is row {without[0]}. Pass "
                "--unit =CODE with what they are counted in, new or one of: "
                f"{', '.join(codes)}; or --column unit=HEADING.",
                "--unit", codes,
            )  # fmt: skip

    def _ask_year(self, plan: Plan) -> None:
        if plan.undated and (note := plan.table.prices):
            self.fail(
                f"Nothing in its row says in which year’s prices the £ value of row {plan.undated[0]} is. A "
                f"note in row {note[0]} says {note[2]} prices: pass --price-year {note[1]}, or --column "
                "price_year=HEADING.",
                "--price-year", [note[1]],
            )  # fmt: skip
        if plan.undated:
            self.fail(
                f"Nothing says in which year’s prices the £ values are, the first in row {plan.undated[0]}. "
                "Pass --price-year YEAR, or --column price_year=HEADING.",
                "--price-year",
            )

    def closing(self, found: dict[str, Any]) -> str:
        """Return the last line."""
        if found["nothing_to_do"]:
            return "It is in the library already: there is nothing to do."
        return super().closing(found)

    def show(self, found: dict[str, Any]) -> None:
        """Print the summary in words."""
        say = self.stdout.write
        counted = {name: len(found[name]) for name in ("repeated", "skipped", "rejected")}
        say(f"{found['framework']}, {found['edition']}")
        say(
            f"{found['rows_read']:,} rows read = {found['empty']:,} empty + {found['created']:,} new + "
            f"{found['unchanged']:,} in the library already + {counted['repeated']:,} repeated + "
            f"{counted['skipped']:,} headings, totals or notes + {counted['rejected']:,} not used"
        )
        say(f"{found['priced']:,} with a £ value, {found['drafts']:,} as drafts")
        say(
            (f"Headings in row {found['header_row']}" if found["header_row"] else "No row of headings")
            + (f", letters read as {found['encoding']}" if found["encoding"] else "")
        )
        for name, heading in found["columns"].items():
            say(f"  {BY_NAME[name].label}: {heading}")
        for name in ("rejected", "repeated", "skipped"):
            self.say_each(name, [f"row {one['row']}: {' '.join(one['reasons'])}" for one in found[name]])
        self.say_each(
            "to look at",
            [
                f"{'row ' + str(one['row']) + ': ' if one['row'] else ''}{one['message']}"
                for one in found["warnings"]
            ],
        )


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
